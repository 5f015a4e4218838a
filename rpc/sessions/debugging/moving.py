"""Moving a session that rests: back in its history, or to a state that was edited."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from protocol.debugging import CheckpointResult, RewindParams, RewindResult, SetStateParams
from protocol.errors import (
    CHECKPOINT_NOT_FOUND,
    INVALID_PARAMS,
    NODE_NOT_FOUND,
    ProtocolError,
)
from protocol.events import DebugChanged, DebugResumed, DebugStopped, EventBody, StateCheckpoint
from protocol.sessions import ENDED, Status
from rpc.engine.checkpoints.binding import collecting
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.langgraph.names import is_start
from rpc.engine.langgraph.place import Place
from rpc.engine.running.open_tasks import cancelled
from rpc.engine.thread import edit, given, look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.thread.subgraphs import addressed
from rpc.engine.values.cut import cut
from rpc.sessions import repeats
from rpc.sessions.auditing import audited
from rpc.sessions.commands import Resume
from rpc.sessions.debugging import breakpoints, restanding
from rpc.sessions.debugging.debugger import Debugger, with_changes
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.running.gating import released, settings, tasks_at_rest
from rpc.sessions.service import Launch
from rpc.storage.records import DebugState, Question, SessionRecord, Stepping
from rpc.storage.units import Row

RESTING: tuple[Status, ...] = ("paused", "waiting", "completed", "failed", "cancelled")
"""Statuses in which a session's thread can be moved."""


