"""Moving a session that rests: back in its history, or to the beginning of one of its nodes."""

from collections.abc import Collection
from typing import Literal

import msgspec

from protocol.debugging import (
    RestartNodeParams,
    RestartNodeResult,
    RewindParams,
    RewindResult,
    StepBackParams,
)
from protocol.errors import CHECKPOINT_NOT_FOUND, ProtocolError
from protocol.events import DebugChanged, DebugResumed, DebugStopped, EventBody
from rpc.engine.checkpoints.binding import collecting
from rpc.engine.langgraph.names import is_start
from rpc.engine.langgraph.place import Place
from rpc.engine.running.open_tasks import cancelled
from rpc.engine.thread import again, edit, look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import ThreadState
from rpc.engine.values.cut import cut
from rpc.sessions import repeats
from rpc.sessions.auditing import audited
from rpc.sessions.commands import Resume
from rpc.sessions.debugging import restanding, seeking
from rpc.sessions.debugging.debugger import RESTING, Debugger, with_changes
from rpc.sessions.debugging.seeking import Run
from rpc.sessions.debugging.way_back import Found, WayBack
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.running.gating import released, settings, tasks_at_rest
from rpc.sessions.service import Launch
from rpc.storage.records import DebugState, SessionRecord, Stepping
from rpc.storage.store import newest_of


