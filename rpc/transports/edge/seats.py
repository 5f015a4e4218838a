"""How many connections there may be, in all and of one address: decisions without I/O."""

from collections import Counter
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Address

from protocol.errors import Limit
from rpc.auth.rate import client_address
from rpc.transports.edge.refusal import Refusal

RETRY_MS = 1000

REFUSING = 64
"""Connections past a limit that are still told so; further ones are just closed."""


class TooMany(Exception):
    """A connection past all limits, which is not even told."""


class Seats:
    """The connections that are open.

    `most`: of all; `of_one`: of one address (of IPv6, one /64); 0 for any number. `proxies`: addresses and networks whose
    connections are other people's, `*` for all.
    """

    def __init__(self, most: int, of_one: int, proxies: Iterable[str]) -> None:
        self.most = most
        self.of_one = of_one
        self.proxies = Proxies(proxies)
        self.taken: Counter[str] = Counter()
        self.all = 0

    def take(self, client: tuple[str, int] | None) -> Refusal | None:
        """Count a connection, whatever comes of it; why it must not be served. Raises `TooMany`."""
        who = _who(client)
        self.taken[who] += 1
        self.all += 1
        if self.most and self.all > self.most:
            if self.all > self.most + REFUSING:
                raise TooMany(f"over {self.most} connections")
            return Refusal(
                503,
                f"the server has {self.most} connections, its limit",
                RETRY_MS,
                Limit("max_connections", self.most),
            )
        if self.of_one and self.taken[who] > self.of_one and client not in self.proxies:
            if self.taken[who] > self.of_one + REFUSING:
                raise TooMany(f"over {self.of_one} connections of {who}")
            return Refusal(
                429,
                f"{who} has {self.of_one} connections, the limit for one address",
                RETRY_MS,
                Limit("max_connections_per_address", self.of_one),
            )
        return None

    def leave(self, client: tuple[str, int] | None) -> None:
        """A connection that was counted is gone."""
        who = _who(client)
        self.all -= 1
        self.taken[who] -= 1
        if self.taken[who] <= 0:
            del self.taken[who]


class Proxies:
    """Addresses whose word is taken for whom they speak for."""

    def __init__(self, named: Iterable[str]) -> None:
        self.any = False
        self.networks: list[IPv4Network | IPv6Network] = []
        for one in named:
            if one == "*":
                self.any = True
            else:
                self.networks.append(ip_network(one, strict=False))

    def __contains__(self, client: object) -> bool:
        if self.any or not self.networks or not isinstance(client, tuple):
            return self.any
        try:
            address = ip_address(client[0])
        except ValueError:
            return False
        return any(address in network for network in self.networks)


def _who(client: tuple[str, int] | None) -> str:
    return client_address(None if client is None else Address(*client))
