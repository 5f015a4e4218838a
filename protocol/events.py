"""The events: notifications whose method is the event's type.

Every event's params start with the fields of `EventHeader`; the fields of its own Struct follow.
An event is immutable, and delivered only after it is committed (promise 1).
"""

import inspect
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.examples import EVENT_EXAMPLES
from protocol.sessions import Status
from protocol.values import (
    CheckpointId,
    Failure,
    Json,
    RunId,
    Seq,
    SessionId,
    TaskId,
    Timestamp,
    Usage,
)


class EventHeader(Struct, frozen=True):
    """The first four fields of every event's params."""

    session_id: SessionId
    run_id: Annotated[
        RunId,
        Meta(description="The run; empty where the session has had none, or it is not known."),
    ]
    seq: Annotated[Seq, Meta(description="The event's number in its session: 1, 2, 3 … no gaps.")]
    at: Annotated[Timestamp, Meta(description="When it happened.")]


Node = Annotated[str, Meta(description="The node's name in its graph.", examples=["rank"])]
Path = Annotated[
    str, Meta(description="The node's path from the top graph.", examples=["literature/rank"])
]


ParentTaskId = Annotated[
    str | None,
    Meta(
        description="The task that holds it, in whose subgraph or function it runs; null at the top."
    ),
]
Step = Annotated[
    int | None, Meta(description="The superstep of its graph that it belongs to.", examples=[1])
]
Attempt = Annotated[int, Meta(description="1, and one more with each retry of the node.", ge=1)]


TooLarge = Annotated[
    bool, Meta(description="It is larger than an event may be, and null for that.")
]


class EventBody(Struct, frozen=True):
    """The base of every event's own fields."""


class SessionStatus(EventBody, frozen=True):
    """The session's status changed."""

    status: Status
    previous: Annotated[Status | None, Meta(description="What it was; null for a new session.")] = (
        None
    )
    query: (
        Annotated[
            str, Meta(description="What was asked; only in the first event of a run with text.")
        ]
        | UnsetType
    ) = UNSET
    input: Annotated[
        Json, Meta(description="What was asked; only in the first event of a run without text.")
    ] = UNSET


class NodeStarted(EventBody, frozen=True):
    """A node's body is about to run (or to be entered again on resume)."""

    node: Node
    path: Path
    task_id: TaskId
    parent_task_id: ParentTaskId = None
    step: Step = None
    triggers: Annotated[
        list[str], Meta(description="What made it run, as LangGraph names its channels.")
    ] = []
    attempt: Attempt = 1
    task_key: Annotated[
        str,
        Meta(
            description="The same on every try of this task, also after a crash: the node finds it as "
            "`stepwire_task_key` in its config's `configurable`, to give to a service that it calls."
        ),
    ] = ""
    input: Annotated[
        Json,
        Meta(
            description="Of a `@task` that a function called, what it was given: its arguments by place, then by name. "
            "Left out where that is over 16 KiB, and of others, which are given their graph's state."
        ),
    ] = UNSET


class NodeFinished(EventBody, frozen=True):
    """A node's body ended and its update is kept."""

    node: Node
    path: Path
    task_id: TaskId
    parent_task_id: ParentTaskId = None
    step: Step = None
    update: Annotated[Json, Meta(description="What it wrote to the state, by channel.")] = None
    duration_ms: Annotated[
        float | None, Meta(description="Milliseconds since this process saw it start.")
    ] = None
    cached: Annotated[
        bool, Meta(description="Its body did not run: a cache had its update from an earlier run.")
    ] = False


class NodeFailed(EventBody, frozen=True):
    """A node's body raised."""

    node: Node
    path: Path
    task_id: TaskId
    error: Annotated[Failure, Meta(description="What it raised.")]
    parent_task_id: ParentTaskId = None
    step: Step = None
    duration_ms: Annotated[
        float | None, Meta(description="Milliseconds since this attempt started.")
    ] = None
    attempt: Attempt = 1
    will_retry: Annotated[
        bool, Meta(description="The node is tried again: another `node.started` follows.")
    ] = False


class NodeCancelled(EventBody, frozen=True):
    """A node's body will not end: its run was cancelled or cut off, a sibling ended it, or the session was moved."""

    node: Node
    path: Path
    task_id: TaskId
    parent_task_id: ParentTaskId = None
    step: Step = None
    duration_ms: Annotated[
        float | None, Meta(description="Milliseconds since this process saw it start.")
    ] = None


