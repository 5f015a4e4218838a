"""Params and results of the `debug.*` methods."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.events import Node, Path, StoppedTask
from protocol.sessions import Status, StatusResult
from protocol.values import (
    CheckpointId,
    DebuggerId,
    IdempotencyKey,
    Interrupt,
    Json,
    Message,
    NodePath,
    Result,
    SessionId,
    SourceFile,
    SourceLine,
    TaskId,
    Timestamp,
)

When = Annotated[
    Literal["before", "after"],
    Meta(
        description="Stop before the node's body runs, or after its update is kept.",
        examples=["before"],
    ),
]
Condition = Annotated[
    str,
    Meta(
        description=(
            "An expression over `state` (the values of the node's graph), `input` (the node's own), `config` and "
            "`context` (the query's); "
            "stops only where it is true."
        ),
        min_length=1,
        max_length=1000,
        examples=["len(state['citations']) > 3"],
    ),
]
HitCount = Annotated[
    int, Meta(description="Stop at the n-th time and later; 1 is every time.", ge=1, examples=[3])
]
LogText = Annotated[
    str,
    Meta(
        description="Makes it a log point: write this as `debug.log`, `{expressions}` filled in, and go on.",
        min_length=1,
        max_length=4000,
        examples=["{input['query']} at {len(state['hits'])}"],
    ),
]


ExpectedCheckpoint = Annotated[
    str,
    Meta(
        description=(
            "Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else `wrong_state`."
        ),
        examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
    ),
]


VerifiedFile = Annotated[
    str | None,
    Meta(
        description="The file its node is written in, as `graph.describe` shows it; null where there is no one place.",
        examples=["graphs/literature.py"],
    ),
]
VerifiedLine = Annotated[int | None, Meta(description="The first line of its node there.")]
ShownNode = Annotated[
    str,
    Meta(
        description="The node's name or path; of a data breakpoint that of the subgraph, '' for the top graph.",
        examples=["literature/rank"],
    ),
]
NodeNames = Annotated[
    list[str],
    Meta(
        description="The nodes it is of: one, but where several share the function at a line.",
        examples=[["literature/rank"]],
    ),
]


Channel = Annotated[
    str,
    Meta(
        description=(
            "Makes it a data breakpoint: stop behind each superstep in which a node gives this channel of the state another "
            "value. `node_name` is then the path of the subgraph whose state it is, left out for the top graph; `when` does "
            "not matter, and expressions see the new values as `state`."
        ),
        min_length=1,
        max_length=1024,
        examples=["hits"],
    ),
]
ShownChannel = Annotated[
    str | None,
    Meta(
        description="Of a data breakpoint: its channel, of the graph at `node_name` ('' is the top one)."
    ),
]


class Breakpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """Where and when the debugger stops (or logs): at `node_name`, at the node that is written at `file` and `line`, or
    where a `channel` changes."""

    node_name: NodePath | None = None
    enabled: Annotated[bool, Meta(description="A disabled one is kept and never stops.")] = True
    when: When = "before"
    condition: Condition | None = None
    hit_count: HitCount | None = None
    log: LogText | None = None
    file: SourceFile | None = None
    line: SourceLine | None = None
    channel: Channel | None = None


class SetBreakpointParams(Message, frozen=True):
    """The breakpoint to set, or to change: of one with the same node and `when` the fields left out stay as they are.

    It is of `node_name`, of the node that is written at `file` and `line`, or of a `channel` of the state.
    """

    session_id: SessionId
    node_name: NodePath | None = None
    enabled: Annotated[
        bool,
        Meta(
            description="False disables the breakpoint of this node and `when`.", examples=[False]
        ),
    ] = True
    when: When = "before"
    condition: Condition | UnsetType | None = UNSET
    hit_count: HitCount | UnsetType | None = UNSET
    log: LogText | UnsetType | None = UNSET
    file: SourceFile | None = None
    line: SourceLine | None = None
    channel: Channel | None = None


class SetBreakpointResult(Result, frozen=True):
    """The breakpoint as it is now."""

    session_id: SessionId
    node_name: ShownNode
    breakpoint_enabled: Annotated[bool, Meta(description="Whether it stops.")]
    total_breakpoints: Annotated[int, Meta(description="Those of the session that are enabled.")]
    node_names: NodeNames
    file: VerifiedFile = None
    line: VerifiedLine = None
    channel: ShownChannel = None


class RemoveBreakpointParams(Message, frozen=True):
    """Which breakpoint: that of `node_name`, of the node that is written at `file` and `line`, or of a `channel`."""

    session_id: SessionId
    node_name: NodePath | None = None
    when: When = "before"
    file: SourceFile | None = None
    line: SourceLine | None = None
    channel: Channel | None = None


class RemoveBreakpointResult(Result, frozen=True):
    """What is left."""

    session_id: SessionId
    node_name: ShownNode
    removed: Annotated[bool, Meta(description="False where there was none.")]
    total_breakpoints: Annotated[int, Meta(description="Those of the session that are enabled.")]
    node_names: NodeNames
    channel: ShownChannel = None


Errors = Annotated[
    bool | list[str],
    Meta(
        description=(
            "True: all errors stop, as at first. False: none does, and the run fails. A list: those of these exception "
            "types, by the name of the class, or of one it is derived from."
        ),
        examples=[["ValueError"]],
    ),
]


Raised = Annotated[
    bool | list[str],
    Meta(
        description=(
            "Which errors stop also where they would not end the run: retried, handled, or inside a function that may catch "
            "them. Such a stop's reason is `raised`; released, the node runs again, and if it raises again, the retry, the "
            "handler or the function has its turn. True, false or types as in `errors`."
        ),
        examples=[True],
    ),
]


class BreakOnErrorParams(Message, frozen=True):
    """At which errors of nodes the session stops: those that would end the run (`errors`), and all others (`raised`)."""

    session_id: SessionId
    errors: Errors
    raised: Raised = False


class BreakOnErrorResult(Result, frozen=True):
    """At which errors of nodes the session stops now."""

    session_id: SessionId
    errors: Errors
    raised: Raised = False


class BreakpointState(Struct, frozen=True):
    """A breakpoint, and how often its place was reached."""

    node_name: ShownNode
    enabled: Annotated[bool, Meta(description="Whether it stops (or logs).")]
    when: When
    condition: Annotated[str | None, Meta(description="Only where this is true.")]
    hit_count: Annotated[int | None, Meta(description="Only from this time on.")]
    log: Annotated[str | None, Meta(description="The text it logs instead of stopping.")]
    hits: Annotated[int, Meta(description="How often it was reached in the session.")]
    verified: Annotated[
        bool,
        Meta(
            description=(
                "Whether the node is known. False: it is pending, below a function that may call a graph."
            )
        ),
    ] = True
    file: VerifiedFile = None
    line: VerifiedLine = None
    channel: ShownChannel = None


class BreakpointsResult(Result, frozen=True):
    """All breakpoints of a session, and by which errors it stops."""

    session_id: SessionId
    breakpoints: Annotated[list[BreakpointState], Meta(description="In the order they were set.")]
    errors: Annotated[
        Errors, Meta(description="By which errors that would end the run it stops.")
    ] = True
    raised: Annotated[Raised, Meta(description="By which other errors it stops.")] = False


class StepResult(StatusResult, frozen=True):
    """What was let go; `debug.stopped` or the run's end tells how far it came."""

    node_name: Annotated[str | None, Meta(description="As asked.", examples=["literature/rank"])]
    message: Annotated[
        str, Meta(description="What happens, for a person.", examples=["stepping over"])
    ]


