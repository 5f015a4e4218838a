"""Who advances sessions: the seam, and its one implementation, a task group in this process."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, Protocol

import anyio
from anyio.abc import TaskGroup
from msgspec import Struct

from rpc.engine.gate.gate import Gate
from rpc.engine.running.advance import RunControl
from rpc.engine.running.loops import Work
from rpc.events.wakeup import WakeUps
from rpc.sessions.running.asking import asker
from rpc.slots import Slots
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import StorageBroken
from rpc.storage.units import PutJob, Unit

log = logging.getLogger("stepwire.sessions")

Recovery = Literal["restart", "storage", "blocked", "resume"]


class Begun(Struct, frozen=True):
    """A session that was committed as running, with its run: under which epoch, and its revision then."""

    session: SessionRecord
    run: RunRecord
    epoch: int
    revision: int


class Executor(Protocol):
    """Advances sessions. What to do with one is stored with it; nobody but the executor holds what runs."""

    @property
    def shared(self) -> bool:
        """Whether others may begin what is in line: all that must be known of it is committed with it then."""

    def job(
        self,
        session_id: str,
        graph: str,
        recovery: Recovery | None = None,
        *,
        reserved: bool = False,
        start_at: int | None = None,
    ) -> PutJob:
        """What is committed with what a session is told, before `submit` or, in a `reserved` place, `begin`.

        `start_at`: not before then, in milliseconds since 1970.
        """

    def reserve(self) -> bool:
        """Take a place for a session that can begin at once; False where it has to stand in line."""

    def release(self) -> None:
        """Give the place back: the session is not to be advanced."""

    def expect(self, begun: Begun) -> None:
        """A session was committed as running, in the place that was reserved for it: `begin` comes once that is answered."""

    def expects(self, session_id: str) -> bool:
        """Whether `begin` is to come for the session, so that nothing runs of it yet."""

    def begin(self, begun: Begun) -> None:
        """Advance a session that is expected; where it is not any more, having been ended since, its place is given back."""

    def submit(
        self,
        session_id: str,
        epoch: int,
        recovery: Recovery | None = None,
        announcement: Unit | None = None,
        delay_seconds: float = 0.0,
    ) -> None:
        """Put a session in line, after a delay. `epoch`: the session's as it was told to go; with another one this comes too late.

        `recovery`: somebody advanced it before, and did not come to a good end. `announcement`: the events that say it is in line; they are committed with its beginning where that comes
        at once, else before it waits.
        """

    async def crowded(self, limit: int) -> bool:
        """Whether too many are in line for one more of whoever asks here; `limit`: of all."""

    def keep_to(self, session_id: str | None) -> None:
        """Let no other session begin; None: all again."""

    @property
    def queued(self) -> int:
        """Sessions in line."""

    @property
    def active(self) -> int:
        """Sessions in line or running."""

    def running(self) -> list[str]:
        """The graph of each run that executes."""

    def cancel(self, session_id: str) -> None:
        """Cancel what runs of the session here, before that is stored."""

    def abandon(self, session_id: str) -> None:
        """The session's run was ended, whatever its nodes do: wait for them no more."""

    def hits(self, session_id: str) -> dict[str, int] | None:
        """How often the breakpoints of a session that runs here were reached; None where none does."""

    def reload(self) -> int:
        """Let every run go on with the graphs as they are now, from its next superstep; how many there are."""

    def halt(self) -> int:
        """Stop every run where it is, since nothing of it is stored any more; how many there are. None begins after it."""

    async def stop(self, grace_seconds: float) -> None:
        """Let every run stop between two supersteps; cancel those that do not in time."""


