"""An answer comes before the events that its call sets off, whatever else happens."""

import asyncio
from typing import Any

from langgraph.config import get_stream_writer

from tests.support import small_graphs
from tests.support.events import Event
from tests.support.in_process import Serve
from tests.support.peer import Peer, peer
from tests.support.stream_rules import check_numbers, check_stream


def position(one: Peer, found: Any) -> int:
    return next(index for index, frame in enumerate(one.frames) if found(frame))


def is_event_of(run_id: str) -> Any:
    return lambda frame: isinstance(frame, dict) and frame.get("params", {}).get("run_id") == run_id


async def test_the_answer_comes_first(serve: Serve) -> None:
    """A client learns a session's id from the answer: events before it belong to nobody it knows."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        for number in range(20):
            await one.send(
                {
                    "jsonrpc": "2.0",
                    "method": "query.start",
                    "params": {"query": f"q{number}"},
                    "id": f"s{number}",
                }
            )
        await one.until(lambda: len(one.events) == 20, "20 sessions")
        for number in range(20):
            answer = await one.until(
                lambda n=number: [f for f in one.frames if f.get("id") == f"s{n}"], "an answer"
            )
            run_id = answer[0]["result"]["run_id"]
            assert one.frames.index(answer[0]) < position(one, is_event_of(run_id))


async def test_the_answer_comes_first_on_a_follow_up(serve: Serve) -> None:
    """The same where the connection has a subscription to the session already, and none is new."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("first")
        for subscribe in (False, True, False):
            started = await one.call(
                "query.start", query="next", session_id=story.session_id, subscribe=subscribe
            )
            await one.settled(story.session_id, started["run_id"])
            answered = position(
                one, lambda f, r=started["run_id"]: f.get("result", {}).get("run_id") == r
            )
            assert answered < position(one, is_event_of(started["run_id"]))
        check_stream(one.events[story.session_id])


async def test_the_answers_of_a_batch_come_first(serve: Serve) -> None:
    """Two queries in a batch are answered in one frame; their events follow it."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        starts = [
            {"jsonrpc": "2.0", "method": "query.start", "params": [f"q{n}"], "id": n}
            for n in (1, 2)
        ]
        await one.send(starts)
        await one.until(lambda: len(one.events) == 2, "two sessions")
        assert isinstance(one.frames[0], list)
        for answer in one.frames[0]:
            assert await one.settled(answer["result"]["session_id"]) == "completed"


async def test_the_answer_to_respond_comes_before_what_it_sets_off(serve: Serve) -> None:
    """A person's answer is acknowledged, then acted upon."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("name?")
        assert story.status == "waiting"
        await one.respond(story, "Ada")
        acknowledged = position(one, lambda f: f.get("result", {}).get("status") == "running")
        resumed = position(
            one,
            lambda f: (
                f.get("method") == "node.started"
                and f["params"]["seq"] > 5
                and f["params"]["node"] == "hello"
            ),
        )
        assert acknowledged < resumed
        assert story.result["said"] == ["Ada", "hello name?"]


async def test_a_subscription_goes_on_exactly_after(serve: Serve) -> None:
    """`after: N` gives N + 1 first, for every N, and a second subscription replaces the first."""
    async with serve(small_graphs.greeter) as server:
        async with peer(server.url) as one:
            story = await one.run("x")
            last = len(story.events)
        for after in range(last + 1):
            async with peer(server.url) as other:
                subscribed = await other.call(
                    "session.subscribe", session_id=story.session_id, after=after
                )
                assert subscribed["seq"] == last
                if after == last:
                    assert other.events == {}
                    continue
                got = await other.until(
                    lambda o=other, n=after: (
                        len(o.of(story.session_id)) == last - n and o.of(story.session_id)
                    ),
                    f"events after {after}",
                )
                check_numbers(got, after + 1)
                assert got == story.events[after:]
        async with peer(server.url) as other:
            refused = await other.answer(
                "session.subscribe", {"session_id": story.session_id, "after": last + 1}
            )
            assert refused["error"]["data"]["path"] == "$.after"


async def test_types_and_batches(serve: Serve) -> None:
    """A reader of one type of event is not sent the others; one that takes batches gets fewer frames."""
    async with serve(small_graphs.writing) as server, peer(server.url) as one:
        story = await one.run("3000", subscribe={"types": ["progress", "session.status"]})
        assert {event["method"] for event in story.events} == {"progress", "session.status"}
        assert [p["data"]["number"] for p in story.of("progress")] == list(range(3000))
        async with peer(server.url) as other:
            await other.call("session.subscribe", session_id=story.session_id, batch=True)
            await other.settled(story.session_id)
            frames = [frame for frame in other.frames if not isinstance(frame, dict)]
            assert 0 < len(frames) < 300
            check_stream(other.events[story.session_id])


