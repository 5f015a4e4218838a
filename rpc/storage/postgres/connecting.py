"""Connections to PostgreSQL: how they are made, what holds for each of them, and what is said of the database.

psycopg is of the extra `stepwire[postgres]`: this package is imported where a database is named, and nowhere else.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from psycopg import AsyncConnection, Connection, ProgrammingError, RawCursor, errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, TupleRow, dict_row
from psycopg.types.numeric import Int8BinaryDumper
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from rpc.storage.store import StorageError

SCHEMA = "stepwire_sessions"
"""The schema that has all tables: beside whatever else is in the database.

No user has its name: what has the user's name comes first in the search path of all others, and plain LangGraph's tables are named as ours.
"""

DEFAULTS = {
    "application_name": "stepwire",
    "connect_timeout": "5",
    # A peer that is gone without a word is noticed within some ten seconds.
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""Of libpq, where the address does not say otherwise."""

STATEMENT_SECONDS = 30.0
"""How long a statement may take."""

LOCK_SECONDS = 5.0
"""How long another's lock is waited for."""

IDLE_SECONDS = 5.0
"""How long a transaction may be left open by a process that does not go on: its locks are others' then."""

WAIT_SECONDS = 2.0
"""How long a connection of the pool is waited for."""

UNREADABLE = "the database's address cannot be read: it is like postgresql://user@host:5432/name"

AWAY_SECONDS = 5.0
"""How long the pool tries to connect, again and again, before it waits for somebody who asks."""


def with_defaults(address: str) -> str:
    """libpq's connection string for an address: a URL or `host=… dbname=…`. Raises `StorageError` where it is none."""
    try:
        given = conninfo_to_dict(address)
        return make_conninfo(
            "", **{**DEFAULTS, **{k: v for k, v in given.items() if v is not None}}
        )
    except ProgrammingError:
        # libpq repeats what it was given, password and all.
        raise StorageError(UNREADABLE) from None


def named(conninfo: str, node_id: str) -> str:
    """`conninfo`, each of its connections known as that node's: to operators, and to nodes that end those of one that is dead."""
    name = str(conninfo_to_dict(conninfo).get("application_name") or "stepwire")
    # PostgreSQL cuts names off behind 63 bytes.
    return make_conninfo(conninfo, application_name=f"{name[: 62 - len(node_id)]} {node_id}")


def shown(address: str) -> str:
    """The address for logs and messages: where the database is, without a password."""
    try:
        given = conninfo_to_dict(address)
    except ProgrammingError:
        return "PostgreSQL"
    user = f"{given['user']}@" if given.get("user") else ""
    port = f":{given['port']}" if given.get("port") else ""
    return f"postgresql://{user}{given.get('host') or ''}{port}/{given.get('dbname') or ''}"


def within(address: str, schema: str | None) -> str:
    """The address of one schema of the database at `address`; as it is where None. Raises `StorageError`."""
    if schema is None:
        return address
    try:
        options = conninfo_to_dict(address).get("options") or ""
        name = schema.replace('"', '""')
        # In the server's options a backslash keeps a space in its word.
        path = re.sub(r"([\\\s])", r"\\\1", f'"{name}"')
        return make_conninfo(address, options=f"{options} -csearch_path={path}".strip())
    except ProgrammingError:
        raise StorageError(UNREADABLE) from None


def connect(conninfo: str) -> Connection[TupleRow]:
    """A connection of one's own, without transactions of psycopg's. Raises `psycopg.Error`."""
    connection = Connection.connect(conninfo, autocommit=True, cursor_factory=RawCursor)
    try:
        configure(connection)
    except BaseException:
        connection.close()
        raise
    return connection


class Pool(ConnectionPool[Connection[TupleRow]]):
    """Lets go of a connection on which nothing can be written: it may be to a server that was the first one before, or be of a time in
    which the database was only read; the next one is made as things are then."""

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[Connection[TupleRow]]:
        with super().connection(timeout) as connection:
            try:
                yield connection
            except errors.ReadOnlySqlTransaction:
                connection.close()
                raise


class AsyncPool(AsyncConnectionPool[AsyncConnection[DictRow]]):
    """As `Pool`."""

    @asynccontextmanager
    async def connection(
        self, timeout: float | None = None
    ) -> AsyncIterator[AsyncConnection[DictRow]]:
        async with super().connection(timeout) as connection:
            try:
                yield connection
            except errors.ReadOnlySqlTransaction:
                await connection.close()
                raise


def pool(conninfo: str, size: int) -> ConnectionPool[Connection[TupleRow]]:
    """Connections that are shared, at most `size`; not opened yet."""
    return Pool(
        conninfo,
        min_size=min(2, size),
        max_size=size,
        kwargs={"autocommit": True, "cursor_factory": RawCursor},
        configure=configure,
        timeout=WAIT_SECONDS,
        reconnect_timeout=AWAY_SECONDS,
        name="stepwire",
        open=False,
    )


def pool_within(
    conninfo: str, schema: str, size: int
) -> AsyncConnectionPool[AsyncConnection[DictRow]]:
    """Connections to another schema, as LangGraph's own stores use them; not opened yet, and made when they are needed."""

    async def configured(connection: AsyncConnection[DictRow]) -> None:
        settings = {**_bounds(), "search_path": f"{schema}, public"}
        for name, value in settings.items():
            await connection.execute("SELECT set_config(%s, %s, false)", (name, value))

    return AsyncPool(
        conninfo,
        min_size=0,
        max_size=size,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
        configure=configured,
        open=False,
    )


def configure(connection: Connection[Any]) -> None:
    """What holds for every connection of ours. Raises `psycopg.Error`."""
    # One width of all integers: a statement is prepared once, whatever its numbers are.
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.prepared_max = 500
    settings = {**_bounds(), "search_path": f"{SCHEMA}, public"}
    # What was told as kept must be on the disk; a stronger setting of the database's own stays.
    synchronous = connection.execute("SELECT current_setting('synchronous_commit')").fetchone()
    if synchronous is not None and synchronous[0] == "off":
        settings["synchronous_commit"] = "on"
    for name, value in settings.items():
        connection.execute("SELECT set_config($1, $2, false)", (name, value))


def _bounds() -> dict[str, str]:
    """What bounds a connection's waiting, as PostgreSQL's settings."""
    milliseconds = {
        "statement_timeout": STATEMENT_SECONDS,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    return {name: str(round(seconds * 1000)) for name, seconds in milliseconds.items()}
