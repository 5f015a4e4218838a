"""What clients can ask of sessions. Every change of a status is committed before it is answered."""

from __future__ import annotations

import base64
import secrets
import statistics
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any
from weakref import WeakValueDictionary

import anyio
import msgspec

from protocol.debugging import Breakpoint
from protocol.errors import (
    INVALID_PARAMS,
    OVERLOADED,
    SESSION_NOT_FOUND,
    ProtocolError,
)
from protocol.events import EventBody, SessionStatus
from protocol.queries import DEFAULT_DURATION_MS, QueryStartParams, QueryStartResult, RespondParams
from protocol.sessions import (
    ACTIVE,
    ENDED,
    DeleteResult,
    Session,
    SessionListParams,
    SessionListResult,
    StatusResult,
)
from rpc.engine.graphs import Graphs
from rpc.engine.inputs import check_input, graph_input, run_config
from rpc.sessions import breakpoints
from rpc.sessions.commands import Command, Recover, Respond, Start, restored, stored
from rpc.sessions.cursor import Cursor
from rpc.sessions.encoding import Emitter, now_ms
from rpc.sessions.eventlog import EventLog
from rpc.sessions.executor import Executor, Job
from rpc.sessions.gating import cleared
from rpc.sessions.lifecycle import transition, view, wrong_state
from rpc.storage.base import DeleteSession, PutRun, PutSession, Storage, StorageError
from rpc.storage.checkpoints import Checkpointer
from rpc.storage.records import DebugState, RunRecord, SessionRecord

