"""The process is killed (SIGKILL) and started again: promise 4, and nothing that a client saw is undone."""

import asyncio
from collections import Counter
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.faults.conftest import StartFaulty, rest_of
from tests.support.peer import SETTLED, Peer, Story, peer
from tests.support.stream_rules import check_stream

COMMIT = "rpc.storage.sqlite.store:SQLiteStore.write"
APUT = "rpc.engine.checkpoints.saver:Saver.aput"
APUT_WRITES = "rpc.engine.checkpoints.saver:Saver.aput_writes"


async def held(one: Peer, session_id: str) -> None:
    """Wait until a node of the session says that it stands."""
    await one.until(
        lambda: [e for e in one.of(session_id, "progress") if "held" in e["params"]["data"]],
        "a node that is held",
    )


def rests(events: list[dict[str, Any]]) -> bool:
    """Whether they end where nothing more happens by itself."""
    return bool(events) and events[-1]["params"].get("status") in SETTLED


def recovered(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["params"] for event in events if event["method"] == "session.recovered"]


async def test_mid_run(faulty: StartFaulty) -> None:
    """A query outlives the server: what was done stays done, the stream has no gap and no repeat."""
    world = faulty("looping")
    async with peer(world.url) as one:
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await held(one, session_id)
        world.server.kill9()
        await one.until(lambda: one.closed, "the end of the connection")
        seen = one.events[session_id]
    world.let_go()
    world.server.restart()
    async with peer(world.url) as two:
        events = await rest_of(two, session_id, seen)
        check_stream(events)
        (again,) = recovered(events)
        saved = [
            event["params"]["checkpoint_id"]
            for event in seen
            if event["method"] == "state.checkpoint"
        ]
        assert again["reason"] == "restart"
        assert again["checkpoint_id"] == saved[-1]
        assert events[-2]["params"]["result"]["said"] == [
            "first",
            *(f"loop {n}" for n in range(1, 11)),
        ]
        # And from the beginning it is the same story.
        async with peer(world.url) as three:
            assert await rest_of(three, session_id, []) == events
    did = Counter(world.journal())
    assert did.pop("loop 5 x") == 2
    assert set(did.values()) == {1}


async def test_again_and_again(faulty: StartFaulty) -> None:
    """A server that keeps falling still gets there, one checkpoint further each time."""
    world = faulty("looping", start=False)
    world.let_go()
    session_id, seen = "", list[Any]()
    for number in range(4):
        # Each process saves a few checkpoints and dies.
        world.dies(APUT, "4")
        world.server.start()
        # It may die before it takes the connection.
        with suppress(InvalidHandshake, OSError) if number else nullcontext():
            async with peer(world.url) as one:
                if number == 0:
                    # Nobody gets an answer that is sent before a death for sure: ask with a key.
                    session_id = (await one.call("query.start", query="x"))["session_id"]
                else:
                    # It may die before it can answer.
                    with suppress(AssertionError, ConnectionClosed):
                        await one.call("session.subscribe", session_id=session_id, after=len(seen))
                await one.until(lambda o=one: o.closed, "its death")
                seen += one.events.get(session_id, [])
        await asyncio.to_thread(world.server.kill9)
    world.lives()
    world.server.start()
    async with peer(world.url) as one:
        events = await rest_of(one, session_id, seen)
    check_stream(events)
    assert events[-1]["params"]["status"] == "completed"
    assert events[-2]["params"]["result"]["said"][-1] == "loop 10"
    assert 1 <= len(recovered(events)) <= 4


async def test_many_sessions_at_once(faulty: StartFaulty) -> None:
    """Forty queries in all stages, and all of them end; each client's stream is whole."""
    world = faulty("looping", "several")
    async with peer(world.url) as one:
        started = await asyncio.gather(
            *(
                one.call("query.start", query=f"q{n}", graph=("looping", "several")[n % 2])
                for n in range(40)
            )
        )
        ids = [answer["session_id"] for answer in started]
        for session_id in ids[::4]:
            await held(one, session_id)
        world.server.kill9()
        await one.until(lambda: one.closed, "the end of the connection")
        seen = dict(one.events)
    world.let_go()
    world.server.restart()
    async with peer(world.url) as two:
        for number, session_id in enumerate(ids):
            events = seen.get(session_id, [])
            if not rests(events):
                events = await rest_of(two, session_id, events)
            if number % 2:
                assert events[-1]["params"]["status"] == "waiting"
                await two.call("session.unsubscribe", session_id=session_id)
                two.events.pop(session_id, None)
                await two.call("query.respond", session_id=session_id, value="yes")
                events = await rest_of(two, session_id, events)
            check_stream(events)
            assert events[-1]["params"]["status"] == "completed"
    assert (Counter(world.journal())["first q0"], len(ids)) == (1, 40)


