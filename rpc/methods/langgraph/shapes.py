"""Sessions, runs and assistants as LangGraph's API shows them. Decisions without I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET

from protocol.errors import INVALID_PARAMS, ProtocolError
from rpc.events.encoding import timestamp
from rpc.masking import masked
from rpc.sessions.assistants import system_id
from rpc.storage.records import Assistant, AssistantVersion, RunRecord, SessionRecord, Ttl

RUN_STATUS = {
    "queued": "pending",
    "running": "running",
    "completed": "success",
    "failed": "error",
    "cancelled": "interrupted",
    "waiting": "success",
    "paused": "success",
}
"""What a run's status is called there."""

THREAD_STATUS = {
    "idle": "idle",
    "queued": "busy",
    "running": "busy",
    "waiting": "interrupted",
    "paused": "interrupted",
    "completed": "idle",
    "failed": "error",
    "cancelled": "idle",
}
"""What a session's status is called there."""

TIMEOUTS = ("run_timeout", "node_timeout")

ASSISTANT = "assistant_id"


def time_of(ms: int) -> str:
    """A time as that API has it."""
    return timestamp(ms).replace("Z", "+00:00")


def assistant(found: Assistant) -> dict[str, Any]:
    """An assistant."""
    return {
        **_version(found, found.now),
        "created_at": time_of(found.created_at),
        "updated_at": time_of(found.updated_at),
    }


def version(found: Assistant, one: AssistantVersion) -> dict[str, Any]:
    """One of its versions."""
    return {**_version(found, one), "created_at": time_of(one.created_at)}


def _version(found: Assistant, one: AssistantVersion) -> dict[str, Any]:
    # The two are one there, and clients read either.
    context = one.context or one.config.get("configurable") or {}
    config = {**one.config, "configurable": context} if context else one.config
    return {
        ASSISTANT: found.id,
        "graph_id": one.graph,
        "config": masked(config),
        "context": masked(context),
        "metadata": one.metadata,
        "name": one.name,
        "version": one.version,
        "description": one.description,
    }


def metadata_of(record: SessionRecord) -> dict[str, Any]:
    """What is said of a thread: what clients said, and of which graph and assistant it is once it has had a run."""
    if record.run_id is None:
        return record.metadata
    of_graph = {"graph_id": record.graph, ASSISTANT: system_id(record.graph)}
    return {**of_graph, **record.metadata, "graph_id": record.graph}


def thread(record: SessionRecord, run: RunRecord | None, values: Any) -> dict[str, Any]:
    """A thread. `run`: its latest. `values`: of its newest state; None where there is none."""
    asked: dict[str, list[dict[str, Any]]] = {}
    if record.status in ("waiting", "paused"):
        for one in record.interrupts:
            asked.setdefault(one.task_id or "", []).append(
                {"id": one.interrupt_id, "value": one.value}
            )
    failed = record.status == "failed" and run is not None and run.error is not None
    error = run.error if failed and run is not None else None
    return {
        "thread_id": record.id,
        "created_at": time_of(record.created_at),
        "updated_at": time_of(record.updated_at),
        "state_updated_at": time_of(record.updated_at),
        "metadata": metadata_of(record),
        "status": THREAD_STATUS[record.status],
        "config": {} if record.run_id is None else {"configurable": {}},
        "values": values,
        "error": None if error is None else {"error": error.type, "message": error.message},
        "interrupts": asked,
    }


def kept_for(ttl: Ttl) -> dict[str, Any]:
    """How long a thread is kept."""
    return {
        "strategy": ttl.strategy,
        "ttl_minutes": ttl.minutes,
        "expires_at": time_of(ttl.expires_at),
    }


def run_status(run: RunRecord) -> str:
    """A run's status."""
    if run.status == "failed" and run.error is not None and run.error.type in TIMEOUTS:
        return "timeout"
    return RUN_STATUS[run.status]


