"""A graph as `graph.describe` draws it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from protocol.values import GraphName, Json, Message, Result, Timestamp


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

    x: Annotated[float, Meta(description="Pixels from the left.")]
    y: Annotated[float, Meta(description="Pixels from the top.")]


class SourceLines(Struct, frozen=True):
    """Where a node's function is written."""

    file: Annotated[
        str,
        Meta(description="The file: relative to the description's `root` where it is inside."),
    ]
    first_line: Annotated[int, Meta(description="1-based, decorators included.")]
    last_line: Annotated[int, Meta(description="1-based, inclusive.")]


class WrittenFunction(Struct, frozen=True):
    """A function that a node runs, at any depth, or that it calls as a LangGraph task, and where it is written."""

    path: Annotated[
        str,
        Meta(
            description="The node's path, or that of the task.",
            examples=["literature/rank"],
        ),
    ]
    file: Annotated[
        str,
        Meta(
            description=(
                "The file: absolute, or as `source` has it where the server does not show its folders "
                "(`show_source_root`)."
            )
        ),
    ]
    first_line: Annotated[int, Meta(description="1-based, decorators included.")]
    last_line: Annotated[int, Meta(description="1-based, inclusive.")]
    is_task: Annotated[
        bool, Meta(description="Whether a node calls it as a task: such a path is in no drawing.")
    ] = False


NodeType = Annotated[
    Literal["start", "end", "node", "subgraph", "tool"],
    Meta(description="`tool` is LangGraph's ToolNode."),
]


class NodeData(Struct, frozen=True):
    """What a node is, where drawing libraries keep what is the user's own."""

    node_type: NodeType
    description: Annotated[str, Meta(description="The node function's docstring, or ''.")]
    is_async: Annotated[bool, Meta(description="Whether the node is a coroutine function.")] = False
    deferred: Annotated[bool, Meta(description="Whether it waits for all others to end.")] = False
    metadata: Annotated[Json, Meta(description="The metadata given to `add_node`.")] = None


class GraphNode(Struct, frozen=True):
    """A node, `__start__` and `__end__` included."""

    id: Annotated[str, Meta(description="The node's name in its graph.", examples=["rank"])]
    path: Annotated[
        str, Meta(description="Its path from the top graph.", examples=["literature/rank"])
    ]
    type: NodeType
    label: Annotated[str, Meta(description="A title for people.", examples=["Rank"])]
    position: Annotated[Position, Meta(description="Its centre.")]
    data: Annotated[NodeData, Meta(description="What the node is.")]
    width: Annotated[float, Meta(description="In pixels.")]
    height: Annotated[float, Meta(description="In pixels.")]
    source: Annotated[SourceLines | None, Meta(description="Null where Python cannot tell.")] = None
    subgraph: Annotated[
        "GraphDrawing | None", Meta(description="What is inside, where `depth` reaches it.")
    ] = None


class GraphEdge(Struct, frozen=True):
    """An edge from node to node of one graph."""

    id: Annotated[str, Meta(description="Its two ends.", examples=["search->rank"])]
    source: Annotated[str, Meta(description="The `id` of the node it leaves.")]
    target: Annotated[str, Meta(description="The `id` of the node it enters.")]
    type: Annotated[
        Literal["direct", "conditional"], Meta(description="The same as `conditional`, in a word.")
    ]
    conditional: Annotated[bool, Meta(description="Whether a function or a Command chooses it.")]
    label: Annotated[str | None, Meta(description="A conditional edge's name, where given.")] = None


class Layout(Struct, frozen=True):
    """The size of the drawing, in pixels, and how it was made."""

    direction: Annotated[Literal["top-to-bottom"], Meta(description="Where edges run.")]
    spacing: Annotated[float, Meta(description="Pixels between two layers.", examples=[60.0])]
    algorithm: Annotated[str, Meta(description="Its name.", examples=["sugiyama"])]
    width: Annotated[float, Meta(description="In pixels.")]
    height: Annotated[float, Meta(description="In pixels.")]


