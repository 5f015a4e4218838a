"""Whether the server can do its work: the store is tried, not asked."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

import anyio
import msgspec

from protocol.rest import LASTING, Health, HealthReason, QuickCheck
from rpc.clock import now_ms
from rpc.events.encoding import timestamp
from rpc.sessions.service import Sessions
from rpc.storage.sqlite.quick_check import Found
from rpc.storage.store import StorageError
from rpc.storage.units import Probe, Unit
from rpc.version import VERSION

TIMEOUT_SECONDS = 2.0
"""How long the store may take."""

Fault = tuple[HealthReason, str]
"""Why the server is not healthy: for a program, and for a person."""


class HealthCheck:
    """Tries the store; callers that come while it is tried share the next try.

    `probes`: what is tried beside it; they raise `StorageError`. `whole`: what the check of the databases found.
    """

    def __init__(
        self,
        sessions: Sessions,
        probes: Sequence[Callable[[], Awaitable[None]]],
        whole: Callable[[], Found],
    ) -> None:
        self.sessions = sessions
        self.probes = probes
        self.whole = whole
        self.started = time.monotonic()
        self.lock = anyio.Lock()
        # When the last try began, and what it found wrong.
        self.tried = 0.0
        self.fault: Fault | None = None
        # Sessions queued or running on any node, as the store said then.
        self.active: int | None = None
        # What is counted, by name; whoever holds something adds itself here.
        self.counts: dict[str, Callable[[], int]] = {}

    def count(self, name: str, number: Callable[[], int]) -> None:
        """Show a number under this name: how many of something there are now."""
        self.counts[name] = number

    async def check(self) -> Health:
        """The server's health. Takes at most twice `TIMEOUT_SECONDS`."""
        asked = time.monotonic()
        async with self.lock:
            if self.tried < asked:
                self.tried = time.monotonic()
                self.fault = await self._try()
        return health(
            self.fault,
            asked - self.started,
            self.sessions.executor.active if self.active is None else self.active,
            {name: number() for name, number in self.counts.items()},
            msgspec.convert(self.whole(), QuickCheck, from_attributes=True),
        )

    async def _try(self) -> Fault | None:
        """What is wrong with the store; None if nothing is."""
        events, store = self.sessions.events, self.sessions.store
        self.active = None
        try:
            if store.soundness.fault is not None:
                raise store.soundness.fault
            with anyio.fail_after(TIMEOUT_SECONDS):
                await events.commit(Unit(None, rows=[Probe()]))
                await store.read(store.session, "")
                self.active = await self.sessions.active(None)
                for probe in self.probes:
                    await probe()
        except StorageError as error:
            return error.reason, str(error)
        except TimeoutError:
            return "timeout", f"storage did not answer within {TIMEOUT_SECONDS:g} seconds"
        failure = events.failure
        return None if failure is None else (failure.reason, f"events wait to be stored: {failure}")


def health(
    fault: Fault | None,
    uptime_seconds: float = 0.0,
    active: int = 0,
    counts: Mapping[str, int] | None = None,
    whole: QuickCheck | None = None,
) -> Health:
    """The document that says so. `fault`: why the server is not healthy; None if it is."""
    reason, detail = fault or (None, None)
    return Health(
        status=_status(reason),
        service="stepwire",
        timestamp=timestamp(now_ms()),
        version=VERSION,
        uptime_ms=round(uptime_seconds * 1000, 3),
        active_sessions=active,
        detail=detail,
        reason=reason,
        counts=dict(counts or {}),
        quick_check=whole,
    )


def _status(reason: HealthReason | None) -> Literal["healthy", "unavailable", "unhealthy"]:
    if reason is None:
        return "healthy"
    return "unhealthy" if reason in LASTING else "unavailable"
