"""`Executor` of a node: sessions go into a line that all nodes share, and this one advances what it takes from there."""

import logging
from collections.abc import Awaitable, Callable

import anyio
from anyio.abc import TaskGroup

from rpc.clock import now_ms
from rpc.events.log import EventLog, RunWriter
from rpc.events.wakeup import WakeUps
from rpc.sessions.running.asking import asker
from rpc.sessions.running.executor import Job, Recovery, TaskGroupExecutor
from rpc.sessions.running.leases import wait_for_disk
from rpc.storage.cluster import Bell, Jobs, Note, TakenJob
from rpc.storage.line import RefusedError
from rpc.storage.store import StorageError
from rpc.storage.units import EndJob, PutJob, Row, Unit
from rpc.telemetry import ids

log = logging.getLogger("stepwire.sessions")

REFUSED_SECONDS = 3600.0
"""How long a session that a node's graph cannot go on with waits for another living node, one that is busy perhaps."""

LOOK_SECONDS = 0.5
"""How often it is looked whether another node lives, while none is heard."""


class NodeExecutor(TaskGroupExecutor):
    """See the module. `runs`: whether this node runs graphs; else it only puts sessions in line."""

    shared = True

    def __init__(
        self,
        group: TaskGroup,
        advance: Callable[[Job], Awaitable[None]],
        asked_to_end: Callable[[str], bool],
        wakeups: WakeUps,
        events: EventLog,
        max_running: int,
        max_of_one: int,
        *,
        node_id: str,
        jobs: Jobs,
        bell: Bell,
        graphs: Callable[[], list[str]],
        runs: bool,
    ) -> None:
        super().__init__(group, advance, asked_to_end, wakeups, events.put, max_running, max_of_one)
        self.max_of_one = max_of_one
        self.events = events
        self.node_id = node_id
        self.jobs_in_line = jobs
        self.bell = bell
        self.graphs = graphs
        self.runs = runs
        # As what it takes jobs; None while it may not: it has not come yet, or was taken for dead.
        self.worker: int | None = None
        # Runs at once, of all nodes that live.
        self.places = max_running if runs else 1
        # Jobs in line, of all nodes, when that was last looked at; and those that were put there since.
        self.in_line = 0
        self.put_since = 0
        # Whether a node that is not heard is dead.
        self.may_judge: Callable[[], bool] = lambda: False
        # Set when there may be something to take.
        self.some = anyio.Event()
        # How often the graphs were loaded anew; and whether what they refused before is to be tried again.
        self.reloads = 0
        self.tries_again = False

    # Into the line

    def job(
        self,
        session_id: str,
        graph: str,
        recovery: Recovery | None = None,
        *,
        reserved: bool = False,
        start_at: int | None = None,
    ) -> PutJob:
        worker = self.worker if reserved else None
        most_of_asker = self.max_of_one or None
        return PutJob(
            session_id, graph, asker(), self.places, worker, recovery, start_at, most_of_asker
        )

    def reserve(self) -> bool:
        # How many one asker has on other nodes is known where jobs are put in line.
        return self.runs and self.worker is not None and not self.max_of_one and super().reserve()

    def submit(
        self,
        session_id: str,
        epoch: int,
        recovery: Recovery | None = None,
        announcement: Unit | None = None,
        delay_seconds: float = 0.0,
    ) -> None:
        """It is in line since what it was told was committed: let somebody look."""
        self.put_since += 1
        if self.has_room:
            self.look()
        else:
            self.bell.ring(Note(self.node_id, jobs=True))

    async def crowded(self, limit: int) -> bool:
        if (self.in_line + self.put_since) * 2 < limit:
            return False
        waiting = await anyio.to_thread.run_sync(self.jobs_in_line.waiting, asker())
        self.in_line, self.put_since = waiting.all, 0
        return waiting.all >= limit or waiting.own + waiting.all > limit

    @property
    def queued(self) -> int:
        return self.in_line

    # Out of it

    @property
    def has_room(self) -> bool:
        """Whether it could begin another session now."""
        free = not self.slots.waiting and self.slots.total < self.slots.count
        return self.runs and not self.stopped and self.worker is not None and free

    def look(self) -> None:
        """There may be something to take."""
        self.some.set()

    def run(self, taken: TakenJob) -> None:
        """Advance a session whose job this node took."""
        recovery: Recovery | None = "resume" if taken.recovery == "resume" else None
        if taken.recovery == "restart":
            recovery = "restart"
        job = Job(taken.session_id, taken.epoch, recovery)
        job.asker, job.graph, job.placed = taken.asker, taken.graph, True
        job.refused, job.until, job.reloads = taken.refused, taken.until, self.reloads
        self.slots.give(taken.asker)
        # Its log lines are of no request.
        ids.enter(ids.Ids())
        self._start(job)

    async def _run(self, job: Job) -> None:
        try:
            await super()._run(job)
        finally:
            self.look()
        if not (job.over or job.stopping or self.stopped):
            await self._drop(job)

    async def _drop(self, job: Job) -> None:
        """It came to no end that was committed: somebody else ended the session, or it cannot be recorded."""
        worker = self.worker
        if worker is None or job.session_id in self.jobs:
            return
        try:
            # Not the job of what the session has been told since.
            epoch = max(job.epoch, job.held or 0)
            await anyio.to_thread.run_sync(self.jobs_in_line.drop, job.session_id, worker, epoch)
        except StorageError as error:
            log.error("session %s: its job is left: %s", job.session_id, error)

    async def pass_on(self, job: Job, writer: RunWriter, recovery: Recovery | None) -> bool:
        """Put a session back in line that this node's graph cannot go on with: nodes that have not tried take it.

        False where none of those lives, or none took it for long enough. Raises `RefusedError`.
        """
        until = job.until or now_ms() + round(REFUSED_SECONDS * 1000)
        refused = [one for one in job.refused if one != self.node_id] + [self.node_id]
        # Where its graphs were loaded anew meanwhile, this node has not tried either.
        tried = refused if job.reloads == self.reloads else refused[:-1]
        if now_ms() >= until or not await self._others(job, tried):
            return False
        rows: list[Row] = [
            EndJob(job.session_id),
            PutJob(
                job.session_id, job.graph, job.asker, recovery=recovery, start_at=until,
                refused=refused,
            ),
        ]  # fmt: skip
        await writer.commit(Unit(job.session_id, [], rows, raises=True))
        job.over = True
        if job.reloads != self.reloads:
            self.try_again()
        self.bell.ring(Note(self.node_id, jobs=True))
        return True

    async def _others(self, job: Job, refused: list[str]) -> bool:
        """Whether a node lives that could try. Where the database is away, or nobody was heard for its silence, it waits."""
        while not self.stopped:
            judges = self.may_judge()
            try:
                found = await anyio.to_thread.run_sync(self.jobs_in_line.others, job.graph, refused)
            except StorageError as error:
                await wait_for_disk(job.session_id, error)
                continue
            if found or (judges and self.may_judge()):
                return found
            await anyio.sleep(LOOK_SECONDS)
        return True

    def reload(self) -> int:
        self.reloads += 1
        self.try_again()
        return super().reload()

    def try_again(self) -> None:
        """What this node refused, and still waits for another one, is to be tried with the graphs as they are now."""
        self.tries_again = True
        self.look()

    def give_up(self) -> int:
        """This node was taken for dead: what it runs is others' by now, and nothing that it does counts. How many runs."""
        self.worker = None
        self.expected.clear()
        jobs = list(self.jobs.values())
        for job in jobs:
            job.stopping = True
            job.control.request_drain("fenced")
            if job.work is not None:
                job.work.take_away()
            elif job.task is not None and job.interruptible:
                job.task.cancel()
        return len(jobs)

    async def stop(self, grace_seconds: float) -> None:
        jobs = [
            *self.jobs.values(),
            *(Job(one.session.id, one.epoch, begun=one) for one in self.expected.values()),
        ]
        self.expected.clear()
        await super().stop(grace_seconds)
        for job in jobs:
            if not job.over:
                await self._hand_over(job)
        if jobs:
            self.bell.ring(Note(self.node_id, jobs=True))

    async def _hand_over(self, job: Job) -> None:
        """Put a session back in line that was left as it is, for another node, under another epoch."""
        held = job.held
        recovery = job.recovery if held is None else "restart"
        rows: list[Row] = [
            EndJob(job.session_id),
            PutJob(job.session_id, job.graph, job.asker, recovery=recovery),
        ]
        unit = Unit(
            job.session_id, [], rows, fence=job.epoch if held is None else held, raises=True
        )
        try:
            await self.events.commit(unit)
        except RefusedError:
            # It is somebody else's, or over.
            pass
        except StorageError as error:
            log.error(
                "session %s is taken over when this node is missed: %s", job.session_id, error
            )
