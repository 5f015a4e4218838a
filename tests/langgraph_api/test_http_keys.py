"""`http` of a project's `langgraph.json`: what it closes, what graphs see of a request, its own addresses; beside `langgraph dev`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rpc.cli import project as projects
from rpc.cli.exits import CommandError
from rpc.transports.langgraph.surface import traced
from tests.langgraph_api.langgraph_dev import langgraph_dev
from tests.support.server_process import ServerProcess

GRAPH = """
from typing import Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph


class State(TypedDict, total=False):
    headers: dict[str, Any]


async def look(state: State, config: RunnableConfig) -> State:
    given = config["configurable"]
    return {"headers": {name: one for name, one in given.items() if name in NAMES}}


NAMES = (
    "x-tenant", "x-team", "user-agent", "authorization", "x-api-key", "x-tenant-id", "cookie",
    "langsmith-trace", "langsmith-metadata", "langsmith-tags", "langsmith-project", "baggage",
)
builder = StateGraph(State)
builder.add_node(look)
builder.add_edge(START, "look")
graph = builder.compile()
"""

APP = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route


async def own(request):
    return JSONResponse({"own": request.path_params.get("name")})


app = Starlette(
    routes=[
        Route("/threads/my-own", own),
        Route("/threads/{name}/extra", own),
        Route("/assistants/search", own),
        Route("/info", own),
        Route("/ok", own),
        Mount("/store/mine", routes=[Route("/{name}", own)]),
    ]
)
"""

THREAD = "01a22200-0000-7000-8000-0000000000aa"
HEADERS = {
    "x-tenant": "red",
    "x-team": "a",
    "user-agent": "me",
    "x-tenant-id": "t",
    "cookie": "session=secret",
    "authorization": "Bearer none",
    "langsmith-trace": "20261130T100000000000Z01a22200-0000-7000-8000-0000000000ab",
    "baggage": "a,langsmith-metadata=%7B%22team%22%3A%5B1%5D%7D,langsmith-tags=x%2Cy,langsmith-project=of%20mine",
}


def project(folder: Path, http: dict[str, Any]) -> Path:
    folder.mkdir()
    (folder / "graph.py").write_text(GRAPH)
    (folder / "web.py").write_text(APP)
    given = {"dependencies": ["."], "graphs": {"look": "./graph.py:graph"}, "http": http}
    (folder / "langgraph.json").write_text(json.dumps(given))
    return folder


def answers(url: str, calls: tuple[tuple[str, str, Any], ...]) -> dict[str, Any]:
    """What each is answered: its status, and what is said where that is the project's own."""
    found: dict[str, Any] = {}
    with httpx.Client(base_url=url, trust_env=False, timeout=60, headers=HEADERS) as http:
        for verb, path, body in calls:
            got = http.request(verb, path, json=body)
            said = (
                got.json()
                if got.status_code == 200 and "json" in got.headers["content-type"]
                else None
            )
            mine = said if isinstance(said, dict) and ("own" in said or "headers" in said) else None
            found[f"{verb} {path}"] = (got.status_code, mine)
    return found


