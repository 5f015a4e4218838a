"""How often one owner, or one address, may call: the generic cell rate algorithm, by throttled-py (ITU-T I.371, annex A)."""

from __future__ import annotations

import math
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from protocol.errors import RATE_LIMITED, Limit, ProtocolError

if TYPE_CHECKING:
    from starlette.datastructures import Address
    from throttled import Throttled

MAX_CLIENTS = 10_000
"""Those remembered; past it the one that called longest ago is forgotten."""

LOCAL = "local"
"""Whoever comes without an address, through a Unix socket."""


class RateLimit:
    """A limit for each owner, or address where nobody says who they are.

    `per_second`: requests in the long run. `burst`: requests at once, after a time of silence.
    """

    def __init__(self, per_second: int, burst: int) -> None:
        # Here, and not above: a server without a limit does not load it.
        from throttled import RateLimiterType, Throttled, rate_limiter
        from throttled.store import MemoryStore

        self.per_second = per_second
        self.throttle: Throttled = Throttled(
            using=RateLimiterType.GCRA.value,
            quota=rate_limiter.per_sec(per_second, burst=burst),
            store=MemoryStore(options={"MAX_SIZE": MAX_CLIENTS}),
        )

    def admit(self, client: str) -> None:
        """Count one request. Raises `ProtocolError` (rate limited) with the time to wait."""
        answer = self.throttle.limit(client)
        if answer.limited:
            wait_ms = max(1, math.ceil(answer.state.retry_after * 1000))
            raise ProtocolError(
                RATE_LIMITED,
                f"too many requests from {client}; the next is taken in {wait_ms} ms",
                retry_after_ms=wait_ms,
                limit=Limit("rate_limit_per_second", self.per_second),
            )


def rate_limit(per_second: int, burst: int) -> RateLimit | None:
    """The limit of these settings; None where it is off."""
    return RateLimit(per_second, burst) if per_second else None


def client_address(client: Address | None) -> str:
    """Whom a request counts for: the peer's address; of IPv6 the /64, which one household has whole."""
    if client is None or not client.host:
        return LOCAL
    return _counted(client.host)


@lru_cache(1024)
def _counted(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
