"""At start: every run that was left unfinished goes on, and none of them can end the server for ever."""

import logging
from collections.abc import Callable

import anyio
import msgspec
from anyio.abc import TaskGroup

from protocol.events import QueryFailed
from protocol.sessions import ACTIVE
from protocol.values import Failure
from rpc.clock import now_ms
from rpc.sessions.lifecycle import move
from rpc.sessions.running.deaths import Found, Plan, Way, after_end, patience, plan
from rpc.sessions.running.executor import Recovery as Recovers
from rpc.sessions.running.gating import held
from rpc.sessions.running.left_open import LeftOpen, left_open, told_of
from rpc.sessions.running.signals import Cancel, read
from rpc.sessions.service import Sessions
from rpc.sessions.shown import stored_failure
from rpc.sessions.starting import Starter
from rpc.storage.line import RefusedError
from rpc.storage.records import Deaths, SessionRecord
from rpc.storage.store import StorageError, Store
from rpc.storage.units import EndJob, PutRun, Row, TakeSignals, Unit
from rpc.storage.unreadable import Unreadable

log = logging.getLogger("stepwire.sessions")

KIND = "server_died"
"""The type of the error of a run that is not recovered any more."""


class Recovery:
    """The recovery of one start. `limit`: at how many deaths a run is failed; 0 for none."""

    def __init__(self, starter: Starter, limit: int) -> None:
        self.starter = starter
        self.sessions = starter.sessions
        self.store = starter.store
        self.events = starter.events
        self.executor = starter.executor
        self.limit = limit
        self.plan = Plan([], [], [])
        # Those whose runs cannot be read now.
        self.unread: list[SessionRecord] = []
        # Those that have not gone on yet, though they could.
        self.waiting: dict[str, Found] = {}
        # What listens to what others want of these.
        self.heeds: dict[str, Callable[[], None]] = {}

    async def prepare(self, *, died: bool) -> int:
        """Find what was left, and commit what the end of the process before makes of it; how many there are.

        `died`: nobody had meant to end that. Nothing runs yet. Raises `StorageError`.
        """
        left = []
        for record in await self.store.in_status(("queued", "running")):
            try:
                left.append(Found(record, await self.sessions.run(record)))
            except Unreadable:
                # It is named in the log, and holds up nobody.
                if record.status == "running":
                    self.unread.append(record)
        there = [one.session.id for one in left if one.there]
        found = [await seen(self.store, one, died=died) for one in left]
        alone = there[0] if died and len(there) == 1 else None
        self.plan = plan(found, self.limit, alone=alone)
        waits = {one.session.id for one in self.plan.suspects}
        if waits:
            waits.update(one.session.id for one in self.plan.others)
        before = {one.session.id: one.run for one in left}
        for one in [*self.plan.suspects, *self.plan.others]:
            marked = _held(one, one.session.id in waits)
            if marked.run != before[one.session.id]:
                await self._put(marked)
            self.waiting[one.session.id] = marked
        for one in self.plan.convicted:
            await fail_convicted(self.sessions, one)
        return len(self.waiting)

    async def begin(self, group: TaskGroup) -> None:
        """Let them go on: all at once or, where there are suspects, those first, one after another."""
        if self.waiting:
            log.info("resuming %d unfinished runs", len(self.waiting))
        for record in self.unread:
            self.executor.submit(record.id, record.epoch, "restart")
        if not self.plan.suspects:
            await self._rest()
            return
        for session_id in self.waiting:
            self.heeds[session_id] = self._heeds(session_id, group)
            self.sessions.wakeups.listen(session_id, self.heeds[session_id])
        group.start_soon(self._one_by_one)

    async def _put(self, one: Found) -> None:
        try:
            unit = Unit(one.session.id, [], [PutRun(one.run)], revision=one.session.revision)
            await self.events.commit(unit)
        except RefusedError:
            # Something changed it meanwhile, which is more than this knew.
            log.warning("session %s was changed while it was recovered", one.session.id)

    # One after another

    async def _one_by_one(self) -> None:
        for one in self.plan.suspects:
            if one.session.id in self.waiting:
                try:
                    await self._alone(one)
                except (StorageError, Unreadable) as error:
                    # It goes on, and waits for the disk as any other does.
                    log.error("session %s is not alone any more: %s", one.session.id, error)
        await self._rest()

    async def _rest(self) -> None:
        """Let all go on that have not."""
        for one in list(self.waiting.values()):
            await self._go(one.session.id)

    async def _alone(self, one: Found) -> None:
        """Let a suspect go on, until it has ended, came further, or was alone for long enough."""
        session_id, count = one.session.id, one.count
        log.warning(
            "session %s ran at the last %d deaths of the server, and came no further: it goes on alone",
            session_id,
            count,
        )
        doubtful = 0 < self.limit <= count
        if doubtful:
            # Others were there as well the last time.
            self.executor.keep_to(session_id)
        channel = await self.events.pin(session_id)
        try:
            if not await self._go(session_id) or channel is None:
                return
            deaths = one.run.deaths
            way = Way(0 if deaths is None else deaths.seq)
            seen = max(one.run.after, one.session.first_seq - 1)
            with anyio.move_on_after(patience(count)):
                while True:
                    changed = channel.changed
                    record = await self.store.read(self.store.session, session_id)
                    if record is None or record.status != "running":
                        return
                    async for seq, kind, event in told_of(self.store, record, one.run, seen):
                        way.take(seq, kind, event)
                        seen = seq
                    if way.further:
                        return
                    await changed.wait()
        finally:
            self.events.unpin(session_id)
            if doubtful:
                self.executor.keep_to(None)

    async def _go(self, session_id: str) -> bool:
        """Let one go on; False where it does not any more."""
        one = self.waiting.pop(session_id, None)
        if one is None:
            return False
        if session_id in self.heeds:
            self.sessions.wakeups.ignore(session_id, self.heeds.pop(session_id))
        try:
            return await self._goes(one)
        except (StorageError, Unreadable) as error:
            # Whoever advances it waits for the disk.
            log.error("session %s goes on unmarked: %s", session_id, error)
            recovery: Recovers | None = "restart" if one.session.status == "running" else None
            self.executor.submit(session_id, one.session.epoch, recovery)
            return True

    async def _goes(self, one: Found) -> bool:
        """Mark in its run that it runs, where that says that it waits, and put it in line. Raises `StorageError`."""
        while True:
            record = await self.store.read(self.store.session, one.session.id)
            if record is None or record.run_id != one.run.id or record.status not in ACTIVE:
                return False
            deaths = one.run.deaths
            if deaths is not None and deaths.held:
                deaths = msgspec.structs.replace(deaths, held=False, tried=now_ms())
                run = msgspec.structs.replace(one.run, deaths=deaths)
                try:
                    unit = Unit(record.id, [], [PutRun(run)], revision=record.revision)
                    await self.events.commit(unit)
                except RefusedError:
                    # It was told something meanwhile.
                    continue
            await self.starter.launching.recover(record)
            return True

    def _heeds(self, session_id: str, group: TaskGroup) -> Callable[[], None]:
        """What is called when somebody wants something of a session that waits: one that is to end need not."""

        def heed() -> None:
            waits = session_id in self.waiting
            if waits and Cancel() in read(self.store.signals(session_id)):
                group.start_soon(self._go, session_id)

        return heed