CALLS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/assistants/search", {}), ("POST", "/assistants/count", {}), ("POST", "/assistants", {"graph_id": "look"}),
    ("POST", "/threads", {"thread_id": THREAD}), ("GET", f"/threads/{THREAD}", None), ("POST", "/threads/search", {}),
    ("GET", f"/threads/{THREAD}/state", None), ("GET", f"/threads/{THREAD}/runs", None), ("POST", f"/threads/{THREAD}/runs/wait", {"assistant_id": "look", "input": {"headers": {}}}),
    ("POST", "/runs/wait", {"assistant_id": "look", "input": {"headers": {}}}), ("POST", f"/threads/{THREAD}/commands", {"id": 1, "method": "agent.getTree", "params": {}}),
    ("PUT", "/store/items", {"namespace": ["a"], "key": "k", "value": {"v": 1}}), ("POST", "/store/items/search", {"namespace_prefix": []}),
    ("GET", "/ok", None), ("GET", "/info", None), ("GET", "/threads/my-own", None), ("GET", "/threads/some/extra", None),
    ("GET", "/store/mine/thing", None),
)  # fmt: skip


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "http",
    [
        {"disable_runs": True, "disable_store": True, "disable_meta": True},
        {"disable_assistants": True, "disable_threads": True, "configurable_headers": {"includes": ["x-*", "user-agent", "authorization"], "excludes": ["x-team"]}},
        {"app": "./web.py:app", "configurable_headers": {"include": ["*"]}},
    ],
)  # fmt: skip
def test_what_a_project_says_of_its_addresses_holds_the_same(
    tmp_path: Path, http: dict[str, Any]
) -> None:
    """What somebody has closed is open to nobody, and an address of the project's own is the project's."""
    ours = ServerProcess([], tmp_path / "data", cwd=project(tmp_path / "here", http))
    with langgraph_dev(project(tmp_path / "there", http)) as url:
        ours.start()
        try:
            there, here = answers(url, CALLS), answers(ours.http_url, CALLS)
            if "app" not in http:
                assert "does not hold here" not in ours.output
        finally:
            ours.close()
    for found in (there, here):
        for _, mine in found.values():
            # A cookie says who a browser is: in a config, which is stored, there is none here.
            (mine or {}).get("headers", {}).pop("cookie", None)
    if there["GET /threads/my-own"] == (422, None):
        # An id that is none: here there is no such thread.
        there["GET /threads/my-own"] = (404, None)
    assert here == there
    if "configurable_headers" in http:
        _, mine = here["POST /runs/wait"]
        assert mine["headers"]["x-tenant"] == "red"
        assert mine["headers"]["langsmith-trace"] == HEADERS["langsmith-trace"]
        assert mine["headers"]["langsmith-project"] == "of mine"
        assert "authorization" not in mine["headers"]
        assert ("x-team" in mine["headers"]) == ("include" in http["configurable_headers"])


@pytest.mark.parametrize(
    ("baggage", "read"),
    [
        ("", {}),
        ("langsmith-metadata=%7B%7D,langsmith-metadata=%7B%22a%22%3A1%7D", {"langsmith-metadata": {}}),
        ("langsmith-metadata=%5B1%5D,langsmith-tags=,=,langsmith-project", {"langsmith-tags": [""]}),
        ("langsmith-metadata=%7B%22a%22:" + "%5B" * 5000 + ",langsmith-project=p", {"langsmith-project": "p"}),
        ("langsmith-metadata=%7B, langsmith-project=a=b ,other=1", {"langsmith-project": "a=b"}),
    ],
)  # fmt: skip
def test_a_trace_with_odd_baggage_is_still_of_its_trace(baggage: str, read: dict[str, Any]) -> None:
    assert traced({"langsmith-trace": "t", "baggage": baggage}) == {"langsmith-trace": "t", **read}
    assert traced({"baggage": baggage}) == {}


PAGES = (
    "https://app.example",
    "https://pr-12.preview.example",
    "https://pr-12.preview.example.evil.example",
    "https://evil.example/https://pr-12.preview.example",
    "http://pr-12.preview.example",
)

WAYS = (
    ("POST", "content-type"),
    ("POST", "content-type,X-Own"),
    ("POST", "x-of-nobody"),
    ("DELETE", "content-type"),
)
"""Methods, and headers to send, that a page's browser asks for."""

OF_PAGES = ("allow-origin", "allow-credentials", "max-age")
"""What of the answers' `access-control-` headers is a page's right."""


