"""The schema of a database: made where missing, brought forward where older. Forward only, numbered, at start."""

import sqlite3
from contextlib import closing
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES, VERSION
from rpc.storage.store import StorageError


def migrate(file: Path, synchronous: str) -> None:
    """Bring the database in `file` to this version's schema. Raises `StorageError`, `sqlite3.Error`."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA busy_timeout = 5000")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StorageError(
                f"{file} was made by a newer version of Stepwire (schema {version}, this one has "
                f"{VERSION}); use that version, or another data directory"
            )
        if version == 0:
            connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
