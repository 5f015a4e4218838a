"""What is counted and measured while the server works: plain numbers, so that counting costs next to nothing.

They become Prometheus' metrics where somebody reads them (`exposition.py`). Each number has one thread that changes it.
No label is a client's text: methods and graphs are those there are.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of what a request or a commit takes."""

RUN_SECONDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0)
"""Bounds of what a run takes."""

UNITS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Bounds of how many units one transaction has."""

BYTES = (256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304)
"""Bounds of how large a transaction is."""

UNKNOWN = "(unknown)"
"""The method of a request that names none there is."""


class Histogram:
    """How often values were at most each bound, and what they come to. `counts` has one more, for what is past all bounds."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Metrics:
    """Those of one core."""

    def __init__(self) -> None:
        # By method and outcome, and their time by method.
        self.requests: Counter[tuple[str, str]] = Counter()
        self.request_seconds: dict[str, Histogram] = {}
        # Of all that was refused, by the limit that it was over.
        self.rejected: Counter[str] = Counter()
        # WebSockets, SSE streams that were opened.
        self.connections = 0
        self.streams = 0
        # What became of runs, by graph and status; and the time of those that are over, by graph.
        self.runs: Counter[tuple[str, str]] = Counter()
        self.run_seconds: dict[str, Histogram] = {}
        # By reason.
        self.recoveries: Counter[str] = Counter()
        self.events = 0
        self.event_bytes = 0
        self.commit_seconds = Histogram(SECONDS)
        self.commit_units = Histogram(UNITS)
        self.commit_bytes = Histogram(BYTES)
        self.commit_failures = 0

    def request(self, method: str | None, outcome: str, seconds: float) -> None:
        """A request ended. `method`: None where there is no such method."""
        name = UNKNOWN if method is None else method
        self.requests[name, outcome] += 1
        times = self.request_seconds.get(name)
        if times is None:
            times = self.request_seconds[name] = Histogram(SECONDS)
        times.observe(seconds)

    def over(self, limit: str) -> None:
        """Something was refused, being over a limit."""
        self.rejected[limit] += 1

    def stream(self) -> None:
        """An SSE stream was opened."""
        self.streams += 1

    def run(self, graph: str, status: str, seconds: float | None) -> None:
        """A run came to a status. `seconds`: what it took, where it is over."""
        self.runs[graph, status] += 1
        if seconds is not None:
            times = self.run_seconds.get(graph)
            if times is None:
                times = self.run_seconds[graph] = Histogram(RUN_SECONDS)
            times.observe(seconds)

    def committed(self, seconds: float, units: int, size: int) -> None:
        """A transaction ended well. `size`: in bytes. By the line's thread."""
        self.commit_seconds.observe(seconds)
        self.commit_units.observe(units)
        self.commit_bytes.observe(size)

    def commit_failed(self) -> None:
        """A transaction did not. By the line's thread."""
        self.commit_failures += 1