def rights(url: str) -> dict[str, Any]:
    """What browsers are told of each page, before they ask and with the answer."""
    found: dict[str, Any] = {}
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
        for origin in PAGES:
            asked = {"origin": origin, "access-control-request-method": "POST"}
            before = http.options("/threads/search", headers=asked)
            after = http.get("/ok", headers={"origin": origin, "cookie": "a=b"})
            may = before.status_code == 200
            allowed = [
                http.options(
                    "/threads/search",
                    headers={
                        "origin": origin,
                        "access-control-request-method": verb,
                        "access-control-request-headers": header,
                    },
                ).status_code
                for verb, header in WAYS
            ]
            exposed = {
                one.strip().lower()
                for one in after.headers.get("access-control-expose-headers", "").split(",")
            }
            told = [
                [got.headers.get(f"access-control-{name}") for name in OF_PAGES]
                for got in (before, after)
            ]
            found[origin] = (
                (may, told, "x-of-ours" in exposed, allowed) if may else (may, None, None, None)
            )
    return found


@pytest.mark.timeout(400)
def test_pages_of_other_origins_have_the_rights_that_a_project_gives_them(tmp_path: Path) -> None:
    """A front end has a name of its own for each preview, sends its cookies, and reads what its own addresses say."""
    given = {
        "allow_origins": ["https://app.example"],
        "allow_origin_regex": r"https://pr-\d+\.preview\.example",
        "allow_methods": ["GET", "POST"],
        "allow_headers": ["Content-Type", "x-own"],
        "allow_credentials": True,
        "expose_headers": ["X-Of-Ours"],
        "max_age": 77,
    }
    ours = ServerProcess([], tmp_path / "data", cwd=project(tmp_path / "here", {"cors": given}))
    with langgraph_dev(project(tmp_path / "there", {"cors": given})) as url:
        ours.start()
        try:
            there, here = rights(url), rights(ours.http_url)
        finally:
            ours.close()
    assert here == there
    assert [may for may, *_ in here.values()] == [True, True, False, False, False]
    assert here["https://app.example"][1][0] == ["https://app.example", "true", "77"]
    assert here["https://app.example"][2:] == (True, [200, 200, 400, 400])


def test_a_pattern_of_all_origins_lets_nobody_in(tmp_path: Path) -> None:
    """A page that the reader of a server knows nothing of is not let in by a project that was taken from somewhere."""
    folder = project(tmp_path / "project", {"cors": {"allow_origin_regex": "https?://.*"}})
    process = ServerProcess([], tmp_path / "data", cwd=folder).start()
    try:
        process.said("Stepwire serves")
        assert (
            "`http.cors.allow_origin_regex` of langgraph.json lets in every page" in process.output
        )
        assert not any(may for may, *_ in rights(process.http_url).values())
    finally:
        process.close()


@pytest.mark.parametrize(
    ("cors", "said"),
    [
        ({"allow_origin_regex": "https://(app"}, "allow_origin_regex"),
        ({"allow_origin_regex": ["a"]}, "allow_origin_regex"),
        ({"allow_origins": "https://app.example"}, "allow_origins"),
        ({"expose_headers": [1]}, "expose_headers"),
        ({"allow_methods": "GET"}, "allow_methods"),
        ({"allow_headers": [None]}, "allow_headers"),
        ({"max_age": "5"}, "max_age"),
        ("https://app.example", "http.cors"),
    ],
)
def test_rights_of_pages_that_cannot_be_read_are_told(tmp_path: Path, cors: Any, said: str) -> None:
    folder = project(tmp_path / "project", {"cors": cors})
    with pytest.raises(CommandError, match=said):
        projects.read(folder / "langgraph.json")


def test_all_addresses_are_below_a_prefix_too(tmp_path: Path) -> None:
    """`http.mount_prefix`: a front end that was given the prefixed address finds all there."""
    folder = project(tmp_path / "project", {"mount_prefix": "/api/v1", "app": "./web.py:app"})
    process = ServerProcess([], tmp_path / "data", cwd=folder).start()
    try:
        found = answers(f"{process.http_url}/api/v1", CALLS)
    finally:
        process.close()
    assert found["POST /runs/wait"][0] == 200
    assert found[f"POST /threads/{THREAD}/runs/wait"][0] == 200
    assert found["GET /threads/my-own"] == (200, {"own": None})
    assert {status for status, _ in found.values()} <= {200, 204}, found


