"""Params and results of the `query.*` methods."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.debugging import Breakpoint, Errors, Raised
from protocol.sessions import Status, Tags
from protocol.subscriptions import EventTypes
from protocol.values import (
    DebuggerId,
    GraphName,
    IdempotencyKey,
    Json,
    Message,
    Result,
    RunId,
    Seq,
    SessionId,
)

DEFAULT_DURATION_MS = 30_000
"""What a graph's run is expected to take before one has been completed."""


Busy = Literal["reject", "enqueue", "interrupt", "rollback"]
"""What becomes of a query in a session whose run is not over: it is refused, waits for its turn, or takes that run's place."""


class SubscribeOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """How `query.start` subscribes, where `true` is not enough; of a subscription that exists, what to change."""

    types: EventTypes | UnsetType | None = UNSET
    batch: (
        Annotated[
            bool, Meta(description="Send what is ready as one JSON array of notifications a frame.")
        ]
        | UnsetType
    ) = UNSET


class QueryStartParams(Message, frozen=True):
    """What to ask, of which graph, and how to watch it."""

    query: Annotated[
        str | None,
        Meta(
            description="The question, for the graph's `query` or `messages` key. This or `input`.",
            examples=["GLP-1 receptor agonist trials"],
        ),
    ] = None
    input: Annotated[
        Json,
        Meta(
            description="The graph's input as it is. This or `query`.",
            examples=[{"query": "GLP-1 receptor agonist trials"}],
        ),
    ] = None
    graph: Annotated[
        GraphName | None, Meta(description="The server's default graph where none is named.")
    ] = None
    config: Annotated[
        dict[str, Json] | None,
        Meta(
            description=(
                "The graph's own settings: its `context`, where it declares a context schema, and its "
                "`configurable`. `recursion_limit` (supersteps), `tags`, `metadata` and `run_name` are LangGraph's. "
                "`node_timeout_seconds` and `run_timeout_seconds` are less than the server would allow. What begins with "
                "`__`, `langgraph_auth_`, `langgraph_request_` or `stepwire_` is the server's to set."
            ),
            examples=[{"recursion_limit": 50}],
        ),
    ] = None
    debug_mode: (
        Annotated[
            bool,
            Meta(
                description=(
                    "Stop at the entry or at `breakpoints`; allow `debug.*`. Left out: as the session is; "
                    "a new one is not debugged. False turns it off."
                ),
                examples=[True],
            ),
        ]
        | UnsetType
    ) = UNSET
    debugger_id: (
        Annotated[
            DebuggerId,
            Meta(description="Who debugs it, as `debug.attach` says. Needs `debug_mode`."),
        ]
        | None
    ) = None
    breakpoints: Annotated[
        list[str | Breakpoint],
        Meta(
            description="Nodes (names or paths) to stop before, or whole breakpoints, by node or by file and line. Needs `debug_mode`.",
            max_length=1000,
            examples=[["literature/rank"]],
        ),
    ] = []
    stop_on_entry: Annotated[
        bool | None,
        Meta(
            description=(
                "Whether to stop before the run's first node, with `debug_mode`. Left out: where no breakpoint is set."
            ),
            examples=[False],
        ),
    ] = None
    session_name: (
        Annotated[str, Meta(description="A name for people.", max_length=200, examples=["GLP-1"])]
        | None
    ) = None
    tags: Annotated[
        Tags | UnsetType,
        Meta(
            description="The session's tags, each once; of a follow-up, all of them from here on.",
            examples=[["reviewed"]],
        ),
    ] = UNSET
    metadata: Annotated[
        dict[str, Json] | UnsetType,
        Meta(
            description="Members to set in the session's metadata, of 16 KiB in all; null takes one away.",
            examples=[{"ticket": 4711}],
        ),
    ] = UNSET
    session_id: Annotated[
        SessionId | None, Meta(description="A follow-up query: the session to continue.")
    ] = None
    subscribe: Annotated[
        bool | SubscribeOptions,
        Meta(
            description=(
                "Send this connection the session's events (WebSocket only). A subscription that it has to the "
                "session stays as it is, whatever this says; an object changes its `types` and `batch` from this "
                "run on."
            ),
            examples=[True, {"types": ["progress"]}],
        ),
    ] = True
    when_busy: Annotated[
        Busy,
        Meta(
            description=(
                "What becomes of it where the session's run is under way, waits or stands. `reject`: it is refused. `enqueue`: it runs "
                "when that run and those that wait already are over, also answered or continued; it may set nothing of the session, as "
                "`breakpoints` or `session_name` do. `interrupt`: it takes the place of that run, which is cancelled, as are those that "
                "wait. `rollback`: they are cancelled, and undone: as if they had not been."
            ),
            examples=["enqueue"],
        ),
    ] = "reject"
    callbacks: Annotated[
        bool,
        Meta(
            description=(
                "Tell each callback of LangChain's too, as `callback` events: what `astream_events` gives. Many, and large."
            ),
            examples=[True],
        ),
    ] = False
    idempotency_key: (
        Annotated[
            str,
            Meta(
                description="A retry with the same key starts nothing: it gets the first one's answer.",
                min_length=1,
                max_length=200,
                examples=["tab-7-query-1"],
            ),
        ]
        | None
    ) = None
    break_on_error: Errors | UnsetType = UNSET
    break_on_raised: Raised | UnsetType = UNSET


class QueryStartResult(Result, frozen=True):
    """The run that was started, and where its events are."""

    session_id: SessionId
    run_id: RunId
    status: Status
    query: Annotated[str | None, Meta(description="The query text; null where `input` was given.")]
    estimated_duration_ms: Annotated[
        int,
        Meta(
            description=(
                "How long it may take: the median of the graph's newest completed runs, pauses included; "
                f"{DEFAULT_DURATION_MS} before any."
            ),
            ge=0,
            examples=[840],
        ),
    ]
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
    """A person's answer to a node that asks."""

    session_id: SessionId
    value: Annotated[Json, Meta(description="What the node's `interrupt()` returns.")] = UNSET
    interrupt_id: Annotated[
        str | None, Meta(description="Which question; needed where several are open.")
    ] = None
    answers: Annotated[
        dict[str, Json] | None,
        Meta(
            description="Several answers at once, by `interrupt_id`, in the place of `value`.",
            examples=[{"0b7a4c1de2f35a6b8c9d0e1f2a3b4c5d": "approved"}],
        ),
    ] = None
    idempotency_key: IdempotencyKey | None = None


class ResumeParams(Message, frozen=True):
    """Which failed session goes on."""

    session_id: SessionId
    discard: Annotated[
        bool,
        Meta(
            description=(
                "Go on although the graph does not have keys of the saved state any more (`graph_changed` "
                "names them): what they hold is given up."
            ),
            examples=[True],
        ),
    ] = False
    idempotency_key: IdempotencyKey | None = None
