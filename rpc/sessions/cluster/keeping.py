"""What every node does for all: give the sessions of the dead to others, let in what was held back, end what nobody can run."""

import logging
import time
from collections.abc import Sequence

import anyio

from rpc.sessions.cluster.beating import Beating
from rpc.sessions.cluster.executor import NodeExecutor
from rpc.sessions.recovering import fail_convicted, seen
from rpc.sessions.running.deaths import Found
from rpc.sessions.service import Sessions
from rpc.sparing import Sparing
from rpc.storage.cluster import Jobs, LeftJob, Note, Roll
from rpc.storage.line import RefusedError
from rpc.storage.store import StorageError
from rpc.storage.units import EndJob, PutJob, PutRun, Row, Unit
from rpc.storage.unreadable import Unreadable

log = logging.getLogger("stepwire.sessions")
sparing = Sparing(log)

LOOK_SECONDS = 1.0

LOST_SECONDS = 5.0
"""How long a session may be without a job before it gets one: the rows of a moment need not fit together."""

UNKEPT = "nobody looks after the sessions of nodes that die: %s"


class Keeping:
    """See the module. `limit`: at how many deaths a run is failed; 0 for none."""

    def __init__(
        self,
        sessions: Sessions,
        executor: NodeExecutor,
        jobs: Jobs,
        roll: Roll,
        beating: Beating,
        limit: int,
        absent_seconds: float,
    ) -> None:
        self.sessions = sessions
        self.executor = executor
        self.jobs = jobs
        self.roll = roll
        self.beating = beating
        self.limit = limit
        # How long a graph may be that no node has before the sessions that wait for it are failed.
        self.absent_seconds = absent_seconds
        # Since when, on `time.monotonic`, a session has no job, by session and epoch; a graph no node.
        self.jobless: dict[tuple[str, int], float] = {}
        self.absent: dict[str, float] = {}
        # Sessions of the dead that could not be given to another node when it was tried last.
        self.stuck: set[str] = set()
        # Since when a session's job is this node's, which knows nothing of it.
        self.unknown: dict[str, float] = {}

    async def keep(self) -> None:
        """For as long as the node runs."""
        while True:
            try:
                await self._look()
                sparing.over(UNKEPT)
            except StorageError as error:
                sparing.error(UNKEPT, error)
            await anyio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        in_thread = anyio.to_thread.run_sync
        executor = self.executor
        judges = self.beating.judges
        if judges is not None:
            # First of all: whatever else is done here may wait for what the dead hold.
            await in_thread(self.roll.bury, judges)
        waiting = await in_thread(self.jobs.waiting, "")
        executor.in_line, executor.put_since = waiting.all, 0
        if await in_thread(self.jobs.let_in, executor.places, executor.max_of_one or None):
            self._some()
        if judges is not None:
            await self._dead(await in_thread(self.jobs.left))
            await in_thread(self.roll.prune)
        await self._lost(await in_thread(self.jobs.lost))
        if (worker := executor.worker) is not None:
            await self._unknown(await in_thread(self.jobs.held, worker), worker)
        unserved = await in_thread(self.jobs.unserved)
        # Where nobody was heard, nobody's graphs were.
        await self._unserved([] if self.beating.judges is None else unserved)

    def _some(self) -> None:
        self.executor.look()
        self.executor.bell.ring(Note(self.executor.node_id, jobs=True))

    # Those of nodes that are dead

    async def _dead(self, left: Sequence[LeftJob]) -> None:
        stuck: set[str] = set()
        # What waits for somebody's lock keeps those waiting that come behind it.
        for one in sorted(left, key=lambda one: one.session_id in self.stuck):
            beside = sum(other.worker == one.worker for other in left)
            try:
                if await self._taken_over(one, alone=beside == 1):
                    log.warning(
                        "session %s: the node that ran it is not heard any more, another one goes on",
                        one.session_id,
                    )
            except RefusedError:
                # Another node was quicker, or the one that was not heard goes on.
                continue
            except Unreadable as error:
                log.error("session %s cannot go on: %s", one.session_id, error)
            except StorageError as error:
                await self._alone(one.session_id, error)
                stuck.add(one.session_id)
        self.stuck = stuck
        if left:
            self._some()

    async def _alone(self, session_id: str, error: StorageError) -> None:
        """Say what failed of one session, which is tried again at the next look. Raises `StorageError` where the database does not
        answer at all."""
        await anyio.to_thread.run_sync(self.roll.bury, self.beating.judges or 0)
        sparing.error("session %s cannot go on yet: %s", session_id, error)

    async def _taken_over(self, one: LeftJob, *, alone: bool) -> bool:
        """Put a new job in the place of the old one, under a new epoch: whatever the old one's worker still does is refused."""
        sessions = self.sessions
        record = await sessions.store.read(sessions.store.session, one.session_id)
        if record is None or record.status not in ("queued", "running"):
            await anyio.to_thread.run_sync(self.jobs.drop, one.session_id, one.worker or 0)
            return False
        if record.epoch != one.epoch:
            # Another node was quicker: that death is counted.
            return False
        run = await sessions.run(record)
        found = Found(record, run)
        if record.status == "running":
            found = await seen(sessions.store, found, died=True)
        if self.limit and found.count >= self.limit and (alone or found.count >= 2 * self.limit):
            await fail_convicted(sessions, found)
            return False
        rows: list[Row] = [EndJob(record.id)]
        recovery = "restart" if record.status == "running" else None
        rows.append(PutJob(record.id, record.graph, one.asker, recovery=recovery))
        if found.run != run:
            rows.append(PutRun(found.run))
        await sessions.events.commit(
            Unit(record.id, [], rows, fence=one.epoch, revision=record.revision, raises=True)
        )
        return True

    # Those without a job

    async def _lost(self, lost: Sequence[LeftJob]) -> None:
        """Sessions that came from elsewhere, or whose run could not be recorded."""
        now = time.monotonic()
        self.jobless = {
            (one.session_id, one.epoch): self.jobless.get((one.session_id, one.epoch), now)
            for one in lost
        }
        due = [one for one in lost if now - self.jobless[one.session_id, one.epoch] > LOST_SECONDS]
        for one in due:
            try:
                record = await self.sessions.store.read(self.sessions.store.session, one.session_id)
                if record is None or record.status not in ("queued", "running"):
                    continue
                recovery = "restart" if record.status == "running" else None
                job = PutJob(record.id, record.graph, one.asker, recovery=recovery)
                await self.sessions.events.commit(
                    Unit(record.id, [], [job], fence=one.epoch, raises=True)
                )
            except RefusedError:
                continue
            except Unreadable as error:
                sparing.error("session %s cannot go on: %s", one.session_id, error)
            except StorageError as error:
                await self._alone(one.session_id, error)
        if due:
            self._some()

    async def _unknown(self, held: Sequence[str], worker: int) -> None:
        """Jobs that this node holds and does not do: that it was given them, or that it has let go of them, was lost on the way.

        They keep back whatever else their sessions are told. Who takes one that is over, or is done after all, finds another epoch.
        """
        now = time.monotonic()
        self.unknown = {
            session_id: self.unknown.get(session_id, now)
            for session_id in held
            if session_id not in self.executor.jobs and not self.executor.expects(session_id)
        }
        due = [
            session_id for session_id, since in self.unknown.items() if now - since > LOST_SECONDS
        ]
        for session_id in due:
            await anyio.to_thread.run_sync(self.jobs.give_back, session_id, worker)
            log.warning("session %s: its job goes back in line, nothing here does it", session_id)
        if due:
            self._some()

    # Those that nobody can run

    async def _unserved(self, unserved: Sequence[tuple[str, str]]) -> None:
        now = time.monotonic()
        graphs = {graph for _, graph in unserved}
        self.absent = {graph: self.absent.get(graph, now) for graph in graphs}
        worker = self.executor.worker
        if not self.executor.runs:
            # Who runs graphs and has not this one knows that it is nowhere; while nobody runs any, it is waited for.
            return
        for session_id, graph in unserved:
            if now - self.absent[graph] < self.absent_seconds or worker is None:
                continue
            taken = await anyio.to_thread.run_sync(self.jobs.claim, session_id, worker)
            if taken is not None:
                # It fails here, as it would wherever its graph is not.
                self.executor.run(taken)
