"""Starting queries: a run is committed, then launched; and launched again after a crash."""

import secrets
import statistics
import time
from collections.abc import Sequence

import msgspec
from msgspec import UNSET, Struct, UnsetType

from protocol.errors import INVALID_PARAMS, OVERLOADED, Limit, ProtocolError
from protocol.events import SessionStatus
from protocol.queries import DEFAULT_DURATION_MS, QueryStartParams, QueryStartResult
from protocol.sessions import ENDED, Status
from rpc.engine.graphs.inputs import check_input, graph_input, run_config
from rpc.engine.graphs.loading import LoadedGraph
from rpc.events.encoding import now_ms
from rpc.sessions.commands import Start, restored, stored
from rpc.sessions.debugging import breakpoints
from rpc.sessions.lifecycle import move, wrong_state
from rpc.sessions.locks import Locks
from rpc.sessions.quotas import Quotas
from rpc.sessions.running.executor import Begun
from rpc.sessions.running.time_limits import GraphLimits, TimeLimits
from rpc.sessions.service import Launch, Sessions, storage_failed
from rpc.sessions.shown import shown_status
from rpc.storage.line import RefusedError
from rpc.storage.records import Breakpoint, Caller, DebugState, RunRecord, SessionRecord
from rpc.storage.store import StorageError
from rpc.storage.texts import texts_with
from rpc.storage.units import Draft, PutRun, PutSession, Row, Unit
from rpc.telemetry import ids

ESTIMATED_FROM = 50
"""How many of a graph's newest runs say how long the next may take."""

ESTIMATE_SECONDS = 1.0
"""How long an estimate is good."""

ESTIMATES = 1024
"""How many are remembered."""


class Asker(Struct, frozen=True):
    """For whom a run is started. `owner`: whose it is. `caller`: who asked, for the graph; None of the local one."""

    owner: str
    caller: Caller | None = None


