"""The schema of a database: made where missing, brought forward where older. Forward only, numbered, additive.

One node at a time, under an advisory lock, in one transaction; nodes of before go on beside it, where the new schema says that
they can. A node that is too old for what it finds says so, and does not start; one that runs finds it when it says that it lives, and ends.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import psycopg
from psycopg import Connection

from rpc.storage.postgres.connecting import SCHEMA
from rpc.storage.postgres.line_schema import line_of_jobs
from rpc.storage.postgres.schema import (
    AFTERMATHS,
    ASSISTANTS,
    CHANGES,
    COMMITS,
    COMPATIBLE,
    FOREIGN,
    HELD,
    LIVE_HITS,
    LZ4,
    NAMES,
    RENUMBERED,
    TABLES,
    TRIGRAMS,
    TTLS,
    VERSION,
)
from rpc.storage.store import StorageError

log = logging.getLogger("stepwire.storage")

LOCK = 0x53746570776972
"""The advisory lock of those who change the schema."""

BEFORE = "stepwire"
"""The schema that had the tables: users of this name had it first in their search path, and plain LangGraph's tables in it."""

OLDEST = 140000
"""PostgreSQL 14."""


class Version(msgspec.Struct, frozen=True):
    """Of a database: its schema's, and the oldest one whose nodes can work on it. 0 where there is none."""

    schema: int = 0
    compatible: int = 0


def _tables(connection: Connection[Any]) -> None:
    """Schema 1."""
    connection.execute(TABLES.encode())
    _trigrams(connection)
    for table, column in LZ4:
        with suppress(psycopg.Error), connection.transaction():
            connection.execute(f"ALTER TABLE {table} ALTER {column} SET COMPRESSION lz4".encode())


def _assistants(connection: Connection[Any]) -> None:
    """Schema 2."""
    connection.execute(ASSISTANTS.encode())


def _changes(connection: Connection[Any]) -> None:
    """Schema 4."""
    connection.execute(CHANGES.encode())


def _live_hits(connection: Connection[Any]) -> None:
    """Schema 5."""
    connection.execute(LIVE_HITS.encode())


def _held(connection: Connection[Any]) -> None:
    """Schema 6."""
    connection.execute(HELD.encode())


def _ttls(connection: Connection[Any]) -> None:
    """Schema 7."""
    connection.execute(TTLS.encode())


def _names(connection: Connection[Any]) -> None:
    """Schema 8."""
    connection.execute(NAMES.encode())


def _aftermaths(connection: Connection[Any]) -> None:
    """Schema 9."""
    connection.execute(AFTERMATHS.encode())


def _commits(connection: Connection[Any]) -> None:
    """Schema 10."""
    connection.execute(COMMITS.encode())


STEPS: dict[int, Callable[[Connection[Any]], None]] = {
    0: _tables,
    1: _assistants,
    2: line_of_jobs,
    3: _changes,
    4: _live_hits,
    5: _held,
    6: _ttls,
    7: _names,
    8: _aftermaths,
    9: _commits,
}
"""What brings a schema to the next, in an open transaction. A step only adds: nodes of the version before go on beside it."""


def version_of(connection: Connection[Any]) -> Version:
    """The database's. Raises `psycopg.Error`."""
    if not _is_there(connection, SCHEMA):
        return Version()
    return newest(connection)


def newest(connection: Connection[Any]) -> Version:
    """The database's, where it has one. Raises `psycopg.Error`."""
    row = connection.execute(
        f"SELECT schema, compatible FROM {SCHEMA}.versions ORDER BY schema DESC LIMIT 1".encode()
    ).fetchone()
    return Version() if row is None else Version(*row)


def outdated(found: Version, what: str) -> str | None:
    """Why this version of Stepwire is too old for such a database; None where it is not."""
    if found.compatible <= VERSION:
        return None
    return (
        f"{what} was brought to schema {found.schema} by a newer version of Stepwire, which needs schema {found.compatible} or "
        f"newer of all its nodes; this one has {VERSION}: use the newer version"
    )


