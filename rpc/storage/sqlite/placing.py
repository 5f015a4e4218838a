"""Databases put in the place of others, all of them or none: what is whole stands in a folder whose name says so.

That folder gets its name in one step. From then on it counts, whoever is killed meanwhile: whoever opens the data
directory next finishes what is left to do.
"""

import logging
import os
import shutil
from pathlib import Path

import msgspec

log = logging.getLogger("stepwire.storage")

DATABASES = ("stepwire.db", "memory.db", "owners-memory.db")
"""What a data directory has; the first one always. Its tokens are left where they are: one that was revoked since must not come back."""

EARLIER = ("checkpoints.db",)
"""What one of an earlier version has beside it."""

UNPACKING = "restoring"
"""A folder in the data directory that is not whole yet, and counts for nothing."""

READY = "restored"
"""One that is whole, and counts."""

CONTENTS = "backup.json"

_ENDINGS = ("-wal", "-shm", "-journal", "")


class Packed(msgspec.Struct, frozen=True):
    """A file of a backup. `sha256`: of its bytes, in hexadecimal."""

    bytes: int
    sha256: str


class Contents(msgspec.Struct, frozen=True):
    """What a backup says of itself. `schema`: of the database. `taken_at`: UTC, when it began."""

    format: int
    stepwire: str
    schema: int
    taken_at: str
    sessions: int
    files: dict[str, Packed]


def has_data(folder: Path) -> list[str]:
    """The databases in a data directory."""
    return [name for name in (*DATABASES, *EARLIER) if (folder / name).exists()]


def waits(folder: Path) -> bool:
    """Whether a restore is left to be finished."""
    return (folder / READY).is_dir()


def finish(folder: Path) -> bool:
    """Put what is ready in its place, if anything is; whether it was. Only while the directory is locked. Raises `OSError`."""
    # What was not whole counts for nothing.
    shutil.rmtree(folder / UNPACKING, ignore_errors=True)
    ready = folder / READY
    if not ready.is_dir():
        return False
    said = ready / CONTENTS
    # Without it all was done but the folder's end.
    names = msgspec.json.decode(said.read_bytes(), type=Contents).files if said.exists() else None
    if names is not None:
        for name in (*DATABASES, *EARLIER):
            place(ready, folder, name, comes=name in names)
        sync(folder)
        said.unlink()
    shutil.rmtree(ready)
    sync(folder)
    log.info("%s is restored from a backup", folder)
    return True


def place(ready: Path, folder: Path, name: str, *, comes: bool) -> None:
    """Put one database in its place; what was there goes. `comes`: there is a new one, or was until it was put there."""
    new, old = ready / name, folder / name
    if comes and not new.exists():
        return
    # The log first: with another database it would be read as that one's.
    for ending in _ENDINGS[:-1]:
        Path(f"{old}{ending}").unlink(missing_ok=True)
    if comes:
        new.replace(old)
    else:
        old.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
