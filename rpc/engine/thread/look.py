"""Looking at a session's thread: its state, last updates and history, at any checkpoint and depth."""

from collections.abc import AsyncIterator, Collection, Mapping
from types import MappingProxyType
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.constants import START
from msgspec import Struct

from protocol.errors import ProtocolError
from rpc.engine.checkpoints.encoding import sharing_values
from rpc.engine.langgraph.exits import Ordinary
from rpc.engine.langgraph.names import NO_TASK, SENT, is_internal
from rpc.engine.langgraph.nesting import node_at
from rpc.engine.langgraph.next_nodes import next_nodes
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.langgraph.snapshots import read_apart
from rpc.engine.thread.config import RUN_KEY, Graph, checkpoint_config, thread_config
from rpc.engine.thread.gone import with_gone
from rpc.engine.thread.state import TaskState, ThreadState, read
from rpc.engine.thread.subgraphs import subgraph
from rpc.engine.values.errors import error_text, error_type
from rpc.engine.values.to_json import to_json
from rpc.storage.store import StorageError

UPDATES_BACK = 200
"""How many checkpoints of a graph are searched for each node's last update."""


class UpdateView(Struct, frozen=True):
    """What a task of a node's newest step wrote. `graph`: where the node is."""

    graph: Place
    path: str
    task_id: str
    checkpoint_id: str
    update: Any


async def state(
    graph: Graph,
    session_id: str,
    checkpoint_id: str | None = None,
    *,
    standing: Collection[str] | None = (),
) -> ThreadState | None:
    """The thread's state with that of its subgraphs, now or at a checkpoint; None where there is none.

    Where LangGraph cannot go on from what was saved last, the state is the last one from which it can, and its
    `error` says why; not where one of its tasks is of `standing` (namespaces), or that is None: then it is the
    newest, as far as it can be read. Raises `StorageError`.
    """
    config = checkpoint_config(session_id, checkpoint_id=checkpoint_id)
    try:
        with Ordinary():
            return read(await graph.aget_state(config, subgraphs=True))
    except StorageError:
        raise
    except Exception:
        # A reducer or a type of the graph's may raise anything: its state is read in other steps.
        newest = standing if checkpoint_id is None else None
        return await _apart(graph, graph, TOP, config, newest)


async def _apart(
    top: Graph, graph: Graph, place: Place, config: RunnableConfig, standing: Collection[str] | None
) -> ThreadState | None:
    """The state at a checkpoint that LangGraph does not give out whole, or at the last good one before it."""
    saver = _saver(top)
    saved = await saver.aget_tuple(config)
    if saved is None:
        return None
    reading = await read_apart(
        graph, saved, saver, live="checkpoint_id" not in config["configurable"]
    )
    first = reading.error
    here = standing is None or any(
        place.task(task.name, task.id).namespace in standing for task in reading.snapshot.tasks
    )
    while not here and not reading.stands and saved.parent_config is not None:
        earlier = await saver.aget_tuple(saved.parent_config)
        if earlier is None:
            break
        saved = earlier
        reading = await read_apart(graph, saved, saver, live=False)
    if isinstance(first, StorageError):
        raise first
    inner: dict[str, ThreadState | None] = {}
    for task in reading.snapshot.tasks:
        if isinstance(task.state, dict):
            below = place.task(task.name, task.id)
            found = subgraph(graph, (task.name,))
            inner[task.id] = await _apart(top, found, below, task.state, standing)
    error = None if first is None else reason(first)
    return read(reading.snapshot, place, error=error, goes_on=reading.stands, inner=inner)


def reason(error: Exception) -> str:
    """What an exception says, for a person: its type and message."""
    kind, text = error_type(error), error_text(error)
    return f"{kind}: {text}" if text else kind


async def find(graph: Graph, session_id: str, checkpoint_id: str) -> ThreadState | None:
    """The state at a checkpoint of the top graph or of any other, also of one that has ended."""
    found = await state(graph, session_id, checkpoint_id)
    if found is not None:
        return found
    async for saved in _saver(graph).alist(thread_config(session_id, None)):
        if saved.checkpoint["id"] == checkpoint_id:
            place = _place_of(saved)
            own = graph_at(graph, place)
            if own is None:
                return _unknown(saved, place)
            return await _apart(
                graph, own, place, checkpoint_config(session_id, place, checkpoint_id), None
            )
    return None


def _place_of(saved: CheckpointTuple) -> Place:
    return Place.of(saved.config["configurable"].get("checkpoint_ns", ""))


def graph_at(graph: Graph, place: Place) -> Graph | None:
    """The (sub)graph of a place; None where only a function knows it."""
    try:
        return subgraph(graph, place.names)
    except ProtocolError:
        return None


