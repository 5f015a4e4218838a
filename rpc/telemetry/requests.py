"""What becomes of each request: a line in the log, and a place in the metrics."""

import logging
from time import perf_counter
from typing import Any, Protocol

from protocol.errors import OVERLOADED, RATE_LIMITED, TOO_LARGE, ProtocolError
from rpc.telemetry.ids import current
from rpc.telemetry.json_lines import MEMBERS, JsonHandler

requests_log = logging.getLogger("stepwire.requests")

OK = "ok"
"""The outcome of a request that was answered; others are errors' types."""


class Counting(Protocol):
    """Who counts requests."""

    def request(self, method: str | None, outcome: str, seconds: float) -> None:
        """`method`: None where there is none of that name, or the request was refused before it had one."""

    def stream(self) -> None:
        """A stream was opened."""

    def over(self, limit: str) -> None:
        """Something was refused for a limit, by its name."""


class Requests:
    """`level`: of the line that each request has. `counting`: None counts nothing."""

    def __init__(self, level: int, counting: Counting | None = None) -> None:
        self.level = level
        self.counting = counting

    def ended(
        self,
        name: str | None,
        wire: str,
        began: float,
        outcome: str = OK,
        size: int | None = None,
        *,
        known: bool = True,
        counted: bool = True,
        error: ProtocolError | None = None,
        **more: Any,
    ) -> None:
        """A request ended, whose ids are those of the task.

        `name`: its method; None where it had none. `began`: by `perf_counter`. `outcome`: `ok`, an error's type, or `cancelled`.
        `size`: of the answer, in bytes. `known`: whether there is such a method. `counted`: among the requests. `error`: that it was answered with. `more`: further members.
        """
        seconds = perf_counter() - began
        if self.counting is not None and counted:
            self.counting.request(name if known else None, outcome, seconds)
            if error is not None and (limit := limit_of(error)) is not None:
                self.counting.over(limit)
        if not requests_log.isEnabledFor(self.level):
            return
        ms = round(seconds * 1000, 3)
        members: dict[str, Any] = {"wire": wire, "method": name, "outcome": outcome, "ms": ms}
        if size is not None:
            members["bytes"] = size
        if error is not None:
            members["detail"] = error.detail
        members |= more
        for handler in requests_log.handlers:
            if type(handler) is JsonHandler:
                handler.request("info", requests_log.name, f"{name}: {outcome}", members)
        if requests_log.propagate:
            client = current().client
            requests_log.log(
                self.level,
                "%s over %s by %s: %s in %s ms",
                name,
                wire,
                client,
                outcome,
                ms,
                extra={MEMBERS: members},
            )

    def stream_opened(self) -> None:
        """An SSE stream was opened; its end comes to `ended`."""
        if self.counting is not None:
            self.counting.stream()

    def refused(
        self, wire: str, began: float, error: ProtocolError, name: str | None = None
    ) -> None:
        """A request was refused before its method was called."""
        self.ended(name, wire, began, error.error.type, error=error)


def limit_of(error: ProtocolError) -> str | None:
    """The limit for which something was refused: its setting's name, or the error's where that names none."""
    if error.limit is not None:
        return error.limit.name
    return error.error.type if error.error in (RATE_LIMITED, TOO_LARGE, OVERLOADED) else None


def level_of(log_format: str) -> int:
    """Of the lines of requests: who reads JSON wants each, a person at a terminal does not."""
    return logging.INFO if log_format == "json" else logging.DEBUG
