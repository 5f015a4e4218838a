"""The orchestrator API's first clients: plain HTTP, as they were written, must go on working unchanged."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from rpc import Settings, create_app
from tests.support import small_graphs
from tests.support.server_process import ServerProcess
from tests.support.sse import whole
from tests.transports.conftest import healthy, only_waiting_runs

V1 = "/v1/orchestrator"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server whose graph has a subgraph."""
    process = ServerProcess(
        ["tests/debugging/graphs.py:served_deep"], tmp_path_factory.mktemp("data")
    ).start()
    with httpx.Client(base_url=process.http_url, trust_env=False, timeout=60) as client:
        yield client
    process.close()


def started(http: httpx.Client, graph: str = "greeter", **body: Any) -> str:
    """Start a query and see it through until nothing more happens by itself; the session's id."""
    answer = http.post(f"{V1}/query", json={"query": "you", "graph": graph, **body}).json()
    session_id: str = answer["session_id"]
    settled(http, session_id)
    return session_id


def settled(http: httpx.Client, session_id: str) -> dict[str, Any]:
    """The session, once nothing more happens by itself."""
    while True:
        session: dict[str, Any] = http.get(f"{V1}/session/{session_id}").json()
        if session["status"] not in ("queued", "running"):
            return session


def check_drawing(drawing: dict[str, Any]) -> None:
    """What a client that draws expects at the top, and of each subgraph."""
    nodes, edges = drawing["nodes"], drawing["edges"]
    for node in nodes:
        assert isinstance(node["id"], str)
        assert isinstance(node["type"], str)
        assert isinstance(node["label"], str)
        assert node["position"].keys() == {"x", "y"}
        assert isinstance(node["data"]["node_type"], str)
        assert isinstance(node["data"]["description"], str)
        if node.get("subgraph"):
            check_drawing(node["subgraph"])
    names = [node["id"] for node in nodes]
    for edge in edges:
        assert edge["id"] == f"{edge['source']}->{edge['target']}"
        assert edge["source"] in names
        assert edge["target"] in names
        assert edge["type"] in ("direct", "conditional")
    assert isinstance(drawing["layout"]["direction"], str)
    assert drawing["layout"]["spacing"] > 0
    metadata = drawing["metadata"]
    assert metadata["total_nodes"] == len(nodes)
    assert metadata["total_edges"] == len(edges)
    assert metadata["graph_type"] == "CompiledStateGraph"


def test_the_graph_can_be_drawn_as_before(nested: httpx.Client) -> None:
    drawing = nested.get(f"{V1}/graph/visualization").json()
    assert "drawing" not in drawing
    check_drawing(drawing)
    assert any(node.get("subgraph") for node in drawing["nodes"])


def test_a_breakpoint_is_set_by_query_params(http: httpx.Client) -> None:
    session_id = started(http, "asking", debug_mode=True)
    where = f"{V1}/debug/breakpoint/{session_id}"
    answer = http.post(where, params={"node_name": "ask", "enabled": True})
    expected = {
        "session_id": session_id,
        "node_name": "ask",
        "breakpoint_enabled": True,
        "total_breakpoints": 1,
    }
    assert answer.json().items() >= expected.items()
    by_line = http.post(where, params={key: answer.json()[key] for key in ("file", "line")})
    assert by_line.json() == answer.json()
    # As Python's own clients write a truth value.
    answer = http.post(f"{where}?node_name=hello&enabled=True")
    assert answer.json()["total_breakpoints"] == 2
    answer = http.post(f"{where}?node_name=hello&enabled=false")
    assert answer.json()["breakpoint_enabled"] is False
    assert answer.json()["total_breakpoints"] == 1
    # Beside it, the body.
    answer = http.post(f"{where}?enabled=true", json={"node_name": "hello"})
    assert answer.json()["total_breakpoints"] == 2
    both = http.post(f"{where}?node_name=ask", json={"node_name": "hello"})
    assert both.status_code == 422
    missing = http.post(where)
    assert (missing.status_code, missing.json()["path"]) == (422, "$.node_name")


