"""The event log: one writer that numbers, commits and then shows events (promises 1 to 3).

Everything pending from all sessions goes into one transaction; while it commits, the next forms. There is
no timer. Readers are cursors: they are woken after the commit, and read the tail or the store.
"""

import logging
from collections.abc import Awaitable, Sequence

import anyio
from msgspec import Struct

from rpc.events.encoding import Emission
from rpc.events.tail import Chunk, Tail
from rpc.storage.store import EventRow, Storage, StorageError, Write

log = logging.getLogger("stepwire.events")

ROW_BYTES = 64 * 1024
"""About how large a stored row gets: a cursor that lags reads row by row."""

RETRY_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
"""How long the writer waits before it tries again, failure by failure."""


class Entry(Struct, eq=False):
    """What must be committed together: events of one session and rows that go with them.

    `optional`: give up at the first failed commit (somebody waits for an answer and can be told).
    `taken`: a transaction has begun with it, nothing more may be added. `channel`: of the session, held
    until the entry is committed; None where there are no events.
    """

    session_id: str
    channel: "Channel | None"
    emissions: list[Emission]
    writes: Sequence[Write]
    optional: bool
    size: int
    done: anyio.Event
    taken: bool = False
    error: StorageError | None = None


class Channel:
    """What is held in memory for a session that somebody runs or reads."""

    def __init__(self, last_seq: int, tail_bytes: int) -> None:
        # Committed events, the newest.
        self.tail = Tail(last_seq, tail_bytes)
        # Set and replaced at each commit; a cursor at the end waits for it.
        self.changed = anyio.Event()
        # Runs, cursors and uncommitted entries that hold the channel.
        self.pins = 0
        # True once the session is deleted.
        self.gone = False
        # The session's newest entry in line, while a run's further events may join it.
        self.open: Entry | None = None

    def wake(self) -> None:
        """Wake every cursor that waits."""
        self.changed.set()
        self.changed = anyio.Event()


