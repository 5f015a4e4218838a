"""Lines that a package logs for each line that somebody else's server writes: at most one a minute of a kind, with a count.

The packages that speak MCP log what they cannot read, with a traceback, as often as it comes; a server that prints to its standard
output would fill the log.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import msgspec

SECONDS = 60.0
"""How long a kind is silent after its line."""
LOGGERS = ("mcp.client.stdio", "mcp.client.sse", "mcp.client.streamable_http", "root")
"""The package's own, and the root logger, which its sessions log to."""
_OF_SESSIONS = ("Failed to validate", "Unknown request ID", "Received response with an unknown")
CHARS = 200
"""Of what a server wrote; the rest of a line is left out."""


class _Kind(msgspec.Struct):
    said: float
    left_out: int = 0


class OncePerMinute(logging.Filter):
    """Lets one line a minute of a kind through, without its traceback. A kind is a logger and a message's beginning. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "root" and not str(record.msg).startswith(_OF_SESSIONS):
            return True
        if record.levelno < logging.WARNING:
            return True
        kind = (record.name, str(record.msg).partition(":")[0])
        now = self._clock()
        with self._lock:
            known = self._kinds.get(kind)
            if known is not None and now - known.said < SECONDS:
                known.left_out += 1
                return False
            self._kinds[kind] = _Kind(now)
        text = " ".join(record.getMessage().split())[:CHARS]
        if known is not None and known.left_out:
            text += f" (and {known.left_out} more of these lines in the {now - known.said:.0f} s before)"
        record.msg, record.args = text, ()
        record.exc_info = record.exc_text = None
        return True


_filter = OncePerMinute()


def bound() -> None:
    """Bound what the packages log. Doing so again changes nothing."""
    for name in LOGGERS:
        logger = logging.getLogger() if name == "root" else logging.getLogger(name)
        if _filter not in logger.filters:
            logger.addFilter(_filter)