@pytest.mark.parametrize("kind", [None, "application/x-www-form-urlencoded", "text/plain"])
def test_a_step_is_made_by_query_params(http: httpx.Client, kind: str | None) -> None:
    session_id = started(http, "asking", debug_mode=True)
    headers = {} if kind is None else {"content-type": kind}
    answer = http.post(f"{V1}/debug/step/{session_id}?node_name=hello", headers=headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found.keys() >= {"session_id", "node_name", "status", "message"}
    assert (found["session_id"], found["node_name"]) == (session_id, "hello")
    assert "hello" in found["message"]


@pytest.mark.parametrize("what", ["breakpoint", "step"])
def test_who_is_not_in_debug_mode_is_told(http: httpx.Client, what: str) -> None:
    for session_id in (started(http), started(http, "asking")):
        answer = http.post(f"{V1}/debug/{what}/{session_id}?node_name=hello")
        assert answer.status_code == 400
        assert "debug" in answer.json()["detail"]


@pytest.mark.parametrize("graph", ["greeter", "asking"])
def test_a_session_at_rest_is_deleted(http: httpx.Client, graph: str) -> None:
    session_id = started(http, graph)
    answer = http.delete(f"{V1}/session/{session_id}")
    assert answer.json()["message"] == f"Session {session_id} deleted successfully"
    assert http.get(f"{V1}/session/{session_id}").status_code == 404


def test_a_running_session_is_cancelled_and_deleted(http: httpx.Client) -> None:
    only_waiting_runs(http)
    active = healthy(http)["active_sessions"]
    answer = http.post(f"{V1}/query", json={"query": "you", "graph": "waiting"}).json()
    session_id = answer["session_id"]
    answer = http.delete(f"{V1}/session/{session_id}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"] == f"Session {session_id} deleted successfully"
    assert http.get(f"{V1}/session/{session_id}").status_code == 404
    assert healthy(http)["active_sessions"] == active


def test_a_session_says_what_it_was_asked_and_how_long_it_takes(http: httpx.Client) -> None:
    session_id = started(http, config={"recursion_limit": 7})
    session = http.get(f"{V1}/session/{session_id}").json()
    assert session["config"] == {"recursion_limit": 7}
    assert session["session_name"] == f"Session {session_id[:8]}"
    assert TIME.fullmatch(session["completed_at"])
    assert session["created_at"] <= session["started_at"] <= session["completed_at"]
    assert session["estimated_duration_ms"] > 0
    listed = http.get(f"{V1}/sessions?limit=1").json()["sessions"][0]
    names = ("config", "completed_at", "estimated_duration_ms", "session_name")
    assert {name: listed[name] for name in names} == {name: session[name] for name in names}
    asks = http.get(f"{V1}/session/{started(http, 'asking', session_name='mine')}").json()
    assert (asks["completed_at"], asks["config"], asks["session_name"]) == (None, {}, "mine")


def test_health(http: httpx.Client) -> None:
    health = healthy(http)
    assert health["status"] == "healthy"
    assert health["service"] == "stepwire"
    assert TIME.fullmatch(health["timestamp"])
    assert health["active_sessions"] >= 0


def test_the_stream_has_a_timestamp_in_status(http: httpx.Client) -> None:
    frames = whole(http, started(http))
    statuses = [frame.json for frame in frames if frame.event == "status"]
    assert [one["status"] for one in statuses] == ["queued", "running", "completed"]
    assert all(one["timestamp"] == one["at"] for one in statuses)
    assert [frame.event for frame in frames[-3:]] == ["result", "status", "done"]


@pytest.mark.parametrize(
    "path",
    [
        "/orchestrator/docs",
        "/orchestrator/redoc",
        "/orchestrator",
        "/orchestrator/",
        "/",
        "/docs",
        "/orchestrator/ui",
        "/orchestrator/ui/",
    ],
)
def test_pages(http: httpx.Client, path: str) -> None:
    page = http.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "docs" in page.text


@pytest.mark.parametrize(
    "path",
    ["/sessions?_=1", "/sessions?limit=2&nonsense=1&utm_source=x", "/graph/visualization?v="],
)
def test_what_a_query_string_has_beside_is_ignored(http: httpx.Client, path: str) -> None:
    assert http.get(V1 + path).status_code == 200


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "API_KEY", "apikey"])
def test_credentials_do_not_belong_in_an_address(http: httpx.Client, name: str) -> None:
    for verb, path in (("GET", "/sessions"), ("POST", "/query"), ("GET", "/stream/x")):
        answer = http.request(verb, f"{V1}{path}?{name}=s3cret")
        assert answer.status_code == 400
        assert name in answer.json()["detail"]
        assert "s3cret" not in answer.text


def test_a_body_stays_strict(http: httpx.Client) -> None:
    answer = http.post(f"{V1}/query", json={"query": "you", "grahp": "greeter"})
    assert (answer.status_code, answer.json()["path"]) == (422, "$.grahp")


def test_in_a_test_client(tmp_path: Path) -> None:
    """The framework's own client puts the host of its URL into the scope: no setting must be needed."""
    app = create_app(small_graphs.greeter, Settings(data_dir=str(tmp_path)))
    with TestClient(app) as client:
        answer = client.post(f"{V1}/query", json={"query": "GLP-1"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["query"] == "GLP-1"
        assert client.get(f"{V1}/sessions").json()["total"] == 1
        assert client.get(f"{V1}/graph/visualization").json()["nodes"]
        with client.websocket_connect("/rpc") as socket:
            socket.send_text(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "server.info"}))
            assert socket.receive_json()["result"]["name"] == "stepwire"
        for other in ("evil.example", "127.0.0.1.evil.example"):
            assert client.get("/health", headers={"host": other}).status_code == 403


@pytest.mark.parametrize("url", ["http://testserver", "http://orchestrator", "http://api.internal"])
def test_whatever_a_client_in_this_process_calls_it(tmp_path: Path, url: str) -> None:
    app = create_app(small_graphs.greeter, Settings(data_dir=str(tmp_path)))
    with TestClient(app, base_url=url) as client:
        assert healthy(client)["status"] == "healthy"
        assert client.get("/health", headers={"host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("url", ["http://192.0.2.7", "http://[2001:db8::7]"])
def test_an_address_is_no_name(tmp_path: Path, url: str) -> None:
    """What a socket is bound to says nothing of who asks: a rebound name has the same address."""
    app = create_app(small_graphs.greeter, Settings(data_dir=str(tmp_path)))
    with TestClient(app, base_url=url) as client:
        assert client.get("/health").status_code == 403
