"""Server-Sent Events: the same events, the same numbers, the same promises as on the socket."""

import json
import socket
from pathlib import Path
from typing import Any

import httpx
import msgspec

from protocol.events import NodeCancelled, SessionStatus
from rpc.events.encoding import Emitter
from rpc.storage.units import PutSession, Unit
from tests.conftest import StartServer
from tests.support import small_graphs
from tests.support.held_writes import held_writes
from tests.support.in_process import Serve
from tests.support.memory import needs_proc, rss_bytes
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess
from tests.support.sse import frames, stream, until, whole

V1 = "/v1/orchestrator"

NAMES = {"session.status": "status", "query.result": "result", "query.failed": "error"}


def ask(http: httpx.Client, query: str = "you", **params: Any) -> dict[str, Any]:
    """Start a query; the answer."""
    response = http.post(f"{V1}/query", json={"query": query, **params})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def call(http: httpx.Client, method: str, **params: Any) -> Any:
    """A method's result."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = http.post("/rpc", json=body).json()
    assert "result" in answer, answer
    return answer["result"]


def test_a_stream_is_the_sessions_events_byte_for_byte(http: httpx.Client) -> None:
    session_id = ask(http)["session_id"]
    *sent, done = whole(http, session_id)
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "session.events",
        "params": {"session_id": session_id},
    }
    text = http.post("/rpc", json=body).text
    events = http.post("/rpc", json=body).json()["result"]["events"]
    assert [frame.id for frame in sent] == [str(number + 1) for number in range(len(events))]
    for frame, event in zip(sent, events, strict=True):
        assert frame.event == NAMES.get(event["method"], event["method"])
        if frame.event == "status":
            # Its readers look for the time under another name too.
            at = event["params"]["at"]
            assert frame.json == {**event["params"], "timestamp": at}
            sent_as = frame.data.replace(f',"timestamp":"{at}"', "")
        else:
            assert frame.json == event["params"]
            sent_as = frame.data
        assert f'"params":{sent_as}}}' in text
    assert [frame.event for frame in sent[-2:]] == ["result", "status"]
    assert (done.event, done.id) == ("done", None)
    assert done.json == {"session_id": session_id, "seq": len(events), "status": "completed"}


def test_a_failed_run_ends_with_error_and_done(http: httpx.Client) -> None:
    *_, error, status, done = whole(http, ask(http, graph="failing")["session_id"])
    assert (error.event, status.event, done.event) == ("error", "status", "done")
    assert error.json["error"]["type"] == "ValueError"
    assert done.json["status"] == "failed"


def test_a_cancelled_run_ends_with_done(http: httpx.Client) -> None:
    session_id = ask(http, graph="waiting")["session_id"]
    with stream(http, session_id) as found:
        until(found, "progress")
        assert call(http, "query.cancel", session_id=session_id)["status"] == "cancelled"
        assert until(found, "done")[-1].json["status"] == "cancelled"
        assert next(found, None) is None


def test_it_goes_on_after_any_event_without_loss_or_repetition(http: httpx.Client) -> None:
    session_id = ask(http)["session_id"]
    all_ids = [frame.id for frame in whole(http, session_id)]
    for after in range(len(all_ids)):
        assert [frame.id for frame in whole(http, session_id, after=after)] == all_ids[after:]
        if after < len(all_ids) - 1:
            assert [frame.id for frame in whole(http, session_id, after)] == all_ids[after:]
    # What the browser says it has is newer than what the page asked for at first.
    assert [frame.id for frame in whole(http, session_id, 5, after=2)] == all_ids[5:]
    beyond = http.get(f"{V1}/stream/{session_id}", params={"after": len(all_ids)})
    assert beyond.status_code == 422


def test_at_the_end_of_an_ended_session_it_is_done_at_once(http: httpx.Client) -> None:
    session_id = ask(http)["session_id"]
    last = len(whole(http, session_id)) - 1
    (done,) = whole(http, session_id, after=last)
    assert done.event == "done"


def test_who_has_all_of_an_ended_run_and_comes_back_is_told_to_stop(http: httpx.Client) -> None:
    """A browser opens again what just ends: without the 204, each second and for ever."""

    def again(last_id: int | str | None, **query: str) -> httpx.Response:
        headers = {"Last-Event-ID": str(last_id)}
        return http.get(f"{V1}/stream/{session_id}", params=query, headers=headers)

    session_id = ask(http)["session_id"]
    last = len(whole(http, session_id)) - 1
    response = again(last)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["cache-control"] == "no-store"
    # The page's own address may have said where to begin.
    assert again(last, after="2").status_code == 204
    assert again(last - 1).text.count("event: ") == 2
    # What it does not want of the rest does not count.
    progress = whole(http, session_id, types="node.started")[-2].id
    assert again(progress, types="node.started").status_code == 204
    # A later query has something for it again.
    ask(http, "two", session_id=session_id)
    assert again(last).text.startswith(f"retry: 1000\n\nid: {last + 1}\n")


def test_who_comes_back_to_a_run_that_is_not_over_waits_for_the_rest(http: httpx.Client) -> None:
    session_id = ask(http, graph="waiting")["session_id"]
    with stream(http, session_id) as found:
        last = until(found, "progress")[-1].id
    with stream(http, session_id, int(last or 0)) as found:
        assert next(found).retry is not None
        call(http, "query.cancel", session_id=session_id)
        rest = until(found, "done")
        assert rest[0].id == str(int(last or 0) + 1)


def test_headers_and_the_first_line_are_for_proxies_and_browsers(http: httpx.Client) -> None:
    session_id = ask(http)["session_id"]
    with http.stream("GET", f"{V1}/stream/{session_id}") as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-accel-buffering"] == "no"
        assert "content-length" not in response.headers
        first = next(frames(response.iter_lines()))
        assert first.retry is not None
        assert int(first.retry) > 0


def test_a_silent_stream_is_kept_alive(http: httpx.Client) -> None:
    session_id = ask(http, graph="waiting")["session_id"]
    with stream(http, session_id) as found:
        until(found, "progress")
        silent = [next(found) for _ in range(3)]
        assert all(frame.comment is not None and frame.event is None for frame in silent)


def test_only_the_types_asked_for_are_sent_and_done_still_comes(http: httpx.Client) -> None:
    session_id = ask(http)["session_id"]
    found = whole(http, session_id, types="query.result,node.started")
    assert [frame.event for frame in found] == ["node.started", "result", "done"]
    with stream(http, ask(http, graph="waiting")["session_id"], types="query.result") as live:
        # A session of which nothing is wanted yet stays open, and ends with done.
        first = next(live)
        assert first.retry is not None
        session = call(http, "session.list", limit=1)["sessions"][0]["session_id"]
        call(http, "query.cancel", session_id=session)
        assert [frame.event for frame in until(live, "done")] == ["done"]


def test_a_later_query_is_a_stream_of_its_own(http: httpx.Client) -> None:
    session_id = ask(http, "one")["session_id"]
    first = whole(http, session_id)
    answer = ask(http, "two", session_id=session_id)
    assert answer["seq"] == len(first) - 1
    second = whole(http, session_id, after=answer["seq"])
    assert second[0].id == str(len(first))
    assert {frame.json["run_id"] for frame in second[:-1]} == {answer["run_id"]}
    # From the start it is both: the first run's end does not end it.
    both = whole(http, session_id)
    assert [frame.id for frame in both] == [frame.id for frame in first[:-1] + second]


def test_a_deleted_sessions_stream_ends_and_is_not_found_again(http: httpx.Client) -> None:
    session_id = ask(http, graph="asking")["session_id"]
    with stream(http, session_id) as found:
        until(found, "input.requested")
        until_status(found, "waiting")
        assert http.delete(f"{V1}/session/{session_id}").status_code == 200
        assert [frame.event for frame in found if frame.event] == ["session.deleted"]
    assert http.get(f"{V1}/stream/{session_id}").status_code == 404


def until_status(found: Any, status: str) -> None:
    """Read on until the session has a status."""
    for frame in found:
        if frame.event == "status" and frame.json["status"] == status:
            return
    raise AssertionError(f"it never was {status}")


async def test_closing_the_tab_ends_its_reader_at_once(serve: Serve) -> None:
    async with (
        serve(small_graphs.waiting, sse_keepalive_seconds=600, shutdown_grace_seconds=0) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):
        answer = (await http.post(f"{V1}/query", json={"query": "you"})).json()
        channels = server.core.sessions.events.channels
        async with http.stream("GET", answer["stream_url"]) as response:
            async for line in response.aiter_lines():
                if line == "event: progress":
                    break
            assert len(server.app.rest.streams) == 1
            holders = channels[answer["session_id"]].pins
        await until_true(lambda: not server.app.rest.streams)
        await until_true(lambda: channels[answer["session_id"]].pins == holders - 1)


async def test_done_never_overtakes_an_event_that_is_committed_but_not_yet_shown(
    serve: Serve,
) -> None:
    async with (
        serve(small_graphs.waiting, sse_keepalive_seconds=0.05, shutdown_grace_seconds=0) as server,
        httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http,
    ):
        answer = (await http.post(f"{V1}/query", json={"query": "you"})).json()
        session_id = answer["session_id"]
        async with http.stream("GET", answer["stream_url"]) as response:
            async for line in response.aiter_lines():
                if line.startswith("data:") and '"task_id"' in line:
                    task_id = json.loads(line.removeprefix("data:"))["task_id"]
                if line == "event: progress":
                    break
        # The moment between a commit and its showing, held: the store says that the run is over.
        log = server.core.sessions.events
        last = log.channels[session_id].tail.last_seq
        record = log.store.session(session_id)
        assert record is not None
        emitter = Emitter(session_id, record.run_id)
        ended = emitter.draft(NodeCancelled("wait", "wait", task_id))
        over = emitter.draft(SessionStatus("completed", "running"))
        with held_writes(log.store) as writes:
            shown = writes.hold(after=True)
            log.put(
                Unit(
                    session_id,
                    [ended, over],
                    [PutSession(msgspec.structs.replace(record, status="completed"))],
                )
            )
            await shown.stands()
            async with http.stream("GET", f"{answer['stream_url']}?after={last}") as response:
                lines = response.aiter_lines()
                async for line in lines:
                    assert not line.startswith("event:")
                    if line.startswith(":"):
                        break
                shown.release()
                rest = [line async for line in lines if line.startswith(("id:", "event:"))]
        cancelled = [f"id: {last + 1}", "event: node.cancelled"]
        assert rest == [*cancelled, f"id: {last + 2}", "event: status", "event: done"]


def test_a_stopping_server_ends_its_streams_in_good_order(
    server: StartServer, data_dir: Path
) -> None:
    process = server("tests/support/small_graphs.py:asking", data_dir=data_dir)
    with httpx.Client(base_url=process.http_url, trust_env=False, timeout=60) as http:
        session_id = ask(http)["session_id"]
        with stream(http, session_id) as found:
            until_status(found, "waiting")
            assert process.stop() == 0
            # A broken transfer would raise: the stream ends where it stands, without `done`.
            assert [frame for frame in found if frame.event] == []
        process.restart()
        call(http, "query.respond", session_id=session_id, value="yes")
        assert whole(http, session_id)[-1].json["status"] == "completed"


@needs_proc
def test_readers_that_read_nothing_cost_next_to_no_memory(server: StartServer) -> None:
    process = server("tests/support/small_graphs.py:writing", settings={"max_message_bytes": 4096})
    with httpx.Client(base_url=process.http_url, trust_env=False, timeout=60) as http:
        session_id = ask(http, "40000")["session_id"]
        size = sum(len(frame.data or "") for frame in whole(http, session_id))
        assert size > 8_000_000
        before = rss_bytes(process.pid)
        # Half of them come back, as a browser does.
        idle = [_reader(process, session_id, after) for after in (None, 1) * 20]
        try:
            # Another reader has all of it meanwhile.
            assert len(whole(http, session_id)) > 40_000
            grown = rss_bytes(process.pid) - before
        finally:
            for one in idle:
                one.close()
        # 40 queues of the whole stream would be over 320 MB.
        assert grown < 30_000_000, f"{grown / 1e6:.0f} MB for 40 readers that lag"


def _reader(process: ServerProcess, session_id: str, after: int | None) -> socket.socket:
    """A client that asks for the stream and reads only its first bytes."""
    connection = socket.create_connection(("127.0.0.1", process.port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    request = f"GET {V1}/stream/{session_id} HTTP/1.1\r\nHost: 127.0.0.1:{process.port}\r\n"
    request += "" if after is None else f"Last-Event-ID: {after}\r\n"
    connection.sendall(f"{request}\r\n".encode())
    assert connection.recv(16).startswith(b"HTTP/1.1 200")
    return connection


def test_a_reader_that_lags_far_behind_a_run_loses_nothing(http: httpx.Client) -> None:
    session_id = ask(http, "3000", graph="writing")["session_id"]
    ids = [frame.id for frame in whole(http, session_id)]
    assert ids[:-1] == [str(number + 1) for number in range(len(ids) - 1)]


def test_a_killed_and_restarted_server_goes_on_where_the_reader_was(
    server: StartServer, data_dir: Path
) -> None:
    process = server("tests/support/small_graphs.py:asking", data_dir=data_dir)
    with httpx.Client(base_url=process.http_url, trust_env=False, timeout=60) as http:
        session_id = ask(http)["session_id"]
        with stream(http, session_id) as found:
            seen = [frame.id for frame in until(found, "input.requested")]
            process.kill9()
        process.restart()
        with stream(http, session_id, int(seen[-1] or 0)) as found:
            rest = until(found, "status")
            while rest[-1].json["status"] != "waiting":
                rest += until(found, "status")
            call(http, "query.respond", session_id=session_id, value="yes")
            rest += until(found, "done")
        numbers = seen + [frame.id for frame in rest if frame.event != "done"]
        assert numbers == [str(number + 1) for number in range(len(numbers))]