class EventLog:
    """See the module. `run` must be running while the log is used."""

    def __init__(self, storage: Storage, *, tail_bytes: int, pending_bytes: int) -> None:
        self.storage = storage
        self.tail_bytes = tail_bytes
        # The bound on uncommitted bytes of all sessions.
        self.pending_limit = pending_bytes
        self.channels: dict[str, Channel] = {}
        # How many channels were freed: what was read of a session before one was may be out of date.
        self.freed = 0
        # What the next transaction takes.
        self.pending: list[Entry] = []
        self.pending_size = 0
        # Set when `pending` gets its first entry.
        self.work = anyio.Event()
        # Set and replaced whenever pending bytes were committed, or given up.
        self.drained = anyio.Event()
        # Why the last commit failed; None while the store works.
        self.failure: StorageError | None = None
        self.closing = False

    def append(
        self,
        session_id: str,
        emissions: Sequence[Emission],
        writes: Sequence[Write] = (),
        *,
        optional: bool = False,
    ) -> Entry:
        """Put events and rows in line; they become durable together, after all that was put before.

        The session's channel must be pinned when it is given events; the entry then holds it itself.
        """
        size = sum(emission.size for emission in emissions) + 256 * len(writes)
        channel = self.channels.get(session_id)
        if channel is not None:
            channel.open = None
        if not emissions:
            channel = None
        elif channel is None:
            raise LookupError(f"session {session_id} has events and no channel")
        else:
            channel.pins += 1
        entry = Entry(session_id, channel, list(emissions), writes, optional, size, anyio.Event())
        self.pending.append(entry)
        self.pending_size += size
        self.work.set()
        return entry

    def emit(self, session_id: str, channel: Channel, emission: Emission) -> None:
        """Put one event of a run in line. The hot path: an entry takes all until its commit begins."""
        entry = channel.open
        if entry is None or entry.taken:
            channel.open = self.append(session_id, (emission,))
        else:
            entry.emissions.append(emission)
            entry.size += emission.size
            self.pending_size += emission.size

    async def commit(
        self,
        session_id: str,
        emissions: Sequence[Emission] = (),
        writes: Sequence[Write] = (),
        *,
        optional: bool = False,
    ) -> None:
        """`append`, and wait until it is durable. Raises `StorageError` if `optional` and it failed."""
        entry = self.append(session_id, emissions, writes, optional=optional)
        await entry.done.wait()
        if entry.error is not None:
            raise entry.error

    def room(self) -> Awaitable[None] | None:
        """What to await while too much is pending, so that the disk sets the pace; None while there is room."""
        return self._drained() if self.pending_size > self.pending_limit else None

    async def _drained(self) -> None:
        while self.pending_size > self.pending_limit:
            await self.drained.wait()

    async def pin(self, session_id: str) -> Channel | None:
        """Hold the session's channel; None if there is no such session. `unpin` it later."""
        while (channel := self.channels.get(session_id)) is None:
            freed = self.freed
            record = await self.storage.session(session_id)
            if record is None:
                return None
            if freed == self.freed:
                return self.pin_new(session_id, record.seq)
        if channel.gone:
            # Deleted; readers that have not come to its last event hold it still.
            return None
        channel.pins += 1
        return channel

    def pin_new(self, session_id: str, last_seq: int) -> Channel:
        """Hold the channel of a session whose last event is known."""
        channel = self.channels.get(session_id)
        if channel is None:
            channel = self.channels[session_id] = Channel(last_seq, self.tail_bytes)
        channel.pins += 1
        return channel

    def unpin(self, session_id: str) -> None:
        """Let go; the last one frees the memory."""
        channel = self.channels.get(session_id)
        if channel is None:
            return
        channel.pins -= 1
        if channel.pins == 0:
            del self.channels[session_id]
            self.freed += 1

    def forget(self, session_id: str, farewell: Emission) -> None:
        """The session was deleted: its cursors end with `farewell`, which is stored nowhere."""
        channel = self.channels.get(session_id)
        if channel is not None:
            seq = channel.tail.last_seq + 1
            channel.tail.push(Chunk(seq, [farewell.text(seq)], 0))
            channel.gone = True
            channel.wake()

    async def run(self) -> None:
        """The writer. Ends after `close`, when all that was put in line is committed."""
        failures = 0
        while True:
            if not self.pending:
                if self.closing:
                    return
                self.work = anyio.Event()
                await self.work.wait()
                continue
            batch, self.pending = self.pending, []
            try:
                chunks = await self._commit(batch)
            except StorageError as error:
                batch = self._refuse(batch, error)
                self.pending = batch + self.pending
                if batch:
                    log.error("events wait for the disk: %s", error)
                    if self.closing:
                        raise
                    await anyio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                    failures += 1
                continue
            failures = 0
            self.failure = None
            self._show(batch, chunks)

    async def close(self) -> None:
        """Let `run` end when nothing is pending."""
        self.closing = True
        self.work.set()

    async def _commit(self, batch: list[Entry]) -> list[tuple[str, Chunk]]:
        """Number and store; what was stored, chunk by chunk."""
        chunks: list[tuple[str, Chunk]] = []
        rows: list[EventRow] = []
        by_session: dict[str, list[Emission]] = {}
        writes: list[Write] = []
        for entry in batch:
            entry.taken = True
            if entry.emissions:
                by_session.setdefault(entry.session_id, []).extend(entry.emissions)
            writes.extend(entry.writes)
        for session_id, emissions in by_session.items():
            seq = self.channels[session_id].tail.last_seq + 1
            for first, events, size in _split(seq, emissions):
                chunks.append((session_id, Chunk(first, events, size)))
                last = first + len(events) - 1
                rows.append(EventRow(session_id, first, last, b"\n".join(events)))
        await self.storage.commit(writes, rows)
        return chunks

    def _show(self, batch: list[Entry], chunks: list[tuple[str, Chunk]]) -> None:
        """Committed: make it readable, wake the readers and those who waited for the commit."""
        for session_id, chunk in chunks:
            self.channels[session_id].tail.push(chunk)
        for session_id in {session_id for session_id, _ in chunks}:
            self.channels[session_id].wake()
        self._settle(batch)

    def _refuse(self, batch: list[Entry], error: StorageError) -> list[Entry]:
        """Tell those who can be told; the rest of the batch is to be tried again."""
        self.failure = error
        given_up = [entry for entry in batch if entry.optional]
        for entry in given_up:
            entry.error = error
        self._settle(given_up)
        return [entry for entry in batch if not entry.optional]

    def _settle(self, entries: list[Entry]) -> None:
        """The entries are committed, or given up: tell those who wait for them, or for room."""
        for entry in entries:
            self.pending_size -= entry.size
            entry.done.set()
            if entry.channel is not None:
                self.unpin(entry.session_id)
        self.drained.set()
        self.drained = anyio.Event()


def _split(seq: int, emissions: list[Emission]) -> list[tuple[int, list[bytes], int]]:
    """Numbered events in rows of about `ROW_BYTES`: (first seq, events, bytes)."""
    out: list[tuple[int, list[bytes], int]] = []
    events: list[bytes] = []
    first, size = seq, 0
    for emission in emissions:
        text = emission.text(seq)
        events.append(text)
        size += len(text) + 1
        seq += 1
        if size >= ROW_BYTES:
            out.append((first, events, size))
            events, first, size = [], seq, 0
    if events:
        out.append((first, events, size))
    return out
