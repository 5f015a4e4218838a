"""One client's many searches: his own to wait for, and bounded."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from protocol.errors import RATE_LIMITED, ProtocolError
from rpc.methods.turns import Turns
from rpc.settings import Settings
from rpc.storage.sqlite.store import SQLiteStore
from tests.storage.made import with_run
from tests.support import small_graphs
from tests.support.in_process import Serve, serve
from tests.support.peer import Refused, peer

__all__ = ["serve"]


class Work:
    """Pieces that last until they are let go, in the order in which they began."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    async def piece(self, client: str, name: str) -> None:
        async with self.turns.turn(client):
            self.begun.append(name)
            await self.ends.setdefault(name, asyncio.Event()).wait()

    def start(self, client: str, name: str) -> "asyncio.Task[None]":
        return asyncio.create_task(self.piece(client, name))

    async def end(self, name: str) -> None:
        self.ends[name].set()
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def idle(turns: Turns) -> bool:
    """Whether nobody has a turn, or waits for one."""
    slots = turns.slots
    return (slots.total, slots.queued, dict(slots.waiting), +slots.taken) == (0, 0, {}, {})


async def test_others_do_not_wait_behind_ones_many() -> None:
    """Sixty of one client's: another's begins at once, and a third's after one of them."""
    work = Work(Turns(2, 100, "max_searches"))
    tasks = [work.start("a", f"a{n}") for n in range(60)]
    await settle()
    assert work.begun == ["a0"]
    tasks += [work.start("b", "b0"), work.start("c", "c0")]
    await settle()
    assert work.begun == ["a0", "b0"]
    await work.end("a0")
    assert work.begun == ["a0", "b0", "c0"]
    await work.end("b0")
    assert work.begun == ["a0", "b0", "c0", "a1"]
    for name in ("c0", *(f"a{n}" for n in range(1, 60))):
        await work.end(name)
    await asyncio.gather(*tasks)
    assert idle(work.turns)


async def test_too_many_of_one_client_are_refused() -> None:
    """The limit, when to come back, and nobody else's."""
    work = Work(Turns(1, 3, "max_searches"))
    tasks = [work.start("a", f"a{n}") for n in range(3)]
    await settle()
    with pytest.raises(ProtocolError) as refused:
        await work.piece("a", "a3")
    assert refused.value.error is RATE_LIMITED
    assert refused.value.retry_after_ms
    assert refused.value.limit is not None
    assert (refused.value.limit.name, refused.value.limit.value) == ("max_searches", 3)
    tasks.append(work.start("b", "b0"))
    await settle()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("gone", range(4))
async def test_who_goes_away_leaves_his_turn(gone: int) -> None:
    """Waiting or under way: a client that is gone holds up nobody, whenever it goes."""
    work = Work(Turns(1, 10, "max_searches"))
    tasks = [work.start("ab"[n % 2], f"{n}") for n in range(4)]
    await settle()
    tasks[gone].cancel()
    with suppress(asyncio.CancelledError):
        await tasks[gone]
    for n in range(4):
        work.ends.setdefault(f"{n}", asyncio.Event()).set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(work.begun) == sorted({"0", "1", "2", "3"} - ({str(gone)} if gone else set()))
    assert idle(work.turns)


async def test_one_who_is_given_a_turn_and_goes_at_once() -> None:
    """Both in one step of the loop: the turn goes on to the next."""
    work = Work(Turns(1, 10, "max_searches"))
    tasks = [work.start(client, client) for client in "abc"]
    await settle()
    work.ends["a"].set()
    await tasks[0]
    tasks[1].cancel()
    await settle()
    assert "c" in work.begun
    work.ends["c"].set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert idle(work.turns)


async def test_events_are_not_read_behind_searches(tmp_path: Path) -> None:
    """What looks through all sessions has threads of its own."""
    store = SQLiteStore(tmp_path / "stepwire.db", "normal")
    store.write([with_run("a", "r")])
    held: Any = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold() -> None:
        asyncio.run_coroutine_threadsafe(held.wait(), loop).result()

    futures = [store.listers.submit(hold) for _ in range(10)]
    try:
        async with asyncio.timeout(60):
            assert await store.events("a", 0, 1000) == []
            assert len(await store.runs_page("a", limit=1)) == 1
    finally:
        held.set()
        await asyncio.gather(*map(asyncio.wrap_future, futures))
        store.close()


async def test_a_search_that_takes_too_long_is_ended(serve: Serve, tmp_path: Path) -> None:
    """The client is told which limit that was, and the server goes on: the next answer is right."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    store = SQLiteStore(data_dir / "stepwire.db", "normal")
    store.write([with_run(f"s{n}", f"r{n}") for n in range(3000)])
    store.close()
    settings: dict[str, Any] = {"data_dir": str(data_dir), "search_seconds": 1e-6}
    async with serve(small_graphs.greeter, **settings) as server, peer(server.url) as one:
        with pytest.raises(Refused) as refused:
            await one.call("session.list", graph="g")
        assert refused.value.type == "overloaded"
        assert "search_seconds" in str(refused.value)
        assert (await one.call("session.list", limit=1))["limit"] == 1
        assert (await one.run("on")).status == "completed"
    assert Settings().search_seconds > 1


async def test_a_turn_passes_by_whoever_is_leaving() -> None:
    """Cancelled in the very moment in which the turn before ends, as when a connection closes."""
    turns = Turns(1, 10, "max_searches")
    got: list[str] = []

    async def one(client: str) -> None:
        async with turns.turn(client):
            got.append(client)

    async with turns.turn("a"):
        leaving = [asyncio.create_task(one(client)) for client in ("a", "b")]
        staying = asyncio.create_task(one("c"))
        await asyncio.sleep(0)
        for task in leaving:
            task.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    await staying
    assert got == ["c"]
    assert idle(turns)
