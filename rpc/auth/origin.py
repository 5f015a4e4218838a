"""Who may speak to the server from a browser.

A page on any site can open a WebSocket to 127.0.0.1, and a name of the page's own can be made to resolve to
it (DNS rebinding): so both the `Origin` and the `Host` header are checked (RFC 6455, section 10.2).
"""

import logging
import re
from collections.abc import Collection, Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from protocol.errors import FORBIDDEN, ProtocolError
from protocol.rest import problem
from rpc.auth.origin_setting import ANY

log = logging.getLogger("stepwire.auth")

MOST_TOLD = 1000
"""Refusals that are logged; whoever goes on making up names is not followed."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Cors(msgspec.Struct, frozen=True):
    """How pages of other origins may use the server, where a project says more than `allowed_origins`.

    `pattern`: a regular expression; origins that are it as a whole are let in too. `credentials`: their browsers may send cookies.
    `exposed`: names of headers in lower case that they may read, beside those of the API. `max_age`: how many seconds a browser may keep what is allowed.
    `methods`: of HTTP, in capitals, that they may ask with. `headers`: names of those that they may send, beside the safelisted ones. `*` is any.
    """

    pattern: str = ""
    credentials: bool = False
    methods: tuple[str, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE")
    headers: tuple[str, ...] = (ANY,)
    exposed: tuple[str, ...] = ()
    max_age: int = 600


class OriginPolicy:
    """Decides from two headers, without I/O.

    `hosts`: host names the server answers to, beside the loopback ones; `*` is any. `origins`: origins of
    pages, beside the server's own, that may use it; `*` is any. `pattern`: see `Cors`.
    """

    def __init__(self, hosts: Iterable[str], origins: Iterable[str], pattern: str = "") -> None:
        self.hosts = LOOPBACK | {host.lower().strip("[]") for host in hosts}
        self.origins = frozenset(origin.lower().rstrip("/") for origin in origins)
        self.pattern = re.compile(pattern) if pattern else None

    def refusal(
        self, host: str | None, origin: str | None, scheme: str, server: str | None = None
    ) -> str | None:
        """Why a request is refused, or None. `scheme`: `http` or `https`, the server's own.

        `server`: what whoever runs the app says that it is. A name there, where sockets have addresses, is that
        of a URL that a client in this process asked for: no browser can have it.
        """
        if host is None:
            return "the request has no Host header"
        name = _hostname(f"//{host}")
        if name is None or not (_known(name, self.hosts) or _named(server, name)):
            return (
                f"this server does not answer to the host {host!r}; "
                f"the setting `allowed_hosts` lets it in: {name or host!r}"
            )
        if origin is None or origin.lower().rstrip("/") in self.origins or ANY in self.origins:
            return None
        if self.pattern is not None and self.pattern.fullmatch(origin):
            return None
        if origin.lower() == f"{scheme}://{host}".lower():
            return None
        return (
            f"pages of {origin!r} may not use this server; "
            f"the setting `allowed_origins` lets them in: {origin}"
        )


class OriginMiddleware:
    """Answers 403 to what the policy refuses, before anything else sees it."""

    def __init__(self, app: ASGIApp, policy: OriginPolicy) -> None:
        self.app = app
        self.policy = policy
        # What was refused and logged: once is enough.
        self.told: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
        server = (scope.get("server") or (None,))[0]
        why = self.policy.refusal(headers.get("host"), headers.get("origin"), scheme, server)
        if why is None:
            await self.app(scope, receive, send)
            return
        if why not in self.told and len(self.told) < MOST_TOLD:
            self.told.add(why)
            log.warning("refused with 403: %s", why)
        response = JSONResponse(
            _problem(why), status_code=FORBIDDEN.http_status, media_type="application/problem+json"
        )
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(response)
        else:
            await response(scope, receive, send)


def cors(origins: Iterable[str], how: Cors) -> list[Middleware]:
    """What lets pages of these origins, and of those that `how` lets in, read the answers (https://fetch.spec.whatwg.org/#http-cors-protocol).

    None where there are no origins: then only the server's own pages can.
    """
    allowed = [ANY if origin == ANY else origin.lower().rstrip("/") for origin in origins]
    if not allowed and not how.pattern:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=allowed,
            allow_origin_regex=how.pattern or None,
            # Any page could use the cookies of its reader.
            allow_credentials=how.credentials and ANY not in allowed,
            max_age=how.max_age,
            allow_methods=how.methods,
            allow_headers=how.headers,
            # A page of the internet that speaks to a server in a private network is asked for by its browser (https://wicg.github.io/private-network-access/):
            # who names its origin means it.
            allow_private_network=True,
            # `location` and the three after it are LangGraph's: clients of its API learn from them which run they have begun, and where a page ends.
            expose_headers=[
                "retry-after",
                "www-authenticate",
                "location",
                "content-location",
                "x-pagination-total",
                "x-pagination-next",
                *how.exposed,
            ],
        )
    ]


def _problem(why: str) -> object:
    return msgspec.to_builtins(problem(ProtocolError(FORBIDDEN, why)))


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _known(name: str, hosts: Collection[str]) -> bool:
    return ANY in hosts or name.lower() in hosts


def _named(server: str | None, name: str) -> bool:
    """Whether the server is said to be that name, which must be no address."""
    if server is None or server.lower() != name.lower():
        return False
    try:
        ip_address(server)
    except ValueError:
        return True
    return False
