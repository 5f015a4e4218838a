"""A REST row and its method give the same answer for the same params, errors included: every row."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from protocol.errors import ERRORS
from protocol.rest import DOCS_PATH, REST_ROWS, Row
from tests.support.peer import Peer, peer
from tests.support.server_process import ServerProcess
from tests.support.sse import whole
from tests.transports.conftest import only_waiting_runs

Params = dict[str, Any]
Prepare = Callable[[Peer], Awaitable[Params]]

_by_type = {error.type: error for error in ERRORS}


def given(**params: Any) -> Prepare:
    """Params that need no preparation."""

    async def prepare(_: Peer) -> Params:
        return params

    return prepare


def session(graph: str = "greeter", start: Params | None = None, **params: Any) -> Prepare:
    """Params for a session that has come as far as it goes by itself."""

    async def prepare(client: Peer) -> Params:
        story = await client.run(**{"query": "you", "graph": graph, **(start or {})})
        return {"session_id": story.session_id, **params}

    return prepare


def busy(**params: Any) -> Prepare:
    """Params for a session that runs and does not end."""

    async def prepare(client: Peer) -> Params:
        started = await client.call("query.start", query="you", graph="waiting")
        await client.event(started["session_id"], "progress")
        return {"session_id": started["session_id"], **params}

    return prepare


DEBUG: Params = {"debug_mode": True, "breakpoints": ["hello"]}
OFF: Params = {"debug_mode": True, "breakpoints": [{"node_name": "hello", "enabled": False}]}

CASES: dict[str, dict[str, Prepare]] = {
    "server.nodes": {"all": given()},
    "query.start": {
        "a query": given(query="you", idempotency_key="same"),
        "an input": given(input={"query": "you"}, idempotency_key="input", session_name="mine"),
        "tags": given(query="you", tags=["a"], metadata={"x": 1}),
        "both": given(query="you", input={}),
        "neither": given(),
        "wrong type": given(query=5),
        "unknown field": given(query="you", grahp="greeter"),
        "no such graph": given(query="you", graph="nope"),
        "no such session": given(query="you", session_id="nope"),
        "a session that runs": busy(query="again"),
        "breakpoints without debug mode": given(query="you", breakpoints=["hello"]),
        "no such node": given(query="you", debug_mode=True, breakpoints=["nope"]),
    },
    "query.resume": {
        "failed": session("failing"),
        "giving up keys": session("failing", discard=True),
        "again": session("failing", idempotency_key="same"),
        "completed": session(),
        "running": busy(),
        "no such session": given(session_id="nope"),
        "wrong type": session("failing", discard="perhaps"),
    },
    "session.subscribe": {
        "all": session(),
        "after": session(after=3),
        "types": session(types=["query.result", "session.status"]),
        "failed": session("failing"),
        "no such session": given(session_id="nope"),
        "beyond the end": session(after=10_000),
        "negative": session(after=-1),
        "not a number": session(after="abc"),
    },
    "session.watch": {
        "bad cursor": given(cursor="?"),
        "of a list": given(cursor="MDox"),
    },
    "session.update": {
        "all": session(session_name="mine", tags=["a", "b"], metadata={"x": 1}),
        "nothing": session(),
        "no name": session(session_name=None),
        "too many": session(tags=["x"] * 65),
        "unknown field": session(colour="red"),
        "no such session": given(session_id="nope", session_name="mine"),
    },
    "session.list": {
        "tags": given(tags=["nobody's", "other"]),
        "default": given(),
        "a page": given(limit=2, offset=1),
        "of a status": given(status="completed", limit=5),
        "search": given(search="you", limit=3),
        "of some statuses": given(status=["completed", "failed"], limit=5),
        "of a graph": given(graph="greeter", limit=5),
        "of a time": given(
            created_after="2026-01-01T00:00:00Z", created_before="2026-01-02T00:00:00Z"
        ),
        "of an id": given(id_prefix="no such", limit=5),
        "no time": given(created_after="yesterday"),
        "too few": given(limit=0),
        "not a number": given(limit="abc"),
        "no such status": given(status="asleep"),
        "bad cursor": given(cursor="?"),
        "both ways": given(cursor="MDox", offset=2),
    },
    "session.get": {
        "completed": session(),
        "failed": session("failing"),
        "asking": session("asking"),
        "running": busy(),
        "no such session": given(session_id="nope"),
        "too long": given(session_id="x" * 129),
    },
    "session.runs": {
        "all": session(),
        "a page": session(limit=1),
        "before": session(before="nope"),
        "too few": session(limit=0),
        "no such session": given(session_id="nope"),
    },
    "session.value": {
        "of an event": session(ref="event-1/status"),
        "by page": session(ref="event-1/status", count=3),
        "no such value": session(ref="nope/x"),
        "no ref": session(),
        "no such session": given(session_id="nope", ref="x"),
        "not a number": session(ref="event-1/status", count="abc"),
    },
    "session.delete": {
        "completed": session(),
        "running": busy(),
        "no such session": given(session_id="nope"),
    },
    "graph.describe": {
        "default": given(),
        "named": given(graph="asking", depth=0),
        "no such graph": given(graph="nope"),
        "negative": given(depth=-1),
        "not a number": given(depth="deep"),
    },
    "debug.setBreakpoint": {
        "set": session(start=DEBUG, node_name="hello"),
        "with a condition": session(
            start=DEBUG, node_name="hello", condition="len(state['query']) > 2"
        ),
        "off": session(start=DEBUG, node_name="hello", enabled=False),
        "not in debug mode": session(node_name="hello"),
        "no such session": given(session_id="nope", node_name="hello"),
        "no such node": session(start=DEBUG, node_name="helo"),
        "no node": session(start=DEBUG),
        "wrong type": session(start=DEBUG, node_name="hello", enabled="yes"),
    },
    "debug.step": {
        "stopped": session(start=DEBUG),
        "into": session(start=DEBUG, mode="into"),
        "not in debug mode": session(),
        "ended": session(start=OFF),
        "no such session": given(session_id="nope"),
        "bad mode": session(start=DEBUG, mode="sideways"),
    },
    "debug.stepBack": {
        "ended": session(start=OFF),
        "nothing before": session(start=DEBUG),
        "to the first step": session(start=OFF, to="breakpoint"),
        "to the start": session(start=DEBUG, to="start"),
        "bad place": session(start=OFF, to="sideways"),
        "no such task": session(start=OFF, task_id="nope"),
        "another checkpoint": session(start=OFF, expected_checkpoint_id="nope"),
        "not in debug mode": session(),
        "running": busy(),
        "no such session": given(session_id="nope"),
        "wrong type": session(start=DEBUG, task_id=["a", "b"]),
    },
    "debug.restartNode": {
        "the last": session(start=OFF),
        "named": session(start=OFF, node_name="hello", idempotency_key="same"),
        "stands": session(start=DEBUG, node_name="hello"),
        "goes at once": session(start=OFF, node_name="hello", run=True),
        "no such node": session(start=OFF, node_name="helo"),
        "no such run": session(start=OFF, task_id="nope"),
        "not in debug mode": session(node_name="hello"),
        "no such session": given(session_id="nope"),
        "wrong type": session(start=OFF, run="perhaps"),
        "unknown field": session(start=OFF, node="hello"),
    },
}

ALL = [
    pytest.param(row, prepare, id=f"{row.method}: {name}")
    for row in REST_ROWS
    for name, prepare in CASES[row.method].items()
]


def request(http: httpx.Client, row: Row, params: Params) -> httpx.Response:
    """The row's request for these params, each in its place."""
    params = dict(params)
    path = row.path
    for name in row.path_params:
        path = path.replace(f"{{{name}}}", params.pop(name))
    body = {name: params.pop(name) for name in row.body_params if name in params}
    if row.body:
        body |= params
        params = {}
    query = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in params.items()
    }
    content = {"json": body} if row.body else {}
    return http.request(row.verb, path, params=query, **content)  # type: ignore[arg-type]


