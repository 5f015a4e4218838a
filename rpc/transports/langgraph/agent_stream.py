"""The agent streaming protocol's wire: a thread's events over Server-Sent Events or a WebSocket, and commands."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.sessions import ACTIVE
from rpc.auth.principals import Principal
from rpc.auth.rules import known
from rpc.events.cursor import Cursor, EventsGone, SessionGone
from rpc.events.encoding import event_params, event_type
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.methods.langgraph.shapes import about
from rpc.sessions.threads import Threads
from rpc.settings import Settings
from rpc.sparing import Sparing
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.transports.arriving import call_of
from rpc.transports.body import TooLarge, read_body
from rpc.transports.closing import close_reason
from rpc.transports.langgraph.agent_events import AgentEvents, subscription
from rpc.transports.langgraph.agent_socket import AgentSocket, error
from rpc.transports.langgraph.parts import Parts
from rpc.transports.langgraph.stream import HEARTBEAT, HEARTBEAT_SECONDS

sparing = Sparing(logging.getLogger("stepwire.transports"))

MODES = ("values", "updates", "custom", "tasks", "checkpoints")
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
        hold: Callable[[Principal], Callable[[], None]],
    ) -> None:
        self.bus = bus
        self.threads = threads
        self.settings = settings
        self.hold = hold

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
            given = await self._json(request)
            await self._made(thread_id, call)
            await self._known(thread_id, call)
            wanted = subscription(given)
            release = self.hold(call.caller)
        except ProtocolError as error:
            return _refused(error)
        except ValueError as error:
            return Response(encode({"detail": str(error)}), 400, media_type="application/json")

        async def body() -> AsyncIterator[bytes]:
            try:
                yield HEARTBEAT
                async for event in self._events(thread_id):
                    if event is None:
                        yield HEARTBEAT
                    elif wanted.wants(event):
                        yield b"event: %b\r\ndata: %b\r\nid: %d\r\n\r\n" % (
                            event["method"].encode(),
                            encode(event),
                            event["seq"],
                        )
            except SessionGone:
                pass
            except (EventsGone, StorageError, Unreadable, OSError) as error:
                sparing.warning("a stream of thread %s ended: %s", thread_id, error)
            finally:
                release()

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(body(), media_type="text/event-stream", headers=headers)

    async def _json(self, request: Request) -> Any:
        try:
            return msgspec.json.decode(await read_body(request, self.settings.max_message_bytes))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TooLarge) as error:
            raise ValueError(f"Invalid JSON body: {error or 'too large'}") from error

    async def _post(self, request: Request) -> Response:
        call = call_of(request, "langgraph")
        try:
            known(call.principal)
            answer = await self._command(
                request.path_params["thread_id"], await self._json(request), call
            )
        except ProtocolError as refused:
            return _refused(refused)
        except ValueError as wrong:
            answer = error(None, "invalid_argument", str(wrong))
        finally:
            call.answered()
        status = 400 if answer.get("error") == "invalid_argument" and answer["id"] is None else 200
        return Response(encode(answer), status, media_type="application/json")

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
        try:
            if method == "run.start":
                result = await self._start(thread_id, params or {}, call)
            elif method == "input.respond":
                result = await self._respond(thread_id, params or {}, call)
            elif method == "agent.getTree":
                record = await self.threads().sessions.record(thread_id)
                await self._known(thread_id, call)
                status = {"running": "running", "completed": "completed", "failed": "failed"}.get(
                    record.status, "interrupted"
                )
                result = {"tree": {"namespace": [], "status": status, "graph_name": record.graph}}
            else:
                return error(id, "unknown_command", f"Unknown protocol command: {method}")
        except ProtocolError as refused:
            return error(id, "invalid_argument", refused.detail)
        # Nothing that it sets off is among what was told before.
        return {"type": "success", "id": id, "result": result, "meta": {"applied_through_seq": 0}}

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
        started = await self.bus().call("runs.create", wanted, call)
        return {"run_id": started["run_id"]}

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
        wanted = {
            "session_id": thread_id,
            "assistant_id": run.metadata.get("assistant_id") or record.graph,
            "command": {"resume": answers},
        }
        started = await self.bus().call("runs.create", wanted, call)
        return {"run_id": started["run_id"]}

    async def _socket(self, websocket: WebSocket) -> None:
        thread_id = websocket.path_params["thread_id"]
        call = call_of(websocket, "langgraph")
        await websocket.accept()
        try:
            principal = known(call.principal)
            await self._made(thread_id, call)
            await self._known(thread_id, call)
            release = self.hold(principal)
        except ProtocolError as error:
            status = error.error.http_status
            await websocket.close(CLOSED + status, close_reason(error.detail))
            return

        async def command(given: Any) -> Made:
            again = call.next(call.request_id or "")
            try:
                return await self._command(thread_id, given, again)
            finally:
                again.answered()

        socket = AgentSocket(websocket, lambda: self._events(thread_id), command)
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
            release()


def _no_such(what: str) -> ProtocolError:
    return ProtocolError(INVALID_PARAMS, f"nobody asks {what}", path="$.interrupt_id")


def _refused(error: ProtocolError) -> Response:
    body = {"detail": error.detail, "type": error.error.type}
    return Response(encode(body), error.error.http_status, media_type="application/json")
