"""The one place that says who calls."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.datastructures import Headers
from starlette.types import Scope

from rpc.auth.principals import LOCAL, Principal

OwnAuthenticate = Callable[[Mapping[str, str]], Awaitable[Principal | None]]
"""An app's own: from a request's headers, in lower case, to who calls; None for nobody."""


class Authenticator:
    """Says who calls one app. `own`: asked where it is given; else everybody is the local principal."""

    def __init__(self, own: OwnAuthenticate | None = None) -> None:
        self.own = own

    async def __call__(self, scope: Scope) -> Principal | None:
        """Who calls; None where nobody has said so and somebody must. Raises `ProtocolError`."""
        if self.own is None:
            return LOCAL
        return await self.own(dict(Headers(scope=scope)))
