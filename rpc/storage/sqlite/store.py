"""`Store` on one SQLite file (WAL): one connection writes, others read.

A reader never waits for a commit (SQLite's write-ahead log, https://www.sqlite.org/wal.html). What is read by its key
is read where it is asked for, which takes less than a change of threads; what may read much goes to a thread.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from rpc.clock import now_ms
from rpc.storage.planning import Head, Plan, Times, plan
from rpc.storage.records import Assistant, AuditRecord, Due, RunRecord, SessionRecord, Ttl
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite import changes, outlines, reading, retention, sessions, usage
from rpc.storage.sqlite.faults import told
from rpc.storage.sqlite.migrations import check_version, migrate
from rpc.storage.sqlite.recent import Recent
from rpc.storage.sqlite.schema_1 import Importer, no_importer
from rpc.storage.sqlite.searching import Counts
from rpc.storage.sqlite.writing import Writing
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
from rpc.storage.units import DeleteEvents, Outcome, Refused, Unit
from rpc.storage.unreadable import Unreadable, Unreadables

LOG_BYTES = 4 * 1024 * 1024
"""How large the write-ahead log may stay once it is brought into the database."""

FILES = {
    "": "the database",
    "-wal": "the database's log",
    "-shm": "the index of the database's log",
}
"""The files of a database, by the end of their names."""

READERS = 2
"""Threads for what may read much."""

LISTERS = 2
"""Threads for what may look through all sessions: whoever waits for events waits for none of it."""

SCAN_CACHE_KB = 512
"""What each of these threads keeps of the file: what it looks through once need not stay in memory, the system has it too."""

STEPS = 10_000
"""Steps of SQLite's between two looks at the clock: less than a millisecond."""

T = TypeVar("T")
P = ParamSpec("P")

