"""Backups: one file, a tar archive of the databases as they were at one moment each, taken while a server uses them.

The sessions' database is copied first: whatever its checkpoints say was remembered is in the memory that is copied after it.
"""

import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from rpc.storage.sqlite.migrations import check_version
from rpc.storage.sqlite.placing import (
    CONTENTS,
    DATABASES,
    READY,
    UNPACKING,
    Contents,
    Packed,
    finish,
    has_data,
    sync,
    waits,
)
from rpc.storage.sqlite.quick_check import problems_of, read_only
from rpc.storage.sqlite.schema import VERSION as SCHEMA
from rpc.storage.store import StorageError

FORMAT = 1

BLOCK = 1024 * 1024

STALE_SECONDS = 3600.0
"""What was left unfinished is removed after it was not touched for so long."""


class BackupError(Exception):
    """A backup that cannot be made or restored: why, and what would help. Nothing was changed."""


def back_up(folder: Path, to: Path, version: str, *, replaces: bool = False) -> Contents:
    """Make a backup of a data directory, which a server may use meanwhile. `version`: of Stepwire.

    It has its name once it is whole and on the disk. `replaces`: it may take the place of a file of that name.
    Raises `BackupError`.
    """
    if to.exists() and not replaces:
        raise BackupError(
            f"{to} is there already; choose another name, or let it be replaced with --replace"
        )
    if to.is_dir() or not to.parent.is_dir():
        raise BackupError(
            f"{to} cannot be written: "
            + ("it is a folder" if to.is_dir() else f"there is no folder {to.parent}")
        )
    if waits(folder):
        raise BackupError(
            f"a restore into {folder} was cut off; start the server, which finishes it, and back up then"
        )
    try:
        check_version(folder / DATABASES[0])
        with _beside(to) as work:
            return _made(folder, to, work, version, replaces)
    except StorageError as error:
        raise BackupError(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"the backup could not be made: {error}; there is no {to} of it"
        ) from error


def _made(folder: Path, to: Path, work: Path, version: str, replaces: bool) -> Contents:
    taken_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    names = [name for name in DATABASES if (folder / name).exists()]
    for name in names:
        copy(folder / name, work / name)
    with closing(read_only(work / DATABASES[0])) as connection:
        sessions = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
    contents = Contents(
        FORMAT, version, SCHEMA, taken_at, sessions, {name: _packed(work / name) for name in names}
    )
    (work / CONTENTS).write_bytes(msgspec.json.format(msgspec.json.encode(contents), indent=2))
    archive = work / "archive"
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        for name in (CONTENTS, *names):
            tar.add(work / name, arcname=name)
    # All that sessions hold is in it.
    archive.chmod(0o600)
    sync(archive)
    publish(archive, to, replaces)
    sync(to.parent)
    return contents


def copy(source: Path, to: Path) -> None:
    """Copy a database as it is at one moment, whoever writes to it. Raises `BackupError` where it is damaged."""
    with closing(read_only(source)) as old, closing(sqlite3.connect(to)) as new:
        # In one step: it is one moment's.
        old.backup(new)
        # A file that is whole by itself.
        new.execute("PRAGMA journal_mode = DELETE")
        found = problems_of(new)
    if found:
        raise BackupError(
            f"{source} is damaged, and was not backed up: {found[0]}; `stepwire doctor` says more"
        )


def publish(archive: Path, to: Path, replaces: bool) -> None:
    """Give the finished archive its name."""
    if replaces:
        archive.replace(to)
        return
    try:
        # As a rename, but it replaces nothing that was put there meanwhile.
        os.link(archive, to)
    except FileExistsError as error:
        raise BackupError(f"{to} was made meanwhile; it is left as it is") from error
    except OSError:
        # File systems without hard links.
        archive.replace(to)


def restore(file: Path, folder: Path, *, force: bool = False) -> Contents:
    """Make a data directory what a backup has. It is checked before anything is replaced; then all is, or nothing.

    `force`: what is in the directory is replaced. Raises `BackupError`, also while a server uses the directory.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=0):
            finish(folder)
            there = has_data(folder)
            if there and not force:
                raise BackupError(
                    f"{folder} has data already ({', '.join(there)}); choose another --data-dir, or replace it with --force"
                )
            contents = unpack(file, folder / UNPACKING)
            (folder / UNPACKING).rename(folder / READY)
            sync(folder)
            finish(folder)
            return contents
    except Timeout as error:
        raise BackupError(f"a server uses {folder}; stop it first") from error
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise BackupError(f"{file} could not be restored into {folder}: {error}") from error


def unpack(file: Path, to: Path) -> Contents:
    """A backup's files in a folder of their own, checked and on the disk. Raises `BackupError`, `OSError`, `TarError`."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    try:
        with tarfile.open(file) as tar:
            contents = _contents(file, tar)
            for name, packed in contents.files.items():
                _unpack_one(tar, name, packed, to / name)
        for name in contents.files:
            with closing(read_only(to / name)) as connection:
                if found := problems_of(connection):
                    raise BackupError(f"{name} in {file} is damaged: {found[0]}")
        (to / CONTENTS).write_bytes(msgspec.json.encode(contents))
        sync(to / CONTENTS)
        sync(to)
    except BaseException:
        shutil.rmtree(to, ignore_errors=True)
        raise
    return contents


def _contents(file: Path, tar: tarfile.TarFile) -> Contents:
    try:
        member = tar.extractfile(CONTENTS)
        assert member is not None
        said = msgspec.json.decode(member.read(BLOCK), type=Contents)
    except (KeyError, AssertionError, msgspec.MsgspecError) as error:
        raise BackupError(f"{file} is no backup of Stepwire's") from error
    if said.format > FORMAT or said.schema > SCHEMA:
        raise BackupError(
            f"{file} was made by a newer version of Stepwire ({said.stepwire}); restore it with that"
        )
    if DATABASES[0] not in said.files or not set(said.files) <= set(DATABASES):
        raise BackupError(
            f"{file} is no backup of Stepwire's: it has {', '.join(said.files) or 'nothing'}"
        )
    return said


def _unpack_one(tar: tarfile.TarFile, name: str, packed: Packed, to: Path) -> None:
    try:
        member = tar.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise BackupError(f"the backup is not whole: {name} is not in it")
    digest, left = hashlib.sha256(), packed.bytes
    with to.open("xb") as opened:
        os.chmod(to, 0o600)
        while left and (block := member.read(min(BLOCK, left))):
            digest.update(block)
            opened.write(block)
            left -= len(block)
        opened.flush()
        os.fsync(opened.fileno())
    if left or digest.hexdigest() != packed.sha256:
        raise BackupError(f"the backup is not whole: {name} in it is not what was packed")


def _packed(file: Path) -> Packed:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
    return Packed(file.stat().st_size, digest.hexdigest())


@contextmanager
def _beside(to: Path) -> Iterator[Path]:
    """A folder beside a file that is to be made, for nobody else; what earlier ones left is removed."""
    start, end = f".{to.name}.", ".unfinished"
    for old in to.parent.glob(f"{start}*{end}"):
        if time.time() - old.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=start, suffix=end, dir=to.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
