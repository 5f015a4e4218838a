"""Who calls, found out once for every request and every socket, before any wire sees it."""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from protocol.errors import ProtocolError
from rpc.auth.principals import Principal

PRINCIPAL = "stepwire.principal"
"""The key of a scope with who calls; None where nobody has said so and somebody must."""

OWNER_HEADER = "stepwire-owner"
"""Names whose sessions a request or a socket is about, beside the caller's own."""

Authenticate = Callable[[Scope], Awaitable[Principal | None]]
"""Who calls. Raises `ProtocolError`: unauthorized where what was given is not good, rate limited."""

Refuse = Callable[[ProtocolError, Scope, Receive, Send], Awaitable[None]]


class PrincipalMiddleware:
    """Asks `authenticate`, and lets `refuse` answer what it raises."""

    def __init__(self, app: ASGIApp, authenticate: Authenticate, refuse: Refuse) -> None:
        self.app = app
        self.authenticate = authenticate
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            try:
                scope[PRINCIPAL] = await self.authenticate(scope)
            except ProtocolError as error:
                await self.refuse(error, scope, receive, send)
                return
        await self.app(scope, receive, send)


def principal_of(scope: Scope) -> Principal | None:
    """Who calls."""
    principal: Principal | None = scope.get(PRINCIPAL)
    return principal


def named_owner(scope: Scope) -> str | None:
    """Whose sessions a request says that it is about."""
    return Headers(scope=scope).get(OWNER_HEADER)