class StepParams(Message, frozen=True):
    """How far to go, and which task."""

    session_id: SessionId
    node_name: (
        Annotated[
            str,
            Meta(
                description="Run up to this node (name or path) instead of one step.",
                max_length=1024,
                examples=["synthesize"],
            ),
        ]
        | None
    ) = None
    mode: Annotated[
        Literal["over", "into", "out"],
        Meta(
            description=(
                "`over`: to the end of the node. `into`: to the first node of its subgraph. `out`: to the "
                "end of the subgraph it is in."
            )
        ),
    ] = "over"
    task_id: Annotated[
        str | None,
        Meta(
            description="Which stopped task to release; all that stand where none is named.",
            examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
        ),
    ] = None
    expected_checkpoint_id: ExpectedCheckpoint | None = None
    idempotency_key: IdempotencyKey | None = None


class ContinueParams(Message, frozen=True):
    """Which session."""

    session_id: SessionId
    expected_checkpoint_id: ExpectedCheckpoint | None = None
    idempotency_key: IdempotencyKey | None = None
    task_id: Annotated[
        str | None,
        Meta(
            description="Which stopped task to release; all that stand where none is named.",
            examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
        ),
    ] = None


class InspectParams(Message, frozen=True):
    """What to look at; nothing but the session for all that stands there now."""

    session_id: SessionId
    node_name: Annotated[
        str | None,
        Meta(
            description="Only this node (name or path): its graph's values.",
            examples=["literature"],
        ),
    ] = None
    task_id: Annotated[
        str | None,
        Meta(description="Only this task.", examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"]),
    ] = None
    checkpoint_id: Annotated[
        str | None,
        Meta(
            description="Another checkpoint than the present one.",
            examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
        ),
    ] = None
    value_path: Annotated[
        str | None,
        Meta(
            description="Only this value, whole or by page: a JSON Pointer (RFC 6901) into `values`.",
            examples=["/hits/0/abstract"],
        ),
    ] = None
    start: Annotated[
        int,
        Meta(
            description="The first of its members, items or characters to give, from 0.",
            ge=0,
            examples=[100],
        ),
    ] = 0
    count: (
        Annotated[
            int,
            Meta(
                description="How many to give at most; as many as one answer takes where it is left out.",
                ge=1,
                examples=[100],
            ),
        ]
        | None
    ) = None
    part: Annotated[
        Literal["state", "input", "context"],
        Meta(
            description=(
                "What `value_path`, `start` and `count` are of, and `values` then shows: the state, what the body of the "
                "task that `task_id` names gets, or the run's `context`."
            ),
            examples=["input"],
        ),
    ] = "state"
    updates: Annotated[
        bool,
        Meta(
            description=(
                "Whether to give the last update of each node too: of a large state these take longer to be read than the "
                "state itself. Never beside a part or a page of the values."
            ),
            examples=[False],
        ),
    ] = True


class InspectedTask(Struct, frozen=True):
    """A task of the checkpoint: what would run next, or what has run of it."""

    node: Node
    path: Path
    task_id: TaskId
    status: Annotated[
        Literal["pending", "stopped", "waiting", "finished", "failed"],
        Meta(description="`stopped` by the debugger, `waiting` for a person."),
    ]
    input: Annotated[Json, Meta(description="What its body gets.")] = None
    reason: Annotated[str | None, Meta(description="Why it stands, where `stopped`.")] = None
    error: Annotated[str | None, Meta(description="What it raised, where `failed`.")] = None


class LastUpdate(Struct, frozen=True):
    """What a task wrote in its node's newest step, at or before the inspected checkpoint."""

    path: Path
    task_id: TaskId
    checkpoint_id: Annotated[
        str, Meta(description="The checkpoint of the task's graph from which it ran.")
    ]
    update: Annotated[Json, Meta(description="What it wrote to the state, by channel.")]


class ValuePage(Struct, frozen=True):
    """Which part of a value an answer has."""

    type: Annotated[
        Literal["object", "array", "string", "number", "boolean", "null"],
        Meta(description="The JSON type of the whole value."),
    ]
    length: Annotated[
        int | None,
        Meta(description="How many members, items or characters it has; null where it has none."),
    ]
    start: Annotated[int, Meta(description="The first that is here, from 0.")]
    next_start: Annotated[
        int | None, Meta(description="Where the next page starts; null where this is the last.")
    ] = None


class InspectResult(Result, frozen=True):
    """The state at a checkpoint, and where the session stands."""

    session_id: SessionId
    status: Status
    checkpoint_id: Annotated[str | None, Meta(description="Null where nothing was saved yet.")]
    path: Annotated[str, Meta(description="The (sub)graph whose values these are: '' is the top.")]
    values: Annotated[
        Json,
        Meta(
            description="The state, large values cut with `$cut`; or what `value_path` names, of which `page` tells."
        ),
    ]
    page: Annotated[
        ValuePage | None,
        Meta(description="Where `value_path`, `start` or `count` was given: what part it is."),
    ]
    sizes: Annotated[
        dict[str, int],
        Meta(description="Bytes of each value as JSON, uncut; empty beside a `page`."),
    ]
    next: Annotated[list[str], Meta(description="The nodes that run next.")]
    tasks: Annotated[
        list[InspectedTask], Meta(description="The tasks of this checkpoint, with their inputs.")
    ]
    updates: Annotated[
        list[LastUpdate],
        Meta(
            description=(
                "What each node wrote last, of all tasks of that step; with a `task_id` those of its graph only. Empty where a "
                "part or a page was asked for."
            )
        ),
    ]
    interrupts: Annotated[list[Interrupt], Meta(description="What it asks a person.")]
    stopped: Annotated[
        list[StoppedTask],
        Meta(description="Where the debugger stands and why; empty if it does not."),
    ]
    error: Annotated[
        str | None,
        Meta(
            description=(
                "Why the graph cannot go on from what was saved last; the state is then the last one from which it "
                "can. Of a checkpoint that was asked for: why it cannot go on from there."
            )
        ),
    ] = None
    types: Annotated[
        dict[str, str],
        Meta(
            description=(
                "What Python calls the types of `values` ('') and of the values in it, by their JSON Pointers there: `list`, "
                "`langchain_core.messages.ai.AIMessage`. In a page the items have their own numbers."
            ),
            examples=[{"": "dict", "/query": "str"}],
        ),
    ] = {}
    graph_checkpoint_id: Annotated[
        str | None,
        Meta(
            description=(
                "The checkpoint of the (sub)graph whose values these are; null where it keeps none that is known."
            ),
            examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
        ),
    ] = None
    context: Annotated[
        Json,
        Meta(
            description=(
                "The run's runtime context, made of its `config`, as nodes at every depth have it in `runtime.context`; null "
                "where the graph declares no context schema. Secrets are masked, large values cut with `$cut`."
            ),
            examples=[{"model": "small"}],
        ),
    ] = None


class HistoryParams(Message, frozen=True):
    """Which checkpoints."""

    session_id: SessionId
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=1000)] = 50
    before: Annotated[
        str | None,
        Meta(
            description="Only those older than this checkpoint id.",
            examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
        ),
    ] = None
    path: Annotated[
        str | None,
        Meta(
            description="Only those of the (sub)graph there; '' is the top graph. All of them where it is left out.",
            examples=["literature"],
        ),
    ] = None
    values: Annotated[
        bool, Meta(description="With the state of each, large values cut.", examples=[True])
    ] = False


