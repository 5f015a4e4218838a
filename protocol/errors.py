"""The closed table of errors: five of JSON-RPC 2.0 (section 5.1), and ours in -32000…-32099.

Every error object on this wire has ``data: {type, detail}``: `type` is the error's name in this table
(a program switches on it), `detail` says what was wrong, where, and what would be right (a person reads it).
"""

from typing import Annotated

from msgspec import Meta, Struct


class ErrorType(Struct, frozen=True):
    """A row of the table.

    `code`: the JSON-RPC error code. `type`: the name in `data.type`. `message`: the error object's
    `message`. `http_status`: what REST clients get. `description`: when it is sent.
    """

    code: int
    type: str
    message: str
    http_status: int
    description: str


class Limit(Struct, frozen=True):
    """Which limit was exceeded."""

    name: Annotated[str, Meta(description="Its name in `server.info`'s `limits`.")]
    value: Annotated[float, Meta(description="Its value.")]


class ErrorData(Struct, frozen=True, omit_defaults=True):
    """The `data` of every error object."""

    type: Annotated[str, Meta(description="The error's name in the table of errors.")]
    detail: Annotated[str, Meta(description="What was wrong, where, and what would be right.")]
    path: Annotated[
        str | None,
        Meta(
            description="The offending field of the params, for `invalid_params`, such as `$.after`."
        ),
    ] = None
    retry_after_ms: Annotated[
        int | None,
        Meta(description="When trying again makes sense, for `rate_limited`, `overloaded`."),
    ] = None
    first_seq: Annotated[
        int | None,
        Meta(
            description="The next event that there is, for `events_gone` and `unreadable`: go on `after` it less one."
        ),
    ] = None
    limit: Annotated[
        Limit | None,
        Meta(description="Which limit was exceeded, for those that `server.info` has."),
    ] = None


PARSE_ERROR = ErrorType(-32700, "parse_error", "Parse error", 400, "The message is not valid JSON.")
INVALID_REQUEST = ErrorType(
    -32600,
    "invalid_request",
    "Invalid Request",
    400,
    "The JSON is not a request object, or the frame is not text.",
)
METHOD_NOT_FOUND = ErrorType(
    -32601, "method_not_found", "Method not found", 404, "There is no method of that name."
)
INVALID_PARAMS = ErrorType(
    -32602,
    "invalid_params",
    "Invalid params",
    422,
    "A field is missing, unknown, or of a wrong type or value; `path` names it.",
)
INTERNAL_ERROR = ErrorType(
    -32603, "internal_error", "Internal error", 500, "A fault of the server; its log has the cause."
)
SESSION_NOT_FOUND = ErrorType(
    -32000, "session_not_found", "Session not found", 404, "There is no session with that id."
)
WRONG_STATE = ErrorType(
    -32001,
    "wrong_state",
    "Wrong state",
    409,
    "The session's status does not allow this; `detail` says which it is and which are allowed. Or another node has the version of the graph that the session is for; `detail` names it.",
)
GRAPH_NOT_FOUND = ErrorType(
    -32002, "graph_not_found", "Graph not found", 404, "The server has no graph of that name."
)
NOT_IN_DEBUG_MODE = ErrorType(
    -32003,
    "not_in_debug_mode",
    "Not in debug mode",
    400,
    "The session was started without `debug_mode`; `debug.attach` turns it on.",
)
UNAUTHORIZED = ErrorType(
    -32004,
    "unauthorized",
    "Unauthorized",
    401,
    "Credentials are needed and were not given, or are not valid (any more).",
)
FORBIDDEN = ErrorType(
    -32005, "forbidden", "Forbidden", 403, "The origin or the caller may not do this."
)
RATE_LIMITED = ErrorType(
    -32006, "rate_limited", "Rate limited", 429, "Too many requests; wait `retry_after_ms`."
)
TOO_LARGE = ErrorType(
    -32007,
    "too_large",
    "Too large",
    413,
    "A message, batch, nesting or number of subscriptions exceeds one of `server.info`'s limits; `limit` names it.",
)
OVERLOADED = ErrorType(
    -32008,
    "overloaded",
    "Overloaded",
    503,
    "The server cannot take this now (its queue or its disk is full, or it is stopping); nothing was started.",
)
NODE_NOT_FOUND = ErrorType(
    -32010,
    "node_not_found",
    "Node not found",
    404,
    "The graph has no such node, or no such task is stopped; `detail` names the nearest.",
)
CHECKPOINT_NOT_FOUND = ErrorType(
    -32011,
    "checkpoint_not_found",
    "Checkpoint not found",
    404,
    "The session has no such checkpoint.",
)
EVENTS_GONE = ErrorType(
    -32012,
    "events_gone",
    "Events gone",
    410,
    "Events after `after` were removed, being old: go on `after` `first_seq` less one, and read the session anew.",
)
STORAGE_BROKEN = ErrorType(
    -32013,
    "storage_broken",
    "Storage broken",
    503,
    "The server's data directory is damaged, gone, replaced or cannot be written: no work is taken until somebody mends it. Nothing was changed, and trying again is of no use; `/health` says the same.",
)
UNREADABLE = ErrorType(
    -32014,
    "unreadable",
    "Unreadable",
    500,
    "Something stored of this session cannot be read; `detail` names it. Of events: those before `first_seq` less one that were asked for; go on `after` that. `session.delete` removes the session.",
)
GRAPH_TIMEOUT = ErrorType(
    -32015,
    "graph_timeout",
    "Graph timeout",
    504,
    "Code of the graph's own that the call needs (a reducer, a router, a validator of its state or settings) did not return in time; nothing was changed.",
)
QUOTA_EXCEEDED = ErrorType(
    -32016,
    "quota_exceeded",
    "Quota exceeded",
    403,
    "The owner has as many sessions, or as much stored, as the server allows one; `limit` names which. Nothing was started, and `session.delete` makes room.",
)

