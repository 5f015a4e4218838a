"""What graphs remember over sessions, copied from LangGraph's store in a SQLite file into its store in a schema of a database.

The tables there are made before, by that store; both keep namespaces as texts, values as JSON, and vectors of what is found by meaning.
"""

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection, errors

from rpc.storage.sqlite.quick_check import read_only
from rpc.storage.store import StorageError


def is_empty(new: Connection[Any], schemas: Mapping[str, str]) -> bool:
    """Whether none of these schemas remembers anything. Raises `psycopg.Error`."""
    for schema in schemas.values():
        found = new.execute(f"SELECT 1 FROM {schema}.store LIMIT 1".encode()).fetchone()
        if found is not None:
            return False
    return True


def copied(folder: Path, new: Connection[Any], schemas: Mapping[str, str]) -> dict[str, int]:
    """How many memories, and vectors of them, were copied. `schemas`: by the file's name.

    Vectors only where the schema has a table of them. Raises `StorageError`, `psycopg.Error`, `sqlite3.Error`.
    """
    counted = {"memories": 0, "vectors of memories": 0}
    for name, schema in schemas.items():
        with closing(read_only(folder / name)) as old:
            tables = {
                row[0] for row in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if "store" not in tables:
                continue
            # Its triggers, which count what is kept, look for their tables there.
            with _within(new, schema):
                counted["memories"] += _items(old, new)
                there = new.execute("SELECT to_regclass('store_vectors')").fetchone()
                if "store_vectors" in tables and there is not None and there[0] is not None:
                    counted["vectors of memories"] += _vectors(old, new)
    return counted


@contextmanager
def _within(new: Connection[Any], schema: str) -> Iterator[None]:
    before = new.execute("SELECT current_setting('search_path')").fetchone()
    set_path = "SELECT set_config('search_path', $1, false)"
    new.execute(set_path, (f"{schema}, public",))
    yield
    new.execute(set_path, before)


def _items(old: sqlite3.Connection, new: Connection[Any]) -> int:
    count = 0
    insert = (
        b"INSERT INTO store (prefix, key, value, created_at, updated_at, expires_at, ttl_minutes)"
        b" VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    for prefix, key, value, created, updated, expires, minutes in old.execute(
        "SELECT prefix, key, value, created_at, updated_at, expires_at, ttl_minutes FROM store ORDER BY rowid"
    ):
        text = value.decode() if isinstance(value, bytes) else value
        times = (_time(created), _time(updated), _time(expires))
        try:
            new.execute(insert, (prefix, key, text, *times, minutes))
        except errors.DataError as error:
            said = str(error).strip().partition("\n")[0]
            raise StorageError(
                f"PostgreSQL cannot keep what is remembered in {prefix!r} as {key!r}: {said}; change or delete it, and try again"
            ) from error
        count += 1
    return count


def _vectors(old: sqlite3.Connection, new: Connection[Any]) -> int:
    count = 0
    insert = (
        b"INSERT INTO store_vectors (prefix, key, field_name, embedding, created_at, updated_at)"
        b" VALUES ($1, $2, $3, $4, $5, $6)"
    )
    for prefix, key, field, embedding, created, updated in old.execute(
        "SELECT prefix, key, field_name, embedding, created_at, updated_at FROM store_vectors ORDER BY rowid"
    ):
        # As texts: the type is the extension's, which psycopg does not know.
        vector = str(array("f", embedding).tolist())
        new.execute(insert, (prefix, key, field, vector, _time(created), _time(updated)))
        count += 1
    return count


def _time(text: Any) -> datetime | None:
    """A time as SQLite has it; UTC where it does not say."""
    if text is None:
        return None
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
