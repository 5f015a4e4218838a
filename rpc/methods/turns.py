"""Work that takes long, one piece a client at a time: who asks for much waits behind himself, and nobody else does."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protocol.errors import RATE_LIMITED, Limit, ProtocolError

RETRY_MS = 1000


class Turns:
    """Who may begin, of those who wait.

    `at_once`: pieces at once. `per_client`: of one client's, under way and waiting; one of them is under way. `name`: of
    the setting that says so.
    """

    def __init__(self, at_once: int, per_client: int, name: str) -> None:
        self.at_once = at_once
        self.per_client = per_client
        self.name = name
        # How many pieces each client has, waiting or not.
        self.pieces: Counter[str | None] = Counter()
        # Whose piece is under way.
        self.busy: set[str | None] = set()
        # Who waits, each client's pieces in their order; first the client who waits longest for a turn.
        self.waiting: OrderedDict[str | None, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, client: str | None) -> AsyncIterator[None]:
        """While the body runs it is the client's turn. Raises `ProtocolError` where too many of his wait."""
        if self.pieces[client] >= self.per_client:
            raise ProtocolError(
                RATE_LIMITED,
                f"{self.per_client} lists and searches of {client} are not answered yet, the limit",
                retry_after_ms=RETRY_MS,
                limit=Limit(self.name, self.per_client),
            )
        self.pieces[client] += 1
        try:
            await self._begin(client)
            try:
                yield
            finally:
                self.busy.discard(client)
                if client in self.waiting:
                    self.waiting.move_to_end(client)
        finally:
            self.pieces[client] -= 1
            if not self.pieces[client]:
                del self.pieces[client]
            self._next()

    async def _begin(self, client: str | None) -> None:
        if client not in self.busy and len(self.busy) < self.at_once and not self.waiting:
            self.busy.add(client)
            return
        ready = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(client, deque()).append(ready)
        try:
            self._next()
            await ready
        except BaseException:
            if ready.done() and not ready.cancelled():
                # It was given its turn, and is gone.
                self.busy.discard(client)
            elif ready in self.waiting.get(client, ()):
                self._leave(client, ready)
            raise

    def _leave(self, client: str | None, ready: asyncio.Future[None]) -> None:
        queue = self.waiting[client]
        queue.remove(ready)
        if not queue:
            del self.waiting[client]

    def _next(self) -> None:
        """Give turns to those who have waited longest, of clients that have none."""
        for client in list(self.waiting):
            if len(self.busy) >= self.at_once:
                return
            if client in self.busy:
                continue
            for ready in list(self.waiting[client]):
                self._leave(client, ready)
                # One that was cancelled has not come to leave by itself yet.
                if not ready.done():
                    self.busy.add(client)
                    ready.set_result(None)
                    break
