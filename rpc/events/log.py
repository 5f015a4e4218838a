"""The event log: what is committed is shown, in order, to whoever reads (promises 1 to 3).

It stands on the one durable line: events get their numbers in the transaction that commits them, and only then come
into their session's tail and wake its cursors. Readers are cursors; they read the tail or the store.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from rpc.events.encoding import MAX_EVENT_BYTES, STATUS_HEAD, Emitter
from rpc.events.references import Resolve
from rpc.events.tail import Tail
from rpc.masking import secrets_in
from rpc.storage.line import Entry, Line, RefusedError
from rpc.storage.store import StorageBroken, StorageError, Store
from rpc.storage.units import (
    Chunk,
    DeleteRun,
    DeleteSession,
    Draft,
    PutRun,
    PutSession,
    Refused,
    Unit,
    Written,
)
from rpc.telemetry.metrics import Metrics

log = logging.getLogger("stepwire.events")

COOL_SECONDS = 1.0
"""How long a session's newest events are kept in memory after it came to rest: its readers are at the end by then."""


OVER_TIMES = 2
"""How many times the bound of pending bytes may be taken up where who produces cannot wait."""


LATE_WRITES = 100
"""How often a node may write once its run is over, which goes nowhere, before it is told so by an error."""


_OF_RECORDS = (PutSession, DeleteSession)
_TURNING = (*_OF_RECORDS, PutRun, DeleteRun)


class Channel:
    """What is held in memory for a session that somebody runs or reads."""

    def __init__(self, last_seq: int, tail_bytes: int) -> None:
        # Committed events, the newest.
        self.tail = Tail(last_seq, tail_bytes)
        # Set and replaced at each commit of the session's; a cursor at the end waits for it.
        self.changed = asyncio.Event()
        # The same at those commits only with which its record or a run's may be another.
        self.turned = asyncio.Event()
        # Runs, cursors and others that hold the channel; and of these, the runs.
        self.pins = 0
        self.runs = 0
        # Nothing has run for a while: who is at the end need not hold the channel.
        self.rests = True
        # False while the store is asked how far the session is.
        self.known = True
        # When events were last committed elsewhere, on the loop's clock.
        self.moved_at = 0.0
        # The last event that somebody has read: the store may have more than this node has heard of.
        self.read_to = 0
        # True once the session is deleted.
        self.gone = False

    @property
    def last_seq(self) -> int:
        """The session's last event, as far as anybody here knows: shown, or read from the store."""
        return max(self.tail.last_seq, self.read_to)

    def wake(self, turned: bool = True) -> None:
        """Wake everybody who waits. `turned`: a record may be another."""
        self.changed.set()
        self.changed = asyncio.Event()
        if turned:
            self.turned.set()
            self.turned = asyncio.Event()


class Resting(Protocol):
    """A reader at the end of a session that rests. It holds no channel until something is committed.

    `after`: the number of the session's last event. `beside`: the next one that rests at this session; the log's.
    """

    beside: "Resting | None"

    @property
    def after(self) -> int: ...

    @property
    def session_id(self) -> str: ...

    def woken(self, channel: Channel) -> None:
        """Something was committed. The channel is held for it."""