class Mover:
    """Moves the sessions of one server."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger
        self.sessions = debugger.sessions

    async def rewind(self, params: RewindParams) -> tuple[RewindResult, Launch]:
        """Go back to a checkpoint: it is copied to be its graph's newest, and its tasks stand.

        Of a subgraph that is entered, the other tasks stay as they are.
        """
        return await self.sessions.changing(
            params.session_id, lambda record: self._rewind(params, record)
        )

    async def _rewind(
        self, params: RewindParams, record: SessionRecord
    ) -> tuple[RewindResult, Launch]:
        if (before := repeats.known(record, params)) is not None:
            return msgspec.convert(before, RewindResult), _nothing
        self.debugger.debugged(record, *RESTING)
        self.sessions.quotas.has_room(record.owner)
        repeats.expected(self.sessions.store, record, params.expected_checkpoint_id)
        graph, saver = collecting(self.debugger.loaded(record).graph, self.sessions.store)
        known = record

        async def sought() -> tuple[ThreadState | None, ThreadState | None]:
            standing = known.debug.stopped
            return (
                await look.state(graph, known.id, standing=standing),
                await look.find(graph, known.id, params.checkpoint_id),
            )

        earlier, target = await self.debugger.on_graph(known, sought)
        if target is None:
            raise ProtocolError(
                CHECKPOINT_NOT_FOUND,
                f"session {record.id} has no checkpoint {params.checkpoint_id!r}; "
                "`debug.history` lists them",
            )
        place = target.place
        inside = None if earlier is None else earlier.at(place)
        if not place.is_top and (inside is None or inside.place != place):
            raise ProtocolError(
                CHECKPOINT_NOT_FOUND,
                f"checkpoint {params.checkpoint_id!r} is of {place.path!r}, which the session is not inside any more: go "
                "back to one of the top graph",
            )

        async def forked() -> str:
            await edit.fork_kept(graph, known.id, place, params.checkpoint_id)
            return await edit.fork(graph, known.id, place, params.checkpoint_id)

        head = await self.debugger.on_graph(known, forked)
        # From the input, what comes first is the start's to choose: it runs, and the session stands behind it.
        goes_on = params.rerun or any(map(is_start, target.next))
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
        changed = DebugChanged(
            "rewind", head, params.checkpoint_id, place.path, cut(values), removed
        )
        events: list[EventBody] = [*left, changed]
        if there is not None:
            events.append(_saved(there))
        audit = audited(
            "debug.rewind", record, to=params.checkpoint_id, made=head, rerun=params.rerun
        )
        rows = [*saver.rows, audit]
        if goes_on:
            chosen = list(debug.stopped) if params.rerun else []
            gone_on = released(debug, chosen, Stepping())
            events.append(DebugResumed("rewind", [], params.checkpoint_id))
            _, launch = await self.sessions.resume(
                record,
                Resume(),
                also=events,
                rows=rows,
                debug=with_changes(gone_on, entry=not params.rerun),
            )
            return result, launch
        stopped_at = found.checkpoint_id
        events.append(DebugStopped("rewind", tasks_at_rest(debug), stopped_at))
        await self.sessions.stand(record, events, rows=rows, debug=debug)
        return result, _nothing

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
        held = _holding(debug.entered, (*stopped, *asking))
        entered = [ns for ns in debug.entered if ns in held or place.is_within(Place.of(ns))]
        debug = settings(
            debug,
            stopped=stopped,
            entered=entered,
            asking=asking,
            open=restanding.still_open(found, debug.open) if not place.is_top else {},
        )
        return msgspec.structs.replace(record, interrupts=_open(record, debug), debug=debug), found

    async def set_state(self, params: SetStateParams) -> CheckpointResult:
        """Edit the state: in place where its tasks stand, or as a node's update."""
        try:
            return await self.sessions.changing(
                params.session_id, lambda record: self._set_state(params, record)
            )
        except ProtocolError as error:
            if params.value_path is None or not (error.path or "").startswith("$.values"):
                raise
            # It is the one value that was given that is refused.
            detail = error.detail.replace(f" - at `{error.path}`", "")
            raise ProtocolError(error.error, detail, path="$.value") from error

    async def _set_state(self, params: SetStateParams, record: SessionRecord) -> CheckpointResult:
        if (before := repeats.known(record, params)) is not None:
            return msgspec.convert(before, CheckpointResult)
        self.debugger.debugged(record, *RESTING)
        self.sessions.quotas.has_room(record.owner)
        repeats.expected(self.sessions.store, record, params.expected_checkpoint_id)
        loaded = self.debugger.loaded(record)
        graph, saver = collecting(loaded.graph, self.sessions.store)
        known = record
        found, task, place, edited = await self.debugger.on_graph(
            known, lambda: self._tried(graph, loaded, known, params)
        )
        result = CheckpointResult(edited.checkpoint_id)
        record = repeats.remembering(record, params, result)
        audit = audited(
            "debug.setState",
            record,
            of=found.checkpoint_id,
            made=edited.checkpoint_id,
            at=place.path,
            keys=sorted(params.values) if isinstance(params.values, dict) else None,
            value_path=params.value_path,
            as_node=params.as_node,
            task_id=params.task_id,
        )
        await self._edited(graph, [*saver.rows, audit], record, params, place, found, edited, task)
        return result

    async def _tried(
        self, graph: Graph, loaded: LoadedGraph, record: SessionRecord, params: SetStateParams
    ) -> tuple[ThreadState, TaskState | None, Place, ThreadState]:
        """Make the edit, to be committed: the thread before, the task whose input it is of, where it is, the thread after."""
        # What stands is edited where it stands, even where LangGraph could not go on from there.
        found = await look.state(graph, record.id, standing=record.debug.stopped)
        if found is None:
            raise wrong_state(record, "be edited: nothing has been saved yet")
        task = _of(found, params)
        path, as_node = addressed(graph, params.as_node)
        place = restanding.place_of(found, path) if task is None else task.place.graph
        path = place.names
        standing = found.at(place)
        if standing is not None and standing.error is not None and standing.goes_on:
            # What was written after this state ended the run: the edit is of the state, without that.
            head = await edit.fork(graph, record.id, place, standing.checkpoint_id)
            standing = msgspec.structs.replace(standing, checkpoint_id=head)
        here = standing.checkpoint_id if standing is not None else found.checkpoint_id
        where = (graph, record.id, place, here)
        if task is not None and task.sent is not None:
            await edit.input_edited(
                *where, task.sent, params.values, params.value_path, params.value
            )
        else:
            if params.value_path is None:
                values = given.checked(graph, path, params.values)
            else:
                values = await edit.value_replaced(*where, params.value_path, params.value)
            if as_node is not None:
                breakpoints.check_node(loaded, "/".join([*path, as_node]))
            if as_node is None and standing is not None and standing.next:
                await edit.edit_in_place(*where, values)
            else:
                await edit.edit_as(graph, record.id, place, values, as_node)
        edited = await look.state(graph, record.id)
        if edited is None:
            raise LookupError(f"session {record.id} lost its state")
        return found, task, place, edited

    async def _edited(
        self,
        graph: Graph,
        rows: Sequence[Row],
        record: SessionRecord,
        params: SetStateParams,
        place: Place,
        before: ThreadState,
        after: ThreadState,
        edited: TaskState | None,
    ) -> None:
        """Commit what an edit made of the tasks that stand or ask. `edited`: the task whose input it was of."""
        head = after.checkpoint_id
        there = after.at(place)
        values, removed = restanding.changed(before.at(place), there)
        events: list[EventBody] = [
            DebugChanged(
                "set_state",
                head if there is None else there.checkpoint_id,
                None,
                place.path,
                cut(values),
                removed,
                params.as_node,
                params.task_id,
            )
        ]
        if head != before.checkpoint_id:
            events.append(_saved(after))
        debug = with_changes(record.debug, open=restanding.still_open(after, record.debug.open))
        events = [*cancelled(restanding.gone(record.debug.open, debug.open)), *events]
        fresh = restanding.reread(debug.stopped, place, before, after)
        asking = restanding.lasting(after, debug.asking)
        known = record
        sent = await self.debugger.on_graph(known, lambda: look.sent_inputs(graph, known.id, after))
        if edited is not None and edited.task_id in sent:
            fresh |= {
                ns: msgspec.structs.replace(one, input=cut(sent[edited.task_id]))
                for ns, one in fresh.items()
                if Place.of(ns) == edited.place
            }
        stopped = restanding.standing(after, {**fresh, **asking}, sent)
        if record.status == "waiting" and asking:
            stopped = {}
        if record.status in ENDED and not after.next:
            stopped = {}
        if stopped.keys() == debug.stopped.keys() and asking.keys() == debug.asking.keys():
            await self.sessions.change(
                record, also=events, rows=rows, debug=with_changes(debug, stopped=stopped)
            )
            return
        held = _holding(debug.entered, (*stopped, *asking))
        debug = with_changes(debug, stopped=stopped, asking=asking, entered=held)
        asked = {task.task_id for task in asking.values()}
        kept = [one for one in record.interrupts if one.task_id in asked]
        record = msgspec.structs.replace(record, interrupts=kept)
        events.append(DebugStopped("edit", tasks_at_rest(debug), head))
        await self.sessions.stand(record, events, rows=rows, debug=debug)


