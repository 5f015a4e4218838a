"""`debug.inspect` and `debug.history`: what a session holds, now or at any checkpoint."""

from collections.abc import Mapping
from typing import Any

from protocol.debugging import (
    CheckpointSummary,
    HistoryParams,
    HistoryResult,
    InspectedTask,
    InspectParams,
    InspectResult,
    LastUpdate,
)
from protocol.errors import CHECKPOINT_NOT_FOUND, INVALID_PARAMS, NODE_NOT_FOUND, ProtocolError
from rpc.engine.gate.stepping import matches
from rpc.engine.langgraph.place import Place
from rpc.engine.thread import look
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.values.cut import cut
from rpc.engine.values.to_json import encode
from rpc.sessions.debugging import breakpoints
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.shown import shown_question, shown_status, shown_task
from rpc.storage.records import SessionRecord, StoppedTask


class Inspector:
    """Looks at the sessions of one server."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger

    async def inspect(self, params: InspectParams) -> InspectResult:
        """Values, tasks and last updates of the top graph, or of the graph of a node or a task.

        Raises `ProtocolError`: session, node or checkpoint not found, not in debug mode, invalid params.
        """
        record = self.debugger.debugged(self.debugger.sessions.record(params.session_id))
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
            return InspectResult(record.id, status, None, "", {}, {}, [], [], [], asked, [], None)
        now = params.checkpoint_id is None
        stopped = record.debug.stopped if now and record.status == "paused" else {}
        tasks = [*found.all_tasks(), *_unlisted(found, stopped)]
        place, shown = _chosen(params, tasks, found.place)
        state = found.at(place) or found
        values = state.values
        sent = await look.sent_inputs(loaded.graph, record.id, found)
        return InspectResult(
            session_id=record.id,
            status=status,
            checkpoint_id=found.checkpoint_id,
            path=place.path,
            values=cut(values) if params.value_path is None else _at(values, params.value_path),
            sizes={name: len(encode(value)) for name, value in values.items()},
            next=state.next_nodes,
            tasks=[
                _task(task, _given(found, task, sent), record if now else None) for task in shown
            ],
            updates=[
                LastUpdate(one.path, one.task_id, one.checkpoint_id, cut(one.update))
                for one in await look.last_updates(loaded.graph, record.id, found)
            ],
            interrupts=asked if now else [],
            stopped=[shown_task(one) for one in stopped.values()],
            error=state.error or found.error,
        )

    async def history(self, params: HistoryParams) -> HistoryResult:
        """The top graph's checkpoints, newest first; those of abandoned futures too."""
        record = self.debugger.debugged(self.debugger.sessions.record(params.session_id))
        graph = self.debugger.loaded(record).graph
        head = await look.state(graph, record.id, standing=record.debug.stopped)
        current = None if head is None else head.checkpoint_id
        found = look.history(graph, record.id, params.limit, params.before)
        return HistoryResult(record.id, [_summary(one, current) async for one in found])


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
    """What the task's body gets, cut."""
    if task.task_id in sent:
        return cut(sent[task.task_id])
    state = found.at(task.place.graph)
    return None if state is None else cut(state.values)


def _task(task: TaskState, value: Any, record: SessionRecord | None) -> InspectedTask:
    debug = None if record is None else record.debug
    stop = None if debug is None else debug.stopped.get(task.place.namespace)
    asks = set() if record is None else {one.task_id for one in record.interrupts}
    path = task.place.path
    if stop is not None:
        return InspectedTask(
            task.node, path, task.task_id, "stopped", stop.input, stop.reason, None
        )
    if task.asked or task.task_id in asks:
        return InspectedTask(task.node, path, task.task_id, "waiting", value, None, None)
    if task.error is not None:
        return InspectedTask(task.node, path, task.task_id, "failed", value, None, task.error)
    if task.finished:
        return InspectedTask(task.node, path, task.task_id, "finished", value, None, None)
    return InspectedTask(task.node, path, task.task_id, "pending", value, None, None)


def _at(values: dict[str, Any], pointer: str) -> Any:
    """The value at a JSON Pointer (RFC 6901). Raises `ProtocolError` (invalid params)."""
    found: Any = values
    parts = pointer.split("/")[1:] if pointer.startswith("/") or not pointer else [pointer]
    for part in parts:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise ProtocolError(
                INVALID_PARAMS,
                f"there is no value at {pointer!r}: no {name!r}",
                path="$.value_path",
            ) from error
    return found


def _summary(found: ThreadState, current: str | None) -> CheckpointSummary:
    return CheckpointSummary(
        found.checkpoint_id,
        found.parent_id,
        found.created_at.replace("+00:00", "Z"),
        found.step,
        found.source,
        found.next_nodes,
        found.run_id,
        found.checkpoint_id == current,
        found.error,
    )


def _no_checkpoint(record: SessionRecord, checkpoint_id: str) -> ProtocolError:
    return ProtocolError(
        CHECKPOINT_NOT_FOUND,
        f"session {record.id} has no checkpoint {checkpoint_id!r}; `debug.history` lists them",
    )