class Starter:
    """Starts the queries of one server. `max_queued`: runs waiting for their turn, past which it refuses."""

    def __init__(
        self, sessions: Sessions, max_queued: int, limits: GraphLimits, quotas: Quotas
    ) -> None:
        self.sessions = sessions
        self.quotas = quotas
        self.limits = limits
        self.store = sessions.store
        self.events = sessions.events
        self.executor = sessions.executor
        # By idempotency key: apart from those of sessions, whose ids a client may choose to be like a key.
        self.keys = Locks()
        self.max_queued = max_queued
        # What the last runs of an owner's and a graph's took, and when that was read.
        self.estimates: dict[tuple[str, str], tuple[float, int]] = {}

    async def start(
        self, params: QueryStartParams, asker: Asker
    ) -> tuple[QueryStartResult, Launch]:
        """Commit a new run; the second value launches it and must be called, once, after the answer.

        Raises `ProtocolError`: invalid params, graph or session not found, wrong state, overloaded, rate limited, quota
        exceeded.
        """
        key = params.idempotency_key
        if key is None:
            return await self._start(params, asker)
        # Two owners may have the same key, and no owner's name has a line break.
        async with self.keys(f"{asker.owner}\n{key}"):
            if (earlier := self._earlier(key, params, asker.owner)) is not None:
                return earlier
            try:
                return await self._start(params, asker)
            except RefusedError as error:
                # Another server took the key meanwhile.
                if (
                    error.refused.reason != "conflict"
                    or (earlier := self._earlier(key, params, asker.owner)) is None
                ):
                    raise
                return earlier

    def _earlier(
        self, key: str, params: QueryStartParams, owner: str
    ) -> tuple[QueryStartResult, Launch] | None:
        """The answer to the first start with the key. Raises `ProtocolError` where that asked for something else."""
        run = self.store.run_by_key(owner, key)
        if run is None:
            return None
        if (differs := _differs(run, params)) is not None:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the key {key!r} was used to start run {run.id}, with another `{differs}`;"
                " a repeated request is the same, and another query takes another key",
                path="$.idempotency_key",
            )
        return self._answer(self.sessions.record(run.session_id), run), _nothing

    async def _start(
        self, params: QueryStartParams, asker: Asker
    ) -> tuple[QueryStartResult, Launch]:
        if (params.query is None) == (params.input is None):
            raise ProtocolError(
                INVALID_PARAMS, "give exactly one of `query` and `input`", path="$.query"
            )
        if self.max_queued and self.executor.crowded(self.max_queued):
            raise ProtocolError(
                OVERLOADED,
                "as many runs as may are waiting for their turn already",
                retry_after_ms=1000,
                limit=Limit("max_queued", self.max_queued),
            )
        if params.session_id is None:
            return await self._first(params, asker)
        return await self.sessions.changing(
            params.session_id, lambda record: self._further(params, asker, record)
        )

    async def _first(
        self, params: QueryStartParams, asker: Asker
    ) -> tuple[QueryStartResult, Launch]:
        """A run in a session of its own."""
        loaded, run = self._run(params, asker, params.graph, params.debug_mode is True)
        session = SessionRecord(
            id=new_id(),
            graph=loaded.name,
            status="queued",
            name=params.session_name,
            created_at=run.created_at,
            updated_at=run.created_at,
            run_id=run.id,
            runs=1,
            query=params.query,
            texts=texts_with(params.query, params.input, None),
            owner=asker.owner,
            debug_mode=params.debug_mode is True,
            debug=DebugState(
                breakpoints=breakpoints.from_params(
                    loaded, params.breakpoints, self.sessions.graphs.root
                )
            ),
            command=stored(Start(entry=params.stop_on_entry)),
        )
        run = msgspec.structs.replace(run, session_id=session.id)
        try:
            with self.quotas.starting(asker.owner, session=True) as counted:
                if self.executor.reserve():
                    return await self._begun(session, run, counted)
                job = self.executor.job(session.id, session.graph)
                unit = Unit(session.id, [], [PutSession(session), PutRun(run), job, *counted])
                if self.executor.shared:
                    unit.drafts.append(self._told_queued(session, run))
                await self.events.commit(unit)
        except StorageError as error:
            raise storage_failed(error) from error
        return self._started(session, run, epoch=0)

    async def _begun(
        self, session: SessionRecord, run: RunRecord, counted: Sequence[Row]
    ) -> tuple[QueryStartResult, Launch]:
        """A run that need not stand in line is made as one that runs: its beginning is no commit of its own."""
        answer = self._answer(session, run)
        emitter = self.events.emitter(session.id, run.id, run.config)
        queued = emitter.draft(_queued(run))
        session, run, running = move(session, run, "running")
        job = self.executor.job(session.id, session.graph, reserved=True)
        rows: list[Row] = [PutSession(session), PutRun(run), job, *counted]
        unit = Unit(session.id, [queued, emitter.draft(running)], rows, raises=True)
        self.events.expect(session.id)
        try:
            written = await self.events.commit(unit)
        except BaseException:
            self.events.unpin(session.id)
            self.executor.release()
            raise
        begun = Begun(session, run, written.epoch, written.revision)

        def launch() -> None:
            self.executor.begin(begun)
            self.events.unpin(session.id)

        return answer, launch

    async def _further(
        self, params: QueryStartParams, asker: Asker, earlier: SessionRecord
    ) -> tuple[QueryStartResult, Launch]:
        """Another run in a session."""
        if earlier.status not in ENDED:
            raise wrong_state(earlier, "take another query", tuple(sorted(ENDED)))
        if params.graph is not None and params.graph != earlier.graph:
            raise ProtocolError(
                INVALID_PARAMS,
                f"session {earlier.id} is of graph {earlier.graph!r}; a session keeps its graph",
                path="$.graph",
            )
        debug_mode = (
            earlier.debug_mode if isinstance(params.debug_mode, UnsetType) else params.debug_mode
        )
        loaded, run = self._run(params, asker, earlier.graph, debug_mode)
        given = breakpoints.from_params(loaded, params.breakpoints, self.sessions.graphs.root)
        run = msgspec.structs.replace(run, session_id=earlier.id, after=earlier.seq)
        session, run, _ = move(
            earlier,
            run,
            "queued",
            run_id=run.id,
            runs=earlier.runs + 1,
            query=params.query,
            texts=texts_with(params.query, params.input, earlier.texts),
            name=earlier.name if params.session_name is None else params.session_name,
            debug_mode=debug_mode,
            debug=_with_breakpoints(earlier.debug, given),
            command=stored(Start(shown_status(earlier.status), entry=params.stop_on_entry)),
        )
        job = self.executor.job(session.id, session.graph)
        previous = shown_status(earlier.status)
        told = [_queued(run, previous)] if self.executor.shared else []
        with self.quotas.starting(asker.owner, session=False) as counted:
            await self.sessions.commit(earlier, session, run, told, rows=[job, *counted])
        return self._started(session, run, epoch=earlier.epoch)

    def _run(
        self, params: QueryStartParams, asker: Asker, graph: str | None, debug_mode: bool
    ) -> tuple[LoadedGraph, RunRecord]:
        """The new run, its session left open. Raises `ProtocolError`."""
        loaded = self.sessions.graphs.get(graph)
        if params.query is not None:
            value = graph_input(loaded.graph, params.query)
        else:
            check_input(loaded.graph, value := params.input)
        config = run_config(loaded.graph, params.config)
        self.limits.check(loaded.name, TimeLimits(**config.limits))
        if params.stop_on_entry and not debug_mode:
            raise ProtocolError(INVALID_PARAMS, "a stop needs `debug_mode`", path="$.stop_on_entry")
        if params.breakpoints and not debug_mode:
            raise ProtocolError(
                INVALID_PARAMS, "breakpoints need `debug_mode`", path="$.breakpoints"
            )
        return loaded, RunRecord(
            id=new_id(),
            session_id="",
            graph=loaded.name,
            query=params.query,
            input=value,
            config=params.config,
            idempotency_key=params.idempotency_key,
            created_at=now_ms(),
            after=0,
            estimated_duration_ms=self._estimate(asker.owner, loaded.name),
            owner=asker.owner,
            caller=asker.caller,
            trace=ids.current().trace,
        )

    def _estimate(self, owner: str, graph: str) -> int:
        """Milliseconds that a run of the graph may take, from the owner's before."""
        key = (owner, graph)
        at, estimate = self.estimates.get(key, (0.0, 0))
        if not at or time.monotonic() - at > ESTIMATE_SECONDS:
            took = self.store.durations(owner, graph, ESTIMATED_FROM)
            estimate = statistics.median_low(took) if took else DEFAULT_DURATION_MS
            self.estimates.pop(key, None)
            if len(self.estimates) >= ESTIMATES:
                # The one that was read longest ago.
                del self.estimates[next(iter(self.estimates))]
            self.estimates[key] = (time.monotonic(), estimate)
        return estimate

    def _started(
        self, session: SessionRecord, run: RunRecord, epoch: int
    ) -> tuple[QueryStartResult, Launch]:
        return self._answer(session, run), lambda: self._launch(session, epoch)

    def _launch(self, session: SessionRecord, epoch: int) -> None:
        """Put a queued session in line, its first event being that it is queued."""
        if self.executor.shared:
            # It was committed with the run.
            self.executor.submit(session.id, epoch)
            return
        draft = self._told_queued(session, self.sessions.run(session))
        # Refused where it was cancelled before.
        announcement = Unit(session.id, [draft], fence=epoch)
        self.executor.submit(session.id, epoch, announcement=announcement)

    def _told_queued(self, session: SessionRecord, run: RunRecord) -> Draft:
        """The first event of a run that stands in line."""
        command = restored(session.command)
        previous = command.previous if isinstance(command, Start) else None
        return self.events.emitter(session.id, run.id, run.config).draft(_queued(run, previous))

    async def recover(self, session: SessionRecord) -> None:
        """Set a session going again that a process before this one left queued or running."""
        # Its place is one of its owner's.
        ids.add(owner=session.owner)
        if session.status == "running":
            self.executor.submit(session.id, session.epoch, "restart")
        elif session.seq == self.sessions.run(session).after:
            # It ended before it could say that the session is queued.
            self._launch(session, session.epoch)
        else:
            self.executor.submit(session.id, session.epoch)

    def _answer(self, session: SessionRecord, run: RunRecord) -> QueryStartResult:
        return QueryStartResult(
            session_id=session.id,
            run_id=run.id,
            status=shown_status(session.status if session.run_id == run.id else run.status),
            query=run.query,
            estimated_duration_ms=run.estimated_duration_ms,
            stream_url=stream_path(session.id),
            seq=run.after,
        )


