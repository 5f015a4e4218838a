"""What a graph's code calls its parts, for nodes that have other code."""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from langgraph.pregel import Pregel

from rpc.engine.graphs.called_tasks import task_paths
from rpc.engine.graphs.describe import node_paths
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.langgraph.bodies import inner_graph
from rpc.engine.langgraph.names import is_internal
from rpc.storage.cluster import GraphNames

_known: WeakKeyDictionary[LoadedGraph, GraphNames] = WeakKeyDictionary()


def names_of(loaded: LoadedGraph) -> GraphNames:
    """Its nodes' paths and its states' keys, at all depths. Computed once a graph."""
    if loaded not in _known:
        nodes = dict.fromkeys([*node_paths(loaded), *task_paths(loaded.graph)])
        _known[loaded] = GraphNames(list(nodes), list(_keys(loaded.graph, "")))
    return _known[loaded]


def _keys(graph: Pregel[Any, Any, Any, Any], prefix: str) -> Iterator[str]:
    yield from (f"{prefix}{name}" for name in graph.channels if not is_internal(name))
    for name, node in graph.nodes.items():
        inner = inner_graph(node)
        if isinstance(inner, Pregel):
            yield from _keys(inner, f"{prefix}{name}/")
