"""Work that takes long, one piece a client at a time: who asks for much waits behind himself, and nobody else does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protocol.errors import RATE_LIMITED, Limit, ProtocolError
from rpc.slots import Slots

RETRY_MS = 1000


class Turns:
    """Who may begin, of those who wait.

    `at_once`: pieces at once. `per_client`: of one client's, under way and waiting; one of them is under way. `name`: of
    the setting that says so.
    """

    def __init__(self, at_once: int, per_client: int, name: str) -> None:
        self.slots = Slots(at_once, each=1)
        self.per_client = per_client
        self.name = name

    @asynccontextmanager
    async def turn(self, client: str | None) -> AsyncIterator[None]:
        """While the body runs it is the client's turn. Raises `ProtocolError` where too many of his wait."""
        who = client or ""
        if self.slots.taken[who] + self.slots.waits(who) >= self.per_client:
            raise ProtocolError(
                RATE_LIMITED,
                f"{self.per_client} lists and searches of {client} are not answered yet, the limit",
                retry_after_ms=RETRY_MS,
                limit=Limit(self.name, self.per_client),
            )
        await self.slots.wait(who)
        try:
            yield
        finally:
            self.slots.release(who)