def _of(found: ThreadState, params: SetStateParams) -> TaskState | None:
    """The task whose input is edited. Raises `ProtocolError`: invalid params, node not found."""
    if params.value_path is not None and params.values:
        raise ProtocolError(
            INVALID_PARAMS, "give `values`, or `value_path` and `value`", path="$.value_path"
        )
    if params.task_id is None:
        if params.value_path is None and not params.values and params.as_node is None:
            raise ProtocolError(
                INVALID_PARAMS, "nothing is given: `values`, or `value_path`", path="$.values"
            )
        return None
    if params.as_node is not None:
        raise ProtocolError(INVALID_PARAMS, "give `task_id` or `as_node`", path="$.as_node")
    for task in found.all_tasks():
        if task.task_id == params.task_id:
            if task.finished:
                break
            return task
    raise ProtocolError(
        NODE_NOT_FOUND, f"no task {params.task_id!r} stands here; `debug.inspect` lists them"
    )


def _holding(entered: Iterable[str], resting: Collection[str]) -> list[str]:
    """Those of the entered tasks that hold one at rest."""
    places = [Place.of(ns) for ns in resting]
    return [ns for ns in entered if any(one.is_inside(Place.of(ns)) for one in places)]


def _open(record: SessionRecord, debug: DebugState) -> list[Question]:
    """The questions of the tasks that still ask."""
    asking = {task.task_id for task in debug.asking.values()}
    return [one for one in record.interrupts if one.task_id in asking]


def _saved(found: ThreadState) -> StateCheckpoint:
    return StateCheckpoint(
        found.checkpoint_id,
        found.parent_id,
        found.place.path,
        found.step,
        found.source,
        found.next_nodes,
    )


def _nothing() -> None:
    pass
