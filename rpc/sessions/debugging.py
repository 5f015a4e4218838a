"""The debugger's requests: breakpoints, release, and moving a session in its history.

A session that stands is a record and a checkpoint. Every request here changes the record (and sometimes the
thread) under the session's lock, so that of two clients that step at once one is told that it came second.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from protocol.debugging import (
    Breakpoint,
    BreakpointsResult,
    BreakpointState,
    CheckpointResult,
    RewindParams,
    RewindResult,
    SetBreakpointParams,
    SetBreakpointResult,
    SetStateParams,
    StepParams,
)
from protocol.errors import (
    CHECKPOINT_NOT_FOUND,
    NODE_NOT_FOUND,
    NOT_IN_DEBUG_MODE,
    ProtocolError,
)
from protocol.events import (
    DebugResumed,
    DebugStopped,
    EventBody,
    StateCheckpoint,
)
from protocol.sessions import ACTIVE, ENDED, Status, StatusResult
from rpc.engine import edit, look
from rpc.engine.loading import LoadedGraph
from rpc.engine.stepping import key
from rpc.sessions import breakpoints, restand
from rpc.sessions.commands import Resume
from rpc.sessions.gating import released, tasks_at_rest
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.service import Sessions
from rpc.storage.records import DebugState, SessionRecord, Stepping

Launch = Callable[[], None]

RESTING: tuple[Status, ...] = ("paused", "waiting", "completed", "failed", "cancelled")
"""Statuses in which a session's thread can be moved."""