def run(found: RunRecord) -> dict[str, Any]:
    """A run."""
    options = found.options
    command = None
    if options.command is not None:
        command = {"update": options.command.update, "goto": options.command.goto}
        if options.command.resume is not UNSET:
            command["resume"] = options.command.resume
    updated = found.ended_at or found.started_at or found.created_at
    return {
        "run_id": found.id,
        "thread_id": found.session_id,
        ASSISTANT: found.metadata.get(ASSISTANT) or system_id(found.graph),
        "metadata": {"graph_id": found.graph, **found.metadata},
        "status": run_status(found),
        "kwargs": {
            "input": found.query if found.query is not None else found.input,
            "command": command,
            "config": masked(found.config or {}),
            "interrupt_before": _stops(options.stop_before),
            "interrupt_after": _stops(options.stop_after),
            "webhook": options.webhook,
        },
        "multitask_strategy": options.busy or "enqueue",
        "created_at": time_of(found.created_at),
        "updated_at": time_of(updated),
    }


def _stops(nodes: Sequence[str]) -> Sequence[str] | None:
    """Where a run stops, as it is asked for: all nodes are one text."""
    return "*" if list(nodes) == ["*"] else nodes or None


def about(found: RunRecord) -> dict[str, Any]:
    """What the metadata of a run's messages and tasks says of it."""
    return {
        "graph_id": found.graph,
        ASSISTANT: found.metadata.get(ASSISTANT),
        "thread_id": found.session_id,
        "run_id": found.id,
        **found.metadata,
    }


def selected(row: dict[str, Any], names: Sequence[str] | None) -> dict[str, Any]:
    """Some fields of a row. Raises `ProtocolError` (invalid params) for one it cannot have."""
    if not names:
        return row
    for name in names:
        if name not in row:
            raise ProtocolError(
                INVALID_PARAMS,
                f"there is no {name!r} to select; there are {', '.join(row)}",
                path="$.select",
            )
    return {name: row[name] for name in names}


def paged(found: int, limit: int, offset: int) -> dict[str, str]:
    """The headers of one page of a list: how many there are up to it, or, where more follow, one beyond; and where they begin.

    `found`: how many there are in all.
    """
    end = offset + limit
    if found > end:
        return {"x-pagination-total": str(end + 1), "x-pagination-next": str(end)}
    return {"x-pagination-total": str(max(found, offset))}


def selected_state(state: dict[str, Any], names: Sequence[str] | None) -> dict[str, Any]:
    """Some fields of a state, `values.<key>` for one of its values. Raises `ProtocolError` as `selected` does."""
    fields, keys = [], []
    for name in names or ():
        field, dot, key = name.partition(".")
        if field == "values" and dot:
            keys.append(key)
        else:
            fields.append(name)
    if not keys or "values" in fields:
        return selected(state, fields)
    values = state["values"] if isinstance(state["values"], dict) else {}
    shown = {key: values[key] for key in keys if key in values}
    return {**(selected(state, fields) if fields else {}), "values": shown}


EXTRACTED = ("values", "metadata", "config", "interrupts")
"""Where the paths of what is to be extracted begin."""

MAX_EXTRACTED = 10


def check_extract(paths: Mapping[str, str]) -> None:
    """Raises `ProtocolError` (invalid params)."""
    wrong = None
    if len(paths) > MAX_EXTRACTED:
        wrong = f"at most {MAX_EXTRACTED} values are extracted, not {len(paths)}"
    for alias, path in paths.items():
        if not alias.isascii() or not alias.isidentifier():
            wrong = f"what is extracted is called by letters, digits and `_`, not {alias!r}"
        elif path.split(".")[0].split("[")[0] not in EXTRACTED:
            wrong = f"the path {path!r} must begin with one of {', '.join(EXTRACTED)}"
    if wrong is not None:
        raise ProtocolError(INVALID_PARAMS, wrong, path="$.extract")


def extracted(row: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Any]:
    """Values of a row by paths such as `values.messages[-1].content`."""
    return {alias: _at(row, path) for alias, path in paths.items()}


def _at(value: Any, path: str) -> Any:
    for part in path.replace("]", "").replace("[", ".").split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.lstrip("-").isdigit():
            index = int(part)
            value = value[index] if -len(value) <= index < len(value) else None
        else:
            return None
    return value
