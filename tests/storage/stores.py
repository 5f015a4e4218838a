"""The stores that every test of this folder runs against: another one adds itself to the list."""

import os
from collections.abc import Callable
from pathlib import Path

from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store

Open = Callable[[Path], Store]
"""Opens the store that is kept in a folder, made where missing."""


def sqlite(folder: Path) -> Store:
    """SQLite, in one file."""
    return SQLiteStore(folder / "stepwire.db", "normal")


def postgres(folder: Path) -> Store:
    """PostgreSQL: a database for each folder."""
    from rpc.storage.postgres.store import PostgresStore
    from tests.support.postgres import shared

    return PostgresStore(shared().database(folder))


def released(folder: Path) -> None:
    """Nobody opens the folder's store any more."""
    if STORES[0] is postgres:
        from tests.support.postgres import shared

        shared().release(folder)


STORES: list[Open] = [
    # `make test-postgres` says which.
    postgres if os.environ.get("STEPWIRE_TEST_STORE") == "postgres" else sqlite
]
