"""The edges of a compiled graph: which are certain, which are chosen, and what the choices are called."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from langgraph.constants import END, START
from langgraph.graph.state import CompiledStateGraph
from langgraph.pregel import Pregel

from protocol.graphs import GraphEdge


def edges_of(graph: Pregel[Any, Any, Any, Any]) -> list[GraphEdge]:
    """Its edges, `__start__` and `__end__` included, in a fixed order; one for each pair of nodes.

    What a `StateGraph` builder was told is read from the builder: `get_graph()` gives the same
    pairs but keeps one label of several, and leaves out where a function without a declared
    destination leads. Other graphs, the functional API's among them, have only `get_graph()`.

    A conditional edge is chosen by a function, a `Send` or a `Command`. Where the function declares
    no destinations (no `path_map`, no `Literal`), LangGraph assumes every node and the end. It is drawn
    to those of them that nothing else leads to; where there is no such node, to all.
    """
    names = [START, *(name for name in graph.nodes if name != START), END]
    if isinstance(graph, CompiledStateGraph):
        found = _Found(names)
        _declared(graph, found)
        _undeclared(graph, found)
    else:
        found = _drawn(graph, names)
    for name, handler in graph.node_error_handler_map.items():
        found.add(name, handler, conditional=True, label="error")
    _ends(names, found)
    return found.edges()


class _Found:
    """Edges by pair of nodes; those told several times become one."""

    def __init__(self, names: Sequence[str]) -> None:
        # Of the nodes: the order edges are given in.
        self._rank = {name: rank for rank, name in enumerate(names)}
        # Pairs that are always taken.
        self._certain: set[tuple[str, str]] = set()
        # The labels of pairs that may be taken, in the order they were told.
        self._chosen: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, source: str, target: str, *, conditional: bool, label: str | None = None) -> None:
        if source not in self._rank or target not in self._rank:
            return
        pair = (source, target)
        if not conditional:
            self._certain.add(pair)
            return
        labels = self._chosen.setdefault(pair, {})
        if label is not None and label != target:
            labels[label] = None

    def leads_from(self, name: str) -> bool:
        return any(source == name for source, _ in self._pairs())

    def leads_to(self, name: str) -> bool:
        # A loop on itself does not make a node reachable.
        return any(target == name != source for source, target in self._pairs())

    def edges(self) -> list[GraphEdge]:
        ordered = sorted(self._pairs(), key=lambda pair: (self._rank[pair[0]], self._rank[pair[1]]))
        return [
            _edge(source, target, conditional=False)
            if (source, target) in self._certain
            else _edge(
                source,
                target,
                conditional=True,
                label=", ".join(self._chosen[source, target]) or None,
            )
            for source, target in ordered
        ]

    def _pairs(self) -> Iterable[tuple[str, str]]:
        return self._certain | self._chosen.keys()


def _declared(graph: CompiledStateGraph[Any, Any, Any, Any], found: _Found) -> None:
    builder = graph.builder
    for source, target in builder.edges:
        found.add(source, target, conditional=False)
    for sources, target in builder.waiting_edges:
        for source in sources:
            found.add(source, target, conditional=False)
    for source, _, ends in _branches(graph):
        for choice, target in (ends or {}).items():
            found.add(source, target, conditional=True, label=str(choice))
    for name, spec in builder.nodes.items():
        labels = spec.ends if isinstance(spec.ends, Mapping) else dict.fromkeys(spec.ends or ())
        for target, label in labels.items():
            found.add(name, target, conditional=True, label=label)


def _undeclared(graph: CompiledStateGraph[Any, Any, Any, Any], found: _Found) -> None:
    sources = [source for source, _, ends in _branches(graph) if ends is None]
    nodes = [name for name, spec in graph.builder.nodes.items() if not spec.is_error_handler]
    has_end = found.leads_to(END) or any(
        not found.leads_from(name) for name in nodes if name not in sources
    )
    orphans = [name for name in nodes if not found.leads_to(name)]
    if not orphans:
        orphans, has_end = nodes, False
    targets = orphans if has_end else [*orphans, END]
    for source in sources:
        for target in targets:
            if target != source:
                found.add(source, target, conditional=True)


def _branches(
    graph: CompiledStateGraph[Any, Any, Any, Any],
) -> Iterator[tuple[str, str, dict[Hashable, str] | None]]:
    for source, branches in graph.builder.branches.items():
        for name, branch in branches.items():
            yield source, name, branch.ends


def _drawn(graph: Pregel[Any, Any, Any, Any], names: Sequence[str]) -> _Found:
    """Edges from LangGraph's own drawing; none where it cannot draw the graph."""
    found = _Found(names)
    try:
        edges = graph.get_graph().edges
    except Exception:
        # It runs the graph's writers on an empty state, which a graph may not bear.
        return found
    followed: dict[str, int] = {}
    for edge in edges:
        followed[edge.source] = followed.get(edge.source, 0) + 1
    for edge in edges:
        # A node that can only end is drawn as choosing to.
        only_end = edge.target == END and followed[edge.source] == 1
        label = None if edge.data is None else str(edge.data)
        found.add(
            edge.source, edge.target, conditional=edge.conditional and not only_end, label=label
        )
    return found


def _ends(names: Sequence[str], found: _Found) -> None:
    """A node that leads nowhere ends the graph."""
    for name in names:
        if name not in (START, END) and not found.leads_from(name):
            found.add(name, END, conditional=False)


def _edge(source: str, target: str, *, conditional: bool, label: str | None = None) -> GraphEdge:
    kind: Literal["direct", "conditional"] = "conditional" if conditional else "direct"
    return GraphEdge(f"{source}->{target}", source, target, kind, conditional, label)
