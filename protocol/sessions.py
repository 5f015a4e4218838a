"""A session as clients see it, and the states it can be in."""

from typing import Annotated, Literal, get_args

from msgspec import Meta

from protocol.values import (
    Failure,
    GraphName,
    Interrupt,
    Json,
    Message,
    Result,
    RunId,
    Seq,
    SessionId,
    Timestamp,
)

Status = Annotated[
    Literal["queued", "running", "paused", "waiting", "completed", "failed", "cancelled"],
    Meta(
        description=(
            "`queued`: accepted, not started. `running`: nodes execute. `paused`: a debugger's stop. "
            "`waiting`: a node asks a person. `completed`, `failed`, `cancelled`: the run is over."
        ),
        examples=["running"],
    ),
]
STATUSES: tuple[str, ...] = get_args(get_args(Status)[0])
"""Every status, in the order of a session's life."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "queued": frozenset({"running", "cancelled"}),
    "running": frozenset({"paused", "waiting", "completed", "failed", "cancelled"}),
    "paused": frozenset({"running", "completed", "cancelled"}),
    "waiting": frozenset({"running", "paused", "cancelled"}),
    "completed": frozenset({"queued", "paused", "running"}),
    "failed": frozenset({"queued", "paused", "running"}),
    "cancelled": frozenset({"queued", "paused", "running"}),
}
"""The one table of allowed transitions: from a status to those that may follow it.

The last three leave `completed`, `failed` and `cancelled` only by a follow-up query (`queued`) or by
`debug.rewind` (`paused`, or `running` where it reruns at once).
"""

ACTIVE: frozenset[str] = frozenset({"queued", "running"})
"""Statuses in which the server is working, or will, without anybody's doing."""

ENDED: frozenset[str] = frozenset({"completed", "failed", "cancelled"})
"""Statuses in which the run is over."""

SETTLED: frozenset[str] = ENDED | {"paused", "waiting"}
"""Statuses in which nothing more happens by itself."""


class Session(Result, frozen=True):
    """One conversation with a graph: a LangGraph thread, its latest run and that run's outcome."""

    session_id: SessionId
    graph: GraphName
    status: Status
    created_at: Timestamp
    updated_at: Timestamp
    seq: Annotated[Seq, Meta(description="The number of the last committed event; 0 before any.")]
    first_seq: Annotated[
        Seq, Meta(description="The oldest event that is kept; 1 where none was removed.")
    ]
    run_id: Annotated[RunId, Meta(description="The latest run.")]
    runs: Annotated[int, Meta(description="How many queries this session has had.", examples=[1])]
    debug_mode: Annotated[bool, Meta(description="Whether `debug.*` may be used on it.")]
    session_name: Annotated[
        str,
        Meta(
            description="The name its creator gave it; else `Session ` and its id's first eight characters."
        ),
    ]
    query: Annotated[
        Json, Meta(description="The latest run's query text, or its input where it had no text.")
    ] = None
    config: Annotated[
        dict[str, Json], Meta(description="The latest run's `config`; empty where it had none.")
    ] = {}
    result: Annotated[
        Json, Meta(description="The graph's output, once `completed`; else null.")
    ] = None
    error: Annotated[Failure | None, Meta(description="Why it failed, once `failed`.")] = None
    interrupts: Annotated[
        list[Interrupt], Meta(description="What it asks, while `waiting` (or `paused` beside).")
    ] = []
    started_at: Annotated[
        Timestamp | None, Meta(description="When the latest run began to execute.")
    ] = None
    completed_at: Annotated[
        Timestamp | None,
        Meta(description="When the latest run was over, be it completed, failed or cancelled."),
    ] = None
    duration_ms: Annotated[
        float | None,
        Meta(description="Milliseconds from the latest run's start to its end, pauses included."),
    ] = None
    estimated_duration_ms: Annotated[
        int, Meta(description="How long the latest run was expected to take.", ge=0, examples=[840])
    ] = 0


class SessionParams(Message, frozen=True):
    """Which session."""

    session_id: SessionId


class StatusResult(Result, frozen=True):
    """The session's status after the call."""

    session_id: SessionId
    status: Status


class SessionListParams(Message, frozen=True):
    """Which sessions, and which page of them."""

    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=1000)] = 50
    offset: Annotated[
        int, Meta(description="Skip so many; not with `cursor`.", examples=[50], ge=0, le=2**53 - 1)
    ] = 0
    cursor: Annotated[
        str | None,
        Meta(
            description="`next_cursor` of the page before: no row twice, none missed.",
            examples=["MTc5NTQyNzMwNDEyNTowMTk5ZTBjMmE0YjY3ZDEw"],
        ),
    ] = None
    status: Annotated[Status | None, Meta(description="Only sessions in this status.")] = None
    search: (
        Annotated[
            str,
            Meta(
                description=(
                    "Only where the name, query or id contains this, in any case; of one or two characters: where "
                    "a word of the name or query begins with it."
                ),
                max_length=200,
                examples=["GLP-1"],
            ),
        ]
        | None
    ) = None


class SessionListResult(Result, frozen=True):
    """A page of sessions."""

    sessions: Annotated[
        list[Session], Meta(description="Newest first; `result` is left out: `session.get` has it.")
    ]
    total: Annotated[
        int, Meta(description="How many match, on all pages; exact up to 10,000.", examples=[37])
    ]
    total_relation: Annotated[
        Literal["eq", "gte"],
        Meta(
            description="`eq`: there are `total`. `gte`: there are that many or more.",
            examples=["eq"],
        ),
    ]
    limit: Annotated[int, Meta(description="As asked.", examples=[50])]
    offset: Annotated[int, Meta(description="As asked.", examples=[0])]
    next_cursor: Annotated[str | None, Meta(description="Null on the last page.")]


class DeleteResult(Result, frozen=True):
    """The session is gone."""

    session_id: SessionId
    deleted: Annotated[bool, Meta(description="Always true; else there is an error.")]
    message: Annotated[
        str,
        Meta(
            description="The same for a person.",
            examples=["Session 0199e0c2a4b67d10 deleted successfully"],
        ),
    ]
