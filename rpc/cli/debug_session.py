"""A session that a person debugs: its events as they come, and calls that wait until it rests."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from rpc.client import Client, Event
from rpc.client.client import SETTLED


class DebuggedSession:
    """One session of one server. `read` must run meanwhile.

    `show` is called with each of its events.
    """

    def __init__(
        self, client: Client, session_id: str, seq: int, show: Callable[[Event], None]
    ) -> None:
        self.client = client
        self.id = session_id
        # The last event seen.
        self.seq = seq
        # What the last `session.status` said; '' before one was seen.
        self.status = ""
        # The tasks of the last `debug.stopped`.
        self.stopped: list[dict[str, Any]] = []
        # Paths of the nodes that ended in this run.
        self.finished: set[str] = set()
        # Why no more events come.
        self.failure: Exception | None = None
        self._show = show
        self._news = asyncio.Event()

    async def read(self) -> None:
        """Take the session's events, until cancelled."""
        try:
            async with aclosing(self.client.events(self.id, after=self.seq)) as events:
                async for event in events:
                    self._take(event)
        except Exception as error:
            # Told to whoever waits for events.
            self.failure = error
            self._news.set()

    def _take(self, event: Event) -> None:
        data = event.data
        match event.type:
            case "session.status":
                self.status = data["status"]
                if self.status == "running":
                    self.stopped = []
            case "debug.stopped":
                self.stopped = data["tasks"]
            case "node.finished":
                self.finished.add(data["path"])
            case "debug.resumed" if data["action"] == "rewind":
                self.finished.clear()
        self._show(event)
        self.seq = event.seq
        self._news.set()

    async def look(self) -> dict[str, Any]:
        """`debug.inspect` of the present; what stands is known then."""
        found: dict[str, Any] = await self.call("inspect")
        self.status, self.stopped = found["status"], found["stopped"]
        asking = [task for task in found["tasks"] if task["status"] == "waiting"]
        self.stopped += [{**task, "reason": "interrupt", "detail": None} for task in asking]
        return found

    async def call(self, method: str, **params: Any) -> Any:
        """`debug.<method>` of this session. Raises `RpcError`."""
        return await self.client.call(f"debug.{method}", session_id=self.id, **params)

    async def go(self, method: str, **params: Any) -> None:
        """The same, and wait until the session rests."""
        after = self.seq
        await self.call(method, **params)
        await self.rest(after)

    async def respond(self, value: Any, interrupt_id: str | None) -> None:
        """Answer a node that asks, and wait until the session rests."""
        after = self.seq
        await self.client.respond(self.id, value, interrupt_id)
        await self.rest(after)

    async def rest(self, after: int) -> None:
        """Wait for an event past `after` and until nothing more happens by itself."""
        while self.seq <= after or self.status not in SETTLED:
            await self._next()

    async def moved(self, method: str, **params: Any) -> Any:
        """A call that moves or edits the session where it rests; what came of it was shown."""
        result = await self.call(method, **params)
        last = (await self.client.session(self.id)).seq
        while self.seq < last:
            await self._next()
        return result

    async def _next(self) -> None:
        if self.failure is not None:
            raise self.failure
        self._news.clear()
        await self._news.wait()

    def task(self, name: str) -> dict[str, Any]:
        """A task that stands: by its number from 1, its path, its node's name or the start of its id.

        Raises `LookupError`, the message saying what there is.
        """
        if name.isdigit() and 0 < int(name) <= len(self.stopped):
            return self.stopped[int(name) - 1]
        found = [
            task
            for task in self.stopped
            if name in (task["path"], task["node"]) or task["task_id"].startswith(name)
        ]
        if len(found) == 1:
            return found[0]
        standing = ", ".join(f"{i} {task['path']}" for i, task in enumerate(self.stopped, 1))
        what = f"{len(found)} tasks are {name!r}" if found else f"no task {name!r} stands"
        raise LookupError(f"{what}; there are: {standing or 'none'}")
