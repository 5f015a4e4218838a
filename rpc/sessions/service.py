"""What clients can ask of sessions. Every change of a status is committed before it is answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal

import anyio
import msgspec

from protocol.errors import (
    INVALID_PARAMS,
    OVERLOADED,
    SESSION_NOT_FOUND,
    ProtocolError,
)
from protocol.events import DebugResumed, EventBody, SessionDeleted
from protocol.queries import RespondParams
from protocol.sessions import (
    ACTIVE,
    ENDED,
    DeleteResult,
    Session,
    SessionListParams,
    SessionListResult,
    StatusResult,
)
from rpc.engine.graphs.registry import Graphs
from rpc.events.cursor import Cursor
from rpc.events.encoding import Emitter, now_ms
from rpc.events.log import EventLog
from rpc.sessions.commands import Command, Respond, stored
from rpc.sessions.lifecycle import transition, view, wrong_state
from rpc.sessions.locks import Locks
from rpc.sessions.paging import read_cursor, write_cursor
from rpc.sessions.running.executor import Executor, Job
from rpc.sessions.running.gating import cleared
from rpc.storage.records import DebugState, RunRecord, SessionRecord
from rpc.storage.sqlite.checkpointer import Checkpointer
from rpc.storage.store import DeleteSession, PutRun, PutSession, Storage, StorageError


class Sessions:
    """The sessions of one server."""

    def __init__(
        self,
        storage: Storage,
        checkpointer: Checkpointer,
        events: EventLog,
        graphs: Graphs,
        executor: Executor,
        locks: Locks,
        cancel_grace_seconds: float,
    ) -> None:
        self.storage = storage
        self.checkpointer = checkpointer
        self.events = events
        self.graphs = graphs
        self.executor = executor
        self.locks = locks
        self.cancel_grace_seconds = cancel_grace_seconds

    async def reserved(self, record: SessionRecord, command: Command) -> Job:
        """A job for the session; it holds the session's channel until it ends."""
        if await self.events.pin(record.id) is None:
            self.events.pin_new(record.id, 0)
        job = self.executor.reserve(record.id, command)
        job.on_done(lambda: self.events.unpin(record.id))
        return job

    async def cancel(self, session_id: str) -> StatusResult:
        """Stop the run; returns when it has stopped."""
        async with self.locks(session_id):
            record = await self.record(session_id)
            if record.status in ENDED:
                raise wrong_state(
                    record, "be cancelled", ("queued", "running", "paused", "waiting")
                )
            job = self.executor.job(session_id)
            if job is None:
                await self._cancelled(record)
                return StatusResult(session_id, "cancelled")
            job.cancel()
        with anyio.move_on_after(self.cancel_grace_seconds):
            await job.done.wait()
        async with self.locks(session_id):
            record = await self.record(session_id)
            if record.status not in ENDED and not job.done.is_set():
                job.abandoned = True
                await self._cancelled(record)
                return StatusResult(session_id, "cancelled")
        return StatusResult(session_id, record.status)

    async def _cancelled(self, record: SessionRecord) -> None:
        run = await self.run(record)
        record, event = transition(
            record, "cancelled", interrupts=[], command=None, debug=cleared(record.debug)
        )
        run = msgspec.structs.replace(run, status="cancelled", ended_at=now_ms())
        await self.commit(record, run, [event])

    async def respond(self, params: RespondParams) -> tuple[StatusResult, Callable[[], None]]:
        """Answer a node that asks; the second value lets it go on and must be called after the answer."""
        async with self.locks(params.session_id):
            record = await self.record(params.session_id)
            if not record.interrupts or record.status not in ("waiting", "paused"):
                nobody = "be answered: nobody asks, or it does not wait for the answer yet"
                raise wrong_state(record, nobody, ("waiting",))
            ids = [one.interrupt_id for one in record.interrupts]
            if params.interrupt_id is None and len(ids) > 1:
                raise ProtocolError(
                    INVALID_PARAMS,
                    f"{len(ids)} nodes ask: name one of {', '.join(ids)}",
                    path="$.interrupt_id",
                )
            chosen = params.interrupt_id or ids[0]
            if chosen not in ids:
                raise ProtocolError(
                    INVALID_PARAMS,
                    f"nobody asks {chosen!r}; open: {', '.join(ids)}",
                    path="$.interrupt_id",
                )
            command = Respond({chosen: params.value})
            tasks = [one.task_id for one in record.interrupts if one.interrupt_id == chosen]
            resumed = DebugResumed("respond", [one for one in tasks if one is not None])
            also = [resumed] if record.status == "paused" else []
            return await self.resume(record, command, also)

    async def resume(
        self,
        record: SessionRecord,
        command: Command,
        also: Sequence[EventBody] = (),
        **changes: Any,
    ) -> tuple[StatusResult, Callable[[], None]]:
        """Set a resting session running again, by `command`. The caller holds its lock."""
        run = await self.run(record)
        record, event = transition(record, "running", command=stored(command), **changes)
        run = msgspec.structs.replace(run, status="running", ended_at=None, error=None)
        job = await self.reserved(record, command)
        await self.commit(record, run, [*also, event], job=job)
        return StatusResult(record.id, "running"), lambda: self.executor.submit(job)

    async def settled(self, session_id: str) -> SessionRecord:
        """The session as it is when all that is in line for it is committed. The caller holds its lock."""
        if self.executor.job(session_id) is not None:
            await self.events.commit(session_id)
        return await self.record(session_id)

    async def change(
        self, record: SessionRecord, also: Sequence[EventBody] = (), **changes: Any
    ) -> None:
        """Commit changes that leave the status as it is. The caller holds the session's lock."""
        run = await self.run(record)
        record = msgspec.structs.replace(record, updated_at=now_ms(), **changes)
        await self.commit(record, run, also)

    async def stand(
        self, record: SessionRecord, also: Sequence[EventBody], debug: DebugState
    ) -> None:
        """Commit that the session stands. The caller holds its lock."""
        if record.status == "paused":
            await self.change(record, also, debug=debug)
            return
        run = await self.run(record)
        record, event = transition(record, "paused", debug=debug, command=None)
        run = msgspec.structs.replace(run, status="paused", ended_at=None, error=None)
        await self.commit(record, run, [*also, event])

    async def get(self, session_id: str) -> Session:
        """The session with its result."""
        record = await self.record(session_id)
        return view(record, await self.run(record))

    async def list(self, params: SessionListParams) -> SessionListResult:
        """A page of sessions."""
        before = None
        if params.cursor is not None:
            if params.offset:
                raise ProtocolError(
                    INVALID_PARAMS, "give `offset` or `cursor`, not both", path="$.offset"
                )
            before = read_cursor(params.cursor)
        page = await self.storage.sessions(
            limit=params.limit + 1,
            offset=params.offset,
            before=before,
            status=params.status,
            search=params.search,
        )
        shown = page.records[: params.limit]
        last = shown[-1][0] if len(page.records) > params.limit else None
        return SessionListResult(
            sessions=[view(record, run, with_result=False) for record, run in shown],
            total=page.total,
            limit=params.limit,
            offset=params.offset,
            next_cursor=None if last is None else write_cursor(last),
        )

    async def delete(self, session_id: str) -> DeleteResult:
        """Remove the session with all it owns."""
        async with self.locks(session_id):
            record = await self.record(session_id)
            if record.status in ACTIVE or self.executor.job(session_id) is not None:
                raise wrong_state(record, "be deleted; cancel it first")
            await self.remove(record, "request")
        return DeleteResult(session_id, True)

    async def remove(self, record: SessionRecord, reason: Literal["request", "age"]) -> None:
        """Delete without a look at the status. The checkpoints first: no session, no way to find them."""
        await self.checkpointer.adelete_thread(record.id)
        await self.events.commit(record.id, writes=[DeleteSession(record.id)], optional=True)
        farewell = Emitter(record.id, record.run_id).emission(SessionDeleted(reason))
        self.events.forget(record.id, farewell)

    async def cursor(
        self, session_id: str, after: int, types: Collection[str] | None = None
    ) -> Cursor:
        """A cursor; `close` it. Raises `ProtocolError`: session not found, or `after` past the end."""
        cursor = await Cursor.open(self.events, session_id, after, types)
        if cursor is None:
            raise not_found(session_id)
        if after > cursor.last_seq:
            last = cursor.last_seq
            cursor.close()
            raise ProtocolError(
                INVALID_PARAMS, f"the session's last event is {last}", path="$.after"
            )
        return cursor

    async def commit(
        self,
        record: SessionRecord,
        run: RunRecord,
        bodies: Sequence[EventBody] = (),
        job: Job | None = None,
    ) -> None:
        """Commit a change that somebody waits for: a failing disk is told, nothing is kept.

        `job`: what the change is for; released where it fails.
        """
        if await self.events.pin(record.id) is None:
            self.events.pin_new(record.id, 0)
        try:
            emitter = Emitter(record.id, run.id)
            emissions = [emitter.emission(body) for body in bodies]
            await self.events.commit(
                record.id, emissions, [PutSession(record), PutRun(run)], optional=True
            )
        except StorageError as error:
            if job is not None:
                self.executor.release(job)
            raise storage_failed(error) from error
        finally:
            self.events.unpin(record.id)

    async def record(self, session_id: str) -> SessionRecord:
        record = await self.storage.session(session_id)
        if record is None:
            raise not_found(session_id)
        return record

    async def run(self, record: SessionRecord) -> RunRecord:
        run = await self.storage.run(record.run_id)
        if run is None:
            raise LookupError(f"session {record.id} has no run {record.run_id}")
        return run


def storage_failed(error: StorageError) -> ProtocolError:
    """The answer to a request that the store could not take."""
    return ProtocolError(OVERLOADED, f"nothing was changed: {error}", retry_after_ms=5000)


def not_found(session_id: str) -> ProtocolError:
    """The answer where the session is not, or no longer, there."""
    return ProtocolError(SESSION_NOT_FOUND, f"there is no session {session_id!r}")
