"""A session's events as Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

It reads the same cursor as a WebSocket, and sends the very bytes of the events: `data` is a notification's
`params`, `id` its `seq`. The stream ends after `done`, once the run is over and all of it was sent. A browser
opens again what just ends; where nothing is left for it then, 204 makes it stop (section 9.2.3 there).
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count, starmap
from time import perf_counter
from typing import Protocol

import anyio
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from protocol.errors import SESSION_NOT_FOUND, UNAUTHORIZED, ProtocolError
from protocol.rest import problem
from protocol.sessions import ENDED, Session
from protocol.subscriptions import STREAM_EVENTS
from rpc.auth.principals import Principal
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.events.encoding import event_at, event_params, event_seq, event_type
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.sparing import Sparing
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable

log = logging.getLogger("stepwire.transports")
sparing = Sparing(log)

STREAM = "session.stream"
"""How the end of a stream is called among the requests."""

RETRY_MS = 1000
"""How long a browser waits before it reconnects."""

NO_STORE = {"cache-control": "no-store"}
HEADERS = {
    **NO_STORE,
    "content-type": "text/event-stream; charset=utf-8",
    # Proxies that collect an answer before they pass it on (nginx) must not.
    "x-accel-buffering": "no",
}

KEEP_ALIVE = b": keep-alive\n\n"

PIECE_EVENTS = 128
"""How many events are written at once: a reader that lags holds what was read, and a piece of it as the stream has it."""

_STATUS = b"session.status"
_NAMES = {method.encode(): name.encode() for method, name in STREAM_EVENTS.items()}


def frame(event: bytes, seq: int, kind: bytes) -> bytes:
    """One event as the stream has it. `event`: the notification, on one line; `kind`: its type."""
    params = event_params(event, kind)
    if kind == _STATUS:
        # Its readers look for it under this name.
        params = b'%b,"timestamp":"%b"}' % (params[:-1], event_at(event))
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, _NAMES.get(kind, kind), params)


def frames(events: Sequence[bytes], first_seq: int, cursor: Cursor) -> tuple[bytes, bool]:
    """Those that the cursor wants, and whether a change of status is among them all.

    `events`: without a gap, so that the numbers need not be read off each.
    """
    kinds = list(map(event_type, events))
    numbered: Iterator[tuple[bytes, int, bytes]]
    numbered = zip(events, count(first_seq), kinds, strict=False)
    if cursor.types is not None:
        numbered = (one for one in numbered if cursor.wants(one[0]))
    return b"".join(starmap(frame, numbered)), _STATUS in kinds


def done_frame(session: Session) -> bytes:
    """The last event. It has no `id`: `Last-Event-ID` stays that of a real one."""
    data = msgspec.json.encode(
        {"session_id": session.session_id, "seq": session.seq, "status": session.status}
    )
    return b"event: done\ndata: %b\n\n" % data


def lapsed_frame(why: str) -> bytes:
    """The last event of a stream whose caller is let in no more: the next one gets 401."""
    data = msgspec.json.encode(problem(ProtocolError(UNAUTHORIZED, why)))
    return b"event: error\ndata: %b\n\n" % data


Watch = Callable[[Principal, Callable[[str], None]], Callable[[], None]]
"""Calls the second once the first is let in no more, until the result is called."""


class Stream(Protocol):
    """A stream that is open."""

    def stop(self) -> None:
        """End it where it stands."""


class EventStream(Response):
    """Sends what the cursor reads until the run is over, the client gone, or the server stops.

    Memory: one read of the cursor. A reader that lags is waited for, and nobody else waits. `call`: that asked for it.
    `watch`: ends it once its caller is let in no more.
    `streams`: the set it is in while it is open. `release`: called when it is over. `resumed`: whether a client that had a stream comes back.
    """

    def __init__(
        self,
        cursor: Cursor,
        bus: Bus,
        call: Call,
        watch: Watch,
        keepalive_seconds: float,
        streams: set[Stream],
        release: Callable[[], None],
        *,
        resumed: bool = False,
        head_only: bool = False,
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self.cursor = cursor
        self.bus = bus
        # Whose stream it is: its own looks count for nobody's rate.
        self.call = Call(principal=call.principal, named=call.named)
        self.watch = watch
        # Why the caller is let in no more.
        self.lapsed: str | None = None
        self.keepalive_seconds = keepalive_seconds
        self.streams = streams
        self.release = release
        self.resumed = resumed
        self.head_only = head_only
        # Bytes of its body.
        self.sent = 0
        # What was read before the answer began.
        self.first: list[bytes] = []
        # Ends the stream when the server stops.
        self.scope = anyio.CancelScope()

    def stop(self) -> None:
        """End it where it stands."""
        self.scope.cancel()

    def lapse(self, why: str) -> None:
        """Who calls is let in no more."""
        self.lapsed = why
        self.scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        self.streams.add(self)
        unwatch = self.watch(self.call.caller, self.lapse)
        self.bus.requests.stream_opened()
        began, first = perf_counter(), self.cursor.after
        try:
            if self.resumed and await self._nothing_left():
                await Response(status_code=204, headers=NO_STORE)(scope, receive, send)
                return
            await send(start)
            if not self.head_only:
                with self.scope:
                    async with anyio.create_task_group() as group:
                        group.start_soon(gone, receive, group.cancel_scope)
                        await self._pump(send)
                        group.cancel_scope.cancel()
            with anyio.move_on_after(1), suppress(OSError):
                last = b"" if self.lapsed is None else lapsed_frame(self.lapsed)
                await send({"type": "http.response.body", "body": last})
        finally:
            unwatch()
            self.release()
            self.streams.discard(self)
            self.cursor.close()
            # Its beginning is a request of its own; this is its end.
            self.bus.requests.ended(
                STREAM,
                "sse",
                began,
                size=self.sent,
                counted=False,
                events=self.cursor.after - first,
            )

    async def _nothing_left(self) -> bool:
        """Whether the run is over and the client has all that it wants of it, `done` perhaps excepted."""
        try:
            self.first = await self.cursor.ready()
            return not self.first and await self._ended() is not None
        except (SessionGone, EventsGone, StorageError, Unreadable):
            # The stream finds the same, and ends.
            return False

    async def _pump(self, send: Send) -> None:
        try:
            await self._events(send)
        except SessionGone:
            # Deleted: who reconnects is told that there is no such session.
            pass
        except (OSError, EventsGone, StorageError, Unreadable) as error:
            # The connection broke, the disk failed, or what comes next was removed meanwhile: the client
            # reconnects where it stopped, and is told.
            sparing.warning("a stream of session %s ended: %s", self.cursor.session_id, error)

    async def _events(self, send: Send) -> None:
        await self._send(send, b"retry: %d\n\n" % RETRY_MS)
        while self.first:
            part, self.first = self.first[:PIECE_EVENTS], self.first[PIECE_EVENTS:]
            await self._send(
                send, b"".join(frame(event, event_seq(event), event_type(event)) for event in part)
            )
        cursor = self.cursor
        # How often it is to be looked whether the run is over: at the start, and after a change of status, which may be
        # read before its record is, and is told again then. Below that, a look each time that nothing came for long.
        looks = 1
        while True:
            changed = cursor.changed
            events = await cursor.read()
            if events:
                while events:
                    part, events = events[:PIECE_EVENTS], events[PIECE_EVENTS:]
                    seq = cursor.after - len(events) - len(part) + 1
                    body, status = frames(part, seq, cursor)
                    looks = 2 if status else looks
                    if body:
                        await self._send(send, body)
                continue
            if looks and (session := await self._ended()) is not None:
                await self._send(send, done_frame(session))
                return
            looks = max(0, looks - 1)
            with anyio.move_on_after(self.keepalive_seconds) as idle:
                await changed.wait()
            if idle.cancelled_caught:
                await self._send(send, KEEP_ALIVE)
                looks = 1

    async def _send(self, send: Send, body: bytes) -> None:
        self.sent += len(body)
        await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _ended(self) -> Session | None:
        """The session, if its run is over and all of its events were read."""
        try:
            session: Session = await self.bus.call(
                "session.get", {"session_id": self.cursor.session_id}, self.call
            )
        except ProtocolError as error:
            if error.error is SESSION_NOT_FOUND:
                # Deleted a moment ago: the event that says so is on its way.
                return None
            raise SessionGone(self.cursor.session_id) from None
        over = session.status in ENDED and session.seq <= self.cursor.after
        return session if over else None


async def gone(receive: Receive, scope: anyio.CancelScope) -> None:
    """Cancel `scope` when the client goes: a closed tab must not keep a reader."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
