"""The agent streaming protocol's wire: a thread's events over Server-Sent Events or a WebSocket, and commands."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import Any

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.errors import INVALID_PARAMS, UNAUTHORIZED, ProtocolError
from protocol.sessions import ACTIVE
from rpc.auth.credentials import selected
from rpc.auth.rules import known
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.events.encoding import event_params, event_type
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.methods.langgraph.shapes import about
from rpc.sessions.threads import Threads
from rpc.settings import Settings
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.transports.arriving import call_of
from rpc.transports.closing import close_reason
from rpc.transports.langgraph.agent_events import ROOM, AgentEvents, Subscription, subscription
from rpc.transports.langgraph.agent_socket import AgentSocket, error
from rpc.transports.langgraph.answers import json_body, problem
from rpc.transports.langgraph.lasting import Lasting
from rpc.transports.langgraph.parts import Parts
from rpc.transports.langgraph.stream import HEARTBEAT, HEARTBEAT_SECONDS, Stream

MODES = ("values", "updates", "custom", "tasks")
SETTLE_SECONDS = 5.0
"""How long an answer waits for what runs beside the question."""

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
    ) -> None:
        self.bus = bus
        self.threads = threads
        self.settings = settings
        self.lasting = lasting

    def routes(self) -> list[Route | WebSocketRoute]:
        """Its routes."""
        return [
            Route("/threads/{thread_id}/commands", self._post, methods=["POST"]),
            Route("/threads/{thread_id}/stream/events", self._sse, methods=["POST"]),
            WebSocketRoute("/threads/{thread_id}/stream/events", self._socket),
        ]

    async def _events(self, thread_id: str) -> AsyncGenerator[Made | None, None]:
        """All of a thread's events from the first on, and those that come; None where nothing happens for a while."""
        threads = self.threads()
        record = await threads.sessions.record(thread_id)

        async def values(namespace: str, checkpoint_id: str) -> Any:
            now = await threads.store.read(threads.store.session, thread_id)
            if now is None:
                return None
            return await threads.values(now, checkpoint_id, namespace, output=True)

        async def parts(run_id: str) -> Parts | None:
            run = await threads.store.read(threads.store.run, run_id)
            if run is None:
                return None
            return Parts(
                MODES, values, about(run), subgraphs=True, came_from=run.options.came_from,
                thread_id=thread_id,
            )  # fmt: skip

        events = AgentEvents(parts)
        cursor: Cursor = await threads.sessions.cursor(thread_id, max(0, record.first_seq - 1))
        async with cursor:
            while True:
                changed = cursor.changed
                found = await cursor.ready()
                for event in found:
                    kind = event_type(event)
                    params = msgspec.json.decode(event_params(event, kind))
                    for made in await events.of(kind.decode(), params):
                        yield made
                if found:
                    continue
                with anyio.move_on_after(HEARTBEAT_SECONDS) as idle:
                    await cursor.pause(changed)
                if idle.cancelled_caught:
                    yield None

    async def _made(self, thread_id: str, call: Call) -> None:
        """The thread is there: its first command or reader makes it. Raises `ProtocolError`."""
        if await self.threads().store.read(self.threads().store.session, thread_id) is None:
            made = {"thread_id": thread_id, "if_exists": "do_nothing"}
            await self.bus().call("threads.create", made, call)

    async def _known(self, thread_id: str, call: Call) -> None:
        """The caller may see the thread. Raises `ProtocolError`."""
        await self.bus().call("threads.get", {"session_id": thread_id}, call)

    async def _sse(self, request: Request) -> Response:
        call = call_of(request, "langgraph")
        thread_id = request.path_params["thread_id"]
        try:
            known(call.principal)
            given = await json_body(request, self.settings)
            await self._made(thread_id, call)
            await self._known(thread_id, call)
            wanted = subscription(given)
            reading = ThreadEvents(lambda: self._events(thread_id), wanted, f"thread {thread_id}")
            return Stream(reading, {}, self.lasting, call.caller)
        except ProtocolError as refused:
            self._told(refused, call, "threads.stream")
            return problem(refused)
        except ValueError as wrong:
            return Response(encode({"detail": str(wrong)}), 400, media_type="application/json")
        finally:
            call.answered()

    async def _post(self, request: Request) -> Response:
        call = call_of(request, "langgraph")
        try:
            known(call.principal)
            given = await json_body(request, self.settings)
            answer = await self._command(request.path_params["thread_id"], given, call)
        except ProtocolError as refused:
            self._told(refused, call, "threads.command")
            return problem(refused)
        finally:
            call.answered()
        status = 400 if answer.get("error") == "invalid_argument" and answer["id"] is None else 200
        return Response(encode(answer), status, media_type="application/json")

    def _told(self, refused: ProtocolError, call: Call, name: str) -> None:
        """A request was refused: it is logged and counted, where the server runs."""
        with suppress(ProtocolError):
            self.bus().refused(refused, call, name)

    async def _command(self, thread_id: str, given: Any, call: Call) -> Made:
        """A command's answer."""
        if (
            not isinstance(given, dict)
            or not isinstance(given.get("id"), int)
            or not isinstance(given.get("method"), str)
        ):
            return error(
                None, "invalid_argument", "a command has an integer `id` and a text `method`"
            )
        id, method = given["id"], given["method"]
        params = given.get("params") if isinstance(given.get("params"), dict) else {}
        # Up to here a client has seen what was before the command: questions of later are new ones.
        record = await self.threads().store.read(self.threads().store.session, thread_id)
        through = 0 if record is None else record.seq * ROOM + ROOM - 1
        try:
            known(call.principal)
            if method == "run.start":
                result = await self._start(thread_id, params or {}, call)
            elif method == "input.respond":
                result = await self._respond(thread_id, params or {}, call)
            elif method == "agent.getTree":
                await self._known(thread_id, call)
                record = await self.threads().sessions.record(thread_id)
                status = {"running": "running", "completed": "completed", "failed": "failed"}.get(
                    record.status, "interrupted"
                )
                result = {"tree": {"namespace": [], "status": status, "graph_name": record.graph}}
            else:
                return error(id, "unknown_command", f"Unknown protocol command: {method}")
        except ProtocolError as refused:
            return error(id, "invalid_argument", refused.detail)
        meta = {"applied_through_seq": through}
        return {"type": "success", "id": id, "result": result, "meta": meta}

    async def _start(self, thread_id: str, params: Made, call: Call) -> Made:
        config = params.get("config") if isinstance(params.get("config"), dict) else {}
        place = (config or {}).get("configurable") or {}
        run: Made = {
            "session_id": thread_id,
            "assistant_id": params.get("assistant_id") or "",
            "input": params.get("input"),
            "config": config,
            "metadata": params.get("metadata"),
            "checkpoint_id": place.get("checkpoint_id"),
            "multitask_strategy": params.get("multitaskStrategy"),
        }
        threads = self.threads()
        await self._made(thread_id, call)
        record = await threads.sessions.record(thread_id)
        if (
            record.status == "waiting"
            and run["input"] is not None
            and not isinstance(run["input"], dict)
        ):
            run |= {"input": None, "command": {"resume": run["input"]}}
        wanted = {name: value for name, value in run.items() if value is not None}
        return {"run_id": await self._run(wanted, call)}

    async def _run(self, wanted: Made, call: Call) -> str:
        """Start a run, as any other request: it is logged and counted."""
        started = msgspec.json.decode(await self.bus().answer("runs.create", wanted, call))
        return str(started["run_id"])

    async def _respond(self, thread_id: str, params: Made, call: Call) -> Made:
        await self._known(thread_id, call)
        many = params.get("responses")
        given = many if isinstance(many, list) else [params]
        answers = {
            one["interrupt_id"]: one.get("response")
            for one in given
            if isinstance(one, dict) and isinstance(one.get("interrupt_id"), str)
        }
        threads = self.threads()
        record = await threads.sessions.record(thread_id)
        if record.status in ACTIVE:
            # A question is told before all that runs beside it has ended.
            with anyio.move_on_after(SETTLE_SECONDS):
                await threads.sessions.at_rest(thread_id, record.run_id)
            record = await threads.sessions.record(thread_id)
        asked = {one.interrupt_id for one in record.interrupts}
        missing = answers.keys() - asked if answers else {"(no interrupt_id)"}
        if record.status not in ("waiting", "paused") or missing:
            raise _no_such(", ".join(missing or answers))
        run = await threads.sessions.run(record)
        command = {name: params[name] for name in ("update", "goto") if params.get(name)}
        wanted = {
            "session_id": thread_id,
            "assistant_id": run.metadata.get("assistant_id") or record.graph,
            "command": {"resume": answers, **command},
        }
        return {"run_id": await self._run(wanted, call)}

    async def _socket(self, websocket: WebSocket) -> None:
        thread_id = websocket.path_params["thread_id"]
        call = call_of(websocket, "langgraph")
        await websocket.accept(selected(websocket.scope))

        async def command(given: Any) -> Made:
            again = call.next(call.request_id or "")
            try:
                return await self._command(thread_id, given, again)
            finally:
                again.answered()

        def lapse(why: str) -> None:
            call.principal = None
            socket.lapse(CLOSED + UNAUTHORIZED.http_status, close_reason(why))

        socket = AgentSocket(websocket, lambda: self._events(thread_id), command, self.settings)
        try:
            principal = known(call.principal)
            await self._made(thread_id, call)
            await self._known(thread_id, call)
            over = self.lasting.socket(principal, lapse)
        except ProtocolError as refused:
            self._told(refused, call, "threads.socket")
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


def _no_such(what: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, f"nobody asks {what}", path="$.interrupt_id")
