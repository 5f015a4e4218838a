"""The types that methods and events share.

A *JSON value* on this wire is anything JSON can say. Python values of a graph that JSON cannot say
are written in a tagged form, an object with one key that starts with ``$`` (see ``protocol/README.md``,
"Values"): ``{"$bytes": "<base64>"}``, ``{"$float": "NaN"}``, ``{"$object": {...}}``, ``{"$cut": {...}}``.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

META = "_meta"
"""A member that every params object may have, an object: it is ignored."""

Json = Any
"""Any JSON value, after the tagged forms of the module's docstring."""

SessionId = Annotated[
    str,
    Meta(
        description="The session's identifier, as `query.start` returned it.",
        min_length=1,
        max_length=128,
        examples=["0199e0c2a4b67d10"],
    ),
]
RunId = Annotated[
    str,
    Meta(description="The run: one query in a session.", examples=["0199e0c2a4b67d11"]),
]
GraphName = Annotated[
    str,
    Meta(description="The name a graph is served under, see `graph.list`.", examples=["biomed"]),
]
NodePath = Annotated[
    str,
    Meta(
        description="A node's name, or its path into subgraphs joined by `/`.",
        min_length=1,
        max_length=1024,
        examples=["literature/rank"],
    ),
]
SourceFile = Annotated[
    str,
    Meta(
        description="A source file of the graph's: absolute, or relative to `root` of `graph.describe`.",
        min_length=1,
        max_length=4096,
        examples=["graphs/literature.py"],
    ),
]
SourceLine = Annotated[
    int,
    Meta(
        description="A line of `file`, from 1: the node is the one whose function has it, decorators included.",
        ge=1,
        examples=[42],
    ),
]
TaskId = Annotated[
    str,
    Meta(
        description="One execution of a node in one superstep; the same before and after a stop.",
        examples=["8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10"],
    ),
]
IdempotencyKey = Annotated[
    str,
    Meta(
        description=(
            "The same call with the same key, made again because its answer was lost, does nothing and gets the first "
            "one's answer; another call with it is refused. A key is of its session; choose a new one for each call."
        ),
        min_length=1,
        max_length=200,
        examples=["tab-7-step-12"],
    ),
]
DebuggerId = Annotated[str, Meta(min_length=1, max_length=200, examples=["vscode 5b0e8d0c"])]
CheckpointId = Annotated[
    str,
    Meta(
        description="A saved state of the session, see `debug.history`.",
        min_length=1,
        max_length=128,
        examples=["1f0f3a52-5b0a-6d2c-8002-2f6f1b0c9a11"],
    ),
]
Timestamp = Annotated[
    str,
    Meta(
        description="UTC time of day and date, RFC 3339 with milliseconds.",
        examples=["2026-11-23T09:48:24.125Z"],
    ),
]
Seq = Annotated[
    int,
    Meta(
        description="An event's number in its session: 1, 2, 3 … without gaps.",
        ge=0,
        examples=[17],
    ),
]


class Message(Struct, frozen=True, forbid_unknown_fields=True, kw_only=False):
    """The base of every params Struct: closed, immutable, positional in field order."""


class Result(Struct, frozen=True):
    """The base of every result Struct: open, since a later server may add fields."""


class Failure(Struct, frozen=True):
    """Why something failed: the exception's type, message and place, never a traceback."""

    type: Annotated[
        str,
        Meta(
            description=(
                "The exception's class name; `graph_changed` where the graph lacks what the session needs to go on; "
                "`node_timeout` and `run_timeout` where that took longer than it may; "
                "`wrote_too_fast` where a node that could not be held back wrote more than the disk took."
            ),
            examples=["ValueError"],
        ),
    ]
    message: Annotated[
        str, Meta(description="The exception's message.", examples=["no such study"])
    ]
    node: Annotated[
        str | None, Meta(description="The path of the node that raised it, where one did.")
    ] = None
    file: Annotated[
        str | None,
        Meta(
            description=(
                "Where it was raised: the file of the last line of the graph's own that it passed through, libraries "
                "left out, written as in `graph.describe`. Null where there is none."
            ),
            examples=["graph.py"],
        ),
    ] = None
    line: Annotated[int | None, Meta(description="That line, 1-based.", examples=[42])] = None


class Interrupt(Struct, frozen=True):
    """A node that called LangGraph's `interrupt()` and asks a person."""

    interrupt_id: Annotated[
        str,
        Meta(
            description="Name it in `query.respond` when several ask at once.",
            examples=["873a05ac6060dc0a0d1853b50385d671"],
        ),
    ]
    value: Annotated[Json, Meta(description="What the node passed to `interrupt()`: the question.")]
    node: Annotated[str | None, Meta(description="The path of the node that asks.")] = None
    task_id: Annotated[str | None, Meta(description="The task that asks.")] = None


class Usage(Struct, frozen=True):
    """Tokens that a run's chat models said they took, added up."""

    input_tokens: Annotated[int, Meta(description="Read by models.", examples=[1200])]
    output_tokens: Annotated[int, Meta(description="Written by models.", examples=[310])]
    total_tokens: Annotated[int, Meta(description="Both.", examples=[1510])]


class ValueParams(Message, frozen=True):
    """Which value that was cut, and which page of it."""

    session_id: SessionId
    ref: Annotated[
        str,
        Meta(
            description="The `ref` of a `$cut`; with a JSON Pointer behind it, what is inside.",
            min_length=1,
            max_length=4096,
            examples=["9f1c2a7be0d3456a/update/documents"],
        ),
    ]
    start: Annotated[
        int,
        Meta(
            description="Elements, members or characters to skip.", ge=0, le=2**53 - 1, examples=[0]
        ),
    ] = 0
    count: (
        Annotated[int, Meta(description="At most so many of them; else as many as fit.", ge=1)]
        | None
    ) = None


class ValueResult(Result, frozen=True):
    """The value, or a page of it."""

    session_id: SessionId
    ref: Annotated[str, Meta(description="As asked.")]
    type: Annotated[
        Literal["object", "array", "string", "number", "boolean", "null"],
        Meta(description="Of the whole value."),
    ]
    bytes: Annotated[int, Meta(description="Of the whole value as JSON.")]
    length: Annotated[
        int | None,
        Meta(description="Elements, members or characters of the whole; null where it has none."),
    ]
    start: Annotated[int, Meta(description="As asked.")]
    next: Annotated[
        int | None, Meta(description="The next page's `start`; null on the last, or only, page.")
    ]
    value: Annotated[
        Json,
        Meta(
            description=(
                "The value, or of an array some elements, of an object some members, of a string some "
                "characters. What is too large in it is cut again."
            )
        ),
    ]
