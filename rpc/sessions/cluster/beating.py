"""A node says that it lives, and hears whether it is still believed.

In a thread of its own, so that what holds the server's loop does not make it look dead.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from rpc.clock import agree, alone, own_ms
from rpc.sparing import Sparing
from rpc.storage.cluster import BEAT_SECONDS, DEAD_SECONDS, GAP_SECONDS, Beat, NodeRow, Roll
from rpc.storage.store import StorageError

log = logging.getLogger("stepwire.sessions")
sparing = Sparing(log)

LOOK_SECONDS = 0.5
"""How often it is looked whether others must be told how many sessions run here."""

FIRST_SECONDS = 2 * BEAT_SECONDS
"""How long a node that comes listens before it takes others for dead: whoever lives says so within one beat."""

SILENT = "this node cannot say that it lives: %s"


class Beating:
    """See the module. `told`: called on the loop with each beat that was heard, and whether the node was taken for dead before it."""

    def __init__(
        self, roll: Roll, node: Callable[[], NodeRow], told: Callable[[Beat, bool], object]
    ) -> None:
        self.roll = roll
        self.node = node
        self.told = told
        self.loop = asyncio.get_running_loop()
        self.worker: int | None = None
        # Since when it was heard without a pause in which others could have been missed, on `time.monotonic`; None while it is not.
        self.since: float | None = None
        self.last = 0.0
        # By the store's clock: one that was silent for so long that it is not listed any more is listed with it again.
        self.started_at = 0
        # When it was heard last by the store's clock, in milliseconds since 1970; set after the two above.
        self.heard_at = 0
        # When it was said last, or tried; and how many sessions run here, as others know.
        self.tried = 0.0
        self.running = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, name="stepwire-beat", daemon=True)

    def begin(self) -> None:
        """Say it for the first time. Raises `StorageError`."""
        self.tried = time.monotonic()
        beat = self._beat(self.node(), None)
        # The others' words count as missed only if the store was there to hear them; it may have been frozen until now.
        up = min(self.roll.up_seconds(), DEAD_SECONDS - FIRST_SECONDS)
        self.since = time.monotonic() - up
        self.last = time.monotonic()
        self.heard_at = beat.heard_at
        self.worker, self.started_at = beat.worker, beat.started_at
        self.told(beat, False)
        self.thread.start()

    @property
    def judges(self) -> int | None:
        """Where a node that was not heard is dead, what `Roll.bury` asks for; else None: where the database was away or frozen nobody was
        heard, and all are given the time to come back.

        One that was frozen itself has heard nobody, and has to be heard first.
        """
        # First of all: one that is of after a pause comes after what says that there was one.
        heard_at = self.heard_at
        now, since = time.monotonic(), self.since
        if since is None or now - since < DEAD_SECONDS or now - self.last >= GAP_SECONDS:
            return None
        return heard_at

    def _run(self) -> None:
        while not self.ended.wait(LOOK_SECONDS):
            now, node = time.monotonic(), self.node()
            if now - self.tried < BEAT_SECONDS and node.running == self.running:
                continue
            self.tried = now
            try:
                beat = self._beat(node, self.worker)
            except StorageError as error:
                self.since = None
                sparing.error(SILENT, error)
                continue
            except Exception:
                # A thread's border: without a beat, all that runs here is taken away.
                self.since = None
                log.exception("this node could not say that it lives")
                continue
            sparing.over(SILENT)
            heard = time.monotonic()
            # Its clock goes on while all stands still that counts seconds, or was set.
            gap = max(heard - self.last, (beat.heard_at - self.heard_at) / 1000)
            if self.since is None or gap > GAP_SECONDS:
                self.since = heard
            self.last = heard
            self.heard_at = beat.heard_at
            self.running = node.running
            self.worker = beat.worker
            with suppress(RuntimeError):
                # The loop may have ended.
                self.loop.call_soon_threadsafe(self.told, beat, not beat.known)

    def _beat(self, node: NodeRow, worker: int | None) -> Beat:
        said = msgspec.structs.replace(node, started_at=self.started_at)
        asked_ms = own_ms()
        beat = self.roll.beat(said, worker)
        agree(beat.heard_at, asked_ms, own_ms())
        return beat

    def end(self) -> None:
        """The node ends: it is not to be missed."""
        self.ended.set()
        alone()
        if self.thread.ident is not None:
            self.thread.join(BEAT_SECONDS * 2)
        try:
            self.roll.leave(self.node().id, self.worker)
        except StorageError as error:
            log.warning("this node is missed until it is taken for dead: %s", error)
