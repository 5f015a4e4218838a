"""`store.*`: what graphs remember over sessions, the owner's part of it."""

from typing import Any

from msgspec import UnsetType

from protocol import langgraph as api
from protocol.errors import INVALID_PARAMS, QUOTA_EXCEEDED, Limit, ProtocolError
from rpc.engine.graphs.remembered import NotStorable, Remembered
from rpc.engine.running.limits import RememberedTooMuch
from rpc.methods.call import Call
from rpc.methods.langgraph.assistants import owner_of
from rpc.sessions.quotas import MEMORY

RESERVED = "langgraph"
"""How no namespace may begin."""

LABELS = "a namespace is a list of texts, none empty and none with a dot or a NUL in it"


class StoreMethods:
    """The handlers of `store.*`."""

    def __init__(self, remembered: Remembered) -> None:
        self.remembered = remembered

    async def put(self, call: Call, params: api.ItemPut) -> None:
        index: Any = params.index
        options = {} if isinstance(index, UnsetType) or index is True else {"index": index}
        if params.ttl is not None:
            options["ttl"] = params.ttl
        place = _namespace(params.namespace)
        try:
            self.remembered.check(params.key, params.value)
            await self.remembered.put(owner_of(call), place, params.key, params.value, **options)
        except NotStorable as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path=f"$.{error.of}") from error
        except RememberedTooMuch as error:
            raise ProtocolError(
                QUOTA_EXCEEDED, str(error), limit=Limit(MEMORY, error.most)
            ) from error

    async def get(self, call: Call, params: api.ItemId) -> Any:
        place = _namespace(params.namespace)
        return await self.remembered.get(owner_of(call), place, params.key, params.refresh_ttl)

    async def delete(self, call: Call, params: api.ItemId) -> None:
        await self.remembered.delete(owner_of(call), _namespace(params.namespace), params.key)

    async def search(self, call: Call, params: api.ItemSearch) -> Any:
        try:
            self.remembered.check_filter(params.filter or {})
        except NotStorable as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path=f"$.{error.of}") from error
        found = await self.remembered.search(
            owner_of(call),
            _labels("namespace_prefix", params.namespace_prefix),
            query=params.query,
            filter=params.filter,
            # None is as good as not said, as with LangGraph's server.
            limit=params.limit or 10,
            offset=params.offset,
            refresh_ttl=params.refresh_ttl,
        )
        return {"items": found}

    async def namespaces(self, call: Call, params: api.NamespaceSearch) -> Any:
        found = await self.remembered.namespaces(
            owner_of(call),
            prefix=None if params.prefix is None else _labels("prefix", params.prefix),
            suffix=None if params.suffix is None else _labels("suffix", params.suffix),
            max_depth=params.max_depth,
            limit=params.limit,
            offset=params.offset,
        )
        return {"namespaces": found}


def _namespace(given: str | list[str] | None) -> tuple[str, ...]:
    """Raises `ProtocolError` (invalid params)."""
    parts = _labels("namespace", given.split(".") if isinstance(given, str) else list(given or ()))
    if not parts:
        raise ProtocolError(INVALID_PARAMS, LABELS, path="$.namespace")
    if parts[0] == RESERVED:
        raise ProtocolError(
            INVALID_PARAMS,
            f"no namespace begins with {RESERVED!r}, which is LangGraph's own",
            path="$.namespace",
        )
    return parts


def _labels(of: str, given: list[str]) -> tuple[str, ...]:
    """A namespace, or a part of one. Raises `ProtocolError` (invalid params)."""
    if any(not part or "." in part or "\0" in part for part in given):
        raise ProtocolError(INVALID_PARAMS, LABELS, path=f"$.{of}")
    return tuple(given)
