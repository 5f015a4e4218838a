"""What the server does by itself: resume unfinished runs on start, remove old sessions."""

import logging
from contextlib import suppress

import anyio

from rpc.events.encoding import now_ms
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter
from rpc.storage.line import RefusedError
from rpc.storage.store import StorageError

log = logging.getLogger("stepwire.sessions")

BATCH = 100
"""Old sessions removed between two looks at the event loop."""


async def recover(starter: Starter) -> int:
    """Set every unfinished run going again; how many there were (promise 4)."""
    records = await starter.store.in_status(("queued", "running"))
    for record in records:
        await starter.recover(record)
    if records:
        log.info("resuming %d unfinished runs", len(records))
    return len(records)


async def remove_old(sessions: Sessions, max_age_seconds: float) -> int:
    """Remove sessions untouched for longer, with all they own, never a running one; how many."""
    removed = 0
    before = now_ms() - int(max_age_seconds * 1000)
    while ids := await sessions.store.older_than(before, BATCH):
        for session_id in ids:
            async with sessions.locks(session_id):
                record = sessions.store.session(session_id)
                # It may have been used since it was listed.
                if record is not None and record.updated_at < before:
                    with suppress(RefusedError):
                        await sessions.remove(record, "age")
                        removed += 1
    return removed


async def keep_tidy(sessions: Sessions, max_age_seconds: float, interval_seconds: float) -> None:
    """`remove_old` now and then, for as long as the server runs."""
    if max_age_seconds <= 0:
        return
    while True:
        try:
            removed = await remove_old(sessions, max_age_seconds)
            if removed:
                log.info("removed %d old sessions", removed)
        except StorageError as error:
            log.error("old sessions could not be removed: %s", error)
        await anyio.sleep(interval_seconds)
