"""What HTTP adds to the methods: places, sizes, types, verbs, and what a proxy or browser needs."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from protocol.queries import DEFAULT_DURATION_MS
from rpc import Settings, create_app
from rpc.sessions import health, making
from tests.conftest import StartServer
from tests.support import small_graphs
from tests.support.held_writes import held_writes
from tests.support.in_process import Serve, listening
from tests.support.memory import needs_proc, rss_bytes
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess
from tests.support.sse import whole
from tests.transports.conftest import healthy, only_waiting_runs

V1 = "/v1/orchestrator"


def refused(response: httpx.Response, status: int, kind: str, path: str | None = None) -> str:
    """The detail of a problem document, which must be this one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["type"].endswith(f"#{kind}")
    assert document.get("path") == path
    detail: str = document["detail"]
    assert detail
    return detail


def ask(http: httpx.Client, query: str = "you", **params: Any) -> dict[str, Any]:
    """Start a query; the answer."""
    response = http.post(f"{V1}/query", json={"query": query, **params})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/sessions?limit=abc", "$.limit"),
        ("/sessions?limit=1.0", "$.limit"),
        ("/sessions?limit=%201", "$.limit"),
        ("/sessions?limit=null", "$.limit"),
        ("/sessions?limit=1&limit=2", "$.limit"),
        ("/sessions?limit=", "$.limit"),
        ("/sessions?limit=99999999999999999999999999", "$.limit"),
        ("/sessions?offset=-1", "$.offset"),
        ("/sessions?status=null", "$.status"),
        ("/session/x?session_id=y", "$.session_id"),
        ("/stream/x?batch=true", "$.batch"),
        ("/graph/visualization?depth=two", "$.depth"),
    ],
)
def test_a_bad_query_string_is_told_with_the_fields_path(
    http: httpx.Client, path: str, where: str
) -> None:
    refused(http.get(V1 + path), 422, "invalid_params", where)


@pytest.mark.parametrize("last_id", ["abc", "-1", "1.5", "", "²"])
def test_a_bad_last_event_id_is_told(http: httpx.Client, last_id: str) -> None:
    session_id = ask(http)["session_id"]
    headers = {"Last-Event-ID": last_id.encode()}
    response = http.get(f"{V1}/stream/{session_id}", headers=headers)
    refused(response, 422, "invalid_params", "$.after")


@pytest.mark.parametrize(
    ("body", "status", "kind", "where"),
    [
        (b'{"query": ', 400, "parse_error", None),
        (b'{"query": "\xff"}', 400, "parse_error", None),
        (b"[]", 422, "invalid_params", "$"),
        (b'"you"', 422, "invalid_params", "$"),
        (b'{"query": 5}', 422, "invalid_params", "$.query"),
        (b'{"query": "you", "subscribe": {"batches": true}}', 422, "invalid_params", None),
        (b'{"input": ' + b"[" * 20 + b"]" * 20 + b"}", 413, "too_large", None),
        (b'{"query": "' + b"x" * 5000 + b'"}', 413, "too_large", None),
    ],
)
def test_a_bad_body_is_refused(
    http: httpx.Client, body: bytes, status: int, kind: str, where: str | None
) -> None:
    response = http.post(
        f"{V1}/query", content=body, headers={"content-type": "application/json; charset=utf-8"}
    )
    if where is None and status == 422:
        where = "$.subscribe.batches"
    refused(response, status, kind, where)


@needs_proc
def test_a_body_without_an_end_costs_no_memory(http: httpx.Client, running: ServerProcess) -> None:
    def long() -> Iterator[bytes]:
        yield b'{"query": "'
        for _ in range(1000):
            yield b"x" * 50_000

    before = rss_bytes(running.pid)
    response = http.post(
        f"{V1}/query", content=long(), headers={"content-type": "application/json"}
    )
    refused(response, 413, "too_large")
    assert rss_bytes(running.pid) - before < 10_000_000


def test_only_json_is_taken(http: httpx.Client) -> None:
    # What a page of another origin could send without asking: it must start nothing.
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = http.post(
            f"{V1}/query", content=b'{"query": "you"}', headers={"content-type": kind}
        )
        refused(response, 415, "invalid_request")
    assert "application/json" in refused(
        http.post("/rpc", content=b"{}", headers={"content-type": "text/plain"}),
        415,
        "invalid_request",
    )