ESTIMATED_FROM = 50
"""How many of a graph's newest runs say how long the next may take."""


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
        max_queued: int,
        cancel_grace_seconds: float,
    ) -> None:
        self.storage = storage
        self.checkpointer = checkpointer
        self.events = events
        self.graphs = graphs
        self.executor = executor
        self.locks = locks
        self.max_queued = max_queued
        self.cancel_grace_seconds = cancel_grace_seconds

    async def start(self, params: QueryStartParams) -> tuple[QueryStartResult, Callable[[], None]]:
        """Commit a new run; the second value launches it and must be called, once, after the answer.

        Raises `ProtocolError`: invalid params, graph or session not found, wrong state, overloaded.
        """
        if params.idempotency_key is None:
            return await self._start(params)
        async with self.locks(f"key:{params.idempotency_key}"):
            earlier = await self.storage.run_by_key(params.idempotency_key)
            if earlier is None:
                return await self._start(params)
        record = await self._record(earlier.session_id)
        return self._answer(record, earlier), _nothing

    async def _start(self, params: QueryStartParams) -> tuple[QueryStartResult, Callable[[], None]]:
        if (params.query is None) == (params.input is None):
            raise ProtocolError(
                INVALID_PARAMS, "give exactly one of `query` and `input`", path="$.query"
            )
        if self.executor.queued >= self.max_queued > 0:
            raise ProtocolError(
                OVERLOADED,
                f"{self.executor.queued} runs are waiting for their turn already",
                retry_after_ms=1000,
            )
        if params.session_id is None:
            return await self._launch(params, None)
        async with self.locks(params.session_id):
            record = await self._record(params.session_id)
            if record.status not in ENDED:
                raise wrong_state(record, "take another query", tuple(sorted(ENDED)))
            if params.graph is not None and params.graph != record.graph:
                raise ProtocolError(
                    INVALID_PARAMS,
                    f"session {record.id} is of graph {record.graph!r}; a session keeps its graph",
                    path="$.graph",
                )
            return await self._launch(params, record)

    async def _launch(
        self, params: QueryStartParams, earlier: SessionRecord | None
    ) -> tuple[QueryStartResult, Callable[[], None]]:
        loaded = self.graphs.get(params.graph if earlier is None else earlier.graph)
        if params.query is not None:
            value = graph_input(loaded.graph, params.query)
        else:
            check_input(loaded.graph, value := params.input)
        run_config(loaded.graph, params.config)
        if params.breakpoints and not (
            params.debug_mode or (earlier is not None and earlier.debug_mode)
        ):
            raise ProtocolError(
                INVALID_PARAMS, "breakpoints need `debug_mode`", path="$.breakpoints"
            )
        given = breakpoints.from_params(loaded, params.breakpoints)
        now = now_ms()
        run_id = new_id()
        if earlier is None:
            record = SessionRecord(
                id=new_id(),
                graph=loaded.name,
                status="queued",
                name=params.session_name,
                created_at=now,
                updated_at=now,
                run_id=run_id,
                runs=1,
                query=params.query,
                debug_mode=params.debug_mode,
                debug=DebugState(breakpoints=given),
                command=stored(Start()),
            )
        else:
            if (job := self.executor.job(earlier.id)) is not None and job.abandoned:
                raise wrong_state(earlier, "go on: a node of the cancelled run has not ended yet")
            record, _ = transition(
                earlier,
                "queued",
                run_id=run_id,
                runs=earlier.runs + 1,
                query=params.query,
                name=earlier.name if params.session_name is None else params.session_name,
                debug_mode=earlier.debug_mode or params.debug_mode,
                debug=_with_breakpoints(earlier.debug, given),
                command=stored(Start(earlier.status)),
            )
        run = RunRecord(
            id=run_id,
            session_id=record.id,
            graph=loaded.name,
            query=params.query,
            input=value,
            config=params.config,
            idempotency_key=params.idempotency_key,
            created_at=now,
            after=record.seq,
            estimated_duration_ms=await self._estimate(loaded.name),
        )
        job = await self._reserved(record, restored(record.command))
        await self._commit(record, run, job=job)
        return self._answer(record, run), lambda: self._launch_now(record, job)

    async def _estimate(self, graph: str) -> int:
        """Milliseconds that a run of the graph may take, from those before."""
        took = await self.storage.durations(graph, ESTIMATED_FROM)
        return statistics.median_low(took) if took else DEFAULT_DURATION_MS

    def _launch_now(self, record: SessionRecord, job: Job) -> None:
        """Put a queued session in line, its first event being that it is queued."""
        if not job.done.is_set() and not job.abandoned and isinstance(job.command, Start):
            event = SessionStatus("queued", job.command.previous)
            emission = Emitter(record.id, record.run_id).emission(event)
            self.events.emit(record.id, self.events.channels[record.id], emission)
        self.executor.submit(job)

    async def _reserved(self, record: SessionRecord, command: Command) -> Job:
        """A job for the session; it holds the session's channel until it ends."""
        if await self.events.pin(record.id) is None:
            self.events.pin_new(record.id, 0)
        job = self.executor.reserve(record.id, command)
        job.on_done(lambda: self.events.unpin(record.id))
        return job

    async def recover(self, record: SessionRecord) -> None:
        """Set a session going again that a process before this one left queued or running."""
        if record.status == "running":
            self.executor.submit(await self._reserved(record, Recover("restart")))
            return
        job = await self._reserved(record, restored(record.command))
        if record.seq == (await self._run(record)).after:
            # It ended before it could say that the session is queued.
            self._launch_now(record, job)
        else:
            self.executor.submit(job)

    def _answer(self, record: SessionRecord, run: RunRecord) -> QueryStartResult:
        return QueryStartResult(
            session_id=record.id,
            run_id=run.id,
            status=record.status if record.run_id == run.id else run.status,
            query=run.query,
            estimated_duration_ms=run.estimated_duration_ms,
            stream_url=stream_path(record.id),
            seq=run.after,
        )

    async def cancel(self, session_id: str) -> StatusResult:
        """Stop the run; returns when it has stopped."""
        async with self.locks(session_id):
            record = await self._record(session_id)
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
            record = await self._record(session_id)
            if record.status not in ENDED and not job.done.is_set():
                job.abandoned = True
                await self._cancelled(record)
                return StatusResult(session_id, "cancelled")
        return StatusResult(session_id, record.status)

    async def _cancelled(self, record: SessionRecord) -> None:
        run = await self._run(record)
        record, event = transition(
            record, "cancelled", interrupts=[], command=None, debug=cleared(record.debug)
        )
        run = msgspec.structs.replace(run, status="cancelled", ended_at=now_ms())
        await self._commit(record, run, [event])

    async def respond(self, params: RespondParams) -> tuple[StatusResult, Callable[[], None]]:
        """Answer a node that asks; the second value lets it go on and must be called after the answer."""
        async with self.locks(params.session_id):
            record = await self._record(params.session_id)
            if not record.interrupts or record.status not in ("waiting", "paused"):
                raise wrong_state(record, "be answered: nobody asks", ("waiting",))
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
            return await self.resume(record, command)

    async def resume(
        self,
        record: SessionRecord,
        command: Command,
        also: Sequence[EventBody] = (),
        **changes: Any,
    ) -> tuple[StatusResult, Callable[[], None]]:
        """Set a resting session running again, by `command`. The caller holds its lock."""
        run = await self._run(record)
        record, event = transition(record, "running", command=stored(command), **changes)
        run = msgspec.structs.replace(run, status="running", ended_at=None, error=None)
        job = await self._reserved(record, command)
        await self._commit(record, run, [*also, event], job=job)
        return StatusResult(record.id, "running"), lambda: self.executor.submit(job)

    async def settled(self, session_id: str) -> SessionRecord:
        """The session as it is when all that is in line for it is committed. The caller holds its lock."""
        if self.executor.job(session_id) is not None:
            await self.events.commit(session_id)
        return await self._record(session_id)

    async def change(
        self, record: SessionRecord, also: Sequence[EventBody] = (), **changes: Any
    ) -> None:
        """Commit changes that leave the status as it is. The caller holds the session's lock."""
        run = await self._run(record)
        record = msgspec.structs.replace(record, updated_at=now_ms(), **changes)
        await self._commit(record, run, also)

    async def stand(
        self, record: SessionRecord, also: Sequence[EventBody], debug: DebugState
    ) -> None:
        """Commit that the session stands. The caller holds its lock."""
        if record.status == "paused":
            await self.change(record, also, debug=debug)
            return
        run = await self._run(record)
        record, event = transition(record, "paused", debug=debug, command=None)
        run = msgspec.structs.replace(run, status="paused", ended_at=None, error=None)
        await self._commit(record, run, [*also, event])

    async def get(self, session_id: str) -> Session:
        """The session with its result."""
        record = await self._record(session_id)
        return view(record, await self._run(record))

    async def list(self, params: SessionListParams) -> SessionListResult:
        """A page of sessions."""
        before = None
        if params.cursor is not None:
            if params.offset:
                raise ProtocolError(
                    INVALID_PARAMS, "give `offset` or `cursor`, not both", path="$.offset"
                )
            before = _read_cursor(params.cursor)
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
            next_cursor=None if last is None else _write_cursor(last),
        )

    async def delete(self, session_id: str) -> DeleteResult:
        """Remove the session with all it owns."""
        async with self.locks(session_id):
            record = await self._record(session_id)
            if record.status in ACTIVE or self.executor.job(session_id) is not None:
                raise wrong_state(record, "be deleted; cancel it first")
            await self.remove(session_id)
        return DeleteResult(session_id, True)

    async def remove(self, session_id: str) -> None:
        """Delete without a look at the status. The checkpoints first: no session, no way to find them."""
        await self.checkpointer.adelete_thread(session_id)
        await self.events.commit(session_id, writes=[DeleteSession(session_id)], optional=True)
        self.events.forget(session_id)

    async def cursor(
        self, session_id: str, after: int, types: Collection[str] | None = None
    ) -> Cursor:
        """A cursor; `close` it. Raises `ProtocolError`: session not found, or `after` past the end."""
        cursor = await Cursor.open(self.events, session_id, after, types)
        if cursor is None:
            raise _not_found(session_id)
        if after > cursor.last_seq:
            last = cursor.last_seq
            cursor.close()
            raise ProtocolError(
                INVALID_PARAMS, f"the session's last event is {last}", path="$.after"
            )
        return cursor

    async def _commit(
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

    async def _record(self, session_id: str) -> SessionRecord:
        record = await self.storage.session(session_id)
        if record is None:
            raise _not_found(session_id)
        return record

    async def _run(self, record: SessionRecord) -> RunRecord:
        run = await self.storage.run(record.run_id)
        if run is None:
            raise LookupError(f"session {record.id} has no run {record.run_id}")
        return run


class Locks:
    """A lock by name, kept while somebody holds or awaits it."""

    def __init__(self) -> None:
        self.locks: WeakValueDictionary[str, anyio.Lock] = WeakValueDictionary()

    def __call__(self, name: str) -> anyio.Lock:
        lock = self.locks.get(name)
        if lock is None:
            lock = self.locks[name] = anyio.Lock()
        return lock


def _with_breakpoints(debug: DebugState, given: Sequence[Breakpoint]) -> DebugState:
    found = debug.breakpoints
    for one in given:
        found = breakpoints.put(found, one)
    return DebugState(breakpoints=list(found), hits=debug.hits)


def stream_path(session_id: str) -> str:
    """Where SSE clients read a session's events, below the app's own root."""
    return f"/v1/orchestrator/stream/{session_id}"


def new_id() -> str:
    """A new identifier: the time first, so that they sort; then 64 random bits, so that none is guessed."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(8)}"


def storage_failed(error: StorageError) -> ProtocolError:
    """The answer to a request that the store could not take."""
    return ProtocolError(OVERLOADED, f"nothing was changed: {error}", retry_after_ms=5000)


def _not_found(session_id: str) -> ProtocolError:
    return ProtocolError(SESSION_NOT_FOUND, f"there is no session {session_id!r}")


def _nothing() -> None:
    pass


def _write_cursor(record: SessionRecord) -> str:
    return base64.urlsafe_b64encode(f"{record.created_at}:{record.id}".encode()).decode()


def _read_cursor(text: str) -> tuple[int, str]:
    try:
        at, _, session_id = base64.urlsafe_b64decode(text.encode()).decode().partition(":")
        if not 0 <= int(at) < 2**53:
            raise ValueError(at)
        return int(at), session_id
    except ValueError as error:
        raise ProtocolError(
            INVALID_PARAMS, "not a `next_cursor` of `session.list`", path="$.cursor"
        ) from error
