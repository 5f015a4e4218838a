"""The table of methods: each one's params, result, errors and example."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from protocol import debugging
from protocol import errors as e
from protocol.debugging import Breakpoint, SessionParams, StatusResult
from protocol.errors import ErrorType
from protocol.graphs import GraphDrawing, GraphMetadata, GraphSummary, Schemas
from protocol.sessions import Session, Status
from protocol.values import GraphName, Json, Message, RunId, Seq, SessionId

EventTypes = Annotated[
    list[str],
    Meta(
        description="Only events of these types, such as `progress`; the others are skipped.",
        max_length=64,
    ),
]
After = Annotated[
    int, Meta(description="Events from `after + 1` on; 0 for all.", ge=0, examples=[0])
]


class SubscribeOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """How `query.start` subscribes, where `true` is not enough."""

    types: EventTypes | None = None
    batch: Annotated[
        bool, Meta(description="Send what is ready as one JSON array of notifications a frame.")
    ] = False


class QueryStartParams(Message, frozen=True):
    query: Annotated[
        str | None,
        Meta(
            description="The question, for the graph's `query` or `messages` key. This or `input`.",
            examples=["GLP-1 receptor agonist trials"],
        ),
    ] = None
    input: Annotated[Json, Meta(description="The graph's input as it is. This or `query`.")] = None
    graph: Annotated[
        GraphName | None, Meta(description="The server's default graph where none is named.")
    ] = None
    config: Annotated[
        dict[str, Json] | None,
        Meta(
            description=(
                "The graph's own settings: its `context`, where it declares a context schema, and its "
                "`configurable`. `recursion_limit` (supersteps), `tags` and `metadata` are LangGraph's."
            )
        ),
    ] = None
    debug_mode: Annotated[
        bool, Meta(description="Stop at the entry or at `breakpoints`; allow `debug.*`.")
    ] = False
    breakpoints: Annotated[
        list[str | Breakpoint],
        Meta(
            description="Nodes (names or paths) to stop before, or whole breakpoints. Needs `debug_mode`.",
            max_length=1000,
        ),
    ] = []
    session_name: Annotated[str, Meta(description="A name for people.", max_length=200)] | None = (
        None
    )
    session_id: Annotated[
        SessionId | None, Meta(description="A follow-up query: the session to continue.")
    ] = None
    subscribe: Annotated[
        bool | SubscribeOptions,
        Meta(description="Send this connection the session's events (WebSocket only)."),
    ] = True
    idempotency_key: (
        Annotated[
            str,
            Meta(
                description="A retry with the same key starts nothing: it gets the first one's answer.",
                min_length=1,
                max_length=200,
            ),
        ]
        | None
    ) = None


class QueryStartResult(Message, frozen=True):
    session_id: SessionId
    run_id: RunId
    status: Status
    query: Annotated[str | None, Meta(description="The query text; null where `input` was given.")]
    stream_url: Annotated[
        str,
        Meta(
            description="Where SSE clients read the events.",
            examples=["/v1/orchestrator/stream/0199e0c2a4b67d10"],
        ),
    ]
    seq: Annotated[
        Seq, Meta(description="The session's last event before this run: read after it.")
    ]


class RespondParams(Message, frozen=True):
    session_id: SessionId
    value: Annotated[Json, Meta(description="What the node's `interrupt()` returns.")]
    interrupt_id: Annotated[
        str | None, Meta(description="Which question; needed where several are open.")
    ] = None


class SessionListParams(Message, frozen=True):
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=1000)] = 50
    offset: Annotated[int, Meta(description="Skip so many; not with `cursor`.", ge=0)] = 0
    cursor: Annotated[
        str | None, Meta(description="`next_cursor` of the page before: no row twice, none missed.")
    ] = None
    status: Annotated[Status | None, Meta(description="Only sessions in this status.")] = None
    search: (
        Annotated[
            str,
            Meta(description="Only where the name, query or id contains this.", max_length=200),
        ]
        | None
    ) = None


class SessionListResult(Message, frozen=True):
    sessions: Annotated[
        list[Session], Meta(description="Newest first; `result` is left out: `session.get` has it.")
    ]
    total: Annotated[int, Meta(description="All that match, on any page.")]
    limit: int
    offset: int
    next_cursor: Annotated[str | None, Meta(description="Null on the last page.")]


class DeleteResult(Message, frozen=True):
    session_id: SessionId
    deleted: bool


class SubscribeParams(Message, frozen=True):
    session_id: SessionId
    after: After = 0
    types: EventTypes | None = None
    batch: Annotated[
        bool, Meta(description="Send what is ready as one JSON array of notifications a frame.")
    ] = False


class SubscribeResult(Message, frozen=True):
    session_id: SessionId
    seq: Annotated[Seq, Meta(description="The session's last committed event.")]


class EventsParams(Message, frozen=True):
    session_id: SessionId
    after: After = 0
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=10_000)] = 1000


class EventsResult(Message, frozen=True):
    events: Annotated[list[Json], Meta(description="The notifications, as a subscriber gets them.")]
    seq: Annotated[Seq, Meta(description="The session's last committed event.")]


class NoParams(Message, frozen=True):
    """No params: left out, `{}` or `[]`."""


class GraphListResult(Message, frozen=True):
    graphs: list[GraphSummary]


class DescribeParams(Message, frozen=True):
    graph: Annotated[
        GraphName | None, Meta(description="The default graph where none is named.")
    ] = None
    depth: (
        Annotated[
            int, Meta(description="Levels of subgraphs to open; all where null.", ge=0, le=100)
        ]
        | None
    ) = None


class DescribeResult(Message, frozen=True):
    graph: GraphName
    description: str
    drawing: GraphDrawing
    metadata: GraphMetadata
    schemas: Schemas
    mermaid: Annotated[str, Meta(description="The graph as Mermaid text.")]


class Limits(Struct, frozen=True):
    """What the server accepts; past it the error is `too_large`, `overloaded` or `rate_limited`."""

    max_message_bytes: int
    max_batch_size: Annotated[int, Meta(description="Requests in one batch.")]
    max_json_depth: Annotated[int, Meta(description="Nested arrays and objects.")]
    max_running: Annotated[int, Meta(description="Runs executing at once; others are `queued`.")]
    max_queued: Annotated[int, Meta(description="Runs waiting for their turn.")]
    session_max_age_seconds: Annotated[
        float, Meta(description="Sessions untouched for longer are removed; 0 for never.")
    ]


class ServerInfoResult(Message, frozen=True):
    name: Annotated[str, Meta(examples=["stepwire"])]
    version: str
    protocol_version: Annotated[str, Meta(description="Of this document.", examples=["1.0"])]
    langgraph_version: str
    python_version: str
    uptime_ms: float
    active_sessions: Annotated[int, Meta(description="Sessions queued or running.")]
    limits: Limits
    capabilities: Annotated[dict[str, bool], Meta(description="What this server can do, by name.")]
    methods: list[str]
    events: list[str]


class Method(Struct, frozen=True):
    """A row of the table.

    `name`: on the wire. `params`, `result`: Structs (`result` None: a free JSON value). `summary`: a line.
    `errors`: those of its own, beside the five of JSON-RPC. `example`: params and result.
    `description`: more than the line, where needed.
    """

    name: str
    params: type[Message]
    result: type[Message] | type[Session] | None
    summary: str
    errors: tuple[ErrorType, ...]
    example: tuple[dict[str, Any], Any]
    description: str = ""


_ID = "0199e0c2a4b67d10"
_RUN = "0199e0c2a4b67d11"
_CHECKPOINT = "1f0f3a52-5b0a-6d2c-8002-2f6f1b0c9a11"
_SESSION = {"session_id": _ID}
_WHO = (e.SESSION_NOT_FOUND,)
_DEBUG = (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.WRONG_STATE)
_EXAMPLE_SESSION = {
    "session_id": _ID,
    "graph": "biomed",
    "status": "running",
    "created_at": "2026-11-23T09:48:24.125Z",
    "updated_at": "2026-11-23T09:48:24.131Z",
    "seq": 4,
    "run_id": _RUN,
    "runs": 1,
    "debug_mode": False,
    "session_name": None,
    "query": "GLP-1 receptor agonist trials",
    "result": None,
    "error": None,
    "interrupts": [],
    "started_at": "2026-11-23T09:48:24.130Z",
    "duration_ms": None,
}

_ROWS = (
    Method(
        "query.start",
        QueryStartParams,
        QueryStartResult,
        "Start a query in a new session, or a follow-up in one.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE, e.GRAPH_NOT_FOUND, e.NODE_NOT_FOUND, e.OVERLOADED),
        (
            {"query": "GLP-1 receptor agonist trials", "idempotency_key": "tab-7-query-1"},
            {
                "session_id": _ID,
                "run_id": _RUN,
                "status": "queued",
                "query": "GLP-1 receptor agonist trials",
                "stream_url": f"/v1/orchestrator/stream/{_ID}",
                "seq": 0,
            },
        ),
        "Exactly one of `query` and `input`. The response is sent before the run's first event.",
    ),
    Method(
        "query.cancel",
        SessionParams,
        StatusResult,
        "Stop a session's run: its nodes are cancelled.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
        (_SESSION, {"session_id": _ID, "status": "cancelled"}),
    ),
    Method(
        "query.respond",
        RespondParams,
        StatusResult,
        "Answer a node that asks (`interrupt()`).",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
        ({"session_id": _ID, "value": "yes"}, {"session_id": _ID, "status": "running"}),
    ),
    Method(
        "session.list",
        SessionListParams,
        SessionListResult,
        "The sessions, newest first.",
        (),
        (
            {"limit": 1},
            {
                "sessions": [_EXAMPLE_SESSION],
                "total": 1,
                "limit": 1,
                "offset": 0,
                "next_cursor": None,
            },
        ),
    ),
    Method(
        "session.get",
        SessionParams,
        Session,
        "One session with its result.",
        _WHO,
        (_SESSION, _EXAMPLE_SESSION),
    ),
    Method(
        "session.delete",
        SessionParams,
        DeleteResult,
        "Delete a session with its events and checkpoints.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
        (_SESSION, {"session_id": _ID, "deleted": True}),
        "Not while it is queued or running: cancel it first.",
    ),
    Method(
        "session.subscribe",
        SubscribeParams,
        SubscribeResult,
        "Send this connection a session's events from `after + 1` on.",
        (e.SESSION_NOT_FOUND,),
        ({"session_id": _ID, "after": 0}, {"session_id": _ID, "seq": 4}),
        "WebSocket only. A second subscription of the connection to the session replaces the first.",
    ),
    Method(
        "session.unsubscribe",
        SessionParams,
        SubscribeResult,
        "Stop sending this connection a session's events.",
        _WHO,
        (_SESSION, {"session_id": _ID, "seq": 4}),
    ),
    Method(
        "session.events",
        EventsParams,
        EventsResult,
        "Committed events of a session, for clients that poll.",
        _WHO,
        ({"session_id": _ID, "after": 0, "limit": 1}, {"events": [], "seq": 0}),
    ),
    Method(
        "debug.setBreakpoint",
        debugging.SetBreakpointParams,
        debugging.SetBreakpointResult,
        "Set, change, enable or disable a breakpoint or log point.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.NODE_NOT_FOUND),
        (
            {"session_id": _ID, "node_name": "literature/rank"},
            {
                "session_id": _ID,
                "node_name": "literature/rank",
                "breakpoint_enabled": True,
                "total_breakpoints": 1,
            },
        ),
    ),
    Method(
        "debug.breakpoints",
        SessionParams,
        debugging.BreakpointsResult,
        "All breakpoints of a session.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE),
        (
            _SESSION,
            {
                "session_id": _ID,
                "breakpoints": [
                    {
                        "node_name": "literature/rank",
                        "enabled": True,
                        "when": "before",
                        "condition": None,
                        "hit_count": None,
                        "log": None,
                        "hits": 1,
                    }
                ],
            },
        ),
    ),
    Method(
        "debug.step",
        debugging.StepParams,
        StatusResult,
        "Let a stopped session run one step, or up to a node.",
        (*_DEBUG, e.NODE_NOT_FOUND),
        ({"session_id": _ID, "mode": "over"}, {"session_id": _ID, "status": "running"}),
    ),
    Method(
        "debug.continue",
        SessionParams,
        StatusResult,
        "Let a stopped session run to the next breakpoint.",
        _DEBUG,
        (_SESSION, {"session_id": _ID, "status": "running"}),
    ),
    Method(
        "debug.pause",
        SessionParams,
        StatusResult,
        "Stop a running session at its next superstep.",
        _DEBUG,
        (_SESSION, {"session_id": _ID, "status": "running"}),
        "`debug.stopped` follows when the running nodes have ended.",
    ),
    Method(
        "debug.attach",
        SessionParams,
        StatusResult,
        "Turn on debug mode for a session; a running one then heeds breakpoints.",
        (e.SESSION_NOT_FOUND,),
        (_SESSION, {"session_id": _ID, "status": "running"}),
    ),
    Method(
        "debug.inspect",
        debugging.InspectParams,
        debugging.InspectResult,
        "Look into a session: values, tasks, inputs, last updates.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.NODE_NOT_FOUND, e.CHECKPOINT_NOT_FOUND),
        (
            _SESSION,
            {
                "session_id": _ID,
                "status": "paused",
                "checkpoint_id": _CHECKPOINT,
                "path": "",
                "values": {"query": "GLP-1"},
                "sizes": {"query": 7},
                "next": ["literature"],
                "tasks": [],
                "updates": [],
                "interrupts": [],
                "stopped": [],
            },
        ),
    ),
    Method(
        "debug.history",
        debugging.HistoryParams,
        debugging.HistoryResult,
        "A session's checkpoints, newest first.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE),
        (_SESSION, {"session_id": _ID, "checkpoints": []}),
    ),
    Method(
        "debug.setState",
        debugging.SetStateParams,
        debugging.CheckpointResult,
        "Edit the state of a stopped or ended session.",
        (*_DEBUG, e.NODE_NOT_FOUND),
        ({"session_id": _ID, "values": {"query": "GIP"}}, {"checkpoint_id": _CHECKPOINT}),
    ),
    Method(
        "debug.rewind",
        debugging.RewindParams,
        debugging.RewindResult,
        "Go back to a checkpoint; stand there, or go on from it.",
        (*_DEBUG, e.CHECKPOINT_NOT_FOUND),
        (
            {"session_id": _ID, "checkpoint_id": _CHECKPOINT},
            {"checkpoint_id": _CHECKPOINT, "status": "paused"},
        ),
    ),
    Method(
        "graph.list",
        NoParams,
        GraphListResult,
        "The graphs this server serves.",
        (),
        (
            {},
            {
                "graphs": [
                    {
                        "name": "biomed",
                        "description": "",
                        "nodes": 6,
                        "default": True,
                        "source": "graph.py:graph",
                    }
                ]
            },
        ),
    ),
    Method(
        "graph.describe",
        DescribeParams,
        DescribeResult,
        "A graph's nodes, edges, layout, sources, schemas.",
        (e.GRAPH_NOT_FOUND,),
        (
            {"graph": "biomed", "depth": 0},
            {
                "graph": "biomed",
                "description": "",
                "drawing": {
                    "nodes": [],
                    "edges": [],
                    "layout": {
                        "algorithm": "sugiyama",
                        "direction": "top-to-bottom",
                        "width": 0.0,
                        "height": 0.0,
                    },
                },
                "metadata": {
                    "node_count": 0,
                    "edge_count": 0,
                    "conditional_edge_count": 0,
                    "subgraph_count": 0,
                    "total_node_count": 0,
                    "depth": 1,
                    "has_cycle": False,
                    "entry_points": [],
                    "state_type": "TypedDict",
                },
                "schemas": {"input": {}, "state": {}, "output": {}, "config": None},
                "mermaid": "graph TD;",
            },
        ),
    ),
    Method(
        "server.info",
        NoParams,
        ServerInfoResult,
        "Name, versions, limits and capabilities.",
        (),
        (
            {},
            {
                "name": "stepwire",
                "version": "0.1.0",
                "protocol_version": "1.0",
                "langgraph_version": "1.2.22",
                "python_version": "3.11.7",
                "uptime_ms": 1000.0,
                "active_sessions": 0,
                "limits": {
                    "max_message_bytes": 1048576,
                    "max_batch_size": 100,
                    "max_json_depth": 64,
                    "max_running": 256,
                    "max_queued": 10000,
                    "session_max_age_seconds": 604800.0,
                },
                "capabilities": {"debug": True},
                "methods": ["query.start"],
                "events": ["progress"],
            },
        ),
    ),
    Method(
        "rpc.discover",
        NoParams,
        None,
        "The OpenRPC document of these methods.",
        (),
        ({}, {"openrpc": "1.3.2"}),
    ),
)

METHODS: dict[str, Method] = {row.name: row for row in _ROWS}
"""The table of methods, by name."""

__all__ = ["METHODS", "Method"]
