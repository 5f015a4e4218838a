"""Ends what runs when its time is over: a run, and a node that nothing on its own loop can end any more."""

import asyncio
import time
from types import TracebackType

from rpc.engine.langgraph.place import Place
from rpc.engine.running.limits import LimitError, NodeTimeout, RunTimeout
from rpc.engine.running.loops import Blocked
from rpc.engine.running.open_tasks import OpenTask, OpenTasks
from rpc.sessions.running.executor import Job
from rpc.sessions.running.time_limits import TimeLimits


class Deadline:
    """Of one piece of work, while it is entered. `ran`: seconds that the run has run before.

    `grace_seconds`: how long what is cancelled may take to end before it is left to itself.
    """

    def __init__(
        self, job: Job, tasks: OpenTasks, limits: TimeLimits, ran: float, grace_seconds: float
    ) -> None:
        self.job = job
        self.tasks = tasks
        self.limits = limits
        self.ran = ran
        self.grace_seconds = grace_seconds
        # What it was ended for, and the node's place where that was a node.
        self.over: LimitError | None = None
        self.place: Place | None = None
        self.loop = asyncio.get_running_loop()
        self.timers: list[asyncio.TimerHandle] = []
        self.began = 0.0

    def __enter__(self) -> "Deadline":
        self.began = time.monotonic()
        if self.limits.run:
            self._later(max(0.0, self.limits.run - self.ran), self._run_over)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for timer in self.timers:
            timer.cancel()
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

    def _run_over(self) -> None:
        if self.over is not None:
            return
        under_way = self.tasks.under_way
        running = [one for one in under_way if not any(each.is_inside(one) for each in under_way)]
        self.over = RunTimeout(self.limits.run, [one.path for one in running])
        self.place = running[0] if len(running) == 1 else None
        self._later(self.grace_seconds, self._left)
        # No node begins any more, where this is not heard.
        self.job.control.request_drain("run_timeout")
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
