"""A clock that was ahead is set back, as machines do that were without their network: what is saved then comes behind what is there."""

import pytest

from tests.faults.conftest import Faulty, StartFaulty
from tests.support.clocks import apart
from tests.support.peer import Refused, peer

SAID = [f"step {n}" for n in range(6)]


def starts(world: Faulty, by: str) -> None:
    """Start its server with a clock that is ahead or behind."""
    world.server.env |= apart(by)
    world.server.start()


async def test_what_is_saved_after_it_is_the_newest(faulty: StartFaulty) -> None:
    """A user would lose what was said since: the next query would go on from before it."""
    world = faulty("steps", start=False)
    starts(world, "+1h")
    async with peer(world.url) as one:
        session_id = (await one.run("q1")).session_id
    assert world.server.stop() == 0
    starts(world, "-1h")
    async with peer(world.url) as one:
        for number in (2, 3):
            story = await one.run(f"q{number}", session_id=session_id)
            assert story.of("query.result")[-1]["result"]["said"] == SAID * number
        history = await one.call("debug.history", session_id=session_id)
        shown = [each["checkpoint_id"] for each in history["checkpoints"]]
        assert shown == sorted(shown, reverse=True)


async def test_a_branch_that_is_begun_after_it_is_the_newest(faulty: StartFaulty) -> None:
    """A rewind goes back to a checkpoint by its id; what comes of it is newer than all that is there."""
    world = faulty("steps", start=False)
    starts(world, "+1h")
    async with peer(world.url) as one:
        session_id = (await one.run("q1")).session_id
    assert world.server.stop() == 0
    starts(world, "-1h")
    async with peer(world.url) as one:
        history = await one.call("debug.history", session_id=session_id)
        (third,) = [each for each in history["checkpoints"] if each["next"] == ["step3"]]
        await one.call("debug.attach", session_id=session_id)
        await one.call("debug.rewind", session_id=session_id, checkpoint_id=third["checkpoint_id"])
        looked = await one.call("debug.inspect", session_id=session_id)
        assert looked["next"] == ["step3"]
        stood = (await one.call("session.get", session_id=session_id))["seq"]
        await one.call("session.subscribe", session_id=session_id, after=stood)
        await one.call("debug.detach", session_id=session_id)
        assert await one.settled(session_id, after=stood) == "completed"
        assert world.journal().count("step 3 q1") == 2
        story = await one.run("q2", session_id=session_id)
        assert story.of("query.result")[-1]["result"]["said"] == SAID * 2


async def test_queries_of_an_hour_ahead_are_not_of_this_minute(faulty: StartFaulty) -> None:
    """Whoever had asked as much as they may would have to wait for an hour."""
    world = faulty("steps", start=False, settings={"max_queries_per_minute": 2})
    starts(world, "+1h")
    async with peer(world.url) as one:
        for _ in range(2):
            assert (await one.run("q")).status == "completed"
        with pytest.raises(Refused) as refused:
            await one.call("query.start", query="q")
        assert refused.value.type == "rate_limited"
    assert world.server.stop() == 0
    starts(world, "-1h")
    async with peer(world.url) as one:
        assert (await one.run("q")).status == "completed"
