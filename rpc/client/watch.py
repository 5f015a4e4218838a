"""The changes of all sessions, on their way to one reader. Decisions without I/O: `rpc.client.link` asks the server."""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from protocol.feeds import SessionChanged


class Watch:
    """One reader. Of several changes of one session that wait for it, the last is kept: memory is bounded by the sessions.

    `cursor`: the place behind what was handed over, to go on from; None before the server has said where that is.
    """

    def __init__(self, cursor: str | None) -> None:
        self.cursor = cursor
        # Behind what has come: where to go on from after a reconnect.
        self.reached = cursor
        # Why no more will come.
        self.failure: Exception | None = None
        self._begun = False
        self._changes: dict[str, SessionChanged] = {}
        self._news = asyncio.Event()

    def begun(self, cursor: str) -> None:
        """The server watches from here on."""
        self.reached = self.reached or cursor
        self.cursor = self.cursor or cursor
        self._begun = True
        self._news.set()

    def offer(self, change: SessionChanged) -> None:
        """A change came."""
        self.reached = change.cursor
        before = self._changes.pop(change.session_id, None)
        if before is not None and before.change == "created" and change.change == "changed":
            change = msgspec.structs.replace(change, change="created")
        self._changes[change.session_id] = change
        self._news.set()

    def fail(self, error: Exception) -> None:
        """No more will come; what is here can still be taken."""
        self.failure = self.failure or error
        self._news.set()

    async def started(self) -> str:
        """Once the server watches: what is listed from then on misses nothing that is not told. The cursor it began at.

        Raises `RpcError` (`events_gone`: list anew, and watch without a cursor), `ConnectionLost`.
        """
        while not self._begun or self.cursor is None:
            if self.failure is not None:
                raise self.failure
            self._news.clear()
            await self._news.wait()
        return self.cursor

    async def take(self) -> list[SessionChanged]:
        """All changes that are there, at least one; waits for it. Raises what ended it."""
        while not self._changes:
            if self.failure is not None:
                raise self.failure
            self._news.clear()
            await self._news.wait()
        found, self._changes = list(self._changes.values()), {}
        self.cursor = self.reached
        return found

    async def __aiter__(self) -> AsyncIterator[SessionChanged]:
        while True:
            for change in await self.take():
                yield change
