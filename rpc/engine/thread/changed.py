"""What a graph lacks of what a session's thread needs to go on: the graph is another one since that was saved.

LangGraph says nothing of it: a node that is gone is left out, and so is a key of the state.
"""

from collections.abc import Collection, Iterator

import msgspec
from langgraph.pregel import Pregel
from msgspec import Struct

from rpc.engine.langgraph.names import is_internal
from rpc.engine.langgraph.nesting import graph_at, is_gone
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.thread import look
from rpc.engine.thread.config import Graph
from rpc.engine.thread.gone import with_gone
from rpc.engine.thread.state import ThreadState


class Lacks(Struct, frozen=True):
    """What the graph does not have any more. `nodes`: paths; `keys`: of the state, with the subgraph's path before."""

    nodes: list[str] = []
    keys: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.nodes or self.keys)

    def __str__(self) -> str:
        parts = []
        if self.nodes:
            parts.append(f"no node {', '.join(map(repr, self.nodes))}")
        if self.keys:
            parts.append(f"no key {', '.join(map(repr, self.keys))} in its state")
        return " and ".join(parts)


async def lacks(graph: Graph, session_id: str, resting: Collection[Place]) -> Lacks:
    """What is missing for the thread to go on. `resting`: the tasks that ask, stand, or were let go.

    Raises `StorageError`.
    """
    nodes = {place.path for place in resting if is_gone(graph, place)}
    keys: set[str] = set()
    nested = any(isinstance(node.bound, Pregel) for node in graph.nodes.values())
    found = await look.state(graph, session_id, standing=None) if nested else None
    for place in [TOP, *(_inner(found) if found is not None else ())]:
        own = graph_at(graph, place)
        saved = None if own is None else await look.newest(graph, session_id, place)
        if own is None or saved is None:
            continue
        prefix = f"{place.path}/" if place.parts else ""
        comes = look.comes_next(saved)
        nodes.update(f"{prefix}{name}" for name in comes if name not in own.nodes)
        keys.update(
            f"{prefix}{name}" for name in saved.checkpoint["channel_values"] if _is_lost(own, name)
        )
    return Lacks(sorted(nodes), sorted(keys))


async def gone_after(graph: Graph, session_id: str, place: Place, checkpoint_id: str) -> list[str]:
    """The paths of nodes that a checkpoint expects next, and the graph does not have (any more). Raises `StorageError`."""
    own = graph_at(graph, place)
    saved = None if own is None else await look.saved_at(graph, session_id, place, checkpoint_id)
    if own is None or saved is None:
        return []
    prefix = f"{place.path}/" if place.parts else ""
    return [f"{prefix}{name}" for name in look.comes_next(saved) if name not in own.nodes]


async def with_lacks(
    graph: Graph, session_id: str, found: ThreadState, resting: Collection[Place]
) -> ThreadState:
    """A session's state with the nodes that come next and are gone, also of its subgraphs. Raises `StorageError`.

    Its checkpoints are read once more where there may be such: where tasks that rest are gone, or nothing seems to come next.
    """
    if found.next_nodes and not any(is_gone(graph, place) for place in resting):
        return found
    tasks = []
    for task in found.tasks:
        inner = task.inner
        if inner is not None:
            inner = await with_lacks(graph, session_id, inner, resting)
        tasks.append(task if inner is task.inner else msgspec.structs.replace(task, inner=inner))
    own = graph_at(graph, found.place)
    saved = await look.saved_at(graph, session_id, found.place, found.checkpoint_id)
    found = msgspec.structs.replace(found, tasks=tasks)
    return found if own is None or saved is None else with_gone(own, saved, found)


def _inner(found: ThreadState) -> Iterator[Place]:
    """The places of the subgraphs that are under way."""
    for task in found.all_tasks():
        if task.inner is not None and not task.finished:
            yield task.place


def _is_lost(graph: Pregel, name: str) -> bool:  # type: ignore[type-arg]
    return name not in graph.channels and not is_internal(name)
