"""The debugger's requests: breakpoints, release, and moving a session in its history.

A session that stands is a record and a checkpoint. Every request here changes the record (and sometimes the
thread) under the session's lock, so that of two clients that step at once one is told that it came second.
"""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from protocol.debugging import (
    AttachParams,
    BreakOnErrorParams,
    BreakOnErrorResult,
    BreakpointsResult,
    ContinueParams,
    DebuggersResult,
    DetachParams,
    RemoveBreakpointParams,
    RemoveBreakpointResult,
    SetBreakpointParams,
    SetBreakpointResult,
    StepParams,
)
from protocol.errors import (
    NODE_NOT_FOUND,
    NOT_IN_DEBUG_MODE,
    ProtocolError,
)
from protocol.events import DebugBreakpoint, DebugResumed
from protocol.sessions import SETTLED, Status, StatusResult
from rpc.engine.gate.stepping import key
from rpc.engine.graphs.inputs import Given, given_of
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.graphs.node_lines import place_of
from rpc.engine.langgraph.place import Place
from rpc.engine.running.looks import Looks
from rpc.engine.thread import look
from rpc.engine.thread.changed import Lacks, gone_after, lacks, with_lacks
from rpc.json_values import copied
from rpc.sessions import repeats
from rpc.sessions.commands import Resume
from rpc.sessions.debugging import breakpoints, debuggers
from rpc.sessions.debugging.looked import Looked, Recent
from rpc.sessions.debugging.own_graphs import OwnGraphs
from rpc.sessions.elsewhere import as_known, check_mine
from rpc.sessions.graph_code import in_time
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.running.fit import resting
from rpc.sessions.running.gating import released
from rpc.sessions.running.signals import (
    Attach,
    Detach,
    Pause,
    RemoveBreakpoint,
    SetBreakpoint,
    SetErrors,
)
from rpc.sessions.service import Launch, Sessions
from rpc.sessions.shown import changed_breakpoint, shown_breakpoint, shown_status
from rpc.storage.records import Breakpoint, DebugState, SessionRecord, Stepping

T = TypeVar("T")

RESTING: tuple[Status, ...] = ("paused", "waiting", "completed", "failed", "cancelled")
"""Statuses in which a session's thread can be moved."""