ERRORS: tuple[ErrorType, ...] = (
    PARSE_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    INVALID_PARAMS,
    INTERNAL_ERROR,
    SESSION_NOT_FOUND,
    WRONG_STATE,
    GRAPH_NOT_FOUND,
    NOT_IN_DEBUG_MODE,
    UNAUTHORIZED,
    FORBIDDEN,
    RATE_LIMITED,
    TOO_LARGE,
    OVERLOADED,
    NODE_NOT_FOUND,
    CHECKPOINT_NOT_FOUND,
    EVENTS_GONE,
    STORAGE_BROKEN,
    UNREADABLE,
    GRAPH_TIMEOUT,
    QUOTA_EXCEEDED,
)
"""The whole table; nothing else is ever sent."""

GENERAL: frozenset[ErrorType] = frozenset(
    {
        PARSE_ERROR,
        INVALID_REQUEST,
        METHOD_NOT_FOUND,
        INVALID_PARAMS,
        INTERNAL_ERROR,
        UNAUTHORIZED,
        FORBIDDEN,
        RATE_LIMITED,
        TOO_LARGE,
        OVERLOADED,
        STORAGE_BROKEN,
        UNREADABLE,
    }
)
"""Those that any call may get; the others are only of the methods that name them."""


class ProtocolError(Exception):
    """An error of the table, raised once where it is found and mapped once by each wire.

    `error`: the row. `detail`: for a person. `path`: the field, for `INVALID_PARAMS`.
    `retry_after_ms`: for `RATE_LIMITED` and `OVERLOADED`. `first_seq`: for `EVENTS_GONE`. `limit`: the one that was
    exceeded. `challenge`: what `WWW-Authenticate` says beside the scheme, for `UNAUTHORIZED` and `FORBIDDEN`.
    """

    def __init__(
        self,
        error: ErrorType,
        detail: str,
        *,
        path: str | None = None,
        retry_after_ms: int | None = None,
        first_seq: int | None = None,
        limit: Limit | None = None,
        challenge: str = "",
    ) -> None:
        super().__init__(detail)
        self.error = error
        # A person who reads only this must be told where.
        named = path is None or f"`{path}`" in detail
        self.detail = detail if named else f"{detail} - at `{path}`"
        self.path = path
        self.retry_after_ms = retry_after_ms
        self.first_seq = first_seq
        self.limit = limit
        self.challenge = challenge

    @property
    def data(self) -> ErrorData:
        """What goes into the error object's `data`."""
        return ErrorData(
            self.error.type,
            self.detail,
            self.path,
            self.retry_after_ms,
            self.first_seq,
            self.limit,
        )
