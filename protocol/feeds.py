"""What a connection is sent that is of no one session: notifications without a `seq`, of those who asked for them."""

import inspect
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from protocol.examples import FEED_EXAMPLES
from protocol.sessions import Session
from protocol.values import Message, Result, SessionId

FeedCursor = Annotated[
    str,
    Meta(
        description="The place of a change among all: `session.watch` goes on behind it.",
        examples=["hVQ2bCbOIwxQ1WcP0P6PqJZkq1vZ2b9-2rQ8mG0yQd4="],
    ),
]


class SessionChanged(Struct, frozen=True):
    """A session was made, changed or deleted."""

    cursor: FeedCursor
    change: Annotated[
        Literal["created", "changed", "deleted"],
        Meta(
            description=(
                "`created`: it was not there at the cursor before. `changed`: its status, name, tags, metadata, questions or run "
                "did; events alone are none. Of several changes that come together the last is told."
            )
        ),
    ]
    session_id: SessionId
    session: Annotated[
        Session | None,
        Meta(description="As `session.list` has it; null where it was deleted."),
    ]


class FeedType(Struct, frozen=True):
    """A row of the table: the notification's method, and its params."""

    name: str
    params: type[Struct]

    @property
    def description(self) -> str:
        """When it is sent."""
        return inspect.cleandoc(self.params.__doc__ or "")

    @property
    def example(self) -> dict[str, Any]:
        """Its params."""
        return FEED_EXAMPLES[self.name]


_ROWS = (FeedType("session.changed", SessionChanged),)

FEEDS: dict[str, FeedType] = {row.name: row for row in _ROWS}
"""The table of feeds, by the notification's method."""

WhereFrom = Annotated[
    FeedCursor | None,
    Meta(
        description="What changed behind this place, as it was told; what changes from now on where it is left out."
    ),
]


class WatchParams(Message, frozen=True):
    """From where on, and how the changes are sent."""

    cursor: WhereFrom = None
    batch: Annotated[
        bool,
        Meta(
            description="Send those that are ready together as one JSON array of notifications a frame.",
            examples=[True],
        ),
    ] = False


class WatchResult(Result, frozen=True):
    """The place from which on changes are sent."""

    cursor: FeedCursor


class UnwatchResult(Result, frozen=True):
    """Whether this connection was sent changes until now."""

    watched: Annotated[bool, Meta(description="False where nothing was to be stopped.")]


class ChangesParams(Message, frozen=True):
    """From where on, and how many."""

    cursor: WhereFrom = None
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=1000)] = 100


class ChangesResult(Result, frozen=True):
    """A page of changes."""

    changes: Annotated[list[SessionChanged], Meta(description="Oldest first.")]
    cursor: Annotated[FeedCursor, Meta(description="Go on behind this.")]
    more: Annotated[bool, Meta(description="Whether there are more already.")]