async def test_unsubscribe_ends_the_events_and_not_the_run(serve: Serve) -> None:
    """A client that has seen enough is left in peace; the run is not its to end."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        await one.call("session.unsubscribe", session_id=story.session_id)
        seen = len(story.events)
        await one.call("query.respond", session_id=story.session_id, value="yes")
        async with peer(server.url) as other:
            await other.call("session.subscribe", session_id=story.session_id, after=seen)
            assert await other.settled(story.session_id) == "completed"
        assert (await one.call("session.get", session_id=story.session_id))["status"] == "completed"
        assert len(story.events) == seen


async def test_events_are_for_sockets_only_and_post_says_so(serve: Serve) -> None:
    """`session.subscribe` over POST would have nowhere to send to."""
    import httpx

    async with (
        serve(small_graphs.greeter) as server,
        peer(server.url) as one,
        httpx.AsyncClient(trust_env=False, verify=False) as client,
    ):
        story = await one.run("x")
        request = {
            "jsonrpc": "2.0",
            "method": "session.subscribe",
            "params": [story.session_id],
            "id": 1,
        }
        answer = (await client.post(f"{server.http_url}/rpc", json=request)).json()
        assert answer["error"]["code"] == -32600
        assert "session.events" in answer["error"]["data"]["detail"]
        started = {"jsonrpc": "2.0", "method": "query.start", "params": ["y"], "id": 2}
        result = (await client.post(f"{server.http_url}/rpc", json=started)).json()["result"]
        await one.call("session.subscribe", session_id=result["session_id"])
        assert await one.settled(result["session_id"]) == "completed"
        check_stream(one.events[result["session_id"]])


async def test_a_reader_of_batches_that_keeps_up_gets_single_frames(serve: Serve) -> None:
    """A client that takes batches shows what comes as it comes: one event is a notification, not an array."""
    told = [Event() for _ in range(6)]

    async def repeat(state: small_graphs.State) -> small_graphs.State:
        writer = get_stream_writer()
        for number, now in enumerate(told[:5], 1):
            await now.wait()
            writer({"number": number})
        await told[5].wait()
        return {"said": ["repeated"]}

    async with serve(small_graphs.chain(repeat)) as server, peer(server.url) as one:
        started = await one.call("query.start", query="x", subscribe={"batch": True})
        session_id = started["session_id"]
        # What comes before it may come together.
        await one.event(session_id, "node.started")
        for number, now in enumerate(told[:5], 1):
            now.set()
            await one.event(session_id, "progress", number)
        told[5].set()
        assert await one.settled(session_id) == "completed"
        progress = [f for f in one.frames if isinstance(f, dict) and f.get("method") == "progress"]
        assert [frame["params"]["data"]["number"] for frame in progress] == [1, 2, 3, 4, 5]

        last = one.events[session_id][-1]
        async with peer(server.url) as other:
            await other.call(
                "session.subscribe",
                session_id=session_id,
                after=last["params"]["seq"] - 1,
                batch=True,
            )
            await other.until(lambda: len(other.frames) == 2, "the last event")
            assert other.frames[1] == last


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("debug.setBreakpoint", {"node_name": "hello"}),
    ("debug.setState", {"values": {"query": "changed"}}),
    ("debug.step", {}),
    ("query.respond", {"value": "Ada"}),
    ("debug.continue", {}),
    ("debug.rewind", {}),
    ("query.cancel", {}),
    ("session.delete", {}),
]


async def test_every_answer_comes_before_what_its_call_sets_off(serve: Serve) -> None:
    """A client knows which of its calls an event is of by what it was answered before."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        for _ in range(5):
            started = await one.call("query.start", query="name?", debug_mode=True)
            session_id = started["session_id"]
            await one.settled(session_id)
            for method, params in CHANGES:
                last = one.of(session_id)[-1]["params"]["seq"]
                given = {"session_id": session_id, **params}
                if method == "debug.rewind":
                    history = await one.call("debug.history", session_id=session_id)
                    given["checkpoint_id"] = history["checkpoints"][-1]["checkpoint_id"]
                frames = len(one.frames)
                await one.call(method, **given)
                new = one.frames[frames:]
                answered = next(at for at, frame in enumerate(new) if "id" in frame)
                told = [f for f in new[:answered] if f["params"]["seq"] > last]
                assert told == [], (method, told)
                while (
                    method != "session.delete"
                    and (await one.call("session.get", session_id=session_id))["status"]
                    == "running"
                ):
                    pass
                if method != "session.delete":
                    record = await one.call("session.get", session_id=session_id)
                    await one.until(
                        lambda s=session_id, n=record["seq"]: one.of(s)[-1]["params"]["seq"] >= n,
                        f"the events of {method}",
                    )
            await one.event(session_id, "session.deleted")
            check_numbers(one.of(session_id))


async def test_what_others_do_is_told_while_a_call_is_answered(serve: Serve) -> None:
    """Events that were there before the call are not held up by one that takes long."""
    async with serve(small_graphs.writing) as server:
        async with peer(server.url) as first:
            story = await first.run("2000")
        async with peer(server.url) as one:
            await one.call("session.subscribe", session_id=story.session_id)
            async with server.core.sessions.locks(story.session_id):
                asked = asyncio.create_task(one.call("session.delete", session_id=story.session_id))
                last = story.events[-1]["params"]["seq"]
                await one.until(
                    lambda: (
                        one.of(story.session_id)[-1:]
                        and one.of(story.session_id)[-1]["params"]["seq"] == last
                    ),
                    "what was there",
                )
                assert not asked.done()
            await asked
            await one.event(story.session_id, "session.deleted")


async def test_a_subscription_that_is_replaced_meanwhile_holds_back_too(serve: Serve) -> None:
    """A client that subscribes anew while its call is answered is told the answer first all the same."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x")
        async with server.core.sessions.locks(story.session_id):
            asked = asyncio.create_task(one.call("session.delete", session_id=story.session_id))
            await one.call("server.info")
            await one.call("session.subscribe", session_id=story.session_id)
        await asked
        await one.event(story.session_id, "session.deleted")
        answered = position(one, lambda f: f.get("result", {}).get("deleted"))
        assert answered < position(one, lambda f: f.get("method") == "session.deleted")
