"""Sessions as LangGraph's clients know them, threads: made without a query, described, copied, their states whole."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Literal
from uuid import UUID

import anyio.to_thread
import msgspec
from langgraph.constants import END

from protocol.errors import (
    CHECKPOINT_NOT_FOUND,
    INVALID_PARAMS,
    SESSION_NOT_FOUND,
    WRONG_STATE,
    ProtocolError,
)
from protocol.events import DebugChanged
from protocol.sessions import ACTIVE
from rpc.clock import now_ms
from rpc.engine.checkpoints.binding import collecting
from rpc.engine.checkpoints.encoding import decode_metadata
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.langgraph.declared_types import serializer
from rpc.engine.langgraph.place import Place
from rpc.engine.running.open_tasks import cancelled
from rpc.engine.thread import edit, given, look
from rpc.engine.thread.config import RUN_KEY
from rpc.engine.thread.output import channels_of, output_at
from rpc.engine.thread.snapshot import snapshot, snapshots
from rpc.engine.thread.state import ThreadState
from rpc.engine.values.cut import cut
from rpc.masking import scrubbed_value
from rpc.sessions.assistants import system_id
from rpc.sessions.auditing import audited
from rpc.sessions.debugging import restanding
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.lifecycle import move, wrong_state
from rpc.sessions.new_ids import new_id
from rpc.sessions.running.gating import cleared
from rpc.sessions.service import storage_failed
from rpc.sessions.starting import Starter
from rpc.sessions.upkeep import keep_newest
from rpc.storage.line import RefusedError
from rpc.storage.records import RunRecord, SessionRecord, Ttl
from rpc.storage.store import StorageError, Which
from rpc.storage.units import (
    CopyThread,
    DeleteCheckpoints,
    DeleteRun,
    PutRun,
    PutSession,
    PutTtl,
    Row,
    Unit,
)

PAGE = 200
"""How many sessions are looked at at once."""


class Threads:
    """Those of one server."""

    def __init__(self, starter: Starter, debugger: Debugger) -> None:
        self.starter = starter
        self.debugger = debugger
        self.sessions = starter.sessions
        self.store = starter.store
        self.events = starter.events

    async def create(
        self,
        owner: str,
        session_id: str | None,
        metadata: dict[str, Any],
        *,
        graph: str | None = None,
        existing: bool = False,
        ttl: Ttl | None = None,
    ) -> SessionRecord:
        """A session without a run. `existing`: one of this id is what is wanted, where there is one. `ttl`: how long a new one is kept.

        Raises `ProtocolError`: invalid params, graph not found, wrong state, quota exceeded.
        """
        loaded = self.sessions.graphs.get(graph)
        if session_id is not None:
            _uuid(session_id)
            known = await self.store.read(self.store.session, session_id)
            if known is not None:
                if existing and known.owner == owner:
                    return known
                raise ProtocolError(WRONG_STATE, f"Thread with ID {session_id} already exists")
        now = now_ms()
        record = SessionRecord(
            id=session_id or new_id(),
            graph=loaded.name,
            status="idle",
            name=None,
            created_at=now,
            updated_at=now,
            run_id=None,
            runs=0,
            query=None,
            owner=owner,
            metadata=metadata,
        )
        rows: list[Row] = [PutSession(record)]
        if ttl is not None:
            rows.append(PutTtl(record.id, ttl))
        try:
            async with self.starter.quotas.starting(owner, session=True, query=False):
                await self.events.commit(Unit(record.id, [], rows, revision=0))
        except RefusedError as error:
            # Another request has just made it.
            raise ProtocolError(
                WRONG_STATE, f"Thread with ID {record.id} already exists"
            ) from error
        except StorageError as error:
            raise storage_failed(error) from error
        return await self.sessions.record(record.id)

    async def describe(
        self, session_id: str, metadata: dict[str, Any], ttl: Ttl | None = None
    ) -> SessionRecord:
        """Add to what is said of a session, one without a run of which graph it is among it. `ttl`: how long it is kept from now on; None: as before.

        Raises `ProtocolError` (graph not found).
        """
        named = metadata.get("graph_id")

        async def change(record: SessionRecord) -> None:
            graph = record.graph
            if isinstance(named, str) and record.run_id is None:
                graph = self.sessions.graphs.get(named).name
            changed = msgspec.structs.replace(
                record, graph=graph, metadata={**record.metadata, **metadata}, updated_at=now_ms()
            )
            rows: list[Row] = [PutSession(changed)]
            if ttl is not None:
                rows.append(PutTtl(record.id, ttl))
            await self.events.commit(Unit(record.id, [], rows, revision=record.revision))

        await self.sessions.changing(session_id, change)
        return await self.sessions.record(session_id)

    async def copy(self, session_id: str) -> SessionRecord:
        """Another session with the same history of states, and no run. Raises `ProtocolError` (quota exceeded)."""
        record = await self.sessions.record(session_id)
        of_graph = {"graph_id": record.graph, "assistant_id": system_id(record.graph)}
        metadata = record.metadata
        if record.run_id is not None:
            metadata = {**of_graph, **metadata, "graph_id": record.graph}
        now = now_ms()
        made = SessionRecord(
            id=new_id(),
            graph=record.graph,
            status="idle",
            name=record.name,
            created_at=now,
            updated_at=now,
            run_id=None,
            runs=0,
            query=None,
            owner=record.owner,
            metadata=metadata,
            hidden=list(await self.sessions.secrets(session_id)),
        )
        rows: list[Row] = [PutSession(made), CopyThread(session_id, made.id)]
        async with self.starter.quotas.starting(record.owner, session=True, query=False):
            await self.events.commit(Unit(made.id, [], rows))
        return await self.sessions.record(made.id)

    async def matching(
        self,
        owner: str | None,
        wanted: Callable[[SessionRecord, RunRecord | None], bool],
        which: Which | None = None,
    ) -> list[tuple[SessionRecord, RunRecord | None]]:
        """All of the owner's sessions that are wanted, newest first."""
        found: list[tuple[SessionRecord, RunRecord | None]] = []
        before = None
        while True:
            page = await self.store.sessions_page(
                owner=owner, limit=PAGE, before=before, which=which
            )
            found += [one for one in page.records if wanted(*one)]
            if len(page.records) < PAGE:
                return found
            before = page.places[-1]

    async def forget(self, session_id: str) -> None:
        """Remove a session that was made for one run, if it is still there."""
        with suppress(ProtocolError):
            await self.sessions.delete(session_id)

    async def keep_newest(self, session_id: str) -> None:
        """Remove the states of a session but the newest of each graph."""

        async def change(record: SessionRecord) -> None:
            if record.status in ACTIVE:
                raise wrong_state(record, "be pruned while it runs")
            await keep_newest(self.sessions, record)

        await self.sessions.changing(session_id, change)

    # States

    async def state(
        self, session_id: str, checkpoint: dict[str, Any] | None, *, subgraphs: bool
    ) -> dict[str, Any]:
        """Its state, whole. Raises `ProtocolError`: graph timeout, invalid params."""
        record = await self.sessions.record(session_id)
        graph = (await self._loaded_at(record, checkpoint)).graph
        try:
            return await self.debugger.on_graph(
                record, lambda: snapshot(graph, record.id, checkpoint, subgraphs=subgraphs)
            )
        except ValueError as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path="$.checkpoint") from error

    async def history(
        self,
        session_id: str,
        checkpoint: dict[str, Any] | None,
        *,
        limit: int,
        before: str | None,
        metadata: dict[str, Any] | None,
    ) -> list[dict[str, Any]]:
        """Its states, whole, newest first, each as the graph of its run has it."""
        record = await self.sessions.record(session_id)
        loaded = await self._loaded_at(record, checkpoint)
        found = await self.debugger.on_graph(
            record,
            lambda: snapshots(
                loaded.graph, record.id, checkpoint, limit=limit, before=before, metadata=metadata
            ),
        )
        if loaded.remake is None:
            return found
        return [await self._of_its_run(record, loaded, one) for one in found]

    async def _of_its_run(
        self, record: SessionRecord, loaded: LoadedGraph, found: dict[str, Any]
    ) -> dict[str, Any]:
        place = found["checkpoint"]
        own = await self._loaded_at(record, place)
        if own is loaded:
            return found
        return await self.debugger.on_graph(
            record, lambda: snapshot(own.graph, record.id, place, subgraphs=False)
        )

    async def update_state(
        self,
        session_id: str,
        values: Any,
        as_node: str | None,
        checkpoint_id: str | None,
        namespace: str = "",
    ) -> str:
        """Save a state as if a node had given `values`, on top of the newest one or another; its checkpoint's id.

        None as LangGraph's end, `__end__`, leaves out what was to run next.
        `namespace`: of the subgraph whose state it is, and whose node and checkpoint.
        Where the session waits or stands, its run is over then: what follows the new state is for another run.
        Raises `ProtocolError`: wrong state (it runs), invalid params, checkpoint not found, graph timeout.
        """
        return await self.sessions.changing(
            session_id,
            lambda record: self._updated(
                record, values, as_node, checkpoint_id, Place.of(namespace)
            ),
        )

    async def _updated(
        self,
        record: SessionRecord,
        values: Any,
        as_node: str | None,
        checkpoint_id: str | None,
        place: Place,
    ) -> str:
        if record.status in ACTIVE:
            raise wrong_state(record, "be edited while it runs")
        if record.line:
            raise wrong_state(record, "be edited while a query waits for its run to be over")
        await self.sessions.quotas.has_room(record.owner)
        if (
            checkpoint_id is not None
            and await self.store.read(
                self.store.checkpoint, record.id, place.namespace, checkpoint_id
            )
            is None
        ):
            raise ProtocolError(
                CHECKPOINT_NOT_FOUND, f"session {record.id} has no checkpoint {checkpoint_id!r}"
            )
        await self.debugger.check_mine(record, as_node)
        loaded = await self._loaded(record)
        graph, saver = collecting(loaded.graph, self.store)
        updates = [{}] if values is None else values if isinstance(values, list) else [values]
        ends = values is None and as_node == END
        if not updates:
            raise ProtocolError(INVALID_PARAMS, "an empty list changes nothing", path="$.values")
        for one in updates:
            if not isinstance(one, dict):
                raise ProtocolError(
                    INVALID_PARAMS, "expected an object, or a list of them", path="$.values"
                )

        async def edited() -> tuple[ThreadState | None, ThreadState]:
            before = await look.state(graph, record.id)
            if checkpoint_id is not None:
                await edit.fork(graph, record.id, place, checkpoint_id)
            if ends:
                await edit.over(graph, record.id, place)
            for one in [] if ends else updates:
                found = given.known(graph, place.names, one)
                checked = given.checked(graph, place.names, found)
                await edit.edit_as(graph, record.id, place, checked, as_node)
            after = await look.state(graph, record.id)
            if after is None:
                raise LookupError(f"session {record.id} lost its state")
            return before, after

        before, after = await self.debugger.on_graph(record, edited)
        there = after.at(place)
        if there is None:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the thread is not inside {place.namespace!r} now",
                path="$.checkpoint",
            )
        made = there.checkpoint_id
        audit = audited("debug.setState", record, made=made, at=place.path, as_node=as_node)
        was = None if before is None else before.at(place)
        values_now, removed = restanding.changed(was, there)
        changed = DebugChanged(
            "set_state", made, checkpoint_id, place.path, cut(values_now), removed, as_node, None
        )
        emitter = self.events.emitter(record.id, record.run_id)
        told: list[Any] = [changed]
        session = msgspec.structs.replace(record, updated_at=now_ms())
        rows: list[Row] = [*saver.rows, audit]
        if record.status in ("waiting", "paused"):
            told += cancelled(record.debug.open)
            session, run, event = move(
                record,
                await self.sessions.run(record),
                "cancelled",
                interrupts=[],
                command=None,
                debug=cleared(record.debug),
            )
            told.append(event)
            rows.append(PutRun(run))
        rows.append(PutSession(session))
        if place.is_top:
            told.append(restanding.saved(after))
        drafts = [emitter.draft(one) for one in told]
        await self.events.commit(
            Unit(record.id, drafts, rows, revision=record.revision, raises=True)
        )
        return made

    async def values(
        self,
        record: SessionRecord,
        checkpoint_id: str | None = None,
        namespace: str = "",
        *,
        output: bool = False,
        told: bool = False,
        update: Sequence[tuple[str, Any]] = (),
        channel: str | None = None,
    ) -> Any:
        """The values of its state as JSON, or what its graph gives out; None where there is none.

        `namespace`: of a subgraph's. `told`: with what a command has written there, as the newest one has it. `update`: what it is to write, by channel, which may not be stored yet.
        `channel`: that of this one alone. Raises `StorageError`.
        """
        loaded = self.sessions.graphs.find(record.graph)
        if checkpoint_id is None:
            newest = await self.store.read(self.store.checkpoint, record.id, namespace)
            if newest is None:
                return None
            checkpoint_id, told = newest.checkpoint_id, True
        graph = None if loaded is None else loaded.graph
        values = await anyio.to_thread.run_sync(
            partial(
                values_at,
                self.store,
                graph,
                record.id,
                checkpoint_id,
                namespace,
                output=output,
                told=told,
                update=update,
                channel=channel,
            )
        )
        return scrubbed_value(values, await self.sessions.secrets(record.id))

    async def parents(self, session_id: str, namespace: str, checkpoint_id: str) -> dict[str, str]:
        """The checkpoints that a subgraph's was saved below, by namespace. Raises `StorageError`."""
        found = await self.store.read(self.store.checkpoint, session_id, namespace, checkpoint_id)
        if found is None:
            return {}
        saved: dict[str, str] = decode_metadata(serializer(), found.metadata).get("parents", {})
        return saved

    async def sent(self, session_id: str, namespace: str, checkpoint_id: str) -> dict[str, Any]:
        """What `Send` gave the tasks of a checkpoint, as JSON by task id. Raises `ProtocolError`: not found, graph timeout; `StorageError`."""
        record = await self.sessions.record(session_id)
        at = {"checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}
        graph = (await self._loaded_at(record, at)).graph
        place = Place.of(namespace)
        found = await self.debugger.on_graph(
            record, lambda: look.sent_at(graph, record.id, place, checkpoint_id)
        )
        secrets = await self.sessions.secrets(session_id)
        return {task_id: scrubbed_value(value, secrets) for task_id, value in found.items()}

    async def at_step(self, session_id: str, namespace: str, step: int) -> str | None:
        """The id of a (sub)graph's newest checkpoint of a superstep. Raises `StorageError`."""
        serde = serializer()
        return max(
            (
                one.checkpoint_id
                for one in await self.store.read(self.store.outlines, session_id)
                if one.namespace == namespace
                and decode_metadata(serde, one.metadata).get("step") == step
            ),
            default=None,
        )

    async def _loaded(self, record: SessionRecord) -> LoadedGraph:
        return await self.debugger.loaded(record)

    async def _loaded_at(
        self, record: SessionRecord, checkpoint: dict[str, Any] | None
    ) -> LoadedGraph:
        """The graph of the run that saved a checkpoint; of the newest run where none is named, or it is not there."""
        loaded = self.sessions.graphs.get(record.graph)
        at = checkpoint or {}
        if loaded.remake is None or not at.get("checkpoint_id"):
            return await self._loaded(record)
        found = await self.store.read(
            self.store.checkpoint, record.id, at.get("checkpoint_ns") or "", at["checkpoint_id"]
        )
        metadata: dict[str, Any] = {}
        if found is not None:
            metadata |= decode_metadata(serializer(), found.metadata)
        return await self.debugger.loaded_for(record, metadata.get(RUN_KEY))

    # Runs

    async def run(self, session_id: str, run_id: str) -> RunRecord:
        """A run of a session. Raises `ProtocolError` (session not found)."""
        await self.sessions.record(session_id)
        found = await self.store.read(self.store.run, run_id)
        if found is None or found.session_id != session_id:
            raise ProtocolError(SESSION_NOT_FOUND, f"session {session_id!r} has no run {run_id!r}")
        return found

    async def cancel(
        self, session_id: str, run_id: str, action: Literal["interrupt", "rollback"]
    ) -> None:
        """End a run, under way or in line; `rollback`: as if it had not been. One that asks or stands is over for this API.

        Raises `ProtocolError`: not found, also where it is over.
        """
        run = await self.run(session_id, run_id)

        async def leave_line(record: SessionRecord) -> bool:
            if run_id not in record.line:
                return False
            line = [one for one in record.line if one != run_id]
            ended = msgspec.structs.replace(run, status="cancelled", ended_at=now_ms())
            rows: list[Row] = [
                PutSession(msgspec.structs.replace(record, line=line)),
                PutRun(ended),
            ]
            await self.events.commit(Unit(record.id, [], rows, revision=record.revision))
            return True

        if not await self.sessions.changing(session_id, leave_line):
            try:
                await self.sessions.cancel(session_id, run_id)
            except ProtocolError as error:
                if error.error is not WRONG_STATE:
                    raise
                raise ProtocolError(
                    SESSION_NOT_FOUND, f"run {run_id!r} is over: there is nothing to cancel"
                ) from error
        if action == "rollback":
            await self.undo(session_id, run_id)

    async def undo(self, session_id: str, run_id: str) -> None:
        """Remove a run that is over, with the states it saved."""
        await self.remove_run(session_id, run_id, states=True)

    async def remove_run(self, session_id: str, run_id: str, *, states: bool = False) -> None:
        """Remove a run that is over. `states`: with what it saved. Raises `ProtocolError`: not found, wrong state."""
        await self.run(session_id, run_id)

        async def change(record: SessionRecord) -> None:
            await self.run(session_id, run_id)
            current = record.run_id == run_id
            if run_id in record.line or (current and record.status in ACTIVE):
                raise wrong_state(record, f"have its run {run_id} removed while that is to run")
            rows: list[Row] = [DeleteRun(run_id)]
            if states:
                saved = await self.store.read(self.store.checkpoints_of_runs, [run_id])
                places = [(place, id) for thread, place, id in saved if thread == session_id]
                if places:
                    rows.insert(0, DeleteCheckpoints(session_id, places))
            if current:
                rows.append(PutSession(await self._without(record, run_id)))
            unit = Unit(record.id, [], rows, revision=record.revision, raises=current)
            await self.events.commit(unit)

        await self.sessions.changing(session_id, change)

    async def _without(self, record: SessionRecord, run_id: str) -> SessionRecord:
        """The session as it was before its latest run."""
        runs = await self.store.runs_page(record.id, limit=2)
        before = next((one for one in runs if one.id != run_id), None)
        status = "idle" if before is None else before.status
        if status in ("queued", "running", "waiting", "paused"):
            status = "cancelled"
        return msgspec.structs.replace(
            record,
            status=status,
            run_id=None if before is None else before.id,
            runs=max(0, record.runs - 1),
            interrupts=[],
            command=None,
            debug=cleared(record.debug),
            updated_at=now_ms(),
        )

    async def runs(self, session_id: str) -> Sequence[RunRecord]:
        """All runs of a session, newest first."""
        await self.sessions.record(session_id)
        found: list[RunRecord] = []
        before = None
        while True:
            page = await self.store.runs_page(session_id, limit=PAGE, before=before)
            found += page
            if len(page) < PAGE:
                return found
            before = page[-1].id


def _uuid(given: str) -> None:
    """Ids are everybody's: one that somebody else has may not be guessed, as names of chats are."""
    try:
        known = str(UUID(given)) == given.lower()
    except ValueError:
        known = False
    if not known:
        raise ProtocolError(
            INVALID_PARAMS, f"an id of a thread is a UUID, not {given[:100]!r}", path="$.thread_id"
        )


def values_at(
    store: Any,
    graph: Any,
    session_id: str,
    checkpoint_id: str,
    namespace: str,
    *,
    output: bool,
    told: bool,
    update: Sequence[tuple[str, Any]],
    channel: str | None,
) -> Any:
    """The values of a state, or that of one channel; None where they cannot be read."""
    try:
        own, channels = channels_of(graph, namespace, output=output)
        if channel is not None:
            own, channels = None, channel
        return output_at(
            store,
            graph,
            session_id,
            checkpoint_id,
            channels,
            namespace,
            own,
            told=told,
            update=update,
        )
    except LookupError:
        return None