async def test_while_it_waits_for_a_person(faulty: StartFaulty) -> None:
    """A question stays open over a restart, is not asked twice, and its answer still works."""
    world = faulty("several")
    async with peer(world.url) as one:
        story = await one.run("x")
        assert story.status == "waiting"
        seen = story.events
    world.server.kill9()
    world.server.restart()
    async with peer(world.url) as two:
        session = await two.call("session.get", session_id=story.session_id)
        assert session["status"] == "waiting"
        assert session["seq"] == len(seen)
        assert session["interrupts"][0]["value"] == "sure?"
        await two.call("query.respond", session_id=story.session_id, value="yes")
        events = await rest_of(two, story.session_id, seen)
    check_stream(events)
    assert recovered(events) == []
    assert [event["method"] for event in events].count("input.requested") == 1
    assert events[-2]["params"]["result"]["said"] == ["quick x", "yes", "quick x"]


@pytest.mark.parametrize(
    ("place", "number"),
    [
        # The commit of the answer itself, before and after; what comes right behind it.
        (COMMIT, "1+"),
        (COMMIT, "2"),
        (APUT_WRITES, "1"),
        (APUT_WRITES, "1+"),
        (APUT, "1"),
        (APUT, "2+"),
    ],
)
async def test_right_after_an_answer(faulty: StartFaulty, place: str, number: str) -> None:
    """An answer that was acknowledged is neither lost nor given to the node twice."""
    world = faulty("several")
    async with peer(world.url) as one:
        story = await one.run("x")
        seen = story.events
    world.server.kill9()
    world.dies(place, number)
    world.server.restart()
    async with peer(world.url) as two:
        await two.call("session.subscribe", session_id=story.session_id, after=len(seen))
        try:
            await two.call("query.respond", session_id=story.session_id, value="yes")
            acknowledged = True
        except AssertionError:
            acknowledged = False
        await two.until(lambda: two.closed, "its death")
        seen = [*seen, *two.events.get(story.session_id, [])]
        await asyncio.to_thread(world.server.kill9)
    world.lives()
    world.server.restart()
    async with peer(world.url) as three:
        session = await three.call("session.get", session_id=story.session_id)
        if session["status"] == "waiting":
            assert not acknowledged
            await three.call("query.respond", session_id=story.session_id, value="yes")
        events = await rest_of(three, story.session_id, seen)
    check_stream(events)
    assert events[-2]["params"]["result"]["said"] == ["quick x", "yes", "quick x"]


async def test_between_two_questions_of_one_node(faulty: StartFaulty) -> None:
    """The first answer must not be taken for the second's when the node is entered again."""
    world = faulty("asking")
    async with peer(world.url) as one:
        story = await one.run("x")
        await one.call("query.respond", session_id=story.session_id, value="Ada")
        await held(one, story.session_id)
        seen = story.events
        world.server.kill9()
        await one.until(lambda: one.closed, "the end of the connection")
    world.let_go()
    world.server.restart()
    async with peer(world.url) as two:
        events = await rest_of(two, story.session_id, seen)
        assert events[-1]["params"]["status"] == "waiting"
        questions = [e["params"]["value"] for e in events if e["method"] == "input.requested"]
        assert questions == ["name?", "age?"]
        assert await two.respond(Story(two, story.session_id, ""), 36) == "completed"
        events = [*seen, *two.events[story.session_id]]
    check_stream(events)
    assert sorted(events[-2]["params"]["result"]["said"]) == ["Ada 36", "first", "last"]
    assert world.journal() == ["first x", "answer Ada", "answer Ada", "answer Ada", "answer 36"]


async def test_when_the_second_question_was_asked_and_not_recorded(faulty: StartFaulty) -> None:
    """The node asks again; the answer to its first question is not given to its second."""
    world = faulty("asking")
    world.let_go()
    async with peer(world.url) as one:
        story = await one.run("x")
        seen = story.events
    world.server.kill9()
    world.dies("rpc.sessions.running.recording:Recording.record", "1")
    world.server.restart()
    async with peer(world.url) as two:
        await two.call("session.subscribe", session_id=story.session_id, after=len(seen))
        await two.call("query.respond", session_id=story.session_id, value="Ada")
        await two.until(lambda: two.closed, "its death")
        seen = [*seen, *two.events.get(story.session_id, [])]
        await asyncio.to_thread(world.server.kill9)
    world.lives()
    world.server.restart()
    async with peer(world.url) as three:
        events = await rest_of(three, story.session_id, seen)
        session = await three.call("session.get", session_id=story.session_id)
        assert [one["value"] for one in session["interrupts"]] == ["age?"]
        assert await three.respond(Story(three, story.session_id, ""), 36) == "completed"
        events = [*seen, *three.events[story.session_id]]
    check_stream(events)
    assert sorted(events[-2]["params"]["result"]["said"]) == ["Ada 36", "first", "last"]


