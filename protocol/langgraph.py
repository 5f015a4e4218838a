"""LangGraph's own API, as its SDKs call it: what its requests hold, and which method each is.

The fields are those of that API, and so are its names: a thread is a session, an assistant a graph with settings. What is
not known is ignored, as LangGraph's server does. `protocol/langgraph.md` says what each call does here.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.methods import Method
from protocol.principals import Scope
from protocol.values import Message

Unknown = dict[str, Any]
Page = Annotated[int, Meta(ge=1, le=1000)]
Limit = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Offset = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Order = Literal["asc", "desc"]
IfExists = Literal["raise", "do_nothing"]
AssistantField = Literal[
    "assistant_id", "graph_id", "name", "description", "config", "context", "created_at", "updated_at", "metadata", "version"
]  # fmt: skip
ThreadField = Literal[
    "thread_id", "created_at", "updated_at", "state_updated_at", "metadata", "config", "context", "status", "values", "interrupts", "error"
]  # fmt: skip
RunField = Literal[
    "run_id", "thread_id", "assistant_id", "created_at", "updated_at", "status", "metadata", "kwargs", "multitask_strategy"
]  # fmt: skip


WEBHOOK_FIELDS = (
    "run_id", "thread_id", "assistant_id", "created_at", "updated_at", "metadata", "kwargs", "multitask_strategy", "status",
    "run_started_at", "run_ended_at", "webhook_sent_at", "values", "error",
)  # fmt: skip
"""What a project may name as `webhooks.allowed_fields`."""


class Body(Message, frozen=True, forbid_unknown_fields=False):
    """The base of requests."""


class Nothing(Body, frozen=True):
    """No params."""


class AssistantCreate(Body, frozen=True):
    """An assistant to make."""

    graph_id: str
    assistant_id: str | None = None
    config: Unknown | None = None
    context: Unknown | None = None
    metadata: Unknown | None = None
    if_exists: IfExists | None = None
    name: str | None = None
    description: str | None = None


class AssistantId(Body, frozen=True):
    """Which assistant: its id, or a graph's name."""

    assistant_id: str
    xray: bool | int | None = None
    recurse: bool = False
    namespace: str | None = None
    delete_threads: bool = False


class AssistantPatch(Body, frozen=True):
    """What changes of an assistant."""

    assistant_id: str
    graph_id: str | None = None
    config: Unknown | None = None
    context: Unknown | None = None
    metadata: Unknown | None = None
    name: str | None = None
    description: str | None = None


class AssistantCount(Body, frozen=True):
    """Which assistants are counted."""

    metadata: Unknown | None = None
    graph_id: str | None = None
    name: str | None = None


class AssistantSearch(AssistantCount, frozen=True):
    """Which assistants."""

    limit: Page = 10
    offset: Offset = 0
    sort_by: Literal["assistant_id", "graph_id", "name", "created_at", "updated_at"] | None = None
    sort_order: Order | None = None
    select: list[AssistantField] | None = None


class AssistantVersions(Body, frozen=True):
    """Which versions of an assistant."""

    assistant_id: str
    metadata: Unknown | None = None
    limit: Page = 10
    offset: Offset = 0


class AssistantLatest(Body, frozen=True):
    """Which version of an assistant is to be used."""

    assistant_id: str
    version: int


class ThreadTtl(Body, frozen=True):
    """How long a thread is kept, and what then: `delete`, or `keep_latest` of its states."""

    ttl: Annotated[float, Meta(gt=0, le=1e9, description="Minutes from now.")]
    strategy: Literal["delete", "keep_latest"] = "delete"


class ThreadCreate(Body, frozen=True):
    """A thread to make."""

    thread_id: str | None = None
    metadata: Unknown | None = None
    if_exists: IfExists | None = None
    supersteps: list[Unknown] | None = None
    ttl: ThreadTtl | None = None


class ThreadId(Body, frozen=True):
    """Which thread."""

    session_id: str


class ThreadGet(Body, frozen=True):
    """Which thread, and what more of it: `ttl`; names with commas between them."""

    session_id: str
    include: str = ""


class ThreadJoin(Body, frozen=True):
    """Which thread is followed, and what of it: `run_modes`, `lifecycle`, `state_update`."""

    session_id: str
    stream_mode: str | list[str] | None = None
    stream_modes: str | list[str] | None = None
    last_event_id: str | None = None


class ThreadPatch(Body, frozen=True):
    """What changes of a thread."""

    session_id: str
    metadata: Unknown | None = None
    ttl: ThreadTtl | None = None


class ThreadCount(Body, frozen=True):
    """Which threads are counted."""

    metadata: Unknown | None = None
    values: Unknown | None = None
    ids: list[str] | None = None
    status: Literal["idle", "busy", "interrupted", "error"] | None = None


class ThreadSearch(ThreadCount, frozen=True):
    """Which threads."""

    limit: Page = 10
    offset: Offset = 0
    sort_by: (
        Literal["thread_id", "status", "created_at", "updated_at", "state_updated_at"] | None
    ) = None
    sort_order: Order | None = None
    select: list[ThreadField] | None = None
    extract: dict[str, str] | None = None


