"""Starting queries: a run is committed, then launched; and launched again after a crash."""

import secrets
import statistics
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from protocol.errors import INVALID_PARAMS, OVERLOADED, WRONG_STATE, Limit, ProtocolError
from protocol.events import DebugResumed, EventBody
from protocol.queries import DEFAULT_DURATION_MS, Busy, QueryStartParams, QueryStartResult
from protocol.sessions import ACTIVE, ENDED
from rpc.engine.graphs.inputs import check_input, graph_input, run_config
from rpc.engine.graphs.loading import LoadedGraph
from rpc.events.encoding import now_ms
from rpc.sessions.commands import Command, Respond, Resume, Start, restored, stored
from rpc.sessions.debugging import breakpoints
from rpc.sessions.lifecycle import move, wrong_state
from rpc.sessions.lining import queued
from rpc.sessions.locks import Locks
from rpc.sessions.running.executor import Begun
from rpc.sessions.running.gating import released, resumed, settings
from rpc.sessions.running.time_limits import GraphLimits, TimeLimits
from rpc.sessions.service import Launch, Sessions, storage_failed
from rpc.sessions.shown import shown_status
from rpc.sessions.updating import labelled
from rpc.storage.line import RefusedError
from rpc.storage.records import (
    Breakpoint,
    Caller,
    DebugState,
    RunOptions,
    RunRecord,
    SessionRecord,
    Stepping,
)
from rpc.storage.store import StorageError
from rpc.storage.texts import texts_with
from rpc.storage.units import (
    DeleteCheckpoints,
    DeleteRun,
    Draft,
    PutRun,
    PutSession,
    Row,
    Unit,
)
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


class Beside(Struct, frozen=True):
    """What a run is started with beside the params. `answer`: of the question that is open, or by question.

    `bare`: neither query nor input is needed: it goes on with what there is, and a run that waits or stands is over for it. `busy`: see
    `when_busy` of `query.start`. `session`: of a new session, its id and metadata.
    """

    options: RunOptions = RunOptions()
    metadata: dict[str, Any] = {}
    answer: Any = UNSET
    bare: bool = False
    busy: Busy = "reject"
    session_id: str | None = None
    session_metadata: dict[str, Any] = {}


NOTHING = Beside()


