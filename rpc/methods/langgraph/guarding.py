"""What a project's own rules (`@auth.on`) say to each call of LangGraph's API, asked before its handler."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Protocol

import msgspec

from protocol.errors import GRAPH_NOT_FOUND, ProtocolError
from rpc.auth.langgraph_auth import Filter, matches
from rpc.auth.principals import Principal
from rpc.methods.call import Call
from rpc.methods.langgraph.shapes import metadata_of
from rpc.sessions.assistants import SYSTEM, Assistants
from rpc.sessions.lifecycle import not_found
from rpc.storage.store import Store

Handler = Callable[[Call, Any], Awaitable[Any]]

ACTIONS = {
    "assistants.create": "create",
    "assistants.search": "search",
    "assistants.count": "search",
    "assistants.update": "update",
    "assistants.latest": "update",
    "assistants.delete": "delete",
    "threads.create": "create",
    "threads.search": "search",
    "threads.count": "search",
    "threads.prune": "delete",
    "threads.update": "update",
    "threads.updateState": "update",
    "threads.delete": "delete",
    "runs.create": "create_run",
    "runs.cancel": "update",
    "runs.cancelMany": "update",
    "runs.delete": "delete",
    "store.put": "put",
    "store.get": "get",
    "store.delete": "delete",
    "store.search": "search",
    "store.namespaces": "list_namespaces",
}
"""What a method is called there; the others read."""

PLACES = {"store.search": "namespace_prefix", "store.namespaces": "prefix"}
"""Which param is called `namespace` there, where it is another."""

KWARGS = (
    "input", "command", "config", "context", "webhook", "interrupt_before", "interrupt_after", "stream_mode", "stream_subgraphs",
)  # fmt: skip
"""What of a new run is under `kwargs` there."""

_wanted: ContextVar[Filter | None] = ContextVar("wanted", default=None)


class Guard(Protocol):
    """Says what may be done."""

    async def allowed(
        self, principal: Principal, resource: str, action: str, value: dict[str, Any]
    ) -> Filter | None:
        """What the metadata must hold. Raises `ProtocolError`."""


def _labels(given: str | list[str] | None) -> tuple[str, ...] | None:
    """A namespace as handlers get it."""
    if given is None:
        return None
    return tuple(given.split(".") if isinstance(given, str) else given)


def shows(metadata: dict[str, Any]) -> bool:
    """Whether a list of the call under way may have what has this metadata."""
    return matches(_wanted.get(), metadata)


def guarded(
    handlers: dict[str, Handler], guard: Guard, store: Store, assistants: Assistants
) -> dict[str, Handler]:
    """The handlers, each asked about before."""

    def made(name: str, handler: Handler) -> Handler:
        kind = name.partition(".")[0]
        resource = "threads" if kind == "runs" else kind
        action = ACTIONS.get(name, "read")
        place = PLACES.get(name, "namespace")

        async def asked(call: Call, params: Any) -> Any:
            value = {
                "thread_id" if one == "session_id" else one: getattr(params, one)
                for one in params.__struct_fields__
            }
            if resource == "store":
                value["namespace"] = _labels(value.pop(place, None))
            else:
                value["metadata"] = dict(value.get("metadata") or {})
            if action == "create_run":
                value["kwargs"] = {one: value.get(one) for one in KWARGS}
            wanted = await guard.allowed(call.caller, resource, action, value)
            await _check(params, wanted)
            changed: dict[str, Any] = {}
            if resource == "store":
                # Whatever it makes of the request holds.
                changed = {
                    one: value[one]
                    for one in params.__struct_fields__
                    if value.get(one) is not None
                }
                if value.get("namespace") is not None:
                    changed[place] = list(value["namespace"])
                if wanted and name == "store.search":
                    changed["filter"] = {**(value.get("filter") or {}), **wanted}
            elif "metadata" in params.__struct_fields__ and value.get("metadata"):
                changed["metadata"] = value["metadata"]
            token = _wanted.set(wanted)
            try:
                return await handler(call, msgspec.structs.replace(params, **changed))
            finally:
                _wanted.reset(token)

        async def _check(params: Any, wanted: Filter | None) -> None:
            if wanted is None:
                return
            session_id = getattr(params, "session_id", None)
            if session_id is not None and resource == "threads":
                record = await store.read(store.session, session_id)
                if record is None or not matches(wanted, metadata_of(record)):
                    raise not_found(session_id)
            id = getattr(params, "assistant_id", None)
            if resource == "assistants" and id is not None and action != "create":
                found = await assistants.find(id, None)
                if found.owner != SYSTEM and not matches(wanted, found.now.metadata):
                    raise ProtocolError(GRAPH_NOT_FOUND, f"there is no assistant {id!r}")

        return asked

    return {name: made(name, handler) for name, handler in handlers.items()}
