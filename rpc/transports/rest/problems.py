"""Errors of HTTP requests as problem documents (RFC 9457)."""

import logging

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from protocol.errors import INVALID_REQUEST, METHOD_NOT_FOUND, UNAUTHORIZED, ProtocolError
from protocol.rest import problem
from rpc.auth.credentials import selected
from rpc.transports.closing import UNAUTHORIZED_CLOSE, close_reason
from rpc.transports.retry_after import challenge, retry_after

log = logging.getLogger("stepwire.transports")

MEDIA_TYPE = "application/problem+json"

_encoder = msgspec.json.Encoder()


def problem_response(
    error: ProtocolError, base_path: str = "", *, status: int | None = None
) -> Response:
    """The error as an answer.

    `base_path`: the path the app is mounted under. `status`: instead of the error's own.
    """
    document = problem(error)
    document = msgspec.structs.replace(
        document,
        type=base_path + document.type,
        status=document.status if status is None else status,
    )
    response = Response(_encoder.encode(document), document.status, media_type=MEDIA_TYPE)
    response.headers["cache-control"] = "no-store"
    response.headers.update(retry_after(error.retry_after_ms))
    response.headers.update(challenge(error))
    return response


async def refused(error: ProtocolError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or a socket's handshake, that is let in nowhere."""
    response = problem_response(error, scope.get("root_path", ""))
    if scope["type"] == "websocket":
        await refuse_socket(WebSocket(scope, receive, send), error)
    else:
        await response(scope, receive, send)


async def refuse_socket(websocket: WebSocket, error: ProtocolError) -> None:
    """Refuse a handshake. A page is not told its status, so that it is told by a close code."""
    if error.error is UNAUTHORIZED and "origin" in websocket.headers:
        await websocket.accept(selected(websocket.scope))
        await websocket.close(UNAUTHORIZED_CLOSE, close_reason(error.detail))
        return
    await websocket.send_denial_response(
        problem_response(error, websocket.scope.get("root_path", ""))
    )


async def http_problem(request: Request, error: Exception) -> Response:
    """What Starlette refuses before any row is reached: an unknown path, a wrong verb or content type."""
    assert isinstance(error, HTTPException)
    detail = error.detail
    kind = INVALID_REQUEST
    if error.status_code == 404:
        kind = METHOD_NOT_FOUND
        detail = f"there is nothing at {request.url.path!r}"
        log.info("%s %s: there is nothing there", request.method, request.url.path)
    elif error.status_code == 405:
        allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
        detail = f"{request.url.path!r} does not take {request.method}; it takes {allowed}"
    response = problem_response(
        ProtocolError(kind, detail), request.scope.get("root_path", ""), status=error.status_code
    )
    response.headers.update(error.headers or {})
    return response


async def gone(request: Request, _: Exception) -> Response:
    """A client that went away before its request was whole. Nobody reads the answer."""
    log.info("%s %s: the client went away before it had sent all", request.method, request.url.path)
    return Response(status_code=400)


async def no_socket(websocket: WebSocket) -> None:
    """A WebSocket to a path where there is none."""
    path, base_path = websocket.url.path, websocket.scope.get("root_path", "")
    log.info("a WebSocket to %s: there is none there", path)
    detail = f"there is no WebSocket at {path!r}; it is at {base_path}/rpc"
    await websocket.send_denial_response(
        problem_response(ProtocolError(METHOD_NOT_FOUND, detail), base_path)
    )
