"""Another app, for all that is at no address of this one's."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Scope


class Beside(Mount):
    """Gets what none of `own` is at: an address of theirs is not its, whatever the verb."""

    def __init__(self, own: Sequence[BaseRoute], app: ASGIApp) -> None:
        super().__init__("/", app)
        self.own = own

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """None of it where one of `own` is there, for another verb too: that one says which verbs it takes."""
        if any(route.matches(scope)[0] is not Match.NONE for route in self.own):
            return Match.NONE, {}
        return super().matches(scope)
