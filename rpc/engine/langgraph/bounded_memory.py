"""How much one owner's runs may remember: refused before it is put, by what is counted where it is kept (`storage/memory_counts.py`).

Borrowed: that every method of `BaseStore` is a `batch` or an `abatch` of its operations.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from langgraph.store.base import BaseStore, Op, PutOp, Result

from rpc.engine.running.limits import RememberedTooMuch


class BoundedMemory(BaseStore):
    """`store`, until `most` bytes are kept of it. `kept`, `kept_now`: how many are, for callers that wait for it either way."""

    def __init__(
        self,
        store: BaseStore,
        most: int,
        kept: Callable[[], Awaitable[int]],
        kept_now: Callable[[], int],
    ) -> None:
        self.store = store
        self.most = most
        self.kept = kept
        self.kept_now = kept_now
        self.supports_ttl = store.supports_ttl
        self.ttl_config = store.ttl_config

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.batch`. Raises `RememberedTooMuch`; nothing of the batch is put then."""
        given = list(ops)
        if more := added(given):
            self._check(self.kept_now(), more)
        return self.store.batch(given)

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.abatch`. Raises `RememberedTooMuch`; nothing of the batch is put then."""
        given = list(ops)
        if more := added(given):
            self._check(await self.kept(), more)
        return await self.store.abatch(given)

    def _check(self, kept: int, more: int) -> None:
        if kept + more > self.most:
            raise RememberedTooMuch(kept, more, self.most)


def added(ops: Iterable[Op]) -> int:
    """Bytes of the values that these operations put."""
    return sum(
        _size(op.value) + len(op.key)
        for op in ops
        if isinstance(op, PutOp) and op.value is not None
    )


def _size(value: Any) -> int:
    """Bytes of a value as JSON. What a memory takes is for it to say: what is not JSON counts as it would be shown."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return len(text.encode("utf-8", "surrogatepass"))