class CheckpointSummary(Struct, frozen=True):
    """One saved state of the top graph, or of a subgraph."""

    checkpoint_id: CheckpointId
    parent_checkpoint_id: Annotated[
        str | None, Meta(description="The one before it; null for the first.")
    ]
    created_at: Timestamp
    step: Annotated[int, Meta(description="The superstep; -1 is the input.", examples=[1])]
    source: Annotated[
        str, Meta(description="`input`, `loop`, `update` or `fork`.", examples=["loop"])
    ]
    next: Annotated[list[str], Meta(description="The nodes that run next from it.")]
    run_id: Annotated[str | None, Meta(description="The run that saved it, where known.")]
    current: Annotated[bool, Meta(description="Whether the session stands here now.")]
    error: Annotated[
        str | None, Meta(description="Why the graph cannot go on from it; null where it can.")
    ] = None
    path: Annotated[
        str, Meta(description="The (sub)graph it is of: '' is the top graph.", examples=[""])
    ] = ""
    rewindable: Annotated[
        bool,
        Meta(
            description="Whether `debug.rewind` takes it: those of the top graph, and of a subgraph the session is inside."
        ),
    ] = True
    values: Annotated[Json, Meta(description="The state, where it was asked for.")] = None
    branch: Annotated[
        int,
        Meta(
            description=(
                "Which line of its graph's history it is on: 0 for what came first. One that follows from where something followed "
                "already, as after `debug.rewind`, begins the next."
            ),
            ge=0,
            examples=[0],
        ),
    ] = 0


