"""`stepwire db …`, suspended by Ctrl-Z within a transaction: nobody else would get on until its user came back."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rpc.storage.postgres.store import PostgresStore
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.units import Unit
from tests.storage.made import draft, made
from tests.support import small_graphs
from tests.support.in_process import Serve, serve
from tests.support.peer import Peer, Refused, peer
from tests.support.polling import until_true
from tests.support.server_process import ROOT, clean_environment

__all__ = ["serve"]

DEADLINE_SECONDS = 120.0


def _started(before: str, words: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.suspended_command", "db", *words],
        cwd=ROOT,
        env=clean_environment({"SUSPEND_BEFORE": before}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@asynccontextmanager
async def suspended(before: str, *words: str) -> AsyncIterator["subprocess.Popen[str]"]:
    """`stepwire db` with these words, that stands before a function, `module:function`. In the end it is over."""
    command = _started(before, words)
    try:
        await until_true(lambda: _state(command.pid) in "TZ", DEADLINE_SECONDS)
        assert _state(command.pid) == "T", command.communicate()[0]
        yield command
    finally:
        if command.poll() is None:
            command.kill()
            command.communicate()


def _state(pid: int) -> str:
    """Of a process, as `ps` has it: `T` where it is suspended, `Z` where it is over."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def goes_on(command: "subprocess.Popen[str]") -> str:
    """What it says, and that it failed, once its user is back."""
    command.send_signal(signal.SIGCONT)
    said, _ = command.communicate(timeout=DEADLINE_SECONDS)
    assert command.returncode == 1, said
    assert "Traceback" not in said
    return said


async def taken(one: Peer, method: str, **params: Any) -> Any:
    """What a call gives that is asked again while the database is waited for."""
    ends = time.monotonic() + DEADLINE_SECONDS
    while True:
        try:
            return await one.call(method, **params)
        except Refused as error:
            if error.type != "overloaded" or time.monotonic() > ends:
                raise


@pytest.mark.parametrize("before", ["copying:unpacked", "copying:_changes"])
async def test_a_copy(serve: Serve, database: str, tmp_path: Path, before: str) -> None:
    """Between rows, and behind them: whoever uses the database already goes on, and nothing is copied."""
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as old:
        old.write([made("a"), made("b"), Unit("a", [draft("one"), draft("two")])])
    words = ("copy", "--data-dir", str(tmp_path), "--database", database)
    async with (
        serve(small_graphs.greeter, database=database) as server,
        peer(server.url) as one,
    ):
        one.deadline = DEADLINE_SECONDS
        async with suspended(f"rpc.storage.postgres.{before}", *words) as command:
            started = await taken(one, "query.start", query="x")
            assert await one.settled(started["session_id"]) == "completed"
            said = await asyncio.to_thread(goes_on, command)
        assert "could not be copied into" in said
        assert "nothing was" in said
        assert (await one.call("session.list"))["total"] == 1


async def test_a_session_that_is_being_pruned(serve: Serve, database: str) -> None:
    """It is changed meanwhile, and then stays."""
    words = ("prune", "--older-than", "1d", "--database", database)
    async with (
        serve(small_graphs.greeter, database=database) as server,
        peer(server.url) as one,
    ):
        one.deadline = DEADLINE_SECONDS
        with closing(PostgresStore(database)) as store:
            store.write([made("old", status="completed")])
        async with suspended("rpc.storage.postgres.committing:plan", *words) as command:
            await taken(one, "session.update", session_id="old", session_name="mine")
            said = await asyncio.to_thread(goes_on, command)
        assert "failed" in said
        assert (await one.call("session.get", session_id="old"))["session_name"] == "mine"


async def test_an_upgrade(serve: Serve, database: str) -> None:
    """A node that starts meanwhile makes the schema itself."""
    words = ("upgrade", "--database", database)
    with psycopg.connect(database) as connection:
        # It may be another test's, with its tables.
        connection.execute("DROP SCHEMA IF EXISTS stepwire_sessions CASCADE")
    async with suspended("rpc.storage.postgres.migrations:_forward", *words) as command:
        async with (
            serve(small_graphs.greeter, database=database) as server,
            peer(server.url) as one,
        ):
            assert (await one.run("x")).status == "completed"
        assert "failed" in await asyncio.to_thread(goes_on, command)