class ThreadPrune(Body, frozen=True):
    """Which threads are to be made smaller, or removed."""

    thread_ids: list[str]
    strategy: str = "delete"


class StateGet(Body, frozen=True):
    """Which state of a thread, and what of it: `select`, with `values.<key>` for one of its values."""

    session_id: str
    checkpoint_id: str | None = None
    checkpoint: Unknown | None = None
    subgraphs: bool = False
    select: list[str] | None = None


class StateUpdate(Body, frozen=True):
    """An edit of a thread's state."""

    session_id: str
    values: Any = None
    checkpoint_id: str | None = None
    checkpoint: Unknown | None = None
    as_node: str | None = None


class StateHistory(Body, frozen=True):
    """Which states of a thread, and what of them: `select`, as of one state."""

    session_id: str
    limit: Page = 1
    before: Any = None
    metadata: Unknown | None = None
    checkpoint: Unknown | None = None
    select: list[str] | None = None


class RunCreate(Body, frozen=True):
    """A run to make; without a thread, in one of its own."""

    assistant_id: str
    session_id: str | None = None
    input: Any = None
    command: Unknown | None = None
    config: Unknown | None = None
    context: Unknown | None = None
    metadata: Unknown | None = None
    stream_mode: str | list[str] = "values"
    stream_subgraphs: bool = False
    stream_resumable: bool = False
    interrupt_before: str | list[str] | None = None
    interrupt_after: str | list[str] | None = None
    feedback_keys: list[str] | None = None
    webhook: str | None = None
    checkpoint: Unknown | None = None
    checkpoint_id: str | None = None
    checkpoint_during: bool | None = None
    multitask_strategy: Literal["reject", "interrupt", "rollback", "enqueue"] | None = None
    if_not_exists: Literal["create", "reject"] | None = None
    on_disconnect: Literal["cancel", "continue"] = "continue"
    on_completion: Literal["delete", "keep"] | None = None
    after_seconds: Annotated[float, Meta(le=1e9)] | None = None
    durability: Literal["sync", "async", "exit"] | None = None
    strict_resume: bool | None = None


class RunId(Body, frozen=True):
    """Which run of a thread, and how it is to be read or ended."""

    session_id: str
    run_id: str
    wait: bool = False
    action: Literal["interrupt", "rollback"] = "interrupt"
    cancel_on_disconnect: bool = False
    stream_mode: str | list[str] | None = None
    last_event_id: str | None = None


class RunList(Body, frozen=True):
    """Which runs of a thread."""

    session_id: str
    limit: Limit = 10
    offset: Offset = 0
    status: str | None = None
    select: list[RunField] | None = None


class RunsCancel(Body, frozen=True):
    """Which runs are to end."""

    thread_id: str | None = None
    run_ids: list[str] | None = None
    status: Literal["pending", "running", "all"] | None = None
    action: Literal["interrupt", "rollback"] = "interrupt"


class ItemPut(Body, frozen=True):
    """Something to remember."""

    namespace: list[str]
    key: str
    value: Unknown
    index: bool | list[str] | UnsetType | None = UNSET
    ttl: (
        Annotated[float, Meta(gt=0, le=1e9, description="For how many minutes it is kept.")] | None
    ) = None


class ItemId(Body, frozen=True):
    """Something remembered."""

    key: str
    namespace: str | list[str] | None = None
    refresh_ttl: bool | None = None


class ItemSearch(Body, frozen=True):
    """Which of what is remembered."""

    namespace_prefix: list[str]
    filter: Unknown | None = None
    limit: Limit = 10
    offset: Offset = 0
    query: str | None = None
    refresh_ttl: bool | None = None


class NamespaceSearch(Body, frozen=True):
    """Which namespaces."""

    prefix: list[str] | None = None
    suffix: list[str] | None = None
    max_depth: Annotated[int, Meta(ge=1, le=1000)] | None = None
    limit: Limit = 100
    offset: Offset = 0


class Row(Struct, frozen=True):
    """A request: its address, and the method that it is.

    `path`: `{thread_id}` becomes the param `session_id`. `status`: of the answer. `answers`: what becomes of it: sent as it is,
    as a stream, or as what the run comes to. `listed`: the body is a list, each of a call.
    """

    verb: str
    path: str
    method: str
    status: int = 200
    answers: str = "json"
    listed: bool = False


def _method(name: str, params: type[Message], scope: Scope, looks: bool = False) -> Method:
    return Method(
        name, params, None, scope, (params.__doc__ or "").partition("\n")[0], (), looks=looks
    )