class HistoryResult(Result, frozen=True):
    """A page of checkpoints."""

    session_id: SessionId
    checkpoints: Annotated[list[CheckpointSummary], Meta(description="Newest first.")]
    next_before: Annotated[
        str | None, Meta(description="The next page's `before`; null on the last.")
    ] = None


class DiffParams(Message, frozen=True):
    """Which two checkpoints."""

    session_id: SessionId
    checkpoint_id: CheckpointId
    other_checkpoint_id: Annotated[
        str | None,
        Meta(
            description="The one to compare with, as the earlier one; its parent where it is left out.",
            examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
        ),
    ] = None


class Difference(Struct, frozen=True):
    """One value that differs."""

    path: Annotated[str, Meta(description="Its JSON Pointer in the state.", examples=["/hits/3"])]
    kind: Annotated[
        Literal["added", "removed", "changed"], Meta(description="In the one, from the other.")
    ]
    before: Annotated[Json, Meta(description="In the other; null where it was added.")] = None
    after: Annotated[Json, Meta(description="In this one; null where it was removed.")] = None


class DiffResult(Result, frozen=True):
    """What differs between the states of two checkpoints."""

    checkpoint_id: CheckpointId
    other_checkpoint_id: Annotated[
        str | None, Meta(description="With which it was compared; null for a first one's parent.")
    ]
    differences: Annotated[
        list[Difference], Meta(description="The innermost values that differ, large ones cut.")
    ]
    total: Annotated[int, Meta(description="How many there are; at most 200 are listed.")]


