"""Looking at a session's thread: its state, tasks, last updates and history, at any checkpoint and depth."""

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.errors import InvalidUpdateError
from langgraph.types import PregelTask, StateSnapshot
from msgspec import Struct

from rpc.engine.gate.stops import STOP_MARK
from rpc.engine.langgraph.callbacks import PUSH
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.running.advance import RUN_KEY, Graph, thread_config
from rpc.engine.running.translate import HIDDEN_NODES
from rpc.engine.values.to_json import to_json

TASKS = "__pregel_tasks"
"""The channel in which LangGraph keeps what `Send` made."""

UPDATES_BACK = 200
"""How many checkpoints of a graph are searched for each node's last update."""


class TaskView(Struct, frozen=True):
    """A task of a checkpoint: `asked` are ids of its open questions, `inner` its subgraph's state."""

    place: Place
    node: str
    task_id: str
    error: str | None
    finished: bool
    result: Any
    asked: list[str]
    inner: StateSnapshot | None


class UpdateView(Struct, frozen=True):
    """The newest update of a node."""

    path: str
    task_id: str
    checkpoint_id: str
    update: Any


async def snapshot(
    graph: Graph, session_id: str, checkpoint_id: str | None = None
) -> StateSnapshot | None:
    """The thread's state with that of its subgraphs, now or at a checkpoint; None where there is none."""
    config = thread_config(session_id, None)
    if checkpoint_id is not None:
        config["configurable"]["checkpoint_id"] = checkpoint_id
    try:
        found = await graph.aget_state(config, subgraphs=True)
    except InvalidUpdateError:
        # What its tasks wrote does not go together: that ended the run. Show the state without it.
        saved = await _saved(graph, config)
        found = await graph.aget_state(config if saved is None else saved.config)
    return found if found.created_at is not None else None


async def find(
    graph: Graph, session_id: str, checkpoint_id: str
) -> tuple[Place, StateSnapshot] | None:
    """A checkpoint of the top graph, or of a subgraph that is entered now: its place, and the state there."""
    found = await snapshot(graph, session_id, checkpoint_id)
    if found is not None:
        return TOP, found
    now = await snapshot(graph, session_id)
    for task in [] if now is None else tasks_of(now):
        if task.inner is None:
            continue
        config = thread_config(session_id, None)
        place = place_of(task.inner)
        config["configurable"] |= {
            "checkpoint_ns": place.namespace,
            "checkpoint_id": checkpoint_id,
        }
        if await _saved(graph, config) is not None:
            return place, await graph.aget_state(config, subgraphs=True)
    return None


async def sent_inputs(graph: Graph, session_id: str, found: StateSnapshot) -> dict[str, Any]:
    """What `Send` gave the state's tasks, at every depth, as JSON by task id."""
    inputs: dict[str, Any] = {}
    if any(task.path[:1] == (PUSH,) for task in found.tasks):
        sends = (await _channels(graph, session_id, found)).get(TASKS, [])
        for task in found.tasks:
            index = task.path[1] if task.path[:1] == (PUSH,) else None
            if isinstance(index, int) and index < len(sends):
                inputs[task.id] = to_json(sends[index].arg)
    for task in found.tasks:
        if isinstance(task.state, StateSnapshot) and task.state.created_at is not None:
            inputs |= await sent_inputs(graph, session_id, task.state)
    return inputs


async def _channels(graph: Graph, session_id: str, found: StateSnapshot) -> dict[str, Any]:
    saved = await _saved(graph, found.config)
    return {} if saved is None else saved.checkpoint["channel_values"]


async def _saved(graph: Graph, config: RunnableConfig) -> CheckpointTuple | None:
    checkpointer = graph.checkpointer
    if not isinstance(checkpointer, BaseCheckpointSaver):
        return None
    return await checkpointer.aget_tuple(config)


def place_of(found: StateSnapshot) -> Place:
    """The place of the (sub)graph whose state this is."""
    return Place.of(found.config["configurable"].get("checkpoint_ns", ""))


def checkpoint_of(found: StateSnapshot) -> str:
    """The checkpoint's id."""
    return str(found.config["configurable"]["checkpoint_id"])


def tasks_of(found: StateSnapshot, graph: Place = TOP) -> list[TaskView]:
    """The state's tasks at every depth, a subgraph's after the task that holds it."""
    views: list[TaskView] = []
    for task in found.tasks:
        if task.name in HIDDEN_NODES:
            continue
        own = graph.task(task.name, task.id)
        inner = task.state if isinstance(task.state, StateSnapshot) else None
        if inner is not None and inner.created_at is None:
            inner = None
        views.append(_task(task, own, inner))
        if inner is not None:
            # LangGraph numbers the namespaces of a task's further subgraphs: take the state's own.
            place = place_of(inner)
            views += tasks_of(inner, own if place.is_top else place)
    return views


def _task(task: PregelTask, own: Place, inner: StateSnapshot | None) -> TaskView:
    return TaskView(
        own,
        task.name,
        task.id,
        None if task.error is None else str(task.error),
        task.result is not None,
        task.result,
        [one.id for one in task.interrupts if one.value != STOP_MARK],
        inner,
    )


def state_at(found: StateSnapshot, graph: Place) -> StateSnapshot | None:
    """The state of the (sub)graph of that place; None where it has none here."""
    if graph.is_top:
        return found
    for task in found.tasks:
        if isinstance(task.state, StateSnapshot):
            place = place_of(task.state)
            if place == graph:
                return task.state
            if graph.is_within(place):
                return state_at(task.state, graph)
    return None


def values_of(found: StateSnapshot) -> dict[str, Any]:
    """The state's values as JSON, by channel; a state that is one value is under `value`."""
    values = to_json(found.values)
    return values if isinstance(values, dict) else {"value": values}


async def history(
    graph: Graph, session_id: str, limit: int, before: str | None = None
) -> AsyncIterator[StateSnapshot]:
    """The top graph's checkpoints, newest first."""
    config = thread_config(session_id, None)
    older = None if before is None else thread_config(session_id, None)
    if older is not None:
        older["configurable"]["checkpoint_id"] = before
    async for found in graph.aget_state_history(config, before=older, limit=limit):
        yield found


def run_of(found: StateSnapshot) -> str | None:
    """The run that saved the checkpoint."""
    run_id = (found.metadata or {}).get(RUN_KEY)
    return None if run_id is None else str(run_id)


async def last_updates(
    graph: Graph, session_id: str, found: StateSnapshot, within: Place = TOP
) -> list[UpdateView]:
    """The newest update of each node of the graph at `within` and of the subgraphs entered from there."""
    updates: dict[str, UpdateView] = {}
    await _collect(graph, session_id, within, checkpoint_of(found), updates)
    for task in tasks_of(found, within):
        if task.inner is not None:
            place = place_of(task.inner)
            await _collect(graph, session_id, place, checkpoint_of(task.inner), updates)
    return sorted(updates.values(), key=lambda one: one.path)


async def _collect(
    graph: Graph,
    session_id: str,
    place: Place,
    newest: str,
    updates: dict[str, UpdateView],
) -> None:
    config = thread_config(session_id, None)
    config["configurable"]["checkpoint_ns"] = place.namespace
    async for one in graph.aget_state_history(config, limit=UPDATES_BACK):
        if checkpoint_of(one) > newest:
            continue
        for task in one.tasks:
            path = place.task(task.name, task.id).path
            if task.result is not None and task.name not in HIDDEN_NODES and path not in updates:
                updates[path] = UpdateView(path, task.id, checkpoint_of(one), to_json(task.result))
