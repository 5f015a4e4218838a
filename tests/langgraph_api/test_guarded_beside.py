"""A project with rules of its own (`langgraph_sdk.Auth`) and graphs that functions make, beside `langgraph dev` in one run."""

import json
import re
import shutil
from pathlib import Path

import httpx
import pytest

from tests.langgraph_api.calls import differences, plain
from tests.langgraph_api.conftest import PROJECT
from tests.langgraph_api.guarded_calls import both
from tests.langgraph_api.langgraph_dev import langgraph_dev
from tests.support.server_process import ServerProcess

GUARDED = PROJECT.with_name("guarded")

ON_PURPOSE = {
    r", rules.*: only here": "what a method takes is told, also what is not said",
    r"edit, own, rules\.threads\.read: not here": "what edits one thread is asked as that alone",
    r"^\.(wait, .*|made by a run|cancel|graph \w+|assistant wait, own), rules\.threads\.read: not here": "who may start a run may know what it comes to",
    r"assistant delete, own, rules\.threads\.update: not here": "the same of an assistant's threads",
    r"rules\.(threads|assistants)\.\w+\.fields\.(config|name|action): not here": "what is not said",
    r"^\.graph \w+, drawn": "a graph's own assistant is everybody's to look at; there a rule that asks for more hides it",
    r"^\.(broke|lost|slower|later), ": "another refusal than 401 and 403 is answered as it is, at each address; there by 500",
}
"""Differences, by what is told of them, and why they are."""


def project(folder: Path, **more: object) -> Path:
    """The project in a folder of its own; `more`: of its `http`."""
    shutil.copytree(GUARDED, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "graphs.py", folder)
    if more:
        path = folder / "langgraph.json"
        given = json.loads(path.read_text())
        given["http"] |= more
        path.write_text(json.dumps(given))
    return folder


@pytest.mark.timeout(400)
def test_rules_are_told_and_hold_the_same(tmp_path: Path) -> None:
    """A project's rules keep people apart: one that is not asked, or asked with another value, lets somebody in."""
    ours = ServerProcess([], tmp_path / "data", cwd=project(tmp_path / "here"))
    with langgraph_dev(project(tmp_path / "there")) as url:
        ours.start()
        try:
            there, here = both(url, ours.http_url)
        finally:
            ours.close()
    assert here["described"] == "One that waits"
    told = differences(plain(there), plain(here))
    assert [one for one in told if not any(re.search(why, one) for why in ON_PURPOSE)] == []


def test_the_app_beside_asks_who_calls_where_the_project_says_so(tmp_path: Path) -> None:
    """`http.enable_custom_route_auth`."""
    folder = project(tmp_path / "project", enable_custom_route_auth=True)
    server = ServerProcess([], tmp_path / "data", cwd=folder)
    server.start()
    try:
        with httpx.Client(base_url=server.http_url, trust_env=False, timeout=60) as http:
            assert http.get("/login").status_code == 401
            assert http.get("/login", headers={"x-api-key": "barred"}).status_code == 403
            known = http.get("/login", headers={"x-api-key": "ann-red"})
            assert (known.status_code, known.json()) == (200, {"welcome": True})
            assert http.get("/ok").status_code == 200
    finally:
        server.close()
