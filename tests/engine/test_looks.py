"""Looks that need a graph's own code: some at once, and an end to those that hang."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from rpc.engine.running import looks as module
from rpc.engine.running.looks import AT_ONCE, Looks, LookTimeoutError
from rpc.engine.running.loops import GraphLoops
from rpc.engine.running.node_threads import NodeThreads
from tests.support.polling import until_true


@pytest.fixture
async def looks() -> AsyncIterator[Looks]:
    """On loops of its own."""
    loops = GraphLoops(NodeThreads(2, 2, "test-node"), 1.0, 4, own=True)
    made = Looks(loops, 60)
    yield made
    made.close()
    loops.close()


async def test_so_many_run_at_once(looks: Looks) -> None:
    """What is past them waits for its turn, without a thread."""
    go, begun = threading.Event(), []

    async def look() -> None:
        begun.append(1)
        while not go.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    before = looks.loops.made
    asked = [asyncio.create_task(looks.run("a look", look)) for _ in range(4 * AT_ONCE)]
    await until_true(lambda: len(begun) >= AT_ONCE)
    assert looks.loops.made == before + AT_ONCE
    go.set()
    await asyncio.gather(*asked)
    assert len(begun) == len(asked)


async def test_so_many_may_hang(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then no more are begun, until some return."""
    monkeypatch.setattr(module, "MAX_LEFT", 2)
    go, begun = threading.Event(), []

    async def hang() -> None:
        begun.append(1)
        assert go.wait(60)

    async def answer() -> int:
        return 7

    looks.seconds = 0.05
    while len(begun) < 2:
        # One whose time is over before it has begun hangs nowhere.
        with pytest.raises(LookTimeoutError):
            await looks.run("a look", hang)
    looks.seconds = 60
    with pytest.raises(LookTimeoutError, match="2 looks and edits hang"):
        await looks.run("a look", answer)
    go.set()
    await until_true(lambda: looks.left == 0)
    assert await looks.run("a look", answer) == 7
