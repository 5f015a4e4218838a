"""What nodes gave before (`CachePolicy`), kept apart by owner: a cache is one for all who use its graph, and a hit tells what another asked.

Borrowed: that both kinds of LangGraph's loops are given the cache of their graph, a subgraph's its own, as the keyword `cache`; and that
they ask it by pairs of a namespace and a key. An owner is in the key alone: the namespace stays, by which a graph's own
`clear_cache` clears.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from langgraph.cache.base import BaseCache, FullKey, Namespace
from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop

from rpc.engine.langgraph.owned_memory import label

_owner: ContextVar[str | None] = ContextVar("stepwire_cache_owner", default=None)
"""Whose run this is, for all graphs that it runs; None where nobody says who they are."""


def run_of(owner: str | None) -> None:
    """From here on, in this task and all that it begins, caches are this owner's."""
    _owner.set(owner)


class OwnedCache(BaseCache[Any]):
    """`cache` as an owner's runs see it."""

    def __init__(self, cache: BaseCache[Any], owner: str) -> None:
        super().__init__(serde=cache.serde)
        self.cache = cache
        self.before = label(owner)

    def get(self, keys: Sequence[FullKey]) -> dict[FullKey, Any]:
        """As `BaseCache.get`."""
        return self._outside(self.cache.get([self._inside(key) for key in keys]))

    async def aget(self, keys: Sequence[FullKey]) -> dict[FullKey, Any]:
        """As `BaseCache.aget`."""
        return self._outside(await self.cache.aget([self._inside(key) for key in keys]))

    def set(self, pairs: Mapping[FullKey, tuple[Any, int | None]]) -> None:
        """As `BaseCache.set`."""
        self.cache.set({self._inside(key): value for key, value in pairs.items()})

    async def aset(self, pairs: Mapping[FullKey, tuple[Any, int | None]]) -> None:
        """As `BaseCache.aset`."""
        await self.cache.aset({self._inside(key): value for key, value in pairs.items()})

    def clear(self, namespaces: Sequence[Namespace] | None = None) -> None:
        """As `BaseCache.clear`: of all owners."""
        self.cache.clear(namespaces)

    async def aclear(self, namespaces: Sequence[Namespace] | None = None) -> None:
        """As `BaseCache.aclear`: of all owners."""
        await self.cache.aclear(namespaces)

    def _inside(self, key: FullKey) -> FullKey:
        return key[0], self.before + key[1]

    def _outside(self, found: Mapping[FullKey, Any]) -> dict[FullKey, Any]:
        return {(ns, key.removeprefix(self.before)): value for (ns, key), value in found.items()}


@contextmanager
def caches_owned() -> Iterator[None]:
    """Within, whatever LangGraph runs for an owner has its caches as that owner's."""
    kinds = (AsyncPregelLoop, SyncPregelLoop)
    before = {kind: kind.__init__ for kind in kinds}
    for kind in kinds:
        kind.__init__ = _given(kind.__init__)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for kind, own in before.items():
            kind.__init__ = own  # type: ignore[method-assign]


def _given(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def given(self: Any, *args: Any, **more: Any) -> None:
        cache, owner = more.get("cache"), _owner.get()
        if cache is not None and owner is not None:
            more["cache"] = OwnedCache(cache, owner)
        init(self, *args, **more)

    return given