class Progress(EventBody, frozen=True):
    """What a node wrote to LangGraph's stream writer."""

    data: Annotated[Json, Meta(description="The value written.", examples=[{"found": 37}])]
    node: Annotated[
        str | None,
        Meta(description="Who wrote; null where sibling tasks of one graph could each have."),
    ] = None
    path: Annotated[
        str | None,
        Meta(description="The writer's path; the path of its graph where `node` is null."),
    ] = None
    task_id: Annotated[str | None, Meta(description="The task, where `node` is known.")] = None


class MessageDelta(EventBody, frozen=True):
    """A token or piece of a chat model's message, or a whole message a node returned."""

    message_id: Annotated[str | None, Meta(description="The same for all pieces of one message.")]
    delta: Annotated[str, Meta(description="The text to append.", examples=["Semaglu"])]
    role: Annotated[str, Meta(description="LangChain's message type.", examples=["ai"])] = "ai"
    node: Annotated[str | None, Meta(description="The node whose model speaks.")] = None
    path: Annotated[str | None, Meta(description="The node's path.")] = None
    partial: Annotated[bool, Meta(description="False for a whole message.")] = True
    message: Annotated[
        Json, Meta(description="The piece as LangChain gives it: tool calls, usage, metadata.")
    ] = None
    tags: (
        Annotated[
            list[str],
            Meta(description="Those of the model, or of the run; only where there are any."),
        ]
        | UnsetType
    ) = UNSET


class ToolEvent(EventBody, frozen=True):
    """What all events of a tool's call have."""

    tool_call_id: Annotated[
        str,
        Meta(
            description="The id that the model gave the call; of a tool that no model called, one of its own."
        ),
    ]
    tool: Annotated[str, Meta(description="The tool's name.", examples=["search_trials"])]
    node: Node
    path: Path
    task_id: TaskId


class ToolStarted(ToolEvent, frozen=True):
    """A tool is called, by a node that runs LangChain's tools. A call that asks is told as started again when it was answered."""

    input: Annotated[
        Json, Meta(description="What it is called with, without what the node injects.")
    ] = None
    too_large: TooLarge = False


class ToolOutput(ToolEvent, frozen=True):
    """A piece of what a tool has to say, while it runs: what it gave to `ToolRuntime.emit_output_delta`."""

    delta: Annotated[Json, Meta(description="The piece; most often a text to append.")] = None


class ToolFinished(ToolEvent, frozen=True):
    """A tool has returned."""

    output: Annotated[
        Json, Meta(description="What it returned; of a model's call, a message of type `tool`.")
    ] = None
    too_large: TooLarge = False


class ToolFailed(ToolEvent, frozen=True):
    """A tool raised. Its node may go on, and tell the model. One that was cancelled ends with its node."""

    error: Annotated[Failure, Meta(description="What it raised.")]


class Callback(EventBody, frozen=True):
    """What LangChain's callbacks tell, as `astream_events` (version `v2`) has it; only of a run that was started with `callbacks`."""

    data: Annotated[
        Json,
        Meta(
            description="`event`, `name`, `run_id` (of what runs, not of the query), `parent_ids`, `tags`, `metadata`, `data`."
        ),
    ]


class StateCheckpoint(EventBody, frozen=True):
    """A superstep's state was saved: `debug.inspect` shows it, `debug.rewind` returns to it."""

    checkpoint_id: CheckpointId
    parent_checkpoint_id: Annotated[str | None, Meta(description="The one before, in this graph.")]
    path: Annotated[
        str, Meta(description="The (sub)graph it is of: '' is the top graph.", examples=[""])
    ]
    step: Annotated[int, Meta(description="The superstep; -1 is the input.")]
    source: Annotated[str, Meta(description="`input`, `loop`, `update` or `fork`.")]
    next: Annotated[list[str], Meta(description="The nodes that run next.")]


class StoppedTask(Struct, frozen=True):
    """One task the debugger holds before its node's body."""

    node: Node
    path: Path
    task_id: TaskId
    reason: Annotated[
        Literal["breakpoint", "change", "step", "pause", "entry", "failure", "raised", "interrupt"],
        Meta(
            description=(
                "Why this task stands. `change`: a data breakpoint's channel changed in the superstep before. `raised`: its "
                "error would not have ended the run. `interrupt`: it asks a person, and is held so that it does not "
                "run again when a sibling is stepped."
            )
        ),
    ]
    input: Annotated[Json, Meta(description="What its body will get; large values are cut.")] = None
    detail: Annotated[
        str | None,
        Meta(
            description="More of the reason: the failure, or a condition that could not be evaluated."
        ),
    ] = None
    parent_task_id: ParentTaskId = None


