"""Edits of the state of a session that rests: in place where its tasks stand, or as a node's update."""

from collections.abc import Sequence

import msgspec

from protocol.debugging import CheckpointResult, SetStateParams
from protocol.errors import INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from protocol.events import DebugChanged, DebugStopped, EventBody
from protocol.sessions import ENDED
from rpc.engine.checkpoints.binding import collecting
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.langgraph.place import Place
from rpc.engine.running.open_tasks import cancelled
from rpc.engine.thread import edit, given, look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.thread.subgraphs import addressed
from rpc.engine.values.cut import cut
from rpc.sessions import repeats
from rpc.sessions.auditing import audited
from rpc.sessions.debugging import breakpoints, restanding
from rpc.sessions.debugging.debugger import RESTING, Debugger, with_changes
from rpc.sessions.lifecycle import wrong_state
from rpc.sessions.running.gating import tasks_at_rest
from rpc.storage.records import SessionRecord
from rpc.storage.units import Row


class Editor:
    """Edits the sessions of one server."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger
        self.sessions = debugger.sessions

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
        await self.debugger.debugged(record, *RESTING)
        await self.sessions.quotas.has_room(record.owner)
        await repeats.expected(self.sessions.store, record, params.expected_checkpoint_id)
        as_node = None if params.as_node is None else params.as_node.rstrip("/") or None
        await self.debugger.check_mine(record, as_node)
        loaded = await self.debugger.loaded(record)
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
        if task is not None and params.as_node is not None:
            if place.names != tuple(path):
                raise ProtocolError(
                    INVALID_PARAMS,
                    f"task {task.task_id!r} is in {place.path or 'the top graph'!r}, of which {params.as_node!r} is not",
                    path="$.task_id",
                )
            # It says which of the graphs there is meant.
            task = None
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
            events.append(restanding.saved(after))
        was = before.at(place)
        earlier = None if was is None else was.checkpoint_id
        if there is not None and there is not after and there.checkpoint_id != earlier:
            events.append(restanding.saved(there))
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
        held = restanding.holding(debug.entered, (*stopped, *asking))
        debug = with_changes(debug, stopped=stopped, asking=asking, entered=held)
        asked = {task.task_id for task in asking.values()}
        kept = [one for one in record.interrupts if one.task_id in asked]
        record = msgspec.structs.replace(record, interrupts=kept)
        events.append(DebugStopped("edit", tasks_at_rest(debug), head))
        await self.sessions.stand(record, events, rows=rows, debug=debug)


def _of(found: ThreadState, params: SetStateParams) -> TaskState | None:
    """The task whose input is edited, or whose graph is. Raises `ProtocolError`: invalid params, node not found."""
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
    for task in found.all_tasks():
        if task.task_id == params.task_id:
            if task.finished:
                break
            return task
    raise ProtocolError(
        NODE_NOT_FOUND, f"no task {params.task_id!r} stands here; `debug.inspect` lists them"
    )
