"""A reader's place in a session's events. A subscription is a cursor, not a queue (promises 2 and 3)."""

import asyncio
from collections.abc import Callable, Collection
from functools import lru_cache
from types import TracebackType

from rpc.events.encoding import event_type, fitted
from rpc.events.log import Channel, EventLog, Resting
from rpc.events.references import MARK, split

DELETED = b"session.deleted"

READ_BYTES = 256 * 1024
"""About how much one read returns."""


class SessionGone(Exception):
    """The session was deleted: no event follows."""


class EventsGone(Exception):
    """Events that the cursor was to read next were removed, being old. `first_seq`: the oldest that is kept."""

    def __init__(self, session_id: str, first_seq: int) -> None:
        super().__init__(f"the events before {first_seq} were removed")
        self.session_id = session_id
        self.first_seq = first_seq


class Held:
    """Those who hold a cursor's next events back: nothing past the least of their bounds is read."""

    def __init__(self) -> None:
        # The last event that may be read, by who says so.
        self.bounds: dict[object, int] = {}
        # Set and replaced when one lets go.
        self.freed = asyncio.Event()


class Cursor:
    """Reads a session's committed events in order, each once, from `after + 1` on.

    Reading raises `SessionGone`, `EventsGone`, `StorageError`. Memory: one batch at a time, and a number while it rests. Use as an async
    context manager; `open` must have found the session.
    """

    __slots__ = (
        "after",
        "beside",
        "held",
        "log",
        "pinned",
        "resume",
        "session_id",
        "turns",
        "types",
    )

    def __init__(
        self,
        log: EventLog,
        session_id: str,
        channel: Channel,
        after: int,
        types: Collection[str] | None,
    ) -> None:
        self.log = log
        self.session_id = session_id
        # The session's channel; None while the cursor rests.
        self.pinned: Channel | None = channel
        self.resume: Callable[[Cursor], object] = _nobody
        # The number of the last event that was returned or skipped.
        self.after = after
        # Event types to return, as they stand in the bytes; None for all.
        self.types = None if types is None else _encoded(frozenset(types))
        # Behind which event others are to be returned, and which; in order.
        self.turns: tuple[tuple[int, frozenset[bytes] | None], ...] = ()
        # Who holds events back; None where nobody does.
        self.held: Held | None = None
        # The next one that rests at the session; the log's.
        self.beside: Resting | None = None

    @classmethod
    async def open(
        cls, log: EventLog, session_id: str, after: int, types: Collection[str] | None = None
    ) -> "Cursor | None":
        """A cursor, or None if there is no such session. It holds the session's channel: `close` it."""
        channel = await log.pin(session_id)
        return None if channel is None else cls(log, session_id, channel, after, types)

    @property
    def channel(self) -> Channel:
        """The session's, which the cursor holds unless it rests."""
        assert self.pinned is not None, "the cursor rests"
        return self.pinned

    @property
    def last_seq(self) -> int:
        """The session's last committed event."""
        return self.after if self.pinned is None else self.pinned.tail.last_seq

    @property
    def lag(self) -> int:
        """How many committed events it has not read."""
        return self.last_seq - self.after

    async def next(self) -> list[bytes]:
        """The next events, at least one; waits for it. Raises `SessionGone`."""
        while True:
            changed = self.changed
            events = await self.ready()
            if events:
                return events
            await self.pause(changed)

    async def pause(self, changed: asyncio.Event) -> None:
        """After `ready` had nothing: wait for more. `changed`: the cursor's, from before that."""
        await (self.held.freed if self.held and self.held.bounds else changed).wait()

    def stir(self) -> None:
        """Wake all who wait for the session's events, though there may be none."""
        self.channel.wake()

    async def ready(self) -> list[bytes]:
        """The next events that are there now, or an empty list. Raises `SessionGone`."""
        while events := await self.read():
            events = self._wanted(events)
            if events:
                return events
        return []

    def _wanted(self, events: list[bytes]) -> list[bytes]:
        """Those of the types asked for. `events`: the last that were read."""
        found: list[bytes] = []
        while self.turns and self.turns[0][0] < self.after:
            behind, types = self.turns[0]
            self.turns = self.turns[1:]
            count = max(0, len(events) - (self.after - behind))
            found += self._filtered(events[:count])
            events = events[count:]
            self.types = types
        return found + self._filtered(events)

    def _filtered(self, events: list[bytes]) -> list[bytes]:
        return events if self.types is None else [one for one in events if self.wants(one)]

    def turn(self, types: Collection[str] | None, after: int) -> None:
        """Return events of other types from `after + 1` on; those before it as they would have been."""
        chosen = None if types is None else _encoded(frozenset(types))
        self.turns = (*self.turns, (after, chosen))

    def hold(self) -> Callable[[], None]:
        """Let what is committed from here on wait, until the result is called; what is there is read on."""
        held = self.held = self.held or Held()
        token = object()
        held.bounds[token] = self.last_seq

        def free() -> None:
            held.bounds.pop(token, None)
            held.freed.set()
            held.freed = asyncio.Event()
            if self.held is held and not held.bounds:
                self.held = None

        return free

    async def read(self) -> list[bytes]:
        """The next events that are there now, wanted or not, or an empty list. Raises `SessionGone`."""
        if self.channel.gone:
            # What was not read yet is deleted; what is left is the event that says so.
            if self.after >= self.last_seq:
                raise SessionGone(self.session_id)
            self.after = self.last_seq - 1
        events = self.channel.tail.read(self.after, READ_BYTES)
        if events is None:
            events = await self._stored()
            if not events and self.channel.gone:
                # Deleted while the store was read: who waited for a change now would miss this one.
                return await self.read()
        if self.held is not None and self.held.bounds:
            events = events[: max(0, min(self.held.bounds.values()) - self.after)]
        if not events and self.log.broken is not None:
            raise self.log.broken
        self.after += len(events)
        self.channel.read_to = max(self.channel.read_to, self.after)
        return events

    def wants(self, event: bytes) -> bool:
        """Whether the event is of the types asked for; that the session is deleted is told to all."""
        return self.types is None or (kind := event_type(event)) in self.types or kind == DELETED

    @property
    def changed(self) -> asyncio.Event:
        """Set at the next commit: take it before `read`, wait for it after an empty one."""
        return self.channel.changed

    @property
    def turned(self) -> asyncio.Event:
        """As `changed`, at the commits only with which the session's record or a run's may be another."""
        return self.channel.turned

    def stands(self) -> None:
        """Nothing, where the session is there. Raises `SessionGone`, `StorageError` where nothing is stored any more."""
        if self.channel.gone:
            raise SessionGone(self.session_id)
        if self.log.broken is not None:
            raise self.log.broken

    async def _stored(self) -> list[bytes]:
        found: list[bytes] = []
        size = 0
        for row in await self.log.store.events(self.session_id, self.after, READ_BYTES):
            if not found and row.first_seq > self.after + 1:
                raise EventsGone(self.session_id, row.first_seq)
            events = row.data.split(b"\n")[max(0, self.after + 1 - row.first_seq) :]
            if MARK not in row.data:
                found += self._fitted(events)
                size += len(row.data)
                continue
            for event in events:
                # Results may be large, whatever the rows are.
                if size >= READ_BYTES:
                    return found
                whole = await self._whole(event)
                if whole is None:
                    return found
                found += self._fitted([whole])
                size += len(found[-1])
        return found

    def _fitted(self, events: list[bytes]) -> list[bytes]:
        """Stored events no larger than a frame: the bound may have been another when they were made."""
        limit = self.log.max_event_bytes
        return [one if len(one) <= limit else fitted(one, limit) for one in events]

    async def _whole(self, event: bytes) -> bytes | None:
        """A stored event with its result, where that is wanted; None where the session is gone."""
        if MARK not in event or not (self.turns or self.wants(event)):
            return event
        head, at, tail = split(event)
        result = await self.log.resolve(self.session_id, at)
        return None if result is None else head + result + tail

    def rest(self, resume: Callable[["Cursor"], object]) -> bool:
        """Hold nothing but a number while the session rests, if it does and all of it was read; whether it does.

        Until `resume` is called with the cursor nothing may be read.
        """
        channel = self.channel
        if not channel.rests or channel.gone or self.after < self.last_seq or self.held is not None:
            return False
        self.resume = resume
        self.pinned = None
        self.log.rest(self)
        return True

    @property
    def at_rest(self) -> bool:
        """Whether it holds nothing but a number."""
        return self.pinned is None

    def woken(self, channel: Channel) -> None:
        """By the log: something was committed; the channel is held again."""
        self.pinned = channel
        self.resume(self)

    def close(self) -> None:
        """Let go of the session's channel."""
        if self.pinned is None:
            self.log.leave(self)
        else:
            self.log.unpin(self.session_id)

    async def __aenter__(self) -> "Cursor":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _nobody(_: Cursor) -> None:
    pass


@lru_cache(64)
def _encoded(types: frozenset[str]) -> frozenset[bytes]:
    """Many cursors share few choices."""
    return frozenset(one.encode() for one in types)
