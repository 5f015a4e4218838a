"""Threads in the tables of `langgraph-checkpoint-postgres`, wherever an address puts them: read whole, and written whole.

They are LangGraph's: its own saver makes them, and finds them by the connection's search path. That is left as it is, so that they are where
whoever uses that address finds them, unless a schema is named.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, errors

from rpc.storage.postgres.connecting import SCHEMA, shown, with_defaults
from rpc.storage.store import StorageError
from rpc.storage.thread_rows import ThreadCheckpoint, ThreadRows, ThreadValue, ThreadWrite

TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")


@contextmanager
def _connected(address: str) -> Iterator[Connection[tuple[Any, ...]]]:
    """Raises `StorageError`."""
    what = f"the database {shown(address)}"
    try:
        with psycopg.connect(with_defaults(address)) as connection:
            yield connection
    except (errors.UndefinedTable, errors.UndefinedColumn) as error:
        raise StorageError(
            f"{what} has not the tables of langgraph-checkpoint-postgres 3.x, or not in this search path ({_said(error)}); "
            "`PostgresSaver.setup()` makes them, or brings older ones up"
        ) from error
    except psycopg.Error as error:
        raise StorageError(f"{what} failed: {_said(error)}") from error


def check_place(address: str) -> None:
    """Raises `StorageError` where LangGraph's tables cannot be: there is no such schema, or it is that of Stepwire's own."""
    with _connected(address) as connection:
        row = connection.execute(
            "SELECT current_schema(), current_setting('search_path'), relnamespace::regnamespace::text"
            " FROM (SELECT to_regclass('checkpoints') AS found) f LEFT JOIN pg_class ON oid = found"
        ).fetchone()
    assert row is not None
    first, path, holds = row
    if first is None:
        raise StorageError(
            f"the database {shown(address)} has no schema of the search path {path}: make it (CREATE SCHEMA), or name another (--schema)"
        )
    if SCHEMA in (first, holds):
        raise StorageError(
            f"the search path {path} of {shown(address)} leads to Stepwire's own tables, which are no threads of plain LangGraph's: "
            "name the schema of LangGraph's (--schema)"
        )


def _said(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def read(address: str, thread_id: str) -> ThreadRows:
    """All of a thread as it is at one moment; without any row where there is none. Raises `StorageError`."""
    with _connected(address) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        checkpoints = connection.execute(
            "SELECT checkpoint_ns, checkpoint_id, parent_checkpoint_id, convert_to(checkpoint::text, 'UTF8'),"
            " convert_to(metadata::text, 'UTF8') FROM checkpoints WHERE thread_id = %s ORDER BY checkpoint_id",
            (thread_id,),
        ).fetchall()
        values = connection.execute(
            "SELECT checkpoint_ns, channel, version, type, blob FROM checkpoint_blobs WHERE thread_id = %s",
            (thread_id,),
        ).fetchall()
        writes = connection.execute(
            "SELECT checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, coalesce(type, ''), blob"
            " FROM checkpoint_writes WHERE thread_id = %s ORDER BY checkpoint_id, task_path, task_id, idx",
            (thread_id,),
        ).fetchall()
        return ThreadRows(
            [ThreadCheckpoint(*row) for row in checkpoints],
            [ThreadValue(*row) for row in values],
            [ThreadWrite(*row) for row in writes],
        )


def write(address: str, thread_id: str, parts: Iterable[ThreadRows], *, replaces: bool) -> int:
    """Write a thread in one transaction; how many checkpoints it has.

    `replaces`: one that is there is replaced. Raises `StorageError`, also where one is there and is not to be replaced;
    what `parts` raises leaves the database as it was.
    """
    count = 0
    with _connected(address) as connection:
        # Of two who write one thread the second waits, and then finds it there.
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (thread_id,))
        there = connection.execute(
            "SELECT 1 FROM checkpoints WHERE thread_id = %s LIMIT 1", (thread_id,)
        ).fetchone()
        if there is not None and not replaces:
            raise StorageError(
                f"the database {shown(address)} has a thread {thread_id!r} already; --replace replaces it, --as names another"
            )
        for table in TABLES:
            connection.execute(f"DELETE FROM {table} WHERE thread_id = %s".encode(), (thread_id,))
        with connection.cursor() as cursor:
            for part in parts:
                count += len(part.checkpoints)
                _write(cursor, thread_id, part)
    return count


def _write(cursor: psycopg.Cursor[Any], thread_id: str, part: ThreadRows) -> None:
    cursor.executemany(
        "INSERT INTO checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            (thread_id, one.namespace, one.channel, one.version, one.kind, one.data)
            for one in part.values
        ],
    )
    cursor.executemany(
        "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)"
        " VALUES (%s, %s, %s, %s, convert_from(%s, 'UTF8')::jsonb, convert_from(%s, 'UTF8')::jsonb)",
        [
            (
                thread_id,
                one.namespace,
                one.checkpoint_id,
                one.parent_id,
                one.checkpoint,
                one.metadata,
            )
            for one in part.checkpoints
        ],
    )
    cursor.executemany(
        "INSERT INTO checkpoint_writes"
        " (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, blob)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (
                thread_id,
                one.namespace,
                one.checkpoint_id,
                one.task_id,
                one.task_path,
                one.position,
                one.channel,
                one.kind,
                one.data,
            )
            for one in part.writes
        ],
    )