class EventLog:
    """See the module. `start` before use, `close` after. Channels are the loop's; `line` is anybody's.

    `resolve`: reads the results that stored events refer to. `max_event_bytes`: what is larger is cut.
    """

    def __init__(
        self,
        store: Store,
        resolve: Resolve,
        *,
        tail_bytes: int,
        pending_bytes: int,
        max_event_bytes: int = MAX_EVENT_BYTES,
        metrics: Metrics | None = None,
    ) -> None:
        self.metrics = Metrics() if metrics is None else metrics
        self.store = store
        self.max_event_bytes = max_event_bytes
        self.resolve = resolve
        self.tail_bytes = tail_bytes
        self.line = Line(store, self._show, pending_bytes=pending_bytes, metrics=self.metrics)
        self.channels: dict[str, Channel] = {}
        # Why no event follows any more; None while the store can be trusted.
        self.broken: StorageBroken | None = None
        # Readers that hold no channel, by session.
        self.resting: dict[str, Resting] = {}
        # Called with a session and its last event when some were committed here, for readers elsewhere; `forgets`, when it is gone.
        self.tells: Callable[[str, int], object] = _nobody
        self.forgets: Callable[[str], object] = _nobody
        # Set and replaced when the record of any session was changed, or one was deleted.
        self.changed = asyncio.Event()

    def emitter(
        self, session_id: str, run_id: str | None, config: Mapping[str, Any] | None = None
    ) -> Emitter:
        """What makes the drafts of a run's events. `config`: the run's, whose secrets are in none of them."""
        return Emitter(
            session_id, run_id, self.max_event_bytes, secrets_in(config) if config else ()
        )

    def start(self) -> None:
        """Start the writer."""
        self.line.start()

    def break_off(self, fault: StorageBroken) -> None:
        """On the loop: nothing is stored any more. Readers come to the end of what was, and get the fault."""
        self.broken = fault
        self.line.break_off(fault)
        self.stir()
        for channel in list(self.channels.values()):
            channel.wake()
        for session_id, reader in list(self.resting.items()):
            channel = self.channels.get(session_id) or self._made(session_id, reader.after)
            self._waken(session_id, channel)

    async def close(self) -> None:
        """End the writer when all that is pending is committed. Raises `StorageError` where it cannot be."""
        await self.line.close()

    @property
    def failure(self) -> StorageError | None:
        """Why what is in line waits; None while the store works."""
        return self.line.failure if self.line.pending else None

    def late(self, seconds: float) -> bool:
        """Whether commits fail now, or one has taken longer than this already."""
        return self.line.late(seconds)

    async def commit(self, unit: Unit) -> Written:
        """Commit what somebody asked for. Raises `StorageError` at the first failure, `RefusedError`."""
        return await self.line.commit(unit, optional=True)

    def put(self, unit: Unit) -> Entry:
        """Put a unit in line; it waits for the disk where it must."""
        return self.line.put(unit)

    async def pin(self, session_id: str) -> Channel | None:
        """Hold the session's channel; None if there is no such session. `unpin` it later."""
        channel = self.channels.get(session_id)
        if channel is not None and channel.gone:
            # Deleted; readers that have not come to its last event hold it still.
            return None
        known = channel is not None and channel.known
        if channel is None:
            channel = self._made(session_id, 0)
            channel.known = False
        # Held while it is asked for: what is committed meanwhile comes into it.
        channel.pins += 1
        if known:
            return channel
        try:
            record = await self.store.read(self.store.session, session_id)
        except BaseException:
            self.unpin(session_id)
            raise
        if record is None or channel.gone:
            self.unpin(session_id)
            return None
        if record.seq > channel.tail.last_seq:
            channel.tail.moved(record.seq)
        channel.known = True
        return channel

    def expect(self, session_id: str) -> None:
        """Hold the channel of a session that is about to be made: its first readers find its first events there."""
        self._made(session_id, 0).pins += 1

    def unpin(self, session_id: str) -> None:
        """Let go; the last one frees the memory."""
        channel = self.channels.get(session_id)
        if channel is None:
            return
        channel.pins -= 1
        if channel.pins == 0:
            del self.channels[session_id]

    async def advancing(self, session_id: str) -> Channel | None:
        """Hold the session's channel for a run; None if there is no such session. `rested` lets it go."""
        channel = await self.pin(session_id)
        if channel is not None:
            channel.runs += 1
            channel.rests = False
        return channel

    def rest(self, reader: Resting) -> None:
        """Let go of the channel for a reader at its end, until something is committed."""
        # A chain of them, most often of one: a client may have thousands, and each is to cost next to nothing.
        reader.beside = self.resting.get(reader.session_id)
        self.resting[reader.session_id] = reader
        self.unpin(reader.session_id)

    def leave(self, reader: Resting) -> None:
        """The reader that rests will not read on."""
        left = [
            one for one in _chain(self.resting.pop(reader.session_id, None)) if one is not reader
        ]
        reader.beside = None
        for one in left:
            one.beside = self.resting.get(one.session_id)
            self.resting[one.session_id] = one

    def _waken(self, session_id: str, channel: Channel) -> None:
        for reader in _chain(self.resting.pop(session_id, None)):
            reader.beside = None
            channel.pins += 1
            reader.woken(channel)

    def rested(self, session_id: str) -> None:
        """A run lets go. Who goes on reading costs a number then: a client may stay subscribed for days."""
        channel = self.channels[session_id]
        channel.runs -= 1
        self.unpin(session_id)
        if channel.pins:
            self.line.loop.call_later(COOL_SECONDS, _cool, channel)

    @property
    def read(self) -> set[str]:
        """The sessions that somebody here reads or runs."""
        return {*self.channels, *self.resting}

    def stir(self) -> None:
        """The record of some session was changed, here or elsewhere, or one was deleted: wake who follows them all."""
        self.changed.set()
        self.changed = asyncio.Event()

    def moved(self, session_id: str, last_seq: int) -> None:
        """Events up to this one were committed elsewhere: wake who reads them here."""
        channel = self.channels.get(session_id)
        if channel is None:
            resting = self.resting.get(session_id)
            if resting is None or resting.after >= last_seq:
                return
            channel = self._made(session_id, resting.after)
        if last_seq <= channel.tail.last_seq:
            return
        channel.tail.moved(last_seq)
        if channel.runs == 0:
            self._hot(channel)
        channel.wake()
        self._waken(session_id, channel)

    def _hot(self, channel: Channel) -> None:
        """More will come: whoever is at the end need not let go of the channel."""
        channel.moved_at = self.line.loop.time()
        if channel.rests:
            channel.rests = False
            self.line.loop.call_later(COOL_SECONDS, _cool_elsewhere, channel, self.line.loop)

    def forget(self, session_id: str, farewell: Draft) -> None:
        """The session was deleted: its cursors end with `farewell`, which is stored nowhere."""
        self.forgets(session_id)
        self.gone(session_id, farewell)

    def gone(self, session_id: str, farewell: Draft) -> None:
        """As `forget`, of a session that was deleted elsewhere."""
        channel = self.channels.get(session_id)
        if channel is None:
            resting = self.resting.get(session_id)
            if resting is None:
                return
            channel = self._made(session_id, resting.after)
        seq = channel.last_seq + 1
        channel.tail.push(Chunk(seq, [farewell.text(seq)], 0))
        channel.gone = True
        channel.wake()
        self._waken(session_id, channel)

    def _made(self, session_id: str, last_seq: int) -> Channel:
        channel = self.channels[session_id] = Channel(last_seq, self.tail_bytes)
        return channel

    def _count_run(self, unit: Unit) -> None:
        """What became of a run, where the unit says so: its record with the event that tells of a status."""
        run = next((row.record for row in unit.rows if isinstance(row, PutRun)), None)
        if run is None or not any(draft.head.startswith(STATUS_HEAD) for draft in unit.drafts):
            return
        begun, ended = run.started_at, run.ended_at
        seconds = None if begun is None or ended is None else (ended - begun) / 1000
        self.metrics.run(run.graph, run.status, seconds)

    def _show(self, entries: Sequence[Entry]) -> None:
        """Settled: make what is committed readable, and wake the readers."""
        changed: dict[str, Channel] = {}
        told: dict[str, int] = {}
        turned: set[str] = set()
        stirs = False
        for entry in entries:
            session_id = entry.unit.session_id
            if isinstance(entry.outcome, Refused) and entry.outcome.reason == "epoch":
                log.info(
                    "session %s: %d events and %d rows were refused: %s",
                    session_id,
                    len(entry.unit.drafts),
                    len(entry.unit.rows),
                    entry.outcome.detail,
                )
            if session_id is None or not isinstance(entry.outcome, Written):
                continue
            chunks = entry.outcome.chunks
            for chunk in chunks:
                self.metrics.events += len(chunk.events)
                self.metrics.event_bytes += chunk.size
            if entry.unit.rows:
                self._count_run(entry.unit)
                if any(isinstance(row, _TURNING) for row in entry.unit.rows):
                    turned.add(session_id)
                    stirs = stirs or any(isinstance(row, _OF_RECORDS) for row in entry.unit.rows)
            if chunks:
                told[session_id] = chunks[-1].last_seq
            channel = self.channels.get(session_id)
            if channel is None:
                if not chunks or session_id not in self.resting:
                    continue
                channel = self._made(session_id, chunks[0].first_seq - 1)
            changed[session_id] = channel
            for chunk in chunks:
                # A channel that was made after the commit and before this knows of it from the store.
                if chunk.first_seq > channel.tail.last_seq:
                    channel.tail.push(chunk)
        if stirs:
            self.stir()
        for session_id, last_seq in told.items():
            self.tells(session_id, last_seq)
        for session_id, channel in changed.items():
            channel.wake(session_id in turned)
            if session_id in self.resting:
                self._waken(session_id, channel)


