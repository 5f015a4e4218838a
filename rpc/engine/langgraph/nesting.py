"""Which node of which (sub)graph a task's place is of."""

from collections.abc import Iterator
from typing import Any

from langgraph.pregel import Pregel

from rpc.engine.langgraph.bodies import inner_graph
from rpc.engine.langgraph.place import TOP, Place, is_node, is_task

AnyGraph = Pregel[Any, Any, Any, Any]


def node_at(graph: AnyGraph, task: Place) -> Any:
    """The node of the task; None below a function that calls a graph."""
    holder = graph_at(graph, task.graph)
    return None if holder is None else holder.nodes.get(_name(task.parts[-1]))


def graph_at(graph: AnyGraph, place: Place) -> AnyGraph | None:
    """The compiled (sub)graph of this place; None where a function called it."""
    found: Any = graph
    for part in place.parts:
        node = found.nodes.get(_name(part))
        if node is None or not isinstance(node.bound, Pregel):
            return None
        found = node.bound
    return found  # type: ignore[no-any-return]


def is_gone(graph: AnyGraph, task: Place) -> bool:
    """Whether the task's node is one that the graph does not have (any more); what functions call is not known."""
    for own in task.from_top():
        holder = graph_at(graph, own.graph)
        if holder is None:
            return False
        if is_task(own.parts[-1]) and _name(own.parts[-1]) not in holder.nodes:
            return True
    return False


def is_subgraph(graph: AnyGraph, task: Place) -> bool:
    """Whether the task's node is a compiled graph, as far as can be told: it has no body of its own."""
    found = list(_nodes(graph, task))
    return len(found) == task.depth and isinstance(found[-1].bound, Pregel)


def keeping_their_own(graph: AnyGraph, within: Place = TOP) -> Iterator[Place]:
    """The places of the subgraphs that keep their own checkpoints from one run to the next (`checkpointer=True`).

    They have no tasks in them: one below a subgraph that keeps none has its place whatever task runs that.
    """
    for name, node in graph.nodes.items():
        inner = _inner(node)
        if inner is None:
            continue
        own = Place((*within.parts, name))
        if inner.checkpointer is True:
            yield own
        yield from keeping_their_own(inner, own)


def keeps_its_own(graph: AnyGraph, task: Place) -> bool:
    """Whether the task's node is, or calls, a graph that keeps its own checkpoints."""
    inner = _inner(node) if (node := node_at(graph, task)) is not None else None
    return inner is not None and inner.checkpointer is True


def stops_itself(graph: AnyGraph) -> bool:
    """Whether a graph, or one in it as far as LangGraph sees, was compiled to stop before or after nodes of its own."""
    if graph.interrupt_before_nodes or graph.interrupt_after_nodes:
        return True
    inner = (_inner(node) for node in graph.nodes.values())
    return any(one is not None and stops_itself(one) for one in inner)


def stops_after_itself(graph: AnyGraph, task: Place) -> bool:
    """Whether the task's graph was compiled to stop after its node."""
    *_, holder = (graph, *(_inner(node) for node in _nodes(graph, task.graph)))
    nodes = () if holder is None else holder.interrupt_after_nodes
    return nodes == "*" or task.node in nodes


def _nodes(graph: AnyGraph, task: Place) -> Iterator[Any]:
    """The nodes on the way, also through functions where LangGraph sees the graph they call."""
    found: Any = graph
    for part in task.parts:
        if not is_node(part):
            continue
        node = None if found is None else found.nodes.get(_name(part))
        if node is None:
            return
        yield node
        found = _inner(node)


def _inner(node: Any) -> AnyGraph | None:
    inner = inner_graph(node)
    return inner if isinstance(inner, Pregel) else None


def _name(part: str) -> str:
    return part.partition(":")[0]
