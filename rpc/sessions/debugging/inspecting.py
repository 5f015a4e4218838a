"""`debug.inspect` and `debug.history`: what a session holds, now or at any checkpoint."""

from collections.abc import Mapping
from typing import Any

import anyio.to_thread
import msgspec

from protocol.debugging import (
    CheckpointSummary,
    HistoryParams,
    HistoryResult,
    InspectedTask,
    InspectParams,
    InspectResult,
    LastUpdate,
    ValuePage,
)
from protocol.errors import CHECKPOINT_NOT_FOUND, INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.gate.stepping import matches
from rpc.engine.langgraph.place import Place
from rpc.engine.thread import look
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.values.cut import LIMIT_BYTES, cut
from rpc.engine.values.cut import page as part_of
from rpc.engine.values.pointer import PointerError, at
from rpc.engine.values.to_json import encode, to_json
from rpc.json_values import json_type
from rpc.sessions.debugging import breakpoints
from rpc.sessions.debugging.branching import branches
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.shown import shown_question, shown_status, shown_task
from rpc.storage.records import SessionRecord, StoppedTask

PAGE_BYTES = 256 * 1024
"""How large one page of a value may get."""

PARTS_BYTES = 64 * 1024
"""How large the inputs, and the updates, may be shown, all together."""


class Inspector:
    """Looks at the sessions of one server."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger

    async def inspect(self, params: InspectParams) -> InspectResult:
        """Values, tasks and last updates of the top graph, or of the graph of a node or a task.

        Raises `ProtocolError`: session, node or checkpoint not found, invalid params.
        """
        record = self.debugger.sessions.record(params.session_id)
        return await self.debugger.on_graph(record, lambda: self._inspect(params, record))

    async def _inspect(self, params: InspectParams, record: SessionRecord) -> InspectResult:
        status = shown_status(record.status)
        asked = [shown_question(one) for one in record.interrupts]
        loaded = self.debugger.loaded(record)
        if params.node_name is not None:
            breakpoints.check_node(loaded, params.node_name)
        if params.checkpoint_id is None:
            found = await look.state(loaded.graph, record.id, standing=record.debug.stopped)
        else:
            found = await look.find(loaded.graph, record.id, params.checkpoint_id)
            if found is None:
                raise _no_checkpoint(record, params.checkpoint_id)
        if found is None:
            return InspectResult(
                record.id, status, None, "", {}, None, {}, [], [], [], asked, [], None
            )
        now = params.checkpoint_id is None
        stopped = record.debug.stopped if now and record.status == "paused" else {}
        tasks = [*found.all_tasks(), *_unlisted(found, stopped)]
        place, shown = _chosen(params, tasks, found.place)
        state = found.at(place) or found
        sent = await look.sent_inputs(loaded.graph, record.id, found)
        # Who reads a large value by page has seen these.
        paging = params.value_path is not None
        updates = [] if paging else await look.last_updates(loaded.graph, record.id, found)
        # Large values take long to be shown: the loop goes on meanwhile.
        values, page, sizes = await anyio.to_thread.run_sync(_values, state, params)
        of_task, of_update = _share(len(shown)), _share(len(updates))
        return InspectResult(
            session_id=record.id,
            status=status,
            checkpoint_id=found.checkpoint_id,
            path=place.path,
            values=values,
            page=page,
            sizes=sizes,
            next=state.next_nodes,
            tasks=[
                _task(task, _given(found, task, sent), record if now else None, of_task)
                for task in shown
            ],
            updates=[
                LastUpdate(one.path, one.task_id, one.checkpoint_id, cut(one.update, of_update))
                for one in updates
            ],
            interrupts=asked if now else [],
            stopped=[
                msgspec.structs.replace(one, input=cut(one.input, _share(len(stopped))))
                for one in map(shown_task, stopped.values())
            ],
            error=state.error or found.error,
        )

    async def history(self, params: HistoryParams) -> HistoryResult:
        """The checkpoints of all graphs, or of one, newest first; those of abandoned futures too."""
        record = self.debugger.sessions.record(params.session_id)
        return await self.debugger.on_graph(record, lambda: self._history(params, record))

    async def _history(self, params: HistoryParams, record: SessionRecord) -> HistoryResult:
        graph = self.debugger.loaded(record).graph
        head = await look.state(graph, record.id, standing=record.debug.stopped)
        inside = [] if head is None else [task.inner for task in head.all_tasks() if task.inner]
        here = {one.place: one.checkpoint_id for one in ([] if head is None else [head, *inside])}
        found = look.history(graph, record.id, params.limit + 1, params.before, params.path)
        shown = PAGE_BYTES // params.limit if params.values else 0
        lines = branches(self.debugger.sessions.store.outlines(record.id))
        page = [_summary(one, here, lines, shown) async for one in found]
        more = len(page) > params.limit
        page = page[: params.limit]
        return HistoryResult(record.id, page, page[-1].checkpoint_id if more else None)


def _values(
    state: ThreadState, params: InspectParams
) -> tuple[Any, ValuePage | None, dict[str, int]]:
    """The state's values, or the part that was asked for, and the size of each."""
    if params.value_path is None and params.count is None and not params.start:
        values = state.values
        return cut(values), None, {name: len(encode(value)) for name, value in values.items()}
    raw = state.raw if isinstance(state.raw, dict) else {"value": state.raw}
    try:
        found = to_json(at(raw, params.value_path or ""))
    except PointerError as error:
        raise ProtocolError(INVALID_PARAMS, str(error), path="$.value_path") from error
    part, end = part_of(found, params.start, params.count, PAGE_BYTES)
    length = len(found) if isinstance(found, dict | list | str) else None
    kind = json_type(found)
    more = end if length is not None and end < length else None
    return part, ValuePage(kind, length, params.start, more), {}


