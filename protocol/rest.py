"""The table of REST rows: which request is which method's call.

A row holds no behaviour: the adapter serves any of them, and `openapi` describes them. Params come from the path,
then the query string, then the body, a JSON object; a name in two of them is refused. What a query string has
beside is ignored (caches are kept off so), except credentials, which do not belong where every log keeps them.
What no row has a path for is called by `POST /rpc`.
"""

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from protocol.errors import ErrorType, Limit, ProtocolError
from protocol.methods import METHODS, Method
from protocol.values import Timestamp

DOCS_PATH = "/orchestrator/docs"


CREDENTIALS = frozenset(
    {
        "access_token",
        "api_key",
        "api_token",
        "auth",
        "auth_token",
        "authorization",
        "bearer",
        "bearer_token",
        "client_secret",
        "credentials",
        "id_token",
        "jwt",
        "passwd",
        "password",
        "refresh_token",
        "secret",
        "session_token",
        "stepwire_token",
        "token",
        "x_api_key",
        "x_auth_token",
    }
)
"""Names that no query string may have, however they are written (`apiKey`, `api-key`): addresses are logged."""


class Row(Struct, frozen=True):
    """A row of the table.

    `verb`, `path`: of the request; `{name}` in the path is a param. `method`: whose params and result these are.
    `query`: params of the query string. `body`: whether params come from a JSON body too, those of the query
    string among them; what is required may be in either. `stream`: whether the answer is what the method has sent (SSE) instead of
    the result; `resumed_by`: the param that `Last-Event-ID` is then. `summary`: a line.
    """

    verb: Literal["GET", "POST", "DELETE"]
    path: str
    method: str
    summary: str
    query: tuple[str, ...] = ()
    body: bool = False
    stream: bool = False
    resumed_by: Literal["after", "cursor"] = "after"

    @property
    def call(self) -> Method:
        """The method's row."""
        return METHODS[self.method]

    @property
    def path_params(self) -> tuple[str, ...]:
        """The params in the path, in its order."""
        return tuple(
            part[1:-1]
            for part in self.path.split("/")
            if part.startswith("{") and part.endswith("}")
        )

    @property
    def body_params(self) -> tuple[str, ...]:
        """The params in the body, in the Struct's order; none where the row takes no body."""
        names = (field.name for field in msgspec.structs.fields(self.call.params))
        return tuple(name for name in names if name not in self.path_params) if self.body else ()


REST_ROWS: tuple[Row, ...] = (
    Row("POST", "/v1/orchestrator/query", "query.start", "Start a query.", body=True),
    Row(
        "GET",
        "/v1/orchestrator/stream/{session_id}",
        "session.subscribe",
        "A session's events as they happen, as Server-Sent Events.",
        query=("after", "types"),
        stream=True,
    ),
    Row(
        "GET",
        "/v1/orchestrator/sessions",
        "session.list",
        "The sessions, newest first.",
        query=(
            "limit",
            "offset",
            "cursor",
            "status",
            "search",
            "id_prefix",
            "graph",
            "created_after",
            "created_before",
            "tags",
        ),
    ),
    Row(
        "GET",
        "/v1/orchestrator/sessions/changes",
        "session.watch",
        "Each change of the sessions as it happens, as Server-Sent Events.",
        query=("cursor",),
        stream=True,
        resumed_by="cursor",
    ),
    Row(
        "GET",
        "/v1/orchestrator/session/{session_id}",
        "session.get",
        "One session with its result.",
    ),
    Row(
        "POST",
        "/v1/orchestrator/session/{session_id}",
        "session.update",
        "Change a session's name, tags or metadata.",
        body=True,
    ),
    Row(
        "GET",
        "/v1/orchestrator/session/{session_id}/runs",
        "session.runs",
        "A session's queries, newest first.",
        query=("limit", "before"),
    ),
    Row(
        "GET",
        "/v1/orchestrator/session/{session_id}/value",
        "session.value",
        "A value that was cut out of an event or answer, whole or by page.",
        query=("ref", "start", "count"),
    ),
    Row(
        "DELETE",
        "/v1/orchestrator/session/{session_id}",
        "session.delete",
        "Delete a session with its events and checkpoints.",
    ),
    Row(
        "POST",
        "/v1/orchestrator/session/{session_id}/resume",
        "query.resume",
        "Let a failed run go on from its last checkpoint.",
        query=("discard", "idempotency_key"),
        body=True,
    ),
    Row(
        "GET",
        "/v1/orchestrator/graph/visualization",
        "graph.describe",
        "A graph's nodes, edges, layout, sources, schemas.",
        query=("graph", "depth"),
    ),
    Row(
        "POST",
        "/v1/orchestrator/debug/breakpoint/{session_id}",
        "debug.setBreakpoint",
        "Set, change, enable or disable a breakpoint or log point.",
        query=(
            "node_name",
            "enabled",
            "when",
            "condition",
            "hit_count",
            "log",
            "file",
            "line",
            "channel",
        ),
        body=True,
    ),
    Row(
        "POST",
        "/v1/orchestrator/debug/step/{session_id}",
        "debug.step",
        "Let a stopped session run one step, or up to a node.",
        query=("node_name", "mode", "task_id"),
        body=True,
    ),
    Row(
        "POST",
        "/v1/orchestrator/debug/step-back/{session_id}",
        "debug.stepBack",
        "Go back to where the step before began, or to the breakpoint before.",
        query=("to", "task_id"),
        body=True,
    ),
    Row(
        "POST",
        "/v1/orchestrator/debug/restart-node/{session_id}",
        "debug.restartNode",
        "Run one node again, without those beside it.",
        query=("node_name", "task_id", "run"),
        body=True,
    ),
    Row(
        "GET",
        "/v1/orchestrator/nodes",
        "server.nodes",
        "The nodes that serve here: what each does, has and runs.",
    ),
)
"""The table. Every row answers 200 when it succeeds."""


