"""The web console as it is served: from every address of it, whole, and with nothing of anybody else's."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from rpc.app import create_app
from rpc.settings import Settings
from rpc.transports.pages.console import ADDRESSES, PAGES
from tests.support.small_graphs import greeter

MOST_BYTES = 1_500_000


def parts(page: str) -> list[str]:
    """The addresses of a page's scripts, styles and icon."""
    return re.findall(r'(?:src|href)="([^"#]+)"', page)


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_page_and_its_parts(http: httpx.Client, path: str) -> None:
    page = http.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    found = parts(page.text)
    assert {Path(one).suffix for one in found} == {".js", ".css", ".png"}
    for one in found:
        assert http.get(one).status_code == 200, one


def test_where_the_app_is_mounted(tmp_path: Path) -> None:
    app = Starlette(routes=[Mount("/api", create_app(greeter, Settings(data_dir=str(tmp_path))))])
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for path in ADDRESSES[1:]:
            found = parts(client.get("/api" + path).text)
            assert found
            for one in found:
                assert one.startswith("/api/")
                assert client.get(one).status_code == 200


def test_nothing_but_its_own_can_run_or_be_asked(http: httpx.Client) -> None:
    page = http.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"[a-z]+:/|\*", policy)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style", page.text)
    assert not re.search(r"\son\w+=|\sstyle=|https?://", page.text)


def test_parts_are_kept_by_browsers_and_the_page_is_asked_about(http: httpx.Client) -> None:
    page = http.get("/")
    assert page.headers["cache-control"] == "no-cache"
    script = next(one for one in parts(page.text) if one.endswith(".js"))
    assert "immutable" in http.get(script).headers["cache-control"]
    none = http.get("/orchestrator/ui/none.js")
    assert none.status_code == 404
    assert "immutable" not in none.headers["cache-control"]


def test_it_is_small() -> None:
    assert sum(file.stat().st_size for file in PAGES.iterdir()) <= MOST_BYTES
