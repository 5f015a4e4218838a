"""Sessions, runs and events in one SQLite file (WAL), through aiosqlite.

One connection writes, another reads: a reader never waits for a commit (SQLite's write-ahead log,
https://www.sqlite.org/wal.html).
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
import anyio
import msgspec

from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import (
    DeleteSession,
    EventRow,
    PutRun,
    PutSession,
    SessionPage,
    StorageError,
    Write,
)

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    name TEXT,
    query TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_created ON sessions (created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS sessions_status ON sessions (status, created_at DESC);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    graph TEXT NOT NULL,
    status TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    started_at INTEGER,
    ended_at INTEGER,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS runs_session ON runs (session_id);
CREATE INDEX IF NOT EXISTS runs_graph ON runs (graph, status, ended_at DESC);
CREATE TABLE IF NOT EXISTS events (
    session_id TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (session_id, last_seq)
) STRICT;
CREATE TABLE IF NOT EXISTS health (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER) STRICT;
"""

_SEQ = "COALESCE((SELECT MAX(last_seq) FROM events WHERE session_id = s.id), 0)"

# JSON, since what a client sends is JSON: other encodings have bounds (of integers) that it has not.
_encoder = msgspec.json.Encoder()
_session_decoder = msgspec.json.Decoder(SessionRecord)
_run_decoder = msgspec.json.Decoder(RunRecord)


