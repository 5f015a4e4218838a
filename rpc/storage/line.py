"""The one durable line: all that must last is put in it, and one thread commits all that is pending at once.

Group commit: while a batch commits, the next one forms; and what nobody waits for is held back a moment where nothing else is in line.
Units may be put from any thread; who waits for one waits on an event loop, the line's or another, or, in a thread, on the thread.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Protocol

from rpc.sparing import Sparing
from rpc.storage.store import StorageBroken, StorageError, Store
from rpc.storage.units import Draft, Outcome, Refused, Unit, Written
from rpc.telemetry.metrics import Metrics

log = logging.getLogger("stepwire.storage")

sparing = Sparing(log)

WAITS = "what has happened waits for the disk: %s"

RETRY_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
"""How long the writer waits before it tries again, failure by failure."""

COMPANY_SECONDS = 0.001
"""How long what nobody waits for is held back for company: what follows at once shares its commit, which takes about as long."""

ROW_SIZE = 256
"""How many bytes a row counts for, where only events are measured."""


class RefusedError(Exception):
    """The unit may not be written any more: `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.detail or refused.reason)
        self.refused = refused


class Entry:
    """A unit in line. `optional`: give up at the first failed commit (somebody can be told)."""

    __slots__ = (
        "elsewhere",
        "error",
        "futures",
        "optional",
        "outcome",
        "settled",
        "size",
        "taken",
        "unit",
        "waiters",
        "writer",
    )

    def __init__(
        self, unit: Unit, size: int, optional: bool, writer: "Writer | None" = None
    ) -> None:
        self.unit = unit
        self.size = size
        self.optional = optional
        # Whose bytes these are, while they are not shown.
        self.writer = writer
        # A transaction has begun with it: nothing more may be added.
        self.taken = False
        # What became of it; None while it is in line, and where `error` says why it was given up.
        self.outcome: Outcome | None = None
        self.error: StorageError | None = None
        # True once the line's loop was told.
        self.settled = False
        # Who waits: on the line's loop, on others, and in threads.
        self.futures: list[asyncio.Future[None]] = []
        self.elsewhere: list[asyncio.Future[None]] = []
        self.waiters: list[threading.Event] = []

    @property
    def decided(self) -> bool:
        """Whether it was committed, refused or given up."""
        return self.outcome is not None or self.error is not None

    def result(self) -> Written:
        """What was written. Raises `StorageError`, `RefusedError`."""
        if self.error is not None:
            raise self.error
        if isinstance(self.outcome, Refused):
            raise RefusedError(self.outcome)
        assert self.outcome is not None
        return self.outcome


class Writer(Protocol):
    """Who writes the events of one session under one epoch.

    `open`, `pending`: the line's, see `Line.extend` and `Line.full`. `closed`: see `Line.close_writer`.
    """

    session_id: str
    epoch: int
    open: Entry | None
    pending: int
    closed: bool


class Line:
    """See the module. `shown` is called on the loop with every batch that was settled, before those who wait for it."""

    def __init__(
        self,
        store: Store,
        shown: Callable[[Sequence[Entry]], None],
        *,
        pending_bytes: int,
        metrics: Metrics | None = None,
    ) -> None:
        self.metrics = Metrics() if metrics is None else metrics
        self.store = store
        self.shown = shown
        # The bound on uncommitted bytes.
        self.pending_limit = pending_bytes
        self.loop = asyncio.get_running_loop()
        self.loop_thread = threading.get_ident()
        # Guards all that follows; the writer sleeps on it.
        self.lock = threading.Lock()
        self.work = threading.Condition(self.lock)
        self.pending: list[Entry] = []
        # Bytes that are not shown yet: what is committed is in memory until it is.
        self.pending_size = 0
        # Who waits for room: threads sleep here, since when by their ids; others have futures.
        self.space = threading.Condition(self.lock)
        self.held: dict[int, float] = {}
        # Something of that need not wait for company; else until when what is there does, None where it may wait on.
        self.urgent = False
        self.due: float | None = None
        self.crowd: list[asyncio.Future[None]] = []
        # When the commit that is under way began; None where none is.
        self.began: float | None = None
        # Why the last commit failed; None while the store works.
        self.failure: StorageError | None = None
        # Nothing that is put would last: all is given up. None while the store can be trusted.
        self.broken: StorageBroken | None = None
        self.closing = False
        # The writer has ended: what is put from here on is given up at once.
        self.closed = False
        # Set once the writer has ended.
        self.ended = asyncio.Event()
        self.thread = threading.Thread(target=self._run, name="stepwire-writer", daemon=True)

    def start(self) -> None:
        """Start the writer."""
        self.thread.start()

    def put(
        self,
        unit: Unit,
        *,
        optional: bool = False,
        writer: Writer | None = None,
        lazy: bool = False,
        patient: bool = False,
    ) -> Entry:
        """Put a unit in line, from any thread; it commits after all that was put before, or with it.

        `writer`: whose events come behind it from here on. `lazy`: it can wait until more comes, which does so at once.
        `patient`: it can wait for more for a moment (`COMPANY_SECONDS`).
        """
        size = sum(draft.size for draft in unit.drafts) + ROW_SIZE * len(unit.rows)
        entry = Entry(unit, size, optional, writer)
        with self.lock:
            if writer is not None:
                writer.open = None
            self._append(entry, lazy, patient)
        return entry

    def extend(self, writer: Writer, draft: Draft, patient: bool = False) -> None:
        """Put one more event in line, from any thread: into the writer's newest entry while that is not taken. `patient`: see `put`."""
        with self.lock:
            entry = writer.open
            if entry is None or entry.taken:
                unit = Unit(writer.session_id, [draft], fence=writer.epoch)
                writer.open = Entry(unit, draft.size, False, writer)
                self._append(writer.open, patient=patient)
            else:
                entry.unit.drafts.append(draft)
                entry.size += draft.size
                self.pending_size += draft.size
                writer.pending += draft.size
                if not (self.urgent or patient):
                    self._hurry()

    def _append(self, entry: Entry, lazy: bool = False, patient: bool = False) -> None:
        if self.closed:
            entry.error = self.broken or StorageError("the store is closed")
            entry.settled = entry.taken = True
            return
        self.pending.append(entry)
        self.pending_size += entry.size
        if entry.writer is not None:
            entry.writer.pending += entry.size
        # Who waits for room must not wait for what waits itself.
        if not (lazy or patient) or self.pending_size * 2 > self.pending_limit:
            self._hurry()
        elif patient and self.due is None and not self.urgent:
            self.due = time.monotonic() + COMPANY_SECONDS
            self.work.notify_all()

    def _hurry(self) -> None:
        if not self.urgent:
            self.urgent = True
            self.work.notify_all()

    async def commit(self, unit: Unit, *, optional: bool = False) -> Written:
        """Put a unit in line and wait until it is durable. Raises `RefusedError`; `StorageError` if `optional`."""
        entry = self.put(unit, optional=optional)
        await self.settled(entry)
        return entry.result()

    async def settled(self, entry: Entry) -> None:
        """Wait, on any loop, until a unit is committed, refused or given up; on the line's own, until that was shown."""
        loop = asyncio.get_running_loop()
        with self.lock:
            here = loop is self.loop
            if entry.settled or (not here and entry.decided):
                return
            if not entry.taken:
                self._hurry()
            future = loop.create_future()
            (entry.futures if here else entry.elsewhere).append(future)
        await future

    def soon(self, unit: Unit) -> Entry:
        """Put a unit in line that nobody waits for."""
        return self.put(unit, patient=True)

    def later(self, unit: Unit) -> Entry:
        """Put a unit in line that can wait until more comes."""
        return self.put(unit, lazy=True)

    def commit_in_thread(self, unit: Unit, writer: Writer | None = None) -> Written:
        """As `commit`, in any thread but the line's own loop's. Raises `RefusedError`."""
        if threading.get_ident() == self.loop_thread:
            raise RuntimeError(
                "the event loop must not wait for a commit; use the saver's async methods"
            )
        waiter = threading.Event()
        entry = self.put(unit, writer=writer)
        with self.lock:
            if not entry.decided:
                entry.waiters.append(waiter)
            else:
                waiter.set()
        waiter.wait()
        return entry.result()

    def late(self, seconds: float) -> bool:
        """Whether the last commit failed, or the one that is under way takes longer than this already."""
        began = self.began
        return self.failure is not None or (began is not None and perf_counter() - began > seconds)

    def full(self, writer: Writer | None = None, times: int = 1) -> bool:
        """Whether the writer must wait before it produces more: the disk sets the pace.

        It may have as much pending as the others leave of the bound: one has half of it, nine have a tenth each, and who
        writes little need not wait for those who write much. `times`: so many times the bound.
        """
        own = 0 if writer is None else writer.pending
        return own + self.pending_size > self.pending_limit * times

    async def room(self, writer: Writer | None = None) -> None:
        """Wait, on any loop, until the writer may produce more."""
        loop = asyncio.get_running_loop()
        while True:
            with self.lock:
                if not self._waits(writer):
                    return
                future = loop.create_future()
                self.crowd.append(future)
            await future

    def room_in_thread(self, writer: Writer | None = None) -> None:
        """Wait, in any thread but the line's own loop's, until the writer may produce more."""
        thread = threading.get_ident()
        with self.lock:
            self.held[thread] = time.monotonic()
            try:
                while self._waits(writer):
                    self.space.wait(1.0)
            finally:
                del self.held[thread]

    def _waits(self, writer: Writer | None) -> bool:
        over = self.closing or self.closed or (writer is not None and writer.closed)
        return not over and self.full(writer)

    def held_seconds(self, thread: int) -> float:
        """For how long the thread with this id has waited for room; 0 where it does not."""
        since = self.held.get(thread)
        return 0.0 if since is None else time.monotonic() - since

    def close_writer(self, writer: Writer) -> None:
        """It writes no more; who waits for its room goes on, to be told so."""
        with self.lock:
            writer.closed = True
            self.space.notify_all()
            crowd, self.crowd = self.crowd, []
        _wake(crowd)

    def break_off(self, fault: StorageBroken) -> None:
        """Give up all that is in line, and all that comes: it would not last. From any thread."""
        with self.work:
            if self.broken is None:
                self.broken = self.failure = fault
            self.work.notify_all()
            self.space.notify_all()
            crowd, self.crowd = self.crowd, []
        _wake(crowd)

    async def close(self) -> None:
        """End the writer when all that is pending is committed. Raises `StorageError` where it cannot be.

        Who waits for what cannot be committed any more is told the same.
        """
        with self.lock:
            self.closing = True
            self.work.notify_all()
            self.space.notify_all()
            crowd, self.crowd = self.crowd, []
        _wake(crowd)
        if self.thread.ident is None:
            return
        await self.ended.wait()
        failure = self.broken or self.failure
        if failure is not None:
            raise failure

    # The writer's thread

    def _run(self) -> None:
        failures = 0
        while batch := self._taken():
            began = self.began = perf_counter()
            try:
                outcomes = self.store.write([entry.unit for entry in batch])
            except StorageError as error:
                failed = error
            except Exception as error:
                # A fault of the store's own must not end the line for all others.
                sparing.error("the store failed in a way it should not", exc_info=True)
                failed = StorageError(f"the store failed: {error!r}")
            else:
                self.began = None
                self.metrics.committed(
                    perf_counter() - began, len(batch), sum(entry.size for entry in batch)
                )
                failures = 0
                if self.failure is not None:
                    self.failure = None
                    sparing.over(WAITS)
                    log.info("the disk takes what happens again")
                for entry, outcome in zip(batch, outcomes, strict=True):
                    entry.outcome = outcome
                self._settle(batch)
                # What was committed is not held until something else is.
                del batch, entry, outcome, outcomes
                continue
            self.began = None
            self.metrics.commit_failed()
            if self._failed(batch, failed):
                with self.work:
                    if self.closing or self.broken is not None:
                        break
                    self.work.wait(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
            failures += 1
        self._end()

    def _taken(self) -> list[Entry]:
        """All that is pending, as soon as anything is; nothing when the line is closing."""
        with self.work:
            while not self.urgent and not self.closing and self.broken is None:
                left = None if self.due is None else self.due - time.monotonic()
                if left is not None and left <= 0:
                    break
                self.work.wait(left)
            if self.broken is not None:
                return []
            batch, self.pending = self.pending, []
            self.urgent = False
            self.due = None
            for entry in batch:
                entry.taken = True
            # From here on nothing may be put that nobody takes.
            self.closed = not batch
            return batch

    def _end(self) -> None:
        with self.lock:
            self.closed = True
            left, self.pending = self.pending, []
            for entry in left:
                entry.error = self.broken or self.failure
                # What is written on is given up by itself, and not held with it.
                entry.taken = True
        self._settle(left)
        if not left and self.broken is None:
            self.failure = None
        self.loop.call_soon_threadsafe(self.ended.set)

    def _failed(self, batch: list[Entry], error: StorageError) -> bool:
        """Give up what may be; the rest stays in front of the line. Whether anything does."""
        self.failure = error
        if isinstance(error, StorageBroken):
            with self.lock:
                self.broken = error
                self.pending = batch + self.pending
            return False
        given_up = [entry for entry in batch if entry.optional]
        kept = [entry for entry in batch if not entry.optional]
        with self.lock:
            self.pending = kept + self.pending
            self.urgent = bool(self.pending)
        if kept:
            sparing.error(WAITS, error)
        for entry in given_up:
            entry.error = error
        self._settle(given_up)
        return bool(kept)

    def _settle(self, entries: list[Entry]) -> None:
        if not entries:
            return
        with self.lock:
            waiters = [waiter for entry in entries for waiter in entry.waiters]
            futures = [future for entry in entries for future in entry.elsewhere]
        for waiter in waiters:
            waiter.set()
        _wake(futures)
        self.loop.call_soon_threadsafe(self._show, entries)

    # On the loop

    def _show(self, entries: list[Entry]) -> None:
        try:
            self.shown(entries)
        finally:
            with self.lock:
                futures = [future for entry in entries for future in entry.futures]
                for entry in entries:
                    entry.settled = True
                    self.pending_size -= entry.size
                    if entry.writer is not None:
                        entry.writer.pending -= entry.size
                self.space.notify_all()
                crowd, self.crowd = self.crowd, []
            _release(futures)
            _wake(crowd)


def _wake(futures: Iterable[asyncio.Future[None]]) -> None:
    """Release who waits on loops of other threads, each loop once."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for future in futures:
        loops.setdefault(future.get_loop(), []).append(future)
    for loop, some in loops.items():
        # A loop that was closed has nobody who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_release, some)


def _release(futures: Iterable[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)
