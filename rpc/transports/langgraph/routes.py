"""LangGraph's API as routes: one adapter for every row of `protocol.langgraph.ROWS`."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from starlette._utils import get_route_path
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.errors import GRAPH_NOT_FOUND, INVALID_PARAMS, ProtocolError
from protocol.langgraph import ROWS, Row
from rpc.auth.rules import known
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.methods.langgraph.runs import modes_of
from rpc.sessions.threads import Threads
from rpc.settings import Settings
from rpc.storage.records import RunRecord
from rpc.transports.langgraph.answers import json_body, problem
from rpc.transports.langgraph.lasting import Lasting
from rpc.transports.langgraph.query_string import query_kinds, value_of
from rpc.transports.langgraph.reading import Ending, Reading
from rpc.transports.langgraph.stream import Left, Outcome, Stream
from rpc.transports.langgraph.surface import Surface
from rpc.transports.langgraph.thread_stream import ThreadReading
from rpc.version import VERSION

NO_CRONS = "this server has no schedules: let cron, a systemd timer or your platform's scheduler call `POST /runs` at the time"


CRONS = ("/runs/crons", "/runs/crons/{rest:path}", "/threads/{thread_id}/runs/crons")

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class LangGraphApi:
    """The rows as routes. `bus`, `threads`: of the server that answers now. `lasting`: what is open. `surface`: what of it is."""

    def __init__(
        self,
        bus: Callable[[], Bus],
        threads: Callable[[], Threads],
        settings: Settings,
        lasting: Lasting,
        surface: Surface,
    ) -> None:
        self.surface = surface
        self.bus = bus
        self.threads = threads
        self.settings = settings
        self.lasting = lasting

    def routes(self) -> list[Route]:
        """One route a path."""
        by_path: dict[str, dict[str, Row]] = {}
        for row in ROWS:
            if not self.surface.answers(row.method.partition(".")[0]):
                continue
            by_path.setdefault(row.path, {})[row.verb] = row
        # Those without a variable first: `/threads/search` is no thread.
        paths = sorted(by_path, key=lambda path: (path.count("{"), path))
        return [
            *(
                [Route("/info", self._info, methods=["GET"])]
                if self.surface.answers("meta")
                else ()
            ),
            *(
                Route(path, _no_crons, methods=VERBS)
                for path in CRONS
                if self.surface.answers("runs")
            ),
            *(
                Route(path, self._endpoint(by_path[path]), methods=list(by_path[path]))
                for path in paths
            ),
            *(Route(f"{path}/", _without_slash, methods=VERBS) for path in paths),
        ]

    def _endpoint(self, rows: dict[str, Row]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            return await self._answer(rows.get(request.method) or rows["GET"], request)

        return endpoint

    async def _info(self, request: Request) -> Response:
        flags = {"assistants": True, "crons": False, "langsmith": False}
        host = {"kind": "self-hosted", "project_id": None, "revision_id": None}
        info = {
            "version": VERSION,
            "langgraph_py_version": version("langgraph"),
            "flags": flags,
            "host": host,
        }
        return _json(info)

    async def _answer(self, row: Row, request: Request) -> Response:
        call = self.surface.call(request)
        given: Any = None
        try:
            bus = self.bus()
            try:
                known(call.principal)
                given = await self._params(row, request)
            except ProtocolError as error:
                bus.refused(error, call, row.method)
                raise
            if row.listed:
                made = [await self._called(bus, row, one, call) for one in given]
                return _json([msgspec.Raw(one) for one in made])
            if row.method == "runs.create":
                await self._thread(bus, given, call)
            wait = row.method == "runs.cancel" and given.get("wait") is True
            answer = await self._called(bus, row, given, call)
            if row.method == "threads.join":
                return self._following(given, msgspec.json.decode(answer), call)
            if wait and given.get("action") == "rollback":
                # It is as if the run had not been: there is nothing of it to read.
                return _json({})
            if row.answers != "json" or wait:
                return await self._reading(bus, row, given, msgspec.json.decode(answer), call)
            if row.status in (202, 204) or _minimal(row, request):
                return Response(status_code=row.status if row.status != 200 else 204)
            headers = {**_location(row, answer), **call.headers}
            return Response(answer, row.status, headers, "application/json")
        except ProtocolError as error:
            starting = (
                row.method == "runs.create"
                and error.error is GRAPH_NOT_FOUND
                and not _is_uuid(given)
            )
            return problem(error, 422 if starting else None)
        finally:
            call.answered()

    async def _called(self, bus: Bus, row: Row, given: Any, call: Call) -> bytes:
        return await bus.answer(row.method, given, call)

    async def _thread(self, bus: Bus, given: dict[str, Any], call: Call) -> None:
        """A run may make its thread."""
        if given.get("session_id") and given.get("if_not_exists") == "create":
            wanted = {"thread_id": given["session_id"], "if_exists": "do_nothing"}
            if said := _said(given):
                wanted["metadata"] = said
            await bus.call("threads.create", wanted, call)

    def _following(self, given: dict[str, Any], answer: Any, call: Call) -> Response:
        """The answer that follows a thread."""
        last = given.get("last_event_id")
        after = None if last is None else _after(last, 0)
        session_id = given["session_id"]
        reading = ThreadReading(self.threads(), session_id, answer["stream_modes"], after)
        headers = {"location": f"/threads/{session_id}/stream"}
        return Stream(reading, headers, self.lasting, call.caller)

    async def _reading(
        self, bus: Bus, row: Row, given: dict[str, Any], answer: Any, call: Call
    ) -> Response:
        """The answer that follows a run."""
        threads = self.threads()
        joins = row.method != "runs.create"
        session_id = given["session_id"] if answer is None else answer["thread_id"]
        run_id = given["run_id"] if answer is None else answer["run_id"]
        run = await threads.run(session_id, run_id)

        async def cancel() -> None:
            params = {"session_id": session_id, "run_id": run_id}
            try:
                again = Call(principal=call.principal, named=call.named)
                await bus.call("runs.cancel", params, again)
            except ProtocolError:
                # It has ended meanwhile.
                pass

        async def left() -> None:
            if given.get("on_disconnect") == "cancel" or given.get("cancel_on_disconnect"):
                await cancel()

        async def done() -> None:
            if run.options.delete_session:
                await threads.forget(session_id)

        where = f"/threads/{session_id}/runs/{run_id}"
        ending = "stream" if row.answers == "stream" else "join"
        headers = {"location": f"{where}/{ending}", "content-location": where}
        leaving: Left = left
        # Opening them raises `ProtocolError`, before anything is answered.
        if row.answers == "stream":
            parts = await self._parts(threads, run, given, joins=joins)
            return Stream(parts, headers, self.lasting, call.caller, leaving, done)
        end = Ending(threads, run, await threads.sessions.standing(session_id))
        return Outcome(end, headers, self.lasting, call.caller, leaving, done)

    async def _parts(
        self, threads: Threads, run: RunRecord, given: dict[str, Any], *, joins: bool
    ) -> Reading:
        """What a stream of the run is made of. `joins`: it was there before. Raises `ProtocolError`."""
        asked = given.get("stream_mode") or (joins and run.options.modes) or None
        modes = modes_of(asked or (list(ALL) if joins else ["values"]))
        after = (-1, -1)
        if joins:
            after = _after(
                given.get("last_event_id"), (await threads.sessions.record(run.session_id)).seq
            )
        return Reading(
            threads,
            run,
            await threads.sessions.cursor(run.session_id, run.after),
            modes,
            subgraphs=run.options.subgraphs or (joins and not run.options.modes),
            after=after,
        )

    async def _params(self, row: Row, request: Request) -> Any:
        """Path, query string and body, all as params. Raises `ProtocolError`."""
        given: Any = {}
        if request.method in ("POST", "PUT", "PATCH", "DELETE"):
            given = await json_body(request, self.settings)
        if row.listed:
            if not isinstance(given, list) or not given:
                raise ProtocolError(INVALID_PARAMS, "the body must be a JSON array, and not empty")
            return given
        if not isinstance(given, dict):
            raise ProtocolError(INVALID_PARAMS, "the body must be a JSON object")
        # Who leaves a field out and who says null mean the same.
        params = {name: value for name, value in given.items() if value is not None}
        if request.scope["query_string"]:
            for name, kind in query_kinds(row).items():
                values = request.query_params.getlist(name)
                if values:
                    params[name] = value_of(values, kind, name)
        for name, value in request.path_params.items():
            params["session_id" if name == "thread_id" else name] = value
        last = request.headers.get("last-event-id")
        if last and row.method in ("runs.join", "threads.join"):
            params["last_event_id"] = last
        return params


ALL = ("values", "updates", "messages-tuple", "custom", "tasks", "checkpoints", "debug")
"""What a stream is of that is joined without saying."""


def _json(value: Any, status: int = 200) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """What a thread's metadata are to have that a run makes; of what graph it is, the run says itself."""
    config = given.get("config")
    parts = [config.get("metadata") if isinstance(config, dict) else None, given.get("metadata")]
    said = {name: one for part in parts if isinstance(part, dict) for name, one in part.items()}
    return {name: one for name, one in said.items() if name not in ("graph_id", "assistant_id")}


