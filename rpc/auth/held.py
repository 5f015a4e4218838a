"""How many sockets and streams one owner may hold open, from wherever they come."""

from collections import Counter
from collections.abc import Callable

from protocol.errors import RATE_LIMITED, Limit, ProtocolError
from rpc.auth.principals import Principal

RETRY_MS = 1000


class Held:
    """Sockets and streams that are open, by their owner. Where nobody has to say who they are, none are counted.

    `most`: of one owner; 0 for any number.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.open: Counter[str] = Counter()

    def take(self, principal: Principal) -> Callable[[], None]:
        """Count one until the result is called. Raises `ProtocolError` (rate limited)."""
        owner = principal.owner
        if not self.most or principal.source == "local":
            return _nothing
        if self.open[owner] >= self.most:
            raise ProtocolError(
                RATE_LIMITED,
                f"{self.most} sockets and streams of this owner are open, the limit",
                retry_after_ms=RETRY_MS,
                limit=Limit("max_connections_per_owner", self.most),
            )
        self.open[owner] += 1

        def release() -> None:
            self.open[owner] -= 1
            if not self.open[owner]:
                del self.open[owner]

        return release


def _nothing() -> None:
    pass
