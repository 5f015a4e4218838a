"""The feed of all sessions: what was changed, in order, for who follows them all.

A reader is a place in the order of the changes, which the store keeps: it holds nothing else, and who lags gets each
session's last change only. Readers at one place share what is read there.
"""

import asyncio
from contextlib import suppress

import msgspec
from msgspec import Struct

from protocol.errors import EVENTS_GONE, ProtocolError
from protocol.feeds import SessionChanged
from rpc.events.log import EventLog
from rpc.sessions.fitting import fitted
from rpc.sessions.lifecycle import view
from rpc.sessions.paging import FEED, read_cursor, write_cursor
from rpc.storage.store import Change, Place, Store

ROWS = 100
"""How many changes are read at once."""

PULSE_SECONDS = 0.05
"""After a change, how long those that follow are collected."""

POLL_SECONDS = 0.5
"""How often a store is looked at that others write to."""

NUMBERS = 2**64

_encode = msgspec.json.Encoder().encode


class Page(Struct, frozen=True):
    """Changes in their order; `end`: where to go on from, `more`: at once."""

    changes: list[SessionChanged]
    end: Place
    more: bool


class Feed:
    """Of one server. `max_bytes`: of a page, or one change."""

    def __init__(self, store: Store, events: EventLog, max_bytes: int) -> None:
        self.store = store
        self.events = events
        self.max_bytes = max_bytes
        # Where others write too, it is looked at by itself.
        self.poll_seconds = POLL_SECONDS if store.shared else None
        # What is read, or was since the last change, by owner, place and limit.
        self._pages: dict[tuple[str | None, Place, int], asyncio.Task[Page]] = {}
        self._pages_of: asyncio.Event | None = None

    async def place(self, cursor: str | None, owner: str | None) -> Place:
        """Where a cursor points; behind all that there is where None.

        Raises `ProtocolError`: invalid params, events gone; `StorageError`.
        """
        if cursor is None:
            return await self.store.read(self.store.changes_end)
        place = divmod(read_cursor(cursor, self._secret, owner, FEED), NUMBERS)
        # A cursor past the end is of what a backup does not have any more.
        if (
            place[0] < await self.store.read(self.store.tombstones_removed, owner)
            or place[0] > (await self.store.read(self.store.changes_end))[0]
        ):
            raise ProtocolError(
                EVENTS_GONE,
                "what was deleted since this cursor is not known any more: read the sessions anew with `session.list`, "
                "and go on from the `cursor` of a `session.watch` without one",
            )
        return place

    def cursor(self, place: Place, owner: str | None) -> str:
        """The place as a text, for its owner only. Raises `StorageError`."""
        return write_cursor(place[0] * NUMBERS + place[1], self._secret, owner, FEED)

    async def page(self, owner: str | None, after: Place, limit: int = ROWS) -> Page:
        """What comes behind a place. Raises `StorageError`."""
        if self._pages_of is not self.events.changed:
            self._pages_of = self.events.changed
            self._pages.clear()
        key = (owner, after, limit)
        reading = self._pages.get(key)
        if reading is None or (reading.done() and self._stale(reading)):
            reading = self._pages[key] = asyncio.create_task(self._read(owner, after, limit))
        return await asyncio.shield(reading)

    def _stale(self, reading: asyncio.Task[Page]) -> bool:
        # What others commit is not told here.
        return self.poll_seconds is not None or reading.cancelled() or bool(reading.exception())

    async def _read(self, owner: str | None, after: Place, limit: int) -> Page:
        found = await self.store.changes(owner, after, limit)
        changes: list[SessionChanged] = []
        last, size = after, 0
        for change in found.changes:
            told = self._told(change, owner, after)
            if told is None:
                continue
            size += len(_encode(told)) + 1
            if changes and size > self.max_bytes:
                return Page(changes, last, True)
            changes.append(told)
            last = change.place
        return Page(changes, found.end, found.more)

    def _told(self, change: Change, owner: str | None, after: Place) -> SessionChanged | None:
        """None where nothing is to be told: it was made and deleted meanwhile, or has not run yet."""
        cursor = self.cursor(change.place, owner)
        new = change.made > after[0]
        if change.record is None:
            return None if new else SessionChanged(cursor, "deleted", change.session_id, None)
        if change.run is None:
            return None
        session = fitted(view(change.record, change.run), self.max_bytes)
        return SessionChanged(cursor, "created" if new else "changed", change.session_id, session)

    @property
    def _secret(self) -> bytes:
        return self.store.secret("cursors")


class FeedReader:
    """A place in an owner's changes, or in everybody's where None."""

    def __init__(self, feed: Feed, owner: str | None, place: Place) -> None:
        self.feed = feed
        self.owner = owner
        self.place = place

    async def read(self) -> list[SessionChanged]:
        """What comes behind the place, which goes on to behind that: at least one, waited for. Raises `StorageError`."""
        while True:
            changed = self.feed.events.changed
            page = await self.feed.page(self.owner, self.place)
            self.place = page.end
            if page.changes:
                return page.changes
            if self.feed.events.broken is not None:
                raise self.feed.events.broken
            if not page.more:
                await _either(changed, self.feed.poll_seconds)


async def _either(changed: asyncio.Event, seconds: float | None) -> None:
    """Wait for a change, or so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await changed.wait()
