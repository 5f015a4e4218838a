"""Who calls, found out once for every request and every socket, before any wire sees it."""

from collections.abc import Awaitable, Callable

from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from protocol.errors import FORBIDDEN, UNAUTHORIZED, ProtocolError
from protocol.rest import DOCS_PATH, PROBES
from rpc.auth.principals import Principal

PRINCIPAL = "stepwire.principal"
"""The key of a scope with who calls; None where nobody has said so and somebody must."""

OWNER_HEADER = "stepwire-owner"
"""Names whose sessions a request or a socket is about, beside the caller's own."""

Authenticate = Callable[[Scope], Awaitable[Principal | None]]
"""Who calls. Raises `ProtocolError`: unauthorized where what was given is not good, rate limited."""

Refuse = Callable[[ProtocolError, Scope, Receive, Send], Awaitable[None]]

Decides = Callable[[Scope], bool]
"""Whether a request is for an app that is told of nobody where nobody is let in, and decides itself."""

PUBLIC = (
    DOCS_PATH.rpartition("/")[0],
    "/docs",
    "/ok",
    "/info",
    *(probe.path for probe in PROBES),
)
"""Where nobody has to say who they are, so that nothing there is refused for what they say."""

_ORCHESTRATOR = DOCS_PATH.rpartition("/")[0] + "/"


class PrincipalMiddleware:
    """Asks `authenticate`, and lets `refuse` answer what it raises, but where the app itself `decides` who may be answered."""

    def __init__(
        self,
        app: ASGIApp,
        authenticate: Authenticate,
        refuse: Refuse,
        decides: Decides = lambda scope: False,
    ) -> None:
        self.app = app
        self.authenticate = authenticate
        self.refuse = refuse
        self.decides = decides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            try:
                scope[PRINCIPAL] = await self.authenticate(scope)
            except ProtocolError as error:
                unknown = error.error is UNAUTHORIZED and is_public(scope)
                denied = error.error in (UNAUTHORIZED, FORBIDDEN)
                if not unknown and not (denied and self.decides(scope)):
                    await self.refuse(error, scope, receive, send)
                    return
                scope[PRINCIPAL] = None
        await self.app(scope, receive, send)


def is_public(scope: Scope) -> bool:
    """Whether a request is for a page that everybody may see."""
    path = get_route_path(scope)
    return path in ("/", *PUBLIC) or path.startswith(_ORCHESTRATOR)


def principal_of(scope: Scope) -> Principal | None:
    """Who calls."""
    principal: Principal | None = scope.get(PRINCIPAL)
    return principal


def named_owner(scope: Scope) -> str | None:
    """Whose sessions a request says that it is about."""
    return Headers(scope=scope).get(OWNER_HEADER)
