"""Schema 1: sessions, runs and events in one file, LangGraph's own SQLite saver's `checkpoints.db` beside it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

import msgspec
from msgspec import Struct

from rpc.storage.planning import Plan
from rpc.storage.records import LOCAL_OWNER
from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.statements import statements
from rpc.storage.sqlite.writing import Writing
from rpc.storage.store import StorageError
from rpc.storage.units import PutCheckpoint, PutTaskWrites, PutValue

CHECKPOINTS = "checkpoints.db"

ROWS = 500
"""About how many rows are written at once."""


class OldCheckpoint(Struct, frozen=True):
    """A checkpoint with all of its values, as LangGraph's SQLite saver stored it.

    `kind`: of the encoding of `data`, LangGraph's `Checkpoint`. `metadata`: JSON.
    """

    thread_id: str
    namespace: str
    checkpoint_id: str
    parent_id: str | None
    kind: str
    data: bytes
    metadata: bytes


Importer = Callable[[Iterable[OldCheckpoint]], Iterable[PutCheckpoint | PutValue]]
"""Makes rows of one namespace's checkpoints, oldest first. Raises `ValueError` on what it cannot read."""


def no_importer(checkpoints: Iterable[OldCheckpoint]) -> Iterable[PutCheckpoint | PutValue]:
    """For who has no LangGraph. Raises `ValueError` where there are checkpoints."""
    raise ValueError("they are LangGraph's, and nothing was given that reads them")


class _Session(Struct):
    """What is needed of a session's record."""

    graph: str
    run_id: str


class _Run(Struct):
    """What is needed of a run's record."""

    created_at: int


def to_schema_2(connection: sqlite3.Connection, file: Path, importer: Importer) -> None:
    """Everything into the tables of schema 2, in the open transaction. Raises `StorageError`, `sqlite3.Error`."""
    for index in ("sessions_created", "sessions_status", "runs_session", "runs_graph"):
        connection.execute(f"DROP INDEX IF EXISTS {index}")
    for table in ("sessions", "runs", "events"):
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    connection.execute("DROP TABLE IF EXISTS health")
    for statement in statements(TABLES):
        connection.execute(statement)
    _sessions(connection)
    _runs(connection)
    # When its events were made is not known: not after the session was touched last.
    connection.execute(
        "INSERT INTO events (session_id, last_seq, first_seq, at, data)"
        " SELECT e.session_id, e.last_seq, e.first_seq, s.updated_at, e.data"
        " FROM old_events e JOIN sessions s ON s.id = e.session_id"
        " ORDER BY e.session_id, e.last_seq"
    )
    for table in ("sessions", "runs", "events"):
        connection.execute(f"DROP TABLE old_{table}")
    checkpoints = file.with_name(CHECKPOINTS)
    if checkpoints.exists():
        with closing(sqlite3.connect(checkpoints, isolation_level=None)) as old:
            sessions = frozenset(row[0] for row in connection.execute("SELECT id FROM sessions"))
            _write(connection, _rows(old, sessions, importer))


def _sessions(connection: sqlite3.Connection) -> None:
    """Numbered in the order in which they were listed."""
    decode = msgspec.json.Decoder(_Session).decode
    rows = connection.execute(
        "SELECT id, status, name, query, created_at, updated_at, record,"
        " COALESCE((SELECT MAX(last_seq) FROM old_events WHERE session_id = old_sessions.id), 0)"
        " FROM old_sessions ORDER BY created_at, id"
    )
    for id, status, name, query, created_at, updated_at, record, seq in rows:
        session = decode(record)
        connection.execute(
            "INSERT INTO sessions (id, graph, status, name, query, created_at, updated_at, run_id,"
            " seq, record, owner) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                id,
                session.graph,
                status,
                name,
                query,
                created_at,
                updated_at,
                session.run_id,
                seq,
                record,
                LOCAL_OWNER,
            ),
        )


def _runs(connection: sqlite3.Connection) -> None:
    decode = msgspec.json.Decoder(_Run).decode
    rows = connection.execute(
        "SELECT id, session_id, graph, status, idempotency_key, started_at, ended_at, record"
        " FROM old_runs WHERE session_id IN (SELECT id FROM sessions) ORDER BY rowid"
    )
    for row in rows:
        connection.execute(
            "INSERT INTO runs (id, session_id, graph, status, idempotency_key, started_at, ended_at,"
            " record, created_at, owner) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (*row, decode(row[-1]).created_at, LOCAL_OWNER),
        )


def _rows(
    old: sqlite3.Connection, sessions: frozenset[str], importer: Importer
) -> Iterator[PutCheckpoint | PutValue | PutTaskWrites]:
    """Those of the sessions' threads; nothing would ever delete another."""
    checkpoints = (
        OldCheckpoint(*row)
        for row in old.execute(
            "SELECT thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint,"
            " metadata FROM checkpoints ORDER BY thread_id, checkpoint_ns, checkpoint_id"
        )
        if row[0] in sessions
    )
    for place, some in groupby(checkpoints, lambda one: (one.thread_id, one.namespace)):
        try:
            yield from importer(some)
        except ValueError as error:
            raise StorageError(
                f"the checkpoints of session {place[0]} cannot be brought to the new schema: {error}; "
                "nothing was changed, the version that made them still opens them"
            ) from error
    writes = old.execute(
        "SELECT thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value"
        " FROM writes ORDER BY thread_id, checkpoint_ns, checkpoint_id, task_id, task_path"
    )
    kept = (row for row in writes if row[0] in sessions)
    for task, of_task in groupby(kept, lambda row: row[:5]):
        thread_id, namespace, checkpoint_id, task_id, task_path = task
        yield PutTaskWrites(
            thread_id,
            namespace,
            checkpoint_id,
            task_id,
            task_path,
            # LangGraph's serialiser makes no bytes of None.
            [(*row[5:8], row[8] or b"") for row in of_task],
            again=True,
        )


def _write(
    connection: sqlite3.Connection, rows: Iterable[PutCheckpoint | PutValue | PutTaskWrites]
) -> None:
    some: list[PutCheckpoint | PutValue | PutTaskWrites] = []
    for row in rows:
        some.append(row)
        if len(some) == ROWS:
            _apply(connection, some)
            some = []
    _apply(connection, some)


def _apply(
    connection: sqlite3.Connection, rows: list[PutCheckpoint | PutValue | PutTaskWrites]
) -> None:
    Writing(connection, 0).apply(Plan([], list(rows), [], {}, set()))
