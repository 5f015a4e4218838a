"""A real store whose writes stand still where a test says: between two moments that are microseconds apart."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rpc.storage.store import Store
from rpc.storage.units import Outcome, Unit

DEADLINE_SECONDS = 60.0
"""How long a write stands still at most: a test that fails must not keep its server from ending."""

Wanted = Callable[[Sequence[Unit]], bool]


class Hold:
    """One place where the first write that is `wanted` stands still. Made by `HeldWrites.hold`."""

    def __init__(self, wanted: Wanted, *, after: bool) -> None:
        self.wanted = wanted
        # Whether it stands behind the transaction, committed, and not before it.
        self.after = after
        # Set when a write stands here.
        self.reached = threading.Event()
        self.go = threading.Event()
        # The units of that write.
        self.units: list[Unit] = []

    def release(self) -> None:
        """Let it go on."""
        self.go.set()

    async def stands(self) -> None:
        """Wait until a write stands here."""
        if not await asyncio.to_thread(self.reached.wait, DEADLINE_SECONDS):
            raise TimeoutError("no such write came")


class HeldWrites:
    """The writes of a store, see `held_writes`. Reads are let through."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.real = store.write
        self.holds: list[Hold] = []
        # The units of every write so far, as it began.
        self.writes: list[list[Unit]] = []

    def hold(self, wanted: Wanted = lambda units: True, *, after: bool = False) -> Hold:
        """Have the next write that is `wanted` stand still, before or after its transaction."""
        hold = Hold(wanted, after=after)
        self.holds.append(hold)
        return hold

    def write(self, units: Sequence[Unit]) -> list[Outcome]:
        """In place of the store's own. In the line's thread."""
        self.writes.append(list(units))
        self._stand(units, after=False)
        outcomes = self.real(units)
        self._stand(units, after=True)
        return outcomes

    def _stand(self, units: Sequence[Unit], *, after: bool) -> None:
        for hold in self.holds:
            if hold.after is after and not hold.reached.is_set() and hold.wanted(units):
                hold.units = list(units)
                hold.reached.set()
                hold.go.wait(DEADLINE_SECONDS)


@contextmanager
def held_writes(store: Any) -> Iterator[HeldWrites]:
    """Hold writes of a store that is open; on leaving all go on as before."""
    held = HeldWrites(store)
    store.write = held.write
    try:
        yield held
    finally:
        store.write = held.real
        for hold in held.holds:
            hold.release()
