"""A SQLite data directory, copied into an empty database: all of it, in one transaction, or nothing."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from filelock import FileLock, Timeout
from psycopg import Connection

from rpc.storage.decoding import SESSION, session_of
from rpc.storage.packing import unpacked, unpacked_value
from rpc.storage.postgres import copying_memory
from rpc.storage.postgres.connecting import connect, shown, with_defaults
from rpc.storage.postgres.migrations import migrate
from rpc.storage.postgres.texts import found_of, starts_of
from rpc.storage.sqlite.migrations import check_version
from rpc.storage.sqlite.quick_check import read_only
from rpc.storage.sqlite.tokens import TokenFile
from rpc.storage.store import StorageError
from rpc.storage.unreadable import Unreadable
from rpc.storage.writing import COLUMNS

SUSPENDED_SECONDS = 20.0
"""How long it may say nothing to the database, which ends it then."""

AT_ONCE = 500
"""Rows that are put by one statement: their values are less than the 65,535 that one may have."""

AT_ONCE_BYTES = 4_000_000

_RUNS = (
    "id, session_id, graph, status, owner, idempotency_key, created_at, started_at, ended_at, results,"
    " record"
)
_AS_THEY_ARE = {
    "runs": _RUNS,
    **{
        table: COLUMNS[table]
        for table in (
            "events",
            "event_values",
            "signals",
            "session_ttls",
            "aftermaths",
            "checkpoints",
            "channel_values",
            "task_writes",
        )
    },
    "audit": f"number, {COLUMNS['audit']}",
    "assistants": "id, owner, created_at, record",
}
"""Tables that both have, and their columns."""

_SESSIONS = (
    "number, id, graph, status, owner, created_at, updated_at, run_id, seq, first_seq, epoch, revision, bytes,"
    " digest, record, tags"
)
_TOKENS = "id, name, owner, scopes, digest, created_at, expires_at, revoked_at, used_at, made_by, revoked_by"


def copy(folder: Path, address: str, memories: Mapping[str, str]) -> dict[str, int]:
    """How many rows of what were copied. No server may use the directory. Raises `StorageError`.

    `memories`: the schemas, made already, that what graphs remember is copied into, by the file's name.
    """
    what = f"the database {shown(address)}"
    try:
        # Before the lock, which would make the folder.
        check_version(folder / "stepwire.db")
        with (
            FileLock(folder / "lock", timeout=0),
            closing(read_only(folder / "stepwire.db")) as old,
            connect(with_defaults(address)) as new,
        ):
            migrate(new, what)
            with new.transaction():
                return _copied(folder, old, new, what, memories)
    except Timeout as error:
        raise StorageError(f"a server uses {folder}; stop it first") from error
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        said = str(error).strip().partition("\n")[0]
        raise StorageError(
            f"{folder} could not be copied into {what}: {said}; nothing was"
        ) from error


def _copied(
    folder: Path,
    old: sqlite3.Connection,
    new: Connection[Any],
    what: str,
    memories: Mapping[str, str],
) -> dict[str, int]:
    new.execute("SELECT set_config('statement_timeout', '0', true)")
    # Nodes wait for its locks, also while it is suspended.
    new.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', $1, true)",
        (str(round(SUSPENDED_SECONDS * 1000)),),
    )
    new.execute("LOCK TABLE sessions IN EXCLUSIVE MODE")
    row = new.execute(
        "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM tokens)"
    ).fetchone()
    if row is None or row[0] or not copying_memory.is_empty(new, memories):
        raise StorageError(f"{what} has sessions, tokens or memories already; name an empty one")
    # One moment.
    old.execute("BEGIN")
    counted = {"sessions": _sessions(old, new)}
    for table, columns in _AS_THEY_ARE.items():
        order = "number" if table == "audit" else "rowid" if table != "signals" else "number"
        rows = old.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
        counted[table] = _put(new, table, columns, _unpacked(table, columns.split(", "), rows))
    for name, value in old.execute("SELECT name, value FROM secrets"):
        new.execute(
            "INSERT INTO secrets VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
    _put(
        new,
        "owner_queries",
        "owner, second, slot, queries",
        old.execute("SELECT owner, second, 0, queries FROM owner_queries"),
    )
    _changes(old, new)
    # Places in lists are by number: what comes next is behind what is there.
    for table in ("sessions", "audit"):
        new.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), coalesce(max(number), 0) + 1, false) FROM {table}".encode()
        )
    counted |= copying_memory.copied(folder, new, memories)
    tokens = TokenFile(folder)
    try:
        counted["tokens"] = _put(
            new,
            "tokens",
            _TOKENS,
            (
                (
                    one.id,
                    one.name,
                    one.owner,
                    msgspec.json.encode(one.scopes).decode(),
                    one.digest,
                    one.created_at,
                    one.expires_at,
                    one.revoked_at,
                    one.used_at,
                    one.made_by,
                    one.revoked_by,
                )
                for one in tokens.all()
            ),
        )
    finally:
        tokens.close()
    return counted


def _changes(old: sqlite3.Connection, new: Connection[Any]) -> None:
    """Who follows the changes has places in the order of another counter: they are told to read the sessions anew."""
    owners = old.execute(
        "SELECT owner FROM sessions UNION SELECT owner FROM session_tombstones UNION SELECT owner FROM tombstones_removed"
    ).fetchall()
    new.execute(
        "INSERT INTO tombstones_removed"
        " SELECT owner, pg_current_xact_id()::text::bigint FROM unnest($1::text[]) AS owner",
        ([row[0] for row in owners],),
    )


def _sessions(old: sqlite3.Connection, new: Connection[Any]) -> int:
    new.execute("CREATE TEMPORARY TABLE copied (id text, found text, starts text[]) ON COMMIT DROP")
    count = 0
    rows = old.execute(
        f"SELECT s.number, s.id, s.graph, s.status, s.owner, s.created_at, s.updated_at, s.run_id, b.bytes, s.tags, {SESSION}"
        " FROM sessions s LEFT JOIN session_bytes b ON b.session_id = s.id ORDER BY s.number"
    )
    while some := rows.fetchmany(1000):
        made: list[Sequence[Any]] = []
        texts: list[Sequence[Any]] = []
        for row in some:
            record, seq, epoch, revision, first_seq, id = row[10:]
            try:
                session = session_of(row[10:])
                found, starts = found_of(session), starts_of(session)
            except Unreadable:
                # It stays as it is, and is named where it is asked for.
                found, starts = id, []
            digest = hashlib.blake2b(found.encode(), digest_size=8).digest()
            numbers = (seq, first_seq, epoch, revision, row[8] or 0)
            made.append((*row[:8], *numbers, digest, record, msgspec.json.decode(row[9])))
            texts.append((id, found, starts))
        _put(new, "sessions", _SESSIONS, made)
        _put(new, "copied", "id, found, starts", texts)
        count += len(made)
    new.execute(
        "INSERT INTO session_texts (number, found, starts)"
        " SELECT s.number, c.found, c.starts FROM copied c JOIN sessions s ON s.id = c.id"
    )
    new.execute(
        "INSERT INTO owner_usage SELECT owner, 0, count(*), sum(bytes) FROM sessions GROUP BY owner"
    )
    return count


def _unpacked(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    """The rows as PostgreSQL keeps them, which packs by itself. What cannot be unpacked stays as it is, and is named where it is asked for."""
    if table not in ("runs", "events", "channel_values", "task_writes"):
        yield from rows
        return
    place = columns.index("record" if table == "runs" else "data")
    kind = columns.index("kind") if "kind" in columns else None
    for row in rows:
        values = list(row)
        with suppress(ValueError):
            if kind is None:
                values[place] = unpacked(values[place])
            else:
                values[kind], values[place] = unpacked_value(values[kind], values[place])
        yield values


def _put(new: Connection[Any], table: str, columns: str, rows: Iterable[Sequence[Any]]) -> int:
    """Neither by COPY nor in a pipeline: no time-out of PostgreSQL's ends those whose client is suspended."""
    count = 0
    for some in _portions(rows):
        values = iter(range(1, 1 + sum(map(len, some))))
        places = ", ".join(f"({', '.join(f'${next(values)}' for _ in row)})" for row in some)
        new.execute(
            f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {places}".encode(),
            [value for row in some for value in row],
        )
        count += len(some)
    return count


def _portions(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """The rows, some at a time."""
    some: list[Sequence[Any]] = []
    size = 0
    for row in rows:
        some.append(row)
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(some) == AT_ONCE or size > AT_ONCE_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some
