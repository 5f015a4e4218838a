"""Requests, notifications and batches beyond the specification's own examples."""

import asyncio
from typing import Any

import pytest

from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer

INFO = "server.info"


def request(id: Any, method: str = INFO, **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "id": id, **more}


@pytest.mark.parametrize(
    "id", ["1", "", "ü☃", 0, -7, 2**53, 10**30, 1.5, -0.25, None], ids=lambda value: f"{value!r}"
)
async def test_an_id_comes_back_as_it_was(serve: Serve, id: Any) -> None:
    """A client matches answers to calls by id: one that comes back changed is an answer lost."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answer = await one.exchange(request(id))
        assert answer["id"] == id
        assert type(answer["id"]) is type(id)
        assert answer["result"]["name"] == "stepwire"
        failed = await one.exchange(request(id, "no.such"))
        assert failed["id"] == id
        assert failed["error"]["code"] == -32601


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"jsonrpc": "1.0", "method": INFO, "id": 7}, "jsonrpc"),
        ({"method": INFO, "id": 7}, "jsonrpc"),
        ({"jsonrpc": "2.0", "id": 7}, "method"),
        ({"jsonrpc": "2.0", "method": None, "id": 7}, "method"),
        ({"jsonrpc": "2.0", "method": INFO, "params": "x", "id": 7}, "params"),
        ({"jsonrpc": "2.0", "method": INFO, "params": None, "id": 7}, "params"),
        ({"jsonrpc": "2.0", "method": INFO, "id": True}, "id"),
        ({"jsonrpc": "2.0", "method": INFO, "id": [7]}, "id"),
        ({"jsonrpc": "2.0", "method": INFO, "id": {}}, "id"),
        ("text", "object"),
        (7, "object"),
        (None, "object"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_bad_request_object_is_named_and_loses_nothing(
    serve: Serve, sent: Any, says: str
) -> None:
    """A client with a mistake in it is told which; its connection goes on, and its call does not hang
    where the answer can name the id."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answer = await one.exchange([sent])
        assert len(answer) == 1
        assert answer[0]["error"]["code"] == -32600
        assert says in answer[0]["error"]["data"]["detail"]
        known = isinstance(sent, dict) and sent.get("id") == 7 and sent["id"] is not True
        assert answer[0]["id"] == (7 if known else None)
        assert (await one.call(INFO))["name"] == "stepwire"


async def test_members_that_the_specification_does_not_know_are_ignored(serve: Serve) -> None:
    """Libraries add members of their own to a request (StreamJsonRpc a `traceparent`): they could not call."""
    more = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "meta": {}}
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answer = await one.exchange({**request(1), **more})
        assert answer["result"]["name"] == "stepwire"
        assert set(answer) == {"jsonrpc", "id", "result"}
        (only,) = await one.exchange([{**request(2), **more}])
        now = {name: only["result"][name] for name in ("uptime_ms", "time")}
        assert only["result"] == answer["result"] | now


async def test_a_mixed_batch_answers_each_entry_by_itself(serve: Serve) -> None:
    """One bad entry must not cost the others their answers, nor a notification its silence."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answers = await one.exchange(
            [
                request(1),
                "nonsense",
                {"jsonrpc": "2.0", "method": INFO},
                request(2, "no.such"),
                request(3, "session.get", params={"session_id": "nobody"}),
                request(4, "session.get", params={}),
                [request(5)],
                {"jsonrpc": "2.0", "method": "no.such"},
                {"jsonrpc": "2.0", "method": "session.get", "params": {"wrong": 1}},
                request("last", "graph.list"),
            ]
        )
        codes = [(one["id"], one.get("error", {}).get("code")) for one in answers]
        assert codes == [
            (1, None),
            (None, -32600),
            (2, -32601),
            (3, -32000),
            (4, -32602),
            (None, -32600),
            ("last", None),
        ]


async def test_a_notification_does_its_work_and_is_not_answered(serve: Serve) -> None:
    """A client that wants no answer gets none, and what it asked for happens all the same."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        await one.send(
            {
                "jsonrpc": "2.0",
                "method": "query.start",
                "params": {"query": "x", "session_name": "silent"},
            }
        )
        await one.until(lambda: one.events, "the run's first event")
        (session_id,) = one.events
        assert await one.settled(session_id) == "completed"
        assert not [frame for frame in one.frames if "id" in frame]


async def test_requests_of_one_connection_run_at_the_same_time(serve: Serve) -> None:
    """A slow call must not hold up the quick ones behind it: cancel would wait for what it cancels."""
    async with serve(small_graphs.waiting, cancel_grace_seconds=20.0) as server:
        sessions = server.core.sessions
        entered, release = asyncio.Event(), asyncio.Event()
        real = sessions.store.sessions_page

        async def slow(**page: Any) -> Any:
            entered.set()
            await release.wait()
            return await real(**page)

        sessions.store.sessions_page = slow  # type: ignore[method-assign]
        async with peer(server.url) as one:
            await one.send(request("slow", "session.list"))
            await entered.wait()
            quick = await one.exchange(request("quick"))
            assert quick["id"] == "quick"
            release.set()
            assert (await one.next_frame())["id"] == "slow"


async def test_a_batch_runs_its_entries_at_the_same_time(serve: Serve) -> None:
    """A batch is as slow as its slowest entry, not as all of them together."""
    async with serve(small_graphs.greeter) as server:
        store = server.core.sessions.store
        inside = 0
        both = asyncio.Event()
        real = store.runs_page

        async def meet(*of: Any, **page: Any) -> Any:
            nonlocal inside
            inside += 1
            if inside == 2:
                both.set()
            await both.wait()
            return await real(*of, **page)

        store.runs_page = meet  # type: ignore[method-assign]
        async with peer(server.url) as one:
            session_id = (await one.run("x")).session_id
            answers = await one.exchange(
                [request(n, "session.runs", params={"session_id": session_id}) for n in (1, 2)]
            )
            assert [answer["id"] for answer in answers] == [1, 2]


async def test_too_many_requests_at_once_wait_and_are_all_answered(serve: Serve) -> None:
    """A client may send faster than it is served: nothing is dropped."""
    async with serve(small_graphs.greeter, max_inflight=4) as server, peer(server.url) as one:
        for number in range(300):
            await one.send(request(number))
        await one.until(lambda: len(one.frames) == 300, "300 answers")
        assert sorted(frame["id"] for frame in one.frames) == list(range(300))


async def test_a_fault_of_the_server_shows_no_internals(serve: Serve) -> None:
    """An exception's text may hold a path, a query, a secret: the client gets a reference to the log."""
    async with serve(small_graphs.greeter) as server:

        def broken(session_id: str) -> Any:
            raise RuntimeError("secret of /etc/hidden")

        server.core.sessions.store.session = broken  # type: ignore[method-assign]
        async with peer(server.url) as one:
            answer = await one.answer("session.get", {"session_id": "x"})
            assert answer["error"]["code"] == -32603
            assert answer["error"]["data"]["type"] == "internal_error"
            assert "secret" not in str(answer)
            assert "Traceback" not in str(answer)
            assert (await one.call(INFO))["name"] == "stepwire"
