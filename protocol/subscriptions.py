"""Params and results of the methods that read a session's events."""

from typing import Annotated

from msgspec import Meta

from protocol.events import EVENTS
from protocol.values import Json, Message, Result, Seq, SessionId

STREAM_EVENTS = {
    "session.status": "status",
    "query.result": "result",
    "query.failed": "error",
}
"""SSE names of events, where they differ from the notification's method; `done`, without an id, ends a stream."""

STREAM_NAMES: dict[str, str | None] = {
    **{name: kind for kind, name in STREAM_EVENTS.items()},
    "done": None,
}
"""The events that SSE has other names for, by those; `done` is of the stream alone."""

EventTypes = Annotated[
    list[Annotated[str, Meta(extra_json_schema={"enum": [*EVENTS, *STREAM_NAMES]})]],
    Meta(
        description=(
            "Only events of these types, such as `progress`, also by the names that a stream has for them; the "
            "others are skipped. `session.deleted` is always sent."
        ),
        max_length=64,
        examples=[["progress", "query.result"]],
    ),
]
After = Annotated[
    int, Meta(description="Events from `after + 1` on; 0 for all.", ge=0, examples=[0])
]


class SubscribeParams(Message, frozen=True):
    """Which session's events, from where on, and how they are sent."""

    session_id: SessionId
    after: After = 0
    types: EventTypes | None = None
    batch: Annotated[
        bool,
        Meta(
            description="Send what is ready as one JSON array of notifications a frame.",
            examples=[True],
        ),
    ] = False


class SubscribeResult(Result, frozen=True):
    """How far the session's events have come."""

    session_id: SessionId
    seq: Annotated[Seq, Meta(description="The session's last committed event.")]


class EventsParams(Message, frozen=True):
    """Which session's events, from where on."""

    session_id: SessionId
    after: After = 0
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=10_000)] = 1000
    types: EventTypes | None = None


class EventsResult(Result, frozen=True):
    """A page of events."""

    events: Annotated[list[Json], Meta(description="The notifications, as a subscriber gets them.")]
    seq: Annotated[Seq, Meta(description="The session's last committed event.")]
