"""What the server does by itself: remove what is old."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import Literal, Protocol

import anyio
import msgspec

from protocol.events import SessionExpiring
from protocol.sessions import ACTIVE, ENDED
from rpc.clock import now_ms
from rpc.engine.checkpoints.saver import Saver
from rpc.events.encoding import timestamp
from rpc.sessions.service import Sessions
from rpc.sparing import Sparing
from rpc.storage.line import RefusedError
from rpc.storage.records import Expiry, SessionRecord, Ttl
from rpc.storage.store import StorageError, newest_of
from rpc.storage.units import (
    DeleteAudit,
    DeleteCheckpoints,
    DeleteTombstones,
    PutSession,
    PutTtl,
    Row,
    Unit,
)
from rpc.storage.unreadable import Unreadable

log = logging.getLogger("stepwire.sessions")
sparing = Sparing(log)

RESTING = frozenset({"paused", "waiting"})
"""Statuses of runs that somebody has to move."""

BATCH = 100
"""Old sessions looked up between two looks at the event loop."""


async def remove_old(sessions: Sessions, max_age_seconds: float) -> int:
    """Remove sessions that are over, untouched for longer, with all they own; how many."""
    before, removed = _before(max_age_seconds), 0
    async for record in _old(sessions, before, ENDED | {"idle"}):
        removed += await _remove(sessions, record)
    return removed


async def remove_waiting(
    sessions: Sessions, max_age_seconds: float, notice_seconds: float = 0
) -> int:
    """As `remove_old`, of sessions that wait for a person or stand in the debugger, told `notice_seconds` before.

    None is removed sooner after it was told than that, however long the server did not run.
    """
    removed, notice = 0, min(notice_seconds, max_age_seconds)
    async for record in _old(sessions, _before(max_age_seconds - notice), RESTING):
        now, expiry = now_ms(), record.expiry
        due = record.updated_at + int(max_age_seconds * 1000)
        if expiry is None or expiry.untouched_since != record.updated_at:
            expiry = Expiry(record.updated_at, max(due, now + int(notice * 1000)))
            if not await _tell(sessions, record, expiry):
                continue
            record = await sessions.record(record.id)
        if due < now and expiry.removed_at <= now:
            removed += await _remove(sessions, record)
    return removed


async def _old(
    sessions: Sessions, before: int, statuses: Collection[str]
) -> AsyncIterator[SessionRecord]:
    """Each session in one of these statuses untouched since then, locked while it is looked at."""
    after = ""
    while ids := await sessions.store.older_than(before, BATCH, sorted(statuses), after):
        for session_id in ids:
            async with sessions.locks(session_id):
                record = await _readable(sessions, session_id)
                # It may have been used since it was listed.
                if record is not None and record.updated_at < before and record.status in statuses:
                    yield record
        after = ids[-1]


async def remove_expired(sessions: Sessions) -> int:
    """Remove sessions that were to be kept until now, or their older states; how many. One that is advanced is left till it rests."""
    removed, now, after = 0, now_ms(), ""
    while ids := await sessions.store.expired(now, BATCH, after):
        for session_id in ids:
            async with sessions.locks(session_id):
                record = await _readable(sessions, session_id)
                ttl = await sessions.store.read(sessions.store.ttl, session_id)
                # It may have been used, or be kept for longer, since it was listed.
                if record is None or record.status in ACTIVE or ttl is None or ttl.expires_at > now:
                    continue
                if ttl.strategy == "delete":
                    removed += await _remove(sessions, record)
                    continue
                again = PutTtl(record.id, kept(ttl.strategy, ttl.minutes))
                with suppress(RefusedError):
                    await keep_newest(sessions, record, [again])
                    removed += 1
        after = ids[-1]
    return removed


def kept(strategy: Literal["delete", "keep_latest"], minutes: float) -> Ttl:
    """What is kept so long from now on."""
    return Ttl(strategy, minutes, now_ms() + int(minutes * 60_000))


async def keep_newest(sessions: Sessions, record: SessionRecord, rows: Sequence[Row] = ()) -> None:
    """Remove the states of a session that rests, but the newest of each graph and those that results stand in.

    `rows`: what goes with it. Raises `RefusedError`, `StorageError`.
    """
    all_of = await sessions.store.read(sessions.store.outlines, record.id)
    newest = newest_of(all_of)
    results = set(await sessions.store.read(sessions.store.results_of, record.id))
    gone = [
        (one.namespace, one.checkpoint_id)
        for one in all_of
        if newest[one.namespace] != one.checkpoint_id and one.checkpoint_id not in results
    ]
    deleted: list[Row] = [DeleteCheckpoints(record.id, gone)] if gone else []
    if gone or rows:
        unit = Unit(record.id, [], [*deleted, *rows], revision=record.revision)
        await sessions.events.commit(unit)


async def _readable(sessions: Sessions, session_id: str) -> SessionRecord | None:
    """The session; None where it is gone, or cannot be read: that one is left to whoever looks after it."""
    with suppress(Unreadable):
        return await sessions.store.read(sessions.store.session, session_id)
    return None


async def _remove(sessions: Sessions, record: SessionRecord) -> bool:
    with suppress(RefusedError):
        await sessions.remove(record, "age")
        return True
    return False


async def _tell(sessions: Sessions, record: SessionRecord, expiry: Expiry) -> bool:
    """Tell who reads the session's events when it will be removed."""
    told = SessionExpiring(timestamp(expiry.removed_at))
    draft = sessions.events.emitter(record.id, record.run_id).draft(told)
    row = PutSession(msgspec.structs.replace(record, expiry=expiry))
    with suppress(RefusedError):
        await sessions.events.commit(Unit(record.id, [draft], [row], revision=record.revision))
        return True
    return False