class SQLiteStorage:
    """`Storage` on one file. Open it with `open_storage`."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        # Commits only; used by one caller at a time (the event log's writer, or a health check).
        self.writer = writer
        # Everything that only reads.
        self.reader = reader
        # A commit is several statements; a health check must not fall between them.
        self.write_lock = anyio.Lock()
        self.read_lock = anyio.Lock()

    async def commit(self, writes: Sequence[Write], rows: Sequence[EventRow]) -> None:
        async with self.write_lock, _errors():
            try:
                await self.writer.execute("BEGIN IMMEDIATE")
                for statement, parameters in _statements(writes):
                    await self.writer.execute(statement, parameters)
                if rows:
                    await self.writer.executemany(
                        "INSERT INTO events (session_id, last_seq, first_seq, data) VALUES (?,?,?,?)",
                        [(row.session_id, row.last_seq, row.first_seq, row.data) for row in rows],
                    )
                await self.writer.execute("COMMIT")
            except BaseException:
                if self.writer.in_transaction:
                    await self.writer.execute("ROLLBACK")
                raise

    async def session(self, session_id: str) -> SessionRecord | None:
        row = await self._one(
            f"SELECT s.record, {_SEQ} FROM sessions s WHERE s.id = ?", (session_id,)
        )
        return _session(row) if row else None

    async def run(self, run_id: str) -> RunRecord | None:
        row = await self._one("SELECT record FROM runs WHERE id = ?", (run_id,))
        return _run_decoder.decode(row[0]) if row else None

    async def run_by_key(self, idempotency_key: str) -> RunRecord | None:
        row = await self._one(
            "SELECT record FROM runs WHERE idempotency_key = ?", (idempotency_key,)
        )
        return _run_decoder.decode(row[0]) if row else None

    async def sessions(
        self,
        *,
        limit: int,
        offset: int = 0,
        before: tuple[int, str] | None = None,
        status: str | None = None,
        search: str | None = None,
    ) -> SessionPage:
        where, parameters = ["1"], list[Any]()
        if status is not None:
            where.append("s.status = ?")
            parameters.append(status)
        if search:
            where.append(
                "(instr(lower(s.id), lower(?)) OR instr(lower(coalesce(s.name, '')), lower(?))"
                " OR instr(lower(coalesce(s.query, '')), lower(?)))"
            )
            parameters += [search] * 3
        condition = " AND ".join(where)
        counted = await self._one(f"SELECT count(*) FROM sessions s WHERE {condition}", parameters)
        if before is not None:
            condition += " AND (s.created_at, s.id) < (?, ?)"
            parameters += before
        rows = await self._all(
            f"SELECT s.record, {_SEQ}, r.record FROM sessions s"
            " JOIN runs r ON r.rowid = (SELECT max(rowid) FROM runs WHERE session_id = s.id)"
            f" WHERE {condition} ORDER BY s.created_at DESC, s.id DESC LIMIT ? OFFSET ?",
            [*parameters, limit, offset],
        )
        records = [(_session(row), _run_decoder.decode(row[2])) for row in rows]
        return SessionPage(records, counted[0] if counted else 0)

    async def in_status(self, statuses: Sequence[str]) -> list[SessionRecord]:
        marks = ",".join("?" * len(statuses))
        rows = await self._all(
            f"SELECT s.record, {_SEQ} FROM sessions s WHERE s.status IN ({marks})"
            " ORDER BY s.created_at, s.id",
            list(statuses),
        )
        return [_session(row) for row in rows]

    async def older_than(self, updated_at: int, limit: int) -> list[str]:
        rows = await self._all(
            "SELECT id FROM sessions WHERE updated_at < ? AND status NOT IN ('queued', 'running')"
            " LIMIT ?",
            (updated_at, limit),
        )
        return [row[0] for row in rows]

    async def events(self, session_id: str, after: int, limit_bytes: int) -> list[EventRow]:
        found: list[EventRow] = []
        size = 0
        async with self._read(
            "SELECT first_seq, last_seq, data FROM events WHERE session_id = ? AND last_seq > ?"
            " ORDER BY last_seq LIMIT 64",
            (session_id, after),
        ) as cursor:
            while size < limit_bytes and (row := await cursor.fetchone()) is not None:
                found.append(EventRow(session_id, row[0], row[1], row[2]))
                size += len(row[2])
        return found

    async def durations(self, graph: str, limit: int) -> list[int]:
        rows = await self._all(
            "SELECT ended_at - started_at FROM runs WHERE graph = ? AND status = 'completed'"
            " AND started_at IS NOT NULL ORDER BY ended_at DESC LIMIT ?",
            (graph, limit),
        )
        return [row[0] for row in rows]

    async def check(self) -> None:
        async with self.write_lock, _errors():
            await self.writer.execute(
                "INSERT OR REPLACE INTO health (id, at) VALUES (1, unixepoch())"
            )
        await self._one("SELECT at FROM health WHERE id = 1", ())

    async def close(self) -> None:
        await self.reader.close()
        await self.writer.close()

    async def _one(self, statement: str, parameters: Sequence[Any]) -> sqlite3.Row | None:
        async with self._read(statement, parameters) as cursor:
            return await cursor.fetchone()

    async def _all(self, statement: str, parameters: Sequence[Any]) -> list[sqlite3.Row]:
        async with self._read(statement, parameters) as cursor:
            return list(await cursor.fetchall())

    @asynccontextmanager
    async def _read(
        self, statement: str, parameters: Sequence[Any]
    ) -> AsyncIterator[aiosqlite.Cursor]:
        # One statement at a time: while one is open, all others of the connection see the snapshot it began
        # with, and a session committed since then would not be there.
        async with (
            self.read_lock,
            _errors(),
            self.reader.execute(statement, parameters) as cursor,
        ):
            yield cursor


@asynccontextmanager
async def open_storage(file: Path, synchronous: str) -> AsyncIterator[SQLiteStorage]:
    """The storage in `file`, made where missing.

    `synchronous`: `full` or `normal`. Raises `StorageError` when it cannot be opened, or was made by
    another version of Stepwire.
    """
    async with _errors():
        writer = await _connect(file, synchronous)
        try:
            await _migrate(writer, file)
            reader = await _connect(file, synchronous)
        except BaseException:
            await writer.close()
            raise
    storage = SQLiteStorage(writer, reader)
    try:
        yield storage
    finally:
        await storage.close()


async def _connect(file: Path, synchronous: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(file, isolation_level=None)
    try:
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute(f"PRAGMA synchronous = {synchronous}")
        await connection.execute("PRAGMA busy_timeout = 5000")
    except BaseException:
        await connection.close()
        raise
    return connection


async def _migrate(connection: aiosqlite.Connection, file: Path) -> None:
    async with connection.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    version = row[0] if row else 0
    if version not in (0, SCHEMA_VERSION):
        raise StorageError(
            f"{file} was made by another version of Stepwire (schema {version}, this one has "
            f"{SCHEMA_VERSION}); use another data directory"
        )
    await connection.executescript(f"{_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION};")


def _statements(writes: Sequence[Write]) -> list[tuple[str, tuple[Any, ...]]]:
    """Only the last state of each session and run is written: the others would be overwritten."""
    last: dict[tuple[type, str], tuple[str, tuple[Any, ...]]] = {}
    out: list[tuple[str, tuple[Any, ...]]] = []
    for write in writes:
        match write:
            case PutSession(record=session):
                last[(PutSession, session.id)] = (
                    "INSERT INTO sessions (id, status, name, query, created_at, updated_at, record)"
                    " VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET status = excluded.status,"
                    " name = excluded.name, query = excluded.query,"
                    " updated_at = excluded.updated_at, record = excluded.record",
                    (
                        session.id,
                        session.status,
                        session.name,
                        session.query,
                        session.created_at,
                        session.updated_at,
                        _encoder.encode(session),
                    ),
                )
            case PutRun(record=run):
                last[(PutRun, run.id)] = (
                    "INSERT INTO runs (id, session_id, graph, status, idempotency_key, started_at,"
                    " ended_at, record) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
                    " status = excluded.status, started_at = excluded.started_at,"
                    " ended_at = excluded.ended_at, record = excluded.record",
                    (
                        run.id,
                        run.session_id,
                        run.graph,
                        run.status,
                        run.idempotency_key,
                        run.started_at,
                        run.ended_at,
                        _encoder.encode(run),
                    ),
                )
            case DeleteSession(session_id=session_id):
                last.pop((PutSession, session_id), None)
                for table, column in (
                    ("sessions", "id"),
                    ("runs", "session_id"),
                    ("events", "session_id"),
                ):
                    out.append((f"DELETE FROM {table} WHERE {column} = ?", (session_id,)))
    return [*last.values(), *out]


def _session(row: sqlite3.Row) -> SessionRecord:
    return msgspec.structs.replace(_session_decoder.decode(row[0]), seq=row[1])


@asynccontextmanager
async def _errors() -> AsyncIterator[None]:
    """SQLite's own failures as `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"the database failed: {error}") from error
