"""A database looked through, row by row, without a write: also one that nodes use meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from psycopg import Connection, RawServerCursor

from rpc.storage import examining
from rpc.storage.examining import CheckValue, Finding, Rows, finding
from rpc.storage.postgres.connecting import connect, shown, with_defaults
from rpc.storage.postgres.migrations import check, version_of
from rpc.storage.store import StorageError

FETCHED = 200
"""How many rows come over at once: each may have a large value."""


def examine(address: str, check_value: CheckValue) -> Iterator[Finding]:
    """Look at everything of Stepwire's in a database, as far as it can be looked at. Raises `StorageError` where `address` is none."""
    where = shown(address)
    conninfo = with_defaults(address)
    try:
        connection = connect(conninfo)
    except psycopg.Error as error:
        yield finding("database", where, [f"it cannot be reached: {_said(error)}"])
        return
    with closing(connection):
        try:
            yield _database(connection, where)
            version = version_of(connection)
            yield _version(connection, where)
            if not version.schema:
                return
        except psycopg.Error as error:
            yield finding("schema", "cannot be looked at", [_said(error)])
            return
        store = _Database(connection)
        for name, look in {**examining.looks(check_value), "searches": _searches}.items():
            yield _looked(name, look, store)


def _looked(name: str, look: Callable[[Rows], Finding], store: Rows) -> Finding:
    """A look that a damaged page, or a table that is gone, may end."""
    try:
        return look(store)
    except psycopg.Error as error:
        return finding(name, "cannot be read to the end", [_said(error)])


def _said(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _database(connection: Connection[Any], where: str) -> Finding:
    row = connection.execute(
        "SELECT current_setting('server_version'), pg_database_size(current_database()), pg_is_in_recovery(),"
        " current_setting('default_transaction_read_only'), current_setting('fsync'), current_setting('full_page_writes')"
    ).fetchone()
    assert row is not None
    version, size, standby, read_only, fsync, full_pages = row
    problems: list[str] = []
    if standby or read_only == "on":
        problems.append("it takes no writes: a standby, or set to be read only")
    problems += [
        f"{name} is off: a crash of its machine may damage what it has"
        for name, value in (("fsync", fsync), ("full_page_writes", full_pages))
        if value == "off"
    ]
    return finding("database", f"{where}, PostgreSQL {version}, {size / 1e6:.1f} MB", problems)


def _version(connection: Connection[Any], where: str) -> Finding:
    found = version_of(connection)
    try:
        check(found, f"the database {where}")
    except StorageError as error:
        return finding("schema", str(found.schema), [str(error)])
    return finding("schema", str(found.schema), [])


def _searches(store: Rows) -> Finding:
    """A session without its texts is found by no search."""
    with store.moment():
        problems = [
            f"session {row[0]} is found by no search: it has no texts"
            for row in store.rows(
                "SELECT s.id FROM sessions s LEFT JOIN session_texts t ON t.number = s.number WHERE t.number IS NULL"
            )
        ]
    return finding("searches", "sessions have their texts", problems)


class _Database:
    """See `Rows`."""

    counted = "SELECT coalesce(sum(sessions), 0)::bigint FROM owner_usage"

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection

    def rows(self, statement: str, *parameters: str) -> Iterator[Sequence[Any]]:
        with RawServerCursor(self.connection, "looked") as cursor:
            cursor.itersize = FETCHED
            yield from cursor.execute(
                statement.replace("?", "$1").encode(), parameters, binary=True
            )

    @contextmanager
    def moment(self) -> Iterator[None]:
        with self.connection.transaction():
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # It is looked at while it is read, which takes as long as it takes.
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                self.connection.execute("SELECT set_config($1, '0', true)", (name,))
            yield