def _cool_elsewhere(channel: Channel, loop: asyncio.AbstractEventLoop) -> None:
    """What runs elsewhere has come to rest, as far as can be told: nothing came of it for a while."""
    left = channel.moved_at + COOL_SECONDS - loop.time()
    if left > 0 and not channel.gone:
        loop.call_later(left, _cool_elsewhere, channel, loop)
    else:
        _cool(channel)


def _chain(reader: Resting | None) -> list[Resting]:
    """A reader, and those that rest beside it."""
    found: list[Resting] = []
    while reader is not None:
        found.append(reader)
        reader = reader.beside
    return found


def _nobody(*_: object) -> None:
    pass


def _cool(channel: Channel) -> None:
    # A session that was deleted keeps the event that says so.
    if channel.runs == 0 and not channel.gone:
        channel.rests = True
        channel.tail.drop()
        channel.wake()


class RunWriter:
    """Where one advance writes: its events and, through its saver, its checkpoints. From any thread.

    Everything it writes carries the advance's epoch, and is refused once another one has begun.
    """

    def __init__(self, log: EventLog, session_id: str, epoch: int) -> None:
        self.log = log
        self.line = log.line
        self.session_id = session_id
        self.epoch = epoch
        # The newest entry in line, while further events may join it; and how many bytes of its are in line.
        self.open: Entry | None = None
        self.pending = 0
        self.closed = False
        # What came since it was closed.
        self.late = 0
        # What the advance came to is committed.
        self.recorded = False

    def emit(self, draft: Draft, *, patient: bool = False) -> None:
        """Put one event in line. The hot path: an entry takes all until its commit begins. `patient`: more may come at once."""
        if not self.closed:
            self.line.extend(self, draft, patient)

    async def commit(self, unit: Unit) -> Written:
        """Put a unit in line, behind all that was emitted, and wait until it is durable. Raises `RefusedError`."""
        unit.fence = self.epoch
        entry = self.line.put(unit, writer=self)
        await self.line.settled(entry)
        return entry.result()

    def soon(self, unit: Unit) -> Entry:
        """Put a unit in line that nobody waits for, behind all that was emitted."""
        unit.fence = self.epoch
        return self.line.put(unit, writer=self, patient=True)

    async def settled(self, entry: Entry) -> None:
        """Wait, on any loop, until a unit in line is decided on."""
        await self.line.settled(entry)

    def later(self, unit: Unit) -> Entry:
        """Put a unit in line that can wait until more comes."""
        unit.fence = self.epoch
        return self.line.put(unit, writer=self, lazy=True)

    def commit_in_thread(self, unit: Unit) -> Written:
        """As `commit`, from a thread that is not the loop's. Raises `RefusedError`."""
        unit.fence = self.epoch
        return self.line.commit_in_thread(unit, writer=self)

    def wait_for_room(self) -> int:
        """Where a node runs: wait while too much is pending, so that the disk sets the pace.

        On the server's loop nothing may wait: there, past a bound, how many bytes are pending; else 0. Raises `RefusedError`
        where it was closed and the node does not end: what cleans up may write a little.
        """
        if self.line.full(self):
            if threading.get_ident() != self.line.loop_thread:
                self.line.room_in_thread(self)
            elif self.line.full(self, OVER_TIMES):
                return self.pending
        self.late += self.closed
        if self.late > LATE_WRITES:
            raise RefusedError(
                Refused("epoch", "the run is over: what its nodes write goes nowhere")
            )
        return 0

    async def room(self) -> None:
        """On a loop: wait while too much is pending, so that the disk sets the pace."""
        if self.line.full(self):
            await self.line.room(self)

    def close(self) -> None:
        """The advance is over: what its nodes, or threads of theirs, still write goes nowhere, and ends them where it can."""
        self.line.close_writer(self)
