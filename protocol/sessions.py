"""A session as clients see it, and the states it can be in."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from protocol.values import Failure, GraphName, Interrupt, Json, RunId, Seq, SessionId, Timestamp

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


class Session(Struct, frozen=True):
    """One conversation with a graph: a LangGraph thread, its latest run and that run's outcome."""

    session_id: SessionId
    graph: GraphName
    status: Status
    created_at: Timestamp
    updated_at: Timestamp
    seq: Annotated[Seq, Meta(description="The number of the last committed event; 0 before any.")]
    run_id: Annotated[RunId, Meta(description="The latest run.")]
    runs: Annotated[int, Meta(description="How many queries this session has had.", examples=[1])]
    debug_mode: Annotated[bool, Meta(description="Whether `debug.*` may be used on it.")]
    session_name: Annotated[str | None, Meta(description="The name its creator gave it.")] = None
    query: Annotated[
        Json, Meta(description="The latest run's query text, or its input where it had no text.")
    ] = None
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
    duration_ms: Annotated[
        float | None,
        Meta(description="Milliseconds from the latest run's start to its end, pauses included."),
    ] = None
