"""JSON-RPC 2.0: text in, text out (https://www.jsonrpc.org/specification).

jsonrpcserver dispatches one decoded request at a time; a batch is taken apart here, since one bad entry
must not spoil the others (section 6). What a request asks for is the bus's business.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import msgspec
from jsonrpcserver import Error, Success, async_dispatch_to_response
from jsonrpcserver.result import Result
from oslash.either import Left  # type: ignore[import-untyped]

from protocol.errors import (
    ERRORS,
    INVALID_REQUEST,
    PARSE_ERROR,
    TOO_LARGE,
    ErrorData,
    Limit,
    ProtocolError,
)
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.transports.body import depth_exceeds, nests_deeper

_encoder = msgspec.json.Encoder()
_by_code = {error.code: error for error in ERRORS}


ID_CHARACTERS = 500
"""How long an id may be: it comes back in an answer, which has a bound."""


class Dispatcher:
    """Answers messages with what the bus says to their requests.

    `max_batch_size`: requests. `max_json_depth`: nested arrays and objects, the message's own included.
    `max_frame_bytes`: of an answer, or of a batch's together.
    """

    def __init__(
        self, bus: Bus, *, max_batch_size: int, max_json_depth: int, max_frame_bytes: int
    ) -> None:
        self.bus = bus
        self.max_batch_size = max_batch_size
        self.max_json_depth = max_json_depth
        self.max_frame_bytes = max_frame_bytes

    async def handle(self, message: str | bytes, call: Call) -> bytes | None:
        """The answer to a message, or None where it asks for none. Never raises a fault of the client's."""
        try:
            request = msgspec.json.decode(message)
        except RecursionError:
            return self._refused(self._too_deep(), call)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            refused = ProtocolError(PARSE_ERROR, f"the message is not valid JSON: {error}")
            return await self._salvaged(message, refused, call)
        if depth_exceeds(message, request, self.max_json_depth):
            below = self.max_json_depth - 1
            return await self._apart(
                request, lambda entry: nests_deeper(entry, below), self._too_deep(), call
            )
        if not isinstance(request, list):
            return await self._one(request, call)
        if not request:
            return self._refused(
                ProtocolError(INVALID_REQUEST, "an empty batch asks for nothing"), call
            )
        if len(request) > self.max_batch_size:
            return self._refused(
                ProtocolError(
                    TOO_LARGE,
                    f"a batch of {len(request)} requests; at most {self.max_batch_size} are taken",
                    limit=Limit("max_batch_size", self.max_batch_size),
                ),
                call,
            )
        return await self._batch(request, call)

    async def _salvaged(
        self, message: str | bytes, refused: ProtocolError, call: Call
    ) -> bytes | None:
        """What can be answered of a message that another reader takes for JSON: half a surrogate pair, bytes of no text, a NaN.

        Whoever is refused learns which of its calls that is; the others of a batch are carried out.
        """
        # Bytes that are no UTF-8 become halves of surrogate pairs.
        text = message if isinstance(message, str) else message.decode("utf-8", "surrogateescape")
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            return self._refused(refused, call)
        detail = (
            "the message is not valid JSON: it has half of a surrogate pair, bytes that are no UTF-8, "
            "or a number that is none"
        )
        refused = ProtocolError(PARSE_ERROR, detail)
        return await self._apart(read, lambda entry: not _is_json(entry), refused, call)

    async def _apart(
        self, read: Any, wrong: Callable[[Any], bool], refused: ProtocolError, call: Call
    ) -> bytes | None:
        """Refuse a message that cannot be taken, by its id; of a batch only the entries that are wrong."""
        if not isinstance(read, list) or not 0 < len(read) <= self.max_batch_size:
            return self._refused(refused, call, _sendable(request_id(read)))
        bad: list[Any] = []
        good: list[Any] = []
        for entry in read:
            (bad if wrong(entry) else good).append(entry)
        answers = [self._refused(refused, call, _sendable(request_id(entry))) for entry in bad]
        if good:
            answered = await self.handle(msgspec.json.encode(good), call)
            if answered is not None:
                answers.append(answered[1:-1])
        return b"[%b]" % b",".join(answers)

    def _too_deep(self) -> ProtocolError:
        detail = f"the message nests deeper than {self.max_json_depth} arrays and objects"
        return ProtocolError(TOO_LARGE, detail, limit=Limit("max_json_depth", self.max_json_depth))

    def _refused(
        self, error: ProtocolError, call: Call, id: str | int | float | None = None
    ) -> bytes:
        """The answer to what cannot be called."""
        self.bus.refused(error, call)
        return refusal(error, id)

    async def _batch(self, requests: list[Any], call: Call) -> bytes | None:
        answers: list[bytes | None] = [None] * len(requests)

        async def answer(index: int) -> None:
            answers[index] = await self._one(requests[index], call)

        async with anyio.create_task_group() as group:
            for index in range(len(requests)):
                group.start_soon(answer, index)
        self._bound(requests, answers)
        present = [answer for answer in answers if answer is not None]
        return b"[" + b",".join(present) + b"]" if present else None

    def _bound(self, requests: list[Any], answers: list[bytes | None]) -> None:
        """Refuse the largest of a batch's answers where together they are too large."""
        sizes = {at: len(answer) + 1 for at, answer in enumerate(answers) if answer is not None}
        over = sum(sizes.values()) + 1 - self.max_frame_bytes
        for at in sorted(sizes, key=lambda at: -sizes[at]):
            if over <= 0:
                return
            refused = self._too_long(sizes[at], request_id(requests[at]))
            over -= sizes[at] - len(refused) - 1
            answers[at] = refused

    def _too_long(self, size: int, id: str | int | float | None) -> bytes:
        return refusal(
            ProtocolError(
                TOO_LARGE,
                f"the answer, of {size} bytes, does not fit into a frame of {self.max_frame_bytes}: "
                "ask for less at once (`limit`, `count`), or by itself",
                limit=Limit("max_frame_bytes", self.max_frame_bytes),
            ),
            id,
        )

    async def _one(self, request: Any, call: Call) -> bytes | None:
        if is_response(request):
            # Two who answer each other's errors would never end.
            if request.get("id") is None:
                return None
            # Its id is one of the server's calls, whatever the client's own calls are named.
            detail = "a response (`result`, `error`) to a call that the server has not made; a call has a `method`"
            return self._refused(ProtocolError(INVALID_REQUEST, detail), call)
        problem = request_problem(request)
        if problem is not None:
            return self._refused(ProtocolError(INVALID_REQUEST, problem), call, request_id(request))
        name = request["method"]
        response: Any = await async_dispatch_to_response(
            request,
            # Whatever is asked for: that there is no such method is the bus's answer too.
            {name: self._method(name)},
            context=call,
            deserializer=_as_it_is,
            validator=_as_it_is,
        )
        if response is None:
            return None
        if isinstance(response, Left):
            failed = response._error
            return _error(failed.code, failed.data, failed.id)
        success = response._value
        answer = _encoder.encode({"jsonrpc": "2.0", "result": success.result, "id": success.id})
        if len(answer) > self.max_frame_bytes:
            return self._too_long(len(answer), success.id)
        return answer

    def _method(self, name: str) -> Callable[..., Awaitable[Result]]:
        """The method as jsonrpcserver wants it."""

        async def method(call: Call, /, *args: Any, **kwargs: Any) -> Result:
            try:
                params = list(args) if args else kwargs
                return Success(msgspec.Raw(await self.bus.answer(name, params, call)))
            except ProtocolError as error:
                call.refused(error)
                return Error(error.error.code, error.error.message, error.data)

        return method