class Debugger:
    """Debugs the sessions of one server."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def set_breakpoint(self, params: SetBreakpointParams) -> SetBreakpointResult:
        """Set or change the breakpoint of a node and `when`; a running session heeds it at once."""
        async with self.sessions.locks(params.session_id):
            record = await self.record(params.session_id)
            loaded = self.loaded(record)
            one = Breakpoint(
                params.node_name,
                params.enabled,
                params.when,
                params.condition,
                params.hit_count,
                params.log,
            )
            field = "$.log" if params.condition is None else "$.condition"
            found = breakpoints.put(
                record.debug.breakpoints, breakpoints.checked(loaded, one, field)
            )
            await self.sessions.change(record, debug=_with(record.debug, breakpoints=found))
            job = self.sessions.executor.job(record.id)
            if job is not None and job.gate is not None:
                job.gate.breakpoints.all = found
        return SetBreakpointResult(record.id, one.node_name, one.enabled, len(found))

    async def breakpoints(self, session_id: str) -> BreakpointsResult:
        """All of them, with how often each was reached."""
        async with self.sessions.locks(session_id):
            record = await self.record(session_id)
        job = self.sessions.executor.job(session_id)
        hits = record.debug.hits if job is None or job.gate is None else job.gate.breakpoints.hits
        return BreakpointsResult(
            session_id,
            [
                BreakpointState(
                    one.node_name,
                    one.enabled,
                    one.when,
                    one.condition,
                    one.hit_count,
                    one.log,
                    hits.get(key(one), 0),
                )
                for one in record.debug.breakpoints
            ],
        )

    async def step(self, params: StepParams) -> tuple[StatusResult, Launch]:
        """Release what stands, to stop again after a step."""
        async with self.sessions.locks(params.session_id):
            record = await self.record(params.session_id, "paused")
            if params.node_name is not None:
                breakpoints.check_node(self.loaded(record), params.node_name)
            chosen = _chosen(record, params.task_id)
            stepping = (
                Stepping(params.mode, chosen)
                if params.node_name is None
                else Stepping("to", chosen, params.node_name)
            )
            return await self._release(record, chosen, stepping, "step")

    async def go_on(self, session_id: str) -> tuple[StatusResult, Launch]:
        """Release all that stands, to the next breakpoint."""
        async with self.sessions.locks(session_id):
            record = await self.record(session_id, "paused")
            return await self._release(record, _chosen(record, None), Stepping(), "continue")

    async def _release(
        self, record: SessionRecord, chosen: Sequence[str], stepping: Stepping, action: Any
    ) -> tuple[StatusResult, Launch]:
        ids = [record.debug.stopped[ns].task_id for ns in chosen]
        return await self.sessions.resume(
            record,
            Resume(),
            also=[DebugResumed(action, ids)],
            debug=released(record.debug, chosen, stepping),
        )

    async def pause(self, session_id: str) -> StatusResult:
        """Stop the session before whatever starts next."""
        async with self.sessions.locks(session_id):
            record = await self.record(session_id, "queued", "running")
            job = self.sessions.executor.job(session_id)
            if job is not None and job.gate is not None:
                job.gate.pausing = True
            else:
                await self.sessions.change(record, debug=_with(record.debug, pausing=True))
        return StatusResult(session_id, record.status)

    async def attach(self, session_id: str) -> StatusResult:
        """Turn debug mode on; a running session goes through the gate from its next superstep on."""
        async with self.sessions.locks(session_id):
            record = await self.sessions.settled(session_id)
            if not record.debug_mode:
                await self.sessions.change(record, debug_mode=True)
                job = self.sessions.executor.job(session_id)
                if job is not None:
                    job.attaching = True
                    job.control.request_drain("attach")
        return StatusResult(session_id, record.status)

    async def rewind(self, params: RewindParams) -> tuple[RewindResult, Launch]:
        """Go back to a checkpoint: it is copied to be the thread's newest, and its tasks stand."""
        async with self.sessions.locks(params.session_id):
            record = await self.record(params.session_id, *RESTING)
            graph = self.loaded(record).graph
            if await look.snapshot(graph, record.id, params.checkpoint_id) is None:
                raise ProtocolError(
                    CHECKPOINT_NOT_FOUND,
                    f"session {record.id} has no checkpoint {params.checkpoint_id!r}; "
                    "`debug.history` lists them",
                )
            head = await edit.fork(graph, record.id, params.checkpoint_id)
            found = await look.snapshot(graph, record.id)
            stopped = {}
            if found is not None:
                sent = await look.sent_inputs(graph, record.id, found)
                stopped = restand.standing(found, {}, sent)
            debug = _with(
                DebugState(breakpoints=record.debug.breakpoints, hits=record.debug.hits),
                stopped=stopped,
            )
            events: list[EventBody] = [DebugResumed("rewind", [], params.checkpoint_id)]
            if found is not None:
                events.append(_saved(found))
            record = msgspec.structs.replace(record, interrupts=[])
            if params.rerun:
                _, launch = await self.sessions.resume(
                    record, Resume(), also=events, debug=released(debug, stopped, Stepping())
                )
                return RewindResult(head, "running"), launch
            events.append(DebugStopped("pause", list(stopped.values()), head, "rewound"))
            await self.sessions.stand(record, events, debug=debug)
        return RewindResult(head, "paused"), _nothing

    async def set_state(self, params: SetStateParams) -> CheckpointResult:
        """Edit the state: in place where its tasks stand, or as a node's update."""
        async with self.sessions.locks(params.session_id):
            record = await self.record(params.session_id, *RESTING)
            graph = self.loaded(record).graph
            found = await look.snapshot(graph, record.id)
            if found is None:
                raise wrong_state(record, "be edited: nothing has been saved yet")
            path, as_node = _target(params.as_node)
            place = restand.place_of(found, path)
            values = edit.checked(graph, path, params.values)
            standing = look.state_at(found, place)
            if as_node is None and standing is not None and standing.next:
                await edit.edit_in_place(
                    graph, record.id, place, look.checkpoint_of(standing), values
                )
            else:
                if as_node is not None:
                    breakpoints.check_node(self.loaded(record), "/".join([*path, as_node]))
                await edit.edit_as(graph, record.id, place, values, as_node)
            edited = await look.snapshot(graph, record.id)
            if edited is None:
                raise LookupError(f"session {record.id} lost its state")
            await self._edited(record, place, found, edited)
            return CheckpointResult(look.checkpoint_of(edited))

    async def _edited(
        self, record: SessionRecord, place: tuple[str, ...], before: Any, after: Any
    ) -> None:
        """Commit what an edit made of the tasks that stand or ask."""
        head = look.checkpoint_of(after)
        events: list[EventBody] = [DebugResumed("set_state", [], head)]
        if head != look.checkpoint_of(before):
            events.append(_saved(after))
        debug = record.debug
        fresh = restand.reread(debug.stopped, place, before, after)
        asking = restand.lasting(after, debug.asking)
        sent = await look.sent_inputs(self.loaded(record).graph, record.id, after)
        stopped = restand.standing(after, {**fresh, **asking}, sent)
        if record.status == "waiting" and asking:
            stopped = {}
        if record.status in ENDED and not after.next:
            stopped = {}
        if stopped.keys() == debug.stopped.keys() and asking.keys() == debug.asking.keys():
            await self.sessions.change(record, also=events, debug=_with(debug, stopped=stopped))
            return
        held = [
            ns
            for ns in debug.entered
            if any(one.startswith(f"{ns}|") for one in (*stopped, *asking))
        ]
        debug = _with(debug, stopped=stopped, asking=asking, entered=held)
        asked = {task.task_id for task in asking.values()}
        kept = [one for one in record.interrupts if one.task_id in asked]
        record = msgspec.structs.replace(record, interrupts=kept)
        events.append(DebugStopped("pause", tasks_at_rest(debug), head, "edited"))
        await self.sessions.stand(record, events, debug=debug)

    async def record(self, session_id: str, *statuses: Status) -> SessionRecord:
        """The session as it is now. The caller holds its lock.

        Raises `ProtocolError`: session not found, not in debug mode, wrong state.
        """
        record = await self.sessions.settled(session_id)
        if not record.debug_mode:
            raise ProtocolError(
                NOT_IN_DEBUG_MODE,
                f"session {session_id} was started without `debug_mode`; `debug.attach` turns it on",
            )
        if statuses and record.status not in statuses:
            raise wrong_state(record, "do this", tuple(statuses))
        if statuses and record.status not in ACTIVE and self.sessions.executor.job(session_id):
            raise wrong_state(record, "do this yet: its last run is still ending")
        return record

    def loaded(self, record: SessionRecord) -> LoadedGraph:
        """The session's graph. Raises `ProtocolError` (graph not found)."""
        return self.sessions.graphs.get(record.graph)


