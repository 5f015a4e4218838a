"""Another app, for all that is at no address of this one's."""

import re
from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Mount, Route
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

    def hidden(self) -> list[str]:
        """Addresses that the app describes and does not get, since they are of `own`."""
        described = [
            one
            for one in getattr(self.app, "routes", ())
            if isinstance(one, Route) and one.include_in_schema
        ]
        return [one.path for one in described if not self._gets(one)]

    def _gets(self, route: Route) -> bool:
        """Whether it gets what is asked for at one of its app's addresses, whatever stands in its variables."""
        path = re.sub(r"\{[^}]*\}", "x", route.path)
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
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
