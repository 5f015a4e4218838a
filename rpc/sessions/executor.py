"""Who advances sessions: the seam, and its one implementation, a task group in this process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio
from anyio.abc import TaskGroup

from rpc.engine.advance import RunControl
from rpc.sessions.commands import Command

log = logging.getLogger("stepwire.executor")


class Job:
    """One advance of one session, from being put in line to its end."""

    def __init__(self, session_id: str, command: Command) -> None:
        self.session_id = session_id
        self.command = command
        # Asks LangGraph to stop between two supersteps.
        self.control = RunControl()
        # Set when the session's outcome is committed, or the job was given up.
        self.done = anyio.Event()
        # The task that runs it; None while in line.
        self.task: asyncio.Task[object] | None = None
        # Somebody asked to cancel the run.
        self.cancelled = False
        # The server is stopping: leave the session as it is, the next start resumes it.
        self.stopping = False
        # A cancelled node did not end in time: what it still does is not recorded.
        self.abandoned = False
        # True once the run left the line.
        self.running = False
        # `debug.pause` or `debug.attach` asked for the drain.
        self.pausing = False
        # Called when the job ends.
        self.callbacks: list[Callable[[], None]] = []

    def on_done(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the job ends, or now if it has."""
        if self.done.is_set():
            callback()
        else:
            self.callbacks.append(callback)

    def cancel(self) -> None:
        """Cancel the run: its nodes get `CancelledError`."""
        self.cancelled = True
        if self.task is not None:
            self.task.cancel()


class Executor(Protocol):
    """Advances sessions, each by one job at a time."""

    def submit(self, session_id: str, command: Command) -> Job:
        """Put the session in line."""

    def job(self, session_id: str) -> Job | None:
        """The session's job, in line or running."""

    @property
    def queued(self) -> int:
        """Jobs in line."""

    @property
    def active(self) -> int:
        """Jobs in line or running."""

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

    def submit(self, session_id: str, command: Command) -> Job:
        job = Job(session_id, command)
        self.jobs[session_id] = job
        if self.stopped:
            job.stopping = True
            self._end(job)
        else:
            self.group.start_soon(self._run, job, name=f"advance {session_id}")
        return job

    def job(self, session_id: str) -> Job | None:
        return self.jobs.get(session_id)

    @property
    def queued(self) -> int:
        return self.slots.statistics().tasks_waiting

    @property
    def active(self) -> int:
        """Jobs in line or running."""
        return len(self.jobs)

    async def stop(self, grace_seconds: float) -> None:
        self.stopped = True
        jobs = list(self.jobs.values())
        for job in jobs:
            job.stopping = True
            job.control.request_drain("shutdown")
            if not job.running and job.task is not None:
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
        for callback in job.callbacks:
            callback()
        if self.jobs.get(job.session_id) is job:
            del self.jobs[job.session_id]


def _uncancel(job: Job) -> None:
    if job.task is not None:
        while job.task.cancelling():
            job.task.uncancel()
