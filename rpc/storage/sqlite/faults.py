"""What SQLite's errors mean: whether it passes by itself, or somebody has to mend it.

Result codes: https://www.sqlite.org/rescode.html
"""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from rpc.storage.soundness import RESTORE, Soundness
from rpc.storage.store import Reason, StorageBroken, StorageError

UNCLEAR = 3
"""So often in a row an error of the disk may pass, where a file beside can be written."""

_PASSING: tuple[tuple[str, Reason], ...] = (
    ("SQLITE_BUSY", "locked"),
    ("SQLITE_LOCKED", "locked"),
    ("SQLITE_FULL", "full"),
)
_LASTING: tuple[tuple[str, Reason], ...] = (
    ("SQLITE_CORRUPT", "corrupt"),
    ("SQLITE_NOTADB", "not_a_database"),
    ("SQLITE_READONLY_DBMOVED", "replaced"),
    ("SQLITE_READONLY", "read_only"),
    ("SQLITE_PERM", "read_only"),
    # After a failed fsync nobody knows what is on the disk.
    ("SQLITE_IOERR_FSYNC", "io_error"),
    ("SQLITE_IOERR_DIR_FSYNC", "io_error"),
    ("SQLITE_IOERR_READ", "io_error"),
    ("SQLITE_IOERR_SHORT_READ", "io_error"),
    ("SQLITE_IOERR_CORRUPTFS", "corrupt"),
    ("SQLITE_IOERR_DATA", "corrupt"),
)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TELL: dict[str, str] = {
    "corrupt": f"is damaged ({{}}): `stepwire doctor` says where; {RESTORE}",
    "not_a_database": f"is no database any more ({{}}): it was overwritten; {RESTORE}",
    "replaced": f"was moved or replaced ({{}}) while the server used it; {RESTORE}",
    "read_only": "cannot be written ({}): make the files writable, or their file system, and start the server again",
    "io_error": f"cannot be read or written ({{}}): the disk fails; {RESTORE}",
}


def means(name: str) -> tuple[Reason, bool] | None:
    """The reason behind a result code, and whether it lasts; None where the code does not say."""
    for known, lasts in ((_LASTING, True), (_PASSING, False)):
        for start, reason in known:
            if name.startswith(start):
                return reason, lasts
    return None if name.startswith("SQLITE_IOERR") else ("failed", False)


def fault_of(error: sqlite3.Error, soundness: Soundness, what: str) -> StorageError:
    """An error of SQLite's as the store's; one that lasts is noted. `what`: the database, in words."""
    found = means(getattr(error, "sqlite_errorname", ""))
    if found is None:
        found = _of_disk(soundness)
    reason, lasts = found
    # A database that is gone or another one fails in many ways: what happened to it says more.
    if lasts or reason == "failed":
        try:
            soundness.verify()
        except StorageBroken as broken:
            return broken
    if not lasts:
        return StorageError(f"the database failed: {error}", reason)
    return soundness.broke(StorageBroken(reason, f"{what} {_TELL[reason].format(error)}"))


def _of_disk(soundness: Soundness) -> tuple[Reason, bool]:
    """What is wrong with the disk: a file beside the database says what SQLite does not."""
    try:
        with tempfile.TemporaryFile(dir=soundness.folder) as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _FULL:
            return "full", False
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return "read_only", True
        if error.errno == errno.EIO:
            return "io_error", True
        return "failed", False
    soundness.unclear += 1
    return "io_error", soundness.unclear >= UNCLEAR


@contextmanager
def told(soundness: Soundness, what: str) -> Iterator[None]:
    """SQLite's own failures as `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise fault_of(error, soundness, what) from error


@contextmanager
def lasting_told(soundness: Soundness, what: str) -> Iterator[None]:
    """SQLite's own failures as `StorageBroken` where they last; else as they are."""
    try:
        yield
    except sqlite3.Error as error:
        fault = fault_of(error, soundness, what)
        if isinstance(fault, StorageBroken):
            raise fault from error
        raise
