"""REST: one adapter for every row of `protocol.rest.REST_ROWS`. It has no handler of its own."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.errors import INVALID_PARAMS, PARSE_ERROR, TOO_LARGE, Limit, ProtocolError
from protocol.feeds import WatchResult
from protocol.rest import REST_ROWS, Row
from rpc.auth.principals import Principal
from rpc.auth.rules import known
from rpc.events.cursor import Cursor
from rpc.methods.bus import Bus, convert_params
from rpc.sessions.feed import FeedReader
from rpc.settings import Settings
from rpc.transports.arriving import call_of
from rpc.transports.body import TooLarge, depth_exceeds, is_json, read_body
from rpc.transports.rest.feed_stream import FeedStream
from rpc.transports.rest.problems import problem_response
from rpc.transports.rest.request_params import request_params
from rpc.transports.rest.sse import EventStream, Stream, Watch


class Rest:
    """The rows as routes. `bus`: of the server that answers now. `watch`: ends streams of callers who are let in no more.
    `hold`: counts an open stream until its result is called, or raises `ProtocolError`.
    """

    def __init__(
        self,
        bus: Callable[[], Bus],
        settings: Settings,
        watch: Watch,
        hold: Callable[[Principal], Callable[[], None]],
    ) -> None:
        self.bus = bus
        self.watch = watch
        self.hold = hold
        self.settings = settings
        # The streams that are open: a server that stops ends them.
        self.streams: set[Stream] = set()

    def routes(self) -> list[Route]:
        """One route a path: a wrong verb is then told all the right ones."""
        by_path: dict[str, dict[str, Row]] = {}
        for row in REST_ROWS:
            by_path.setdefault(row.path, {})[row.verb] = row
        return [
            Route(path, self._endpoint(rows), methods=list(rows)) for path, rows in by_path.items()
        ]

    def stop_streams(self) -> None:
        """End every open stream where it stands; browsers reconnect and lose nothing."""
        for stream in list(self.streams):
            stream.stop()

    def _endpoint(self, rows: dict[str, Row]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            return await self._answer(rows.get(request.method) or rows["GET"], request)

        return endpoint

    async def _answer(self, row: Row, request: Request) -> Response:
        base_path = request.scope.get("root_path", "")
        reader = _Reader() if row.stream else None
        call = call_of(request, "rest", reader)
        release: Callable[[], None] = _nothing
        try:
            bus = self.bus()
            try:
                principal = known(call.principal)
                if row.stream:
                    release = self.hold(principal)
                params = await self._params(row, request)
            except ProtocolError as error:
                bus.refused(error, call, row.method)
                raise
            answer = await bus.answer(row.method, params, call)
        except ProtocolError as error:
            release()
            return problem_response(error, base_path)
        except BaseException:
            release()
            raise
        finally:
            call.answered()
        if reader is not None and reader.cursor is not None:
            return EventStream(
                reader.cursor,
                self.bus(),
                call,
                self.watch,
                self.settings.sse_keepalive_seconds,
                self.streams,
                release,
                resumed="last-event-id" in request.headers,
                head_only=request.method == "HEAD",
            )
        if reader is not None and reader.feed is not None:
            return FeedStream(
                reader.feed,
                msgspec.json.decode(answer, type=WatchResult).cursor,
                self.bus(),
                call,
                self.watch,
                self.settings.sse_keepalive_seconds,
                self.streams,
                release,
                head_only=request.method == "HEAD",
            )
        release()
        return Response(
            answer,
            media_type="application/json",
            headers={"cache-control": "no-store"},
        )

    async def _params(self, row: Row, request: Request) -> dict[str, Any]:
        query = request.query_params.multi_items()
        body = await self._body(request) if row.body else None
        params = request_params(row, request.path_params, query, body)
        last = request.headers.get("last-event-id") if row.stream else None
        if last is not None and row.resumed_by == "cursor":
            convert_params(row.call, params)
            params["cursor"] = last
        elif last is not None:
            if not (last.isascii() and last.isdigit()):
                raise ProtocolError(
                    INVALID_PARAMS, "`Last-Event-ID` is an event's number", path="$.after"
                )
            # It wins over `after`, which has to be right nevertheless.
            convert_params(row.call, params)
            params["after"] = int(last)
        return params

    async def _body(self, request: Request) -> Any:
        """The decoded body; an empty one is an empty object."""
        limit = self.settings.max_message_bytes
        try:
            body = await read_body(request, limit)
        except TooLarge as error:
            raise ProtocolError(
                TOO_LARGE,
                f"a body of over {limit} bytes, the limit",
                limit=Limit("max_message_bytes", limit),
            ) from error
        kind = request.headers.get("content-type")
        if not body:
            # Whatever its type: clients that send a form's say so of nothing too.
            return {}
        if not is_json(kind):
            raise HTTPException(415, f"send the body as application/json, not {kind or 'nothing'}")
        try:
            value = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ProtocolError(PARSE_ERROR, f"the body is not valid JSON: {error}") from error
        # The same params in a JSON-RPC request lie one level deeper.
        depth = self.settings.max_json_depth - 1
        if depth_exceeds(body, value, depth):
            raise ProtocolError(
                TOO_LARGE,
                f"the body nests deeper than {depth} arrays and objects",
                limit=Limit("max_json_depth", depth + 1),
            )
        return value


class _Reader:
    """The subscriber that a stream is: `session.subscribe` hands it the cursor, `session.watch` the reader."""

    def __init__(self) -> None:
        self.cursor: Cursor | None = None
        self.feed: FeedReader | None = None

    def reserve(self, session_id: str | None) -> Callable[[], None]:
        return _nothing

    def subscribe(self, cursor: Cursor, *, batch: bool) -> None:
        self.cursor = cursor

    def unsubscribe(self, session_id: str) -> bool:
        return False

    def subscribed(self, session_id: str) -> bool:
        return False

    def turn(self, session_id: str, after: int, types: Any, batch: Any) -> None:
        pass

    def watch(self, reader: FeedReader, *, batch: bool) -> None:
        self.feed = reader

    def unwatch(self) -> bool:
        return False

    def hold(self, session_id: str) -> Callable[[], None]:
        return lambda: None


def _nothing() -> None:
    pass
