"""Who guesses is slowed: failed attempts of one address, by a bucket that refills with time."""

import time
from collections import OrderedDict
from collections.abc import Callable

from protocol.errors import RATE_LIMITED, Limit, ProtocolError

LIMIT = "max_failed_attempts"
"""The setting: attempts that may fail at once, after a time without any."""

PER_SECOND = 1.0
"""How many more may fail, in the long run."""

ADDRESSES = 10_000
"""Addresses remembered; past it the one that failed longest ago is forgotten."""


class Failures:
    """Failed attempts by address. `most`: at once. `clock`: seconds that only grow."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.clock = clock
        # What is left of the bucket, and since when.
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, address: str) -> None:
        """Before an attempt is looked at. Raises `ProtocolError` (rate limited) where too many have failed."""
        left = self._now(address)
        if left < 1:
            wait_ms = max(1, round((1 - left) / PER_SECOND * 1000))
            raise ProtocolError(
                RATE_LIMITED,
                f"too many failed attempts from {address}; the next is looked at in {wait_ms} ms",
                retry_after_ms=wait_ms,
                limit=Limit(LIMIT, self.most),
            )

    def failed(self, address: str) -> None:
        """An attempt failed."""
        self.left[address] = (self._now(address) - 1, self.clock())
        self.left.move_to_end(address)
        if len(self.left) > ADDRESSES:
            self.left.popitem(last=False)

    def _now(self, address: str) -> float:
        left, since = self.left.get(address, (self.most, 0.0))
        return min(float(self.most), left + (self.clock() - since) * PER_SECOND)
