"""What of LangGraph's API a project lets answer, and what of a request its graphs see: `http` of its `langgraph.json`."""

import re
from collections.abc import Mapping

from msgspec import Struct
from starlette.requests import HTTPConnection

from rpc.methods.call import Call
from rpc.transports.arriving import call_of

SECRET = frozenset(
    {"authorization", "cookie", "proxy-authorization", "sec-websocket-protocol", "x-api-key", "x-service-key", "x-tenant-id"}
)  # fmt: skip
"""Headers that say who calls: a config is stored and shown, and so they are in none, whatever a pattern says."""


class Surface(Struct, frozen=True):
    """`closed`: of `assistants`, `threads`, `runs`, `store`, `meta` and `event_streaming`. `includes`, `excludes`: names of headers that are in a run's `configurable`, `*` is anything. `prefix`: below which all addresses are there too."""

    closed: frozenset[str] = frozenset()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    prefix: str = ""

    def answers(self, part: str) -> bool:
        """Whether a part is open. Who may start no run may not by the agent streaming protocol either."""
        return part not in self.closed and not (part == "event_streaming" and "runs" in self.closed)

    def configurable(self, headers: Mapping[str, str]) -> dict[str, str]:
        """What of a request's headers a run has in its config; names are in lower case."""
        if not self.includes:
            return {}
        return {
            name: value
            for name, value in headers.items()
            if name not in SECRET
            and not any(_fits(one, name) for one in self.excludes)
            and any(_fits(one, name) for one in self.includes)
        }

    def call(self, connection: HTTPConnection) -> Call:
        """A request of this API, as the bus takes it."""
        call = call_of(connection, "langgraph")
        call.configurable = self.configurable(connection.headers)
        return call


def _fits(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(one) for one in pattern.lower().split("*")), name) is not None  # fmt: skip
