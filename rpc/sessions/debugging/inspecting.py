"""`debug.inspect` and `debug.history`: what a session holds, now or at any checkpoint."""

from collections.abc import Mapping
from typing import Any

from langgraph.types import StateSnapshot

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
from protocol.events import StoppedTask
from rpc.engine.gate.stepping import matches
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.thread import look
from rpc.engine.values.cut import cut
from rpc.engine.values.to_json import encode
from rpc.sessions.debugging import breakpoints
from rpc.sessions.debugging.debugger import Debugger
from rpc.storage.records import SessionRecord


class Inspector:
    """Looks at the sessions of one server."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger

    async def inspect(self, params: InspectParams) -> InspectResult:
        """Values, tasks and last updates of the top graph, or of the graph of a node or a task.

        Raises `ProtocolError`: session, node or checkpoint not found, not in debug mode, invalid params.
        """
        record = self.debugger.debugged(self.debugger.sessions.record(params.session_id))
        loaded = self.debugger.loaded(record)
        if params.node_name is not None:
            breakpoints.check_node(loaded, params.node_name)
        within: Place = TOP
        if params.checkpoint_id is None:
            found = await look.snapshot(loaded.graph, record.id)
        else:
            target = await look.find(loaded.graph, record.id, params.checkpoint_id)
            if target is None:
                raise _no_checkpoint(record, params.checkpoint_id)
            within, found = target
        if found is None:
            return InspectResult(
                record.id, record.status, None, "", {}, {}, [], [], [], record.interrupts, []
            )
        now = params.checkpoint_id is None
        stopped = record.debug.stopped if now and record.status == "paused" else {}
        tasks = [*look.tasks_of(found, within), *_unlisted(found, stopped)]
        place, shown = _chosen(params, tasks, within)
        state = _state_at(found, place, within) or found
        values = look.values_of(state)
        sent = await look.sent_inputs(loaded.graph, record.id, found)
        return InspectResult(
            session_id=record.id,
            status=record.status,
            checkpoint_id=look.checkpoint_of(found),
            path=place.path,
            values=cut(values) if params.value_path is None else _at(values, params.value_path),
            sizes={name: len(encode(value)) for name, value in values.items()},
            next=[name for name in state.next if not name.startswith("__")],
            tasks=[
                _task(task, _given(found, task, within, sent), record if now else None)
                for task in shown
            ],
            updates=[
                LastUpdate(one.path, one.task_id, one.checkpoint_id, cut(one.update))
                for one in await look.last_updates(loaded.graph, record.id, found, within)
            ],
            interrupts=record.interrupts if now else [],
            stopped=list(stopped.values()),
        )

    async def history(self, params: HistoryParams) -> HistoryResult:
        """The top graph's checkpoints, newest first; those of abandoned futures too."""
        record = self.debugger.debugged(self.debugger.sessions.record(params.session_id))
        graph = self.debugger.loaded(record).graph
        head = await look.snapshot(graph, record.id)
        current = None if head is None else look.checkpoint_of(head)
        found = look.history(graph, record.id, params.limit, params.before)
        return HistoryResult(record.id, [_summary(one, current) async for one in found])


def _chosen(
    params: InspectParams, tasks: list[look.TaskView], within: Place
) -> tuple[Place, list[look.TaskView]]:
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


def _unlisted(found: StateSnapshot, stopped: Mapping[str, StoppedTask]) -> list[look.TaskView]:
    """Tasks that stand and are not LangGraph's to list: a function calls them, or their graph."""
    listed = {task.place for task in look.tasks_of(found)}
    return [
        look.TaskView(Place.of(ns), task.node, task.task_id, None, False, None, [], None)
        for ns, task in stopped.items()
        if Place.of(ns) not in listed
    ]


def _state_at(found: StateSnapshot, place: Place, within: Place) -> StateSnapshot | None:
    return found if place == within else look.state_at(found, place)


def _given(
    found: StateSnapshot, task: look.TaskView, within: Place, sent: Mapping[str, Any]
) -> Any:
    """What the task's body gets, cut."""
    if task.task_id in sent:
        return cut(sent[task.task_id])
    state = _state_at(found, task.place.graph, within)
    return None if state is None else cut(look.values_of(state))


def _task(task: look.TaskView, value: Any, record: SessionRecord | None) -> InspectedTask:
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


def _summary(found: StateSnapshot, current: str | None) -> CheckpointSummary:
    metadata = found.metadata or {}
    parent = found.parent_config
    checkpoint_id = look.checkpoint_of(found)
    return CheckpointSummary(
        checkpoint_id,
        parent["configurable"].get("checkpoint_id") if parent else None,
        (found.created_at or "").replace("+00:00", "Z"),
        metadata.get("step", -1),
        metadata.get("source", "loop"),
        [name for name in found.next if not name.startswith("__")],
        look.run_of(found),
        checkpoint_id == current,
    )


def _no_checkpoint(record: SessionRecord, checkpoint_id: str) -> ProtocolError:
    return ProtocolError(
        CHECKPOINT_NOT_FOUND,
        f"session {record.id} has no checkpoint {checkpoint_id!r}; `debug.history` lists them",
    )