class Starter:
    """Starts the queries of one server. `max_queued`: runs waiting for their turn, past which it refuses."""

    def __init__(self, sessions: Sessions, max_queued: int, limits: GraphLimits) -> None:
        self.sessions = sessions
        self.quotas = sessions.quotas
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
        self, params: QueryStartParams, asker: Asker, beside: Beside = NOTHING
    ) -> tuple[QueryStartResult, Launch]:
        """Commit a new run; the second value launches it and must be called, once, after the answer.

        `beside`: what else it is started with.

        Raises `ProtocolError`: invalid params, graph or session not found, wrong state, overloaded, rate limited, quota
        exceeded.
        """
        key = params.idempotency_key
        if key is None:
            return await self._start(params, asker, beside)
        # Two owners may have the same key, and no owner's name has a line break.
        async with self.keys(f"{asker.owner}\n{key}"):
            if (earlier := await self._earlier(key, params, asker.owner)) is not None:
                return earlier
            try:
                return await self._start(params, asker, beside)
            except RefusedError as error:
                # Another server took the key meanwhile.
                if (
                    error.refused.reason != "conflict"
                    or (earlier := await self._earlier(key, params, asker.owner)) is None
                ):
                    raise
                return earlier

    async def _earlier(
        self, key: str, params: QueryStartParams, owner: str
    ) -> tuple[QueryStartResult, Launch] | None:
        """The answer to the first start with the key. Raises `ProtocolError` where that asked for something else."""
        run = await self.store.read(self.store.run_by_key, owner, key)
        if run is None:
            return None
        if (differs := _differs(run, params)) is not None:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the key {key!r} was used to start run {run.id}, with another `{differs}`;"
                " a repeated request is the same, and another query takes another key",
                path="$.idempotency_key",
            )
        return self._answer(await self.sessions.record(run.session_id), run), _nothing

    async def _start(
        self, params: QueryStartParams, asker: Asker, beside: Beside
    ) -> tuple[QueryStartResult, Launch]:
        if not beside.bare and (params.query is None) == (params.input is None):
            raise ProtocolError(
                INVALID_PARAMS, "give exactly one of `query` and `input`", path="$.query"
            )
        if self.max_queued and await self.executor.crowded(self.max_queued):
            raise ProtocolError(
                OVERLOADED,
                "as many runs as may are waiting for their turn already",
                retry_after_ms=1000,
                limit=Limit("max_queued", self.max_queued),
            )
        if params.session_id is None:
            return await self._first(params, asker, beside)
        if beside.busy == "enqueue" and not beside.bare and (field := _sets(params)) is not None:
            raise ProtocolError(
                INVALID_PARAMS,
                "a query that may have to wait sets nothing of its session: the run before it would see that",
                path=f"$.{field}",
            )
        undone: list[str] = []

        async def further(record: SessionRecord) -> tuple[QueryStartResult, Launch]:
            return await self._further(params, asker, record, beside, undone)

        while True:
            if beside.busy in ("interrupt", "rollback"):
                undone += await self._make_way(params.session_id, rests=not beside.bare)
            try:
                return await self.sessions.changing(params.session_id, further)
            except ProtocolError as error:
                # Somebody else's run may have begun meanwhile.
                if error.error is not WRONG_STATE or beside.busy not in ("interrupt", "rollback"):
                    raise
                if (await self.sessions.record(params.session_id)).status not in ACTIVE:
                    raise

    async def _make_way(self, session_id: str, *, rests: bool) -> list[str]:
        """Cancel the run under way, and those in line; their ids. `rests`: one that waits or stands too."""

        async def clear(record: SessionRecord) -> list[str]:
            gone: list[str] = []
            rows: list[Row] = []
            for run_id in record.line:
                if (waits := await self.store.read(self.store.run, run_id)) is not None:
                    ended = msgspec.structs.replace(waits, status="cancelled", ended_at=now_ms())
                    rows.append(PutRun(ended))
                    gone.append(run_id)
            if rows:
                rows.insert(0, PutSession(msgspec.structs.replace(record, line=[])))
                await self.events.commit(Unit(record.id, [], rows, revision=record.revision))
            resting = rests and record.status in ("waiting", "paused")
            if (resting or record.status in ACTIVE) and record.run_id is not None:
                gone.append(record.run_id)
            if resting:
                await self.sessions.end(await self.sessions.record(record.id))
            return gone

        gone = await self.sessions.changing(session_id, clear)
        if (await self.sessions.record(session_id)).status in ACTIVE:
            try:
                await self.sessions.cancel(session_id)
            except ProtocolError as error:
                if error.error is not WRONG_STATE:
                    raise
        return gone

    async def _first(
        self, params: QueryStartParams, asker: Asker, beside: Beside
    ) -> tuple[QueryStartResult, Launch]:
        """A run in a session of its own."""
        loaded, run = await self._run(
            params, asker, params.graph, params.debug_mode is True, beside
        )
        session = SessionRecord(
            id=beside.session_id or new_id(),
            metadata=beside.session_metadata,
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
            debug=_with_given(
                DebugState(),
                breakpoints.from_params(loaded, params.breakpoints, self.sessions.graphs.root),
                params,
            ),
            command=stored(Start(entry=params.stop_on_entry)),
        )
        session = labelled(session, params)
        run = msgspec.structs.replace(run, session_id=session.id)
        try:
            async with self.quotas.starting(asker.owner, session=True) as counted:
                if run.options.start_at is None and self.executor.reserve():
                    return await self._begun(session, run, counted)
                start_at = run.options.start_at
                job = self.executor.job(session.id, session.graph, start_at=start_at)
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
        first = emitter.draft(queued(run))
        session, run, running = move(session, run, "running")
        job = self.executor.job(session.id, session.graph, reserved=True)
        rows: list[Row] = [PutSession(session), PutRun(run), job, *counted]
        unit = Unit(session.id, [first, emitter.draft(running)], rows, raises=True)
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
        self,
        params: QueryStartParams,
        asker: Asker,
        earlier: SessionRecord,
        beside: Beside,
        undone: Sequence[str],
    ) -> tuple[QueryStartResult, Launch]:
        """Another run in a session. `undone`: runs that are to be as if they had not been."""
        if earlier.status in ("waiting", "paused") and beside.bare:
            follows = not isinstance(beside.answer, UnsetType) or (
                params.input is None and _plain(beside.options)
            )
            if follows:
                return await self._following(params, asker, earlier, beside)
            earlier = await self.sessions.end(earlier)
        waits = beside.busy == "enqueue" and (
            earlier.status in ACTIVE or earlier.status in ("waiting", "paused")
        )
        if earlier.status not in ENDED and earlier.status != "idle" and not waits:
            raise wrong_state(earlier, "take another query", tuple(sorted(ENDED)))
        if params.graph is not None and params.graph != earlier.graph and earlier.run_id:
            raise ProtocolError(
                INVALID_PARAMS,
                f"session {earlier.id} is of graph {earlier.graph!r}; a session keeps its graph",
                path="$.graph",
            )
        debug_mode = (
            earlier.debug_mode if isinstance(params.debug_mode, UnsetType) else params.debug_mode
        )
        graph = params.graph if earlier.run_id is None and params.graph else earlier.graph
        loaded, run = await self._run(params, asker, graph, debug_mode, beside)
        given = breakpoints.from_params(loaded, params.breakpoints, self.sessions.graphs.root)
        earlier = labelled(earlier, params)
        run = msgspec.structs.replace(run, session_id=earlier.id, after=earlier.seq)
        if waits:
            options = msgspec.structs.replace(run.options, patient=not beside.bare)
            run = msgspec.structs.replace(run, options=options)
            changed = msgspec.structs.replace(earlier, line=[*earlier.line, run.id])
            async with self.quotas.starting(asker.owner, session=False) as counted:
                rows: list[Row] = [PutSession(changed), PutRun(run), *counted]
                await self.events.commit(Unit(earlier.id, [], rows, revision=earlier.revision))
            return self._answer(changed, run), _nothing
        run = await self._coming_from(run)
        session, run, _ = move(
            earlier,
            run,
            "queued",
            graph=loaded.name,
            run_id=run.id,
            runs=earlier.runs
            + (0 if beside.busy == "rollback" and earlier.run_id in undone else 1),
            query=params.query,
            texts=texts_with(params.query, params.input, earlier.texts),
            name=earlier.name if params.session_name is None else params.session_name,
            debug_mode=debug_mode,
            debug=_with_given(earlier.debug, given, params),
            command=stored(Start(shown_status(earlier.status), entry=params.stop_on_entry)),
        )
        start_at = run.options.start_at
        job = self.executor.job(session.id, session.graph, start_at=start_at)
        previous = shown_status(earlier.status)
        told = [queued(run, previous)] if self.executor.shared else []
        gone = await self._undoing(earlier, undone if beside.busy == "rollback" else ())
        async with self.quotas.starting(asker.owner, session=False) as counted:
            await self.sessions.commit(earlier, session, run, told, rows=[job, *counted, *gone])
        return self._started(session, run, epoch=earlier.epoch)

    async def _undoing(self, session: SessionRecord, runs: Sequence[str]) -> list[Row]:
        """The rows that make it as if these runs had not been."""
        if not runs:
            return []
        saved = await self.store.read(self.store.checkpoints_of_runs, runs)
        places = [(place, id) for thread, place, id in saved if thread == session.id]
        rows: list[Row] = [DeleteRun(one) for one in runs]
        return [DeleteCheckpoints(session.id, places), *rows] if places else rows

    async def _coming_from(self, run: RunRecord) -> RunRecord:
        """The run with the checkpoint that is its thread's newest now."""
        newest = await self.store.read(self.store.checkpoint, run.session_id, "")
        if newest is None:
            return run
        options = msgspec.structs.replace(run.options, came_from=newest.checkpoint_id)
        return msgspec.structs.replace(run, options=options)

    async def _following(
        self, params: QueryStartParams, asker: Asker, earlier: SessionRecord, beside: Beside
    ) -> tuple[QueryStartResult, Launch]:
        """A run of its own that goes on where the one before waits or stands."""
        _, run = await self._run(params, asker, earlier.graph, earlier.debug_mode, beside)
        options = msgspec.structs.replace(run.options, follows=True)
        run = msgspec.structs.replace(
            run, session_id=earlier.id, after=earlier.seq, options=options
        )
        run = await self._coming_from(run)
        before = await self.sessions.run(earlier)
        questions = earlier.interrupts
        command: Command = Resume()
        debug = earlier.debug
        also: list[EventBody] = []
        if not isinstance(beside.answer, UnsetType) and questions:
            answers = answers_to([one.interrupt_id for one in questions], beside.answer)
            command = Respond(answers)
            if earlier.status == "paused":
                also.append(resumed(questions, answers))
        else:
            chosen = list(debug.stopped)
            if earlier.status == "paused":
                also.append(DebugResumed("continue", [debug.stopped[ns].task_id for ns in chosen]))
            debug = released(debug, chosen, Stepping())
        session, run, event = move(
            earlier,
            run,
            "running",
            run_id=run.id,
            runs=earlier.runs + 1,
            command=stored(command),
            debug=debug,
        )
        ended = PutRun(msgspec.structs.replace(before, ended_at=now_ms()))
        job = self.executor.job(session.id, session.graph)
        async with self.quotas.starting(asker.owner, session=False) as counted:
            rows = [ended, job, *counted]
            written = await self.sessions.commit(earlier, session, run, [*also, event], rows=rows)
        return self._answer(session, run), lambda: self.executor.submit(session.id, written.epoch)

    async def _run(
        self,
        params: QueryStartParams,
        asker: Asker,
        graph: str | None,
        debug_mode: bool,
        beside: Beside,
    ) -> tuple[LoadedGraph, RunRecord]:
        """The new run, its session left open. Raises `ProtocolError`."""
        loaded = self.sessions.graphs.get(graph)
        if params.query is not None:
            value = graph_input(loaded.graph, params.query)
        elif params.input is None:
            value = None
        else:
            check_input(loaded.graph, value := params.input)
        config = run_config(loaded.graph, params.config)
        self.limits.check(loaded.name, TimeLimits(**config.limits))
        if params.stop_on_entry and not debug_mode:
            raise ProtocolError(INVALID_PARAMS, "a stop needs `debug_mode`", path="$.stop_on_entry")
        for field in ("break_on_error", "break_on_raised"):
            if not isinstance(getattr(params, field), UnsetType) and not debug_mode:
                raise ProtocolError(INVALID_PARAMS, "a stop needs `debug_mode`", path=f"$.{field}")
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
            estimated_duration_ms=await self._estimate(asker.owner, loaded.name),
            owner=asker.owner,
            caller=asker.caller,
            trace=ids.current().trace,
            metadata=beside.metadata,
            options=msgspec.structs.replace(
                beside.options, callbacks=beside.options.callbacks or params.callbacks
            ),
        )

    async def _estimate(self, owner: str, graph: str) -> int:
        """Milliseconds that a run of the graph may take, from the owner's before."""
        key = (owner, graph)
        at, estimate = self.estimates.get(key, (0.0, 0))
        if not at or time.monotonic() - at > ESTIMATE_SECONDS:
            took = await self.store.read(self.store.durations, owner, graph, ESTIMATED_FROM)
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
        return self._answer(session, run), lambda: self._launch(session, run, epoch)

    def _launch(self, session: SessionRecord, run: RunRecord, epoch: int) -> None:
        """Put a queued session in line, its first event being that it is queued."""
        if self.executor.shared:
            # It was committed with the run.
            self.executor.submit(session.id, epoch)
            return
        draft = self._told_queued(session, run)
        # Refused where it was cancelled before.
        announcement = Unit(session.id, [draft], fence=epoch)
        self.executor.submit(
            session.id, epoch, announcement=announcement, delay_seconds=_delay(run)
        )

    def _told_queued(self, session: SessionRecord, run: RunRecord) -> Draft:
        """The first event of a run that stands in line."""
        command = restored(session.command)
        previous = command.previous if isinstance(command, Start) else None
        return self.events.emitter(session.id, run.id, run.config).draft(queued(run, previous))

    async def recover(self, session: SessionRecord) -> None:
        """Set a session going again that a process before this one left queued or running."""
        # Its place is one of its owner's.
        ids.add(owner=session.owner)
        if session.status == "running":
            self.executor.submit(session.id, session.epoch, "restart")
            return
        run = await self.sessions.run(session)
        if session.seq == run.after:
            # It ended before it could say that the session is queued.
            self._launch(session, run, session.epoch)
        else:
            self.executor.submit(session.id, session.epoch, delay_seconds=_delay(run))

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


