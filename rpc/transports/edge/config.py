"""Uvicorn's configuration with Stepwire's limits in it: that is how its protocols come to know them."""

import logging
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.config import Config

from rpc.settings import Settings
from rpc.sparing import Sparing
from rpc.transports.edge.seats import Seats

log = logging.getLogger("stepwire.transports")

IDLE, HEAD, BODY, ENDING, ANSWER = "idle", "head", "body", "ending", "answer"
"""What a connection waits for: a request, the rest of a head, of a body, the peer's end; or the peer waits for us."""

ENDING_SECONDS = 2.0
"""How long a peer whose connection ends may still send, so that it can read why."""


class Edge:
    """What the connections of one server share.

    `seconds`: how long each may take, by what it waits for.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # Whoever sends nonsense all day must not fill the disk with lines about it.
        self.told = Sparing(log)
        # Told of each refusal, by the limit's name.
        self.over: Callable[[str], object] = _nobody
        self.seats = Seats(
            settings.max_connections,
            settings.max_connections_per_address,
            settings.forwarded_allow_ips,
        )
        self.seconds = {
            HEAD: settings.header_timeout_seconds,
            BODY: settings.body_timeout_seconds,
            IDLE: settings.idle_timeout_seconds,
            ENDING: min(ENDING_SECONDS, settings.write_timeout_seconds),
        }

    @property
    def look_seconds(self) -> float:
        """How often all connections are looked at: some times in the shortest of the limits."""
        shortest = min(*self.seconds.values(), self.settings.write_timeout_seconds)
        return max(0.02, min(1.0, shortest / 4))


def _nobody(_: str) -> None:
    pass


class EdgeConfig(uvicorn.Config):
    """A configuration for protocols that look at `edge`."""

    def __init__(self, app: Any, edge: Edge, **options: Any) -> None:
        super().__init__(app, **options)
        self.edge = edge


def edge_of(config: Config) -> Edge:
    """The limits of a server; the defaults where it is configured without."""
    return config.edge if isinstance(config, EdgeConfig) else Edge(Settings())
