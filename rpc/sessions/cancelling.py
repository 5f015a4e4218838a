"""`query.cancel`, answered at once also while nothing can be written.

The cancellation itself goes on by itself, and tries again until it is stored. Where the disk keeps it from that, what runs is
cancelled all the same, and who asked is told that it is not stored yet.
"""

import logging
from contextlib import suppress

import anyio
from anyio.abc import TaskGroup

from protocol.errors import OVERLOADED, WRONG_STATE, ProtocolError
from protocol.sessions import ENDED, CancelResult
from rpc.sessions.running.executor import Executor
from rpc.sessions.service import Sessions
from rpc.sessions.shown import shown_status
from rpc.storage.records import SessionRecord
from rpc.storage.store import StorageBroken, StorageError

log = logging.getLogger("stepwire.sessions")

LOOK_SECONDS = 0.2
"""How often it is looked whether the disk keeps a cancellation from being stored."""

LATE_SECONDS = 1.0
"""How long a commit may take before who cancels is not kept waiting for it; and the pause between two tries."""


class _Asked:
    """One cancellation. `done`: it is stored, or there is nothing to cancel: `error`."""

    def __init__(self) -> None:
        self.done = anyio.Event()
        self.result: CancelResult | None = None
        self.error: Exception | None = None
        # A try failed for want of the disk.
        self.waits = False


class Cancelling:
    """Cancels runs. `group`: where it goes on when it was answered."""

    def __init__(self, sessions: Sessions, executor: Executor, group: TaskGroup) -> None:
        self.sessions = sessions
        self.executor = executor
        self.group = group

    async def cancel(self, session_id: str) -> CancelResult:
        """Stop the run; returns when it has stopped, or when that waits for the disk."""
        record = await self.sessions.record(session_id)
        asked = _Asked()
        self.group.start_soon(self._go_on, record, asked, name=f"cancel {session_id}")
        while not asked.done.is_set():
            with anyio.move_on_after(LOOK_SECONDS):
                await asked.done.wait()
            if not asked.done.is_set() and (asked.waits or self.sessions.events.late(LATE_SECONDS)):
                self.executor.cancel(session_id)
                return CancelResult(session_id, shown_status(record.status), pending=True)
        if asked.error is not None:
            raise asked.error
        if asked.result is None:
            raise ProtocolError(
                OVERLOADED, "the server is stopping; the next start takes the run up again"
            )
        return asked.result

    async def _go_on(self, record: SessionRecord, asked: _Asked) -> None:
        try:
            while asked.result is None:
                try:
                    found = await self.sessions.cancel(record.id)
                    asked.result = CancelResult(found.session_id, found.status)
                except (ProtocolError, StorageError) as error:
                    if asked.waits and getattr(error, "error", None) is WRONG_STATE:
                        # What runs was cancelled meanwhile, and has stored it by itself.
                        return
                    if not _passes(error):
                        raise
                    asked.waits = True
                    await anyio.sleep(LATE_SECONDS)
                    with suppress(StorageError):
                        asked.result = await self._over(record)
        except Exception as error:
            # The border of a task: whoever waits raises it.
            asked.error = error
            if asked.waits:
                log.error("session %s: its cancellation could not be stored: %s", record.id, error)
        finally:
            asked.done.set()

    async def _over(self, before: SessionRecord) -> CancelResult | None:
        """Between two tries: what there is no more to cancel.

        Raises `ProtocolError` (session not found), `StorageError`.
        """
        record = await self.sessions.record(before.id)
        if record.run_id != before.run_id:
            # Another run has begun: that one is not meant.
            return CancelResult(before.id, "cancelled")
        return (
            CancelResult(before.id, shown_status(record.status)) if record.status in ENDED else None
        )


def _passes(error: ProtocolError | StorageError) -> bool:
    """Whether it is a fault of the disk's that another try may not meet."""
    if isinstance(error, StorageError):
        return not isinstance(error, StorageBroken)
    return error.error is OVERLOADED