class Debugger:
    """Debugs the sessions of one server."""

    def __init__(self, sessions: Sessions, looks: Looks) -> None:
        self.sessions = sessions
        self.looks = looks
        self.recent = Recent()
        self.own_graphs = OwnGraphs()

    async def on_graph(
        self, record: SessionRecord, make: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        """What the coroutine that `make` gives comes to, where code of the session's graph may run and take long.

        Raises `ProtocolError` (graph timeout), and what the coroutine raises.
        """
        name = f"a look into session {record.id} of graph {record.graph!r}"
        return await in_time(self.looks, name, make)

    async def looked(self, record: SessionRecord, checkpoint_id: str | None) -> Looked | None:
        """The session's state, now or at a checkpoint; None where there is none. Raises `ProtocolError` (graph timeout).

        While the session rests it is read once, for as long as nothing changes.
        """
        newest = await self.loaded(record)
        standing = record.debug.stopped

        async def read(loaded: LoadedGraph) -> Looked | None:
            if checkpoint_id is None:
                found = await look.state(loaded.graph, record.id, standing=standing)
            else:
                found = await look.find(loaded.graph, record.id, checkpoint_id)
            if found is None:
                return None
            if record.status != "completed":
                found = await with_lacks(loaded.graph, record.id, found, resting(record))
            return Looked(loaded, found, await look.sent_values(loaded.graph, record.id, found))

        async def read_by_its_own() -> Looked | None:
            looked = await self.on_graph(record, lambda: read(newest))
            if looked is None or checkpoint_id is None:
                return looked
            own = await self.loaded_for(record, looked.found.run_id)
            return looked if own is newest else await self.on_graph(record, lambda: read(own))

        key = None
        if record.status in SETTLED:
            key = (record.id, record.epoch, record.revision, checkpoint_id, id(newest))
        return await self.recent.get(key, read_by_its_own)

    async def given(
        self, record: SessionRecord, looked: Looked | None, checkpoint_id: str | None
    ) -> Given:
        """What the session's run was given beside its input; of a checkpoint that is named, the run that saved it.

        It is made once for a state that was looked at. Raises `ProtocolError` (graph timeout).
        """
        if looked is not None and looked.given is not None:
            return looked.given
        given = await self._given(record, looked, checkpoint_id)
        if looked is not None:
            looked.was_given(given)
        return given

    async def _given(
        self, record: SessionRecord, looked: Looked | None, checkpoint_id: str | None
    ) -> Given:
        run_id = record.run_id
        if checkpoint_id is not None and looked is not None:
            run_id = looked.found.run_id or run_id
        store = self.sessions.store
        run = None if run_id is None else await store.read(store.run, run_id)
        config = None if run is None else run.config
        graph = (looked.loaded if looked is not None else await self.loaded(record)).graph
        if graph.context_schema is None:
            return given_of(graph, config)

        async def made() -> Given:
            # The schema is the user's: its validators run.
            return given_of(graph, copied(config))

        return await self.on_graph(record, made)

    async def updated(self, record: SessionRecord, looked: Looked) -> None:
        """Let a state that was looked at know its nodes' last updates. Raises `ProtocolError` (graph timeout)."""
        if looked.updates is None:
            graph = looked.loaded.graph
            looked.updated(
                await self.on_graph(
                    record, lambda: look.last_updates(graph, record.id, looked.found)
                )
            )

    async def set_breakpoint(self, params: SetBreakpointParams) -> SetBreakpointResult:
        """Set or change the breakpoint of a node and `when`; a running session heeds it at once."""

        async def change(record: SessionRecord) -> SetBreakpointResult:
            session = await self.debugged(record)
            loaded, found = await self.loaded(record), session.debug.breakpoints
            known = {key(other): other for other in found}
            field = "$.condition" if isinstance(params.condition, str) else "$.log"
            made: list[Breakpoint] = []
            names, place = breakpoints.names_of(loaded, params, self.root, found)
            for name in names:
                one = changed_breakpoint(name, params, None)
                one = changed_breakpoint(name, params, known.get(key(one)))
                made.append(await self._checked(loaded, one, field))
                found = breakpoints.put(found, one)
            told = [
                self._told(loaded, "changed" if key(one) in known else "new", one) for one in made
            ]
            if record.status == "running":
                signals = [SetBreakpoint(one) for one in made]
                await self.sessions.signal(record, *signals, also=told)
            else:
                debug = with_changes(record.debug, breakpoints=found)
                await self.sessions.change(record, told, debug=debug)
            enabled = sum(other.enabled for other in found)
            return SetBreakpointResult(
                record.id,
                names[0],
                made[0].enabled,
                enabled,
                names,
                file=None if place is None else place[0],
                line=None if place is None else place[1],
                channel=params.channel,
            )

        return await self.sessions.changing(params.session_id, change)

    async def _checked(self, loaded: LoadedGraph, one: Breakpoint, field: str) -> Breakpoint:
        """`breakpoints.checked`, by what any node's code has."""
        return await as_known(
            self.sessions,
            loaded.name,
            lambda others: breakpoints.checked(loaded, one, field, others),
        )

    async def _check_node(self, loaded: LoadedGraph, name: str) -> None:
        """`breakpoints.check_node`, by what any node's code has."""
        await as_known(
            self.sessions, loaded.name, lambda others: breakpoints.check_node(loaded, name, others)
        )

    async def check_mine(
        self,
        record: SessionRecord,
        node_name: str | None = None,
        checkpoint: tuple[Place, str] | None = None,
    ) -> None:
        """Raises `ProtocolError` (wrong state) where another node's code is what the session is to be moved by, and this one's lacks
        something: what the session is at, `node_name`, or what comes after a `checkpoint` of a graph."""
        if not self.sessions.store.shared:
            # There are no others: the thread need not be read.
            return
        loaded = await self.loaded(record)

        async def sought() -> Lacks:
            found = await lacks(loaded.graph, record.id, resting(record))
            nodes = {*found.nodes}
            if node_name is not None and not breakpoints.is_known(loaded, node_name):
                nodes.add(node_name)
            if checkpoint is not None:
                nodes.update(await gone_after(loaded.graph, record.id, *checkpoint))
            return Lacks(sorted(nodes), found.keys)

        await check_mine(self.sessions, record, await self.on_graph(record, sought))

    async def remove_breakpoint(self, params: RemoveBreakpointParams) -> RemoveBreakpointResult:
        """Remove the breakpoint of a node and `when`; a running session heeds it at once."""

        async def change(record: SessionRecord) -> RemoveBreakpointResult:
            session = await self.debugged(record)
            loaded, known = await self.loaded(record), session.debug.breakpoints
            names, _ = breakpoints.names_of(loaded, params, self.root, known)
            keys = {
                key(Breakpoint(name, when=params.when, channel=params.channel)) for name in names
            }
            left = [one for one in known if key(one) not in keys]
            gone = [one for one in known if key(one) in keys]
            told = [self._told(loaded, "removed", one) for one in gone]
            if told and record.status == "running":
                signals = [RemoveBreakpoint(key(one)) for one in gone]
                await self.sessions.signal(record, *signals, also=told)
            elif told:
                debug = with_changes(record.debug, breakpoints=left)
                await self.sessions.change(record, told, debug=debug)
            enabled = sum(one.enabled for one in left)
            return RemoveBreakpointResult(
                record.id, names[0], bool(told), enabled, names, params.channel
            )

        return await self.sessions.changing(params.session_id, change)

    async def breakpoints(self, session_id: str) -> BreakpointsResult:
        """All of them, with how often each was reached."""
        record = await self.sessions.now(await self.sessions.record(session_id))
        loaded = await self.loaded(record)
        hits = await self._hits(record)
        return BreakpointsResult(
            session_id,
            [
                shown_breakpoint(
                    one,
                    hits.get(key(one), 0),
                    hits.get(key(one), 0) > 0 or breakpoints.is_verified(loaded, one),
                    place_of(loaded, one.node_name, self.root) if one.channel is None else None,
                )
                for one in record.debug.breakpoints
            ],
            breakpoints.shown_types(record.debug.errors),
            breakpoints.shown_types(record.debug.raised),
        )

    async def _hits(self, record: SessionRecord) -> dict[str, int]:
        """How often breakpoints were reached, by key: as who runs the session knows, here or on another node."""
        here = self.sessions.executor.hits(record.id)
        if here is not None:
            return here
        told = (
            await self.sessions.store.read(self.sessions.store.hits, record.id)
            if record.status == "running"
            else None
        )
        return record.debug.hits if told is None or told[0] != record.epoch else told[1]

    async def step(self, params: StepParams) -> tuple[StatusResult, Launch]:
        """Release what stands, to stop again after a step."""

        async def change(record: SessionRecord) -> tuple[StatusResult, Launch]:
            if repeats.known(record, params) is not None:
                return _again(record)
            await self.debugged(record, "paused")
            await repeats.expected(self.sessions.store, record, params.expected_checkpoint_id)
            record = repeats.remembering(record, params, True)
            if params.node_name is not None:
                await self._check_node(await self.loaded(record), params.node_name)
            chosen = _chosen(record, params.task_id)
            stepping = (
                Stepping(params.mode, chosen)
                if params.node_name is None
                else Stepping("to", chosen, params.node_name)
            )
            return await self._release(record, chosen, stepping, "step")

        return await self.sessions.changing(params.session_id, change)

    async def go_on(self, params: ContinueParams) -> tuple[StatusResult, Launch]:
        """Release all that stands, or one task, to the next breakpoint."""

        async def change(record: SessionRecord) -> tuple[StatusResult, Launch]:
            if repeats.known(record, params) is not None:
                return _again(record)
            # One that failed for want of the node that stands goes on once that is back.
            stands = record.status == "failed" and record.debug.stopped
            if record.status != "paused" and not stands:
                await self.debugged(record, "paused")
            await repeats.expected(self.sessions.store, record, params.expected_checkpoint_id)
            record = repeats.remembering(record, params, True)
            # Without debug mode too: a graph may have been compiled to stop.
            return await self._release(
                record, _chosen(record, params.task_id), Stepping(), "continue"
            )

        return await self.sessions.changing(params.session_id, change)

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

        async def change(record: SessionRecord) -> StatusResult:
            await self.debugged(record, "queued", "running")
            if record.status == "running":
                await self.sessions.signal(record, Pause())
            else:
                await self.sessions.change(record, debug=with_changes(record.debug, pausing=True))
            return StatusResult(session_id, shown_status(record.status))

        return await self.sessions.changing(session_id, change)

    async def attach(self, params: AttachParams) -> DebuggersResult:
        """Debug the session, which is in debug mode from then on; a running one goes through the gate from its next superstep on."""
        debugger = params.debugger_id or debuggers.UNNAMED

        async def change(record: SessionRecord) -> DebuggersResult:
            before = await self.sessions.now(record)
            after = debuggers.attached(before, debugger)
            if after is not before:
                if record.status == "running":
                    await self.sessions.signal(record, Attach(debugger))
                else:
                    await self.sessions.change(record, debug_mode=True, debug=after.debug)
            return _debugged_by(after)

        return await self.sessions.changing(params.session_id, change)

    async def break_on_error(self, params: BreakOnErrorParams) -> BreakOnErrorResult:
        """Say by which errors of nodes the session stops; a running one heeds it at once."""
        errors, raised = breakpoints.types_of(params.errors), breakpoints.types_of(params.raised)

        async def change(record: SessionRecord) -> BreakOnErrorResult:
            await self.debugged(record)
            if record.status == "running":
                await self.sessions.signal(record, SetErrors(errors, raised))
            else:
                debug = with_changes(record.debug, errors=errors, raised=raised)
                await self.sessions.change(record, debug=debug)
            return BreakOnErrorResult(record.id, params.errors, params.raised)

        return await self.sessions.changing(params.session_id, change)

    async def detach(self, params: DetachParams) -> tuple[DebuggersResult, Launch]:
        """Leave the session. With the last who debugs it debug mode is off: what stands goes on, and stops no more.

        The breakpoints are kept.
        """

        async def change(record: SessionRecord) -> tuple[DebuggersResult, Launch]:
            before = await self.sessions.now(record)
            after = debuggers.detached(before, params.debugger_id)
            if debuggers.of(after) == debuggers.of(before):
                return _debugged_by(before), _nothing
            debug = after.debug
            if record.status == "running":
                await self.sessions.signal(record, Detach(params.debugger_id))
            elif after.debug_mode:
                await self.sessions.change(record, debug=debug)
            elif record.status == "paused":
                chosen = _chosen(record, None)
                ids = [record.debug.stopped[ns].task_id for ns in chosen]
                result, launch = await self.sessions.resume(
                    record,
                    Resume(),
                    also=[DebugResumed("detach", ids)],
                    debug=released(debug, chosen, Stepping()),
                    debug_mode=False,
                )
                return DebuggersResult(record.id, result.status, debuggers=[]), launch
            else:
                # A step that waits for an answer is over, and so is what was to stop next.
                debug = with_changes(debug, stepping=Stepping(), entry=False, pausing=False)
                await self.sessions.change(record, debug_mode=False, debug=debug)
            return _debugged_by(after), _nothing

        return await self.sessions.changing(params.session_id, change)

    async def debugged(self, record: SessionRecord, *statuses: Status) -> SessionRecord:
        """`Sessions.now`, if the session may be debugged, and is in one of the statuses where some are given.

        Raises `ProtocolError`: not in debug mode, wrong state.
        """
        session = await self.sessions.now(record)
        if not session.debug_mode:
            raise ProtocolError(
                NOT_IN_DEBUG_MODE,
                f"session {record.id} was started without `debug_mode`; `debug.attach` turns it on",
            )
        if statuses and record.status not in statuses:
            raise wrong_state(record, "do this", tuple(statuses))
        return session

    async def loaded(self, record: SessionRecord) -> LoadedGraph:
        """The session's graph, that of its newest run where a factory makes one for each.

        Raises `ProtocolError`: graph not found, graph timeout.
        """
        return await self.loaded_for(record, record.run_id)

    async def loaded_for(self, record: SessionRecord, run_id: str | None) -> LoadedGraph:
        """As `loaded`, of a run of the session; of its newest where there is none of this id."""
        loaded = self.sessions.graphs.get(record.graph)
        if loaded.remake is None:
            return loaded
        store = self.sessions.store
        found = [
            run
            for one in dict.fromkeys((run_id, record.run_id))
            if one is not None and (run := await store.read(store.run, one)) is not None
        ]
        if not found:
            return loaded
        run = found[0]
        return await self.own_graphs.of(loaded, run, lambda make: self.on_graph(record, make))

    @property
    def root(self) -> Path:
        """The folder that source files are given relative to."""
        return self.sessions.graphs.root

    def _told(
        self, loaded: LoadedGraph, change: Literal["new", "changed", "removed"], one: Breakpoint
    ) -> DebugBreakpoint:
        place = None if one.channel else place_of(loaded, one.node_name, self.root)
        return DebugBreakpoint(
            change,
            one.node_name,
            one.when,
            one.enabled,
            one.condition,
            one.hit_count,
            one.log,
            file=None if place is None else place[0],
            line=None if place is None else place[1],
            channel=one.channel,
        )


def _again(record: SessionRecord) -> tuple[StatusResult, Launch]:
    """The answer to a call that was carried out before."""
    return StatusResult(record.id, "running"), _nothing


def _debugged_by(record: SessionRecord) -> DebuggersResult:
    return DebuggersResult(record.id, shown_status(record.status), debuggers=debuggers.of(record))


def _nothing() -> None:
    pass


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
