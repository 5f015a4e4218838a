"""What a request brings to say who calls. Decisions without I/O.

A header that a program sets counts always. A browser sends cookies by itself, whoever's page asks: one counts only where
the browser says that a page of this server's own does.
"""

import re
from typing import Literal
from urllib.parse import parse_qsl, unquote

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from protocol.errors import INVALID_REQUEST, ProtocolError
from protocol.rest import CREDENTIALS
from protocol.security import COOKIE
from rpc.auth.principals import unauthorized
from rpc.auth.tokens import PATTERN

PROTOCOL = "stepwire.v1"
"""The WebSocket subprotocol that a browser offers beside that of its token."""

BEARER = "stepwire.bearer."
"""How the subprotocol begins that carries a token; that is the rest of it."""

LONGEST = 8192
"""How long a token may be, in characters; a JWT is longer than one of ours."""


NAME_CHARACTERS = 50
"""How much of a parameter's name is repeated."""

_BETWEEN = re.compile("[-_. ]")
_NAMES = frozenset(_BETWEEN.sub("", one) for one in CREDENTIALS)

_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
"""How a JWT looks: a header and claims that are JSON objects, in base64url (RFC 7515, section 3.1)."""

_SAFE = ("GET", "HEAD", "OPTIONS")


class Given(Struct, frozen=True):
    """A token, and what carried it."""

    token: str
    carrier: Literal["header", "subprotocol", "cookie"]


def check_url(scope: Scope) -> None:
    """Addresses are logged, and stay in histories: no token in them. Raises `ProtocolError` (invalid request)."""
    query = scope.get("query_string", b"").decode("latin-1")
    path = scope.get("path", "")
    if not query and "stw" not in path and "eyJ" not in path:
        return
    for name, value in parse_qsl(query, keep_blank_values=True):
        secret = names_credential(name)
        if secret or _has_token(value):
            shown = f"`{name[:NAME_CHARACTERS]}`" if secret and not _has_token(name) else "a token"
            raise ProtocolError(
                INVALID_REQUEST,
                f"{shown} in the query string: addresses are logged, so credentials are not taken there; "
                "send `Authorization: Bearer <token>`",
            )
    if _has_token(unquote(path)) or _has_token(unquote(query)):
        raise ProtocolError(
            INVALID_REQUEST,
            "a token in the address: addresses are logged, so credentials are not taken there",
        )


def names_credential(name: str) -> bool:
    """Whether a parameter of an address is called as credentials are: `access_token`, `apiKey`, `X-Api-Key`."""
    return _BETWEEN.sub("", name).lower() in _NAMES


def _has_token(text: str) -> bool:
    return PATTERN.search(text) is not None or _JWT.search(text) is not None


def credentials(scope: Scope) -> Given | None:
    """The token that a request brings. Raises `ProtocolError` (unauthorized) where it brings two."""
    found = brought(scope)
    if not found:
        headers = Headers(scope=scope)
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        if cookie and own_page(scope, headers):
            found = [Given(cookie, "cookie")]
    if len({one.token for one in found}) > 1:
        raise unauthorized("two different credentials in one request: send one", invalid=True)
    if found and len(found[0].token) > LONGEST:
        raise unauthorized(f"a token of over {LONGEST} characters", invalid=True)
    return found[0] if found else None


def brought(scope: Scope) -> list[Given]:
    """The tokens that a program put into a request, each time that it is there."""
    found = [Given(token, "header") for token in _headers(scope)]
    return found + [Given(token, "subprotocol") for token in offered(scope)]


def _headers(scope: Scope) -> list[str]:
    tokens: list[str] = []
    for name, value in scope.get("headers", ()):
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer" and token.strip():
                tokens.append(token.strip())
        elif name == b"x-api-key" and value.strip():
            tokens.append(value.decode("latin-1").strip())
    return tokens


def offered(scope: Scope) -> list[str]:
    """The tokens among a socket's subprotocols."""
    return [
        one.removeprefix(BEARER)
        for one in scope.get("subprotocols", ())
        if one.startswith(BEARER) and one != BEARER
    ]


def selected(scope: Scope) -> str | None:
    """The subprotocol that a socket speaks, of those that its client offers; None where it offers none of ours.

    That with the token is the last choice: it comes back in the answer.
    """
    offers = scope.get("subprotocols", ())
    if PROTOCOL in offers:
        return PROTOCOL
    return next((one for one in offers if one.startswith(BEARER)), None)


def own_page(scope: Scope, headers: Headers) -> bool:
    """Whether the browser says that a page of this very origin asks, or none does.

    Another port of the same host is the same site, and its pages' requests have the cookie: so it is the origin that is
    compared (https://www.w3.org/TR/fetch-metadata/).
    """
    origin = headers.get("origin")
    if origin is not None:
        secure = scope.get("scheme") in ("https", "wss")
        return origin.lower() == f"{'https' if secure else 'http'}://{headers.get('host')}".lower()
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin" or (site == "none" and scope.get("method") in _SAFE)
    # No browser of these years; an older one sends at least the origin with what changes something.
    return scope["type"] == "http" and scope.get("method") in _SAFE


def forwarded(scope: Scope) -> bool:
    """Whether a proxy says that it passed the request on."""
    return any(
        name in (b"via", b"forwarded", b"x-real-ip") or name.startswith(b"x-forwarded-")
        for name, _ in scope.get("headers", ())
    )
