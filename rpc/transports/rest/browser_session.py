"""`/v1/session`: a token put into a cookie, for what a browser's page cannot give headers, such as an `EventSource`.

The cookie is the token itself, so that it is revoked with it. No script reads it (HttpOnly), no other site's page makes a
browser send it (SameSite=Strict), and it counts only for this origin's own requests (`rpc/auth/credentials.py`).
"""

import time
from collections.abc import Awaitable, Callable, Iterable

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.errors import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, ProtocolError
from protocol.principals import SCOPES
from protocol.security import COOKIE, SESSION_PATH, BeginSession, BrowserSession
from rpc.auth.credentials import Given, credentials
from rpc.auth.principals import Principal, unauthorized
from rpc.transports.body import TooLarge, is_json, read_body
from rpc.transports.rest.problems import problem_response

MAX_BODY_BYTES = 16 * 1024
MAX_COOKIE_BYTES = 4000
"""A browser keeps none that is larger (RFC 6265, section 6.1)."""

Verify = Callable[[Request, Given], Awaitable[Principal]]
Asks = Callable[[Iterable[Given]], Awaitable[bool]]


def routes(verify: Verify, asks: Asks) -> list[Route]:
    """`verify`: who calls with a token; raises `ProtocolError`. `asks`: whether anybody is asked, now that these are brought."""

    async def begin(request: Request) -> Response:
        try:
            given = await _given(request)
            if not await asks([] if given is None else [given]):
                raise ProtocolError(
                    INVALID_REQUEST, "this server asks nobody who they are: no cookie is needed"
                )
            if given is None:
                raise unauthorized(
                    'send the token: as {"token": …}, or as `Authorization: Bearer <token>`'
                )
            principal = await verify(request, given)
            return _begun(request, given, principal)
        except ProtocolError as error:
            return problem_response(error, request.scope.get("root_path", ""))

    async def end(request: Request) -> Response:
        response = Response(status_code=204, headers={"cache-control": "no-store"})
        response.delete_cookie(
            COOKIE, _path(request), httponly=True, samesite="strict", secure=_secure(request)
        )
        return response

    async def either(request: Request) -> Response:
        return await (end if request.method == "DELETE" else begin)(request)

    return [Route(SESSION_PATH, either, methods=["POST", "DELETE"])]


async def _given(request: Request) -> Given | None:
    """The token of the body, or of a header, if there is one. A cookie is not made of a cookie. Raises `ProtocolError`."""
    try:
        body = await read_body(request, MAX_BODY_BYTES)
    except TooLarge as error:
        raise ProtocolError(INVALID_REQUEST, "the body is too large for a token") from error
    token: str | None = None
    if body:
        # A form of another site's page cannot send this type.
        if not is_json(request.headers.get("content-type")):
            raise HTTPException(415, 'send {"token": …} as application/json')
        try:
            token = msgspec.json.decode(body, type=BeginSession).token
        except msgspec.ValidationError as error:
            raise ProtocolError(INVALID_PARAMS, str(error), path="$.token") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ProtocolError(PARSE_ERROR, f"the body is not valid JSON: {error}") from error
    if token is not None:
        return Given(token, "header")
    given = credentials(request.scope)
    return None if given is None or given.carrier == "cookie" else given


def _begun(request: Request, given: Given, principal: Principal) -> Response:
    if len(given.token) > MAX_COOKIE_BYTES or not given.token.isascii():
        raise ProtocolError(INVALID_REQUEST, "the token is too long for a cookie")
    document = BrowserSession(
        principal.owner,
        [scope for scope in SCOPES if principal.may(scope)],
        principal.expires_at,
    )
    response = Response(
        msgspec.json.encode(document),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
    left = None if principal.expires_at is None else int(principal.expires_at - time.time())
    response.set_cookie(
        COOKIE,
        given.token,
        max_age=left,
        path=_path(request),
        secure=_secure(request),
        httponly=True,
        samesite="strict",
    )
    return response


def _path(request: Request) -> str:
    """The cookie is for this app, not for what it is mounted in."""
    return str(request.scope.get("root_path", "")) or "/"


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
