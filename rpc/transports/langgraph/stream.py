"""A run as LangGraph's clients read one: a stream of its parts, or what it comes to."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from types import MappingProxyType
from typing import Any, Protocol

import anyio
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from protocol.errors import UNAUTHORIZED
from rpc.auth.principals import Principal
from rpc.engine.langgraph.names import INTERRUPT
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.events.encoding import event_params, event_seq, event_type
from rpc.methods.langgraph.shapes import about
from rpc.sessions.threads import Threads
from rpc.sparing import Sparing
from rpc.storage.records import RunRecord
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.transports.breaking_off import break_off
from rpc.transports.langgraph.lasting import Lasting, Open
from rpc.transports.langgraph.parts import OVER, Parts

sparing = Sparing(logging.getLogger("stepwire.transports"))

HEARTBEAT_SECONDS = 5.0
"""How long nothing may be sent."""

HEARTBEAT = b": heartbeat\r\n\r\n"

STREAM = "langgraph.stream"
"""How the end of a stream is called among the requests."""

Left = Callable[[], Awaitable[None]]
"""What is done when a client goes before the run is over."""

encode = msgspec.json.Encoder().encode


def frame(name: str, data: Any, id: str) -> bytes:
    """One part as the stream has it."""
    return b"event: %b\r\ndata: %b\r\nid: %b\r\n\r\n" % (name.encode(), encode(data), id.encode())


def parts_of(threads: Threads, run: RunRecord, modes: Collection[str], *, subgraphs: bool) -> Parts:
    """What makes the parts of a run."""
    command = run.options.command
    update = [] if command is None else _pairs(command.update)

    async def values(namespace: str, checkpoint_id: str) -> Any:
        record = await threads.store.read(threads.store.session, run.session_id)
        if record is None:
            return None
        # What its command writes is in the state that it goes on from, also before that is stored.
        told = not namespace and checkpoint_id == run.options.came_from
        return await threads.values(
            record,
            checkpoint_id,
            namespace,
            output=True,
            told=told,
            update=update,
        )

    return Parts(
        modes,
        values,
        about(run),
        subgraphs=subgraphs,
        came_from=run.options.came_from,
        thread_id=run.session_id,
    )


def _pairs(update: Any) -> list[tuple[str, Any]]:
    """What a command writes, by channel."""
    if isinstance(update, Mapping):
        return list(update.items())
    pairs = update if isinstance(update, list) else []
    # Others are refused by the graph, which says so.
    return [(one[0], one[1]) for one in pairs if isinstance(one, list) and len(one) == 2]


class Reads(Protocol):
    """What an answer is made of. `what`: of which, for the log. `cursor`: what it reads, once it does."""

    what: str
    cursor: Cursor | None

    def frames(self) -> AsyncIterator[bytes]:
        """What is to be sent. Raises what a cursor raises."""

    def close(self) -> None:
        """Let go of the events."""


class Reading:
    """One run's parts, from its beginning. `modes`, `subgraphs`: which are wanted. `after`: those up to this are not sent."""

    def __init__(
        self,
        threads: Threads,
        run: RunRecord,
        cursor: Cursor,
        modes: Sequence[str],
        *,
        subgraphs: bool,
        after: tuple[int, int] = (-1, -1),
    ) -> None:
        self.threads = threads
        self.run = run
        self.what = f"run {run.id}"
        self.after = after
        self.events = cursor
        self.cursor: Cursor | None = cursor
        self.parts = parts_of(threads, run, modes, subgraphs=subgraphs)

    async def frames(self) -> AsyncIterator[bytes]:
        """What is to be sent, at least every `HEARTBEAT_SECONDS`; ends with the run. Raises what a cursor raises."""
        if self.after < (0, 0):
            first = {"run_id": self.run.id, "attempt": 1}
            yield frame("metadata", first, f"{self.run.after}-0")
        mine = self.run.id
        while True:
            changed = self.events.changed
            events = await self.events.ready()
            made: list[bytes] = []
            for event in events:
                seq, kind = event_seq(event), event_type(event)
                params = msgspec.json.decode(event_params(event, kind))
                if params["run_id"] != mine:
                    continue
                for index, (name, data) in enumerate(await self.parts.of(kind.decode(), params), 1):
                    if (seq, index) > self.after:
                        made.append(frame(name, data, f"{seq}-{index}"))
                if self.parts.over is not None:
                    break
            if made:
                yield b"".join(made)
            if self.parts.over is not None:
                return
            if events:
                continue
            with anyio.move_on_after(HEARTBEAT_SECONDS) as idle:
                await self.events.pause(changed)
            if idle.cancelled_caught:
                # One that was in line may have been cancelled there: no event tells that.
                found = await self.threads.store.read(self.threads.store.run, mine)
                if found is None or (found.status in OVER and found.started_at is None):
                    return
                yield HEARTBEAT

    async def end(self) -> None:
        """Wait for the run's end."""
        async for _ in self.frames():
            pass

    def close(self) -> None:
        """Let go of the events."""
        self.events.close()


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
        began, ended = perf_counter(), False
        try:
            await send(start)
            with self.scope:
                async with anyio.create_task_group() as group:
                    group.start_soon(_gone, receive, group.cancel_scope)
                    ended = await self._pump(send)
                    group.cancel_scope.cancel()
            if self.stopped and not ended:
                # SDKs take what ends in good order for the whole, and come back to what is cut off.
                break_off(scope)
                return
            with anyio.move_on_after(1), suppress(OSError):
                last = b"" if self.lapsed is None or ended else self.last(self.lapsed)
                await send({"type": "http.response.body", "body": last})
        finally:
            over()
            self.release()
            self.reading.close()
            # Its beginning is a request of its own; this is its end.
            requests.ended(STREAM, "langgraph", began, size=self.sent, counted=False)
            with anyio.CancelScope(shield=True):
                if not ended and not self.stopped and self.left is not None:
                    await self.left()
                if ended and self.done is not None:
                    await self.done()

    async def _pump(self, send: Send) -> bool:
        """Send all there is; whether that was all."""
        try:
            async for chunk in self.chunks():
                self.sent += len(chunk)
                message = {"type": "http.response.body", "body": chunk, "more_body": True}
                await send(message)
            return True
        except SessionGone:
            return True
        except (OSError, EventsGone, StorageError, Unreadable) as error:
            sparing.warning("a stream of %s ended: %s", self.reading.what, error)
            return False


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
        reading: Reading,
        headers: dict[str, str],
        lasting: Lasting,
        principal: Principal,
        left: Left | None = None,
        done: Left | None = None,
    ) -> None:
        super().__init__(reading, headers, lasting, principal, left, done)
        self.of = reading

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self.reading.frames():
            if chunk == HEARTBEAT:
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


async def _gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
