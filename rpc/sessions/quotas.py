"""How much one owner may have and ask for, over all nodes: sessions, bytes that are kept of them, queries a minute.

What an owner uses is counted by the store as it is written, so that it is the same after a restart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct

from protocol.errors import QUOTA_EXCEEDED, RATE_LIMITED, Limit, ProtocolError
from rpc.clock import now_ms
from rpc.engine.running.limits import StoredTooMuch
from rpc.storage.store import OwnerUsage, Store
from rpc.storage.units import CountQuery, Row

AHEAD_SECONDS = 2
"""How much later another node's second may be."""

WINDOW_SECONDS = 60
RETRY_MS = 1000

TRIES = 5
"""How often an owner's use is read where some of it is committed meanwhile."""

SESSIONS = "max_sessions_per_owner"
BYTES = "max_stored_bytes_per_owner"
MEMORY = "max_memory_bytes_per_owner"
QUERIES = "max_queries_per_minute"


class OwnerLimits(Struct, frozen=True):
    """Of one owner; 0 is no limit. `stored_bytes`: of all their sessions. `queries`: started in a minute. `memory_bytes`: of what their runs remember."""

    sessions: int = 0
    stored_bytes: int = 0
    queries: int = 0
    memory_bytes: int = 0


NAMED = OwnerLimits(100_000, 10 * 1024**3, 600, 1024**3)
"""Of an owner who says who they are, where nothing else is set."""


class Quotas:
    """Says whether an owner may start a query. `limits`: an owner's. `clock`: seconds since 1970."""

    def __init__(
        self,
        store: Store,
        limits: Callable[[str], OwnerLimits],
        clock: Callable[[], float] = lambda: now_ms() / 1000,
    ) -> None:
        self.store = store
        self.limits = limits
        self.clock = clock
        # What is being committed just now, and is not counted by the store yet.
        self.queries: Counter[str] = Counter()
        self.sessions: Counter[str] = Counter()
        # How many have been committed, or were not.
        self.settled = 0

    @asynccontextmanager
    async def starting(
        self, owner: str, *, session: bool, query: bool = True
    ) -> AsyncIterator[Sequence[Row]]:
        """While the body commits a query of the owner's, with these rows. `session`: it makes one. `query`: whether it is one at all.

        Raises `ProtocolError` (rate limited, quota exceeded), `StorageError`.
        """
        limits = self.limits(owner)
        if limits == OwnerLimits():
            yield ()
            return
        now = self.clock()
        second = int(now)
        used = await self._used(owner, second - WINDOW_SECONDS + 1)
        if query and limits.queries:
            # Where the clock was set back, what came before that is not of this minute.
            lately = [one for one in used.queries if one[0] <= second + AHEAD_SECONDS]
            waits = wait_ms(lately, self.queries[owner], limits.queries, now)
            if waits:
                raise ProtocolError(
                    RATE_LIMITED,
                    f"{limits.queries} queries of this owner were started within a minute, the limit; the next is taken in {waits} ms",
                    retry_after_ms=waits,
                    limit=Limit(QUERIES, limits.queries),
                )
        if session and limits.sessions and used.sessions + self.sessions[owner] >= limits.sessions:
            raise ProtocolError(
                QUOTA_EXCEEDED,
                f"this owner has {limits.sessions} sessions, the limit; `session.delete` makes room, and a follow-up needs none",
                limit=Limit(SESSIONS, limits.sessions),
            )
        _check_bytes(used.bytes, limits.stored_bytes)
        self.queries[owner] += query
        self.sessions[owner] += session
        try:
            yield (CountQuery(owner, second),) if query and limits.queries else ()
        finally:
            self.settled += 1
            for counter, count in ((self.queries, int(query)), (self.sessions, int(session))):
                counter[owner] -= count
                if not counter[owner]:
                    del counter[owner]

    async def _used(self, owner: str, since: int) -> OwnerUsage:
        """What the store counts; what is being committed here is in it, or is counted here still."""
        for _ in range(TRIES):
            settled = self.settled
            used = await self.store.read(self.store.usage, owner, since)
            if settled == self.settled:
                break
        return used

    async def has_room(self, owner: str) -> None:
        """Before something of the owner's is changed that grows by it. Raises `ProtocolError` (quota exceeded), `StorageError`."""
        most = self.limits(owner).stored_bytes
        if most:
            _check_bytes(
                (await self.store.read(self.store.usage, owner, int(self.clock()))).bytes, most
            )

    async def stored_too_much(self, owner: str) -> StoredTooMuch | None:
        """Why no run of the owner's may go on; None where they may. Raises `StorageError`."""
        most = self.limits(owner).stored_bytes
        if not most:
            return None
        kept = (await self.store.read(self.store.usage, owner, int(self.clock()))).bytes
        return StoredTooMuch(kept, most) if kept > most else None


def _check_bytes(kept: int, most: int) -> None:
    if most and kept >= most:
        raise ProtocolError(
            QUOTA_EXCEEDED,
            f"{kept} bytes are kept of this owner's sessions, and the limit is {most}; `session.delete` makes room",
            limit=Limit(BYTES, most),
        )


def wait_ms(started: Sequence[tuple[int, int]], more: int, limit: int, now: float) -> int:
    """Milliseconds until one more query is within `limit` a minute; 0 where it is now.

    `started`: how many were in which second, of the last minute, the oldest first. `more`: those that are not among them yet.
    """
    left = sum(count for _, count in started) + more
    if left < limit:
        return 0
    for second, count in started:
        left -= count
        if left < limit:
            return max(1, int((second + WINDOW_SECONDS - now) * 1000) + 1)
    return RETRY_MS
