"""A disk that is full, and a data directory that cannot be used: a clear error, and nothing lost."""

import asyncio
import os
import re
import resource
import socket
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest

from rpc.core import StartupError
from rpc.server import serving
from rpc.settings import Settings
from tests.conftest import StartServer
from tests.faults.conftest import StartFaulty
from tests.support import small_graphs
from tests.support.peer import Refused, peer
from tests.support.server_process import ROOT, ServerProcess, clean_environment
from tests.support.stream_rules import check_stream

needs_prlimit = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux can limit another process"
)


OLD_DATA = ROOT / "tests/storage/data/schema-1.tar.xz"


def fill(server: ServerProcess, full: bool) -> None:
    """Have every write of the server to a file fail with EFBIG, as on a full disk; or no longer."""
    hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1 if full else hard, hard))


@needs_prlimit
async def test_a_full_disk(faulty: StartFaulty) -> None:
    """Requests get a clear error, what runs goes on when there is space again, and nothing is lost."""
    world = faulty("looping", "several")
    async with peer(world.url) as one:
        running = (await one.call("query.start", query="x"))["session_id"]
        waiting = await one.run("y", graph="several")
        await one.until(
            lambda: [e for e in one.of(running, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        fill(world.server, True)
        for method, params in (
            ("query.start", {"query": "z", "idempotency_key": "k"}),
            ("query.respond", {"session_id": waiting.session_id, "value": "yes"}),
            ("session.delete", {"session_id": waiting.session_id}),
        ):
            with pytest.raises(Refused) as refused:
                await one.call(method, **params)
            assert refused.value.type == "overloaded", method
            assert "nothing was changed" in refused.value.detail
        # What only reads still works.
        assert (await one.call("session.list"))["total"] == 2
        assert (await one.call("session.get", session_id=waiting.session_id))["interrupts"]
        # A run goes on meanwhile, as far as it can.
        seen = len(one.of(running))
        world.let_go()
        async with peer(world.url) as other:
            await other.call("server.info")
        assert len(one.of(running)) == seen
        fill(world.server, False)
        assert await one.settled(running) == "completed"
        check_stream(one.events[running])
        # It waited for the disk, and went on: nothing ran twice, and nothing had to be recovered.
        assert one.of(running, "session.recovered") == []
        assert set(Counter(world.journal()).values()) == {1}
        result = one.of(running, "query.result")[0]["params"]["result"]
        assert result["said"] == ["first", *(f"loop {n}" for n in range(1, 11))]
        assert await one.respond(waiting, "yes") == "completed"
        check_stream(waiting.events)
        assert (await one.run("z", graph="several", idempotency_key="k")).status == "waiting"
        assert (await one.call("session.list"))["total"] == 3


@needs_prlimit
@pytest.mark.parametrize("what", ["another run", "an answer"])
async def test_what_a_full_disk_refuses_keeps_no_place(faulty: StartFaulty, what: str) -> None:
    """The one place is free for the next run, however often a session was refused its own."""
    world = faulty("looping", "several", settings={"max_running": 1})
    world.let_go()
    async with peer(world.url) as one:
        story = await one.run("x", graph="looping" if what == "another run" else "several")
        call, params = (
            ("query.start", {"session_id": story.session_id, "query": "again"})
            if what == "another run"
            else ("query.respond", {"session_id": story.session_id, "value": "yes"})
        )
        fill(world.server, True)
        for _ in range(3):
            with pytest.raises(Refused) as refused:
                await one.call(call, **params)
            assert refused.value.type == "overloaded"
        fill(world.server, False)
        assert (await one.run("z", graph="looping")).status == "completed"
        last = story.events[-1]["params"]["seq"]
        await one.call(call, **params)
        assert await one.settled(story.session_id, after=last) == "completed"
        check_stream(story.events)


@needs_prlimit
async def test_a_full_disk_and_then_a_kill(faulty: StartFaulty) -> None:
    """What was answered before the disk was full is there after it; the run resumes."""
    world = faulty("looping")
    async with peer(world.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(session_id, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        fill(world.server, True)
        world.let_go()
        with pytest.raises(Refused):
            await one.call("query.start", query="z")
        seen = one.events[session_id]
        world.server.kill9()
    world.server.restart()
    async with peer(world.url) as two:
        await two.call("session.subscribe", session_id=session_id, after=len(seen))
        assert await two.settled(session_id) == "completed"
        check_stream([*seen, *two.events[session_id]])
        assert (await two.call("session.list"))["total"] == 1


@needs_prlimit
async def test_a_cancellation_while_the_disk_is_full(faulty: StartFaulty) -> None:
    """It is answered at once, takes effect on what runs, and is stored when there is room; the log is not filled up."""
    world = faulty("looping", "several")
    async with peer(world.url) as one:
        running = (await one.call("query.start", query="x"))["session_id"]
        waiting = await one.run("y", graph="several")
        await one.until(
            lambda: [e for e in one.of(running, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        # Its events are a list that grows.
        asked = waiting.events[-1]["params"]["seq"]
        fill(world.server, True)
        # Each is answered before there is room.
        answer = await one.call("query.cancel", session_id=running)
        assert answer == {"session_id": running, "status": "running", "pending": True}
        answer = await one.call("query.cancel", session_id=waiting.session_id)
        assert answer == {"session_id": waiting.session_id, "status": "waiting", "pending": True}
        # It was cancelled: what holds it is let go now, and nothing comes of it.
        world.let_go()
        for _ in range(5):
            with pytest.raises(Refused):
                await one.call("query.start", query="z")
        told = "what has happened waits for the disk"
        await asyncio.to_thread(world.server.wait_for, told)
        await anyio.sleep(2.5)
        assert len(world.server.said(told)) == 1
        fill(world.server, False)
        assert await one.settled(running) == "cancelled"
        assert await one.settled(waiting.session_id, after=asked) == "cancelled"
        check_stream(one.events[running])
        check_stream(one.events[waiting.session_id])
        assert "loop 6 x" not in world.journal()
        assert len(world.server.said("the disk takes what happens again")) == 1


async def test_a_cancellation_while_the_database_is_locked(faulty: StartFaulty) -> None:
    """A commit that waits for a lock keeps nobody waiting who cancels."""
    world = faulty("looping")
    async with peer(world.url) as one:
        running = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(running, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        database = world.server.data_dir / "stepwire.db"
        with closing(sqlite3.connect(database, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            # It is answered while the lock is held.
            answer = await one.call("query.cancel", session_id=running)
            assert answer["pending"]
            lock.execute("ROLLBACK")
        assert await one.settled(running) == "cancelled"
        check_stream(one.events[running])
        assert "loop 6 x" not in world.journal()


@needs_prlimit
async def test_a_stop_while_the_disk_is_full(faulty: StartFaulty) -> None:
    """It ends with a sentence that says what is not stored, and the next start goes on from what is."""
    world = faulty("looping", settings={"shutdown_grace_seconds": 1})
    async with peer(world.url) as one:
        running = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(running, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        fill(world.server, True)
        world.let_go()
        with pytest.raises(Refused):
            await one.call("query.start", query="z")
        told_of = "what has happened waits for the disk"
        await asyncio.to_thread(world.server.wait_for, told_of)
        seen = len(world.server.output.splitlines())
        assert world.server.stop() == 2
        told = world.server.output.splitlines()[seen:]
        assert "Traceback" not in world.server.output
        errors = [line for line in told if line.startswith("Error:")]
        assert len(errors) == 1
        assert "what happened last could not be stored" in errors[0]
        assert len(told) <= 3
    world.server.restart()
    async with peer(world.url) as two:
        await two.call("session.subscribe", session_id=running)
        assert await two.settled(running) == "completed"
        check_stream(two.events[running])


def refused_start(*arguments: str) -> str:
    """What `stepwire serve` says when it cannot start; it must end with 2 and without a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "rpc.cli", "serve", "examples/minimal.py:graph", *arguments],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_a_port_in_use() -> None:
    """The message names the address and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused_start("--port", str(port))
    assert f"127.0.0.1:{port}" in said
    assert "in use" in said
    assert "--port" in said


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    """The message names the directory and what to do."""
    (tmp_path / "file").write_text("not a folder")
    said = refused_start("--port", "0", "--data-dir", str(tmp_path / "file" / "data"))
    assert "data directory" in said
    assert "--data-dir" in said


def test_a_data_directory_that_may_not_be_written(tmp_path: Path) -> None:
    """The same where the permission is missing; root lacks it in /proc only."""
    folder = Path("/proc") if os.geteuid() == 0 else tmp_path
    if folder == tmp_path:
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        said = refused_start("--port", "0", "--data-dir", str(folder / "data"))
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    assert f"{folder / 'data'} cannot be written" in said
    assert "--data-dir" in said


async def starts(folder: Path) -> None:
    """Start a server on the folder in this process; what it raises is what the command prints."""
    async with serving(Settings(port=0, data_dir=str(folder)), small_graphs.greeter):
        pass


NONE = b"this is not a database" * 100


async def test_a_database_that_is_none(tmp_path: Path) -> None:
    """A file that is no database is not overwritten; the message names the directory."""
    (tmp_path / "stepwire.db").write_bytes(NONE)
    with pytest.raises(StartupError, match=re.escape(str(tmp_path))):
        await starts(tmp_path)
    assert (tmp_path / "stepwire.db").read_bytes() == NONE
    # The directory is not left locked.
    (tmp_path / "stepwire.db").unlink()
    await starts(tmp_path)


async def test_checkpoints_of_the_version_before_that_are_none(tmp_path: Path) -> None:
    """A directory of the version before, one of whose two files is broken: neither is touched, and with the
    right file it opens."""
    with tarfile.open(OLD_DATA) as packed:
        packed.extractall(tmp_path, filter="data")
    folder = tmp_path / "data"
    right = {file.name: file.read_bytes() for file in folder.glob("checkpoints.db*")}
    for name in right:
        (folder / name).unlink()
    (folder / "checkpoints.db").write_bytes(NONE)
    with pytest.raises(StartupError, match=re.escape(str(folder))):
        await starts(folder)
    assert (folder / "checkpoints.db").read_bytes() == NONE
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        (sessions,) = connection.execute("SELECT count(*) FROM sessions").fetchone()
    for name, data in right.items():
        (folder / name).write_bytes(data)
    await starts(folder)
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (sessions,)


async def test_a_file_that_is_not_the_servers(tmp_path: Path) -> None:
    """A file with the name of an earlier version's is not read, changed or removed where none was."""
    (tmp_path / "checkpoints.db").write_bytes(NONE)
    await starts(tmp_path)
    await starts(tmp_path)
    assert (tmp_path / "checkpoints.db").read_bytes() == NONE


async def test_a_database_of_another_version(tmp_path: Path) -> None:
    """An older server must not write into what it does not understand."""
    await starts(tmp_path)
    with closing(sqlite3.connect(tmp_path / "stepwire.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StartupError, match=r"schema 99.*another data directory"):
        await starts(tmp_path)


async def test_two_servers_on_one_data_directory(server: StartServer, tmp_path: Path) -> None:
    """Two would give the same numbers to different events: the second refuses, the first goes on."""
    first = server(data_dir=tmp_path / "data")
    said = refused_start("--port", "0", "--data-dir", str(tmp_path / "data"))
    assert "another server" in said
    assert "--data-dir" in said
    async with peer(first.url) as one:
        assert (await one.run("a b")).status == "completed"
    # A kill leaves no lock behind.
    first.kill9()
    second: Any = server(data_dir=tmp_path / "data")
    async with peer(second.url) as one:
        assert (await one.call("session.list"))["total"] == 1
