"""Results of the `server.*` and `rpc.*` methods."""

from typing import Annotated

from msgspec import Meta, Struct

from protocol.values import Message, Result, Timestamp


class NoParams(Message, frozen=True):
    """No params: left out, `{}` or `[]`."""


class Limits(Struct, frozen=True):
    """What the server accepts; past it the error is `too_large`, `overloaded` or `rate_limited`."""

    max_message_bytes: Annotated[int, Meta(description="Bytes of one message or request body.")]
    max_frame_bytes: Annotated[
        int,
        Meta(
            description=(
                "Bytes of the largest frame it sends. Larger values in events and answers are cut, with a "
                "reference for `session.value`."
            )
        ),
    ]
    max_batch_size: Annotated[int, Meta(description="Requests in one batch.")]
    max_json_depth: Annotated[int, Meta(description="Nested arrays and objects.")]
    max_running: Annotated[int, Meta(description="Runs executing at once; others are `queued`.")]
    max_queued: Annotated[int, Meta(description="Runs waiting for their turn.")]
    session_max_age_seconds: Annotated[
        float,
        Meta(description="Sessions that are over, untouched for longer, are removed; 0 for never."),
    ]
    waiting_max_age_seconds: Annotated[
        float,
        Meta(
            description="Sessions `waiting` or `paused`, untouched for longer, are removed; 0 for never."
        ),
    ]
    waiting_notice_seconds: Annotated[
        float,
        Meta(description="How long before that `session.expiring` is sent."),
    ]
    event_max_age_seconds: Annotated[
        float,
        Meta(description="Events of sessions that rest are removed when older; 0 for never."),
    ]
    checkpoint_max_age_seconds: Annotated[
        float,
        Meta(
            description=(
                "Checkpoints of sessions that rest are removed when older, except the newest and those of "
                "results; 0 for never."
            )
        ),
    ]


class ServerInfoResult(Result, frozen=True):
    """Who serves, and within which limits."""

    name: Annotated[str, Meta(description="Always `stepwire`.", examples=["stepwire"])]
    version: Annotated[str, Meta(description="Of the server.", examples=["0.1.0"])]
    protocol_version: Annotated[
        str, Meta(description="Of the methods, events and errors.", examples=["1.0"])
    ]
    langgraph_version: Annotated[str, Meta(description="Of LangGraph.", examples=["1.2.22"])]
    python_version: Annotated[str, Meta(description="Of Python.", examples=["3.11.7"])]
    instance_id: Annotated[
        str,
        Meta(
            description="Of this start of the server: where it is another one, the server was restarted.",
            examples=["0199e0c2a4b67d0f"],
        ),
    ]
    time: Annotated[Timestamp, Meta(description="Its clock.")]
    uptime_ms: Annotated[float, Meta(description="Milliseconds since it started.")]
    active_sessions: Annotated[
        int, Meta(description="Sessions of the caller's, queued or running.")
    ]
    limits: Annotated[Limits, Meta(description="What it accepts.")]
    capabilities: Annotated[dict[str, bool], Meta(description="What this server can do, by name.")]
    methods: Annotated[list[str], Meta(description="The methods it serves.")]
    events: Annotated[list[str], Meta(description="The events it sends.")]