class Job:
    """One advance of one session, from being put in line to its end. Its executor's and advancer's own."""

    def __init__(
        self,
        session_id: str,
        epoch: int,
        recovery: Recovery | None = None,
        announcement: Unit | None = None,
        begun: Begun | None = None,
    ) -> None:
        self.session_id = session_id
        # The session's when it was told to go; and the one under which it runs, once it does.
        self.epoch = epoch
        self.held: int | None = None if begun is None else begun.epoch
        # An outcome is committed, or the session is not to be advanced any more.
        self.over = False
        self.recovery = recovery
        # The events that say it is in line, until they are put into the durable one.
        self.announcement = announcement
        # It runs under this already; None where it has to begin.
        self.begun = begun
        # It has its place already.
        self.placed = begun is not None
        # Asks LangGraph to stop between two supersteps.
        self.control = RunControl()
        # Set when the session's outcome is committed, or the job was given up.
        self.done = anyio.Event()
        # The task that runs it; None before it has begun.
        self.task: asyncio.Task[object] | None = None
        # Somebody asked to cancel the run.
        self.cancelled = False
        # The server is stopping: leave the session as it is, the next start resumes it.
        self.stopping = False
        # Its session's, once that is known.
        self.graph = "" if begun is None else begun.session.graph
        # True once it left the line.
        self.running = False
        # Whether the task may be interrupted: in line and while the graph runs, but neither while the job begins
        # nor while what it came to is being recorded.
        self.interruptible = True
        # What runs its graph; None while none does.
        self.work: Work[Any] | None = None
        # The debugger's gate, where the run has one.
        self.gate: Gate | None = None
        # `debug.attach` asked for the drain: go on with a gate.
        self.attaching = False
        # For whom it has its slot, or waits for it.
        self.asker = asker()
        # When it left the line, on `time.monotonic`.
        self.began = 0.0
        # Seconds that it ran since its outcome was last committed.
        self.ran = 0.0
        # The graph was loaded anew: go on with that.
        self.reloading = False
        # How long it waits before it stands in line.
        self.delay_seconds = 0.0
        # Nodes whose graph could not go on with it, and until when others may be asked, in milliseconds since 1970.
        self.refused: Sequence[str] = ()
        self.until: int | None = None
        # How often the graphs had been loaded anew when it was taken out of a line that nodes share.
        self.reloads = 0

    def next(self, epoch: int) -> None:
        """Go on under another epoch, with an answer that was given meanwhile or the next run in line."""
        self.epoch = epoch
        self.cancelled, self.interruptible, self.ran, self.gate = False, True, 0.0, None
        self.attaching = self.reloading = False
        if not self.stopping:
            self.control = RunControl()

    def reload(self) -> None:
        """Stop between two supersteps, and go on from there with the graph as it is now."""
        self.reloading = True
        self.control.request_drain("reload")

    def cancel(self) -> None:
        """Cancel the run: its nodes get `CancelledError`, and none starts after one that swallows it."""
        self.cancelled = True
        self.control.request_drain("cancelled")
        if self.task is not None and self.interruptible:
            self.task.cancel()