def _with(debug: DebugState, **changes: Any) -> DebugState:
    return msgspec.structs.replace(debug, **changes)


def _chosen(record: SessionRecord, task_id: str | None) -> list[str]:
    """The namespaces to release. Raises `ProtocolError` (node not found)."""
    stopped = record.debug.stopped
    if task_id is None:
        return list(stopped)
    found = [ns for ns, task in stopped.items() if task.task_id == task_id]
    if not found:
        known = ", ".join(f"{task.task_id} ({task.path})" for task in stopped.values())
        raise ProtocolError(
            NODE_NOT_FOUND, f"no stopped task {task_id!r}; there stand: {known or 'none'}"
        )
    return found


def _target(as_node: str | None) -> tuple[tuple[str, ...], str | None]:
    """Which graph (node names from the top), and as which of its nodes; `literature/` is as none."""
    if as_node is None:
        return (), None
    path, _, node = as_node.rpartition("/")
    return tuple(path.split("/")) if path else (), node or None


def _saved(found: Any) -> StateCheckpoint:
    metadata = found.metadata or {}
    parent = found.parent_config
    return StateCheckpoint(
        look.checkpoint_of(found),
        parent["configurable"].get("checkpoint_id") if parent else None,
        "",
        metadata.get("step", -1),
        metadata.get("source", "update"),
        [name for name in found.next if not name.startswith("__")],
    )


def _nothing() -> None:
    pass
