"""The documentation as it is served: its files, its documents, its examples."""

import json
import re
from pathlib import Path

import httpx
import pytest

from protocol.methods import METHODS
from protocol.rest import DOCS_PATH, REST_ROWS
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


def test_what_a_page_fills_in_by_itself_is_taken(http: httpx.Client) -> None:
    """Swagger UI sends every example, and the defaults: no row's own may be refused as malformed, or name a graph of another server."""
    document = http.get("/orchestrator/openapi.json").json()
    started = http.post("/v1/orchestrator/query", json={"query": "you", "debug_mode": True}).json()
    rows = [row for row in REST_ROWS if not row.stream]
    for row in sorted(rows, key=lambda row: row.verb == "DELETE"):
        operation = document["paths"][row.path][row.verb.lower()]
        query = {
            parameter["name"]: parameter.get("example", parameter["schema"].get("default"))
            for parameter in operation["parameters"]
            if parameter["in"] == "query"
        }
        query = {name: value for name, value in query.items() if value is not None}
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        answer = http.request(
            row.verb,
            row.path.replace("{session_id}", started["session_id"]),
            params=query,
            json=body.get("example"),
        )
        # The example's node is another graph's, and what the session does by now is its own affair.
        assert answer.status_code in (200, 404, 409), (row, answer.text)
        assert answer.status_code != 404 or "/rank" in answer.text, (row, answer.text)