class TaskGroupExecutor:
    """`Executor` in this process: at most `max_running` advances at once, fair between those who ask.

    `max_of_one`: of one who asks; 0 for any number.
    """

    shared = False

    def __init__(
        self,
        group: TaskGroup,
        advance: Callable[[Job], Awaitable[None]],
        asked_to_end: Callable[[str], bool],
        wakeups: WakeUps,
        put: Callable[[Unit], object],
        max_running: int,
        max_of_one: int = 0,
    ) -> None:
        self.group = group
        self.advance = advance
        # Whether a session in line is to be cancelled: it need not wait for its turn then.
        self.asked_to_end = asked_to_end
        self.wakeups = wakeups
        # Puts a unit into the durable line.
        self.put = put
        self.slots = Slots(max_running, max_of_one)
        # The newest job of each session.
        self.jobs: dict[str, Job] = {}
        # Sessions that were committed as running, and are begun once that is answered.
        self.expected: dict[str, Begun] = {}
        self.stopped = False
        # The one session that may begin, and what is set when all may again.
        self.only: tuple[str, anyio.Event] | None = None

    def keep_to(self, session_id: str | None) -> None:
        if self.only is not None:
            self.only[1].set()
        self.only = None if session_id is None else (session_id, anyio.Event())

    def job(
        self,
        session_id: str,
        graph: str,
        recovery: Recovery | None = None,
        *,
        reserved: bool = False,
        start_at: int | None = None,
    ) -> PutJob:
        return PutJob(session_id, graph, asker(), recovery=recovery, start_at=start_at)

    def _held_back(self, job: Job) -> bool:
        return self.only is not None and self.only[0] != job.session_id

    def reserve(self) -> bool:
        return not self.stopped and self.only is None and self.slots.take(asker())

    def release(self) -> None:
        self.slots.release(asker())

    def expect(self, begun: Begun) -> None:
        self.expected[begun.session.id] = begun

    def expects(self, session_id: str) -> bool:
        return session_id in self.expected

    def begin(self, begun: Begun) -> None:
        expected = self.expected.get(begun.session.id) is begun
        if expected:
            del self.expected[begun.session.id]
        if self.stopped or not expected:
            # Stopped: the next start finds it running.
            self.release()
            return
        self._start(Job(begun.session.id, begun.epoch, begun=begun))

    def submit(
        self,
        session_id: str,
        epoch: int,
        recovery: Recovery | None = None,
        announcement: Unit | None = None,
        delay_seconds: float = 0.0,
    ) -> None:
        if not self.stopped:
            job = Job(session_id, epoch, recovery, announcement)
            job.delay_seconds = delay_seconds
            self._start(job)

    def _start(self, job: Job) -> None:
        self.jobs[job.session_id] = job
        self.group.start_soon(self._run, job, name=f"advance {job.session_id}")

    @property
    def queued(self) -> int:
        return self.slots.queued

    async def crowded(self, limit: int) -> bool:
        return self.slots.crowded(asker(), limit)

    @property
    def executing(self) -> int:
        """Slots that are taken."""
        return self.slots.total

    @property
    def oldest_seconds(self) -> int:
        """For how long the run that left the line first has run since; 0 where none runs."""
        began = min((job.began for job in self.jobs.values() if job.running), default=None)
        return 0 if began is None else int(time.monotonic() - began)

    @property
    def active(self) -> int:
        return len(self.jobs)

    def running(self) -> list[str]:
        return [job.graph for job in self.jobs.values() if job.running]

    def hits(self, session_id: str) -> dict[str, int] | None:
        job = self.jobs.get(session_id)
        return None if job is None or job.gate is None else job.gate.hits()

    def reload(self) -> int:
        running = [job for job in self.jobs.values() if job.running]
        for job in running:
            job.reload()
        return len(running)

    def cancel(self, session_id: str) -> None:
        job = self.jobs.get(session_id)
        if job is not None and job.running:
            job.cancel()

    def abandon(self, session_id: str) -> None:
        self.expected.pop(session_id, None)
        job = self.jobs.get(session_id)
        if job is not None and job.work is not None:
            job.work.take_away()

    def halt(self) -> int:
        self.stopped = True
        for job in self.jobs.values():
            job.stopping = True
            job.control.request_drain("storage")
            if job.work is not None:
                job.work.take_away()
            elif job.task is not None and job.interruptible:
                job.task.cancel()
        return len(self.jobs)

    async def stop(self, grace_seconds: float) -> None:
        self.stopped = True
        jobs = list(self.jobs.values())
        for job in jobs:
            job.stopping = True
            job.control.request_drain("shutdown")
            if job.task is not None and not job.running:
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
        for job in jobs:
            if not job.done.is_set() and job.work is not None:
                log.warning("%s does not end: it goes on with the next start", job.work.name)
                job.work.take_away()

    async def _run(self, job: Job) -> None:
        job.task = asyncio.current_task()
        took_slot = job.placed
        try:
            if job.stopping:
                return
            if job.delay_seconds > 0:
                if job.announcement is not None:
                    self.put(job.announcement)
                    job.announcement = None
                await anyio.sleep(job.delay_seconds)
            took_slot = took_slot or await self._turn(job)
            job.running, job.began = True, time.monotonic()
            job.interruptible = False
            await self.advance(job)
        except asyncio.CancelledError:
            if not (job.cancelled or job.stopping):
                raise
            uncancel(job)
        except StorageBroken:
            # Said once, for all runs: the session stays as it was stored last.
            pass
        except Exception:
            # A background task's border: a fault here must not end every other session.
            log.exception("session %s: its run could not be recorded", job.session_id)
        finally:
            if took_slot:
                self.slots.release(job.asker)
            job.done.set()
            if self.jobs.get(job.session_id) is job:
                del self.jobs[job.session_id]

    async def _turn(self, job: Job) -> bool:
        """Wait for a slot; False where the session need not wait for one, since it is only to end."""
        if not self._held_back(job) and self.slots.take(job.asker):
            return True
        if job.announcement is not None:
            self.put(job.announcement)
            job.announcement = None
        if self.asked_to_end(job.session_id):
            return False
        with anyio.CancelScope() as in_line:

            def look() -> None:
                if self.asked_to_end(job.session_id):
                    in_line.cancel()

            self.wakeups.listen(job.session_id, look)
            try:
                while self._held_back(job) and self.only is not None:
                    await self.only[1].wait()
                await self.slots.wait(job.asker)
                return True
            finally:
                self.wakeups.ignore(job.session_id, look)
        return False


def uncancel(job: Job) -> None:
    """Its task was cancelled, and goes on to record that."""
    if job.task is not None:
        while job.task.cancelling():
            job.task.uncancel()
