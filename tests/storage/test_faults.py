"""What SQLite's errors mean, and the check of a whole database."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from rpc.storage.soundness import Soundness
from rpc.storage.sqlite.faults import UNCLEAR, fault_of, means
from rpc.storage.sqlite.probing import probe
from rpc.storage.sqlite.quick_check import QuickCheck
from rpc.storage.store import StorageBroken, StorageError


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("SQLITE_BUSY", ("locked", False)),
        ("SQLITE_BUSY_SNAPSHOT", ("locked", False)),
        ("SQLITE_LOCKED_SHAREDCACHE", ("locked", False)),
        ("SQLITE_FULL", ("full", False)),
        ("SQLITE_NOMEM", ("failed", False)),
        # Out of file descriptors, for one.
        ("SQLITE_CANTOPEN", ("failed", False)),
        ("SQLITE_CORRUPT", ("corrupt", True)),
        ("SQLITE_CORRUPT_INDEX", ("corrupt", True)),
        ("SQLITE_NOTADB", ("not_a_database", True)),
        ("SQLITE_READONLY", ("read_only", True)),
        ("SQLITE_READONLY_DBMOVED", ("replaced", True)),
        ("SQLITE_IOERR_FSYNC", ("io_error", True)),
        ("SQLITE_IOERR_READ", ("io_error", True)),
        # It does not say whether the disk is full or broken.
        ("SQLITE_IOERR_WRITE", None),
    ],
)
def test_what_a_result_code_means(code: str, meaning: tuple[str, bool] | None) -> None:
    """What passes by itself is tried again, what lasts is not."""
    assert means(code) == meaning


def failed(code: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = code
    return error


def test_an_error_of_the_disk_that_does_not_go_away(tmp_path: Path) -> None:
    """Where a file beside can be written, it passes a few times; then it lasts, and the first word counts."""
    soundness = Soundness(tmp_path)
    for _ in range(UNCLEAR - 1):
        found = fault_of(failed("SQLITE_IOERR_WRITE"), soundness, "the database")
        assert not isinstance(found, StorageBroken)
        assert soundness.fault is None
    found = fault_of(failed("SQLITE_IOERR_WRITE"), soundness, "the database")
    assert isinstance(found, StorageBroken)
    assert found.reason == "io_error"
    assert "the disk fails" in str(found)
    assert soundness.fault is found
    assert fault_of(failed("SQLITE_CORRUPT"), soundness, "the database") is found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.system(f"mount -t tmpfs -o size=4m tmpfs '{folder}' 2>/dev/null"):
        pytest.skip("this user may not mount")
    try:
        yield folder
    finally:
        os.system(f"umount -l '{folder}'")


def fill(file: Path) -> None:
    """Take all the room that there is."""
    with suppress(OSError), file.open("wb", buffering=0) as opened:
        while opened.write(b"x" * 4096):
            pass


def probe_often(file: Path, soundness: Soundness) -> None:
    for _ in range(1000):
        probe(file, soundness, "the database")


def test_a_probe_of_a_full_disk(small_disk: Path) -> None:
    """It fails for want of room, which passes, and writes again when there is some."""
    file = small_disk / "stepwire.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE some (data BLOB)")
        soundness = Soundness(small_disk)
        probe(file, soundness, "the database")
        filler = small_disk / "filler"
        fill(filler)
        # What room the log has already is used up by probes themselves.
        with pytest.raises(StorageError, match="full") as error:
            probe_often(file, soundness)
        assert error.value.reason == "full"
        assert soundness.fault is None
        filler.unlink()
        probe(file, soundness, "the database")


def test_a_check_that_is_stopped(tmp_path: Path) -> None:
    """A server that stops does not wait for the check of a database, and nothing is said of what was not checked."""
    file = tmp_path / "stepwire.db"
    file.write_bytes(b"this is not a database" * 100)
    soundness = Soundness(tmp_path)
    check = QuickCheck({"the database": file}, soundness)
    check.stop()
    check.run()
    assert check.found.status == "stopped"
    assert soundness.fault is None
    again = QuickCheck({"the database": file}, soundness)
    again.run()
    assert again.found.status == "damaged"
    assert soundness.fault is not None
    assert soundness.fault.reason == "not_a_database"