async def remove_old_events(sessions: Sessions, max_age_seconds: float) -> int:
    """Remove events committed longer ago, of sessions that rest, never a session's newest; of how many sessions."""
    pruned = 0
    before = _before(max_age_seconds)
    while rows := await sessions.store.old_events(before, BATCH):
        for row in rows:
            with suppress(RefusedError):
                await sessions.events.commit(Unit(row.session_id, [], [row]))
                pruned += 1
    return pruned


async def remove_old_checkpoints(sessions: Sessions, max_age_seconds: float) -> int:
    """Remove checkpoints saved longer ago, of sessions that rest; of how many sessions it was tried.

    The newest ones stay, and those that results stand in.
    """
    pruned = 0
    before = _before(max_age_seconds)
    after = ""
    while ids := await sessions.store.old_threads(before, BATCH, after):
        for session_id in ids:
            async with sessions.locks(session_id):
                record = await _readable(sessions, session_id)
                if record is not None and record.status not in ("queued", "running"):
                    # Refused where somebody began to advance the session: that one adds to what is here.
                    with suppress(RefusedError, Unreadable):
                        await prune(sessions, record, before)
                        pruned += 1
        after = ids[-1]
    return pruned


async def remove_old_audit(sessions: Sessions, max_age_seconds: float) -> int:
    """Remove the audit's rows of longer ago."""
    before = _before(max_age_seconds)
    # Most times there is nothing, and then nothing is written.
    if await sessions.store.has_audit_before(before):
        await sessions.events.commit(Unit(None, [], [DeleteAudit(before)]))
    return 0


TOMBSTONE_SECONDS = 7 * 24 * 3600.0
"""For how long it is known that a session was deleted: who follows all sessions and comes back later reads them anew."""


async def remove_old_tombstones(sessions: Sessions, max_age_seconds: float) -> int:
    """Forget which sessions were deleted longer ago."""
    before = _before(max_age_seconds)
    if await sessions.store.has_tombstones_before(before):
        await sessions.events.commit(Unit(None, [], [DeleteTombstones(before)]))
    return 0


async def prune(sessions: Sessions, record: SessionRecord, before_ms: int) -> None:
    """Remove a session's old checkpoints. Raises `RefusedError` where it was advanced since it was read."""
    saver = Saver(sessions.store, sessions.events.line, session_id=record.id, fence=record.epoch)
    await saver.aprune_older(
        record.id, before_ms, await sessions.store.read(sessions.store.results_of, record.id)
    )


def _before(max_age_seconds: float) -> int:
    """The time before which something is too old, in milliseconds since 1970."""
    return now_ms() - int(max_age_seconds * 1000)


class Memory(Protocol):
    """What graphs remember."""

    async def tidy(self) -> None:
        """Remove what has expired. Raises what its store raises."""


async def forget_expired(memory: Memory, interval_seconds: float) -> None:
    """Remove memories that have expired now and then, for as long as the server runs; nobody finds them before that either."""
    while True:
        try:
            await memory.tidy()
        except Exception as error:
            sparing.error("memories that have expired could not be removed: %s", error)
        await anyio.sleep(interval_seconds)


EXPIRED_SECONDS = 60.0
"""At most so long after its time a session is removed of which it was said how long it is kept."""


async def keep_as_said(sessions: Sessions, interval_seconds: float) -> None:
    """Remove sessions whose time is over now and then, for as long as the server runs."""
    while True:
        try:
            count = await remove_expired(sessions)
            if count:
                log.info("removed what was to be kept until now: of %d sessions", count)
        except StorageError as error:
            sparing.error("sessions whose time is over could not be removed: %s", error)
        await anyio.sleep(min(interval_seconds, EXPIRED_SECONDS))


Task = tuple[str, Callable[[Sessions, float], Awaitable[int]], float]
"""What is removed, how, and from which age on, in seconds; 0 for never."""


async def keep_tidy(
    sessions: Sessions,
    interval_seconds: float,
    session_max_age_seconds: float,
    waiting_max_age_seconds: float,
    waiting_notice_seconds: float,
    event_max_age_seconds: float,
    checkpoint_max_age_seconds: float,
    audit_max_age_seconds: float,
) -> None:
    """Remove what is old now and then, for as long as the server runs. An age of 0 keeps all."""
    waiting = partial(remove_waiting, notice_seconds=waiting_notice_seconds)
    tasks: list[Task] = [
        ("sessions", remove_old, session_max_age_seconds),
        ("waiting sessions", waiting, waiting_max_age_seconds),
        ("events", remove_old_events, event_max_age_seconds),
        ("checkpoints", remove_old_checkpoints, checkpoint_max_age_seconds),
        ("audit", remove_old_audit, audit_max_age_seconds),
        ("deletions", remove_old_tombstones, TOMBSTONE_SECONDS),
    ]
    tasks = [task for task in tasks if task[2] > 0]
    while tasks:
        for what, remove, max_age_seconds in tasks:
            try:
                count = await remove(sessions, max_age_seconds)
                if count:
                    log.info("removed old %s: %d sessions", what, count)
            except StorageError as error:
                sparing.error("old %s could not be removed: %s", what, error)
        await anyio.sleep(interval_seconds)