def _share(parts: int) -> int:
    """How large each of so many values may be shown: all of them together are bounded."""
    return max(256, min(LIMIT_BYTES, PARTS_BYTES // (parts or 1)))


def _chosen(
    params: InspectParams, tasks: list[TaskState], within: Place
) -> tuple[Place, list[TaskState]]:
    """Whose graph's values to show, and which tasks."""
    shown = tasks
    if params.task_id is not None:
        shown = [task for task in shown if task.task_id == params.task_id]
        if not shown:
            raise ProtocolError(NODE_NOT_FOUND, f"no task {params.task_id!r} at this checkpoint")
    name = params.node_name
    if name is not None:
        shown = [task for task in shown if matches(name, task.place)]
    if name is None and params.task_id is None:
        return within, tasks
    return (shown[0].place.graph if shown else within), shown


def _unlisted(found: ThreadState, stopped: Mapping[str, StoppedTask]) -> list[TaskState]:
    """Tasks that stand and are not LangGraph's to list: a function calls them, or their graph."""
    listed = {task.place for task in found.all_tasks()}
    return [
        TaskState(Place.of(ns), task.node, task.task_id, None, False, None, [])
        for ns, task in stopped.items()
        if Place.of(ns) not in listed
    ]


def _given(found: ThreadState, task: TaskState, sent: Mapping[str, Any]) -> Any:
    """What the task's body gets."""
    if task.task_id in sent:
        return sent[task.task_id]
    state = found.at(task.place.graph)
    return None if state is None else state.values


def _task(
    task: TaskState, value: Any, record: SessionRecord | None, limit_bytes: int
) -> InspectedTask:
    value = cut(value, limit_bytes)
    debug = None if record is None else record.debug
    stop = None if debug is None else debug.stopped.get(task.place.namespace)
    asks = set() if record is None else {one.task_id for one in record.interrupts}
    path = task.place.path
    if stop is not None:
        return InspectedTask(
            task.node,
            path,
            task.task_id,
            "stopped",
            cut(stop.input, limit_bytes),
            stop.reason,
            None,
        )
    if task.asked or task.task_id in asks:
        return InspectedTask(task.node, path, task.task_id, "waiting", value, None, None)
    if task.error is not None:
        return InspectedTask(task.node, path, task.task_id, "failed", value, None, task.error)
    if task.finished:
        return InspectedTask(task.node, path, task.task_id, "finished", value, None, None)
    return InspectedTask(task.node, path, task.task_id, "pending", value, None, None)


def _summary(
    found: ThreadState, here: Mapping[Place, str], lines: Mapping[str, int], limit_bytes: int
) -> CheckpointSummary:
    """`here`: where the session stands, by graph. `lines`: the branches. `limit_bytes`: of the values; 0 for none."""
    return CheckpointSummary(
        found.checkpoint_id,
        found.parent_id,
        found.created_at.replace("+00:00", "Z"),
        found.step,
        found.source,
        found.next_nodes,
        found.run_id,
        here.get(found.place) == found.checkpoint_id,
        found.error,
        found.place.path,
        found.place.is_top or found.place in here,
        cut(found.values, max(512, limit_bytes)) if limit_bytes else None,
        lines.get(found.checkpoint_id, 0),
    )


def _no_checkpoint(record: SessionRecord, checkpoint_id: str) -> ProtocolError:
    return ProtocolError(
        CHECKPOINT_NOT_FOUND,
        f"session {record.id} has no checkpoint {checkpoint_id!r}; `debug.history` lists them",
    )
