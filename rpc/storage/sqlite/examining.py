"""A data directory looked through, row by row, without a write: also one that a server uses meanwhile."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from rpc.storage import examining
from rpc.storage.examining import CheckValue, Finding, finding
from rpc.storage.sqlite import placing
from rpc.storage.sqlite.quick_check import problems_of, read_only
from rpc.storage.sqlite.schema import VERSION

LITTLE_BYTES = 100_000_000
"""Less room than this on the disk is a problem."""


def examine(folder: Path, check_value: CheckValue) -> Iterator[Finding]:
    """Look at everything in a data directory, as far as it can be looked at."""
    if not folder.is_dir():
        yield finding("directory", f"there is no folder {folder}", [f"there is no folder {folder}"])
        return
    yield _directory(folder)
    yield _room(folder)
    for name in placing.DATABASES:
        if name == placing.DATABASES[0] or (folder / name).exists():
            yield _whole(folder / name)
    try:
        with closing(read_only(folder / placing.DATABASES[0])) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            yield _version(version)
            if version == VERSION:
                store = _File(connection)
                looks: dict[str, Callable[[_File], Finding]] = dict(examining.looks(check_value))
                for name, look in {**looks, "references": _references}.items():
                    yield _looked(name, look, store)
    except sqlite3.Error as error:
        yield finding("rows", "cannot be looked at", [f"stepwire.db: {error}"])


class _File:
    """See `Rows`."""

    counted = "SELECT coalesce(sum(sessions), 0) FROM session_counts"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def rows(self, statement: str, *parameters: str) -> Iterator[Sequence[Any]]:
        return iter(self.connection.execute(statement, parameters))

    @contextmanager
    def moment(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")


def _looked(name: str, look: Callable[[_File], Finding], store: _File) -> Finding:
    """A look that a damaged page may end."""
    try:
        return look(store)
    except sqlite3.Error as error:
        return finding(name, "cannot be read to the end", [str(error)])


def _directory(folder: Path) -> Finding:
    problems: list[str] = []
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        problems.append(f"{folder} cannot be written by this user")
    for name in placing.DATABASES:
        for ending in ("", "-wal", "-shm"):
            file = folder / f"{name}{ending}"
            if file.exists() and not os.access(file, os.R_OK | os.W_OK):
                problems.append(f"{file} cannot be read and written by this user")
    if placing.waits(folder):
        problems.append("a restore was cut off: the next start of a server finishes it")
    return finding("directory", str(folder.resolve()), problems)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free"
    return finding("disk", said, [f"only {said}"] if free < LITTLE_BYTES else [])


def _whole(file: Path) -> Finding:
    if not file.exists():
        return finding(file.name, "not there", [f"there is no {file}"])
    size = f"{file.stat().st_size / 1e6:.1f} MB"
    try:
        with closing(read_only(file)) as connection:
            return finding(file.name, f"{size}, quick_check", problems_of(connection))
    except sqlite3.Error as error:
        return finding(file.name, size, [f"it cannot be read: {error}"])


def _version(version: int) -> Finding:
    problems: list[str] = []
    if version < VERSION:
        problems.append(
            f"schema {version}: a server of this version brings it to {VERSION} when it starts"
        )
    elif version > VERSION:
        problems.append(
            f"schema {version} is of a newer version of Stepwire; this one has {VERSION}"
        )
    return finding("schema", str(version), problems)


def _references(store: _File) -> Finding:
    """As `examining.references`, and by the file's own rules."""
    foreign = [
        f"{row[0]}: row {row[1]} refers to what is not in {row[2]}"
        for row in store.rows("PRAGMA foreign_key_check")
    ]
    found = examining.references(store)
    return finding(found.name, found.said, [*foreign, *found.problems])