class GraphMetadata(Struct, frozen=True):
    """Counts and properties of the graph at hand; subgraphs that are shown have their own."""

    total_nodes: Annotated[int, Meta(description="Its nodes, start and end included.")]
    total_edges: Annotated[int, Meta(description="Its edges.")]
    graph_type: Annotated[str, Meta(description="Its class.", examples=["CompiledStateGraph"])]
    conditional_edges: Annotated[int, Meta(description="Those of its edges that are conditional.")]
    subgraphs: Annotated[int, Meta(description="Those of its nodes that are graphs.")]
    nodes_shown: Annotated[int, Meta(description="Nodes of it and of every subgraph shown.")]
    depth: Annotated[int, Meta(description="Levels of nesting; 1 is a graph without subgraphs.")]
    has_cycle: Annotated[
        bool, Meta(description="Whether a node of any level shown can follow itself.")
    ]
    entry_points: Annotated[list[str], Meta(description="The nodes that run first.")]
    state_type: Annotated[str, Meta(description="The state's class.", examples=["TypedDict"])]


class GraphDrawing(Struct, frozen=True):
    """Nodes and edges of a subgraph, laid out by layers: the same shape as the graph's own."""

    nodes: Annotated[list[GraphNode], Meta(description="`__start__` and `__end__` included.")]
    edges: Annotated[list[GraphEdge], Meta(description="From node to node, by their `id`.")]
    layout: Annotated[Layout, Meta(description="The drawing's size.")]
    metadata: Annotated[GraphMetadata, Meta(description="Counts and properties.")]


class Schemas(Struct, frozen=True):
    """JSON Schemas (2020-12) of what goes in, what is kept, what comes out."""

    input: Annotated[Json, Meta(description="Of `query.start`'s `input`.")]
    state: Annotated[Json, Meta(description="Of the values `debug.inspect` shows.")]
    output: Annotated[Json, Meta(description="Of the result.")]
    config: Annotated[
        Json, Meta(description="Of `query.start`'s `config`, where the graph declares one.")
    ] = None


class GraphListResult(Result, frozen=True):
    """The graphs of this server."""

    graphs: Annotated[list[GraphSummary], Meta(description="In the order they were given.")]


class DescribeParams(Message, frozen=True):
    """Which graph, how deep."""

    graph: Annotated[
        GraphName | None, Meta(description="The default graph where none is named.")
    ] = None
    depth: (
        Annotated[
            int, Meta(description="Levels of subgraphs to open; all where null.", ge=0, le=100)
        ]
        | None
    ) = None


class DescribeResult(Result, frozen=True):
    """All there is to know of a graph before it runs."""

    graph: GraphName
    description: Annotated[str, Meta(description="The graph's docstring, or ''.")]
    nodes: Annotated[list[GraphNode], Meta(description="`__start__` and `__end__` included.")]
    edges: Annotated[list[GraphEdge], Meta(description="From node to node, by their `id`.")]
    layout: Annotated[Layout, Meta(description="The drawing's size.")]
    metadata: Annotated[GraphMetadata, Meta(description="Counts and properties.")]
    schemas: Annotated[Schemas, Meta(description="What goes in, what is kept, what comes out.")]
    mermaid: Annotated[str, Meta(description="The graph as Mermaid text.")]
    root: Annotated[
        str | None,
        Meta(
            description=(
                "The server's folder, absolute: what `file` of a node's `source` is relative to. Null where the server "
                "does not show it (`show_source_root`)."
            ),
            examples=["/srv/literature"],
        ),
    ] = None
    loaded_at: Annotated[
        Timestamp | None,
        Meta(description="When its code was loaded: a file that is newer may differ from it."),
    ] = None
    functions: Annotated[
        list[WrittenFunction],
        Meta(
            description=(
                "Where its nodes are written, those of all depths, whatever `depth` says; of a node with several functions, as a "
                "ToolNode has, its own one first."
            )
        ),
    ] = []
