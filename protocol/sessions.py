"""A session as clients see it, and the states it can be in."""

from typing import Annotated, Literal, get_args

from msgspec import UNSET, Meta, Struct, UnsetType

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
    Usage,
)

Status = Annotated[
    Literal["idle", "queued", "running", "paused", "waiting", "completed", "failed", "cancelled"],
    Meta(
        description=(
            "`idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute. `paused`: a debugger's stop. "
            "`waiting`: a node asks a person. `completed`, `failed`, `cancelled`: the run is over."
        ),
        examples=["running"],
    ),
]
STATUSES: tuple[str, ...] = get_args(get_args(Status)[0])
"""Every status, in the order of a session's life."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "idle": frozenset({"queued", "running"}),
    "queued": frozenset({"running", "cancelled"}),
    "running": frozenset({"paused", "waiting", "completed", "failed", "cancelled"}),
    "paused": frozenset({"running", "completed", "cancelled"}),
    "waiting": frozenset({"running", "paused", "cancelled"}),
    "completed": frozenset({"queued", "paused", "running"}),
    "failed": frozenset({"queued", "paused", "running"}),
    "cancelled": frozenset({"queued", "paused", "running"}),
}
"""The one table of allowed transitions: from a status to those that may follow it.

The last three are left only by a follow-up query (`queued`) or by `debug.rewind` (`paused`, or `running` where it reruns
at once); `failed` by `query.resume` too, and, where it failed for want of a node, by an answer or by `debug.continue` (`running`).
"""

ACTIVE: frozenset[str] = frozenset({"queued", "running"})
"""Statuses in which the server is working, or will, without anybody's doing."""

ENDED: frozenset[str] = frozenset({"completed", "failed", "cancelled"})
"""Statuses in which the run is over."""

SETTLED: frozenset[str] = ENDED | {"idle", "paused", "waiting"}
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
    run_id: Annotated[RunId | None, Meta(description="The latest run; null before any.")]
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
    usage: Annotated[
        Usage | None, Meta(description="The latest run's tokens; null where no model said any.")
    ] = None
    owner: Annotated[
        str, Meta(description="Whose it is; `local` where nobody has to say who they are.")
    ] = "local"
    tags: Annotated[list[str], Meta(description="What it was tagged with.")] = []
    metadata: Annotated[
        dict[str, Json],
        Meta(description="What its clients keep with it; the server reads none of it."),
    ] = {}


class Run(Struct, frozen=True):
    """One query in a session."""

    run_id: RunId
    status: Status
    query: Annotated[Json, Meta(description="Its text, or its input where it had no text.")]
    config: Annotated[dict[str, Json], Meta(description="Its `config`; empty where it had none.")]
    after: Annotated[Seq, Meta(description="The session's last event before it.")]
    created_at: Timestamp
    started_at: Annotated[Timestamp | None, Meta(description="When it began to execute.")]
    completed_at: Annotated[Timestamp | None, Meta(description="When it was over.")]
    duration_ms: Annotated[
        float | None, Meta(description="Milliseconds from its start to its end, pauses included.")
    ]
    error: Annotated[Failure | None, Meta(description="Why it failed, where it did.")]
    result_ref: Annotated[
        str | None,
        Meta(
            description="Where it completed: `session.value` has its result by this.",
            examples=["run-0199e0c2a4b67d11/result"],
        ),
    ]
    usage: Annotated[Usage | None, Meta(description="Its tokens; null where no model said any.")]


class RunsParams(Message, frozen=True):
    """Whose runs, and which page of them."""

    session_id: SessionId
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=1000)] = 50
    before: Annotated[
        str | None,
        Meta(description="Only those older than this run's id.", examples=["0199e0c2a4b67d11"]),
    ] = None


class RunsResult(Result, frozen=True):
    """A page of a session's runs."""

    session_id: SessionId
    runs: Annotated[list[Run], Meta(description="Newest first.")]
    next_before: Annotated[
        str | None, Meta(description="The next page's `before`; null on the last.")
    ]


class SessionParams(Message, frozen=True):
    """Which session."""

    session_id: SessionId


Tag = Annotated[
    str, Meta(description="A word or two.", min_length=1, max_length=100, examples=["reviewed"])
]
Tags = Annotated[
    list[Tag], Meta(description="All of its tags from here on, each once.", max_length=64)
]


class UpdateParams(Message, frozen=True):
    """What to change of a session. What is left out stays as it is."""

    session_id: SessionId
    session_name: Annotated[
        Annotated[str, Meta(max_length=500)] | UnsetType | None,
        Meta(description="Its name; null takes it away.", examples=["GLP-1, second try"]),
    ] = UNSET
    tags: Annotated[
        Tags | UnsetType,
        Meta(description="All of its tags from here on, each once.", examples=[["reviewed"]]),
    ] = UNSET
    metadata: Annotated[
        dict[str, Json] | UnsetType,
        Meta(
            description="Members to set in its metadata, of 16 KiB in all; null takes one away.",
            examples=[{"ticket": 4711}],
        ),
    ] = UNSET


class StatusResult(Result, frozen=True):
    """The session's status after the call."""

    session_id: SessionId
    status: Status


class CancelResult(StatusResult, frozen=True):
    """The session's status after the call."""

    pending: Annotated[
        bool,
        Meta(
            description=(
                "True where the disk takes nothing now: what runs is cancelled, `status` is what is stored, and "
                "`session.status` follows when it can be stored. Lost if the server ends before that."
            )
        ),
    ] = False


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
    status: Annotated[
        Status | list[Status] | None,
        Meta(
            description="Only sessions in this status, or in one of these.",
            examples=[["running", "waiting"]],
        ),
    ] = None
    search: (
        Annotated[
            str,
            Meta(
                description=(
                    "Only where the name, the id, a query or an input contains this, in any case; of one or two "
                    "characters: where a word of the name, a query or an input begins with it."
                ),
                max_length=200,
                examples=["GLP-1"],
            ),
        ]
        | None
    ) = None
    id_prefix: (
        Annotated[
            str,
            Meta(
                description="Only sessions whose id begins with this, or is this.",
                max_length=128,
                examples=["0199e0c2"],
            ),
        ]
        | None
    ) = None
    graph: Annotated[GraphName | None, Meta(description="Only sessions of this graph.")] = None
    created_after: Annotated[
        Timestamp | None, Meta(description="Only sessions made then or later; RFC 3339.")
    ] = None
    created_before: Annotated[
        Timestamp | None, Meta(description="Only sessions made before then; RFC 3339.")
    ] = None
    tags: Annotated[
        Annotated[list[str], Meta(max_length=16)] | None,
        Meta(description="Only sessions that have all of these tags.", examples=[["reviewed"]]),
    ] = None


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
