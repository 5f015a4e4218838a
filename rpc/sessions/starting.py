"""Starting queries: a run is committed, then launched; the same request again is answered as the first time."""

import msgspec

from protocol.errors import INVALID_PARAMS, OVERLOADED, WRONG_STATE, Limit, ProtocolError
from protocol.queries import QueryStartParams, QueryStartResult
from protocol.sessions import ACTIVE
from rpc.clock import now_ms
from rpc.engine.running.looks import Looks
from rpc.sessions.asked import NOTHING, Asker, Beside, differs, sets, with_given
from rpc.sessions.commands import Start, stored
from rpc.sessions.debugging import debuggers
from rpc.sessions.elsewhere import breakpoints_of
from rpc.sessions.following import Following
from rpc.sessions.launching import Launching
from rpc.sessions.locks import Locks
from rpc.sessions.making import Making
from rpc.sessions.new_ids import new_id
from rpc.sessions.running.time_limits import GraphLimits
from rpc.sessions.service import Launch, Sessions, nothing, storage_failed
from rpc.sessions.updating import labelled
from rpc.storage.line import RefusedError
from rpc.storage.records import DebugState, SessionRecord
from rpc.storage.store import StorageError
from rpc.storage.texts import texts_with
from rpc.storage.units import PutRun, PutSession, Row, Unit


class Starter:
    """Starts the queries of one server. `max_queued`: runs waiting for their turn, past which it refuses."""

    def __init__(
        self, sessions: Sessions, max_queued: int, limits: GraphLimits, looks: Looks
    ) -> None:
        self.sessions = sessions
        self.quotas = sessions.quotas
        self.store = sessions.store
        self.events = sessions.events
        self.executor = sessions.executor
        # By idempotency key: apart from those of sessions, whose ids a client may choose to be like a key.
        self.keys = Locks()
        self.max_queued = max_queued
        making = self.making = Making(sessions, limits, looks)
        launching = self.launching = Launching(sessions)
        self.following = Following(sessions, making, launching)

    async def start(
        self, params: QueryStartParams, asker: Asker, beside: Beside = NOTHING
    ) -> tuple[QueryStartResult, Launch]:
        """Commit a new run; the second value launches it and must be called, once, after the answer.

        `beside`: what else it is started with.

        Raises `ProtocolError`: invalid params, graph or session not found, wrong state, overloaded, rate limited, quota
        exceeded, graph timeout.
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
        if (field := differs(run, params)) is not None:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the key {key!r} was used to start run {run.id}, with another `{field}`;"
                " a repeated request is the same, and another query takes another key",
                path="$.idempotency_key",
            )
        return self.launching.answer(await self.sessions.record(run.session_id), run), nothing

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
        if beside.busy == "enqueue" and not beside.bare and (field := sets(params)) is not None:
            raise ProtocolError(
                INVALID_PARAMS,
                "a query that may have to wait sets nothing of its session: the run before it would see that",
                path=f"$.{field}",
            )
        undone: list[str] = []

        async def further(record: SessionRecord) -> tuple[QueryStartResult, Launch]:
            return await self.following.further(params, asker, record, beside, undone)

        if beside.busy in ("interrupt", "rollback"):
            # What is refused must not make its way.
            record = await self.sessions.record(params.session_id)
            await self.following.checked(params, asker, record, beside)
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
        loaded, run = await self.making.run(
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
            debug=with_given(
                DebugState(),
                await breakpoints_of(self.sessions, loaded, params.breakpoints),
                params,
            ),
            command=stored(Start(entry=params.stop_on_entry)),
        )
        session = debuggers.queried(session, params.debug_mode, params.debugger_id)
        session = labelled(session, params)
        run = msgspec.structs.replace(run, session_id=session.id)
        try:
            async with self.quotas.starting(asker.owner, session=True) as counted:
                if run.options.start_at is None and self.executor.reserve():
                    return await self.launching.begun(session, run, counted)
                start_at = run.options.start_at
                job = self.executor.job(session.id, session.graph, start_at=start_at)
                unit = Unit(session.id, [], [PutSession(session), PutRun(run), job, *counted])
                if self.executor.shared:
                    unit.drafts.append(self.launching.told_queued(session, run))
                await self.events.commit(unit)
        except StorageError as error:
            raise storage_failed(error) from error
        return self.launching.started(session, run, epoch=0)
