"""`debug.inspect` and `debug.history`: what a session holds, now or at any checkpoint."""

from collections.abc import Mapping, Sequence
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
from rpc.engine.graphs.inputs import Given
from rpc.engine.langgraph.place import Place
from rpc.engine.thread import look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.values.cut import LIMIT_BYTES, cut
from rpc.engine.values.cut import page as part_of
from rpc.engine.values.pointer import PointerError, at, parts_of
from rpc.engine.values.types import types_of
from rpc.json_values import json_type, within
from rpc.masking import MASK
from rpc.sessions.debugging import breakpoints
from rpc.sessions.debugging.branching import branches
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.debugging.looked import Looked
from rpc.sessions.debugging.shortening import beginning, questions
from rpc.sessions.shown import shown_status, shown_task
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
        record = await self.debugger.sessions.record(params.session_id)
        looked = await self.debugger.looked(record, params.checkpoint_id)
        if params.node_name is not None:
            loaded = await self.debugger.loaded(record) if looked is None else looked.loaded
            breakpoints.check_node(loaded, params.node_name)
        if looked is None and params.checkpoint_id is not None:
            raise _no_checkpoint(record, params.checkpoint_id)
        given = await self.debugger.given(record, looked, params.checkpoint_id)
        if looked is None:
            return _unsaved(record, params, given)
        found = looked
        # Who reads a large value by page has seen these.
        if _shows_updates(params):
            await self.debugger.updated(record, found)
        # Large values take long to be shown: the loop goes on meanwhile.
        try:
            return await anyio.to_thread.run_sync(lambda: _shown(record, params, found, given))
        finally:
            self.debugger.recent.trim()

    async def history(self, params: HistoryParams) -> HistoryResult:
        """The checkpoints of all graphs, or of one, newest first; those of abandoned futures too."""
        record = await self.debugger.sessions.record(params.session_id)
        loaded = await self.debugger.loaded(record)

        async def read(graphs: Mapping[str, Graph]) -> HistoryResult:
            return await self._history(params, record, loaded.graph, graphs)

        found = await self.debugger.on_graph(record, lambda: read({}))
        if loaded.remake is None:
            return found
        # Each as the graph has it that its run was given.
        graphs = {
            run_id: (await self.debugger.loaded_for(record, run_id)).graph
            for run_id in dict.fromkeys(one.run_id for one in found.checkpoints)
            if run_id not in (None, record.run_id)
        }
        return await self.debugger.on_graph(record, lambda: read(graphs)) if graphs else found

    async def _history(
        self,
        params: HistoryParams,
        record: SessionRecord,
        graph: Graph,
        graphs: Mapping[str, Graph],
    ) -> HistoryResult:
        head = await look.state(graph, record.id, standing=record.debug.stopped)
        inside = [] if head is None else [task.inner for task in head.all_tasks() if task.inner]
        here = {one.place: one.checkpoint_id for one in ([] if head is None else [head, *inside])}
        found = look.history(graph, record.id, params.limit + 1, params.before, params.path, graphs)
        shown = PAGE_BYTES // params.limit if params.values else 0
        lines = branches(
            await self.debugger.sessions.store.read(
                self.debugger.sessions.store.outlines, record.id
            )
        )
        page = [_summary(one, here, lines, shown) async for one in found]
        more = len(page) > params.limit
        page = page[: params.limit]
        return HistoryResult(record.id, page, page[-1].checkpoint_id if more else None)


def _unsaved(record: SessionRecord, params: InspectParams, given: Given) -> InspectResult:
    """Of a session that has saved nothing yet."""
    nothing: Values = ({}, None, {}, {})
    shown = _of_context(given, params) if params.part == "context" else nothing
    values, page, _, types = shown
    return InspectResult(
        session_id=record.id,
        status=shown_status(record.status),
        checkpoint_id=None,
        path="",
        values=values,
        page=page,
        sizes={},
        next=[],
        tasks=[],
        updates=[],
        interrupts=questions(record),
        stopped=[],
        types=types,
        context=cut(given.context),
    )


