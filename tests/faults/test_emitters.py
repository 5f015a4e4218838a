"""Nodes that write faster than the disk takes: they wait, or their run fails; nobody else does, and memory is bounded."""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartServer
from tests.support.journal import journal_of
from tests.support.memory import needs_proc, rss_bytes
from tests.support.peer import Peer, peer
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess

GRAPHS = "tests/support/emitting_graphs.py"
KINDS = ("looped", "threaded", "nested", "tools")
MAX_RSS = 250_000_000
EVENTS = int(os.environ.get("STEPWIRE_TEST_EVENTS", "50000"))
"""A million, where there is time."""

HELD_SECONDS = 17
"""How long the database takes nothing: longer than a node may hold its loop, which is long enough for what all of them do."""

WAYS = (
    ("looped", "loop"),
    ("looped", "pausing"),
    ("looped", "tokens"),
    ("threaded", "loop"),
    ("threaded", "tokens"),
    ("nested", "loop"),
    ("tools", "loop"),
)


def emitting(server: StartServer, folder: Path, **settings: object) -> ServerProcess:
    """A server of these graphs."""
    return server(
        *(f"{name}={GRAPHS}:{name}" for name in KINDS),
        settings={"synchronous": "normal", **settings},
        env={"FAULT_FOLDER": str(folder)},
    )


@contextmanager
def watched(server: ServerProcess) -> Iterator[list[int]]:
    """What the server holds in memory at most, in bytes: the last of the list on leaving."""
    peak = [rss_bytes(server.pid)]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            peak.append(max(peak[-1], rss_bytes(server.pid)))

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield peak
    finally:
        over.set()
        looker.join()


@contextmanager
def locked(server: ServerProcess) -> Iterator[None]:
    """The database takes nothing: another process writes, and does not end."""
    file = server.data_dir / "stepwire.db"
    with closing(sqlite3.connect(file, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def wrote(folder: Path, what: str) -> int:
    """How many lines of this kind the nodes wrote."""
    return sum(line.startswith(what) for line in journal_of(folder))


async def over(one: Peer, session_id: str, seconds: float = 90.0) -> dict[str, Any]:
    """The session once it runs no more."""
    async with asyncio.timeout(seconds):
        while True:
            found: dict[str, Any] = await one.call("session.get", session_id=session_id)
            if found["status"] not in ("queued", "running"):
                return found
            await asyncio.sleep(0.05)


@needs_proc
async def test_a_store_that_is_locked_holds_nodes_back(server: StartServer, tmp_path: Path) -> None:
    """In whatever way they write; what only reads is answered all the while, and no node is torn from its loop."""
    process = emitting(server, tmp_path, blocked_seconds=HELD_SECONDS - 2)
    async with peer(process.url) as one:
        ids = [
            (
                await one.call(
                    "query.start", query=f"{kind} 4000 1000", graph=graph, subscribe=False
                )
            )["session_id"]
            for graph, kind in WAYS
        ]
        await until_true(lambda: wrote(tmp_path, "stands") == len(WAYS))
        with watched(process) as peak, locked(process):
            (tmp_path / "begin").touch()
            began = time.monotonic()
            while (
                not process.said("what has happened waits for the disk")
                or wrote(tmp_path, "wrote") < 10
                or time.monotonic() - began < HELD_SECONDS
            ):
                await one.call("session.list")
            # What all of them wrote is within the bound of 8 MiB, whoever did.
            assert 10 <= wrote(tmp_path, "wrote") <= 84
            assert wrote(tmp_path, "done") == 0
        for session_id, (_, kind) in zip(ids, WAYS, strict=True):
            found = await over(one, session_id)
            assert found["status"] == "completed", found
            assert found["seq"] >= 4000, kind
        assert peak[-1] <= MAX_RSS
    assert not process.said("goes on elsewhere")
    assert not process.said("has blocked for")


@needs_proc
async def test_a_million_events_without_a_pause(server: StartServer, tmp_path: Path) -> None:
    """The server answers while a node does nothing else, and all of them are kept."""
    process = emitting(server, tmp_path)
    (tmp_path / "begin").touch()
    async with peer(process.url) as one:
        # Where this process had no time to look, the run is over before it was seen: then there is another one.
        for _ in range(20):
            with watched(process) as peak:
                started = await one.call(
                    "query.start", query=f"loop {EVENTS} 60", graph="looped", subscribe=False
                )
                seen: set[int] = set()
                status = "running"
                while status in ("queued", "running"):
                    found = await one.call("session.get", session_id=started["session_id"])
                    status = found["status"]
                    seen.add(found["seq"])
                    await asyncio.sleep(0.02)
            assert status == "completed"
            assert found["seq"] >= EVENTS
            assert peak[-1] <= MAX_RSS
            if len(seen) > 10:
                break
        # It answered all the while: between its beginning and its end too.
        assert len(seen) > 10, seen


@needs_proc
@pytest.mark.parametrize("kind", ["loop", "stubborn", "tokens"])
async def test_what_cannot_be_held_back_fails(
    server: StartServer, tmp_path: Path, kind: str
) -> None:
    """On the server's own loop nothing may wait: the run ends where it would fill the memory, and says why."""
    process = emitting(server, tmp_path, graph_loop="server", pending_bytes=1_000_000)
    (tmp_path / "begin").touch()
    count = 100_000 if kind == "loop" else 20_000
    async with peer(process.url) as one:
        with watched(process) as peak:
            started = await one.call(
                "query.start", query=f"{kind} {count} 1000", graph="looped", subscribe=False
            )
            found = await over(one, started["session_id"])
        assert found["status"] == "failed"
        error = found["error"]
        assert error["type"] == "wrote_too_fast"
        assert "'node' has written" in error["message"]
        assert "should `await`" in error["message"]
        assert peak[-1] <= MAX_RSS
        # Nothing is left of it that would stand in the way of others.
        assert (await one.run("loop 10 10", graph="threaded")).status == "completed"
    if kind == "loop":
        assert wrote(tmp_path, "wrote") < 30
    await until_true(lambda: process.said("wrote_too_fast") or process.said("WroteTooFastError"))
