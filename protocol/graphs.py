"""A graph as `graph.describe` draws it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from protocol.values import GraphName, Json


class GraphSummary(Struct, frozen=True):
    """One row of `graph.list`."""

    name: GraphName
    description: Annotated[str, Meta(description="The first paragraph of its docstring, or ''.")]
    nodes: Annotated[int, Meta(description="Nodes at the top level, start and end not counted.")]
    default: Annotated[bool, Meta(description="Whether `query.start` uses it when none is named.")]
    source: Annotated[
        str, Meta(description="How it was given to the server.", examples=["my_graph.py:graph"])
    ]


class Position(Struct, frozen=True):
    """Where a layered layout puts a node's centre, in pixels, y downwards."""

    x: float
    y: float


class SourceLines(Struct, frozen=True):
    """Where a node's function is written."""

    file: Annotated[str, Meta(description="The file, relative to the server's folder if inside.")]
    first_line: Annotated[int, Meta(description="1-based, decorators included.")]
    last_line: Annotated[int, Meta(description="1-based, inclusive.")]


class GraphNode(Struct, frozen=True):
    """A node, `__start__` and `__end__` included."""

    id: Annotated[str, Meta(description="The node's name in its graph.", examples=["rank"])]
    path: Annotated[
        str, Meta(description="Its path from the top graph.", examples=["literature/rank"])
    ]
    type: Annotated[
        Literal["start", "end", "node", "subgraph", "tool"],
        Meta(description="`tool` is LangGraph's ToolNode."),
    ]
    label: Annotated[str, Meta(description="A title for people.", examples=["Rank"])]
    description: Annotated[str, Meta(description="The node function's docstring, or ''.")]
    position: Position
    width: float
    height: float
    source: Annotated[SourceLines | None, Meta(description="Null where Python cannot tell.")] = None
    is_async: Annotated[bool, Meta(description="Whether the node is a coroutine function.")] = False
    deferred: Annotated[bool, Meta(description="Whether it waits for all others to end.")] = False
    metadata: Annotated[Json, Meta(description="The metadata given to `add_node`.")] = None
    subgraph: Annotated[
        "GraphDrawing | None", Meta(description="What is inside, where `depth` reaches it.")
    ] = None


class GraphEdge(Struct, frozen=True):
    """An edge from node to node of one graph."""

    source: str
    target: str
    conditional: Annotated[bool, Meta(description="Whether a function or a Command chooses it.")]
    label: Annotated[str | None, Meta(description="A conditional edge's name, where given.")] = None


class Layout(Struct, frozen=True):
    """The size of the drawing, in pixels, and how it was made."""

    algorithm: Annotated[str, Meta(examples=["sugiyama"])]
    direction: Annotated[Literal["top-to-bottom"], Meta(description="Where edges run.")]
    width: float
    height: float


class GraphDrawing(Struct, frozen=True):
    """Nodes and edges of one graph, laid out by layers."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]
    layout: Layout


class GraphMetadata(Struct, frozen=True):
    """Counts, over the top level and over all levels shown."""

    node_count: int
    edge_count: int
    conditional_edge_count: int
    subgraph_count: int
    total_node_count: Annotated[int, Meta(description="Nodes of every level shown.")]
    depth: Annotated[int, Meta(description="Levels of nesting; 1 is a graph without subgraphs.")]
    has_cycle: bool
    entry_points: list[str]
    state_type: Annotated[str, Meta(description="The state's class.", examples=["TypedDict"])]


class Schemas(Struct, frozen=True):
    """JSON Schemas (2020-12) of what goes in, what is kept, what comes out."""

    input: Json
    state: Json
    output: Json
    config: Annotated[
        Json, Meta(description="Of `query.start`'s `config`, where the graph declares one.")
    ] = None