_OWN_FAULTS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    # Of what is encoded: a number, a text or a depth that JSON, UTF-8 or SQLite cannot hold.
    OverflowError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What a unit's own values can be wrong with; everything else is the store's failure."""

_TAKEN = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


class SQLiteStore:
    """`Store` in `file`, made where missing, migrated where older.

    `synchronous`: `full` or `normal`. `importer`: what reads the checkpoints of schema 1, which are LangGraph's;
    without it a database of that schema is not opened. `soundness`: where a fault that lasts is noted. `only_reads`: beside a server that uses it; it must be there, and of
    this version's schema. Raises `StorageError` when it cannot be opened.
    """

    def __init__(
        self,
        file: Path,
        synchronous: str,
        importer: Importer = no_importer,
        *,
        only_reads: bool = False,
        soundness: Soundness | None = None,
    ) -> None:
        self.file = file
        self.synchronous = synchronous
        self.soundness = Soundness(file.parent) if soundness is None else soundness
        self.what = f"the database {file}"
        with self._errors():
            if only_reads:
                check_version(file)
            else:
                migrate(file, synchronous, importer)
            self.writer = self._connect()
            self.times = Times()
            try:
                # One for the thread that opens the store, which is the server's, and one for all others: it waits for none.
                self.reader, self.other_reader = self._connect(), self._connect()
                # All are of the files that are kept below, whatever stands there later.
                self.connections = [self._connect() for _ in range(READERS + LISTERS)]
                for connection in self.connections:
                    connection.execute(f"PRAGMA cache_size = -{SCAN_CACHE_KB}")
                for connection in (self.writer, self.reader, self.other_reader, *self.connections):
                    # The log and its index are opened by the first read.
                    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
            except BaseException:
                self.writer.close()
                raise
        for ending, name in FILES.items():
            self.soundness.keep(Path(f"{file}{ending}"), name)
        # At each commit: where it went, and whether nobody else may write there.
        self.looked_at = (str(file), f"{file}-wal", str(file.with_name("lock")))
        self.home = threading.get_ident()
        # Each is used by one thread at a time.
        self.read_lock, self.other_lock = threading.Lock(), threading.Lock()
        self.recent = Recent()
        self.unreadable = Unreadables()
        self.counts = Counts()
        self.own = threading.local()
        # One for each thread of the two pools, in the order in which they begin.
        unused = iter(self.connections)
        self.threads = ThreadPoolExecutor(READERS, "stepwire-reader", self._begin, (unused,))
        self.listers = ThreadPoolExecutor(LISTERS, "stepwire-lister", self._begin, (unused,))

    def _connect(self) -> sqlite3.Connection:
        return connect(self.file, self.synchronous)

    # The line's thread

    def write(self, units: Sequence[Unit]) -> list[Outcome]:
        if self.soundness.fault is not None:
            raise self.soundness.fault
        with self._errors():
            try:
                outcomes = self._write(units)
            except _OWN_FAULTS:
                # Somebody's values: find out whose, each by itself.
                outcomes = self._write_apart(units)
        # After it was committed, and before anybody is told.
        self.soundness.verify(self.looked_at)
        self.soundness.unclear = 0
        return outcomes

    def _write(self, units: Sequence[Unit]) -> list[Outcome]:
        with self._transaction():
            planned = self._planned(units)
            empty = reading.without_thread(self.writer, planned.created)
            self._apply(planned)
            self.recent.commits(planned)
        self.counts.changed(self.recent.committed(planned, empty))
        return planned.outcomes

    def _write_apart(self, units: Sequence[Unit]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        done: list[Plan] = []
        with self._transaction():
            for unit in units:
                self.writer.execute("SAVEPOINT unit")
                try:
                    planned = self._planned([unit])
                    self._apply(planned)
                    outcomes += planned.outcomes
                    done.append(planned)
                except _OWN_FAULTS as error:
                    self.writer.execute("ROLLBACK TO unit")
                    outcomes.append(_refused(error))
                self.writer.execute("RELEASE unit")
            for planned in done:
                self.recent.commits(planned)
        for planned in done:
            self.counts.changed(self.recent.committed(planned))
        return outcomes

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.writer.execute("COMMIT")
        except BaseException:
            # SQLite ends it by itself where the disk fails.
            if self.writer.in_transaction:
                self.writer.execute("ROLLBACK")
            raise

    def _planned(self, units: Sequence[Unit]) -> Plan:
        names = {unit.session_id for unit in units if unit.session_id is not None}
        return plan(units, reading.heads(self.writer, list(names)) if names else {}, self.times)

    def _apply(self, planned: Plan) -> None:
        Writing(self.writer, now_ms()).apply(planned)

    # Any thread

    def session(self, session_id: str, owner: str | None = None) -> SessionRecord | None:
        kept = self.recent.session(session_id)
        if kept is not None and owner in (None, kept.owner):
            return kept
        # Somebody else's takes the time that one takes which is not there.
        return self._read(lambda connection: reading.session(connection, session_id, owner))

    def run(self, run_id: str) -> RunRecord | None:
        kept = self.recent.run(run_id)
        return kept or self._read(lambda connection: reading.run(connection, run_id))

    @property
    def shared(self) -> bool:
        return False

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
        return self._read(lambda connection: sessions.active(connection, owner))

    def usage(self, owner: str, since_second: int) -> OwnerUsage:
        return self._read(lambda connection: usage.usage(connection, owner, since_second))

    def secret(self, name: str) -> bytes:
        return self._read(lambda connection: reading.secret(connection, name))

    def signals(self, session_id: str, after: int = 0) -> list[SignalRow]:
        return self._read(lambda connection: reading.signals(connection, session_id, after))

    async def read(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # Microseconds, most times from memory: a thread would take longer.
        return what(*args, **kwargs)

    def hits(self, session_id: str) -> None:
        return None

    def durations(self, owner: str, graph: str, limit: int) -> list[int]:
        return self._read(lambda connection: reading.durations(connection, owner, graph, limit))

    def status_counts(self) -> dict[str, int]:
        return self._read(
            lambda connection: dict(
                connection.execute(
                    "SELECT status, sum(sessions) FROM session_counts GROUP BY status"
                ).fetchall()
            )
        )

    def results_of(self, session_id: str) -> list[str]:
        return self._read(lambda connection: reading.results_of(connection, session_id))

    def checkpoint(
        self, thread_id: str, namespace: str, checkpoint_id: str | None = None
    ) -> StoredCheckpoint | None:
        known = self.recent.checkpoint(thread_id, namespace)
        if known is not None and checkpoint_id in (None, known.checkpoint_id):
            return known.stored()
        if checkpoint_id is not None:
            return self._read(
                lambda connection: reading.checkpoint(
                    connection, thread_id, namespace, checkpoint_id
                )
            )
        token = self.recent.begin_reading(thread_id, namespace)
        found, whole = None, False
        try:
            found, whole = self._read(
                lambda connection: reading.newest(connection, thread_id, namespace)
            )
        finally:
            self.recent.end_reading(token, found, whole)
        return found

    def checkpoints(
        self,
        thread_id: str | None,
        namespace: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[StoredCheckpoint]:
        return self._read(
            lambda connection: reading.checkpoints(connection, thread_id, namespace, before, limit)
        )

    def outlines(self, thread_id: str) -> list[CheckpointOutline]:
        return self._read(lambda connection: outlines.outlines(connection, thread_id))

    def checkpoints_of_runs(self, run_ids: Sequence[str]) -> list[tuple[str, str, str]]:
        return self._read(lambda connection: outlines.of_runs(connection, run_ids))

    def _read(self, read: Callable[[sqlite3.Connection], T]) -> T:
        if threading.get_ident() == self.home:
            with self.read_lock, self._errors():
                return read(self.reader)
        with self.other_lock, self._errors():
            return read(self.other_reader)

    # On the loop, in a thread of the store's own

    async def heads(self, session_ids: Sequence[str]) -> dict[str, Head]:
        return await self._scan(lambda connection: reading.heads(connection, list(session_ids)))

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
        def read(connection: sqlite3.Connection) -> SessionPage:
            with _within(connection, seconds):
                return sessions.page(
                    connection,
                    self.counts,
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
            )
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

    async def beside(self, session_id: str, id: str) -> bytes | None:
        return await self._scan(lambda connection: reading.beside(connection, session_id, id))

    async def _scan(
        self, read: Callable[[sqlite3.Connection], T], threads: ThreadPoolExecutor | None = None
    ) -> T:
        def work() -> T:
            with self._errors():
                return read(self.own.connection)

        return await asyncio.get_running_loop().run_in_executor(threads or self.threads, work)

    def _begin(self, unused: Iterator[sqlite3.Connection]) -> None:
        """In a thread of the two pools, before its first work."""
        self.own.connection = next(unused)

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
        self.threads.shutdown(wait=True, cancel_futures=True)
        for connection in (*self.connections, self.reader, self.other_reader, self.writer):
            connection.close()


def connect(file: Path, synchronous: str) -> sqlite3.Connection:
    """A connection in WAL mode, without transactions of Python's own. Raises `sqlite3.Error`."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA busy_timeout = 5000")
        (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_BYTES // page_bytes}")
        # While somebody reads, the log grows; it need not stay so large.
        connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _within(connection: sqlite3.Connection, seconds: float | None) -> Iterator[None]:
    """Interrupt what the connection does once it takes longer. Raises `TookTooLong`."""
    if seconds is None:
        yield
        return
    ends = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TookTooLong(seconds) from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _refused(error: Exception) -> Refused:
    """What is wrong with a unit's own values."""
    taken = isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorname in _TAKEN
    return Refused("conflict" if taken else "invalid", str(error))
