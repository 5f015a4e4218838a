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
    SetBreakpointParams,
    SetBreakpointResult,
    StepParams,
)
from protocol.errors import (
    NODE_NOT_FOUND,
    NOT_IN_DEBUG_MODE,
    ProtocolError,
)
from protocol.events import (
    DebugResumed,
)
from protocol.sessions import ACTIVE, Status, StatusResult
from rpc.engine.gate.messages import Pause, SetBreakpoints
from rpc.engine.gate.stepping import key
from rpc.engine.graphs.loading import LoadedGraph
from rpc.sessions.commands import Resume
from rpc.sessions.debugging import breakpoints
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.running.gating import released
from rpc.sessions.service import Sessions
from rpc.storage.records import DebugState, SessionRecord, Stepping

Launch = Callable[[], None]


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
            await self.sessions.change(record, debug=with_changes(record.debug, breakpoints=found))
            job = self.sessions.executor.job(record.id)
            if job is not None and job.gate is not None:
                job.gate.tell(SetBreakpoints(found))
        return SetBreakpointResult(record.id, one.node_name, one.enabled, len(found))

    async def breakpoints(self, session_id: str) -> BreakpointsResult:
        """All of them, with how often each was reached."""
        async with self.sessions.locks(session_id):
            record = await self.record(session_id)
        job = self.sessions.executor.job(session_id)
        hits = record.debug.hits if job is None or job.gate is None else job.gate.hits()
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
                job.gate.tell(Pause())
            else:
                await self.sessions.change(record, debug=with_changes(record.debug, pausing=True))
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


def with_changes(debug: DebugState, **changes: Any) -> DebugState:
    """The state with some of its parts others."""
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