def is_response(message: Any) -> bool:
    """Whether it answers a call, or tries to (JSON-RPC 2.0, section 5)."""
    return (
        isinstance(message, dict)
        and "method" not in message
        and not message.keys().isdisjoint(("result", "error"))
    )


def _is_json(value: Any) -> bool:
    """Whether what Python's own reader takes is JSON everywhere."""
    try:
        msgspec.json.decode(json.dumps(value))
    except (ValueError, RecursionError):
        return False
    return True


def _sendable(id: str | int | float | None) -> str | int | float | None:
    return id if _is_json(id) else None


def request_problem(request: Any) -> str | None:
    """What keeps a decoded value from being a request object (section 4); None if nothing does."""
    if not isinstance(request, dict):
        return "a request is an object"
    if request.get("jsonrpc") != "2.0":
        return '`jsonrpc` must be "2.0"'
    if not isinstance(request.get("method"), str):
        return "`method` must be a string"
    if "params" in request and not isinstance(request["params"], dict | list):
        return "`params` must be an object or an array"
    if "id" in request and request["id"] is not None and request_id(request) is None:
        return f"`id` must be a string of at most {ID_CHARACTERS} characters, a number or null"
    return None


def request_id(request: Any) -> str | int | float | None:
    """The id to answer something with that may be no request object; null where it has none (section 5)."""
    given = request.get("id") if isinstance(request, dict) else None
    if isinstance(given, str):
        return given if len(given) <= ID_CHARACTERS else None
    return given if isinstance(given, int | float) and not isinstance(given, bool) else None


def refusal(error: ProtocolError, request_id: str | int | float | None = None) -> bytes:
    """An answer to what could not be called; the id is null where it cannot be known (section 5)."""
    return _error(error.error.code, error.data, request_id)


def _error(code: int, data: ErrorData, request_id: Any) -> bytes:
    return _encoder.encode(
        {
            "jsonrpc": "2.0",
            "error": {"code": code, "message": _by_code[code].message, "data": data},
            "id": request_id,
        }
    )


def _as_it_is(decoded: Any) -> Any:
    """The request is decoded and checked already, with errors that say more."""
    return decoded