def test_a_body_may_be_left_out_where_nothing_in_it_is_required(http: httpx.Client) -> None:
    answer = ask(http, debug_mode=True, breakpoints=["hello"])
    whole_until_stopped(http, answer["session_id"])
    response = http.post(f"{V1}/debug/step/{answer['session_id']}")
    assert response.status_code == 200, response.text
    assert response.json() == {
        "session_id": answer["session_id"],
        "status": "running",
        "node_name": None,
        "message": "stepping over",
    }


def whole_until_stopped(http: httpx.Client, session_id: str) -> None:
    """Wait until the debugger has stopped the session."""
    with http.stream("GET", f"{V1}/stream/{session_id}") as response:
        for line in response.iter_lines():
            if '"status":"paused"' in line:
                return
    raise AssertionError("it never stopped")


def test_a_param_in_the_wrong_place_is_refused(http: httpx.Client) -> None:
    response = http.post(f"{V1}/debug/step/one", json={"session_id": "two"})
    assert "path" in refused(response, 422, "invalid_params", "$.session_id")
    response = http.post(f"{V1}/query?query=you", json={})
    assert "query string" in refused(response, 422, "invalid_params", "$.query")


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("PUT", f"{V1}/session/x", "DELETE, GET, HEAD, POST"),
        ("GET", f"{V1}/query", "POST"),
        ("POST", f"{V1}/sessions", "GET, HEAD"),
        ("POST", "/health", "GET, HEAD"),
        ("GET", "/rpc", "POST"),
    ],
)
def test_a_wrong_verb_is_told_the_right_ones(
    http: httpx.Client, verb: str, path: str, allowed: str
) -> None:
    response = http.request(verb, path)
    assert allowed in refused(response, 405, "invalid_request")
    assert set(response.headers["allow"].split(", ")) == set(allowed.split(", "))


@pytest.mark.parametrize("path", ["/v1", f"{V1}/nope", f"{V1}/sessions/", f"{V1}/session/a/b"])
def test_an_unknown_path_is_not_found(http: httpx.Client, path: str) -> None:
    assert path in refused(http.get(path), 404, "method_not_found")


def test_head_says_what_get_would_and_opens_no_stream(http: httpx.Client) -> None:
    answer = ask(http, graph="waiting")
    for path in (f"/session/{answer['session_id']}", f"/stream/{answer['session_id']}"):
        response = http.head(V1 + path)
        assert response.status_code == 200
        assert response.content == b""
    assert http.head(f"{V1}/stream/nope").status_code == 404


def test_a_query_is_started_once_its_answer_is_sent(http: httpx.Client) -> None:
    answer = ask(http)
    assert list(answer) == [
        "session_id",
        "run_id",
        "status",
        "query",
        "estimated_duration_ms",
        "stream_url",
        "seq",
    ]
    assert (answer["status"], answer["query"], answer["seq"]) == ("queued", "you", 0)
    assert answer["stream_url"] == f"{V1}/stream/{answer['session_id']}"
    *_, result, _, done = whole(http, answer["session_id"])
    assert result.event == "result"
    assert result.json["result"]["said"] == ["hello you"]
    assert done.json["status"] == "completed"


async def test_the_estimate_is_the_median_of_the_graphs_own_completed_runs(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is read again at most once in a while; here, always.
    monkeypatch.setattr(making, "ESTIMATE_SECONDS", -1)
    graphs = {"greeter": small_graphs.greeter, "failing": small_graphs.failing}
    async with (
        serve(graphs) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False, timeout=60) as http,
    ):

        async def asked(**body: Any) -> Any:
            return (await http.post(f"{V1}/query", json={"query": "you", **body})).json()

        assert (await asked(graph="failing"))["estimated_duration_ms"] == DEFAULT_DURATION_MS
        took = []
        for number in range(3):
            answer = await asked(graph="greeter", idempotency_key=f"run {number}")
            if number == 0:
                assert answer["estimated_duration_ms"] == DEFAULT_DURATION_MS
            assert "event: done" in (await http.get(answer["stream_url"])).text
            session = (await http.get(f"{V1}/session/{answer['session_id']}")).json()
            took.append(session["duration_ms"])
        assert (await asked(graph="greeter"))["estimated_duration_ms"] == sorted(took)[1]
        # A retry gets the first answer, not another estimate.
        again = await asked(graph="greeter", idempotency_key="run 0")
        assert again["estimated_duration_ms"] == DEFAULT_DURATION_MS
        assert (await asked(graph="failing"))["estimated_duration_ms"] == DEFAULT_DURATION_MS


