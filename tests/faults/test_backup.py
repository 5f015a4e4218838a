"""Backups under load, and what a kill leaves of a backup or of a restore: the old state or the new one, never a half."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from rpc.storage.sqlite.backup import BackupError, back_up, restore
from tests.conftest import StartServer
from tests.faults.test_broken_storage import MANY, serving
from tests.support.command import stepwire
from tests.support.peer import Peer, peer
from tests.support.server_process import ROOT, clean_environment
from tests.support.stream_rules import check_numbers, check_stream


async def filled(folder: Path, *texts: str) -> None:
    """A data directory with sessions and memories of these texts."""
    async with serving(folder) as server, peer(server.url) as one:
        for text in texts:
            await one.run(text, graph="keeping")


def texts(folder: Path) -> tuple[list[str], list[str]]:
    """The queries of its sessions, and what is remembered, as a server that opens it finds them."""
    found: list[list[str]] = []
    for name, statement in (
        ("stepwire.db", "SELECT query FROM sessions ORDER BY number"),
        ("memory.db", "SELECT key FROM store ORDER BY key"),
    ):
        with closing(sqlite3.connect(folder / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            found.append([row[0] for row in connection.execute(statement)])
    return found[0], found[1]


async def test_a_backup_under_load(server: StartServer, tmp_path: Path) -> None:
    """All that was acknowledged before it began is in it, and every stream in it is whole."""
    process = server("tests/support/fault_graphs.py:several", env={"FAULT_FOLDER": str(tmp_path)})
    file = tmp_path / "backup.tar"
    seen: dict[str, int] = {}

    async def load(one: Peer) -> None:
        while True:
            story = await one.run("x")
            seen[story.session_id] = story.events[-1]["params"]["seq"]

    async with peer(process.url) as one, peer(process.url) as two:
        loads = [asyncio.create_task(load(each)) for each in (one, two, one)]
        while len(seen) < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        before: dict[str, int] = {}
        # Until one was made while runs came to their rest: a small directory is copied in no time.
        while len(seen) <= len(before) or not before:
            file.unlink(missing_ok=True)
            before = dict(seen)
            done = await asyncio.to_thread(
                stepwire, "backup", str(file), "--data-dir", str(process.data_dir)
            )
            assert done.returncode == 0, done.stderr
        for each in loads:
            each.cancel()
        await asyncio.gather(*loads, return_exceptions=True)
        events = {**one.events, **two.events}
    process.stop()
    with tarfile.open(file) as packed:
        assert packed.getnames() == ["backup.json", "stepwire.db"]
    assert file.stat().st_mode & 0o077 == 0
    done = stepwire("restore", str(file), "--data-dir", str(tmp_path / "again"))
    assert done.returncode == 0, done.stderr
    again = server(
        "tests/support/fault_graphs.py:several",
        data_dir=tmp_path / "again",
        env={"FAULT_FOLDER": str(tmp_path)},
    )
    async with peer(again.url) as one:
        listed = (await one.call("session.list", limit=1000))["sessions"]
        assert {each["session_id"] for each in listed} >= before.keys()
        for each in listed:
            stored = (await one.call("session.events", session_id=each["session_id"], limit=1000))[
                "events"
            ]
            check_numbers(stored)
            if each["session_id"] in before:
                check_stream(stored)
                last = before[each["session_id"]]
                assert stored[:last] == events[each["session_id"]][:last]
        waiting = next(iter(before))
        await one.call("session.subscribe", session_id=waiting, after=before[waiting])
        await one.call("query.respond", session_id=waiting, value="yes")
        assert await one.settled(waiting, after=before[waiting]) == "completed"


def killed(place: str, number: str, *arguments: str) -> None:
    """Run a command that is killed there."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.dying", place, number, *arguments],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr + done.stdout


BACKUP_POINTS = [
    ("tarfile:TarFile.add", "2+"),
    ("pathlib:Path.write_bytes", "1"),
    ("tarfile:TarFile.add", "3+"),
    ("pathlib:Path.replace", "1"),
]


