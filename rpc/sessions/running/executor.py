"""Who advances sessions: the seam, and its one implementation, a task group in this process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio
from anyio.abc import TaskGroup

from rpc.engine.gate.gate import Gate
from rpc.engine.running.advance import RunControl
from rpc.sessions.commands import Command

log = logging.getLogger("stepwire.sessions")


class Job:
    """One advance of one session, from being put in line to its end."""

    def __init__(self, session_id: str, command: Command) -> None:
        self.session_id = session_id
        self.command = command
        # Asks LangGraph to stop between two supersteps.
        self.control = RunControl()
        # Set when the session's outcome is committed, or the job was given up.
        self.done = anyio.Event()
        # The task that runs it; None until it is put in line.
        self.task: asyncio.Task[object] | None = None
        # Somebody asked to cancel the run.
        self.cancelled = False
        # The server is stopping: leave the session as it is, the next start resumes it.
        self.stopping = False
        # A cancelled node did not end in time: what it still does is not recorded.
        self.abandoned = False
        # True once the run left the line.
        self.running = False
        # Whether cancelling may interrupt the task: in line and while the graph runs, but neither while the
        # job begins nor while what it came to is being recorded.
        self.interruptible = True
        # The debugger's gate, where the run has one.
        self.gate: Gate | None = None
        # `debug.attach` asked for the drain: go on with a gate.
        self.attaching = False
        # Called when the job ends.
        self.callbacks: list[Callable[[], None]] = []

    def on_done(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the job ends, or now if it has."""
        if self.done.is_set():
            callback()
        else:
            self.callbacks.append(callback)

    def cancel(self) -> None:
        """Cancel the run: its nodes get `CancelledError`, and none starts after one that swallows it."""
        self.cancelled = True
        self.control.request_drain("cancelled")
        if self.task is not None and self.interruptible:
            self.task.cancel()


class Executor(Protocol):
    """Advances sessions, each by one job at a time."""

    def reserve(self, session_id: str, command: Command) -> Job:
        """A job that is not in line yet: who cancels the session finds it. `submit` or `release` it."""

    def submit(self, job: Job) -> None:
        """Put a reserved job in line."""

    def release(self, job: Job) -> None:
        """Give a reserved job up: what it was for did not happen."""

    def job(self, session_id: str) -> Job | None:
        """The session's job: reserved, in line or running."""

    @property
    def queued(self) -> int:
        """Jobs in line."""

    @property
    def active(self) -> int:
        """Jobs that are reserved, in line or running."""

    async def stop(self, grace_seconds: float) -> None:
        """Let every job stop between two supersteps; cancel those that do not in time."""


class TaskGroupExecutor:
    """`Executor` in this process: at most `max_running` advances at once, first come, first served."""

    def __init__(
        self,
        group: TaskGroup,
        advance: Callable[[Job], Awaitable[None]],
        max_running: int,
    ) -> None:
        self.group = group
        self.advance = advance
        self.slots = anyio.Semaphore(max_running)
        self.jobs: dict[str, Job] = {}
        self.stopped = False

    def reserve(self, session_id: str, command: Command) -> Job:
        job = self.jobs[session_id] = Job(session_id, command)
        return job

    def submit(self, job: Job) -> None:
        if self.stopped or job.abandoned:
            self._end(job)
        elif not job.done.is_set():
            self.group.start_soon(self._run, job, name=f"advance {job.session_id}")

    def release(self, job: Job) -> None:
        self._end(job)

    def job(self, session_id: str) -> Job | None:
        return self.jobs.get(session_id)

    @property
    def queued(self) -> int:
        return self.slots.statistics().tasks_waiting

    @property
    def active(self) -> int:
        return len(self.jobs)

    async def stop(self, grace_seconds: float) -> None:
        self.stopped = True
        jobs = list(self.jobs.values())
        for job in jobs:
            job.stopping = True
            job.control.request_drain("shutdown")
            if job.task is None:
                # Reserved: its `submit` may never come.
                self._end(job)
            elif not job.running:
                job.task.cancel()
        with anyio.move_on_after(grace_seconds):
            for job in jobs:
                await job.done.wait()
        for job in jobs:
            if not job.done.is_set() and job.task is not None:
                job.task.cancel()
        with anyio.move_on_after(grace_seconds):
            for job in jobs:
                await job.done.wait()

    async def _run(self, job: Job) -> None:
        job.task = asyncio.current_task()
        try:
            if job.cancelled or job.stopping:
                await self.advance(job)
                return
            try:
                await self.slots.acquire()
            except asyncio.CancelledError:
                # Cancelled in line, or the server stops: the session layer decides which.
                if not (job.cancelled or job.stopping):
                    raise
                _uncancel(job)
                await self.advance(job)
                return
            try:
                job.running = True
                job.interruptible = False
                await self.advance(job)
            finally:
                self.slots.release()
        except asyncio.CancelledError:
            if not (job.cancelled or job.stopping):
                raise
            _uncancel(job)
        except Exception:
            # A background task's border: a fault here must not end every other session.
            log.exception("session %s: its run could not be recorded", job.session_id)
        finally:
            self._end(job)

    def _end(self, job: Job) -> None:
        job.done.set()
        callbacks, job.callbacks = job.callbacks, []
        for callback in callbacks:
            callback()
        if self.jobs.get(job.session_id) is job:
            del self.jobs[job.session_id]


def _uncancel(job: Job) -> None:
    if job.task is not None:
        while job.task.cancelling():
            job.task.uncancel()
