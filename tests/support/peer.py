"""One WebSocket to a server, spoken by hand: what is sent and received is what stands on the wire."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

DEADLINE_SECONDS = 60.0
"""How long anything may take before a test fails; on a good day it takes milliseconds."""

SETTLED = frozenset({"completed", "failed", "cancelled", "waiting", "paused"})
"""Statuses in which nothing more happens by itself."""


class Refused(Exception):
    """The server answered with an error object."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(json.dumps(error))
        self.code: int = error["code"]
        self.type: str = error["data"]["type"]
        self.detail: str = error["data"]["detail"]
        self.path: str | None = error["data"].get("path")


class Peer:
    """A connection that keeps every frame it got, in order. Made by `peer`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        # Everything received, decoded, in the order it came.
        self.frames: list[Any] = []
        # Notifications by session, in the order they came.
        self.events: dict[str, list[dict[str, Any]]] = {}
        # Why the connection ended; None while it is open.
        self.closed: ConnectionClosed | None = None
        # How long anything may take, in seconds.
        self.deadline = DEADLINE_SECONDS
        self._ids = count(1)
        self._news = asyncio.Event()

    async def read(self) -> None:
        """Take frames until the connection ends."""
        try:
            async for frame in self.socket:
                message = json.loads(frame)
                self.frames.append(message)
                for one in message if isinstance(message, list) else [message]:
                    if isinstance(one, dict) and "method" in one:
                        self.events.setdefault(one["params"]["session_id"], []).append(one)
                self._tell()
        except ConnectionClosed as error:
            self.closed = error
        finally:
            self.closed = self.closed or ConnectionClosed(None, None)
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def changed(self) -> asyncio.Event:
        """Set when the next frame has come, or the connection has ended."""
        return self._news

    async def until(self, found: Callable[[], Any], what: str = "it") -> Any:
        """The first true value of `found`, which is asked again whenever a frame came."""
        try:
            async with asyncio.timeout(self.deadline):
                while not (value := found()):
                    if self.closed is not None:
                        raise AssertionError(f"the connection ended before {what}: {self.closed}")
                    await self._news.wait()
                return value
        except TimeoutError:
            raise AssertionError(
                f"no sign of {what}; the last frames: {self.frames[-8:]}"
            ) from None

    async def send(self, message: Any) -> None:
        """Send a text frame: a string as it is, anything else as JSON."""
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def next_frame(self) -> Any:
        """The next frame that nobody asked for yet; answers to `call` are not given twice."""
        seen = len(self.frames)
        return await self.until(lambda: self.frames[seen:], "a frame") and self.frames[seen]

    async def exchange(self, message: Any) -> Any:
        """Send, and give the next frame that comes."""
        seen = len(self.frames)
        await self.send(message)
        await self.until(lambda: len(self.frames) > seen, f"an answer to {str(message)[:200]}")
        return self.frames[seen]

    async def answer(self, method: str, params: Any) -> dict[str, Any]:
        """Call, and give the whole response."""
        number = next(self._ids)
        await self.send({"jsonrpc": "2.0", "method": method, "params": params, "id": number})

        def found() -> Any:
            for frame in reversed(self.frames):
                if isinstance(frame, dict) and frame.get("id") == number and "method" not in frame:
                    return frame
            return None

        response: dict[str, Any] = await self.until(found, f"the answer to {method}")
        return response

    async def call(self, method: str, /, **params: Any) -> Any:
        """The result. Raises `Refused`."""
        response = await self.answer(method, params)
        if "error" in response:
            raise Refused(response["error"])
        return response["result"]

    def of(self, session_id: str, *types: str) -> list[dict[str, Any]]:
        """The session's events so far, of these types where any are named."""
        events = self.events.get(session_id, [])
        return [event for event in events if not types or event["method"] in types]

    async def event(self, session_id: str, kind: str, number: int = 1) -> dict[str, Any]:
        """The params of the session's `number`th event of that type; waits for it."""
        await self.until(lambda: len(self.of(session_id, kind)) >= number, f"{kind} no. {number}")
        params: dict[str, Any] = self.of(session_id, kind)[number - 1]["params"]
        return params

    async def settled(self, session_id: str, run_id: str | None = None, after: int = 0) -> str:
        """Wait until a run of the session ended, asks or stands, by an event past `after`; the status."""

        def found() -> Any:
            for event in reversed(self.of(session_id, "session.status")):
                params = event["params"]
                if run_id is not None and params["run_id"] != run_id:
                    continue
                if params["seq"] > after and params["status"] in SETTLED:
                    return params["status"]
            return None

        status: str = await self.until(found, f"the end of session {session_id}")
        return status

    async def run(self, query: str | None = None, **params: Any) -> "Story":
        """Start a query and see it through until nothing more happens by itself."""
        if query is not None:
            params["query"] = query
        started = await self.call("query.start", **params)
        await self.settled(started["session_id"], started["run_id"])
        return Story(self, started["session_id"], started["run_id"])

    async def respond(self, story: "Story", value: Any, interrupt_id: str | None = None) -> str:
        """Answer a node that asks, and wait until nothing more happens by itself; the status."""
        last = story.events[-1]["params"]["seq"]
        params = {"session_id": story.session_id, "value": value}
        if interrupt_id is not None:
            params["interrupt_id"] = interrupt_id
        await self.call("query.respond", **params)
        return await self.settled(story.session_id, after=last)


class Story:
    """A session as one connection saw it."""

    def __init__(self, peer: Peer, session_id: str, run_id: str) -> None:
        self.peer = peer
        self.session_id = session_id
        self.run_id = run_id

    @property
    def events(self) -> list[dict[str, Any]]:
        """All of the session's events so far."""
        return self.peer.events[self.session_id]

    def of(self, *types: str) -> list[dict[str, Any]]:
        """Params of the events of these types."""
        return [event["params"] for event in self.events if event["method"] in types]

    @property
    def status(self) -> str:
        """What the last `session.status` said."""
        status: str = self.of("session.status")[-1]["status"]
        return status

    @property
    def result(self) -> Any:
        """Of the last `query.result`."""
        return self.of("query.result")[-1]["result"]

    @property
    def failure(self) -> dict[str, Any]:
        """Of the last `query.failed`."""
        error: dict[str, Any] = self.of("query.failed")[-1]["error"]
        return error

    def paths(self, kind: str) -> list[str]:
        """The node paths of the events of a type, in order."""
        return [params["path"] for params in self.of(kind)]


@asynccontextmanager
async def peer(url: str, **options: Any) -> AsyncIterator[Peer]:
    """A connection to `url`; `options` are those of `websockets.connect`."""
    options.setdefault("max_size", None)
    options.setdefault("compression", None)
    options.setdefault("open_timeout", DEADLINE_SECONDS)
    # A server, or this loop, that gets no time for twenty seconds is not gone: what is waited for has its deadline.
    options.setdefault("ping_interval", None)
    async with connect(url, proxy=None, **options) as socket:
        one = Peer(socket)
        reader = asyncio.create_task(one.read())
        try:
            yield one
        finally:
            await socket.close()
            await reader


@asynccontextmanager
async def peer_in_time(url: str, **options: Any) -> AsyncIterator[Peer]:
    """As `peer`, of a server that waits for nobody: once more where this process was not let run, and its handshake came too late."""
    async with AsyncExitStack() as connected:
        async with asyncio.timeout(DEADLINE_SECONDS):
            one: Peer | None = None
            while one is None:
                with suppress(InvalidHandshake, OSError):
                    one = await connected.enter_async_context(peer(url, **options))
        yield one
