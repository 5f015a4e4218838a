"""What a project's own rules are told of a call, in the shapes of `langgraph_sdk.auth.types`, and what of it holds. Decisions without I/O."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from msgspec import UNSET

from rpc.sessions.assistants import system_id

PLACES = {"store.search": "namespace_prefix", "store.namespaces": "prefix"}
"""Which param is called `namespace` there, where it is another."""

KWARGS = ("input", "command", "config", "context", "webhook", "interrupt_before", "interrupt_after", "feedback_keys", "durability", "checkpoint_during")  # fmt: skip
"""What of a new run is under `kwargs` there, by the same names."""

IDS = ("thread_id", "run_id", "assistant_id")

NEW = {"threads.create": "thread_id", "assistants.create": "assistant_id"}
"""What has an id before it is made."""


def told(name: str, params: Any) -> dict[str, Any]:
    """What the rules are told of a call of method `name`."""
    value = {
        "thread_id" if one == "session_id" else one: getattr(params, one)
        for one in params.__struct_fields__
    }
    if name.startswith("store."):
        value["namespace"] = _labels(value.pop(PLACES.get(name, "namespace"), None))
        if name == "store.namespaces":
            value["suffix"] = _labels(value["suffix"])
        return {one: None if given is UNSET else given for one, given in value.items()}
    if name in NEW and value[NEW[name]] is None:
        value[NEW[name]] = str(uuid4())
    if name == "runs.create":
        _run(value)
    if name in ("threads.search", "threads.count"):
        value["values"] = value["values"] or {}
    if name in ("threads.count", "assistants.count"):
        value |= {"limit": 0, "offset": 0}
    if "if_exists" in value:
        value["if_exists"] = value["if_exists"] or "raise"
    for one in IDS:
        if value.get(one) is not None:
            value[one] = _id(value[one])
    value["metadata"] = dict(value.get("metadata") or {})
    return value


def _run(value: dict[str, Any]) -> None:
    """A run that is to be made."""
    mode = value["stream_mode"]
    value["kwargs"] = {
        **{one: value[one] for one in KWARGS},
        "config": value["config"] or {},
        "stream_mode": [mode] if isinstance(mode, str) else mode,
        "subgraphs": value["stream_subgraphs"],
        "resumable": value["stream_resumable"],
        "temporary": value["thread_id"] is None and value["on_completion"] != "keep",
    }
    strategy = value["multitask_strategy"] or "enqueue"
    value |= {
        "status": "pending",
        "multitask_strategy": strategy,
        "prevent_insert_if_inflight": strategy == "reject",
        "if_not_exists": value["if_not_exists"] or "reject",
        "after_seconds": value["after_seconds"] or 0,
    }


def _id(given: str) -> UUID | str:
    """An id; of a graph's name, that of its assistant. What is no id is left for the method to refuse."""
    try:
        return UUID(given)
    except ValueError:
        return UUID(system_id(given)) if "-" not in given else given


def _labels(given: str | list[str] | None) -> tuple[str, ...] | None:
    """A namespace."""
    if given is None:
        return None
    return tuple(given.split(".") if isinstance(given, str) else given)


def held(
    name: str, params: Any, value: dict[str, Any], wanted: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The params that the rules have changed: of memories all, of what else `metadata`, of a run that is to be made its `kwargs` too.

    `wanted`: what they ask of what is found.
    """
    changed: dict[str, Any] = {}
    fields = params.__struct_fields__
    if name.startswith("store."):
        # Whatever they make of the request holds.
        changed = {one: value[one] for one in fields if value.get(one) is not None}
        if value.get("namespace") is not None:
            changed[PLACES.get(name, "namespace")] = list(value["namespace"])
        if wanted and name == "store.search":
            changed["filter"] = {**(value.get("filter") or {}), **wanted}
        return changed
    if "metadata" in fields and value.get("metadata"):
        changed["metadata"] = value["metadata"]
    if name in NEW:
        changed[NEW[name]] = str(value[NEW[name]])
    if name == "runs.create":
        given = value.get("kwargs") or {}
        changed |= {one: given[one] for one in KWARGS if given.get(one)}
    return changed