METHODS: dict[str, Method] = {
    row.name: row
    for row in (
        _method("assistants.create", AssistantCreate, "run"),
        _method("assistants.search", AssistantSearch, "read", True),
        _method("assistants.count", AssistantCount, "read", True),
        _method("assistants.get", AssistantId, "read", True),
        _method("assistants.update", AssistantPatch, "run"),
        _method("assistants.delete", AssistantId, "run"),
        _method("assistants.graph", AssistantId, "read", True),
        _method("assistants.schemas", AssistantId, "read", True),
        _method("assistants.subgraphs", AssistantId, "read", True),
        _method("assistants.versions", AssistantVersions, "read", True),
        _method("assistants.latest", AssistantLatest, "run"),
        _method("threads.create", ThreadCreate, "run"),
        _method("threads.search", ThreadSearch, "read", True),
        _method("threads.count", ThreadCount, "read", True),
        _method("threads.prune", ThreadPrune, "run"),
        _method("threads.get", ThreadGet, "read", True),
        _method("threads.join", ThreadJoin, "read", True),
        _method("threads.update", ThreadPatch, "run"),
        _method("threads.delete", ThreadId, "run"),
        _method("threads.copy", ThreadId, "run"),
        _method("threads.state", StateGet, "read", True),
        _method("threads.updateState", StateUpdate, "debug"),
        _method("threads.history", StateHistory, "read", True),
        _method("runs.create", RunCreate, "run"),
        _method("runs.list", RunList, "read", True),
        _method("runs.get", RunId, "read", True),
        _method("runs.join", RunId, "read", True),
        _method("runs.cancel", RunId, "run"),
        _method("runs.cancelMany", RunsCancel, "run"),
        _method("runs.delete", RunId, "run"),
        _method("store.put", ItemPut, "run"),
        _method("store.get", ItemId, "read", True),
        _method("store.delete", ItemId, "run"),
        _method("store.search", ItemSearch, "read", True),
        _method("store.namespaces", NamespaceSearch, "read", True),
    )
}
"""The methods that LangGraph's API is, by name."""

ROWS = (
    Row("POST", "/assistants", "assistants.create"),
    Row("POST", "/assistants/search", "assistants.search"),
    Row("POST", "/assistants/count", "assistants.count"),
    Row("GET", "/assistants/{assistant_id}", "assistants.get"),
    Row("PATCH", "/assistants/{assistant_id}", "assistants.update"),
    Row("DELETE", "/assistants/{assistant_id}", "assistants.delete", 204),
    Row("GET", "/assistants/{assistant_id}/graph", "assistants.graph"),
    Row("GET", "/assistants/{assistant_id}/schemas", "assistants.schemas"),
    Row("GET", "/assistants/{assistant_id}/subgraphs", "assistants.subgraphs"),
    Row("GET", "/assistants/{assistant_id}/subgraphs/{namespace}", "assistants.subgraphs"),
    Row("POST", "/assistants/{assistant_id}/versions", "assistants.versions"),
    Row("POST", "/assistants/{assistant_id}/latest", "assistants.latest"),
    Row("POST", "/threads", "threads.create"),
    Row("POST", "/threads/search", "threads.search"),
    Row("POST", "/threads/count", "threads.count"),
    Row("POST", "/threads/prune", "threads.prune"),
    Row("GET", "/threads/{thread_id}", "threads.get"),
    Row("PATCH", "/threads/{thread_id}", "threads.update"),
    Row("DELETE", "/threads/{thread_id}", "threads.delete", 204),
    Row("GET", "/threads/{thread_id}/stream", "threads.join", answers="stream"),
    Row("POST", "/threads/{thread_id}/copy", "threads.copy"),
    Row("GET", "/threads/{thread_id}/state", "threads.state"),
    Row("POST", "/threads/{thread_id}/state", "threads.updateState"),
    Row("POST", "/threads/{thread_id}/state/checkpoint", "threads.state"),
    Row("GET", "/threads/{thread_id}/state/{checkpoint_id}", "threads.state"),
    Row("GET", "/threads/{thread_id}/history", "threads.history"),
    Row("POST", "/threads/{thread_id}/history", "threads.history"),
    Row("POST", "/threads/{thread_id}/runs", "runs.create"),
    Row("GET", "/threads/{thread_id}/runs", "runs.list"),
    Row("POST", "/threads/{thread_id}/runs/stream", "runs.create", answers="stream"),
    Row("POST", "/threads/{thread_id}/runs/wait", "runs.create", answers="values"),
    Row("GET", "/threads/{thread_id}/runs/{run_id}", "runs.get"),
    Row("DELETE", "/threads/{thread_id}/runs/{run_id}", "runs.delete", 204),
    Row("GET", "/threads/{thread_id}/runs/{run_id}/join", "runs.join", answers="values"),
    Row("GET", "/threads/{thread_id}/runs/{run_id}/stream", "runs.join", answers="stream"),
    Row("POST", "/threads/{thread_id}/runs/{run_id}/cancel", "runs.cancel", 202),
    Row("POST", "/runs", "runs.create"),
    Row("POST", "/runs/batch", "runs.create", listed=True),
    Row("POST", "/runs/cancel", "runs.cancelMany", 204),
    Row("POST", "/runs/stream", "runs.create", answers="stream"),
    Row("POST", "/runs/wait", "runs.create", answers="values"),
    Row("PUT", "/store/items", "store.put", 204),
    Row("GET", "/store/items", "store.get"),
    Row("DELETE", "/store/items", "store.delete", 204),
    Row("POST", "/store/items/search", "store.search"),
    Row("POST", "/store/namespaces", "store.namespaces"),
)
"""The requests."""
