"""Ends what runs when its time is over, or its owner has too much: a run, and a node that nothing on its own loop can end any more."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from types import TracebackType

from rpc.engine.langgraph.place import Place
from rpc.engine.running.limits import LimitError, NodeTimeout, RunTimeout
from rpc.engine.running.loops import Blocked
from rpc.engine.running.open_tasks import OpenTask, OpenTasks
from rpc.sessions.running.executor import Job
from rpc.sessions.running.time_limits import TimeLimits
from rpc.sparing import Sparing
from rpc.storage.store import StorageError

log = logging.getLogger("stepwire.sessions")
sparing = Sparing(log)

LOOK_SECONDS = 1.0
"""How often it is looked whether the run's owner has too much."""


class Deadline:
    """Of one piece of work, while it is entered. `ran`: seconds that the run has run before.

    `grace_seconds`: how long what is cancelled may take to end before it is left to itself. `too_much`: why the run may not go
    on, by what it wrote; None where it may. Raises `StorageError`.
    """

    def __init__(
        self,
        job: Job,
        tasks: OpenTasks,
        limits: TimeLimits,
        ran: float,
        grace_seconds: float,
        too_much: Callable[[], Awaitable[LimitError | None]],
    ) -> None:
        self.job = job
        self.tasks = tasks
        self.limits = limits
        self.ran = ran
        self.grace_seconds = grace_seconds
        self.too_much = too_much
        # What it was ended for, and the node's place where that was a node.
        self.over: LimitError | None = None
        self.place: Place | None = None
        self.loop = asyncio.get_running_loop()
        self.timers: list[asyncio.TimerHandle] = []
        self.looks: asyncio.Task[None] | None = None
        self.began = 0.0

    def __enter__(self) -> "Deadline":
        self.began = time.monotonic()
        if self.limits.run:
            self._later(max(0.0, self.limits.run - self.ran), self._run_over)
        self.looks = self.loop.create_task(self._look())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for timer in self.timers:
            timer.cancel()
        if self.looks is not None:
            self.looks.cancel()
        self.job.ran += time.monotonic() - self.began

    def blocked(self, blocked: Blocked) -> None:
        """A node holds the loop: nothing there can end it."""
        task = None if blocked.place is None else self.tasks.get(blocked.place.task_id)
        if self.limits.node and task is not None and task.took is not None:
            self._later(max(0.0, self.limits.node - task.took / 1000), self._holds_on, task)

    def _holds_on(self, task: OpenTask) -> None:
        work = self.job.work
        if (
            self.over is None
            and work is not None
            and work.loop is not None
            and work.loop.late > 0
            and self.tasks.get(task.place.task_id) is task
        ):
            more = "; it holds its event loop, and is left behind there"
            self.over = NodeTimeout(task.place.path, self.limits.node, more)
            self.place = task.place
            work.take_away()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                over = await self.too_much()
            except StorageError as error:
                sparing.error("what an owner has stored cannot be read: %s", error)
                continue
            if over is not None and self.over is None:
                self._end(over, "quota_exceeded")

    def _run_over(self) -> None:
        if self.over is not None:
            return
        running = self._running()
        over = RunTimeout(self.limits.run, [one.path for one in running])
        self.place = running[0] if len(running) == 1 else None
        self._end(over, "run_timeout")

    def _running(self) -> list[Place]:
        """The tasks that run, the innermost ones."""
        under_way = self.tasks.under_way
        return [one for one in under_way if not any(each.is_inside(one) for each in under_way)]

    def _end(self, over: LimitError, reason: str) -> None:
        self.over = over
        self._later(self.grace_seconds, self._left)
        # No node begins any more, where this is not heard.
        self.job.control.request_drain(reason)
        if self.job.work is not None:
            self.job.work.cancel()
        elif self.job.task is not None:
            # Its graph runs on the loop that asks.
            self.job.task.cancel()

    def _left(self) -> None:
        if self.job.work is not None:
            self.job.work.take_away()

    def _later(self, seconds: float, call: object, *given: object) -> None:
        self.timers.append(self.loop.call_later(seconds, call, *given))  # type: ignore[arg-type]
