"""The agent streaming protocol's addresses: a thread's events over Server-Sent Events or a WebSocket, and commands."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.errors import UNAUTHORIZED, ProtocolError
from rpc.auth.credentials import selected
from rpc.auth.rules import known
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.events.encoding import event_params, event_seq, event_type
from rpc.methods.bus import Bus
from rpc.sessions.threads import Threads
from rpc.settings import Settings
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.transports.closing import close_reason
from rpc.transports.langgraph.agent_commands import AgentCommands
from rpc.transports.langgraph.agent_events import AgentEvents
from rpc.transports.langgraph.agent_socket import AgentSocket
from rpc.transports.langgraph.answers import json_body, problem
from rpc.transports.langgraph.beat import HEARTBEAT, Beat
from rpc.transports.langgraph.lasting import Lasting
from rpc.transports.langgraph.parts import Parts
from rpc.transports.langgraph.reading import parts_of
from rpc.transports.langgraph.stream import Stream
from rpc.transports.langgraph.subscriptions import Subscription, subscription
from rpc.transports.langgraph.surface import Surface

MODES = ("values", "updates", "custom", "tasks")

CLOSED = 4000
"""Close codes are this and an HTTP status where a client must not come back; other codes are tried again."""

encode = msgspec.json.Encoder().encode
Made = dict[str, Any]


class AgentProtocol:
    """The protocol's addresses. See `LangGraphApi`."""

    def __init__(
        self,
        bus: Callable[[], Bus],
        threads: Callable[[], Threads],
        settings: Settings,
        lasting: Lasting,
        surface: Surface,
    ) -> None:
        self.surface = surface
        self.threads = threads
        self.settings = settings
        self.lasting = lasting
        self.commands = AgentCommands(bus, threads)

    def routes(self) -> list[Route | WebSocketRoute]:
        """Its routes."""
        if not self.surface.answers("event_streaming"):
            return []
        return [
            Route("/threads/{thread_id}/commands", self._post, methods=["POST"]),
            Route("/threads/{thread_id}/stream/events", self._sse, methods=["POST"]),
            WebSocketRoute("/threads/{thread_id}/stream/events", self._socket),
        ]

    async def _events(
        self, thread_id: str, upto: int | None = None
    ) -> AsyncGenerator[Made | None, None]:
        """See `Events`."""
        threads = self.threads()
        record = await threads.sessions.record(thread_id)

        async def parts(run_id: str) -> Parts | None:
            run = await threads.store.read(threads.store.run, run_id)
            return None if run is None else parts_of(threads, run, MODES, subgraphs=True)

        events = AgentEvents(parts)
        after = max(0, record.first_seq - 1)
        cursor: Cursor = await threads.sessions.cursor(thread_id, after)
        async with cursor:
            with Beat(cursor) as beat:
                while upto is None or after < upto:
                    changed = cursor.changed
                    found = await cursor.ready()
                    for event in found:
                        after = event_seq(event)
                        if upto is not None and after > upto:
                            break
                        kind = event_type(event)
                        params = msgspec.json.decode(event_params(event, kind))
                        for made in await events.of(kind.decode(), params):
                            yield made
                    if not found and await beat.pause(changed):
                        yield None

    async def _sse(self, request: Request) -> Response:
        call = self.surface.call(request)
        thread_id = request.path_params["thread_id"]
        try:
            known(call.principal)
            given = await json_body(request, self.settings)
            await self.commands.made(thread_id, call)
            await self.commands.known(thread_id, call)
            wanted = subscription(given)
            reading = ThreadEvents(lambda: self._events(thread_id), wanted, f"thread {thread_id}")
            return Stream(reading, {}, self.lasting, call.caller)
        except ProtocolError as refused:
            self.commands.told(refused, call, "threads.stream")
            return problem(refused)
        except ValueError as wrong:
            return Response(encode({"detail": str(wrong)}), 400, media_type="application/json")
        finally:
            call.answered()

    async def _post(self, request: Request) -> Response:
        call = self.surface.call(request)
        try:
            known(call.principal)
            given = await json_body(request, self.settings)
            answer = await self.commands.answer(request.path_params["thread_id"], given, call)
        except ProtocolError as refused:
            self.commands.told(refused, call, "threads.command")
            return problem(refused)
        finally:
            call.answered()
        status = 400 if answer.get("error") == "invalid_argument" and answer["id"] is None else 200
        return Response(encode(answer), status, media_type="application/json")

    async def _socket(self, websocket: WebSocket) -> None:
        thread_id = websocket.path_params["thread_id"]
        call = self.surface.call(websocket)
        await websocket.accept(selected(websocket.scope))

        async def command(given: Any) -> Made:
            again = call.next(call.request_id or "")
            try:
                return await self.commands.answer(thread_id, given, again)
            finally:
                again.answered()

        def lapse(why: str) -> None:
            call.principal = None
            socket.lapse(CLOSED + UNAUTHORIZED.http_status, close_reason(why))

        async def kept(run_id: str | None) -> tuple[int, int]:
            return await self.commands.kept(thread_id, run_id, call)

        def events(upto: int | None) -> AsyncGenerator[Made | None, None]:
            return self._events(thread_id, upto)

        socket = AgentSocket(websocket, events, kept, command, self.settings)
        try:
            principal = known(call.principal)
            await self.commands.made(thread_id, call)
            await self.commands.known(thread_id, call)
            over = self.lasting.socket(principal, lapse)
        except ProtocolError as refused:
            self.commands.told(refused, call, "threads.socket")
            status = refused.error.http_status
            await websocket.close(CLOSED + status, close_reason(refused.detail))
            return
        try:
            with suppress(WebSocketDisconnect, SessionGone):
                try:
                    await socket.serve()
                except BaseExceptionGroup as errors:
                    expected, others = errors.split(
                        (WebSocketDisconnect, SessionGone, StorageError, EventsGone, Unreadable)
                    )
                    if others is not None:
                        raise others from None
                    if expected is not None and expected.subgroup(WebSocketDisconnect) is None:
                        await websocket.close(1011, "the thread's events ended")
        finally:
            over()


class ThreadEvents:
    """A thread's events as a stream's frames. `events`: all of them; `wanted`: which are sent. See `Reads`."""

    # Each reader opens one of its own, and closes it.
    cursor: Cursor | None = None

    def __init__(
        self,
        events: Callable[[], AsyncGenerator[Made | None, None]],
        wanted: Subscription,
        what: str,
    ) -> None:
        self.events = events
        self.wanted = wanted
        self.what = what

    async def frames(self) -> AsyncIterator[bytes]:
        """What is to be sent, at least every `HEARTBEAT_SECONDS`. Raises what a cursor raises."""
        yield HEARTBEAT
        async with aclosing(self.events()) as events:
            async for event in events:
                if event is None:
                    yield HEARTBEAT
                elif self.wanted.wants(event):
                    yield b"event: %b\r\ndata: %b\r\nid: %d\r\n\r\n" % (
                        event["method"].encode(),
                        encode(event),
                        event["seq"],
                    )

    def close(self) -> None:
        """Nothing is open beside the frames."""
