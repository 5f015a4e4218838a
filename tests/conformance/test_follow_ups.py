"""A follow-up query, an answer, a debugger's call: the subscription that is there loses nothing by it."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import Peer, peer
from tests.support.stream_rules import check_stream


async def seen(one: Peer, session_id: str, seq: int) -> list[dict[str, Any]]:
    """All events of the session, once the one of that number came."""

    def there() -> bool:
        events = one.of(session_id)
        return bool(events) and events[-1]["params"]["seq"] >= seq

    await one.until(there, f"event {seq}")
    return one.of(session_id)


@pytest.mark.parametrize("subscribe", [None, True, {}, {"batch": True}, {"batch": False}])
async def test_a_follow_up_leaves_out_nothing_that_is_under_way(
    serve: Serve, subscribe: Any
) -> None:
    """A reader behind by thousands of stored events asks the next question: every event comes, once."""
    async with serve(small_graphs.writing) as server:
        async with peer(server.url) as first:
            story = await first.run("5000")
            stored = len(story.events)
        # The events are not read before both calls are sent; two calls at once would be carried out in any order.
        async with connect(server.url, proxy=None, max_queue=1) as socket:
            one = Peer(socket)
            more = {} if subscribe is None else {"subscribe": subscribe}
            await one.send(
                {
                    "jsonrpc": "2.0",
                    "id": "s",
                    "method": "session.subscribe",
                    "params": {"session_id": story.session_id},
                }
            )
            assert json.loads(await socket.recv())["id"] == "s"
            await one.send(
                {
                    "jsonrpc": "2.0",
                    "id": "q",
                    "method": "query.start",
                    "params": {"query": "3", "session_id": story.session_id, **more},
                }
            )
            reading = asyncio.create_task(one.read())
            assert await one.settled(story.session_id, after=stored) == "completed"
            events = one.of(story.session_id)
            check_stream(events)
            assert [event["params"]["seq"] for event in events] == list(range(1, len(events) + 1))
            assert len(events) > stored
        await reading


async def test_a_follow_up_keeps_types_and_batch(serve: Serve) -> None:
    """Who asked for progress only, in arrays, gets that of the next run too."""
    async with serve(small_graphs.writing) as server, peer(server.url) as one:
        started = await one.call(
            "query.start", query="3000", subscribe={"types": ["progress"], "batch": True}
        )
        session_id = started["session_id"]
        await one.until(lambda: len(one.of(session_id)) == 3000, "the first run's progress")
        while (await one.call("session.get", session_id=session_id))["status"] != "completed":
            pass
        again = await one.call("query.start", query="3000", session_id=session_id)
        await one.until(lambda: len(one.of(session_id)) == 6000, "the second run's progress")
        frames = [
            frame
            for frame in one.frames
            if isinstance(frame, list) and frame[0]["params"]["run_id"] == again["run_id"]
        ]
        assert frames
        assert {event["method"] for event in one.of(session_id)} == {"progress"}


async def test_a_follow_up_can_change_the_types_from_its_run_on(serve: Serve) -> None:
    """What the subscription still owes of the run before it is of the types that were asked for then."""
    async with serve(small_graphs.writing) as server:
        async with peer(server.url) as first:
            story = await first.run("2000")
            stored = len(story.events)
        async with peer(server.url) as one:
            params = {"session_id": story.session_id, "types": ["progress"]}
            # The answer comes before the events. Two calls at once would be carried out in any order.
            await one.call("session.subscribe", **params)
            again = await one.call(
                "query.start",
                query="3",
                session_id=story.session_id,
                subscribe={"types": ["session.status"]},
            )
            assert await one.settled(story.session_id, again["run_id"]) == "completed"
            events = one.of(story.session_id)
            before = [event for event in events if event["params"]["seq"] <= stored]
            after = [event for event in events if event["params"]["seq"] > stored]
            assert [event["params"]["data"]["number"] for event in before] == list(range(2000))
            assert {event["method"] for event in after} == {"session.status"}


async def test_copies_of_one_query_on_one_connection_get_each_event_once(serve: Serve) -> None:
    """A client that retries too early must not see its run twice."""
    async with serve(small_graphs.writing) as server, peer(server.url) as one:
        answers = await asyncio.gather(
            *(one.call("query.start", query="500", idempotency_key="k") for _ in range(5))
        )
        session_id = answers[0]["session_id"]
        await one.settled(session_id)
        check_stream(one.of(session_id))


async def test_an_answer_leaves_the_subscription_where_it_is(serve: Serve) -> None:
    """`query.respond` in a session whose reader lags and wants few types."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        started = await one.call("query.start", query="?", subscribe={"types": ["query.result"]})
        session_id = started["session_id"]
        while (await one.call("session.get", session_id=session_id))["status"] != "waiting":
            pass
        await one.call("query.respond", session_id=session_id, value="yes")
        await one.event(session_id, "query.result")
        assert [event["method"] for event in one.of(session_id)] == ["query.result"]