def _sets(params: QueryStartParams) -> str | None:
    """What a query sets of its session, beside asking it something."""
    for field in (
        "session_name",
        "tags",
        "metadata",
        "debug_mode",
        "breakpoints",
        "stop_on_entry",
    ):
        value = getattr(params, field)
        if not isinstance(value, UnsetType) and value not in (None, []):
            return field
    for field in ("break_on_error", "break_on_raised"):
        if not isinstance(getattr(params, field), UnsetType):
            return field
    return None


def _plain(options: RunOptions) -> bool:
    """Whether they say nothing of where a run goes, but only of how it is told."""
    told = msgspec.structs.replace(options, callbacks=False, modes=[], subgraphs=False)
    return told == RunOptions()


def _delay(run: RunRecord) -> float:
    """For how many seconds it is not to begin."""
    start_at = run.options.start_at
    return 0.0 if start_at is None else max(0.0, (start_at - now_ms()) / 1000)


def answers_to(ids: Sequence[str], given: Any) -> dict[str, Any]:
    """Answers by question, of an object of them or one answer. Raises `ProtocolError` (invalid params)."""
    if isinstance(given, dict) and given and all(key in ids for key in given):
        return dict(given)
    if len(ids) > 1:
        raise ProtocolError(
            INVALID_PARAMS,
            f"{len(ids)} nodes ask: answer by the ids of their questions, {', '.join(ids)}",
            path="$.command.resume",
        )
    return {ids[0]: given}


def _with_given(
    debug: DebugState, given: Sequence[Breakpoint], params: QueryStartParams
) -> DebugState:
    """What was set of the debugger, with what a query sets."""
    for one in given:
        debug = msgspec.structs.replace(debug, breakpoints=breakpoints.put(debug.breakpoints, one))
    changes = {}
    if not isinstance(params.break_on_error, UnsetType):
        changes["errors"] = breakpoints.types_of(params.break_on_error)
    if not isinstance(params.break_on_raised, UnsetType):
        changes["raised"] = breakpoints.types_of(params.break_on_raised)
    return settings(msgspec.structs.replace(debug, **changes))


def stream_path(session_id: str) -> str:
    """Where SSE clients read a session's events, below the app's own root."""
    return f"/v1/orchestrator/stream/{session_id}"


def new_id() -> str:
    """A new identifier, a UUID of version 7: the time first, so that they sort; then 74 random bits, so that none is guessed."""
    bits = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=bits & ~(0x3 << 62) | 0x2 << 62))


def _nothing() -> None:
    pass
