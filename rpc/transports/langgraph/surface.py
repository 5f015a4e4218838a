"""What of LangGraph's API a project lets answer, and what of a request its graphs see: `http` of its `langgraph.json`."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
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

    def configurable(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """What of a request's headers a run has in its config; names are in lower case. And of which trace it is a part, whatever is included."""
        trace = traced(headers)
        if not self.includes:
            return trace
        return {
            name: value
            for name, value in headers.items()
            if name not in SECRET
            and not any(_fits(one, name) for one in self.excludes)
            and any(_fits(one, name) for one in self.includes)
        } | trace

    def call(self, connection: HTTPConnection) -> Call:
        """A request of this API, as the bus takes it."""
        call = call_of(connection, "langgraph")
        call.configurable = self.configurable(connection.headers)
        return call


def traced(headers: Mapping[str, str]) -> dict[str, Any]:
    """Of which trace a request is a part, as LangSmith's clients say it, and its graphs read it: `langsmith-trace`, and of `baggage`
    `langsmith-metadata` (an object), `-tags` (texts) and `-project`. What cannot be read of the baggage is left out
    (https://docs.langchain.com/langsmith/distributed-tracing).
    """
    trace = headers.get("langsmith-trace")
    if trace is None:
        return {}
    found: dict[str, Any] = {"langsmith-trace": trace}
    for item in headers.get("baggage", "").split(","):
        name, is_pair, value = item.strip().partition("=")
        text = unquote(value)
        if not is_pair:
            continue
        if name == "langsmith-metadata" and name not in found:
            try:
                found[name] = msgspec.json.decode(text, type=dict[str, Any])
            except (msgspec.DecodeError, RecursionError):
                continue
        elif name == "langsmith-tags":
            found[name] = text.split(",")
        elif name == "langsmith-project":
            found[name] = text
    return found


def _fits(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(one) for one in pattern.lower().split("*")), name) is not None  # fmt: skip
