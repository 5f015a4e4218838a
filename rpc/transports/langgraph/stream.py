"""A run as LangGraph's clients read one: a stream of its parts, or what it comes to."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from time import perf_counter
from types import MappingProxyType
from typing import Any

import anyio
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from protocol.errors import UNAUTHORIZED
from rpc.auth.principals import Principal
from rpc.engine.langgraph.names import INTERRUPT
from rpc.events.cursor import EventsGone, SessionGone
from rpc.sessions.threads import Threads
from rpc.sparing import Sparing
from rpc.storage.records import RunRecord
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.transports.breaking_off import break_off
from rpc.transports.langgraph.lasting import Lasting, Open
from rpc.transports.langgraph.reading import Ending, Reads

sparing = Sparing(logging.getLogger("stepwire.transports"))

STREAM = "langgraph.stream"
"""How the end of a stream is called among the requests."""

Left = Callable[[], Awaitable[None]]
"""What is done when a client goes before the run is over."""

encode = msgspec.json.Encoder().encode


class Answer(Response):
    """An answer that is sent while the run goes on, to `principal`. `left`: called when who asked goes before the run is over.

    `done`: called at the run's end. Raises `ProtocolError` (rate limited) where the owner has too many open.
    """

    kind: Mapping[str, str]
    """The headers that say how its body is written."""

    def __init__(
        self,
        reading: Reads,
        headers: dict[str, str],
        lasting: Lasting,
        principal: Principal,
        left: Left | None = None,
        done: Left | None = None,
    ) -> None:
        super().__init__(headers={"cache-control": "no-store", **headers, **self.kind})
        del self.headers["content-length"]
        self.reading = reading
        self.lasting = lasting
        self.principal = principal
        self.left = left
        self.done = done
        # Bytes of its body.
        self.sent = 0
        # Why who asked is let in no more; that ends it.
        self.lapsed: str | None = None
        # Whether the server stops; that cuts it off.
        self.stopped = False
        # Whether all there is was sent.
        self.ended = False
        self.scope = anyio.CancelScope()
        try:
            self.release = lasting.hold(principal)
        except BaseException:
            reading.close()
            raise

    def lapse(self, why: str) -> None:
        """Who asked is let in no more."""
        self.lapsed = why
        self.scope.cancel()

    def stop(self) -> None:
        """The server is about to stop; the run goes on with the next one."""
        self.stopped = True
        self.scope.cancel()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What is sent."""
        raise NotImplementedError
        yield b""

    def last(self, why: str) -> bytes:
        """What is sent last to who is let in no more."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        requests = self.lasting.requests()
        requests.stream_opened()
        opened = Open(lambda: self.reading.cursor, self.stop)
        over = self.lasting.stream(self.principal, self.lapse, opened)
        began = perf_counter()
        try:
            await send(start)
            with self.scope:
                async with anyio.create_task_group() as group:
                    # In a task of its own, which is woken often: below this one are all layers that a request goes through.
                    group.start_soon(self._pump, send, group.cancel_scope)
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    group.cancel_scope.cancel()
            if self.stopped and not self.ended:
                # SDKs take what ends in good order for the whole, and come back to what is cut off.
                break_off(scope)
                return
            with anyio.move_on_after(1), suppress(OSError):
                last = b"" if self.lapsed is None or self.ended else self.last(self.lapsed)
                await send({"type": "http.response.body", "body": last})
        finally:
            over()
            self.release()
            self.reading.close()
            # Its beginning is a request of its own; this is its end.
            requests.ended(STREAM, "langgraph", began, size=self.sent, counted=False)
            with anyio.CancelScope(shield=True):
                if not self.ended and not self.stopped and self.left is not None:
                    await self.left()
                if self.ended and self.done is not None:
                    await self.done()

    async def _pump(self, send: Send, over: anyio.CancelScope) -> None:
        """Send all there is, then cancel `over`."""
        try:
            async for chunk in self.chunks():
                self.sent += len(chunk)
                message = {"type": "http.response.body", "body": chunk, "more_body": True}
                await send(message)
            self.ended = True
        except SessionGone:
            self.ended = True
        except (OSError, EventsGone, StorageError, Unreadable) as error:
            sparing.warning("a stream of %s ended: %s", self.reading.what, error)
        over.cancel()


def lapsed(why: str) -> dict[str, str]:
    """What that API's errors look like within an answer that has begun."""
    return {"error": UNAUTHORIZED.type, "message": why}


class Stream(Answer):
    """The run's parts."""

    kind = MappingProxyType(
        {"content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no"}
    )

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self.reading.frames():
            yield chunk

    def last(self, why: str) -> bytes:
        # Without an id: who comes back with another token goes on behind what he has read.
        return b"event: error\r\ndata: %b\r\n\r\n" % encode(lapsed(why))


class Outcome(Answer):
    """What the run comes to, as JSON; line breaks before it while it goes on."""

    kind = MappingProxyType({"content-type": "application/json"})

    def __init__(
        self,
        reading: Ending,
        headers: dict[str, str],
        lasting: Lasting,
        principal: Principal,
        left: Left | None = None,
        done: Left | None = None,
    ) -> None:
        super().__init__(reading, headers, lasting, principal, left, done)
        self.of = reading

    async def chunks(self) -> AsyncIterator[bytes]:
        async for _ in self.reading.frames():
            yield b"\n"
        yield encode(await outcome(self.of.threads, self.of.run))

    def last(self, why: str) -> bytes:
        return encode({"__error__": lapsed(why)})


async def outcome(threads: Threads, run: RunRecord) -> Any:
    """What a run that is over came to."""
    record = await threads.store.read(threads.store.session, run.session_id)
    found = await threads.store.read(threads.store.run, run.id)
    if record is None or found is None:
        return {}
    if found.status == "failed" and found.error is not None:
        return {"__error__": {"error": found.error.type, "message": found.error.message}}
    if found.status == "completed":
        return await threads.sessions.results.of(record, found)
    values = await threads.values(record, output=True)
    if found.status in ("waiting", "paused") and record.run_id == run.id and record.interrupts:
        asked = [{"value": one.value, "id": one.interrupt_id} for one in record.interrupts]
        return {**(values if isinstance(values, dict) else {}), INTERRUPT: asked}
    return {} if values is None else values
