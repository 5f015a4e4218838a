"""A database tried by a write that is committed and changes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

from rpc.storage.soundness import Soundness
from rpc.storage.sqlite.faults import told

BUSY_SECONDS = 1.0
"""How long another writer is waited for."""


def touch(connection: sqlite3.Connection) -> None:
    """Write the database's first page as it is, in the transaction that is open: it takes room on the disk, and a lock."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute(f"PRAGMA user_version = {version}")


def probe(file: Path, soundness: Soundness, what: str) -> None:
    """Try a database by a connection of its own; one that is not there yet is none to try. Raises `StorageError`."""
    soundness.verify()
    if not file.exists():
        return
    with (
        told(soundness, what),
        closing(
            sqlite3.connect(
                f"{file.resolve().as_uri()}?mode=rw",
                uri=True,
                isolation_level=None,
                timeout=BUSY_SECONDS,
            )
        ) as connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        touch(connection)
        connection.execute("COMMIT")
    soundness.verify()