class DebugStopped(EventBody, frozen=True):
    """The debugger stopped; nothing runs until it is stepped or continued."""

    reason: Annotated[
        Literal[
            "breakpoint",
            "change",
            "step",
            "pause",
            "entry",
            "failure",
            "raised",
            "rewind",
            "restart",
            "edit",
        ],
        Meta(
            description="Why it stands: what stopped the run just now, or that it was moved while nothing ran."
        ),
    ]
    tasks: Annotated[list[StoppedTask], Meta(description="Every task that stands, at any depth.")]
    checkpoint_id: Annotated[str | None, Meta(description="The top graph's checkpoint.")]
    detail: Annotated[str | None, Meta(description="For a person.")] = None


class DebugResumed(EventBody, frozen=True):
    """The debugger let the session go on."""

    action: Annotated[
        Literal["step", "continue", "rewind", "restart", "respond", "detach"],
        Meta(description="What resumed it."),
    ]
    task_ids: Annotated[list[str], Meta(description="The tasks released; empty for all.")] = []
    checkpoint_id: Annotated[
        str | None,
        Meta(description="From which checkpoint it goes on, for `rewind`."),
    ] = None


class DebugChanged(EventBody, frozen=True):
    """The state was edited, the session went back to a checkpoint, or a node begins again, while nothing ran."""

    action: Annotated[
        Literal["set_state", "rewind", "restart"], Meta(description="What changed it.")
    ]
    checkpoint_id: Annotated[
        CheckpointId, Meta(description="The checkpoint of that graph where it stands now.")
    ]
    source_checkpoint_id: Annotated[
        str | None, Meta(description="The checkpoint it went back to, for `rewind` and `restart`.")
    ]
    path: Annotated[
        str,
        Meta(description="The (sub)graph that was changed: '' is the top graph.", examples=[""]),
    ]
    values: Annotated[
        Json,
        Meta(description="The channels whose value is another now, with it; large ones are cut."),
    ]
    removed: Annotated[
        list[str], Meta(description="The channels that have no value any more.")
    ] = []
    as_node: Annotated[str | None, Meta(description="As which node it was edited.")] = None
    task_id: Annotated[
        str | None, Meta(description="The task whose own input was edited, where one was named.")
    ] = None


class DebugBreakpoint(EventBody, frozen=True):
    """A breakpoint was set, changed or removed."""

    change: Annotated[Literal["new", "changed", "removed"], Meta(description="What became of it.")]
    node_name: Annotated[
        str,
        Meta(
            description="The node's name or path; of a data breakpoint that of the subgraph, '' for the top graph.",
            examples=["literature/rank"],
        ),
    ]
    when: Annotated[Literal["before", "after"], Meta(description="Where it stops.")]
    enabled: Annotated[bool, Meta(description="Whether it stops (or logs).")]
    condition: Annotated[str | None, Meta(description="Only where this is true.")] = None
    hit_count: Annotated[int | None, Meta(description="Only from this time on.")] = None
    log: Annotated[str | None, Meta(description="The text it logs instead of stopping.")] = None
    file: Annotated[
        str | None,
        Meta(description="The file its node is written in; null where there is no one place."),
    ] = None
    line: Annotated[int | None, Meta(description="The first line of its node there.")] = None
    channel: Annotated[
        str | None, Meta(description="Of a data breakpoint: the channel of the state.")
    ] = None


class DebugLog(EventBody, frozen=True):
    """A log point was passed."""

    node: Node
    path: Path
    task_id: TaskId
    text: Annotated[str, Meta(description="The log point's text, its `{expressions}` filled in.")]


class InputRequested(EventBody, frozen=True):
    """A node called `interrupt()`: answer with `query.respond`."""

    interrupt_id: Annotated[str, Meta(description="Which question, for `query.respond`.")]
    value: Annotated[Json, Meta(description="What the node passed to `interrupt()`.")]
    node: Annotated[str | None, Meta(description="The node that asks.")] = None
    path: Annotated[str | None, Meta(description="Its path.")] = None
    task_id: Annotated[str | None, Meta(description="Its task.")] = None


