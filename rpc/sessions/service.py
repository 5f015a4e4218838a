"""What clients can ask of sessions. Every change of a status is committed before it is answered.

A request that changes a session commits under the revision it has read; if that is not the newest any more, it looks
again. While a session is being advanced, requests commit signals only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Literal, TypeVar

import anyio
import msgspec

from protocol.errors import (
    EVENTS_GONE,
    INVALID_PARAMS,
    OVERLOADED,
    STORAGE_BROKEN,
    UNREADABLE,
    WRONG_STATE,
    ProtocolError,
)
from protocol.events import DebugResumed, EventBody, SessionDeleted
from protocol.queries import ResumeParams
from protocol.sessions import (
    ACTIVE,
    ENDED,
    DeleteResult,
    RunsParams,
    RunsResult,
    Session,
    SessionListParams,
    SessionListResult,
    StatusResult,
    UpdateParams,
)
from rpc.clock import now_ms
from rpc.engine.graphs.registry import Graphs
from rpc.engine.running.open_tasks import cancelled
from rpc.events.cursor import Cursor
from rpc.events.log import EventLog
from rpc.events.wakeup import WakeUps
from rpc.masking import Secrets
from rpc.sessions import repeats
from rpc.sessions.auditing import audited
from rpc.sessions.commands import Command, Recover, Resume, restored, stored
from rpc.sessions.fitting import fitting
from rpc.sessions.hidden import Hidden
from rpc.sessions.lifecycle import move, not_found, view, wrong_state
from rpc.sessions.lining import in_line, next_in_line
from rpc.sessions.listing import which
from rpc.sessions.locks import Locks
from rpc.sessions.paging import read_cursor, write_cursor
from rpc.sessions.quotas import Quotas
from rpc.sessions.results import Results
from rpc.sessions.running.executor import Begun, Executor, Recovery
from rpc.sessions.running.gating import cleared, released
from rpc.sessions.running.left_open import left_open
from rpc.sessions.running.signals import Cancel, Signal, applied, read, row
from rpc.sessions.shown import shown_run, shown_status
from rpc.sessions.updating import updated
from rpc.storage.cluster import GraphNames
from rpc.storage.line import RefusedError
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import StorageBroken, StorageError, Store
from rpc.storage.units import (
    DeleteSession,
    EndJob,
    PutRun,
    PutSession,
    Row,
    TakeSignals,
    Unit,
    Written,
)
from rpc.storage.unreadable import Unreadable

T = TypeVar("T")

HEED_SECONDS = 1.0
"""How long who tells a run something waits for it to take effect; where the store does not answer, it does so later."""
Launch = Callable[[], None]
NamesElsewhere = Callable[[str], Awaitable[Mapping[str, GraphNames]]]


class Sessions:
    """The sessions of one server."""

    def __init__(
        self,
        store: Store,
        events: EventLog,
        graphs: Graphs,
        results: Results,
        executor: Executor,
        wakeups: WakeUps,
        locks: Locks,
        cancel_grace_seconds: float,
        quotas: Quotas,
        hidden: Hidden,
    ) -> None:
        self.quotas = quotas
        self.hidden = hidden
        self.store = store
        self.events = events
        self.graphs = graphs
        self.results = results
        self.executor = executor
        self.wakeups = wakeups
        # The lock of a session: of two requests that change it here, the second one waits.
        self.locks = locks
        self.cancel_grace_seconds = cancel_grace_seconds
        # What the code of a graph has on other nodes; nothing, where there are none.
        self.names_elsewhere: NamesElsewhere = _none_elsewhere

    async def changing(self, session_id: str, change: Callable[[SessionRecord], Awaitable[T]]) -> T:
        """`change`, given the session as it is; again where it was changed meanwhile.

        Raises `ProtocolError`: session not found, overloaded (the disk), and what `change` raises.
        """
        async with self.locks(session_id):
            while True:
                record = await self.record(session_id)
                try:
                    return await change(record)
                except RefusedError as error:
                    if error.refused.reason not in ("revision", "epoch", "gone"):
                        raise
                except StorageError as error:
                    raise storage_failed(error) from error

    async def commit(
        self,
        read: SessionRecord,
        record: SessionRecord,
        run: RunRecord,
        bodies: Sequence[EventBody] = (),
        *,
        rows: Sequence[Row] = (),
        fence: int | None = None,
        raises: bool = False,
    ) -> Written:
        """Commit a change that somebody waits for. `read`: the session it is of, as it was read.

        `rows`: what goes with it. `fence`: the epoch under which alone it holds. `raises`: whatever advances the
        session must stop. Raises `RefusedError`, `StorageError`.
        """
        emitter = self.events.emitter(record.id, run.id, run.config)
        return await self.events.commit(
            Unit(
                record.id,
                [emitter.draft(body) for body in bodies],
                [PutSession(record), PutRun(run), *rows],
                fence=fence,
                revision=read.revision,
                raises=raises,
            )
        )

    async def signal(
        self,
        record: SessionRecord,
        *signals: Signal,
        also: Sequence[EventBody] = (),
        rows: Sequence[Row] = (),
    ) -> None:
        """Tell whoever advances the session. `rows`: what goes with it. Raises `RefusedError`, `StorageError`.

        Where it runs here it has taken effect then: who is answered relies on it, and may let a node go on that waits for him.
        """
        emitter = self.events.emitter(record.id, record.run_id)
        drafts = [emitter.draft(body) for body in also]
        await self.events.commit(
            Unit(record.id, drafts, [*map(row, signals), *rows], revision=record.revision)
        )
        if heeding := self.wakeups.wake(record.id):
            await asyncio.wait(heeding, timeout=HEED_SECONDS)

    async def cancel(self, session_id: str, only: str | None = None) -> StatusResult:
        """Stop the run; returns when it has stopped. `only`: this one, and where it neither waits nor stands."""
        asked = await self.changing(session_id, lambda record: self._cancel(record, only))
        if asked.status in ENDED:
            return StatusResult(session_id, shown_status(asked.status))
        with anyio.move_on_after(self.cancel_grace_seconds):
            await self.at_rest(session_id, asked.run_id)

        async def ended(record: SessionRecord) -> StatusResult:
            if record.run_id != asked.run_id:
                # It was over, and somebody has started another one.
                return StatusResult(session_id, "cancelled")
            if record.status not in ENDED:
                record = await self._cancelled(record)
            return StatusResult(session_id, shown_status(record.status))

        return await self.changing(session_id, ended)

    async def _cancel(self, record: SessionRecord, only: str | None) -> SessionRecord:
        if only is not None and (record.run_id != only or record.status not in ACTIVE):
            raise wrong_state(record, f"have its run {only} cancelled: that is over")
        if record.status in ENDED:
            raise wrong_state(record, "be cancelled", ("queued", "running", "paused", "waiting"))
        if record.status != "running" or self.executor.expects(record.id):
            # Nothing runs of it that could heed a signal.
            return await self._cancelled(record)
        await self.signal(record, Cancel())
        return record

    async def end(self, record: SessionRecord) -> SessionRecord:
        """End the run of a session that waits or stands; the session as it is then. In its lock."""
        await self._cancelled(record)
        return await self.record(record.id)

    async def _cancelled(self, record: SessionRecord) -> SessionRecord:
        """End the run, whatever still runs: what that writes from here on is refused."""
        ends: Sequence[EventBody] = cancelled(record.debug.open)
        if record.status == "running":
            # First nothing more is told of what runs; then all that was told is known.
            await self.events.commit(Unit(record.id, [], [], revision=record.revision, raises=True))
            record = await self.record(record.id)
            found = await left_open(self.store, record, await self.run(record))
            ends = found.ends
        debug = cleared(record.debug)
        session, run, event = move(
            record, await self.run(record), "cancelled", interrupts=[], command=None, debug=debug
        )
        rows: list[Row] = [TakeSignals(record.revision), PutSession(session), PutRun(run)]
        emitter = self.events.emitter(record.id, run.id, run.config)
        drafts = [emitter.draft(body) for body in [*ends, event]]
        turn = next_in_line(session, run, await in_line(self.store, session))
        rows.append(EndJob(record.id))
        if turn is not None:
            rows += [*turn.rows, self.executor.job(record.id, record.graph)]
            drafts.append(self.events.emitter(record.id, turn.run.id).draft(turn.event))
        unit = Unit(record.id, drafts, rows, revision=record.revision, raises=True)
        written = await self.events.commit(unit)
        self.executor.abandon(record.id)
        # Where somebody else advances it: that is to be waited for no more.
        self.wakeups.wake(record.id)
        if turn is not None:
            self.executor.submit(record.id, written.epoch)
        return session

    async def at_rest(self, session_id: str, run_id: str | None) -> None:
        """Wait until nothing advances the session's run."""
        channel = await self.events.pin(session_id)
        if channel is None:
            return
        try:
            while True:
                changed = channel.changed
                record = await self.store.read(self.store.session, session_id)
                if record is None or record.status not in ACTIVE or record.run_id != run_id:
                    return
                await changed.wait()
        finally:
            self.events.unpin(session_id)

    async def resume_failed(self, params: ResumeParams) -> tuple[StatusResult, Launch]:
        """Let a failed run go on from its last checkpoint, with what it was told last; the second value lets it, and
        must be called after the answer."""

        async def change(record: SessionRecord) -> tuple[StatusResult, Launch]:
            if repeats.known(record, params) is not None:
                return StatusResult(record.id, "running"), nothing
            if record.status != "failed":
                raise wrong_state(record, "be resumed", ("failed",))
            record = repeats.remembering(record, params, True)
            # Where it was told nothing that is still to be done, what failed runs again.
            told = Resume() if record.command is None else restored(record.command)
            if not isinstance(told, Recover):
                told = msgspec.structs.replace(told, discard=params.discard)
            stood = list(record.debug.stopped)
            debug = released(record.debug, stood, record.debug.stepping) if stood else record.debug
            ids = [record.debug.stopped[one].task_id for one in stood]
            also = [DebugResumed("continue", ids)] if stood else []
            return await self.resume(record, told, also, recovery="resume", debug=debug)

        return await self.changing(params.session_id, change)

    async def resume(
        self,
        record: SessionRecord,
        command: Command,
        also: Sequence[EventBody] = (),
        *,
        rows: Sequence[Row] = (),
        recovery: Recovery | None = None,
        **changes: Any,
    ) -> tuple[StatusResult, Launch]:
        """Set a resting session running again, by `command`. `rows`: what its thread becomes before.

        `recovery`: why where it left off must be looked for.
        """
        session, run, event = move(
            record, await self.run(record), "running", command=stored(command), **changes
        )
        launch = await self.go_on(
            record, session, run, [*also, event], rows=rows, recovery=recovery, raises=bool(rows)
        )
        return StatusResult(record.id, "running"), launch

    async def go_on(
        self,
        read: SessionRecord,
        session: SessionRecord,
        run: RunRecord,
        bodies: Sequence[EventBody],
        *,
        rows: Sequence[Row] = (),
        recovery: Recovery | None = None,
        raises: bool = False,
    ) -> Launch:
        """As `commit`, of a session that is running by it; the result lets it, and must be called after the answer.

        `recovery`: why where it left off must be looked for.
        """
        # In a place that is free its beginning is no commit of its own.
        at_once = recovery is None and self.executor.reserve()
        try:
            job = self.executor.job(session.id, session.graph, recovery, reserved=at_once)
            written = await self.commit(
                read, session, run, bodies, rows=[*rows, job], raises=at_once or raises
            )
        except BaseException:
            if at_once:
                self.executor.release()
            raise
        if at_once:
            begun = Begun(session, run, written.epoch, written.revision)
            self.executor.expect(begun)
            return lambda: self.executor.begin(begun)
        return lambda: self.executor.submit(session.id, written.epoch, recovery)

    async def change(
        self,
        record: SessionRecord,
        also: Sequence[EventBody] = (),
        *,
        rows: Sequence[Row] = (),
        **changes: Any,
    ) -> None:
        """Commit changes that leave the status as it is. `rows`: what its thread becomes."""
        changed = msgspec.structs.replace(record, updated_at=now_ms(), **changes)
        await self.commit(
            record, changed, await self.run(record), also, rows=rows, raises=bool(rows)
        )

    async def stand(
        self,
        record: SessionRecord,
        also: Sequence[EventBody],
        *,
        rows: Sequence[Row] = (),
        **changes: Any,
    ) -> None:
        """Commit that the session stands. `rows`: what its thread becomes."""
        if record.status == "paused":
            await self.change(record, also, rows=rows, **changes)
            return
        session, run, event = move(
            record, await self.run(record), "paused", command=None, **changes
        )
        await self.commit(record, session, run, [*also, event], rows=rows, raises=bool(rows))

    async def get(self, session_id: str) -> Session:
        """The session with its result."""
        record = await self.now(await self.record(session_id))
        if record.run_id is None:
            return view(record, None)
        run = await self.run(record)
        return view(record, run, await self.results.of(record, run))

    async def now(self, record: SessionRecord) -> SessionRecord:
        """The session with what was signalled and has not taken effect yet."""
        if record.status != "running":
            return record
        return applied(record, read(await self.store.read(self.store.signals, record.id)))

    async def list(
        self,
        params: SessionListParams,
        owner: str | None,
        max_bytes: int,
        seconds: float | None = None,
    ) -> SessionListResult:
        """A page of an owner's sessions, or of everybody's; of those that fit into `max_bytes`, where not all do.

        Raises `TookTooLong`.
        """
        before = None
        if params.cursor is not None:
            if params.offset:
                raise ProtocolError(
                    INVALID_PARAMS, "give `offset` or `cursor`, not both", path="$.offset"
                )
            before = read_cursor(params.cursor, self._cursors, owner)
        page = await self.store.sessions_page(
            owner=owner,
            limit=params.limit + 1,
            offset=params.offset,
            before=before,
            status=params.status if isinstance(params.status, str) else None,
            search=params.search,
            which=which(params),
            seconds=seconds,
        )
        found = [
            (place, view(record, run))
            for (record, run), place in zip(page.records, page.places, strict=True)
            if run is not None or record.run_id is None
        ]
        shown = fitting([session for _, session in found[: params.limit]], max_bytes)
        more = len(found) > len(shown)
        return SessionListResult(
            sessions=shown,
            total=page.total,
            total_relation="gte" if page.more_than else "eq",
            limit=params.limit,
            offset=params.offset,
            next_cursor=write_cursor(found[len(shown) - 1][0], self._cursors, owner)
            if more
            else None,
        )

    async def active(self, owner: str | None) -> int:
        """How many sessions are queued or running, of an owner's or of all, on any node. Raises `StorageError`."""
        if owner is not None:
            return await self.store.read(self.store.active, owner)
        if not self.store.shared:
            return self.executor.active
        counts = await self.store.read(self.store.status_counts)
        return sum(counts.get(status, 0) for status in ACTIVE)

    async def runs(self, params: RunsParams, max_bytes: int) -> RunsResult:
        """A page of a session's runs; of those that fit into `max_bytes`, where not all do."""
        await self.record(params.session_id)
        found = await self.store.runs_page(
            params.session_id, limit=params.limit + 1, before=params.before
        )
        shown = fitting([shown_run(run) for run in found[: params.limit]], max_bytes)
        more = len(found) > len(shown)
        return RunsResult(params.session_id, shown, shown[-1].run_id if more else None)

    async def update(self, params: UpdateParams) -> Session:
        """Change the session's name, tags or metadata; whatever runs of it runs on."""

        async def change(record: SessionRecord) -> None:
            changed = updated(record, params)
            if changed != record:
                await self.events.commit(
                    Unit(record.id, [], [PutSession(changed)], revision=record.revision)
                )

        await self.changing(params.session_id, change)
        return await self.get(params.session_id)

    async def delete(self, session_id: str) -> DeleteResult:
        """Remove the session with all it owns; a run that is under way is cancelled first."""

        async def change(record: SessionRecord) -> bool:
            if record.status in ACTIVE:
                return False
            await self.remove(record, "request")
            return True

        while True:
            try:
                if await self.changing(session_id, change):
                    break
            except Unreadable:
                # Nothing can be done with it but this.
                await self.events.commit(Unit(session_id, [], [DeleteSession(session_id)]))
                farewell = self.events.emitter(session_id, None).draft(SessionDeleted("request"))
                self.events.forget(session_id, farewell)
                break
            try:
                await self.cancel(session_id)
            except ProtocolError as error:
                # It may have ended by itself meanwhile.
                if error.error is not WRONG_STATE:
                    raise
        return DeleteResult(session_id, True, f"Session {session_id} deleted successfully")

    async def remove(self, record: SessionRecord, reason: Literal["request", "age"]) -> None:
        """Delete a session that rests, with its thread. Raises `RefusedError`, `StorageError`."""
        audit = audited("session.delete", record, reason=reason, graph=record.graph)
        await self.events.commit(
            Unit(record.id, [], [audit, DeleteSession(record.id)], revision=record.revision)
        )
        farewell = self.events.emitter(record.id, record.run_id).draft(SessionDeleted(reason))
        self.events.forget(record.id, farewell)

    async def cursor(
        self,
        session_id: str,
        after: int,
        types: Collection[str] | None = None,
        *,
        follows: bool = True,
    ) -> Cursor:
        """A cursor; `close` it. `follows`: it is to wait for what comes, and not only to read what there is.

        Raises `ProtocolError`: session not found, `after` past the end, events after it are gone, or none can come.
        """
        cursor = await self._opened(session_id, after, types, follows=follows)
        try:
            await self._check_place(cursor, session_id, after)
        except BaseException:
            cursor.close()
            raise
        return cursor

    async def standing(self, session_id: str) -> Cursor:
        """A cursor for who reads no events, but waits for the session's records to turn; `close` it.

        Raises `ProtocolError`: session not found, or nothing is stored any more.
        """
        return await self._opened(session_id, 0)

    async def _opened(
        self,
        session_id: str,
        after: int,
        types: Collection[str] | None = None,
        *,
        follows: bool = True,
    ) -> Cursor:
        if follows and self.events.broken is not None:
            raise storage_failed(self.events.broken)
        cursor = await Cursor.open(self.events, session_id, after, types)
        if cursor is None:
            raise not_found(session_id)
        return cursor

    async def _check_place(self, cursor: Cursor, session_id: str, after: int) -> None:
        # Somebody may have read from the store what is committed, and shown here in a moment.
        last = cursor.channel.last_seq
        if after > last:
            last = max(last, (await self.record(session_id)).seq)
        if after > last:
            raise ProtocolError(
                INVALID_PARAMS, f"the session's last event is {last}", path="$.after"
            )
        if (hole := self.store.unreadable.hole(session_id, after)) is not None:
            raise unreadable(hole)
        first = (await self.record(session_id)).first_seq
        if after < first - 1:
            raise events_gone(session_id, first)

    async def owns(self, session_id: str, owner: str) -> bool:
        """Whether there is such a session of this owner's. Raises `StorageError`."""
        try:
            return await self.store.read(self.store.session, session_id, owner) is not None
        except Unreadable:
            # It was found, and nothing but its record cannot be read.
            return True

    @property
    def _cursors(self) -> bytes:
        """What the lists' cursors are hidden by. Raises `StorageError`."""
        return self.store.secret("cursors")

    async def record(self, session_id: str) -> SessionRecord:
        """The session. Raises `ProtocolError` (session not found), `StorageError`."""
        record = await self.store.read(self.store.session, session_id)
        if record is None:
            raise not_found(session_id)
        return record

    async def secrets(self, session_id: str) -> Secrets:
        """Texts that no answer about the session may have. Raises `StorageError`."""
        return await self.hidden.of(session_id)

    async def run(self, record: SessionRecord) -> RunRecord:
        """The session's latest run. Raises `ProtocolError` (wrong state) where it has had none, (session not found) where it was deleted
        since its record was read, `StorageError`."""
        if record.run_id is None:
            raise wrong_state(record, "do this: it has had no query yet")
        run = await self.store.read(self.store.run, record.run_id)
        if run is None:
            await self.record(record.id)
            raise LookupError(f"session {record.id} has no run {record.run_id}")
        return run


