"""Looking at a session's thread: its state, last updates and history, at any checkpoint and depth."""

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.constants import START
from langgraph.errors import InvalidUpdateError
from msgspec import Struct

from rpc.engine.langgraph.names import SENT
from rpc.engine.thread.config import Graph, checkpoint_config, thread_config
from rpc.engine.thread.state import ThreadState, read
from rpc.engine.values.to_json import to_json

UPDATES_BACK = 200
"""How many checkpoints of a graph are searched for each node's last update."""


class UpdateView(Struct, frozen=True):
    """The newest update of a node."""

    path: str
    task_id: str
    checkpoint_id: str
    update: Any


async def state(
    graph: Graph, session_id: str, checkpoint_id: str | None = None
) -> ThreadState | None:
    """The thread's state with that of its subgraphs, now or at a checkpoint; None where there is none."""
    config = checkpoint_config(session_id, checkpoint_id=checkpoint_id)
    try:
        found = await graph.aget_state(config, subgraphs=True)
    except InvalidUpdateError:
        # What its tasks wrote does not go together: that ended the run. Show the state without it.
        saved = await _saved(graph, config)
        found = await graph.aget_state(config if saved is None else saved.config)
    return read(found)


async def find(graph: Graph, session_id: str, checkpoint_id: str) -> ThreadState | None:
    """The state at a checkpoint of the top graph, or of a subgraph that is entered now."""
    found = await state(graph, session_id, checkpoint_id)
    if found is not None:
        return found
    now = await state(graph, session_id)
    for task in [] if now is None else now.all_tasks():
        if task.inner is None:
            continue
        place = task.inner.place
        config = checkpoint_config(session_id, place, checkpoint_id)
        if await _saved(graph, config) is not None:
            return read(await graph.aget_state(config, subgraphs=True), place)
    return None


def output_of(graph: Graph, found: ThreadState) -> Any:
    """What the graph gives out in this state."""
    channels = graph.output_channels
    if isinstance(channels, str) or not isinstance(found.raw, dict):
        return found.raw
    return {key: found.raw[key] for key in channels if key in found.raw}


async def sent_inputs(graph: Graph, session_id: str, found: ThreadState) -> dict[str, Any]:
    """What `Send` gave the state's tasks, at every depth, as JSON by task id."""
    inputs: dict[str, Any] = {}
    sent = {task.task_id: task.sent for task in found.tasks if task.sent is not None}
    if sent:
        config = checkpoint_config(session_id, found.place, found.checkpoint_id)
        saved = await _saved(graph, config)
        sends = [] if saved is None else saved.checkpoint["channel_values"].get(SENT, [])
        for task_id, index in sent.items():
            if index < len(sends):
                inputs[task_id] = to_json(sends[index].arg)
    for task in found.tasks:
        if task.inner is not None:
            inputs |= await sent_inputs(graph, session_id, task.inner)
    return inputs


async def history(
    graph: Graph, session_id: str, limit: int, before: str | None = None
) -> AsyncIterator[ThreadState]:
    """The top graph's checkpoints, newest first."""
    older = None if before is None else checkpoint_config(session_id, checkpoint_id=before)
    config = thread_config(session_id, None)
    async for found in graph.aget_state_history(config, before=older, limit=limit):
        if (one := read(found)) is not None:
            yield one


async def last_updates(graph: Graph, session_id: str, found: ThreadState) -> list[UpdateView]:
    """The newest update of each node of the state's graph and of the subgraphs entered from there."""
    updates: dict[str, UpdateView] = {}
    inner = [task.inner for task in found.all_tasks() if task.inner is not None]
    for one in (found, *inner):
        await _collect(graph, session_id, one, updates)
    return sorted(updates.values(), key=lambda one: one.path)


async def _collect(
    graph: Graph, session_id: str, newest: ThreadState, updates: dict[str, UpdateView]
) -> None:
    config = checkpoint_config(session_id, newest.place)
    async for found in graph.aget_state_history(config, limit=UPDATES_BACK):
        one = read(found, newest.place)
        if one is None or one.checkpoint_id > newest.checkpoint_id:
            continue
        for task in one.tasks:
            path = task.place.path
            if task.finished and task.node != START and path not in updates:
                updates[path] = UpdateView(
                    path, task.task_id, one.checkpoint_id, to_json(task.result)
                )


async def _saved(graph: Graph, config: RunnableConfig) -> CheckpointTuple | None:
    checkpointer = graph.checkpointer
    if not isinstance(checkpointer, BaseCheckpointSaver):
        return None
    return await checkpointer.aget_tuple(config)
