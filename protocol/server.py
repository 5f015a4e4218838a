"""Results of the `server.*` and `rpc.*` methods."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from protocol.values import Message, Result, Timestamp


class NoParams(Message, frozen=True):
    """No params: left out, `{}` or `[]`."""


class Limits(Struct, frozen=True):
    """What the server accepts; past it the error is `too_large`, `overloaded` or `rate_limited`, and names the limit."""

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
    node_timeout_seconds: Annotated[
        float,
        Meta(
            description="How long an attempt of a node may take, where its graph has no limit of its own; 0 is no limit."
        ),
    ]
    run_timeout_seconds: Annotated[float, Meta(description="The same of a run, while it runs.")]
    look_timeout_seconds: Annotated[
        float,
        Meta(
            description="How long code of a graph's own may take that a look, an edit or a query's settings need."
        ),
    ]
    max_inflight: Annotated[
        int,
        Meta(
            description="Messages of one WebSocket carried out at once; past it the socket is not read until one is answered."
        ),
    ]
    max_subscriptions: Annotated[int, Meta(description="Subscriptions of one WebSocket.")]
    max_searches: Annotated[
        int, Meta(description="Calls of `session.list` by one client that are not answered yet.")
    ]
    search_seconds: Annotated[float, Meta(description="How long one of them may take.")]
    max_connections: Annotated[
        int, Meta(description="Connections at once, of all clients; 0 for any number.")
    ]
    max_connections_per_address: Annotated[
        int,
        Meta(
            description="Connections at once of one address, or of one IPv6 /64; 0 for any number."
        ),
    ]
    max_connections_per_owner: Annotated[
        int,
        Meta(
            description="WebSockets and streams at once of one owner who has said who they are; 0 for any number."
        ),
    ]
    max_running_per_owner: Annotated[
        int,
        Meta(
            description="Runs of one owner executing at once; others are `queued`. 0 for as many as there are places."
        ),
    ]
    max_queries_per_minute: Annotated[
        int,
        Meta(
            description="Queries that the caller's owner may start in a minute; 0 for any number."
        ),
    ]
    max_sessions_per_owner: Annotated[
        int, Meta(description="Sessions that the caller's owner may have; 0 for any number.")
    ]
    max_stored_bytes_per_owner: Annotated[
        int,
        Meta(description="Bytes that may be kept of the owner's sessions; 0 for any number."),
    ]
    max_memory_bytes_per_owner: Annotated[
        int,
        Meta(
            description="Bytes that the owner's runs may remember in the graphs' memory; 0 for any number."
        ),
    ]
    max_event_bytes: Annotated[
        int, Meta(description="Bytes of one event as it is stored, with what it has cut out.")
    ]
    max_result_bytes: Annotated[int, Meta(description="Bytes of one result as JSON.")]
    recover_limit: Annotated[
        int,
        Meta(
            description="How often the server may die while a run is under way, and comes no further, before that fails; 0 for ever."
        ),
    ]
    max_failed_attempts: Annotated[
        int,
        Meta(
            description="Credentials that are not good which one address may try at once; each second gives one back."
        ),
    ]
    rate_limit_per_second: Annotated[
        int, Meta(description="Requests a second of one owner, or one address; 0 for any number.")
    ]
    rate_limit_burst: Annotated[
        int, Meta(description="Requests it may send at once before that limit holds.")
    ]
    max_header_bytes: Annotated[
        int, Meta(description="Bytes of an HTTP request's line and headers.")
    ]
    header_timeout_seconds: Annotated[
        float, Meta(description="How long an HTTP request's head may take to come.")
    ]
    body_timeout_seconds: Annotated[
        float,
        Meta(description="How long the rest of a body, or of a WebSocket's message, may take."),
    ]
    write_timeout_seconds: Annotated[
        float,
        Meta(description="How long a client may read nothing of what it is sent."),
    ]
    idle_timeout_seconds: Annotated[
        float, Meta(description="How long an HTTP connection is kept without a request.")
    ]
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


class ServerNode(Struct, frozen=True):
    """A node that serves here: one server, or one of those that share a database."""

    id: Annotated[
        str,
        Meta(
            description="Of this start of it: another one after it.", examples=["5f0c2a9b1d7e4c68"]
        ),
    ]
    role: Annotated[
        Literal["all", "api", "worker"],
        Meta(description="`api` answers clients, `worker` runs graphs, `all` does both."),
    ]
    version: Annotated[str, Meta(description="Of Stepwire.", examples=["0.1.0"])]
    graphs: Annotated[list[str], Meta(description="The graphs it has, by name.")]
    concurrency: Annotated[int, Meta(description="How many runs it executes at once, at most.")]
    running: Annotated[int, Meta(description="How many it executes.")]
    started_at: Annotated[Timestamp, Meta(description="When it started.")]
    last_seen: Annotated[
        Timestamp,
        Meta(
            description="When it last said that it lives; after 8 seconds without, others go on with what it ran."
        ),
    ]


class ServerNodesResult(Result, frozen=True):
    """The nodes, those that ended without a word within the last minute among them."""

    nodes: Annotated[list[ServerNode], Meta(description="The oldest first.")]
