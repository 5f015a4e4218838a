"""`Store` on PostgreSQL: one connection writes, a pool of others reads. Many nodes use one database at once.

Nothing that was read is kept: another node may have changed it since. Methods that are no coroutines wait for the database where they
are called; on a loop they are called by `read`, in a thread, as is what may read much.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psycopg
from psycopg import Connection, errors

from rpc.storage.planning import Head
from rpc.storage.postgres import changes, outlines, reading, retention, sessions, usage
from rpc.storage.postgres.committing import Committing
from rpc.storage.postgres.connecting import connect, pool, shown, with_defaults
from rpc.storage.postgres.faults import lost, told
from rpc.storage.postgres.migrations import check, migrate, version_of
from rpc.storage.records import Assistant, AuditRecord, Due, RunRecord, SessionRecord, Ttl
from rpc.storage.soundness import Soundness
from rpc.storage.store import (
    ChangesPage,
    CheckpointOutline,
    EventRow,
    OwnerUsage,
    Place,
    SessionPage,
    SignalRow,
    StoredCheckpoint,
    TookTooLong,
    Which,
)
from rpc.storage.units import DeleteEvents, Outcome, Unit
from rpc.storage.unreadable import Unreadable, Unreadables

KEYED = 4
"""Threads for what is read by its key."""

READERS = 2
"""Threads for what may read much."""

LISTERS = 2
"""Threads for what may look through all sessions: whoever waits for events waits for none of it."""

ELSEWHERE = 5
"""Of a node's connections, so many are not the pool's: the writer's, that of `apart`, and others' (the graphs' memory, a queue)."""

TRIES = 3
"""How often a read is tried where connections turn out to be gone: all of them are, when the database was away."""

T = TypeVar("T")
P = ParamSpec("P")


class PostgresStore:
    """`Store` in the database at `address`, its tables made where missing, migrated where older.

    `address`: a URL, or libpq's connection string. `pool_size`: how many connections a node may have. `soundness`: where a fault
    that lasts is noted. `only_reads`: of a command: its tables must be there, of a schema that this version can work on. Raises `StorageError` when it cannot be opened.
    """

    def __init__(
        self,
        address: str,
        pool_size: int = 10,
        *,
        only_reads: bool = False,
        soundness: Soundness | None = None,
    ) -> None:
        self.conninfo = with_defaults(address)
        self.what = f"the database {shown(address)}"
        self.soundness = Soundness(Path()) if soundness is None else soundness
        self.unreadable = Unreadables()
        with self._errors(), connect(self.conninfo) as connection:
            if only_reads:
                check(version_of(connection), self.what)
            else:
                migrate(connection, self.what)
            identity = reading.secret(connection, "identity")
            # It stays as it is, and is asked for on the loop.
            self.cursors = reading.secret(connection, "cursors")
        self.writer = Committing(
            self.conninfo, self.soundness, self.what, identity, pipelined=not only_reads
        )
        self.pool = pool(self.conninfo, max(1, pool_size - ELSEWHERE))
        self.pool.open()
        # For what must not wait until others have read.
        self.apart = pool(self.conninfo, 1)
        self.by_key = ThreadPoolExecutor(KEYED, thread_name_prefix="stepwire-by-key")
        self.threads = ThreadPoolExecutor(READERS, thread_name_prefix="stepwire-reader")
        self.listers = ThreadPoolExecutor(LISTERS, thread_name_prefix="stepwire-lister")

    # The line's thread

    def write(self, units: Sequence[Unit]) -> list[Outcome]:
        if self.soundness.fault is not None:
            raise self.soundness.fault
        with self._errors():
            outcomes = self.writer.write(units)
        self.soundness.unclear = 0
        return outcomes

    # Any thread

    async def read(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self.by_key, partial(what, *args, **kwargs)
        )

    def session(self, session_id: str, owner: str | None = None) -> SessionRecord | None:
        return self._read(lambda connection: reading.session(connection, session_id, owner))

    def run(self, run_id: str) -> RunRecord | None:
        return self._read(lambda connection: reading.run(connection, run_id))

    @property
    def shared(self) -> bool:
        return True

    def run_by_key(self, owner: str, idempotency_key: str) -> RunRecord | None:
        return self._read(lambda connection: reading.run_by_key(connection, owner, idempotency_key))

    def ttl(self, session_id: str) -> Ttl | None:
        return self._read(lambda connection: retention.ttl(connection, session_id))

    def due(self, run_id: str) -> Due | None:
        return self._read(lambda connection: retention.due(connection, run_id))

    def assistant(self, assistant_id: str) -> Assistant | None:
        return self._read(lambda connection: reading.assistant(connection, assistant_id))

    def assistants(self, owner: str | None) -> list[Assistant]:
        return self._read(lambda connection: reading.assistants(connection, owner))

    def active(self, owner: str) -> int:
        return self._read(lambda connection: reading.active(connection, owner))

    def usage(self, owner: str, since_second: int) -> OwnerUsage:
        return self._read(lambda connection: usage.usage(connection, owner, since_second))

    def secret(self, name: str) -> bytes:
        if name == "cursors":
            return self.cursors
        return self._read(lambda connection: reading.secret(connection, name))

    def signals(self, session_id: str, after: int = 0) -> list[SignalRow]:
        return self._read(lambda connection: reading.signals(connection, session_id, after))

    def hits(self, session_id: str) -> tuple[int, dict[str, int]] | None:
        return self._read(lambda connection: reading.hits(connection, session_id))

    def durations(self, owner: str, graph: str, limit: int) -> list[int]:
        return self._read(lambda connection: reading.durations(connection, owner, graph, limit))

    def status_counts(self) -> dict[str, int]:
        return self._read(reading.status_counts)

    def results_of(self, session_id: str) -> list[str]:
        return self._read(lambda connection: reading.results_of(connection, session_id))

    def checkpoint(
        self, thread_id: str, namespace: str, checkpoint_id: str | None = None
    ) -> StoredCheckpoint | None:
        return self._read(
            lambda connection: reading.checkpoint(connection, thread_id, namespace, checkpoint_id),
            whole=True,
        )

    def checkpoints(
        self,
        thread_id: str | None,
        namespace: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[StoredCheckpoint]:
        return self._read(
            lambda connection: reading.checkpoints(connection, thread_id, namespace, before, limit),
            whole=True,
        )

    def outlines(self, thread_id: str) -> list[CheckpointOutline]:
        return self._read(lambda connection: outlines.outlines(connection, thread_id))

    def checkpoints_of_runs(self, run_ids: Sequence[str]) -> list[tuple[str, str, str]]:
        return self._read(lambda connection: outlines.of_runs(connection, run_ids))

    def _read(self, read: Callable[[Connection[Any]], T], *, whole: bool = False) -> T:
        """`whole`: several statements that must see one moment."""
        with self._errors():
            for again in range(TRIES):
                with self.pool.connection() as connection:
                    try:
                        if not whole:
                            return read(connection)
                        with _one_moment(connection):
                            return read(connection)
                    except psycopg.OperationalError as error:
                        if again == TRIES - 1 or not lost(error, connection):
                            raise
                # The others are gone too, where the database was away.
                self.pool.check()
        raise AssertionError("unreachable")

    # On the loop, in a thread of the store's own

    async def sessions_page(
        self,
        *,
        owner: str | None,
        limit: int,
        offset: int = 0,
        before: int | None = None,
        status: str | None = None,
        search: str | None = None,
        which: Which | None = None,
        seconds: float | None = None,
    ) -> SessionPage:
        def read(connection: Connection[Any]) -> SessionPage:
            with _within(connection, seconds):
                return sessions.page(
                    connection,
                    self.unreadable.note,
                    owner=owner,
                    limit=limit,
                    offset=offset,
                    before=before,
                    status=status,
                    search=search,
                    which=which,
                )

        return await self._scan(read, self.listers)

    async def changes(self, owner: str | None, after: Place, limit: int) -> ChangesPage:
        return await self._scan(
            lambda connection: changes.changes(
                connection, owner, after, limit, self.unreadable.note
            ),
            whole=True,
        )

    def changes_end(self) -> Place:
        return self._read(changes.end)

    def tombstones_removed(self, owner: str | None) -> int:
        return self._read(lambda connection: changes.removed(connection, owner))

    async def has_tombstones_before(self, at_ms: int) -> bool:
        return await self._scan(lambda connection: changes.any_before(connection, at_ms))

    async def in_status(self, statuses: Sequence[str]) -> list[SessionRecord]:
        return await self._scan(
            lambda connection: sessions.in_status(connection, statuses, self.unreadable.note),
            self.listers,
        )

    async def older_than(
        self, updated_at: int, limit: int, statuses: Sequence[str], after: str = ""
    ) -> list[str]:
        return await self._scan(
            lambda connection: retention.older_than(connection, updated_at, limit, statuses, after),
            self.listers,
        )

    async def old_events(self, before_ms: int, limit: int) -> list[DeleteEvents]:
        return await self._scan(
            lambda connection: retention.old_events(connection, before_ms, limit),
            self.listers,
        )

    async def old_threads(self, before_ms: int, limit: int, after: str = "") -> list[str]:
        return await self._scan(
            lambda connection: retention.old_threads(connection, before_ms, limit, after),
            self.listers,
        )

    async def expired(self, at_ms: int, limit: int, after: str = "") -> list[str]:
        return await self._scan(
            lambda connection: retention.expired(connection, at_ms, limit, after), self.listers
        )

    async def dues(self, limit: int, after: str = "") -> list[Due]:
        return await self._scan(
            lambda connection: retention.dues(connection, limit, after), self.listers
        )

    async def events(self, session_id: str, after: int, limit_bytes: int) -> list[EventRow]:
        return await self._scan(
            lambda connection: reading.events(connection, session_id, after, limit_bytes)
        )

    async def runs_page(
        self, session_id: str, *, limit: int, before: str | None = None
    ) -> list[RunRecord]:
        return await self._scan(
            lambda connection: reading.runs(connection, session_id, limit, before)
        )

    async def audit_page(
        self,
        *,
        limit: int,
        before: int | None = None,
        since_ms: int = 0,
        session_id: str | None = None,
    ) -> list[AuditRecord]:
        return await self._scan(
            lambda connection: reading.audit(
                connection, limit, before, since_ms, session_id, self.unreadable.note
            )
        )

    async def has_audit_before(self, at_ms: int) -> bool:
        return await self._scan(lambda connection: reading.has_audit_before(connection, at_ms))

    async def heads(self, session_ids: Sequence[str]) -> dict[str, Head]:
        return await self._scan(lambda connection: reading.heads(connection, session_ids))

    async def beside(self, session_id: str, id: str) -> bytes | None:
        return await self._scan(lambda connection: reading.beside(connection, session_id, id))

    async def _scan(
        self,
        read: Callable[[Connection[Any]], T],
        threads: ThreadPoolExecutor | None = None,
        *,
        whole: bool = False,
    ) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            threads or self.threads, partial(self._read, read, whole=whole)
        )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with told(self.soundness, self.what):
            try:
                yield
            except Unreadable as error:
                self.unreadable.note(error)
                raise

    def close(self) -> None:
        self.listers.shutdown(wait=True, cancel_futures=True)
        self.by_key.shutdown(wait=True, cancel_futures=True)
        self.threads.shutdown(wait=True, cancel_futures=True)
        self.pool.close()
        self.apart.close()
        self.writer.close()


@contextmanager
def _one_moment(connection: Connection[Any]) -> Iterator[None]:
    with connection.transaction():
        connection.execute(b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _within(connection: Connection[Any], seconds: float | None) -> Iterator[None]:
    """Statements together take no longer. Raises `TookTooLong`."""
    if seconds is None:
        yield
        return
    try:
        with connection.transaction():
            connection.execute(
                "SELECT set_config('statement_timeout', $1, true)",
                (str(max(1, round(seconds * 1000))),),
            )
            yield
    except errors.QueryCanceled:
        raise TookTooLong(seconds) from None