def _unknown(saved: CheckpointTuple, place: Place) -> ThreadState:
    """The state of a graph that only a function knows: its values as they are stored, and no tasks."""
    metadata = saved.metadata
    run_id = metadata.get(RUN_KEY)
    parent_id = (saved.parent_config or {}).get("configurable", {}).get("checkpoint_id")
    values = {
        name: value
        for name, value in saved.checkpoint["channel_values"].items()
        if not is_internal(name)
    }
    return ThreadState(
        place,
        saved.checkpoint["id"],
        parent_id,
        saved.checkpoint["ts"],
        metadata.get("step", -1),
        metadata.get("source", "loop"),
        None if run_id is None else str(run_id),
        values,
        tuple(next_nodes(None, saved.checkpoint)),
        [],
    )


def output_of(graph: Graph, found: ThreadState) -> Any:
    """What the graph gives out in this state."""
    channels = graph.output_channels
    if isinstance(channels, str) or not isinstance(found.raw, dict):
        return found.raw
    return {key: found.raw[key] for key in channels if key in found.raw}


async def sent_inputs(graph: Graph, session_id: str, found: ThreadState) -> dict[str, Any]:
    """What `Send` gave the state's tasks, at every depth, as JSON by task id."""
    given = await sent_values(graph, session_id, found)
    return {task_id: to_json(value) for task_id, value in given.items()}


async def sent_at(
    graph: Graph, session_id: str, place: Place, checkpoint_id: str
) -> dict[str, Any]:
    """The same of the tasks of a checkpoint of the (sub)graph at a place, not of those inside of them; none where it cannot be read. Raises `StorageError`."""
    own = graph_at(graph, place)
    if own is None:
        return {}
    saver = _saver(graph)
    saved = await saver.aget_tuple(checkpoint_config(session_id, place, checkpoint_id))
    if saved is None:
        return {}
    # With what a command wrote there, which LangGraph leaves out of a checkpoint that is named.
    reading = await read_apart(own, saved, saver, live=False)
    found = read(reading.snapshot, place)
    return {} if found is None else await sent_inputs(graph, session_id, found)


def input_of(graph: Graph, found: ThreadState, task: TaskState, sent: Mapping[str, Any]) -> Any:
    """What a task's body gets, as the graph has it: what `sent` says, or its part of the state. None where that is not known."""
    if task.task_id in sent:
        return sent[task.task_id]
    state = found.at(task.place.graph)
    if state is None:
        return None
    node = node_at(graph, task.place)
    channels = None if node is None else node.channels
    if isinstance(channels, str) or channels is None or not isinstance(state.raw, dict):
        return state.raw
    return {name: state.raw[name] for name in channels if name in state.raw}


async def sent_values(graph: Graph, session_id: str, found: ThreadState) -> dict[str, Any]:
    """The same as the graph has it."""
    inputs: dict[str, Any] = {}
    sent = {task.task_id: task.sent for task in found.tasks if task.sent is not None}
    if sent:
        config = checkpoint_config(session_id, found.place, found.checkpoint_id)
        saved = await _saved(graph, config)
        sends = [] if saved is None else saved.checkpoint["channel_values"].get(SENT, [])
        instead = [
            value
            for writer, channel, value in (saved.pending_writes if saved else None) or ()
            if writer == NO_TASK and channel == SENT
        ]
        if instead:
            # They were edited in place, all at once, or a command sent them, each by itself.
            sends = [
                one
                for value in instead
                for one in (value if isinstance(value, list | tuple) else [value])
            ]
        for task_id, index in sent.items():
            if index < len(sends):
                inputs[task_id] = sends[index].arg
    for task in found.tasks:
        if task.inner is not None:
            inputs |= await sent_values(graph, session_id, task.inner)
    return inputs


async def newest(graph: Graph, session_id: str, place: Place = TOP) -> CheckpointTuple | None:
    """The newest checkpoint of a graph of the session as it is stored; None where there is none."""
    return await _saved(graph, checkpoint_config(session_id, place))


async def saved_at(
    graph: Graph, session_id: str, place: Place, checkpoint_id: str
) -> CheckpointTuple | None:
    """A checkpoint of a graph of the session as it is stored; None where it is not there."""
    return await _saved(graph, checkpoint_config(session_id, place, checkpoint_id))


async def newest_run(graph: Graph, session_id: str) -> str | None:
    """The run that saved the newest checkpoint of the top graph; None where there is none."""
    saved = await newest(graph, session_id)
    run_id = None if saved is None else saved.metadata.get(RUN_KEY)
    return None if run_id is None else str(run_id)


def comes_next(saved: CheckpointTuple) -> list[str]:
    """The names of the nodes that a checkpoint expects next, whether the graph has them or not."""
    return next_nodes(None, saved.checkpoint)


