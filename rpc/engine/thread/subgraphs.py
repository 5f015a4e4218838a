"""The compiled graph at a path of node names."""

from langgraph.pregel import Pregel

from protocol.errors import NODE_NOT_FOUND, ProtocolError
from rpc.engine.langgraph.bodies import inner_graph
from rpc.engine.thread.config import Graph


def subgraph(graph: Graph, path: tuple[str, ...]) -> Graph:
    """The graph at a path of node names. Raises `ProtocolError` (node not found)."""
    found = graph
    for depth, name in enumerate(path, 1):
        node = found.nodes.get(name)
        inner = None if node is None else inner_graph(node)
        if not isinstance(inner, Pregel):
            raise ProtocolError(
                NODE_NOT_FOUND, f"{'/'.join(path[:depth])!r} is not a subgraph of this graph"
            )
        found = inner
    return found


def addressed(graph: Graph, address: str | None) -> tuple[tuple[str, ...], str | None]:
    """Which graph an address names (node names from the top), and as which of its nodes; `literature/` is as none.

    A node's name may have a slash in it: what the graph has decides where a name ends, else the last slash does.
    """
    if address is None:
        return (), None
    if (found := _found(graph, address)) is not None:
        return found
    path, _, node = address.rpartition("/")
    return tuple(path.split("/")) if path else (), node or None


def _found(graph: Graph, address: str) -> tuple[tuple[str, ...], str | None] | None:
    if not address or address in graph.nodes:
        return (), address or None
    for name, node in graph.nodes.items():
        inner = inner_graph(node) if address.startswith(f"{name}/") else None
        if isinstance(inner, Pregel):
            found = _found(inner, address[len(name) + 1 :])
            if found is not None:
                return (name, *found[0]), found[1]
    return None
