"""Starting queries: a run is committed, then launched; and launched again after a crash."""

import secrets
import statistics
import time
from collections.abc import Callable, Sequence

from protocol.debugging import Breakpoint
from protocol.errors import INVALID_PARAMS, OVERLOADED, ProtocolError
from protocol.events import SessionStatus
from protocol.queries import DEFAULT_DURATION_MS, QueryStartParams, QueryStartResult
from protocol.sessions import ENDED
from rpc.engine.graphs.inputs import check_input, graph_input, run_config
from rpc.events.encoding import Emitter, now_ms
from rpc.sessions.commands import Recover, Start, restored, stored
from rpc.sessions.debugging import breakpoints
from rpc.sessions.lifecycle import transition, wrong_state
from rpc.sessions.locks import Locks
from rpc.sessions.running.executor import Job
from rpc.sessions.service import Sessions
from rpc.storage.records import DebugState, RunRecord, SessionRecord

ESTIMATED_FROM = 50
"""How many of a graph's newest runs say how long the next may take."""


class Starter:
    """Starts the queries of one server. `max_queued`: runs waiting for their turn, past which it refuses."""

    def __init__(self, sessions: Sessions, max_queued: int) -> None:
        self.sessions = sessions
        self.storage = sessions.storage
        self.events = sessions.events
        self.executor = sessions.executor
        self.locks = sessions.locks
        # By idempotency key: apart from those of sessions, whose ids a client may choose to be like a key.
        self.keys = Locks()
        self.max_queued = max_queued

    async def start(self, params: QueryStartParams) -> tuple[QueryStartResult, Callable[[], None]]:
        """Commit a new run; the second value launches it and must be called, once, after the answer.

        Raises `ProtocolError`: invalid params, graph or session not found, wrong state, overloaded.
        """
        if params.idempotency_key is None:
            return await self._start(params)
        async with self.keys(params.idempotency_key):
            earlier = await self.storage.run_by_key(params.idempotency_key)
            if earlier is None:
                return await self._start(params)
        record = await self.sessions.record(earlier.session_id)
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
            record = await self.sessions.record(params.session_id)
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
        loaded = self.sessions.graphs.get(params.graph if earlier is None else earlier.graph)
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
        job = await self.sessions.reserved(record, restored(record.command))
        await self.sessions.commit(record, run, job=job)
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

    async def recover(self, record: SessionRecord) -> None:
        """Set a session going again that a process before this one left queued or running."""
        if record.status == "running":
            self.executor.submit(await self.sessions.reserved(record, Recover("restart")))
            return
        job = await self.sessions.reserved(record, restored(record.command))
        if record.seq == (await self.sessions.run(record)).after:
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


def _nothing() -> None:
    pass