class EvaluateParams(Message, frozen=True):
    """What to evaluate, and where."""

    session_id: SessionId
    expression: Annotated[
        str,
        Meta(
            description="In the language of conditions, over `state`, `input`, `config` and `context`.",
            min_length=1,
            max_length=1000,
            examples=["len(state['citations'])"],
        ),
    ]
    task_id: Annotated[
        str | None,
        Meta(
            description=(
                "Whose `input`, and the `state` of whose graph; else of the first task that stands, or of the first of the "
                "checkpoint's own graph where one is named."
            ),
            examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
        ),
    ] = None
    checkpoint_id: Annotated[
        str | None,
        Meta(
            description="At another checkpoint than the present one.",
            examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
        ),
    ] = None


class EvaluateResult(Result, frozen=True):
    """What it gave."""

    value: Annotated[Json, Meta(description="The value; a large one is cut.", examples=[4])]
    task_id: Annotated[
        str | None, Meta(description="Whose `input` it was; null where no task is there.")
    ]


class SetStateParams(Message, frozen=True):
    """What to write to the state, and in whose name."""

    session_id: SessionId
    values: Annotated[
        dict[str, Json],
        Meta(
            description=(
                'By channel, through the state\'s reducers; `{"__overwrite__": value}` replaces a value '
                "past its channel's reducer."
            )
        ),
    ] = {}
    as_node: Annotated[
        str | None,
        Meta(
            description=(
                "Write as if this node (name or path) had: what follows it runs next. A path writes to "
                "that subgraph's state; `literature/` edits it in place, as none of its nodes."
            ),
            examples=["synthesize"],
        ),
    ] = None
    value_path: Annotated[
        str | None,
        Meta(
            description=(
                "Replace only this value, by JSON Pointer (RFC 6901) into the state: what is beside it stays as it "
                "is, with its types. `-` at the end of an array's pointer adds to it."
            ),
            examples=["/hits/0/abstract"],
        ),
    ] = None
    value: Annotated[
        Json, Meta(description="The value for `value_path`.", examples=["A better one."])
    ] = None
    task_id: Annotated[
        str | None,
        Meta(
            description=(
                "Edit what this task is given: of one that `Send` made its own input, else the state of its graph. Beside `as_node`: "
                "a task of the graph that is meant, where several run at its path at once."
            ),
            examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
        ),
    ] = None
    expected_checkpoint_id: ExpectedCheckpoint | None = None
    idempotency_key: IdempotencyKey | None = None