async def parent(graph: Graph, session_id: str, found: ThreadState) -> ThreadState | None:
    """The state before this one in its graph; None where there is none, or it cannot be read. Raises `StorageError`."""
    if found.parent_id is None:
        return None
    config = checkpoint_config(session_id, found.place, found.parent_id)
    try:
        with Ordinary():
            return read(await graph.aget_state(config), found.place)
    except StorageError:
        raise
    except Exception:
        # As in `state`.
        return None


async def history(
    graph: Graph,
    session_id: str,
    limit: int,
    before: str | None = None,
    path: str | None = None,
    graphs: Mapping[str, Graph] = MappingProxyType({}),
) -> AsyncIterator[ThreadState]:
    """The checkpoints of all graphs, newest first; `path`: of the graphs there only, '' is the top one.

    `graphs`: by run, those that are others than `graph`.
    """
    if path == "":
        async for found in of_graph(graph, session_id, TOP, limit, before, graphs):
            yield found
        return
    older = None if before is None else checkpoint_config(session_id, checkpoint_id=before)
    saver = _saver(graph)
    left = limit
    async for saved in saver.alist(thread_config(session_id, None), before=older):
        place = _place_of(saved)
        if path is not None and place.path != path:
            continue
        own = graph_at(_of_run(graph, graphs, saved), place)
        one = _unknown(saved, place) if own is None else await _reading(own, saved, saver, place)
        if one is not None:
            yield one
            left -= 1
        if not left:
            return


async def of_graph(
    graph: Graph,
    session_id: str,
    place: Place,
    limit: int | None = None,
    before: str | None = None,
    graphs: Mapping[str, Graph] = MappingProxyType({}),
) -> AsyncIterator[ThreadState]:
    """Those of the (sub)graph at a place, newest first, each as far as it can be read. `graphs`: as of `history`."""
    saver = _saver(graph)
    older = None if before is None else checkpoint_config(session_id, checkpoint_id=before)
    config = checkpoint_config(session_id, place)
    config["configurable"]["checkpoint_ns"] = place.namespace
    async for saved in saver.alist(config, before=older, limit=limit):
        own = graph_at(_of_run(graph, graphs, saved), place)
        one = _unknown(saved, place) if own is None else await _reading(own, saved, saver, place)
        if one is not None:
            yield one


def _of_run(graph: Graph, graphs: Mapping[str, Graph], saved: CheckpointTuple) -> Graph:
    return graphs.get(str(saved.metadata.get(RUN_KEY)), graph)


async def _reading(
    own: Graph, saved: CheckpointTuple, saver: BaseCheckpointSaver[Any], place: Place
) -> ThreadState | None:
    reading = await read_apart(own, saved, saver, live=False)
    if isinstance(reading.error, StorageError):
        raise reading.error
    error = None if reading.error is None else reason(reading.error)
    found = read(reading.snapshot, place, error=error, goes_on=reading.stands)
    return None if found is None else with_gone(own, saved, found)


async def last_updates(graph: Graph, session_id: str, found: ThreadState) -> list[UpdateView]:
    """What each node of the state's graph and of the subgraphs entered from there wrote last, of all tasks of that step.

    A subgraph that is entered several times at once has nodes of its own each time.
    """
    updates: list[UpdateView] = []
    inner = [task.inner for task in found.all_tasks() if task.inner is not None]
    for one in (found, *inner):
        updates += await _written(graph, session_id, one)
    return sorted(updates, key=lambda one: one.path)


async def _written(graph: Graph, session_id: str, newest: ThreadState) -> list[UpdateView]:
    if graph_at(graph, newest.place) is None:
        return []
    # By the node's path, the checkpoint of its newest step.
    steps: dict[str, str] = {}
    updates = []
    with sharing_values():
        async for one in of_graph(graph, session_id, newest.place, UPDATES_BACK):
            if one.checkpoint_id > newest.checkpoint_id:
                continue
            for task in one.tasks:
                if not task.finished or task.node == START:
                    continue
                path = task.place.path
                if steps.setdefault(path, one.checkpoint_id) == one.checkpoint_id:
                    written = to_json(task.result)
                    updates.append(
                        UpdateView(newest.place, path, task.task_id, one.checkpoint_id, written)
                    )
    return updates


async def _saved(graph: Graph, config: RunnableConfig) -> CheckpointTuple | None:
    return await _saver(graph).aget_tuple(config)


def _saver(graph: Graph) -> BaseCheckpointSaver[Any]:
    if not isinstance(graph.checkpointer, BaseCheckpointSaver):
        raise TypeError("the graph keeps no checkpoints")
    return graph.checkpointer
