"""The changes of all sessions as Server-Sent Events: `id` is the cursor behind a change, `event` what became of the session.

It does not end by itself: a browser that lost it opens it again behind the last change that it has.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter

import anyio
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from protocol.feeds import SessionChanged
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.sessions.feed import PULSE_SECONDS, FeedReader
from rpc.sparing import Sparing
from rpc.storage.store import StorageError
from rpc.transports.rest.sse import (
    HEADERS,
    KEEP_ALIVE,
    RETRY_MS,
    Stream,
    Watch,
    gone,
    lapsed_frame,
)

log = logging.getLogger("stepwire.transports")
sparing = Sparing(log)

FEED = "session.changes.stream"
"""How the end of such a stream is called among the requests."""

_encode = msgspec.json.Encoder().encode


def frame(change: SessionChanged) -> bytes:
    """One change as the stream has it."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        change.cursor.encode(),
        change.change.encode(),
        _encode(change),
    )


class FeedStream(Response):
    """Sends what the reader reads until the client is gone, or the server stops. The others are those of `EventStream`.

    `cursor`: where it begins: its first frame carries it, so that who is cut off before any change misses none.
    """

    def __init__(
        self,
        reader: FeedReader,
        cursor: str,
        bus: Bus,
        call: Call,
        watch: Watch,
        keepalive_seconds: float,
        streams: set[Stream],
        release: Callable[[], None],
        *,
        head_only: bool = False,
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self.reader = reader
        self.cursor = cursor
        self.bus = bus
        self.call = call
        self.watch = watch
        self.keepalive_seconds = keepalive_seconds
        self.streams = streams
        self.release = release
        self.head_only = head_only
        self.lapsed: str | None = None
        self.sent = self.changes = 0
        self.scope = anyio.CancelScope()

    def stop(self) -> None:
        """End it where it stands."""
        self.scope.cancel()

    def lapse(self, why: str) -> None:
        """Who calls is let in no more."""
        self.lapsed = why
        self.scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.streams.add(self)
        unwatch = self.watch(self.call.caller, self.lapse)
        self.bus.requests.stream_opened()
        began = perf_counter()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
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
            self.bus.requests.ended(
                FEED, "sse", began, size=self.sent, counted=False, events=self.changes
            )

    async def _pump(self, send: Send) -> None:
        try:
            # An event without data is none to a browser, but its id is kept (section 9.2.6 of the standard).
            await self._send(send, b"retry: %d\nid: %b\n\n" % (RETRY_MS, self.cursor.encode()))
            while True:
                changes: Sequence[SessionChanged] = ()
                with anyio.move_on_after(self.keepalive_seconds):
                    changes = await self.reader.read()
                self.changes += len(changes)
                await self._send(send, b"".join(map(frame, changes)) or KEEP_ALIVE)
                if changes:
                    await anyio.sleep(PULSE_SECONDS)
        except (OSError, StorageError) as error:
            sparing.warning("a stream of all sessions' changes ended: %s", error)

    async def _send(self, send: Send, body: bytes) -> None:
        self.sent += len(body)
        await send({"type": "http.response.body", "body": body, "more_body": True})