def check(found: Version, what: str) -> None:
    """Raises `StorageError` where this version of Stepwire cannot work on such a database, or not before `migrate`."""
    if (why := outdated(found, what)) is not None:
        raise StorageError(why)
    if found.schema < VERSION:
        raise StorageError(
            f"{what} has "
            + (f"schema {found.schema}" if found.schema else "no tables of Stepwire's")
            + f", and this version of Stepwire {VERSION}: `stepwire db upgrade` brings it there, as does a server when it starts"
        )


def migrate(connection: Connection[Any], what: str) -> Version:
    """Bring the database to this version's schema; what it was. Raises `StorageError`, `psycopg.Error`."""
    check_server(connection, what)
    found = version_of(connection)
    if found.schema == 0 and _is_there(connection, BEFORE):
        found = _moved(connection, what)
    if found.schema < VERSION:
        with connection.transaction():
            _alone(connection)
            found = version_of(connection)
            if found.schema < VERSION:
                _forward(connection, found.schema, what)
    check(version_of(connection), what)
    if _is_of_another_server(connection):
        with connection.transaction():
            _alone(connection)
            if _is_of_another_server(connection):
                log.info(
                    "%s was restored from a backup: the changes of its sessions are numbered anew",
                    what,
                )
                connection.execute(RENUMBERED.encode())
    return found


def _is_of_another_server(connection: Connection[Any]) -> bool:
    """Whether changes have numbers that this PostgreSQL has given no transaction yet: nobody would see them."""
    row = connection.execute(FOREIGN.encode()).fetchone()
    return row is not None and bool(row[0])


def check_server(connection: Connection[Any], what: str) -> None:
    """Raises `StorageError` where PostgreSQL is too old, or the database is not in UTF-8."""
    if connection.info.server_version < OLDEST:
        raise StorageError(
            f"{what} is PostgreSQL {connection.info.server_version // 10000}; Stepwire needs {OLDEST // 10000} or newer"
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StorageError(
            f"{what} keeps texts as {encoding}; Stepwire needs a database in UTF8: CREATE DATABASE … ENCODING 'UTF8'"
        )


def _alone(connection: Connection[Any]) -> None:
    """In the open transaction: whoever comes second waits, and finds it done."""
    connection.execute("SELECT set_config('lock_timeout', '60000', true)")
    connection.execute("SELECT set_config('statement_timeout', '0', true)")
    connection.execute("SELECT pg_advisory_xact_lock($1)", (LOCK,))


def _is_there(connection: Connection[Any], schema: str) -> bool:
    row = connection.execute("SELECT to_regclass($1)", (f"{schema}.versions",)).fetchone()
    return row is not None and row[0] is not None


def _moved(connection: Connection[Any], what: str) -> Version:
    """Bring the tables to their schema of today; their version."""
    with connection.transaction():
        _alone(connection)
        if not _is_there(connection, SCHEMA) and _is_there(connection, BEFORE):
            log.info("the tables in %s go from the schema %s to %s", what, BEFORE, SCHEMA)
            connection.execute(f"ALTER SCHEMA {BEFORE} RENAME TO {SCHEMA}".encode())
    return version_of(connection)


def _forward(connection: Connection[Any], schema: int, what: str) -> None:
    log.info("bringing %s from schema %d to %d", what, schema, VERSION)
    if schema == 0:
        try:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {SCHEMA}.versions"
                " (schema int PRIMARY KEY, compatible int NOT NULL, at timestamptz NOT NULL DEFAULT now())".encode()
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise StorageError(
                f"{what} has no tables of Stepwire's, and this user may not make them: run `stepwire db upgrade` as its owner"
            ) from error
    for step in range(schema, VERSION):
        STEPS[step](connection)
        connection.execute(
            f"INSERT INTO {SCHEMA}.versions (schema, compatible) VALUES ($1, $2)".encode(),
            (step + 1, min(COMPATIBLE, step + 1)),
        )


def _trigrams(connection: Connection[Any]) -> None:
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
            connection.execute(TRIGRAMS)
    except psycopg.Error as error:
        log.warning(
            "searches of sessions read all their texts: there is no extension pg_trgm (%s)",
            str(error).strip().partition("\n")[0],
        )