def test_wrong_keys_are_told(tmp_path: Path) -> None:
    file = tmp_path / "langgraph.json"
    for http in ({"mount_prefix": "api"}, {"configurable_headers": {"includes": "x-*"}}):
        file.write_text(json.dumps({"graphs": {"look": "./graph.py:graph"}, "http": http}))
        with pytest.raises(CommandError, match=f"http.{next(iter(http))}"):
            projects.read(file)


STUDIO = "https://smith.langchain.com"


def test_studio_of_the_internet_may_speak_to_this_machine(open_to_studio: str) -> None:
    """Its browser asks first, also whether a page of the internet may speak to a private network; and it reads what it draws."""
    asked = {
        "origin": STUDIO,
        "access-control-request-private-network": "true",
        "access-control-request-headers": "content-type,x-auth-scheme,x-api-key,x-tenant-id",
    }
    with httpx.Client(base_url=open_to_studio, trust_env=False, timeout=60) as http:

        def call(verb: str, path: str, body: Any = None) -> Any:
            first = http.options(path, headers={**asked, "access-control-request-method": verb})
            assert first.status_code == 200, (path, first.text)
            assert first.headers["access-control-allow-origin"] == STUDIO
            assert first.headers["access-control-allow-private-network"] == "true"
            allowed = first.headers["access-control-allow-headers"].split(",")
            assert {"content-type", "x-auth-scheme", "x-api-key", "x-tenant-id"} <= set(allowed)
            given = {"origin": STUDIO, "x-auth-scheme": "langsmith"}
            got = http.request(verb, path, json=body, headers=given)
            assert got.headers["access-control-allow-origin"] == STUDIO
            assert got.status_code == 200, (path, got.text)
            return got.json() if "json" in got.headers["content-type"] else got.text

        assert call("GET", "/ok")["ok"] is True
        assert call("GET", "/info")["flags"]["assistants"] is True
        (assistant,) = call("POST", "/assistants/search", {"limit": 100})
        id = assistant["assistant_id"]
        drawn = call("GET", f"/assistants/{id}/graph?xray=true")
        assert {one["id"] for one in drawn["nodes"]} == {"__start__", "look", "__end__"}
        assert call("GET", f"/assistants/{id}/schemas")["state_schema"]["properties"]
        assert call("GET", f"/assistants/{id}/subgraphs?recurse=true") == {}
        thread = call("POST", "/threads", {"metadata": {"graph_id": "look"}})["thread_id"]
        run = {
            "assistant_id": id,
            "input": {"headers": {}},
            "stream_mode": ["debug", "messages", "values"],
            "stream_subgraphs": True,
        }
        streamed = call("POST", f"/threads/{thread}/runs/stream", run)
        assert "event: debug" in streamed
        assert call("POST", f"/threads/{thread}/history", {"limit": 1000})[0]["next"] == []
        (found,) = call("POST", "/threads/search", {"metadata": {"graph_id": "look"}})
        assert found["thread_id"] == thread
        # Another page of the internet is let in nowhere.
        other = {**asked, "origin": "https://evil.example", "access-control-request-method": "GET"}
        refused = http.options("/info", headers=other)
    assert refused.status_code == 403
    assert "access-control-allow-private-network" not in refused.headers


@pytest.fixture
def open_to_studio(tmp_path: Path) -> Iterator[str]:
    """The address of a server that lets Studio's page in."""
    folder = project(tmp_path / "project", {"cors": {"allow_origins": [STUDIO]}})
    process = ServerProcess([], tmp_path / "data", cwd=folder).start()
    yield process.http_url
    process.close()
