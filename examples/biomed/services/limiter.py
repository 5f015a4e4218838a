"""A sliding-window rate limit: never more than ``limit`` starts within any ``period_s``.

A token or leaky bucket would let a burst *and* its refill into one second, which NCBI counts as
too many; hence the window of real start times.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable

import anyio


class Window:
    """The decision, without waiting: when may the next request start?"""

    def __init__(self, limit: int, period_s: float = 1.0) -> None:
        self.limit = limit
        self.period_s = period_s
        # The last `limit` granted start times, oldest first; some may lie in the future.
        self._starts: deque[float] = deque(maxlen=limit)
        # A process may run several event loops, each in its own thread.
        self._lock = threading.Lock()

    def reserve(self, now: float, latest: float = float("inf")) -> float | None:
        """Take the next free start time (seconds, same clock as ``now``).

        Returns None, and takes nothing, if that would be after ``latest``.
        """
        with self._lock:
            start = now
            if len(self._starts) == self.limit:
                start = max(now, self._starts[0] + self.period_s)
            if start > latest:
                return None
            self._starts.append(start)
            return start


class Limiter:
    """A :class:`Window` with a clock and a way to wait, both exchangeable."""

    def __init__(
        self,
        limit: int,
        period_s: float = 1.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._window = Window(limit, period_s)
        self._clock = clock
        self._sleep = sleep

    async def wait(self, latest: float = float("inf")) -> bool:
        """Wait for a turn. False, at once, if none comes before ``latest`` (on the same clock)."""
        now = self._clock()
        start = self._window.reserve(now, latest)
        if start is None:
            return False
        if start > now:
            await self._sleep(start - now)
        return True


_shared: dict[tuple[str, int], Limiter] = {}


def shared(host: str, limit: int) -> Limiter:
    """The process's one limiter for ``host``: the limit holds per address, not per query."""
    return _shared.setdefault((host, limit), Limiter(limit))