def _shown(
    record: SessionRecord,
    params: InspectParams,
    looked: Looked,
    given: Given,
) -> InspectResult:
    found = looked.found
    now = params.checkpoint_id is None
    stopped = record.debug.stopped if now and record.status == "paused" else {}
    tasks = [*found.all_tasks(), *_unlisted(found, stopped)]
    place, shown = _chosen(params, tasks, found.place)
    state = found.at(place) or found
    if params.part == "context":
        values, page, sizes, types = _of_context(given, params)
    else:
        values, page, sizes, types = _values(looked, place, params, shown, stopped)
    updates = (looked.updates or []) if _shows_updates(params) else []
    if params.task_id is not None:
        updates = [one for one in updates if one.graph == place]
    of_task, of_update = _share(len(shown)), _share(len(updates))
    return InspectResult(
        session_id=record.id,
        status=shown_status(record.status),
        checkpoint_id=found.checkpoint_id,
        path=place.path,
        values=values,
        page=page,
        sizes=sizes,
        next=state.next_nodes,
        tasks=[_task(task, looked, record if now else None, of_task) for task in shown],
        updates=[
            LastUpdate(
                one.path, one.task_id, one.checkpoint_id, _cut_update(looked, one, of_update)
            )
            for one in updates
        ],
        interrupts=questions(record) if now else [],
        stopped=[
            msgspec.structs.replace(
                one,
                input=cut(one.input, _share(len(stopped))),
                detail=beginning(one.detail, _share(len(stopped)) // 4),
            )
            for one in map(shown_task, stopped.values())
        ],
        error=beginning(state.error or found.error),
        types=types,
        graph_checkpoint_id=state.checkpoint_id if state.place == place else None,
        context=cut(given.context),
    )


def _is_whole(params: InspectParams) -> bool:
    """Whether all values are asked for, and no part or page of them."""
    return params.value_path is None and params.count is None and not params.start


def _shows_updates(params: InspectParams) -> bool:
    return params.updates and _is_whole(params)


def _cut_update(looked: Looked, view: look.UpdateView, limit_bytes: int) -> Any:
    key = ("update", view.task_id, limit_bytes)
    return looked.once(key, lambda: cut(view.update, limit_bytes))


Values = tuple[Any, ValuePage | None, dict[str, int], dict[str, str]]


def _values(
    looked: Looked,
    place: Place,
    params: InspectParams,
    shown: Sequence[TaskState],
    stopped: Mapping[str, StoppedTask],
) -> Values:
    """The state's values, or the part that was asked for: what part it is, the size of each value, the types."""
    state = looked.found.at(place) or looked.found
    raw = state.raw if isinstance(state.raw, dict) else {"value": state.raw}
    of: tuple[str, Any] = ("state", place)
    if params.part == "input":
        task = shown[0] if params.task_id is not None or params.node_name is not None else None
        if task is None:
            raise ProtocolError(INVALID_PARAMS, "whose input? name its `task_id`", path="$.task_id")
        of, raw = ("input", task.task_id), _input(looked, task, stopped)
    elif _is_whole(params):
        return looked.once(("whole", place), lambda: _whole(looked, place, raw))
    key = ("part", of, params.value_path, params.start, params.count)
    return looked.once(key, lambda: _part(looked, of, raw, params))


def _whole(looked: Looked, place: Place, raw: Mapping[str, Any]) -> Values:
    values, sizes = looked.values(place), looked.sizes(place)
    return cut(values, sizes=sizes), None, sizes, types_of(raw, 0, len(raw))


def _part(looked: Looked, of: tuple[str, Any], raw: Any, params: InspectParams) -> Values:
    pointer = params.value_path or ""
    try:
        value = at(raw, pointer)
    except PointerError as error:
        raise ProtocolError(INVALID_PARAMS, str(error), path="$.value_path") from error
    # A state's size counts, whoever asks for it first.
    sizes = looked.sizes(of[1]) if of[0] == "state" else {}
    shown = looked.values(of[1]) if of[0] == "state" else looked.as_json(of, raw)
    try:
        found = within(shown, pointer)
    except LookupError:
        found = looked.as_json((of, pointer), value)
    return _paged(found, value, params, {} if pointer else sizes)


def _paged(found: Any, value: Any, params: InspectParams, sizes: Mapping[str, int]) -> Values:
    """The page of a value that was asked for. `found`: it as JSON. `sizes`: those of its members that are known."""
    part, end = part_of(found, params.start, params.count, PAGE_BYTES, sizes)
    length = len(found) if isinstance(found, dict | list | str) else None
    more = end if length is not None and end < length else None
    page = ValuePage(json_type(found), length, params.start, more)
    return part, page, {}, types_of(value, params.start, end - params.start)


def _of_context(given: Given, params: InspectParams) -> Values:
    """The part of the run's context that was asked for. What is masked stays so, whatever is in it."""
    pointer = params.value_path or ""
    try:
        parts_of(pointer)
        found = within(given.context, pointer)
    except LookupError as error:
        said = f"there is no value at {pointer!r} in the run's context"
        raise ProtocolError(INVALID_PARAMS, said, path="$.value_path") from error
    value = found if found == MASK else at(given.raw_context, pointer)
    return _paged(found, value, params, {})


def _input(looked: Looked, task: TaskState, stopped: Mapping[str, StoppedTask]) -> Any:
    """What the task's body gets, as the graph has it; of a function's call as it was shown."""
    stop = stopped.get(task.place.namespace)
    known = any(one.place == task.place for one in looked.found.all_tasks())
    if not known and stop is not None:
        return stop.input
    return look.input_of(looked.loaded.graph, looked.found, task, looked.sent)


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
        TaskState(Place.of(ns), task.node, task.task_id, None, False, None, {})
        for ns, task in stopped.items()
        if Place.of(ns) not in listed
    ]


def _given(looked: Looked, task: TaskState, limit_bytes: int) -> Any:
    """What the task's body gets, cut."""
    if task.task_id in looked.sent:
        key, value = task.task_id, looked.sent[task.task_id]
        return looked.once(
            ("sent", key, limit_bytes),
            lambda: cut(looked.as_json(("sent", key), value), limit_bytes),
        )
    place = task.place.graph
    if looked.found.at(place) is None:
        return None
    return looked.once(
        ("given", place, limit_bytes),
        lambda: cut(looked.values(place), limit_bytes, looked.sizes(place)),
    )


def _task(
    task: TaskState, looked: Looked, record: SessionRecord | None, limit_bytes: int
) -> InspectedTask:
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
    value = _given(looked, task, limit_bytes)
    if task.asked or task.task_id in asks:
        return InspectedTask(task.node, path, task.task_id, "waiting", value, None, None)
    if task.error is not None:
        error = beginning(task.error, limit_bytes // 4)
        return InspectedTask(task.node, path, task.task_id, "failed", value, None, error)
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
        beginning(found.error),
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
