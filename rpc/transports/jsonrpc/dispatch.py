"""JSON-RPC 2.0: text in, text out (https://www.jsonrpc.org/specification).

jsonrpcserver dispatches one decoded request at a time; a batch is taken apart here, since one bad entry
must not spoil the others (section 6). Errors of the table are mapped here and nowhere else.
"""

import difflib
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
import msgspec
from jsonrpcserver import Error, Success, async_dispatch_to_response
from jsonrpcserver.result import Result
from oslash.either import Left  # type: ignore[import-untyped]

from protocol.errors import (
    ERRORS,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    TOO_LARGE,
    ErrorData,
    ProtocolError,
)
from protocol.methods import Method
from rpc.auth.rate import RateLimit
from rpc.methods.call import Call
from rpc.sessions.service import storage_failed
from rpc.storage.store import StorageError

log = logging.getLogger("stepwire.dispatch")

Handler = Callable[[Call, Any], Awaitable[Any]]

_encoder = msgspec.json.Encoder()
_by_code = {error.code: error for error in ERRORS}


class Dispatcher:
    """Answers requests with a handler for each method of a table.

    `table`: the methods, whose params Structs say what a call must look like; those without a handler
    do not exist here. `max_batch_size`: requests. `max_json_depth`: nested arrays and objects, the message's own included.
    `rate`: how often one client may call; None for no limit.
    """

    def __init__(
        self,
        table: Mapping[str, Method],
        handlers: Mapping[str, Handler],
        *,
        max_batch_size: int,
        max_json_depth: int,
        rate: RateLimit | None = None,
    ) -> None:
        self.table = table
        self.handlers = dict(handlers)
        self.rate = rate
        self.max_batch_size = max_batch_size
        self.max_json_depth = max_json_depth
        self.methods = {name: self._method(name) for name in handlers}

    async def handle(self, message: str | bytes, call: Call) -> bytes | None:
        """The answer to a message, or None where it asks for none. Never raises a fault of the client's."""
        try:
            request = msgspec.json.decode(message)
        except RecursionError:
            return self._too_deep()
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return refusal(ProtocolError(PARSE_ERROR, f"the message is not valid JSON: {error}"))
        if depth_exceeds(message, request, self.max_json_depth):
            return self._too_deep()
        if not isinstance(request, list):
            return await self._one(request, call)
        if not request:
            return refusal(ProtocolError(INVALID_REQUEST, "an empty batch asks for nothing"))
        if len(request) > self.max_batch_size:
            return refusal(
                ProtocolError(
                    TOO_LARGE,
                    f"a batch of {len(request)} requests; at most {self.max_batch_size} are taken",
                )
            )
        return await self._batch(request, call)

    def _too_deep(self) -> bytes:
        return refusal(
            ProtocolError(
                TOO_LARGE, f"the message nests deeper than {self.max_json_depth} arrays and objects"
            )
        )

    async def _batch(self, requests: list[Any], call: Call) -> bytes | None:
        answers: list[bytes | None] = [None] * len(requests)

        async def answer(index: int) -> None:
            answers[index] = await self._one(requests[index], call)

        async with anyio.create_task_group() as group:
            for index in range(len(requests)):
                group.start_soon(answer, index)
        present = [answer for answer in answers if answer is not None]
        return b"[" + b",".join(present) + b"]" if present else None

    async def _one(self, request: Any, call: Call) -> bytes | None:
        problem = request_problem(request)
        if problem is not None:
            return refusal(ProtocolError(INVALID_REQUEST, problem), request_id(request))
        response: Any = await async_dispatch_to_response(
            request,
            self.methods,
            context=call,
            deserializer=_as_it_is,
            validator=_as_it_is,
        )
        if response is None:
            return None
        if not isinstance(response, Left):
            success = response._value
            return _encoder.encode({"jsonrpc": "2.0", "result": success.result, "id": success.id})
        failed = response._error
        data = failed.data
        if failed.code == METHOD_NOT_FOUND.code and not isinstance(data, ErrorData):
            data = self._unknown(request["method"]).data
        elif not isinstance(data, ErrorData):
            data = ProtocolError(_by_code[failed.code], str(data)).data
        return _error(failed.code, data, failed.id)

    def _unknown(self, name: str) -> ProtocolError:
        near = difflib.get_close_matches(name, self.handlers, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return ProtocolError(
            METHOD_NOT_FOUND, f"there is no method {name!r}; {hint}`rpc.discover` lists them"
        )

    async def call(self, name: str, params: Any, call: Call) -> Any:
        """The result of one method for params that are an object or an array. Raises `ProtocolError`."""
        if self.rate is not None and call.client is not None:
            self.rate.admit(call.client)
        handler = self.handlers.get(name)
        if handler is None:
            raise self._unknown(name)
        try:
            return await handler(call, convert_params(self.table[name], params))
        except StorageError as error:
            raise storage_failed(error) from error

    def _method(self, name: str) -> Callable[..., Awaitable[Result]]:
        """The method as jsonrpcserver wants it."""

        async def method(call: Call, /, *args: Any, **kwargs: Any) -> Result:
            try:
                result = await self.call(name, list(args) if args else kwargs, call)
                return Success(msgspec.Raw(_encoder.encode(result)))
            except ProtocolError as error:
                call.refused(error)
                return Error(error.error.code, error.error.message, error.data)
            except Exception:
                # A border: a fault of ours is logged whole, and the client gets a reference only.
                fault = internal_error(name)
                return Error(fault.error.code, fault.error.message, fault.data)

        return method


def internal_error(name: str) -> ProtocolError:
    """Log the exception being handled; the error to answer with, which names the log line."""
    reference = secrets.token_hex(4)
    log.exception("%s failed (reference %s)", name, reference)
    return ProtocolError(
        INTERNAL_ERROR, f"{name} failed; the server's log has the cause under {reference}"
    )


def convert_params(method: Method, params: Any) -> Any:
    """The method's params Struct. Raises `ProtocolError` (invalid params), its path the field's."""
    kind = method.params
    if isinstance(params, list):
        fields = kind.__struct_fields__
        if len(params) > len(fields):
            raise ProtocolError(
                INVALID_PARAMS,
                f"{len(params)} positional params; {method.name} takes {len(fields)}: {', '.join(fields)}",
                path="$",
            )
        params = dict(zip(fields, params, strict=False))
    try:
        return msgspec.convert(params, kind)
    except msgspec.ValidationError as error:
        raise invalid_params(method.name, str(error), kind.__struct_fields__) from error


def invalid_params(name: str, message: str, fields: tuple[str, ...]) -> ProtocolError:
    """msgspec's message as our error: where it was, and what would be right."""
    what, _, where = message.partition(" - at ")
    path = where.strip("`") or "$"
    for phrase in ("missing required field `", "contains unknown field `"):
        if phrase in what:
            path = f"{path}.{what.split(phrase, 1)[1].split('`')[0]}"
    hint = ""
    if "unknown field" in what and path.count(".") == 1:
        near = difflib.get_close_matches(path[2:], fields, 1)
        takes = ", ".join(fields) or "no params"
        hint = f" (did you mean `{near[0]}`?)" if near else f" ({name} takes: {takes})"
    return ProtocolError(INVALID_PARAMS, f"{what} - at `{path}`{hint}", path=path)


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
        return "`id` must be a string, a number or null"
    return None


def request_id(request: Any) -> str | int | float | None:
    """The id to answer something with that may be no request object; null where it has none (section 5)."""
    given = request.get("id") if isinstance(request, dict) else None
    return given if isinstance(given, str | int | float) and not isinstance(given, bool) else None


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


def depth_exceeds(message: str | bytes, decoded: Any, limit: int) -> bool:
    """Whether a decoded message nests deeper than `limit`; cheap where it has few brackets."""
    text = message if isinstance(message, bytes) else message.encode()
    if text.count(b"[") + text.count(b"{") <= limit or not isinstance(decoded, dict | list):
        return False
    level = [decoded]
    for _ in range(limit):
        level = [
            child
            for value in level
            for child in (value.values() if isinstance(value, dict) else value)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
