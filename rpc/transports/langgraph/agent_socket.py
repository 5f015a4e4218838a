"""The agent streaming protocol over one WebSocket: commands in, answers and the events of all subscriptions out."""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Any

import anyio
import msgspec
from anyio.abc import TaskGroup
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.errors import INVALID_REQUEST, TOO_LARGE, ProtocolError
from rpc.settings import Settings
from rpc.transports.langgraph.agent_commands import error
from rpc.transports.langgraph.agent_events import Subscription, subscription
from rpc.transports.langgraph.answers import decoded

Made = dict[str, Any]

Events = Callable[[], AsyncGenerator[Made | None, None]]
"""All of a thread's events from the first on, and those that come; None where nothing happens for a while."""

KEPT_BYTES = 1024 * 1024
"""How much of what was told is kept for subscriptions that come later; what is more is read again for them."""

encode = msgspec.json.Encoder().encode


class AgentSocket:
    """One socket of a thread. `command`: answers a command that is none of subscriptions.

    A client that reads slowly holds up its own events alone: the next are read when these were sent.
    """

    def __init__(
        self,
        websocket: WebSocket,
        events: Events,
        command: Callable[[Any], Awaitable[Made]],
        settings: Settings,
    ) -> None:
        self.websocket = websocket
        self.settings = settings
        # While it is served.
        self.group: TaskGroup | None = None
        self.events = events
        self.command = command
        self.subscriptions: dict[str, Subscription] = {}
        # Who sends events: a subscription is shown what it missed before what is next.
        self.lock = anyio.Lock()
        # The last event that was read, and the newest before it, whole where `complete`.
        self.last: str | None = None
        self.kept: list[Made] = []
        self.kept_bytes = 0
        self.complete = True

    async def serve(self) -> None:
        """Until the client goes. Raises what a cursor raises, in a group."""
        async with anyio.create_task_group() as group:
            self.group = group
            group.start_soon(self._tell)
            try:
                while True:
                    await self._take()
            finally:
                self.group = None

    def lapse(self, code: int, reason: str) -> None:
        """Who opened it is let in no more: it is closed."""
        if self.group is not None:
            self.group.start_soon(self._close, self.group, code, reason)

    async def _close(self, group: TaskGroup, code: int, reason: str) -> None:
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await self.websocket.close(code, reason)
        group.cancel_scope.cancel()

    async def _send(self, value: Made) -> None:
        await self.websocket.send_text(encode(value).decode())

    async def _tell(self) -> None:
        async for event in self.events():
            if event is None:
                continue
            async with self.lock:
                self.last = event["event_id"]
                text = encode(event)
                self._keep(event, len(text))
                if any(one.wants(event) for one in self.subscriptions.values()):
                    await self.websocket.send_text(text.decode())

    def _keep(self, event: Made, size: int) -> None:
        self.kept_bytes += size
        if self.complete and self.kept_bytes <= KEPT_BYTES:
            self.kept.append(event)
        else:
            self.complete = False
            self.kept = []

    async def _told(self) -> AsyncIterator[Made]:
        """All that was told so far."""
        if self.complete:
            for event in self.kept:
                yield event
            return
        async with aclosing(self.events()) as events:
            async for one in events:
                if one is None:
                    continue
                yield one
                if one["event_id"] == self.last:
                    return

    async def _take(self) -> None:
        """The client's next command."""
        try:
            given = decoded(await self._received(), self.settings)
        except ProtocolError as refused:
            await self._send(error(None, "invalid_argument", refused.detail))
            return
        method = given.get("method") if isinstance(given, dict) else None
        number = given.get("id") if isinstance(given, dict) else None
        if method == "subscription.subscribe" and isinstance(number, int):
            await self._subscribe(number, given.get("params"))
        elif method == "subscription.unsubscribe" and isinstance(number, int):
            params = given.get("params")
            name = params.get("subscription_id") if isinstance(params, dict) else None
            if self.subscriptions.pop(str(name), None) is None:
                no = f"there is no subscription {name!r}"
                await self._send(error(number, "no_such_subscription", no))
            else:
                await self._send({"type": "success", "id": number, "result": {}})
        else:
            await self._send(await self.command(given))

    async def _received(self) -> str:
        """The next message. Raises `ProtocolError`: one that is no text, or too large."""
        try:
            text = await self.websocket.receive_text()
        except KeyError as problem:
            raise ProtocolError(INVALID_REQUEST, "commands are JSON, as text") from problem
        most = self.settings.max_message_bytes
        if len(text) > most or (not text.isascii() and len(text.encode()) > most):
            raise ProtocolError(TOO_LARGE, f"a message of over {most} bytes, the limit")
        return text

    async def _subscribe(self, id: int, params: Any) -> None:
        try:
            wanted = subscription(params)
        except ValueError as wrong:
            await self._send(error(id, "invalid_argument", str(wrong)))
            return
        most = self.settings.max_subscriptions
        if len(self.subscriptions) >= most:
            full = f"this socket has {most} subscriptions, the limit"
            await self._send(error(id, "invalid_argument", full))
            return
        name = str(uuid.uuid4())
        async with self.lock:
            had = list(self.subscriptions.values())

            def missed(event: Made) -> bool:
                return wanted.wants(event) and not any(one.wants(event) for one in had)

            count = 0
            async for event in self._told():
                count += missed(event)
            self.subscriptions[name] = wanted
            result = {"subscription_id": name, "replayed_events": count}
            await self._send({"type": "success", "id": id, "result": result})
            if count:
                async for event in self._told():
                    if missed(event):
                        await self._send(event)