class CheckpointResult(Result, frozen=True):
    """The checkpoint the call made."""

    checkpoint_id: CheckpointId


class RewindParams(Message, frozen=True):
    """Where to go back to."""

    session_id: SessionId
    checkpoint_id: CheckpointId
    rerun: Annotated[
        bool,
        Meta(description="Go on from there at once; else stand there, stopped.", examples=[True]),
    ] = False
    expected_checkpoint_id: ExpectedCheckpoint | None = None
    idempotency_key: IdempotencyKey | None = None


class RewindResult(Result, frozen=True):
    """Where the session stands now."""

    checkpoint_id: CheckpointId
    status: Status


class AttachParams(Message, frozen=True):
    """Which session, and who debugs it from then on."""

    session_id: SessionId
    debugger_id: (
        Annotated[
            DebuggerId,
            Meta(
                description=(
                    "Who debugs it: whatever a client calls itself, always the same of one, so that it counts once however often "
                    "it attaches. Left out: debug mode is turned on where it is off, by somebody who counts as one."
                )
            ),
        ]
        | None
    ) = None


class DetachParams(Message, frozen=True):
    """Which session, and who debugs it no more."""

    session_id: SessionId
    debugger_id: (
        Annotated[
            DebuggerId,
            Meta(
                description=(
                    "Who leaves: the session stays in debug mode for the others, and is let go with the last of them. "
                    "Left out: it is let go, whoever debugs it."
                )
            ),
        ]
        | None
    ) = None


class DebuggersResult(StatusResult, frozen=True):
    """The session's status after the call, and who debugs it."""

    debuggers: Annotated[
        list[str],
        Meta(
            description=(
                "The ids of those who debug it, who came last at the end; '' for whoever turned it on without one. Empty: it is not in debug mode."
            ),
            examples=[["vscode 5b0e8d0c"]],
        ),
    ]


class StepBackParams(Message, frozen=True):
    """Which session, how far, and whose step is taken back."""

    session_id: SessionId
    to: Annotated[
        Literal["step", "breakpoint", "start"],
        Meta(
            description=(
                "`step`: where the step before began. `breakpoint`: where the session would have stopped last on the way to here, "
                "by its breakpoints as they are now; the run's first step where it would not have. `start`: the run's first step."
            ),
            examples=["breakpoint"],
        ),
    ] = "step"
    task_id: Annotated[
        str | None,
        Meta(
            description=(
                "Go back in the graph of this task, which stands or asks; left out: in the one graph in which all of them are, "
                "else in the top one."
            ),
            examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
        ),
    ] = None
    expected_checkpoint_id: ExpectedCheckpoint | None = None
    idempotency_key: IdempotencyKey | None = None


class RestartNodeParams(Message, frozen=True):
    """Which node, or which run of it, runs again; neither: the one that stands, asks or failed, or ran last."""

    session_id: SessionId
    node_name: (
        Annotated[
            str,
            Meta(
                description="Its newest run on the way to here (name or path).",
                max_length=1024,
                examples=["literature/rank"],
            ),
        ]
        | None
    ) = None
    task_id: Annotated[
        str | None,
        Meta(
            description="This run of it; of what a function calls, the function's.",
            examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
        ),
    ] = None
    run: Annotated[
        bool,
        Meta(
            description="Let it go at once, to its end; else it stands before it.", examples=[True]
        ),
    ] = False
    expected_checkpoint_id: ExpectedCheckpoint | None = None
    idempotency_key: IdempotencyKey | None = None


class RestartNodeResult(Result, frozen=True):
    """The task that begins again."""

    checkpoint_id: Annotated[
        str,
        Meta(
            description="The checkpoint of its graph that it runs at.",
            examples=["1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"],
        ),
    ]
    status: Status
    task_id: TaskId
    path: Path
