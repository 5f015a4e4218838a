"""Running one task again, while those beside it stay as they are."""

from collections.abc import AsyncIterator

from langgraph.checkpoint.base import empty_checkpoint

from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.langgraph.names import is_start
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.task_paths import called_by
from rpc.engine.thread import edit, look
from rpc.engine.thread.config import Graph, checkpoint_config
from rpc.engine.thread.state import TaskState, ThreadState


async def line(
    graph: Graph, session_id: str, place: Place, checkpoint_id: str
) -> AsyncIterator[ThreadState]:
    """The states of the (sub)graph at a place on the way to a checkpoint, from that one back to the first of its run.

    The input, and a copy of it, is none of them. Where it went back to one, its copy stands in its place.
    """
    wanted: str | None = checkpoint_id
    async for one in look.of_graph(graph, session_id, place):
        if one.checkpoint_id != wanted:
            continue
        wanted = one.parent_id
        if one.source == "input" or any(map(is_start, one.next)):
            return
        yield one


async def begin_again(graph: Graph, session_id: str, found: ThreadState, task: TaskState) -> None:
    """A task of the state has written nothing, asks nothing and has entered nothing. Raises `StorageError`."""
    saver = _collecting(graph)
    state = found.at(task.place.graph) or found
    config = checkpoint_config(session_id, state.place, state.checkpoint_id)
    # A config that names a checkpoint names its namespace too.
    config["configurable"]["checkpoint_ns"] = state.place.namespace
    saver.forget_task(config, task.task_id, called_by(task.node, task.sent))
    await edit.fork_kept(graph, session_id, task.place, state.checkpoint_id, itself=True)
    depth = len(task.place.parts)
    for namespace in saver.namespaces(session_id):
        if Place.of(namespace).parts[:depth] == task.place.parts:
            inner = checkpoint_config(session_id, Place.of(namespace))
            # As before it was entered: it begins with what the state is by then.
            await saver.aput(inner, empty_checkpoint(), {"source": "fork", "step": -2}, {})


async def run_before(graph: Graph, session_id: str, earlier: ThreadState, task: TaskState) -> str:
    """Go back to an earlier state, where a task ran; those that ran beside it have written what they wrote.

    The id of the copy that is now the newest of its graph. Raises `StorageError`.
    """
    saver = _collecting(graph)
    place = earlier.place
    await edit.fork_kept(graph, session_id, task.place, earlier.checkpoint_id, itself=True)
    head = await edit.fork(graph, session_id, place, earlier.checkpoint_id)
    now = await look.state(graph, session_id, standing=None)
    there = None if now is None else now.at(place)
    if there is None or there.checkpoint_id != head:
        raise LookupError(f"{head} is not where {place.path!r} of session {session_id} stands")
    fresh = {(one.node, one.sent): one.task_id for one in there.tasks}
    beside = {
        one.task_id: fresh[one.node, one.sent]
        for one in earlier.tasks
        if one.finished and one.task_id != task.task_id and (one.node, one.sent) in fresh
    }
    config = checkpoint_config(session_id, place, earlier.checkpoint_id)
    saver.carry_writes(config, head, beside)
    return head


def _collecting(graph: Graph) -> CollectingSaver:
    if not isinstance(graph.checkpointer, CollectingSaver):
        raise TypeError("the graph is not bound for an edit")
    return graph.checkpointer