@pytest.mark.parametrize("point", BACKUP_POINTS if MANY else BACKUP_POINTS[:1])
async def test_a_backup_that_is_killed(tmp_path: Path, point: tuple[str, str]) -> None:
    """The file is the one of before, and the next backup is made."""
    folder, file = tmp_path / "data", tmp_path / "backup.tar"
    await filled(folder, "one")
    back_up(folder, file, "0")
    await filled(folder, "two")
    old = file.read_bytes()
    command = ("backup", str(file), "--data-dir", str(folder), "--replace")
    killed(*point, *command)
    assert file.read_bytes() == old
    back_up(folder, file, "0", replaces=True)
    restore(file, tmp_path / "again")
    assert texts(tmp_path / "again") == (["one", "two"], ["one", "two"])


RESTORE_POINTS = [
    ("tarfile:TarFile.extractfile", "3", "old"),
    ("pathlib:Path.replace", "1+", "new"),
    ("pathlib:Path.rename", "1", "old"),
    ("pathlib:Path.rename", "1+", "new"),
    ("pathlib:Path.unlink", "1", "new"),
    ("pathlib:Path.replace", "1", "new"),
    ("pathlib:Path.replace", "2", "new"),
    ("pathlib:Path.replace", "2+", "new"),
]


@pytest.mark.parametrize("point", RESTORE_POINTS if MANY else RESTORE_POINTS[:2])
async def test_a_restore_that_is_killed(tmp_path: Path, point: tuple[str, str, str]) -> None:
    """The next start of a server finds all of the old state, or all of the new one."""
    place, number, left = point
    source, folder, file = tmp_path / "source", tmp_path / "data", tmp_path / "backup.tar"
    await filled(source, "new one", "new two")
    back_up(source, file, "0")
    await filled(folder, "old")
    killed(place, number, "restore", str(file), "--data-dir", str(folder), "--force")
    async with serving(folder):
        pass
    expected = ["old"] if left == "old" else ["new one", "new two"]
    assert texts(folder) == (expected, expected)
    assert set(os.listdir(folder)) <= {
        "lock", "stepwire.db", "stepwire.db-wal", "stepwire.db-shm", "memory.db", "memory.db-wal", "memory.db-shm",
    }  # fmt: skip
    # It can be done again.
    restore(file, folder, force=True)
    assert texts(folder) == (["new one", "new two"], ["new one", "new two"])


async def test_a_restore_asks_before_it_replaces(tmp_path: Path) -> None:
    """Not under a server, not over data, and never by what is no whole backup; a memory that the backup lacks goes too."""
    folder, file = tmp_path / "data", tmp_path / "backup.tar"
    async with serving(folder) as server, peer(server.url) as one:
        await one.run("q", graph="asking")
        back_up(folder, file, "0")
        with pytest.raises(BackupError, match="stop it first"):
            restore(file, folder, force=True)
        with pytest.raises(BackupError, match="--replace"):
            back_up(folder, file, "0")
        await one.run("remembered", graph="keeping")
    with pytest.raises(BackupError, match=r"stepwire\.db.*--force"):
        restore(file, folder)
    half = tmp_path / "half.tar"
    packed = file.read_bytes()
    for name, data in (
        ("cut off", packed[: len(packed) // 2]),
        ("changed", packed.replace(b"SQLite format 3", b"SQLite format 4")),
        ("none", b"hello"),
        ("empty", b""),
    ):
        half.write_bytes(data)
        with pytest.raises(BackupError):
            restore(half, folder, force=True)
        assert texts(folder) == (["q", "remembered"], ["remembered"]), name
    restore(file, folder, force=True)
    assert not (folder / "memory.db").exists()
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        assert connection.execute("SELECT query FROM sessions").fetchall() == [("q",)]


async def test_what_is_damaged_is_not_backed_up(tmp_path: Path) -> None:
    """A backup that could not be relied on is refused; the one of before stays."""
    folder, file = tmp_path / "data", tmp_path / "backup.tar"
    await filled(folder, "one")
    back_up(folder, file, "0")
    old = file.read_bytes()
    with (folder / "memory.db").open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xa5" * 4096)
    with pytest.raises(BackupError):
        back_up(folder, file, "0", replaces=True)
    assert file.read_bytes() == old
    assert [name for name in os.listdir(tmp_path) if "unfinished" in name] == []
    done = stepwire("backup", str(tmp_path / "x.tar"), "--data-dir", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "there is no" in done.stderr
    assert "Traceback" not in done.stderr
