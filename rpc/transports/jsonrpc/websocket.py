"""`/rpc` as a WebSocket: text frames of JSON-RPC in, answers and events out. A shell without decisions."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import anyio
import anyio.lowlevel
import msgspec
from anyio.abc import TaskGroup
from msgspec import UnsetType
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.errors import INVALID_REQUEST, TOO_LARGE, Limit, ProtocolError
from protocol.feeds import SessionChanged
from rpc.auth.credentials import selected
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.methods.call import Call
from rpc.sessions.feed import PULSE_SECONDS, FeedReader
from rpc.sparing import Sparing
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.transports.arriving import call_of
from rpc.transports.closing import UNAUTHORIZED_CLOSE, close_reason
from rpc.transports.jsonrpc.frames import TEXTS
from rpc.transports.jsonrpc.messages import Dispatcher, refusal

log = logging.getLogger("stepwire.transports")
sparing = Sparing(log)
_encode = msgspec.json.Encoder().encode

ANSWERS_SECONDS = 2.0
"""How long a connection that is to be closed is kept for the answers to calls under way."""

FRAMES_AT_ONCE = 256
"""Frames sent to one connection before the others get their turn."""


class Subscription:
    """A session's events on their way to one connection.

    `batch`: those that are ready together are one frame. `scope`: of what sends them, while that runs. `ended`: given up.
    """

    __slots__ = ("batch", "cursor", "ended", "scope")

    def __init__(self, cursor: Cursor, batch: bool) -> None:
        self.cursor = cursor
        self.batch = batch
        self.scope: anyio.CancelScope | None = None
        self.ended = False


class Connection:
    """One WebSocket. It never owns a run: when it ends, only its subscriptions end."""

    def __init__(
        self,
        websocket: WebSocket,
        dispatcher: Dispatcher,
        *,
        max_message_bytes: int,
        max_frame_bytes: int,
        max_inflight: int,
        max_subscriptions: int,
    ) -> None:
        self.websocket = websocket
        self.dispatcher = dispatcher
        self.max_message_bytes = max_message_bytes
        self.max_frame_bytes = max_frame_bytes
        # Who calls, from where, is the same for all its requests.
        self.arrival = call_of(websocket, "websocket", self)
        # What they are called in the log: the connection's id, and their number.
        self.name = self.arrival.request_id
        self.count = 0
        # Requests handled at once; past it the socket is not read.
        self.inflight = anyio.Semaphore(max_inflight)
        # How many these are now, and what is set when there are none.
        self.under_way = 0
        self.answered = anyio.Event()
        self.max_subscriptions = max_subscriptions
        # Subscriptions that begin once their calls are answered.
        self.reserved = 0
        # By session. Those at the end of a session that rests are a number each, and no task.
        self.subscriptions: dict[str, Subscription] = {}
        # Cursors of sessions that rested and go on, and that there are some.
        self.woken: list[Cursor] = []
        self.stirred = asyncio.Event()
        # Once for all of them: each would make one of its own.
        self.wake = self._wake
        # Whether the server writes many frames at once.
        self.many = TEXTS in websocket.scope.get("extensions", {})
        # What ends the sending of all sessions' changes; None where none are sent.
        self.watching: anyio.CancelScope | None = None
        # Where the subscriptions run; None before and after.
        self.pumps: TaskGroup | None = None

    async def serve(self) -> None:
        """Accept, then read until the client goes."""
        await self.websocket.accept(selected(self.websocket.scope))
        # Requests under way when the client goes still end: what they began must not hang half done.
        async with anyio.create_task_group() as requests, anyio.create_task_group() as pumps:
            self.pumps = pumps
            pumps.start_soon(self._go_on, pumps)
            try:
                await self._read(requests)
            finally:
                self.pumps = None
                pumps.cancel_scope.cancel()
                for session_id in list(self.subscriptions):
                    self.unsubscribe(session_id)
                for cursor in self.woken:
                    cursor.close()

    def lapse(self, why: str) -> None:
        """Who calls is let in no more: nothing is sent any more, nothing taken, and the socket closed."""
        self.arrival.principal = None
        self.unwatch()
        for session_id in list(self.subscriptions):
            self.unsubscribe(session_id)
        if self.pumps is not None:
            self.pumps.start_soon(self._close, why)

    async def _close(self, why: str) -> None:
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await self.websocket.close(UNAUTHORIZED_CLOSE, close_reason(why))

    async def _read(self, requests: TaskGroup) -> None:
        while True:
            message = await self.websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await self._refuse(
                    ProtocolError(INVALID_REQUEST, "a binary frame; send JSON-RPC as text frames")
                )
            elif len(text) > self.max_message_bytes or (
                not text.isascii() and len(text.encode()) > self.max_message_bytes
            ):
                detail = f"a message of over {self.max_message_bytes} bytes, the limit"
                limit = Limit("max_message_bytes", self.max_message_bytes)
                await self._refuse(ProtocolError(TOO_LARGE, detail, limit=limit))
            else:
                await self.inflight.acquire()
                self.under_way += 1
                requests.start_soon(self._request, text)

    def _call(self) -> Call:
        self.count += 1
        return self.arrival.next(f"{self.name}-{self.count}")

    async def _refuse(self, error: ProtocolError) -> None:
        self.dispatcher.bus.refused(error, self._call())
        await self._send(refusal(error))

    async def _request(self, text: str) -> None:
        call = self._call()
        try:
            answer = await self.dispatcher.handle(text, call)
            if answer is not None:
                await self._send(answer)
        finally:
            self.inflight.release()
            self.under_way -= 1
            if not self.under_way:
                self.answered.set()
                self.answered = anyio.Event()
            call.answered()

    async def _send(self, text: bytes) -> None:
        try:
            await self.websocket.send({"type": "websocket.send", "text": text.decode()})
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            # The client is gone, or going: the reader notices, and nobody misses the answer.
            log.debug("a frame could not be sent: %s", error)

    async def _send_events(self, texts: list[bytes]) -> None:
        """Each as a frame of its own. Waits while the client reads slower. Raises where it is gone."""
        if self.many:
            await self.websocket.send({"type": "websocket.send", TEXTS: texts})
        else:
            for text in texts:
                await self.websocket.send({"type": "websocket.send", "text": text.decode()})

    def subscribe(self, cursor: Cursor, *, batch: bool) -> None:
        """Send what the cursor reads; replaces an earlier subscription to the session."""
        before = self.subscriptions.get(cursor.session_id)
        if before is not None:
            # Whoever holds events back holds them back from this one too.
            cursor.held = before.cursor.held
        self.unsubscribe(cursor.session_id)
        if self.pumps is None:
            cursor.close()
            return
        subscription = self.subscriptions[cursor.session_id] = Subscription(cursor, batch)
        self.pumps.start_soon(self._pump, subscription)

    def reserve(self, session_id: str | None) -> Callable[[], None]:
        """Keep room for a subscription until the result is called. Raises `ProtocolError` (too large)."""
        if session_id in self.subscriptions:
            return _nothing
        if len(self.subscriptions) + self.reserved >= self.max_subscriptions:
            raise ProtocolError(
                TOO_LARGE,
                f"this connection has {self.max_subscriptions} subscriptions, the limit: "
                "`session.unsubscribe` ends one, and another connection has its own",
                limit=Limit("max_subscriptions", self.max_subscriptions),
            )
        self.reserved += 1

        def release() -> None:
            self.reserved -= 1

        return release

    def unsubscribe(self, session_id: str) -> bool:
        """Stop sending the session's events; whether there was a subscription."""
        subscription = self.subscriptions.pop(session_id, None)
        if subscription is None:
            return False
        subscription.ended = True
        if subscription.scope is not None:
            subscription.scope.cancel()
        elif subscription.cursor.at_rest:
            subscription.cursor.close()
        return True

    def subscribed(self, session_id: str) -> bool:
        """Whether it is sent the session's events."""
        return session_id in self.subscriptions

    def watch(self, reader: FeedReader, *, batch: bool) -> None:
        """Send the changes that the reader reads; replaces an earlier one."""
        self.unwatch()
        if self.pumps is not None:
            self.watching = anyio.CancelScope()
            self.pumps.start_soon(self._watch, reader, batch, self.watching)

    def unwatch(self) -> bool:
        """Stop sending changes; whether any were sent."""
        if self.watching is None:
            return False
        self.watching.cancel()
        self.watching = None
        return True

    async def _watch(self, reader: FeedReader, batch: bool, scope: anyio.CancelScope) -> None:
        try:
            with scope:
                while True:
                    changes = await reader.read()
                    await self._send_in_turn([notice(change) for change in changes], batch)
                    # Those that follow at once go together.
                    await anyio.sleep(PULSE_SECONDS)
        except StorageError as error:
            sparing.error("the feed of all sessions ended: %s", error)
            await self.websocket.close(1011, "changes cannot be read now")
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            log.debug("a feed ended with its connection: %s", error)

    def turn(
        self,
        session_id: str,
        after: int,
        types: Collection[str] | UnsetType | None,
        batch: bool | UnsetType,
    ) -> None:
        """Send other types from the event behind `after` on, or in other frames; what is unset stays."""
        subscription = self.subscriptions.get(session_id)
        if subscription is None:
            return
        if not isinstance(types, UnsetType):
            subscription.cursor.turn(types, after)
        if not isinstance(batch, UnsetType):
            subscription.batch = batch

    def hold(self, session_id: str) -> Callable[[], None]:
        """Hold the session's next events back until the result is called."""
        subscription = self.subscriptions.get(session_id)
        return _nothing if subscription is None else subscription.cursor.hold()

    def _wake(self, cursor: Cursor) -> None:
        """A session that rested goes on. Called by the log, outside of any task."""
        self.woken.append(cursor)
        self.stirred.set()

    async def _go_on(self, pumps: TaskGroup) -> None:
        """Send the events of the sessions that go on."""
        while True:
            await self.stirred.wait()
            self.stirred.clear()
            woken, self.woken = self.woken, []
            for cursor in woken:
                subscription = self.subscriptions.get(cursor.session_id)
                if subscription is not None and subscription.cursor is cursor:
                    pumps.start_soon(self._pump, subscription)
                else:
                    cursor.close()

    async def _pump(self, subscription: Subscription) -> None:
        cursor = subscription.cursor
        rests = False
        try:
            with anyio.CancelScope() as subscription.scope:
                while not rests and not subscription.ended:
                    changed = cursor.changed
                    events = await cursor.ready()
                    if events:
                        await self._send_in_turn(events, subscription.batch)
                    elif cursor.rest(self.wake):
                        rests = True
                    else:
                        await cursor.pause(changed)
        except SessionGone:
            pass
        except (StorageError, EventsGone, Unreadable) as error:
            # What the cursor lags behind cannot be read, or was removed meanwhile. The client must not wait for
            # what will not come: it reconnects where it stopped, and is told.
            sparing.error("a subscription to session %s ended: %s", cursor.session_id, error)
            gone = isinstance(error, EventsGone)
            # It may be a call of the client's own that met the fault: its answer says more.
            with anyio.move_on_after(ANSWERS_SECONDS):
                while self.under_way:
                    await self.answered.wait()
            await self.websocket.close(1011, str(error) if gone else "events cannot be read now")
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            log.debug("a subscription ended with its connection: %s", error)
        finally:
            subscription.scope = None
            if not rests:
                cursor.close()
                if self.subscriptions.get(cursor.session_id) is subscription:
                    del self.subscriptions[cursor.session_id]

    async def _send_in_turn(self, events: list[bytes], batch: bool) -> None:
        if batch and len(events) > 1:
            events = batches(events, self.max_frame_bytes)
        await self._send_events(events[:FRAMES_AT_ONCE])
        for start in range(FRAMES_AT_ONCE, len(events), FRAMES_AT_ONCE):
            await anyio.lowlevel.checkpoint()
            await self._send_events(events[start : start + FRAMES_AT_ONCE])


def batches(events: Sequence[bytes], max_bytes: int) -> list[bytes]:
    """Arrays of events, each of at most `max_bytes`, as few as can be; no event is larger."""
    frames: list[list[bytes]] = [[]]
    size = 1
    for event in events:
        if size + len(event) + 1 > max_bytes and frames[-1]:
            frames.append([])
            size = 1
        frames[-1].append(event)
        size += len(event) + 1
    return [b"[%b]" % b",".join(frame) for frame in frames]


def notice(change: SessionChanged) -> bytes:
    """A change as it is sent."""
    return b'{"jsonrpc":"2.0","method":"session.changed","params":%b}' % _encode(change)


def _nothing() -> None:
    pass