def _location(row: Row, answer: bytes) -> dict[str, str]:
    headers = {"cache-control": "no-store"}
    if row.method == "runs.create":
        made = msgspec.json.decode(answer)
        headers["content-location"] = f"/threads/{made['thread_id']}/runs/{made['run_id']}"
    return headers


def _minimal(row: Row, request: Request) -> bool:
    """Whether who changes a thread needs no answer (https://www.rfc-editor.org/rfc/rfc7240#section-4.2)."""
    preferred = request.headers.getlist("prefer")
    named = {one.strip() for text in preferred for one in text.lower().split(",")}
    return row.method == "threads.update" and "return=minimal" in named


def _after(last: str | None, seq: int) -> tuple[int, int]:
    """Behind which part a stream that is joined begins: the last one that was read, or what is there already."""
    if last is None:
        return (seq, 1 << 30)
    number, _, part = last.partition("-")
    if not number.isdigit():
        # `-1`: all of it.
        return (-1, -1)
    return (int(number), int(part) if part.isdigit() else 1 << 30)


def _is_uuid(given: Any) -> bool:
    """Whether a run is to be of an assistant by its id, and not of a graph by its name."""
    try:
        UUID(given["assistant_id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return False
    return True


async def ok(_: Request) -> Response:
    """It is there."""
    return _json({"ok": True})


async def _without_slash(request: Request) -> Response:
    """Lead to the address without the slash at its end, whatever its verb and body."""
    query = request.scope["query_string"].decode("latin-1")
    root = request.scope.get("root_path", "")
    path = quote(root + get_route_path(request.scope).rstrip("/"))
    where = f"{path}?{query}" if query else path
    return Response(status_code=307, headers={"location": where, "cache-control": "no-store"})


async def _no_crons(_: Request) -> Response:
    return _json({"detail": NO_CRONS}, 501)
