"""Another app, for all that is at no address of this one's."""

import re
from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from protocol.errors import ProtocolError
from rpc.auth.middleware import Refuse, principal_of
from rpc.auth.rules import known


class Beside(Mount):
    """Gets what none of `own` is at: an address of theirs is not its, whatever the verb.

    `refuse`: answers who is not known; None where the app decides itself who may be answered.
    """

    def __init__(
        self, own: Sequence[BaseRoute], app: ASGIApp, refuse: Refuse | None = None
    ) -> None:
        super().__init__("/", app)
        self.own = own
        self.refuse = refuse

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """None of it where one of `own` is there, for another verb too: that one says which verbs it takes."""
        if any(route.matches(scope)[0] is not Match.NONE for route in self.own):
            return Match.NONE, {}
        return super().matches(scope)

    def gets(self, route: Route) -> bool:
        """Whether it gets what is asked for at one of its app's addresses, whatever stands in its variables."""
        path = re.sub(r"\{[^}]*\}", "x", route.path)
        method = min(route.methods or {"GET"})
        scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
        return self.matches(scope)[0] is not Match.NONE

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As `Mount.handle`, for who is known."""
        if self.refuse is not None:
            try:
                known(principal_of(scope))
            except ProtocolError as error:
                await self.refuse(error, scope, receive, send)
                return
        await super().handle(scope, receive, send)


class Named(Beside):
    """Gets what its app has an address of its own for, by name: as with LangGraph's server, it goes before those of LangGraph's API.

    What the app takes whatever it is called (`/{path:path}`, a mount at `/`) is not named.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """None of it where none of the app's routes is for that address and verb."""
        routes = [one for one in getattr(self.app, "routes", ()) if _named(one)]
        if any(route.matches(scope)[0] is Match.FULL for route in routes):
            return super().matches(scope)
        return Match.NONE, {}


def hidden(routes: Sequence[Beside]) -> list[str]:
    """Addresses that the app beside describes and does not get by any of the routes, since they are the server's own."""
    if not routes:
        return []
    described = [
        one
        for one in getattr(routes[0].app, "routes", ())
        if isinstance(one, Route) and one.include_in_schema
    ]
    return [one.path for one in described if not any(route.gets(one) for route in routes)]


def _named(route: BaseRoute) -> bool:
    """Whether an address begins with a name, not with a variable or nothing."""
    if not isinstance(route, Route | WebSocketRoute | Mount):
        return False
    first = route.path.strip("/").partition("/")[0]
    return first != "" and "{" not in first