def nothing() -> None:
    """What is to be launched where a call was made before, or where it waits for its turn."""


async def _none_elsewhere(_: str) -> Mapping[str, GraphNames]:
    return {}


def events_gone(session_id: str, first_seq: int) -> ProtocolError:
    """The answer to a reader who comes after the events it asks for were removed."""
    return ProtocolError(
        EVENTS_GONE,
        f"the events of session {session_id} before {first_seq} were removed, being old; the oldest that is kept "
        f"comes after {first_seq - 1}, and `session.get` has the session as it is",
        first_seq=first_seq,
    )


def unreadable(error: Unreadable) -> ProtocolError:
    """The answer to who asks for what cannot be read."""
    if error.last_seq is None:
        return ProtocolError(
            UNREADABLE,
            f"{error}; other sessions are not touched by it, `stepwire doctor` says more, and `session.delete` removes this one",
        )
    return ProtocolError(
        UNREADABLE,
        f"{error}; the next ones come after {error.last_seq}, and `session.get` has the session as it is",
        first_seq=error.last_seq + 1,
    )


def storage_failed(error: StorageError) -> ProtocolError:
    """The answer to a request that the store could not take."""
    if isinstance(error, StorageBroken):
        return ProtocolError(STORAGE_BROKEN, f"nothing was changed: {error}")
    return ProtocolError(OVERLOADED, f"nothing was changed: {error}", retry_after_ms=5000)