class NodeBlocked(EventBody, frozen=True):
    """A node's code holds the event loop that other runs share: those go on elsewhere, it goes on.

    It should await what it waits for, or be a plain function, which runs in a thread.
    """

    node: Annotated[str | None, Meta(description="The node; null where it is not known.")]
    path: Annotated[str | None, Meta(description="Its path; null where it is not known.")]
    task_id: Annotated[str | None, Meta(description="Its task; null where it is not known.")]
    blocked_ms: Annotated[int, Meta(description="Milliseconds for which it has held the loop.")]


class QueryResult(EventBody, frozen=True):
    """The run ended well: the graph's output."""

    result: Annotated[Json, Meta(description="The output, by the graph's output schema.")]
    duration_ms: Annotated[float, Meta(description="Milliseconds from the run's start to its end.")]
    usage: Annotated[Usage | None, Meta(description="Null where no model said any.")] = None


class QueryFailed(EventBody, frozen=True):
    """The run ended with an exception."""

    error: Annotated[Failure, Meta(description="What ended the run.")]
    duration_ms: Annotated[float, Meta(description="Milliseconds from the run's start to its end.")]
    usage: Annotated[Usage | None, Meta(description="Null where no model said any.")] = None


class SessionRecovered(EventBody, frozen=True):
    """The run was cut off, and goes on from its last checkpoint. Nodes may run again, but for a `reload`."""

    reason: Annotated[
        Literal["restart", "storage", "blocked", "reload", "resume"],
        Meta(
            description=(
                "`restart`: the server's process ended. `storage`: its disk failed. `blocked`: another run's node "
                "held the event loop that it ran on. `reload`: the graph was loaded anew while it ran, and goes on as "
                "it is now; no node runs again. `resume`: it had failed, and `query.resume` was called."
            )
        ),
    ]
    checkpoint_id: Annotated[
        str | None, Meta(description="From where; null where nothing had been saved.")
    ] = None
    deaths: Annotated[
        int,
        Meta(
            description=(
                "How often the server died while the run was under way, since that came further last; ends that were meant do not count."
            )
        ),
    ] = 0


class SessionExpiring(EventBody, frozen=True):
    """The session rests, nobody has touched it for long, and it will be removed: whoever still wants it, moves it."""

    removed_at: Annotated[
        Timestamp,
        Meta(description="When, at the earliest, unless somebody does something with it."),
    ]


class SessionDeleted(EventBody, frozen=True):
    """The session is no more: its last event, sent to whoever is subscribed, and kept nowhere."""

    reason: Annotated[
        Literal["request", "age"],
        Meta(description="`request`: a client deleted it. `age`: it was untouched for too long."),
    ]


class EventType(Struct, frozen=True):
    """A row of the table: `name` is the notification's method, `body` the fields after the header."""

    name: str
    body: type[EventBody]

    @property
    def description(self) -> str:
        """The Struct's docstring."""
        return inspect.cleandoc(self.body.__doc__ or "")

    @property
    def example(self) -> dict[str, Any]:
        """The event's own fields."""
        return EVENT_EXAMPLES[self.name]


_ROWS = (
    EventType("session.status", SessionStatus),
    EventType("node.started", NodeStarted),
    EventType("node.finished", NodeFinished),
    EventType("node.failed", NodeFailed),
    EventType("node.cancelled", NodeCancelled),
    EventType("node.blocked", NodeBlocked),
    EventType("progress", Progress),
    EventType("message.delta", MessageDelta),
    EventType("tool.started", ToolStarted),
    EventType("tool.output", ToolOutput),
    EventType("tool.finished", ToolFinished),
    EventType("tool.failed", ToolFailed),
    EventType("callback", Callback),
    EventType("state.checkpoint", StateCheckpoint),
    EventType("debug.stopped", DebugStopped),
    EventType("debug.resumed", DebugResumed),
    EventType("debug.changed", DebugChanged),
    EventType("debug.breakpoint", DebugBreakpoint),
    EventType("debug.log", DebugLog),
    EventType("input.requested", InputRequested),
    EventType("query.result", QueryResult),
    EventType("query.failed", QueryFailed),
    EventType("session.recovered", SessionRecovered),
    EventType("session.expiring", SessionExpiring),
    EventType("session.deleted", SessionDeleted),
)

EVENTS: dict[str, EventType] = {row.name: row for row in _ROWS}
"""The table of events, by type."""

EVENT_NAMES: dict[type[EventBody], str] = {row.body: row.name for row in _ROWS}
"""An event's type by its Struct."""
