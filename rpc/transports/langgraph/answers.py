"""Bodies as LangGraph's clients send them, and refusals as they understand them."""

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import PARSE_ERROR, TOO_LARGE, Limit, ProtocolError
from rpc.settings import Settings
from rpc.transports.body import TooLarge, depth_exceeds, is_json, read_body
from rpc.transports.retry_after import challenge, retry_after


async def json_body(request: Request, settings: Settings) -> Any:
    """The decoded body; an empty one is an empty object. Raises `ProtocolError`, `HTTPException` (415)."""
    most = settings.max_message_bytes
    try:
        body = await read_body(request, most)
    except TooLarge as error:
        raise ProtocolError(
            TOO_LARGE,
            f"a body of over {most} bytes, the limit",
            limit=Limit("max_message_bytes", most),
        ) from error
    if not body:
        return {}
    kind = request.headers.get("content-type")
    if not is_json(kind):
        # A page of another site can send any other type without asking.
        raise HTTPException(415, f"send the body as application/json, not {kind or 'nothing'}")
    return decoded(body, settings)


def decoded(text: str | bytes, settings: Settings) -> Any:
    """A body, or a socket's message, that is not too large. Raises `ProtocolError`: parse error, too large."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ProtocolError(PARSE_ERROR, f"it is not valid JSON: {error}") from error
    if depth_exceeds(text, value, settings.max_json_depth):
        raise ProtocolError(
            TOO_LARGE,
            f"it nests deeper than {settings.max_json_depth} arrays and objects",
            limit=Limit("max_json_depth", settings.max_json_depth),
        )
    return value


def problem(error: ProtocolError, status: int | None = None) -> Response:
    """A refusal as that API has it. `status`: in place of the error's own."""
    body = {
        "detail": error.detail,
        "type": error.error.type,
        "path": error.path,
        "limit": error.limit,
        "retry_after_ms": error.retry_after_ms,
    }
    headers = {
        "cache-control": "no-store",
        **retry_after(error.retry_after_ms),
        **challenge(error),
    }
    return Response(
        msgspec.json.encode({name: value for name, value in body.items() if value is not None}),
        error.error.http_status if status is None else status,
        headers,
        "application/json",
    )