async def test_while_it_waits_for_its_turn(faulty: StartFaulty) -> None:
    """A run in line is still in line after a restart, and says so only once."""
    world = faulty("looping", "several", settings={"max_running": 1})
    async with peer(world.url) as one:
        first = (await one.call("query.start", query="x"))["session_id"]
        await held(one, first)
        second = (await one.call("query.start", query="y", graph="several"))["session_id"]
        await one.event(second, "session.status")
        seen = dict(one.events)
        world.server.kill9()
    world.let_go()
    world.server.restart()
    async with peer(world.url) as two:
        for session_id, status in ((first, "completed"), (second, "waiting")):
            events = await rest_of(two, session_id, seen[session_id])
            check_stream(events)
            assert events[-1]["params"]["status"] == status
            told = [e["params"]["status"] for e in events if e["method"] == "session.status"]
            assert told.count("queued") == 1


async def test_between_the_commit_of_a_query_and_its_launch(faulty: StartFaulty) -> None:
    """A query that was answered runs, though the server fell before it could even begin."""
    world = faulty("several", start=False)
    world.dies("rpc.sessions.running.executor:TaskGroupExecutor.begin", "1")
    world.server.start()
    async with peer(world.url) as one:
        started = await one.call("query.start", query="x", idempotency_key="k")
        await one.until(lambda: one.closed, "its death")
        await asyncio.to_thread(world.server.kill9)
    world.lives()
    world.server.start()
    async with peer(world.url) as two:
        again = await two.call("query.start", query="x", idempotency_key="k")
        assert (again["session_id"], again["run_id"]) == (started["session_id"], started["run_id"])
        await two.settled(started["session_id"])
        check_stream(two.events[started["session_id"]])
        statuses = [
            event["params"]["status"] for event in two.of(started["session_id"], "session.status")
        ]
        assert statuses == ["queued", "running", "waiting"]


@pytest.mark.parametrize(
    ("place", "number"),
    [
        (COMMIT, "1"),
        (COMMIT, "1+"),
        (COMMIT, "2"),
        (COMMIT, "3+"),
        (COMMIT, "4"),
        (COMMIT, "5+"),
        (COMMIT, "5"),
        (APUT, "1+"),
        (APUT, "3"),
        (APUT_WRITES, "1+"),
        (APUT_WRITES, "2"),
    ],
)
async def test_at_an_exact_moment(faulty: StartFaulty, place: str, number: str) -> None:
    """Wherever it falls, a retry with the key gets one run, and its stream is whole."""
    world = faulty("several", start=False)
    world.dies(place, number)
    world.server.start()
    seen: dict[str, list[Any]] = {}
    params = {"query": "x", "idempotency_key": "k"}
    async with peer(world.url) as one:
        with suppress(AssertionError):
            await one.call("query.start", **params)
        # Where few commits took all of it, there is no such moment: it is killed where it waits.
        await one.until(
            lambda: one.closed or any(map(rests, one.events.values())), "its death, or its rest"
        )
        await asyncio.to_thread(world.server.kill9)
        await one.until(lambda: one.closed, "the end of the connection")
        seen = dict(one.events)
    world.lives()
    world.server.start()
    async with peer(world.url) as two:
        session_id = (await two.call("query.start", **params, subscribe=False))["session_id"]
        assert set(seen) <= {session_id}
        before = seen.get(session_id, [])
        await two.call("session.subscribe", session_id=session_id, after=len(before))
        if not rests(before):
            assert await two.settled(session_id) == "waiting"
        last = [*before, *two.of(session_id)][-1]["params"]["seq"]
        await two.call("query.respond", session_id=session_id, value="yes")
        assert await two.settled(session_id, after=last) == "completed"
        events = [*before, *two.of(session_id)]
        assert (await two.call("session.list"))["total"] == 1
    check_stream(events)
    assert events[-2]["params"]["result"]["said"] == ["quick x", "yes", "quick x"]
