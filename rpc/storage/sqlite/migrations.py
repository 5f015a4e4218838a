"""The schema of a database: made where missing, brought forward where older. Forward only, numbered, at start.

Each step is one transaction of one file: it is done, or the file is as it was. What it needs of other files it only
reads; those are removed when it is done. Before the first step a copy is made of all of them.
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rpc.storage.sqlite import (
    schema_1,
    schema_2,
    schema_3,
    schema_4,
    schema_5,
    schema_6,
    schema_7,
    schema_8,
    schema_9,
    schema_10,
    schema_11,
)
from rpc.storage.sqlite.schema import TABLES, VERSION
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements
from rpc.storage.store import StorageError

log = logging.getLogger("stepwire.storage")

PAGE_BYTES = 2048
"""Of a new database. Most rows are of a few hundred bytes to three thousand: of larger pages, a row of these leaves half empty."""

STEPS: dict[int, Callable[[sqlite3.Connection, Path, Importer], None]] = {
    1: schema_1.to_schema_2,
    2: schema_2.to_schema_3,
    3: schema_3.to_schema_4,
    4: schema_4.to_schema_5,
    5: schema_5.to_schema_6,
    6: schema_6.to_schema_7,
    7: schema_7.to_schema_8,
    8: schema_8.to_schema_9,
    9: schema_9.to_schema_10,
    10: schema_10.to_schema_11,
    11: schema_11.to_schema_12,
}
"""What brings a schema to the next, in an open transaction."""

OTHERS = {1: ("checkpoints.db",)}
"""Files beside the database that a schema had, and the next has not."""


def migrate(file: Path, synchronous: str, importer: Importer) -> None:
    """Bring the database in `file` to this version's schema. Raises `StorageError`, `sqlite3.Error`.

    `importer`: makes rows of the checkpoints of schema 1.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # Of a new one; others keep theirs.
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA busy_timeout = 5000")
        version = _version(connection)
        if version > VERSION:
            raise StorageError(
                f"{file} was made by a newer version of Stepwire (schema {version}, this one has "
                f"{VERSION}); use that version, or another data directory"
            )
        if version == 0:
            with _transaction(connection):
                for statement in statements(TABLES):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")
            return
        if version < VERSION:
            _forward(connection, file, version, importer)
        _remove_others(file)


def check_version(file: Path) -> None:
    """Raises `StorageError` where there is no database, or it is not of this version's schema."""
    if not file.is_file():
        raise StorageError(f"there is no {file}")
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        version = _version(connection)
    if version != VERSION:
        raise StorageError(
            f"{file} has schema {version}, and this version of Stepwire {VERSION}: a server brings it there when it starts"
            if version < VERSION
            else f"{file} was made by a newer version of Stepwire (schema {version}, this one has {VERSION})"
        )


def _forward(connection: sqlite3.Connection, file: Path, version: int, importer: Importer) -> None:
    for name in (file.name, *OTHERS.get(version, ())):
        old = file.with_name(name)
        if old.exists():
            _copy(old, _copy_of(old, version))
    log.info("bringing %s from schema %d to %d; a copy is kept beside it", file, version, VERSION)
    for step in range(version, VERSION):
        with _transaction(connection):
            STEPS[step](connection, file, importer)
            connection.execute(f"PRAGMA user_version = {step + 1}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove_others(file: Path) -> None:
    """Files of older schemas that are in the database now; only those of which there is a copy."""
    for version, names in OTHERS.items():
        for name in names:
            old = file.with_name(name)
            if old.exists() and _copy_of(old, version).exists():
                # The log first: without its database it is nothing, the other way round it is not so.
                for ending in ("-wal", "-shm", ""):
                    Path(f"{old}{ending}").unlink(missing_ok=True)


def _copy_of(file: Path, version: int) -> Path:
    return file.with_name(f"{file.name}.schema-{version}")


def _copy(file: Path, copy: Path) -> None:
    """Copy a database with what is in its write-ahead log, under its name only when it is whole."""
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as to:
            source.backup(to)
        descriptor = os.open(unfinished, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        unfinished.replace(copy)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
