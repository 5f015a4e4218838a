"""What a project's own rules (`@auth.on`) say to each call of LangGraph's API, asked before its handler."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Protocol
from uuid import UUID, uuid4

import msgspec

from protocol.errors import GRAPH_NOT_FOUND, ProtocolError
from rpc.auth.langgraph_auth import Filter, matches
from rpc.auth.principals import Principal
from rpc.methods.call import Call
from rpc.methods.langgraph.guarded_values import held, told
from rpc.methods.langgraph.shapes import metadata_of
from rpc.sessions.assistants import SYSTEM, Assistants
from rpc.sessions.lifecycle import not_found
from rpc.sessions.new_ids import new_id
from rpc.storage.records import Assistant
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

_wanted: ContextVar[Filter | None] = ContextVar("wanted", default=None)


class Guard(Protocol):
    """Says what may be done."""

    async def allowed(
        self, principal: Principal, resource: str, action: str, value: dict[str, Any]
    ) -> Filter | None:
        """What the metadata must hold. Raises `ProtocolError`."""


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

        async def asked(call: Call, params: Any) -> Any:
            value = told(name, params)
            if name == "runs.create":
                call.run_id = new_id()
                value["run_id"] = UUID(call.run_id)
            wanted = await guard.allowed(call.caller, resource, action, value)
            await _check(params, wanted)
            if name == "threads.copy":
                copied = {"thread_id": uuid4(), "metadata": {}}
                await guard.allowed(call.caller, resource, "create", copied)
            if name == "runs.list":
                listed = {"thread_id": value["thread_id"], "metadata": {}}
                await _check(params, await guard.allowed(call.caller, resource, "search", listed))
            if name == "runs.create":
                await _check_assistant(call, params)
            changed = held(name, params, value, wanted)
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
                _is_wanted(await assistants.find(id, None), wanted)

        async def _check_assistant(call: Call, params: Any) -> None:
            """Who starts a run of an assistant that somebody made must be let read that."""
            found = await assistants.find(params.assistant_id, call.owner)
            if found.owner != SYSTEM:
                value = {"assistant_id": UUID(found.id), "metadata": {}}
                _is_wanted(found, await guard.allowed(call.caller, "assistants", "read", value))

        return asked

    return {name: made(name, handler) for name, handler in handlers.items()}


def _is_wanted(found: Assistant, wanted: Filter | None) -> None:
    """Raises `ProtocolError` (graph not found)."""
    if found.owner != SYSTEM and not matches(wanted, found.now.metadata):
        raise ProtocolError(GRAPH_NOT_FOUND, f"there is no assistant {found.id!r}")
