"""What is removed with time: events and checkpoints, of sessions that rest.

A user would lose: events that they were never told were gone, an answer, or a session that cannot go on.
"""

import asyncio
import json
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from rpc.events.cursor import EventsGone
from rpc.sessions import upkeep
from rpc.storage.line import RefusedError
from tests.sessions.test_listing import age
from tests.sessions.test_results import LARGE, follow, talking
from tests.support import small_graphs
from tests.support.in_process import Serve, Served
from tests.support.peer import Peer, peer

AGE_OF_ALL = -60.0
"""Seconds: everything is older than what will be made in a minute."""


async def refused(one: Peer, method: str, **params: Any) -> dict[str, Any]:
    """The error's data."""
    response = await one.answer(method, params)
    data: dict[str, Any] = response["error"]["data"]
    assert response["error"]["code"] == -32012
    return data


async def remove_events(server: Served, session_id: str) -> int:
    """Remove all events that may go; the number of the oldest that is left."""
    sessions = server.core.sessions
    assert await upkeep.remove_old_events(sessions, AGE_OF_ALL) == 1
    assert await upkeep.remove_old_events(sessions, AGE_OF_ALL) == 0
    return (await sessions.get(session_id)).first_seq


async def test_who_asks_for_events_that_are_gone_is_told(serve: Serve) -> None:
    """By every way of reading: where they begin now, and nothing is left out silently."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("you")
        session_id, sent = story.session_id, story.events
        first = await remove_events(server, session_id)
        assert 1 < first <= len(sent)
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        assert (await one.call("session.get", session_id=session_id))["first_seq"] == first
        for after in (0, first - 2):
            for method in ("session.events", "session.subscribe"):
                data = await refused(one, method, session_id=session_id, after=after)
                assert (data["type"], data["first_seq"]) == ("events_gone", first)
                assert f"after {first - 1}" in data["detail"]
        found = await one.call("session.events", session_id=session_id, after=first - 1)
        assert found["events"] == sent[first - 1 :]
        await one.call("session.subscribe", session_id=session_id, after=first - 1)
        await one.until(lambda: one.of(session_id) == sent[first - 1 :], "what is left")
        path = f"/v1/orchestrator/stream/{session_id}"
        async with httpx.AsyncClient(base_url=server.http_url) as http:
            for answer in (
                await http.get(path),
                await http.get(path, headers={"Last-Event-ID": str(first - 2)}),
            ):
                assert answer.status_code == 410
                assert answer.json()["first_seq"] == first
            whole = await http.get(path, params={"after": first - 1})
            assert f"id: {first}\n" in whole.text
        # It goes on, and its numbers with it.
        await follow(one, session_id, "more")
        assert [event["params"]["seq"] for event in one.of(session_id)] == list(
            range(first, one.of(session_id)[-1]["params"]["seq"] + 1)
        )


async def test_a_reader_that_lags_behind_what_is_removed_is_told(serve: Serve) -> None:
    """It would skip events, and count those behind them wrongly."""
    async with serve(small_graphs.greeter, tail_bytes=0) as server, peer(server.url) as one:
        session_id = (await one.run("you")).session_id
        async with await server.core.sessions.cursor(session_id, 0) as cursor:
            first = await remove_events(server, session_id)
            with pytest.raises(EventsGone) as gone:
                await cursor.next()
            assert gone.value.first_seq == first


async def test_a_socket_that_lags_behind_what_is_removed_ends_and_says_why(serve: Serve) -> None:
    """What it has not been sent is gone: it must not wait for it, and is told where events begin now."""
    async with (
        serve(small_graphs.filling, tail_bytes=0) as server,
        # Who reads nothing gets no pong either.
        connect(server.url, proxy=None, max_queue=1, compression=None, ping_interval=None) as slow,
        peer(server.url) as one,
    ):
        subscribe = {"types": ["session.status"]}
        started = await one.call("query.start", query="3000", subscribe=subscribe)
        session_id = started["session_id"]
        params = {"session_id": session_id, "after": 0}
        call = {"jsonrpc": "2.0", "id": 1, "method": "session.subscribe", "params": params}
        await slow.send(json.dumps(call))
        assert await one.settled(session_id) == "completed"
        first = await remove_events(server, session_id)

        async def read_all() -> None:
            while True:
                await slow.recv()

        with pytest.raises(ConnectionClosedError) as closed:
            await read_all()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1011
        assert f"the events before {first} were removed" in closed.value.rcvd.reason


async def test_a_session_that_runs_keeps_all(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is under way is watched by somebody."""
    async with serve(small_graphs.waiting) as server, peer(server.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.event(session_id, "progress")
        sessions = server.core.sessions
        assert await upkeep.remove_old_events(sessions, AGE_OF_ALL) == 0
        assert await upkeep.remove_old_checkpoints(sessions, AGE_OF_ALL) == 0
        assert (await sessions.get(session_id)).first_seq == 1

        async def listed(before_ms: int, limit: int, after: str) -> list[str]:
            return [] if after else [session_id]

        # It rested when it was listed, and then somebody asked it something.
        monkeypatch.setattr(sessions.store, "old_threads", listed)
        assert await upkeep.remove_old_checkpoints(sessions, AGE_OF_ALL) == 0
        await one.call("query.cancel", session_id=session_id)


async def test_results_outlive_their_checkpoints_neighbours(serve: Serve) -> None:
    """The states between go; each answer in the log stays what it was, and the session goes on."""
    async with serve(talking, tail_bytes=0) as server, peer(server.url) as one:
        session_id = (await one.run(str(LARGE))).session_id
        for query in ("and", "so"):
            await follow(one, session_id, query)
        sessions = server.core.sessions
        before = len(sessions.store.outlines(session_id))
        kept = set(sessions.store.results_of(session_id))
        assert await upkeep.remove_old_checkpoints(sessions, AGE_OF_ALL) == 1
        left = {outline.checkpoint_id for outline in sessions.store.outlines(session_id)}
        assert left == kept
        assert len(left) == 3 < before
        events = await one.call("session.events", session_id=session_id)
        assert events["events"] == one.of(session_id)
        got = await one.call("session.get", session_id=session_id)
        assert got["result"] == one.of(session_id, "query.result")[-1]["params"]["result"]
        await follow(one, session_id, "on")
        said = one.of(session_id, "query.result")[-1]["params"]["result"]["said"]
        assert said[1::2] == ["ä" * LARGE, "and", "so", "on"]


async def test_a_session_that_was_advanced_since_it_was_read_is_not_pruned(serve: Serve) -> None:
    """Lists are stored as what they add to those before: nothing may be taken from under a run."""
    async with serve(talking) as server, peer(server.url) as one:
        session_id = (await one.run(str(LARGE))).session_id
        sessions = server.core.sessions
        record = await sessions.record(session_id)
        await follow(one, session_id, "and")
        before = sessions.store.outlines(session_id)
        with pytest.raises(RefusedError):
            await upkeep.prune(sessions, record, record.updated_at + 10**9)
        assert sessions.store.outlines(session_id) == before


async def test_the_server_removes_what_is_old_by_itself(serve: Serve) -> None:
    """As its settings say; by default it keeps events and checkpoints as long as their session."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        session_id = (await one.run("you")).session_id
        store = server.core.sessions.store
        saved = len(store.outlines(session_id))
    async with (
        serve(small_graphs.greeter, cleanup_interval_seconds=0.01) as server,
        peer(server.url) as one,
    ):
        # When the second one is removed, it has looked after everything since it removed the first.
        for _ in range(2):
            await age(server, (await one.run("old")).session_id, 8)
            async with asyncio.timeout(60):
                while (await one.call("session.list"))["total"] > 1:
                    pass
        record = await server.core.sessions.get(session_id)
        assert record.first_seq == 1
        assert len(server.core.sessions.store.outlines(session_id)) == saved > 1
    ages = {"event_max_age_seconds": 0.001, "checkpoint_max_age_seconds": 0.001}
    async with (
        serve(small_graphs.greeter, cleanup_interval_seconds=0.01, **ages) as server,
        peer(server.url) as one,
    ):
        store = server.core.sessions.store
        async with asyncio.timeout(60):
            while (await one.call("session.get", session_id=session_id))["first_seq"] == 1:
                pass
            while len(store.outlines(session_id)) > 1:
                await one.call("server.info")
