"""Places of runs are shared fairly: between clients, whoever came first with however much."""

import asyncio
import random
from collections import Counter

import httpx
import pytest

from rpc.slots import Slots
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import Refused, peer


async def waiting(slots: Slots, who: str, got: list[str]) -> "asyncio.Task[None]":
    """Stand in line for one, and note when it is had."""

    async def wait() -> None:
        await slots.wait(who)
        got.append(who)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    return task


async def test_who_has_least_is_next() -> None:
    slots = Slots(4)
    assert all(slots.take("much") for _ in range(4))
    assert not slots.take("little")
    got: list[str] = []
    for _ in range(1000):
        await waiting(slots, "much", got)
    await waiting(slots, "little", got)
    await waiting(slots, "other", got)
    for _ in range(4):
        slots.release("much")
        await asyncio.sleep(0)
    # The first of each behind none of the thousand; then as many as each has.
    assert got == ["little", "other", "much", "much"]
    assert slots.queued == 998
    slots.release("little")
    await asyncio.sleep(0)
    assert got[-1] == "much"


async def test_one_is_not_lost_with_whoever_leaves_the_line() -> None:
    """Cancelled while it waits, and in the moment in which it was its turn."""
    chance = random.Random(3)
    slots = Slots(3)
    held: list[str] = []
    got: list[str] = []
    tasks: list[tuple[str, asyncio.Task[None]]] = []
    for _ in range(3000):
        who = chance.choice("abc")
        match chance.randrange(3):
            case 0:
                tasks.append((who, await waiting(slots, who, held)))
            case 1 if held:
                slots.release(held.pop(chance.randrange(len(held))))
                if chance.random() < 0.3 and tasks:
                    tasks[chance.randrange(len(tasks))][1].cancel()
            case _ if tasks:
                tasks.pop(chance.randrange(len(tasks)))[1].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert slots.total == len(held) <= 3
        assert Counter(held) == slots.taken
    assert got == []
    for _, task in tasks:
        task.cancel()
    await asyncio.sleep(0)
    for who in held:
        slots.release(who)
    assert (slots.total, slots.queued, slots.waiting) == (0, 0, {})


async def test_another_clients_run_does_not_wait_behind_many(serve: Serve) -> None:
    """Over real connections from two addresses; `/health` shows slots, line and the oldest run."""
    async with (
        serve(small_graphs.waiting, max_running=2, max_queued=40) as server,
        peer(server.url) as much,
        peer(server.url, local_addr=("127.0.0.2", 0)) as little,
    ):
        ids = [
            (await much.call("query.start", query=f"q{n}", subscribe=False))["session_id"]
            for n in range(23)
        ]
        with pytest.raises(Refused) as refused:
            await much.call("query.start", query="one more")
        assert refused.value.type == "overloaded"
        own = await little.call("query.start", query="mine")
        async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
            counts = (await http.get("/health")).json()["counts"]
        assert (counts["max_running"], counts["runs_running"], counts["runs_queued"]) == (2, 2, 22)
        assert counts["oldest_run_seconds"] >= 0
        await much.call("query.cancel", session_id=ids[0])
        await little.event(own["session_id"], "node.started")
        listed = await much.call("session.list", status="queued", limit=100)
        assert listed["total"] == 21


@pytest.mark.parametrize("graph_loop", ["own", "server"])
async def test_a_run_that_never_ends_gives_its_place_back(serve: Serve, graph_loop: str) -> None:
    """Where runs have a limit: else it would hold the only place for ever."""
    graphs = {"waiting": small_graphs.waiting, "greeter": small_graphs.greeter}
    async with (
        serve(graphs, max_running=1, run_timeout_seconds=0.3, graph_loop=graph_loop) as server,
        peer(server.url) as one,
    ):
        holds = (await one.call("query.start", query="x", graph="waiting"))["session_id"]
        # On a busy machine it may come to the limit itself: only who has the place does.
        next_one = await one.run("y", graph="greeter")
        assert next_one.status == "completed" or next_one.failure["type"] == "run_timeout"
        assert await one.settled(holds) == "failed"
        found = await one.call("session.get", session_id=holds)
        assert found["error"]["type"] == "run_timeout"
        # On a busy machine the limit may be over before its node has begun.
        begun = one.of(holds, "node.started")
        assert found["error"]["node"] == ("wait" if begun else None)


async def test_a_place_passes_by_whoever_is_leaving_the_line() -> None:
    """Cancelled in the very moment in which a place is given back: all who wait may be, as when a server stops."""
    slots = Slots(1)
    assert slots.take("a")
    got: list[str] = []
    leaving = [await waiting(slots, "b", got) for _ in range(3)]
    await waiting(slots, "c", got)
    for task in leaving:
        task.cancel()
    slots.release("a")
    await asyncio.gather(*leaving, return_exceptions=True)
    await asyncio.sleep(0)
    assert got == ["c"]
    slots.release("c")
    assert (slots.total, slots.queued, dict(slots.waiting)) == (0, 0, {})