async def seen(store: Store, one: Found, *, died: bool) -> Found:
    """What the end of the process that ran it makes of it. `died`: nobody had meant to end that. Raises `StorageError`."""
    if one.session.status != "running" or not (died or one.run.deaths is not None):
        return one
    # What it reached before it was ever counted is where it begins.
    way = Way(one.session.seq if one.run.deaths is None else one.run.deaths.seq)
    try:
        async for seq, kind, event in told_of(store, one.session, one.run):
            way.take(seq, kind, event)
    except Unreadable:
        # Nobody is accused of what cannot be read.
        return one
    return after_end(one, way, died=died)


async def fail_convicted(sessions: Sessions, one: Found) -> None:
    """It does not go on by itself any more. What it was told last is kept, for `query.resume`. Raises `RefusedError`, `StorageError`."""
    record = one.session
    try:
        found = await left_open(sessions.store, record, one.run)
    except Unreadable:
        found = LeftOpen({}, {})
    nodes = one.nodes
    where = f" in {', '.join(nodes)}" if nodes else ""
    error = Failure(
        KIND,
        f"the server died {one.count} times while it ran{where}; `query.resume` goes on all the same",
        nodes[0] if nodes else None,
    )
    log.error(
        "session %s: run %s of graph %r failed: the server died %d times while it ran%s",
        record.id,
        one.run.id,
        record.graph,
        one.count,
        where,
    )
    took = max(0.0, float(now_ms() - (one.run.started_at or one.run.created_at)))
    session, run, event = move(
        record,
        one.run,
        "failed",
        error=stored_failure(error),
        command=record.command,
        debug=held(record.debug),
    )
    rows: list[Row] = [TakeSignals(record.revision), EndJob(record.id)]
    bodies = [*found.ends, QueryFailed(error, took), event]
    await sessions.commit(record, session, run, bodies, rows=rows, fence=record.epoch, raises=True)


def _held(one: Found, waits: bool) -> Found:
    """The same, its run marked: whether it waits here for its turn, and so does not run."""
    deaths = one.run.deaths
    if one.session.status != "running":
        return one
    if deaths is None:
        return one.with_deaths(Deaths(0, one.session.seq, held=True)) if waits else one
    return one.with_deaths(msgspec.structs.replace(deaths, held=waits))