Passing = Literal["not_running", "stopping", "timeout", "locked", "full", "failed"]
Lasting = Literal[
    "corrupt", "not_a_database", "missing", "replaced", "read_only", "io_error", "outdated"
]
HealthReason = Passing | Lasting
"""Why a server is not healthy: what passes by itself, and what somebody must mend."""

LASTING: frozenset[str] = frozenset(get_args(Lasting))


class QuickCheck(Struct, frozen=True):
    """What SQLite's `quick_check`, which runs beside the work from the start on, found in the databases."""

    status: Annotated[
        Literal["running", "ok", "damaged", "failed", "stopped"],
        Meta(
            description="`damaged` makes the server `unhealthy`; `failed`: it could not be checked."
        ),
    ]
    seconds: Annotated[float, Meta(description="How long it took.")]
    problems: Annotated[list[str], Meta(description="What is wrong, by file; the first few.")] = []


class Health(Struct, frozen=True):
    """Whether the server can do its work: `GET /health`, and `/readyz` with its status."""

    status: Annotated[
        Literal["healthy", "unavailable", "unhealthy"],
        Meta(
            description=(
                "`unavailable` (503) where it cannot now: storage is busy or full, or the server is stopping; `unhealthy` "
                "(503) where somebody must mend what `reason` names."
            )
        ),
    ]
    service: Annotated[str, Meta(description="Always `stepwire`.", examples=["stepwire"])]
    timestamp: Annotated[Timestamp, Meta(description="When it was found.")]
    version: Annotated[str, Meta(description="Of the server.", examples=["0.1.0"])]
    uptime_ms: Annotated[float, Meta(description="Milliseconds since it started.")]
    active_sessions: Annotated[
        int | None,
        Meta(
            description="The caller's sessions queued or running; null to who has not said who calls."
        ),
    ]
    detail: Annotated[
        str | None, Meta(description="Why it is not healthy, and what to do, for a person.")
    ] = None
    reason: Annotated[HealthReason | None, Meta(description="The same for a program.")] = None
    counts: Annotated[
        dict[str, int],
        Meta(description="What the server holds by name, such as threads and slots."),
    ] = {}
    quick_check: Annotated[
        QuickCheck | None, Meta(description="Whether the databases are whole, where that is known.")
    ] = None


class Liveness(Struct, frozen=True):
    """The process answers."""

    status: Annotated[Literal["ok"], Meta(description="Always `ok`.")] = "ok"


class Probe(Struct, frozen=True):
    """A row that is no method's: `failing` says whether it can answer 503 with the same document."""

    path: str
    answer: type[Struct]
    summary: str
    failing: bool


PROBES: tuple[Probe, ...] = (
    Probe("/health", Health, "Whether the server can do its work; storage is tried.", True),
    Probe("/livez", Liveness, "Whether the process answers; nothing is tried.", False),
    Probe(
        "/readyz",
        Health,
        "Whether to send it requests: started, not stopping, storage works.",
        True,
    ),
)
"""What load balancers and people ask; none needs credentials."""


METRICS_PATH = "/metrics"
"""Where Prometheus reads what the server counts and measures; it says nothing of single sessions."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """An error as REST clients get it: a problem document (RFC 9457), `application/problem+json`."""

    type: Annotated[
        str,
        Meta(
            description="A reference to the error's row in the documentation; its fragment is the name.",
            examples=[DOCS_PATH + "#session_not_found"],
        ),
    ]
    title: Annotated[str, Meta(description="The row's message.", examples=["Session not found"])]
    status: Annotated[int, Meta(description="The HTTP status.", examples=[404])]
    detail: Annotated[str, Meta(description="What was wrong, where, and what would be right.")]
    code: Annotated[int, Meta(description="The JSON-RPC error code.", examples=[-32000])]
    path: Annotated[
        str | None, Meta(description="The offending param, such as `$.after`, where there is one.")
    ] = None
    retry_after_ms: Annotated[
        int | None, Meta(description="When trying again makes sense; also in `Retry-After`.")
    ] = None
    first_seq: Annotated[
        int | None, Meta(description="The oldest event that is kept, where earlier ones are gone.")
    ] = None
    limit: Annotated[
        Limit | None, Meta(description="Which limit was exceeded, for those that the server tells.")
    ] = None


def problem(error: ProtocolError) -> Problem:
    """An error as its problem document."""
    row: ErrorType = error.error
    return Problem(
        f"{DOCS_PATH}#{row.type}",
        row.message,
        row.http_status,
        error.detail,
        row.code,
        error.path,
        error.retry_after_ms,
        error.first_seq,
        error.limit,
    )
