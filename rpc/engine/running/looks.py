"""Where a graph's own code runs that a look or an edit needs (reducers, routers, validators): a loop and thread for each at a time.

One that blocks keeps nobody else waiting, neither runs nor other looks; it has its time, and is then left behind.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from rpc.engine.running.loops import GraphLoops, OwnLoop, TakenAwayError, Work
from rpc.engine.running.tracebacks import where

log = logging.getLogger("stepwire.engine")

T = TypeVar("T")

AT_ONCE = 16
"""How many looks run at once; others wait for their turn."""

MAX_LEFT = 64
"""How many threads that do not come back are put up with."""

KEPT = 2
"""How many loops are kept without work."""


class LookTimeoutError(Exception):
    """The graph's own code did not return in time; the message says so."""


class Looks:
    """See the module. `seconds`: how long each may take."""

    def __init__(self, loops: GraphLoops, seconds: float) -> None:
        self.loops = loops
        self.seconds = seconds
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.idle: list[OwnLoop] = []
        # Those whose work did not end in time.
        self.behind: list[OwnLoop] = []

    @property
    def left(self) -> int:
        """How many threads are still held by what was left behind."""
        self.behind = [loop for loop in self.behind if loop.thread.is_alive()]
        return len(self.behind)

    async def run(self, name: str, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the coroutine that `make` gives comes to. `name`: what a log says of it.

        Raises `LookTimeoutError`, and what the coroutine raises.
        """
        async with self.turns:
            if not self.loops.own:
                try:
                    async with asyncio.timeout(self.seconds) as limit:
                        return await make()
                except TimeoutError:
                    if limit.expired():
                        raise self._over() from None
                    raise
            if self.left >= MAX_LEFT:
                raise LookTimeoutError(
                    f"{MAX_LEFT} looks and edits hang in code of their graphs, and no more are begun until some return"
                )
            return await self._run(name, make)

    async def _run(self, name: str, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        loop = self.idle.pop() if self.idle else self.loops.made_apart()
        work = Work(name, make, None)
        work.moved(loop)
        loop.give(work)
        timer = asyncio.get_running_loop().call_later(self.seconds, self._leave, work, loop)
        try:
            while True:
                try:
                    return await asyncio.shield(work.done)
                except asyncio.CancelledError:
                    if work.done.done():
                        raise
                    work.cancel()
        except TakenAwayError:
            raise self._over() from None
        finally:
            timer.cancel()
            if loop not in self.behind and len(self.idle) < KEPT:
                self.idle.append(loop)
            else:
                loop.close()

    def _leave(self, work: Work[Any], loop: OwnLoop) -> None:
        if work.done.done():
            return
        _, blocked = loop.blocked()
        said = f"{work.name} took longer than {self.seconds:g} s and is left behind"
        asyncio.get_running_loop().run_in_executor(
            None, lambda: log.warning("%s\n%s", said, where(blocked.stack))
        )
        self.behind.append(loop)
        work.take_away()

    def _over(self) -> LookTimeoutError:
        return LookTimeoutError(
            f"code of the graph's own (a reducer, a router, a validator) did not return within {self.seconds:g} s"
            " (`look_timeout_seconds`)"
        )

    def close(self) -> None:
        """End the loops that have no work."""
        while self.idle:
            self.idle.pop().close()