def test_health_counts_sessions(http: httpx.Client, running: ServerProcess) -> None:
    only_waiting_runs(http)
    before = healthy(http)
    assert (before["status"], before["service"], before["detail"]) == ("healthy", "stepwire", None)
    assert before["version"]
    assert before["uptime_ms"] > 0
    answer = ask(http, graph="waiting")
    after = healthy(http)
    assert after["active_sessions"] == before["active_sessions"] + 1
    assert after["uptime_ms"] > before["uptime_ms"]
    body = {"jsonrpc": "2.0", "id": 1, "method": "query.cancel"}
    http.post("/rpc", json=body | {"params": {"session_id": answer["session_id"]}})
    assert healthy(http)["active_sessions"] == before["active_sessions"]
    assert http.get("/livez").json() == {"status": "ok"}
    assert healthy(http, "/readyz").keys() == before.keys()


def test_health_fails_while_the_database_cannot_be_written(
    server: StartServer, data_dir: Path
) -> None:
    process = server("tests/support/small_graphs.py:greeter", data_dir=data_dir)
    with httpx.Client(base_url=process.http_url, trust_env=False, timeout=60) as http:
        assert healthy(http)["status"] == "healthy"
        lock = sqlite3.connect(data_dir / "stepwire.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        try:
            response = http.get("/health")
            assert response.status_code == 503
            assert response.json()["status"] == "unavailable"
            assert "storage did not answer" in response.json()["detail"]
            assert http.get("/livez").status_code == 200
        finally:
            lock.execute("ROLLBACK")
            lock.close()
        assert healthy(http, "/readyz")["status"] == "healthy"


async def test_a_server_about_to_stop_is_not_ready(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        serve(small_graphs.greeter) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):
        monkeypatch.setattr(health, "TIMEOUT_SECONDS", 60.0)
        assert (await http.get("/readyz")).status_code == 200
        server.app.stop()
        response = await http.get("/readyz")
        assert response.status_code == 503
        assert "stopping" in response.json()["detail"]
        assert (await http.get("/livez")).status_code == 200


async def test_an_app_whose_lifespan_nobody_ran_says_so() -> None:
    app = create_app(small_graphs.greeter, Settings())
    async with listening(app) as authority, httpx.AsyncClient(trust_env=False) as http:
        response = await http.get(f"http://{authority}/health")
        assert response.status_code == 503
        assert "lifespan" in response.json()["detail"]


async def test_under_a_prefix_every_address_has_it(tmp_path: Path) -> None:
    app = create_app(small_graphs.greeter, Settings(data_dir=str(tmp_path)))
    outer = Starlette(routes=[Mount("/inner", app)])
    async with (
        app.lifespan(),
        listening(outer) as authority,
        httpx.AsyncClient(base_url=f"http://{authority}/inner", trust_env=False) as http,
    ):
        answer = (await http.post(f"{V1}/query", json={"query": "you"})).json()
        assert answer["stream_url"] == f"/inner{V1}/stream/{answer['session_id']}"
        stream = await http.get(f"http://{authority}{answer['stream_url']}")
        assert "event: done" in stream.text
        problem = (await http.get(f"{V1}/session/nope")).json()
        assert problem["type"] == "/inner/orchestrator/docs#session_not_found"
        document = (await http.get("/orchestrator/openapi.json")).json()
        assert document["servers"][0]["url"] == "/inner"
        document = (await http.get("/orchestrator/openrpc.json")).json()
        assert document["servers"][0]["url"] == f"ws://{authority}/inner/rpc"
        document = (await http.get("/orchestrator/asyncapi.json")).json()
        assert document["servers"]["this"]["pathname"] == "/inner"
        assert (await http.get("/orchestrator/docs")).status_code == 200


async def test_many_probes_at_once_try_the_store_twice_at_most(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first try is held until all others have come.
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 60.0)
    async with (
        serve(small_graphs.greeter) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):
        with held_writes(server.core.sessions.store) as writes:
            tried = writes.hold()
            async with asyncio.TaskGroup() as group:
                # The first one tries, and cannot yet; the others wait for it.
                asked = [group.create_task(http.get("/health")) for _ in range(20)]
                await tried.stands()
                lock = server.core.health.lock
                await until_true(lambda: lock.statistics().tasks_waiting == len(asked) - 1)
                tried.release()
        assert {task.result().status_code for task in asked} == {200}
        assert len(writes.writes) in (1, 2)
