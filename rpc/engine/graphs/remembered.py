"""What graphs remember over sessions, for who asks from outside a graph."""

from datetime import UTC, datetime
from typing import Any

import orjson
from langgraph.store.base import BaseStore, Item

from rpc.engine.langgraph.memory_filters import OPERATORS, parts, unknown
from rpc.engine.langgraph.memory_store import Shared, memory_of
from rpc.engine.values.to_json import to_json

COMPARISONS = 1000
"""How many a search makes of an item at most: each is a part of a statement."""

NUL = "PostgreSQL keeps no text with a NUL in it"


class NotStorable(Exception):
    """A `key`, a `value` or a part of a filter (`of`) that the memory does not take; the message says `why`."""

    def __init__(self, of: str, why: str) -> None:
        super().__init__(f"the memory does not take this {of}: {why}")
        self.of = of
        self.why = why


class Remembered:
    """The memory of one server's graphs, owner by owner."""

    def __init__(self, memory: Shared) -> None:
        self.memory = memory

    def _of(self, owner: str) -> BaseStore:
        found = memory_of(self.memory, owner)
        assert found is not None
        return found

    def check(self, key: str, value: Any) -> None:
        """Raises `NotStorable` for what LangGraph's stores would fail with: they keep JSON as orjson writes it."""
        try:
            text = orjson.dumps(value)
        except TypeError as error:
            raise NotStorable("value", str(error)) from error
        if self.memory.takes_nul:
            return
        if "\0" in key:
            raise NotStorable("key", NUL)
        # A backslash that is written twice is one of the text's own.
        if b"\\u0000" in text.replace(b"\\\\", b""):
            raise NotStorable("value", NUL)

    def check_filter(self, filter: dict[str, Any]) -> None:
        """Raises `NotStorable` for a filter that no value is compared with; `of`: the part of it that is wrong."""
        if sum(1 for _ in parts(list(filter.values()))) > COMPARISONS:
            raise NotStorable("filter", f"it makes more than {COMPARISONS:,} comparisons")
        for name, wanted in filter.items():
            try:
                self.check("", {name: wanted})
            except NotStorable as error:
                raise NotStorable(f"filter.{name}", error.why) from error
            if (operator := unknown({name: wanted})) is not None:
                said = f"a value is compared by {', '.join(OPERATORS)}, not by {operator!r}"
                raise NotStorable(f"filter.{name}", said)

    async def put(
        self,
        owner: str,
        namespace: tuple[str, ...],
        key: str,
        value: dict[str, Any],
        **options: Any,
    ) -> None:
        """Remember a value under a key."""
        await self._of(owner).aput(namespace, key, value, **options)

    async def get(
        self, owner: str, namespace: tuple[str, ...], key: str, refresh: bool | None = None
    ) -> Any:
        """The value under a key with when it was put; None where there is none. `refresh`: whether it is kept for its time from now on."""
        found = await self._of(owner).aget(namespace, key, refresh_ttl=refresh)
        return None if found is None else _shown(found)

    async def delete(self, owner: str, namespace: tuple[str, ...], key: str) -> None:
        """Forget what is under a key."""
        await self._of(owner).adelete(namespace, key)

    async def search(self, owner: str, prefix: tuple[str, ...], **options: Any) -> list[Any]:
        """What is remembered in namespaces that begin so."""
        found = await self._of(owner).asearch(prefix, **options)
        return [{**_shown(one), "score": one.score} for one in found]

    async def namespaces(self, owner: str, **options: Any) -> list[list[str]]:
        """The namespaces there are."""
        return [list(one) for one in await self._of(owner).alist_namespaces(**options)]


def _shown(item: Item) -> dict[str, Any]:
    return {
        "namespace": list(item.namespace),
        "key": item.key,
        "value": to_json(item.value),
        "created_at": _time(item.created_at),
        "updated_at": _time(item.updated_at),
    }


def _time(at: datetime) -> str:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
