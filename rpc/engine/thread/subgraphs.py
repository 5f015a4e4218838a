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
