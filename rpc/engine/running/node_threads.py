"""Threads for nodes that are plain functions. One that does not return when nobody waits for it any more is replaced."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from rpc.engine.langgraph.exits import held

log = logging.getLogger("stepwire.engine")

IDLE_SECONDS = 30.0
"""How long a thread waits for more before it ends."""


class NodeThreads(ThreadPoolExecutor):
    """At most `limit` threads that somebody waits for, and `max_abandoned` beside.

    A thread cannot be stopped. One whose future was cancelled while it ran is abandoned: another may begin in its place, until
    `max_abandoned` are. They are daemons: none keeps the process. `concurrent.futures`' class is a base because event loops ask for
    it; its threads are not used.
    """

    def __init__(self, limit: int, max_abandoned: int, name: str) -> None:
        super().__init__(1)
        self.limit = limit
        self.max_abandoned = max_abandoned
        self.name = name
        # Guards all that follows.
        self.lock = threading.Lock()
        self.waiting: deque[tuple[_Call, Callable[[], Any]]] = deque()
        # What idle threads sleep on. The last is woken first, so that those which are not needed come to their end.
        self.sleeping: list[threading.Condition] = []
        self.alive = 0
        self.lost: set[_Call] = set()
        self.closed = False
        self.made = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call it in a thread. Raises `RuntimeError` once it is closed."""
        call = _Call(self)
        with self.lock:
            if self.closed:
                raise RuntimeError("the server is stopping: no node begins any more")
            self.waiting.append((call, partial(fn, *args, **kwargs)))
            self._hurry()
        return call

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more. Threads that run are left to themselves, whatever `wait` is."""
        with self.lock:
            self.closed = True
            left = list(self.waiting) if cancel_futures else []
            if cancel_futures:
                self.waiting.clear()
            while self.sleeping:
                self._wake()
        for call, _ in left:
            call.cancel()

    @property
    def abandoned(self) -> int:
        """How many run nodes that nobody waits for."""
        return len(self.lost)

    @property
    def idle(self) -> int:
        """How many have nothing to do."""
        return len(self.sleeping)

    @property
    def busy(self) -> int:
        """How many run nodes."""
        return self.alive - self.idle

    def _limit(self) -> int:
        return self.limit + min(len(self.lost), self.max_abandoned)

    def _wake(self) -> None:
        self.sleeping.pop().notify()

    def _hurry(self) -> None:
        if self.sleeping:
            self._wake()
        elif self.alive < self._limit():
            self.alive += 1
            self.made += 1
            threading.Thread(target=self._run, name=f"{self.name}-{self.made}", daemon=True).start()

    def _run(self) -> None:
        while (taken := self._taken()) is not None:
            call, body = taken
            if call.set_running_or_notify_cancel():
                try:
                    call.set_result(body())
                except (GeneratorExit, StopIteration) as error:
                    call.set_exception(held(error))
                except BaseException as error:
                    # Whoever waits for it gets it, as of any executor.
                    call.set_exception(error)
            with self.lock:
                self.lost.discard(call)
            del call, body, taken

    def _taken(self) -> tuple[_Call, Callable[[], Any]] | None:
        with self.lock:
            while not self.waiting:
                over = self.closed or self.alive > self._limit()
                if not over:
                    woken = threading.Condition(self.lock)
                    self.sleeping.append(woken)
                    woken.wait(IDLE_SECONDS)
                    # One that is woken is not there any more.
                    if woken in self.sleeping:
                        self.sleeping.remove(woken)
                        over = not self.waiting
                if over:
                    self.alive -= 1
                    return None
            if self.alive > self._limit():
                # A thread that was abandoned has come back, and another took its place.
                self.alive -= 1
                return None
            return self.waiting.popleft()

    def abandon(self, call: _Call) -> None:
        """Nobody waits for the call any more, and it runs."""
        with self.lock:
            if call.done():
                return
            self.lost.add(call)
            count = len(self.lost)
            if self.waiting:
                self._hurry()
        if count > self.max_abandoned:
            log.error(
                "%d threads run nodes that nobody waits for, more than are replaced (%d): plain nodes have fewer threads than"
                " they should until some of these return",
                count,
                self.max_abandoned,
            )


class _Call(Future[Any]):
    """A call in a thread."""

    def __init__(self, threads: NodeThreads) -> None:
        super().__init__()
        self.threads = threads

    def cancel(self) -> bool:
        """Whoever waited does not any more."""
        if super().cancel():
            return True
        if self.running():
            self.threads.abandon(self)
        return False
