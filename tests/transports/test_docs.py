"""The documentation as it is served: its files, its documents, its examples."""

import json
import re
from pathlib import Path

import httpx
import pytest

from protocol.methods import METHODS
from protocol.rest import DOCS_PATH
from rpc.transports.pages.docs import PAGES
from tests.support.server_process import ROOT


def test_no_script_but_its_own_can_run(http: httpx.Client) -> None:
    page = http.get(DOCS_PATH)
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert not re.search(r"\son\w+=|\sstyle=|https?://", page.text)


def test_its_files_are_served_and_nothing_else_is(http: httpx.Client) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    names = [file.name for file in PAGES.iterdir() if file.suffix in kinds]
    for name in [*names, "swagger-ui-bundle.js", "swagger-ui.css"]:
        response = http.get(f"{DOCS_PATH}/{name}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kinds[Path(name).suffix])
        assert response.headers["x-content-type-options"] == "nosniff"
        again = http.get(f"{DOCS_PATH}/{name}", headers={"if-none-match": response.headers["etag"]})
        assert again.status_code == 304
    for name in ("nope.js", "..%2f..%2frest.py", "%2e%2e/docs.py"):
        assert http.get(f"{DOCS_PATH}/{name}").status_code == 404


@pytest.mark.parametrize("name", ["openapi", "openrpc", "asyncapi"])
def test_the_documents_are_those_of_the_protocol_with_this_servers_address(
    http: httpx.Client, name: str
) -> None:
    served = http.get(f"/orchestrator/{name}.json").json()
    kept = json.loads((ROOT / "protocol" / f"{name}.json").read_text(encoding="utf-8"))
    assert str(http.base_url.port) in json.dumps(served["servers"]) or name == "openapi"
    assert served | {"servers": None} == kept | {"servers": None}


def test_no_example_has_a_key_that_makes_the_next_try_answer_the_first_one() -> None:
    """Who pastes an example pastes it twice."""
    for name, method in METHODS.items():
        assert "idempotency_key" not in method.example[0], name
    document = json.loads((ROOT / "protocol" / "openapi.json").read_text(encoding="utf-8"))
    assert "idempotency_key" not in json.dumps(
        [
            operation.get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("example")
            for operations in document["paths"].values()
            for operation in operations.values()
        ]
    )
