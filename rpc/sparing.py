"""Log lines of a fault that lasts: at most one a minute of a kind, with a count of those left out."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct

SECONDS = 60.0
"""How long a kind is silent after its line."""


class _Kind(Struct):
    """When it was last said, and how many were left out since."""

    said: float
    left_out: int = 0


class Sparing:
    """Says lines of a log. A kind is a line's text before its values are put in. Thread-safe."""

    def __init__(self, log: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self.log = log
        self.clock = clock
        self.lock = threading.Lock()
        self.kinds: dict[str, _Kind] = {}

    def error(self, message: str, *values: Any, exc_info: bool = False) -> None:
        """As a logger's own."""
        self._say(logging.ERROR, message, values, exc_info)

    def warning(self, message: str, *values: Any) -> None:
        """As a logger's own."""
        self._say(logging.WARNING, message, values, False)

    def _say(self, level: int, message: str, values: tuple[Any, ...], exc_info: bool) -> None:
        now = self.clock()
        with self.lock:
            kind = self.kinds.get(message)
            if kind is not None and now - kind.said < SECONDS:
                kind.left_out += 1
                return
            left_out = 0 if kind is None else kind.left_out
            ago = 0.0 if kind is None else now - kind.said
            self.kinds[message] = _Kind(now)
        if left_out:
            message = f"{message} (and {left_out} more of these lines in the {ago:.0f} s before)"
        self.log.log(level, message, *values, exc_info=exc_info)

    def over(self, message: str) -> int:
        """The fault is over: its next line is said at once. How many were left out since the last one."""
        with self.lock:
            kind = self.kinds.pop(message, None)
        return 0 if kind is None else kind.left_out