def _differs(run: RunRecord, params: QueryStartParams) -> str | None:
    """What the run was not started with, of what is asked now; None where it is the same."""
    if run.query != params.query:
        return "query"
    if (run.input if run.query is None else None) != params.input:
        return "input"
    if (run.config or None) != (params.config or None):
        return "config"
    if params.graph is not None and params.graph != run.graph:
        return "graph"
    # Without it, the first request made a session of its own.
    if params.session_id is not None and params.session_id != run.session_id:
        return "session_id"
    return None


def _queued(run: RunRecord, previous: Status | None = None) -> SessionStatus:
    """A run's first event, which says what was asked."""
    query = UNSET if run.query is None else run.query
    asked = run.input if run.query is None else UNSET
    return SessionStatus("queued", previous, query, asked)


def _with_breakpoints(debug: DebugState, given: Sequence[Breakpoint]) -> DebugState:
    found = debug.breakpoints
    for one in given:
        found = breakpoints.put(found, one)
    return DebugState(breakpoints=list(found), errors=debug.errors, hits=debug.hits)


def stream_path(session_id: str) -> str:
    """Where SSE clients read a session's events, below the app's own root."""
    return f"/v1/orchestrator/stream/{session_id}"


def new_id() -> str:
    """A new identifier: the time first, so that they sort; then 64 random bits, so that none is guessed."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(8)}"


def _nothing() -> None:
    pass
