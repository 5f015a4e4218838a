"""What the server does by itself: resume unfinished runs on start, remove what is old."""

import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

import anyio

from protocol.sessions import ENDED, SETTLED
from rpc.engine.checkpoints.saver import Saver
from rpc.events.encoding import now_ms
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter
from rpc.storage.line import RefusedError
from rpc.storage.records import SessionRecord
from rpc.storage.store import StorageError
from rpc.storage.units import Unit

log = logging.getLogger("stepwire.sessions")

BATCH = 100
"""Old sessions looked up between two looks at the event loop."""


async def recover(starter: Starter) -> int:
    """Set every unfinished run going again; how many there were (promise 4)."""
    records = await starter.store.in_status(("queued", "running"))
    for record in records:
        await starter.recover(record)
    if records:
        log.info("resuming %d unfinished runs", len(records))
    return len(records)


async def remove_old(sessions: Sessions, max_age_seconds: float) -> int:
    """Remove sessions that are over, untouched for longer, with all they own; how many."""
    return await _remove(sessions, max_age_seconds, ENDED)


async def remove_waiting(sessions: Sessions, max_age_seconds: float) -> int:
    """As `remove_old`, of sessions that wait for a person or stand in the debugger."""
    return await _remove(sessions, max_age_seconds, SETTLED - ENDED)


async def _remove(sessions: Sessions, max_age_seconds: float, statuses: Collection[str]) -> int:
    removed = 0
    before = _before(max_age_seconds)
    while ids := await sessions.store.older_than(before, BATCH, sorted(statuses)):
        for session_id in ids:
            async with sessions.locks(session_id):
                record = sessions.store.session(session_id)
                # It may have been used since it was listed.
                if record is None:
                    continue
                if record.updated_at < before and record.status in statuses:
                    with suppress(RefusedError):
                        await sessions.remove(record, "age")
                        removed += 1
    return removed


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
                record = sessions.store.session(session_id)
                if record is not None and record.status not in ("queued", "running"):
                    # Refused where somebody began to advance the session: that one adds to what is here.
                    with suppress(RefusedError):
                        await prune(sessions, record, before)
                        pruned += 1
        after = ids[-1]
    return pruned


async def prune(sessions: Sessions, record: SessionRecord, before_ms: int) -> None:
    """Remove a session's old checkpoints. Raises `RefusedError` where it was advanced since it was read."""
    saver = Saver(sessions.store, sessions.events.line, session_id=record.id, fence=record.epoch)
    await saver.aprune_older(record.id, before_ms, sessions.store.results_of(record.id))


def _before(max_age_seconds: float) -> int:
    """The time before which something is too old, in milliseconds since 1970."""
    return now_ms() - int(max_age_seconds * 1000)


Task = tuple[str, Callable[[Sessions, float], Awaitable[int]], float]
"""What is removed, how, and from which age on, in seconds; 0 for never."""


async def keep_tidy(
    sessions: Sessions,
    interval_seconds: float,
    session_max_age_seconds: float,
    waiting_max_age_seconds: float,
    event_max_age_seconds: float,
    checkpoint_max_age_seconds: float,
) -> None:
    """Remove what is old now and then, for as long as the server runs. An age of 0 keeps all."""
    tasks: list[Task] = [
        ("sessions", remove_old, session_max_age_seconds),
        ("waiting sessions", remove_waiting, waiting_max_age_seconds),
        ("events", remove_old_events, event_max_age_seconds),
        ("checkpoints", remove_old_checkpoints, checkpoint_max_age_seconds),
    ]
    tasks = [task for task in tasks if task[2] > 0]
    while tasks:
        for what, remove, max_age_seconds in tasks:
            try:
                count = await remove(sessions, max_age_seconds)
                if count:
                    log.info("removed old %s: %d sessions", what, count)
            except StorageError as error:
                log.error("old %s could not be removed: %s", what, error)
        await anyio.sleep(interval_seconds)
