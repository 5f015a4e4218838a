"""A drawing as Mermaid text."""

from langchain_core.runnables.graph import Edge, Node
from langgraph.constants import END, START

from protocol.graphs import GraphDrawing


def mermaid(drawing: GraphDrawing) -> str:
    """The drawing, open subgraphs as boxes, in the style of LangGraph's own `draw_mermaid`."""
    try:
        return _draw(drawing, nested=True)
    except ValueError:
        # The library has one box a name: two open subgraphs of one name stay closed.
        return _draw(drawing, nested=False)


def _draw(drawing: GraphDrawing, *, nested: bool) -> str:
    # Here, and not above: it brings a YAML parser, which no server needs before a graph is drawn.
    from langchain_core.runnables.graph_mermaid import draw_mermaid

    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    _collect(drawing, "", nodes, edges, nested=nested)
    return draw_mermaid(
        nodes,
        edges,
        first_node=START if START in nodes else None,
        last_node=END if END in nodes else None,
    )


def _collect(
    drawing: GraphDrawing,
    prefix: str,
    nodes: dict[str, Node],
    edges: list[Edge],
    *,
    nested: bool,
) -> None:
    opened = {node.id: node.subgraph for node in drawing.nodes if node.subgraph and nested}
    last: dict[str, str] = {}
    for node in drawing.nodes:
        inner = opened.get(node.id)
        if inner is None:
            nodes[prefix + node.id] = Node(prefix + node.id, node.id, None, None)
        else:
            # The library groups by colons, which LangGraph allows in no node's name.
            _collect(inner, f"{prefix}{node.id}:", nodes, edges, nested=nested)
            ends = END if any(item.id == END for item in inner.nodes) else START
            last[node.id] = f"{prefix}{node.id}:{ends}"
    for edge in drawing.edges:
        source = last.get(edge.source, prefix + edge.source)
        target = prefix + edge.target
        if edge.target in opened:
            target += f":{START}"
        edges.append(Edge(source, target, edge.label, edge.conditional))
