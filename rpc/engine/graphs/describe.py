"""A graph as `graph.describe` draws it: a pure function of the loaded graph."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from langgraph.constants import END, START
from langgraph.graph.state import CompiledStateGraph
from langgraph.pregel import Pregel

from protocol.graphs import (
    DescribeResult,
    GraphDrawing,
    GraphEdge,
    GraphMetadata,
    GraphNode,
    Layout,
    NodeData,
    Position,
    SourceLines,
    WrittenFunction,
)
from rpc.engine.graphs.edges import edges_of
from rpc.engine.graphs.layout import ALGORITHM, LAYER_GAP, place
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.graphs.mermaid import mermaid
from rpc.engine.graphs.node_lines import written
from rpc.engine.graphs.schemas import schemas_of, state_type
from rpc.engine.graphs.source_lines import (
    is_async,
    lines_of,
    node_function,
    own_docstring,
    shown_file,
    tools_of,
)
from rpc.engine.langgraph.bodies import AnyProtocol, inner_graph
from rpc.engine.langgraph.names import ERROR_HANDLER
from rpc.engine.values.to_json import to_json

AnyGraph = Pregel[Any, Any, Any, Any]

NODE_HEIGHT = 40.0
MIN_WIDTH = 80.0
PADDING = 32.0
CHARACTER_WIDTH = 8.0
"""Pixels a character of a label takes in the 14 px type that the boxes are sized for."""

_paths: WeakKeyDictionary[LoadedGraph, tuple[str, ...]] = WeakKeyDictionary()


def describe(
    loaded: LoadedGraph, depth: int | None, root: Path, *, show_root: bool = True
) -> DescribeResult:
    """Nodes, edges, layout, schemas and Mermaid text of a graph.

    `depth`: levels of subgraphs to open; None opens all. A closed subgraph is a node of type
    `subgraph` without a drawing. `root`: the folder that source files are given relative to,
    which is in the description where `show_root` says so. The same arguments give the same result: it may be kept.
    """
    levels = _levels(loaded.graph)
    drawing = _drawing(loaded.graph, "", levels if depth is None else depth, root)
    return DescribeResult(
        graph=loaded.name,
        description=loaded.description,
        nodes=drawing.nodes,
        edges=drawing.edges,
        layout=drawing.layout,
        metadata=drawing.metadata,
        schemas=schemas_of(loaded.graph),
        mermaid=mermaid(drawing),
        root=str(root) if show_root else None,
        functions=[
            WrittenFunction(
                one.path,
                lines.file if show_root else shown_file(lines.file, root),
                lines.first_line,
                lines.last_line,
                one.is_task,
            )
            for one in written(loaded)
            for lines in one.functions
        ],
    )


def node_paths(loaded: LoadedGraph) -> list[str]:
    """The paths of all nodes at all depths, start and end not counted: `a`, `sub`, `sub/b`, …

    Nodes come in the order they were added, each before those inside it. Computed once a graph.
    """
    if loaded not in _paths:
        _paths[loaded] = tuple(_walk(loaded.graph, ""))
    return list(_paths[loaded])


def _drawing(graph: AnyGraph, prefix: str, depth: int, root: Path) -> GraphDrawing:
    edges = edges_of(graph)
    names = [START, *_names(graph)]
    if any(edge.target == END for edge in edges):
        names.append(END)
    sizes = {name: (_width(_label(name)), NODE_HEIGHT) for name in names}
    placed = place(sizes, [(edge.source, edge.target) for edge in edges])
    nodes: list[GraphNode] = []
    for name in names:
        x, y = placed.centres[name]
        box = {"position": Position(x, y), "width": sizes[name][0], "height": sizes[name][1]}
        if name in (START, END):
            nodes.append(_terminal(name, prefix, box))
            continue
        inner = inner_graph(graph.nodes[name])
        drawing = None
        if isinstance(inner, Pregel) and depth > 0:
            drawing = _drawing(inner, f"{prefix}{name}/", depth - 1, root)
        nodes.append(_node(graph, name, prefix, root, inner, drawing, box))
    layout = Layout("top-to-bottom", LAYER_GAP, ALGORITHM, placed.width, placed.height)
    return GraphDrawing(nodes, edges, layout, _metadata(graph, nodes, edges))


def _metadata(
    graph: AnyGraph, nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]
) -> GraphMetadata:
    inner = [node.subgraph.metadata for node in nodes if node.subgraph is not None]
    return GraphMetadata(
        total_nodes=len(nodes),
        total_edges=len(edges),
        graph_type=type(graph).__name__,
        conditional_edges=sum(edge.conditional for edge in edges),
        subgraphs=sum(node.type == "subgraph" for node in nodes),
        nodes_shown=len(nodes) + sum(one.nodes_shown for one in inner),
        depth=_levels(graph),
        has_cycle=_has_cycle(edges) or any(one.has_cycle for one in inner),
        entry_points=[edge.target for edge in edges if edge.source == START],
        state_type=state_type(graph),
    )


def _terminal(name: str, prefix: str, box: dict[str, Any]) -> GraphNode:
    kind: Literal["start", "end"] = "start" if name == START else "end"
    return GraphNode(
        id=name,
        path=prefix + name,
        type=kind,
        label=_label(name),
        data=NodeData(kind, ""),
        **box,
    )


def _node(
    graph: AnyGraph,
    name: str,
    prefix: str,
    root: Path,
    inner: AnyProtocol | None,
    drawing: GraphDrawing | None,
    box: dict[str, Any],
) -> GraphNode:
    node = graph.nodes[name]
    tools = tools_of(node.bound)
    function = node_function(node.bound)
    kind: Literal["subgraph", "tool", "node"] = (
        "tool" if tools is not None else "subgraph" if inner is not None else "node"
    )
    lines = lines_of(function)
    spec = graph.builder.nodes.get(name) if isinstance(graph, CompiledStateGraph) else None
    return GraphNode(
        id=name,
        path=prefix + name,
        type=kind,
        label=_label(name),
        data=NodeData(
            node_type=kind,
            description=f"Tools: {', '.join(tools)}" if tools else own_docstring(function),
            is_async=is_async(node.bound),
            deferred=spec.defer if spec else False,
            metadata=to_json(dict(node.metadata)) if node.metadata else None,
        ),
        source=SourceLines(shown_file(lines.file, root), lines.first_line, lines.last_line)
        if lines
        else None,
        subgraph=drawing,
        **box,
    )


def _names(graph: AnyGraph) -> list[str]:
    return [name for name in graph.nodes if name not in (START, END)]


def _walk(graph: AnyGraph, prefix: str) -> Iterator[str]:
    for name in _names(graph):
        yield prefix + name
        inner = inner_graph(graph.nodes[name])
        if isinstance(inner, Pregel):
            yield from _walk(inner, f"{prefix}{name}/")


def _levels(graph: AnyGraph) -> int:
    """Levels of nesting; 1 is a graph without subgraphs."""
    inner = [inner_graph(graph.nodes[name]) for name in _names(graph)]
    return 1 + max((_levels(item) for item in inner if isinstance(item, Pregel)), default=0)


def _has_cycle(edges: Sequence[GraphEdge]) -> bool:
    """Whether nodes remain when those that nothing leads to are taken away again and again."""
    remaining = {(edge.source, edge.target) for edge in edges}
    while remaining:
        targets = {target for _, target in remaining}
        kept = {pair for pair in remaining if pair[0] in targets}
        if len(kept) == len(remaining):
            return True
        remaining = kept
    return False


def _label(name: str) -> str:
    """A title for people: `fetch_papers` is `Fetch papers`."""
    if name.startswith(ERROR_HANDLER):
        return f"{_label(name.removeprefix(ERROR_HANDLER))}: on error"
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:] or name


def _width(label: str) -> float:
    return max(MIN_WIDTH, len(label) * CHARACTER_WIDTH + PADDING)
