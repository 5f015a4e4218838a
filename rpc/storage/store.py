"""The seam: what the sessions need of a store. SQLite is the one implementation here."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from rpc.storage.records import RunRecord, SessionRecord


class StorageError(Exception):
    """The store cannot read or write now (a full or failed disk); nothing of the call was kept."""


class EventRow(Struct, frozen=True):
    """One flush of one session: `data` is the encoded notifications, joined by newlines."""

    session_id: str
    first_seq: int
    last_seq: int
    data: bytes


class PutSession(Struct, frozen=True):
    """Insert or replace a session."""

    record: SessionRecord


class PutRun(Struct, frozen=True):
    """Insert or replace a run."""

    record: RunRecord


class DeleteSession(Struct, frozen=True):
    """Delete a session with its runs and events (its checkpoints are the checkpointer's)."""

    session_id: str


Write = PutSession | PutRun | DeleteSession


class SessionPage(Struct, frozen=True):
    """A page of sessions, newest first, and how many match in all."""

    records: list[tuple[SessionRecord, RunRecord]]
    total: int


class Storage(Protocol):
    """Sessions, runs and events. Every method raises `StorageError` when the store fails."""

    async def commit(self, writes: Sequence[Write], rows: Sequence[EventRow]) -> None:
        """All of it in one transaction, durable on return."""

    async def session(self, session_id: str) -> SessionRecord | None:
        """The session, its `seq` being its last committed event's."""

    async def run(self, run_id: str) -> RunRecord | None:
        """The run."""

    async def run_by_key(self, idempotency_key: str) -> RunRecord | None:
        """The run that was started with the key."""

    async def sessions(
        self,
        *,
        limit: int,
        offset: int = 0,
        before: tuple[int, str] | None = None,
        status: str | None = None,
        search: str | None = None,
    ) -> SessionPage:
        """A page, newest first; `before`: only those created before this (time, id)."""

    async def in_status(self, statuses: Sequence[str]) -> list[SessionRecord]:
        """All sessions in one of the statuses, oldest first."""

    async def older_than(self, updated_at: int, limit: int) -> list[str]:
        """Ids of at most `limit` sessions untouched since then and not queued or running."""

    async def events(self, session_id: str, after: int, limit_bytes: int) -> list[EventRow]:
        """Rows that hold events past `after`, oldest first: at least one, about `limit_bytes` in all."""

    async def durations(self, graph: str, limit: int) -> list[int]:
        """Milliseconds that the graph's newest completed runs took, at most `limit`."""

    async def check(self) -> None:
        """Write and read something for real."""

    async def close(self) -> None:
        """Close; no call may follow."""
