"""Whether the server can do its work: the store is tried, not asked."""

import time

import anyio

from protocol.rest import Health
from rpc.events.encoding import now_ms, timestamp
from rpc.sessions.service import Sessions
from rpc.storage.store import StorageError
from rpc.storage.units import Unit
from rpc.version import VERSION

TIMEOUT_SECONDS = 2.0
"""How long the store may take."""


class HealthCheck:
    """Tries the store; callers that come while it is tried share the next try."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.started = time.monotonic()
        self.lock = anyio.Lock()
        # When the last try began, and what it found wrong.
        self.tried = 0.0
        self.fault: str | None = None

    async def check(self) -> Health:
        """The server's health. Takes at most twice `TIMEOUT_SECONDS`."""
        asked = time.monotonic()
        async with self.lock:
            if self.tried < asked:
                self.tried = time.monotonic()
                self.fault = await self._try()
        return health(self.fault, asked - self.started, self.sessions.executor.active)

    async def _try(self) -> str | None:
        """What is wrong with the store; None if nothing is."""
        try:
            with anyio.fail_after(TIMEOUT_SECONDS):
                # An empty unit is a transaction: whether one can be written.
                await self.sessions.events.commit(Unit(None))
        except StorageError as error:
            return str(error)
        except TimeoutError:
            return f"storage did not answer within {TIMEOUT_SECONDS:g} seconds"
        failure = self.sessions.events.failure
        return None if failure is None else f"events wait to be stored: {failure}"


def health(fault: str | None, uptime_seconds: float = 0.0, active: int = 0) -> Health:
    """The document that says so. `fault`: why the server is unavailable; None if it is not."""
    return Health(
        status="healthy" if fault is None else "unavailable",
        service="stepwire",
        timestamp=timestamp(now_ms()),
        version=VERSION,
        uptime_ms=round(uptime_seconds * 1000, 3),
        active_sessions=active,
        detail=fault,
    )
