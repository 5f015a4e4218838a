"""Channel values as rows: each once a version, and a list that extends the one before as its tail.

All of it is about the encoded bytes. A msgpack array is a header and the bytes of its elements
(https://github.com/msgpack/msgpack/blob/master/spec.md#array-format-family), so a list extends another when its
elements' bytes begin with the other's.

A list is stored whole each time its size passes a power of 16. So what is stored whole weighs little more than the
last of it, the tails weigh as much as the list, both together at most 2.07 times the list; and when to do it follows
from two sizes, whatever was stored by whom. A chain to join has as many rows as there were versions since then, at a
few microseconds a row: less than its elements take to decode.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from rpc.engine.checkpoints.encoding import LIST, PLAIN
from rpc.storage.store import StoredCheckpoint
from rpc.storage.units import PutValue

LEAST_BYTES = 512
"""Shorter lists are stored whole: a row costs about as much."""

KEPT_BYTES = 32 * 1024 * 1024
"""How large the lists that are kept may be together."""

Place = tuple[str, str]
"""A thread and a namespace."""

List = tuple[str, bytes]
"""A version of a list, and all of its bytes."""


def header(data: bytes) -> int:
    """How long a msgpack array's header is; 0 if it is no array."""
    first = data[0] if data else 0
    if 0x90 <= first <= 0x9F:
        return 1
    return {0xDC: 3, 0xDD: 5}.get(first, 0)


def _power(data: bytes) -> int:
    """Between which powers of 16 a list's size is."""
    return (len(data).bit_length() - 1) // 4


class Lists:
    """The lists last read or written of each namespace: what the next ones may extend. Called from any thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        # By place and channel, the least recently used first. What is in it is replaced, never changed.
        self.kept: OrderedDict[Place, Mapping[str, List]] = OrderedDict()
        self.size = 0

    def row(self, place: Place, channel: str, version: str, kind: str, data: bytes) -> PutValue:
        """A value's row."""
        start = header(data) if kind == PLAIN and len(data) >= LEAST_BYTES else 0
        if not start:
            return PutValue(*place, channel, version, kind, data, whole=data)
        before = self.kept.get(place, {}).get(channel)
        if before is not None and before[0] != version:
            base, old = before
            elements = old[header(old) :]
            if _power(old) == _power(data) and data.startswith(elements, start):
                tail = data[start + len(elements) :]
                return PutValue(*place, channel, version, LIST, tail, base, data[:start], data)
        return PutValue(*place, channel, version, LIST, data[start:], None, data[:start], data)

    def written(self, place: Place, rows: Iterable[PutValue]) -> None:
        """These are durable: others may add to them."""
        self._keep(
            place, {row.channel: (row.version, row.whole) for row in rows if row.kind == LIST}
        )

    def read(self, found: StoredCheckpoint) -> None:
        """These were read."""
        self._keep(
            (found.thread_id, found.namespace),
            {
                channel: (found.versions[channel], data)
                for channel, kind, data in found.values
                if kind == LIST
            },
        )

    def forget(self) -> None:
        """Something was deleted: nothing may be added to it."""
        with self.lock:
            self.kept.clear()
            self.size = 0

    def _keep(self, place: Place, lists: Mapping[str, List]) -> None:
        if not lists:
            return
        with self.lock:
            before = self.kept.pop(place, {})
            now = self.kept[place] = {**before, **lists}
            self.size += _size(now) - _size(before)
            while self.size > KEPT_BYTES and len(self.kept) > 1:
                _, gone = self.kept.popitem(last=False)
                self.size -= _size(gone)


def _size(lists: Mapping[str, List]) -> int:
    return sum(len(data) for _, data in lists.values())