class Mover:
    """Moves the sessions of one server."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger
        self.sessions = debugger.sessions

    async def rewind(self, params: RewindParams) -> tuple[RewindResult, Launch]:
        """Go back to a checkpoint: it is copied to be its graph's newest, and its tasks stand.

        Of a subgraph that is entered, the other tasks stay as they are.
        """

        async def change(record: SessionRecord) -> tuple[RewindResult, Launch]:
            if (before := repeats.known(record, params)) is not None:
                return msgspec.convert(before, RewindResult), _nothing
            await self._may_move(record, params)
            return await self._rewind(record, params, params.checkpoint_id, rerun=params.rerun)

        return await self.sessions.changing(params.session_id, change)

    async def step_back(self, params: StepBackParams) -> tuple[RewindResult, Launch]:
        """Go back to where the step before began; from a subgraph's first, to before the node that is the subgraph. Or
        to the breakpoint before, or to the run's first step.

        Raises `ProtocolError`: checkpoint not found, where it is the run's first step.
        """

        async def change(record: SessionRecord) -> tuple[RewindResult, Launch]:
            if (before := repeats.known(record, params)) is not None:
                return msgspec.convert(before, RewindResult), _nothing
            await self._may_move(record, params)
            target, stop = await self._back(record, params)
            if isinstance(target, Run):
                made, launch = await self._restart(record, params, target, go=False, stop=stop)
                result = RewindResult(made.checkpoint_id, made.status)
                return result, launch
            return await self._rewind(record, params, target, stop=stop)

        return await self.sessions.changing(params.session_id, change)

    async def _back(
        self, record: SessionRecord, params: StepBackParams
    ) -> tuple[str | Run, Found | None]:
        """How far a session goes back; and of the breakpoint before, and of the first step, for what reason it stops there."""
        graph = (await self.debugger.loaded(record)).graph
        if params.to == "step":
            target = await self.debugger.on_graph(
                record, lambda: seeking.step_before(graph, record, params.task_id)
            )
            return target, None
        store = self.sessions.store
        given = await self.debugger.given(record, None, None)
        newest = newest_of(await store.read(store.outlines, record.id))
        way = WayBack(
            graph, record, given.names, {Place.of(name): id for name, id in newest.items()}
        )
        if params.to == "start":
            found = await self.debugger.on_graph(record, way.start)
        else:
            found = await self.debugger.on_graph(
                record, lambda: way.breakpoint_before(params.task_id)
            )
        return found.target, found

    async def restart(self, params: RestartNodeParams) -> tuple[RestartNodeResult, Launch]:
        """Run one node again: its task stands before it, or goes at once; what ran or stands beside it stays as it is.

        Raises `ProtocolError`: node not found, invalid params where several are meant.
        """

        async def change(record: SessionRecord) -> tuple[RestartNodeResult, Launch]:
            if (before := repeats.known(record, params)) is not None:
                return msgspec.convert(before, RestartNodeResult), _nothing
            await self._may_move(record, params)
            loaded = await self.debugger.loaded(record)
            found = await self.debugger.on_graph(
                record, lambda: seeking.run_of(loaded, record, params.node_name, params.task_id)
            )
            return await self._restart(record, params, found, go=params.run)

        return await self.sessions.changing(params.session_id, change)

    async def _may_move(
        self, record: SessionRecord, params: RewindParams | StepBackParams | RestartNodeParams
    ) -> None:
        await self.debugger.debugged(record, *RESTING)
        await self.sessions.quotas.has_room(record.owner)
        await repeats.expected(self.sessions.store, record, params.expected_checkpoint_id)
        node_name = params.node_name if isinstance(params, RestartNodeParams) else None
        await self.debugger.check_mine(record, node_name)

    async def _rewind(
        self,
        record: SessionRecord,
        params: RewindParams | StepBackParams,
        checkpoint_id: str,
        *,
        rerun: bool = False,
        stop: Found | None = None,
    ) -> tuple[RewindResult, Launch]:
        graph, saver = collecting((await self.debugger.loaded(record)).graph, self.sessions.store)
        known = record

        async def sought() -> tuple[ThreadState | None, ThreadState | None]:
            standing = known.debug.stopped
            return (
                await look.state(graph, known.id, standing=standing),
                await look.find(graph, known.id, checkpoint_id),
            )

        earlier, target = await self.debugger.on_graph(known, sought)
        if target is None:
            raise ProtocolError(
                CHECKPOINT_NOT_FOUND,
                f"session {record.id} has no checkpoint {checkpoint_id!r}; "
                "`debug.history` lists them",
            )
        place = target.place
        await self.debugger.check_mine(known, checkpoint=(place, checkpoint_id))
        inside = None if earlier is None else earlier.at(place)
        if not place.is_top and (inside is None or inside.place != place):
            raise ProtocolError(
                CHECKPOINT_NOT_FOUND,
                f"checkpoint {checkpoint_id!r} is of {place.path!r}, which the session is not inside any more: go "
                "back to one of the top graph",
            )

        async def forked() -> str:
            await edit.fork_kept(graph, known.id, place, checkpoint_id)
            return await edit.fork(graph, known.id, place, checkpoint_id)

        head = await self.debugger.on_graph(known, forked)
        # From the input, what comes first is the start's to choose: it runs, and the session stands behind it.
        goes_on = rerun or any(map(is_start, target.next))
        result = RewindResult(head, "running" if goes_on else "paused")
        record = repeats.remembering(record, params, result)
        open_before = record.debug.open
        remembered = record
        record, found = await self.debugger.on_graph(
            known, lambda: self._moved(graph, remembered, place)
        )
        left = cancelled(restanding.gone(open_before, record.debug.open))
        debug = record.debug
        there = found.at(place)
        was = None if earlier is None else earlier.at(place)
        values, removed = restanding.changed(was, there)
        changed = DebugChanged("rewind", head, checkpoint_id, place.path, cut(values), removed)
        events: list[EventBody] = [*left, changed]
        if there is not None:
            events.append(restanding.saved(there))
        audit = audited("debug.rewind", record, to=checkpoint_id, made=head, rerun=rerun)
        rows = [*saver.rows, audit]
        if goes_on:
            chosen = list(debug.stopped) if rerun else []
            gone_on = released(debug, chosen, Stepping())
            events.append(DebugResumed("rewind", [], checkpoint_id))
            _, launch = await self.sessions.resume(
                record,
                Resume(),
                also=events,
                rows=rows,
                debug=with_changes(gone_on, entry=not rerun),
            )
            return result, launch
        if stop is not None:
            debug = _because(debug, stop.of(debug.stopped, place), stop)
        events.append(_stopped(stop, "rewind", debug, found))
        await self.sessions.stand(record, events, rows=rows, debug=debug)
        return result, _nothing

    async def _restart(
        self,
        record: SessionRecord,
        params: StepBackParams | RestartNodeParams,
        run: Run,
        *,
        go: bool,
        stop: Found | None = None,
    ) -> tuple[RestartNodeResult, Launch]:
        """Let a node's task begin again."""
        graph, saver = collecting((await self.debugger.loaded(record)).graph, self.sessions.store)
        place, known = run.state.place, record
        open_before = record.debug.open

        async def begun() -> tuple[SessionRecord, ThreadState]:
            if run.now is not None:
                await again.begin_again(graph, known.id, run.now, run.task)
                return await self._begun(graph, known, run.task.place)
            await again.run_before(graph, known.id, run.state, run.task)
            return await self._moved(graph, known, place)

        record, found = await self.debugger.on_graph(known, begun)
        debug = record.debug
        there = found.at(place)
        if there is None:
            raise LookupError(f"session {record.id} left {place.path!r}")
        fresh = next(
            (one for one in there.tasks if (one.node, one.sent) == (run.task.node, run.task.sent)),
            None,
        )
        if fresh is None or fresh.place.namespace not in debug.stopped:
            # What decides over the next tasks is the graph's: it may be another by now.
            raise wrong_state(
                record, f"run {run.task.place.path!r} again: it does not come next there"
            )
        values, removed = restanding.changed(run.was, there)
        changed = DebugChanged(
            "restart",
            there.checkpoint_id,
            run.state.checkpoint_id,
            place.path,
            cut(values),
            removed,
        )
        events: list[EventBody] = [
            *cancelled(restanding.gone(open_before, debug.open)),
            changed,
        ]
        if there.checkpoint_id != run.state.checkpoint_id:
            events.append(restanding.saved(there))
        result = RestartNodeResult(
            there.checkpoint_id, "running" if go else "paused", fresh.task_id, fresh.place.path
        )
        given = result
        if isinstance(params, StepBackParams):
            record = repeats.remembering(
                record, params, RewindResult(given.checkpoint_id, "paused")
            )
        else:
            record = repeats.remembering(record, params, given)
        audit = audited(
            "debug.restartNode", record, node=result.path, made=there.checkpoint_id, run=go
        )
        rows = [*saver.rows, audit]
        if go:
            chosen = [fresh.place.namespace]
            events.append(DebugResumed("restart", [fresh.task_id]))
            _, launch = await self.sessions.resume(
                record,
                Resume(),
                also=events,
                rows=rows,
                debug=released(debug, chosen, Stepping("over", chosen)),
            )
            return result, launch
        debug = _because(debug, [fresh.place.namespace], stop)
        events.append(_stopped(stop, "restart", debug, found))
        await self.sessions.stand(record, events, rows=rows, debug=debug)
        return result, _nothing

    async def _begun(
        self, graph: Graph, record: SessionRecord, task: Place
    ) -> tuple[SessionRecord, ThreadState]:
        """The record after a task that the thread is at began again, with the tasks that stand now."""
        found = await look.state(graph, record.id, standing=None)
        if found is None:
            raise LookupError(f"session {record.id} lost its state")
        sent = await look.sent_inputs(graph, record.id, found)
        debug = restanding.without(record.debug, task)
        stopped = restanding.standing(found, {**debug.stopped, **debug.asking}, sent)
        debug = with_changes(
            debug, stopped=stopped, released=[], at_end=False, pausing=False, entry=False,
            stepping=Stepping(),
            entered=restanding.holding(debug.entered, (*stopped, *debug.asking)),
        )  # fmt: skip
        asked = restanding.still_asked(record, debug)
        return msgspec.structs.replace(record, interrupts=asked, debug=debug), found

    async def _moved(
        self, graph: Graph, record: SessionRecord, place: Place
    ) -> tuple[SessionRecord, ThreadState]:
        """The record after a move of the (sub)graph at `place`, with the tasks that stand now."""
        found = await look.state(graph, record.id, standing=None)
        if found is None:
            raise LookupError(f"session {record.id} lost its state")
        debug = record.debug
        sent = await look.sent_inputs(graph, record.id, found)
        # Where the top graph was moved, all its tasks are others now.
        asking = restanding.lasting(found, debug.asking) if not place.is_top else {}
        known = {**restanding.lasting(found, debug.stopped), **asking} if not place.is_top else {}
        stopped = restanding.standing(found, known, sent)
        held = restanding.holding(debug.entered, (*stopped, *asking))
        entered = [ns for ns in debug.entered if ns in held or place.is_within(Place.of(ns))]
        debug = settings(
            debug,
            stopped=stopped,
            entered=entered,
            asking=asking,
            open=restanding.still_open(found, debug.open) if not place.is_top else {},
        )
        asked = restanding.still_asked(record, debug)
        return msgspec.structs.replace(record, interrupts=asked, debug=debug), found


def _because(debug: DebugState, tasks: Collection[str], stop: Found | None) -> DebugState:
    """The state in which some of the tasks that stand do so for the reason of a stop on the way back."""
    if stop is None:
        return debug
    stopped = restanding.because(debug.stopped, tasks, stop.reason, stop.detail)
    return with_changes(debug, stopped=stopped)


def _stopped(
    stop: Found | None, moved: Literal["rewind", "restart"], debug: DebugState, found: ThreadState
) -> DebugStopped:
    reason, detail = (moved, None) if stop is None else (stop.reason, stop.detail)
    return DebugStopped(reason, tasks_at_rest(debug), found.checkpoint_id, detail)


def _nothing() -> None:
    pass
