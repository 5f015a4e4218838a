"""The agent streaming protocol over one WebSocket: commands in, answers and the events of all subscriptions out."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection
from contextlib import aclosing, suppress
from typing import Any

import anyio
import msgspec
from anyio.abc import TaskGroup
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.errors import INVALID_REQUEST, TOO_LARGE, ProtocolError
from rpc.settings import Settings
from rpc.transports.langgraph.agent_commands import NAMES, error
from rpc.transports.langgraph.agent_events import ROOM
from rpc.transports.langgraph.answers import decoded
from rpc.transports.langgraph.reconnecting import Namespaces, Wanted, wanted
from rpc.transports.langgraph.subscriptions import Subscription, named, subscription

Made = dict[str, Any]

Events = Callable[[int | None], AsyncGenerator[Made | None, None]]
"""All of a thread's events from the first on, and those that come; None where nothing happens for a while.

Given the number of an event of the session's, those up to it.
"""

Kept = Callable[[str | None], Awaitable[tuple[int, int]]]
"""The numbers of the oldest of the session's events that is kept, and of the newest. Raises `ProtocolError`: the thread, or the run, is not there."""

KEPT_BYTES = 1024 * 1024
"""How much of what was told is kept for subscriptions that come later; what is more is read again for them."""

encode = msgspec.json.Encoder().encode


class AgentSocket:
    """One socket of a thread. `kept`: given a run's id, or None. `command`: answers a command that is none of subscriptions.

    A client that reads slowly holds up its own events alone: the next are read when these were sent.
    """

    def __init__(
        self,
        websocket: WebSocket,
        events: Events,
        kept: Kept,
        command: Callable[[Any], Awaitable[Made]],
        settings: Settings,
    ) -> None:
        self.websocket = websocket
        self.settings = settings
        # While it is served.
        self.group: TaskGroup | None = None
        self.events = events
        self.kept_events = kept
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
        async for event in self.events(None):
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
        async with aclosing(self.events(None)) as events:
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
        elif method == "subscription.reconnect" and isinstance(number, int):
            await self._reconnect(number, given.get("params"))
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
            asked = subscription(params)
        except ValueError as wrong:
            await self._send(error(id, "invalid_argument", str(wrong)))
            return
        if not await self._has_room(id, 1):
            return
        name = named(asked)
        async with self.lock:
            missed = self._missed([asked])
            count = 0
            async for event in self._told():
                count += missed(event)
            self.subscriptions[name] = asked
            result = {"subscription_id": name, "replayed_events": count}
            await self._send({"type": "success", "id": id, "result": result})
            if count:
                await self._send_told(missed)

    async def _reconnect(self, id: int, params: Any) -> None:
        """What was subscribed to over another socket goes on, behind what the client has seen there."""
        try:
            asked = wanted(params, ROOM)
        except ValueError as wrong:
            await self._send(error(id, "invalid_argument", str(wrong)))
            return
        if not await self._has_room(id, len(asked.subscriptions or ())):
            return
        async with self.lock:
            try:
                first, newest = await self.kept_events(asked.run_id)
            except ProtocolError as refused:
                kind = NAMES.get(refused.error, "invalid_argument")
                await self._send(error(id, kind, refused.detail))
                return
            # Of the event that was seen last a part may be missing: it must be there too.
            gap = first > 1 and asked.seen < first
            gap = gap or (asked.behind is None and asked.seen > newest)
            gone_on = {} if gap or asked.subscriptions is None else asked.subscriptions
            if gap and asked.behind is not None:
                await self._send(_resume_gap(id, asked.behind, first * ROOM))
                return
            await self._go_on(id, asked, gone_on, newest)

    async def _go_on(
        self, id: int, asked: Wanted, gone_on: dict[str, Subscription], newest: int
    ) -> None:
        """Answer, and send what was missed. The lock is held."""
        missed = self._missed(gone_on.values())
        namespaces = Namespaces()
        count = 0
        async with aclosing(self.events(newest)) as events:
            async for event in events:
                if event is not None:
                    namespaces.take(event)
                    count += missed(event)
        self.subscriptions = {**self.subscriptions, **gone_on}
        result: Made = {
            "restored": bool(gone_on),
            "missed_events": count,
            "current_namespaces": namespaces.told,
        }
        if asked.behind is not None:
            (name,) = gone_on
            result |= {"subscription_id": name, "replayed_events": count}
        await self._send({"type": "success", "id": id, "result": result})
        await self._send_told(missed)

    async def _has_room(self, id: int, more: int) -> bool:
        """Whether so many subscriptions may come; says so where not."""
        most = self.settings.max_subscriptions
        if len(self.subscriptions) + more <= most:
            return True
        full = f"this socket has {most} subscriptions, the limit"
        await self._send(error(id, "invalid_argument", full))
        return False

    def _missed(self, new: Collection[Subscription]) -> Callable[[Made], bool]:
        """Whether an event is wanted by one of them, and was by none of those that there are."""
        had = list(self.subscriptions.values())
        return lambda event: (
            any(one.wants(event) for one in new) and not any(one.wants(event) for one in had)
        )

    async def _send_told(self, missed: Callable[[Made], bool]) -> None:
        """Send those that were told so far."""
        async for event in self._told():
            if missed(event):
                await self._send(event)


def _resume_gap(id: int, since: int, first: int) -> Made:
    """What was missed is gone, as LangGraph's server says it: the client reads the state in its place."""
    said = f"resume gap: since={since} is older than min_available_seq={first}"
    more = {"since": since, "min_available_seq": first}
    return {**error(id, "resume_gap", said), **more}