ID = r"'\w{20,}'|\b[0-9a-f]{20,}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
"""A session's, a run's, in what is told of them."""


def steady(value: Any) -> Any:
    """A result without what differs between two calls, or two sessions: ids, times, how far a run has come."""
    text = json.dumps(value, sort_keys=True)
    text = re.sub(
        r'"(session_id|run_id|result_ref|next_before|checkpoint_id|task_id|interrupt_id)": "[^"]*"',
        r'"\1": "…"',
        text,
    )
    text = re.sub(ID, "…", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[^\"]*Z", "…", text)
    text = re.sub(r'"(duration_ms|estimated_duration_ms)": [\d.]+', r'"\1": "…"', text)
    text = re.sub(r"/stream/\w+", "/stream/…", text)
    text = re.sub(r'"(Session) \w+', r'"\1 …', text)
    text = re.sub(r'"status": "(queued|running|completed)"', '"status": "…"', text)
    return json.loads(text)


@pytest.mark.parametrize(("row", "prepare"), ALL)
async def test_same_answer(
    running: ServerProcess, http: httpx.Client, row: Row, prepare: Prepare
) -> None:
    async with peer(running.url) as client:
        # What changes a session is done to two that are alike.
        by_rest, by_rpc = await prepare(client), await prepare(client)
        if row.stream and row.resumed_by == "after":
            await compare_streams(http, running.url, by_rest)
            return
        if row.method in ("session.list", "server.nodes"):
            only_waiting_runs(http)
        response = request(http, row, by_rest)
        answer = await client.answer(row.method, by_rpc)
        compare(response, answer)


def compare(response: httpx.Response, answer: dict[str, Any]) -> None:
    """Of a REST row, and of its method."""
    if "result" in answer:
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/json"
        assert steady(response.json()) == steady(answer["result"])
        return
    error = answer["error"]
    data = error["data"]
    row = _by_type[data["type"]]
    assert response.headers["content-type"] == "application/problem+json"
    expected = {
        "type": f"{DOCS_PATH}#{data['type']}",
        "title": error["message"],
        "status": row.http_status,
        "code": error["code"],
        **{name: value for name, value in data.items() if name != "type"},
    }
    found = response.json()
    ids = re.compile(ID)
    for one in (expected, found):
        one["detail"] = ids.sub("…", one["detail"])
    assert found == expected
    assert response.status_code == row.http_status
    if "retry_after_ms" in data:
        assert int(response.headers["retry-after"]) >= data["retry_after_ms"] / 1000


async def compare_streams(http: httpx.Client, url: str, params: Params) -> None:
    """A stream's events are those of a subscription, to the byte of what they say."""
    row = next(row for row in REST_ROWS if row.stream)
    async with peer(url) as other:
        answer = await other.answer("session.subscribe", params)
        if "error" in answer:
            compare(request(http, row, params), answer)
            return
        query = dict(params)
        session_id = query.pop("session_id")
        if "types" in query:
            query["types"] = ",".join(query["types"])
        *events, done = whole(http, session_id, **query)
        await other.until(lambda: len(other.of(session_id)) >= len(events), "the same events")
        assert [_untimed(frame.json) for frame in events] == [
            event["params"] for event in other.of(session_id)
        ]
        assert done.event == "done"


def _untimed(params: Params) -> Params:
    """Without what only the stream's `status` has."""
    return {name: value for name, value in params.items() if name != "timestamp"}


def test_every_row_and_every_error_of_the_table_is_compared() -> None:
    assert set(CASES) == {row.method for row in REST_ROWS}
