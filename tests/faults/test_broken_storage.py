"""A data directory that cannot be trusted any more: nothing is acknowledged that would be lost, and everybody is told."""

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, nullcontext
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from langgraph.config import get_store, get_stream_writer
from websockets.exceptions import ConnectionClosed

from rpc.app import create_app
from rpc.core import StartupError
from rpc.sessions import guarding
from rpc.settings import Settings
from rpc.transports.jsonrpc.frames import FramesProtocol
from tests.faults.conftest import StartFaulty
from tests.support.in_process import Served, listening
from tests.support.peer import Peer, Refused, peer
from tests.support.polling import until_true
from tests.support.probes import healthy
from tests.support.small_graphs import State, asking, chain, waiting
from tests.support.stream_rules import check_numbers, check_stream


async def keeps(state: State) -> State:
    """Remember the query, and say how much is remembered."""
    store = get_store()
    await store.aput(("all",), state["query"], {"text": state["query"]})
    get_stream_writer()("kept")
    return {"said": [str(len(await store.asearch(("all",))))]}


MANY = "STEPWIRE_TEST_KILLS" in os.environ


async def repeats(state: State) -> State:
    """A result as large as its query."""
    return {"said": [state["query"]]}


GRAPHS = {
    "repeating": chain(repeats),
    "waiting": waiting,
    "asking": asking,
    "keeping": chain(keeps),
}


@asynccontextmanager
async def serving(folder: Path, *, breaks: bool = False) -> AsyncIterator[Served]:
    """A server in this loop whose directory will not be fit to be looked at afterwards.

    `breaks`: it must say when it stops what is wrong with its directory, and what to do.
    """
    settings = Settings(data_dir=str(folder), synchronous="normal", shutdown_grace_seconds=0.1)
    app = create_app(GRAPHS, settings)
    told = pytest.raises(StartupError, match="start it again") if breaks else nullcontext()
    failed: BaseException | None = None
    try:
        with told:
            async with app.lifespan(), listening(app, ws=FramesProtocol) as authority:
                try:
                    yield Served(app, authority)
                except BaseException as error:
                    # The server's own end would hide it.
                    failed = error
                finally:
                    app.stop()
    finally:
        if failed is not None:
            raise failed


async def health(server: Served) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        assert (await http.get("/livez")).status_code == 200
        answer = await http.get("/health")
        return answer.status_code, answer.json()


async def well(server: Served) -> None:
    """Wait until it says that it is."""
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        await healthy(http)


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def another_folder(folder: Path) -> None:
    shutil.copytree(folder, folder.with_name("copy"))
    folder.rename(folder.with_name("elsewhere"))
    folder.with_name("copy").rename(folder)


def replaced(file: Path) -> None:
    copy = file.with_name("copy")
    shutil.copyfile(file, copy)
    copy.replace(file)


def overwritten(file: Path, start: int, count: int | None = None) -> None:
    """Garbage in the file, from a page on; what is in the log goes there first, or nobody would read it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    pages = file.stat().st_size // size
    with file.open("r+b") as opened:
        opened.seek(start * size)
        opened.write(b"\xa5" * (size * (pages - start if count is None else count)))


Spoil = Callable[[Path], None]

FAULTS: dict[str, tuple[Spoil, str]] = {
    "the directory deleted": (deleted, "missing"),
    "the directory moved": (moved, "missing"),
    "another directory": (another_folder, "replaced"),
    "the database deleted": (lambda folder: (folder / "stepwire.db").unlink(), "missing"),
    "the database replaced": (lambda folder: replaced(folder / "stepwire.db"), "replaced"),
    "its log deleted": (lambda folder: (folder / "stepwire.db-wal").unlink(), "missing"),
    "the lock deleted": (lambda folder: (folder / "lock").unlink(), "missing"),
    "the memory replaced": (lambda folder: replaced(folder / "memory.db"), "replaced"),
    "the memory deleted": (lambda folder: (folder / "memory.db").unlink(), "missing"),
}


async def refused(one: Peer, method: str, **params: Any) -> None:
    with pytest.raises(Refused) as error:
        await one.call(method, **params)
    assert (error.value.code, error.value.type) == (-32013, "storage_broken"), method
    assert "nothing was changed" in error.value.detail
    assert "start it again" in error.value.detail


FEW = ("the directory deleted", "the database replaced", "its log deleted", "the memory replaced")
"""Those that every run of the tests has; `make faults` has all."""


@pytest.mark.parametrize("name", FAULTS if MANY else FEW)
async def test_files_that_are_not_those_that_were_opened(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is acknowledged from then on, what runs stops and is not told as done, and health says why."""
    # Who asks is the first to find it, not the server that looks every other second.
    monkeypatch.setattr(guarding, "WATCH_SECONDS", 3600.0)
    spoil, reason = FAULTS[name]
    folder = tmp_path / "data"
    async with (
        serving(folder, breaks=True) as server,
        peer(server.url) as one,
        peer(server.url) as asks,
    ):
        await one.run("remember this", graph="keeping")
        asked = await asks.run("q", graph="asking")
        running = (await one.call("query.start", query="x", graph="waiting"))["session_id"]
        await one.event(running, "node.started")
        await well(server)
        spoil(folder)
        # An answer that is acknowledged would be lost.
        answer = {"session_id": asked.session_id, "value": "yes"}
        if name.startswith("the memory"):
            # No session is lost by it: it is found by who looks, or by a graph that remembers; and whoever reads is told then.
            await health(server)
            async with peer(server.url) as other:
                await refused(other, "query.respond", **answer)
        else:
            # Who meets it is answered before the connection ends.
            await refused(asks, "query.respond", **answer)
        code, document = await health(server)
        assert (code, document["status"], document["reason"]) == (503, "unhealthy", reason)
        assert "start it again" in document["detail"]
        # Who reads what runs is told that nothing comes; it has not ended.
        await one.until(lambda: one.closed, "the end of the connection")
        assert one.closed is not None
        assert isinstance(one.closed, ConnectionClosed)
        assert one.closed.rcvd is not None
        assert one.closed.rcvd.code == 1011
        assert one.of(running, "session.status")[-1]["params"]["status"] == "running"
        check_numbers(one.of(running))
        async with peer(server.url) as other:
            await refused(other, "query.start", query="y", graph="waiting")
            await refused(other, "session.subscribe", session_id=running)
            # What was stored can still be read, by each of the threads that read.
            for listed in await asyncio.gather(*(other.call("session.list") for _ in range(8))):
                assert listed["total"] == 3
            asked_for = (other.call("session.events", session_id=running) for _ in range(8))
            for found in await asyncio.gather(*asked_for):
                assert found["events"] == one.of(running)
        # It is cancelled on the loop of graphs, which tells when it was.
        await until_true(lambda: server.core.sessions.executor.active == 0)


async def test_a_directory_that_was_moved_and_put_back(faulty: StartFaulty) -> None:
    """What ran goes on where it was when the server is started again, and nothing is repeated."""
    world = faulty("looping")
    folder = world.server.data_dir
    async with peer(world.url) as one:
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await one.until(
            lambda: [e for e in one.of(session_id, "progress") if "held" in e["params"]["data"]],
            "the node that is held",
        )
        folder.rename(folder.with_name("elsewhere"))
        # Nobody asks for anything: it is found all the same.
        await one.until(lambda: one.closed, "the end of the connection")
        seen = one.events[session_id]
    world.let_go()
    assert world.server.stop(signal.SIGTERM) == 2
    said = world.server.output
    assert "is gone: it was deleted or moved" in said
    assert "1 runs stopped where they were" in said
    assert "Traceback" not in said
    # Another server finds an empty place there; it does not get into the way.
    assert not folder.exists()
    folder.with_name("elsewhere").rename(folder)
    world.server.restart()
    async with peer(world.url) as two:
        await two.call("session.subscribe", session_id=session_id, after=len(seen))
        assert await two.settled(session_id) == "completed"
        check_stream([*seen, *two.events[session_id]])
    assert world.journal().count("loop 4 x") == 1


@pytest.mark.parametrize(
    ("file", "start", "reason"),
    [
        ("stepwire.db", 0, "not_a_database"),
        ("stepwire.db", 1, "corrupt"),
        ("memory.db", 0, "not_a_database"),
        ("memory.db", 1, "corrupt"),
    ],
)
async def test_a_database_that_was_overwritten(
    tmp_path: Path, file: str, start: int, reason: str
) -> None:
    """Garbage in it lasts: that is said, where it used to be said for ever that the server is busy."""
    folder = tmp_path / "data"
    async with serving(folder, breaks=True) as server, peer(server.url) as one:
        await one.run("remember this", graph="keeping")
        overwritten(folder / file, start)
        # What reads or writes there meets it; no answer says that trying again would help.
        met: list[str] = []
        for number in range(3):
            try:
                await one.run(f"another {number}", graph="keeping")
            except Refused as error:
                met.append(error.type)
            except (AssertionError, ConnectionClosed):
                # The socket was closed under what ran, or before.
                break
        assert set(met) <= {"storage_broken"}
        code, document = await health(server)
        assert (code, document["status"]) == (503, "unhealthy")
        assert document["reason"] in (reason, "corrupt")
        assert str(folder / file) in document["detail"]
        async with peer(server.url) as other:
            await refused(other, "query.start", query="y", graph="waiting")


async def test_the_databases_are_checked_from_the_start(tmp_path: Path) -> None:
    """Damage that no request meets is found beside the work, and told; a whole database is told as whole."""
    folder = tmp_path / "data"
    async with serving(folder) as server, peer(server.url) as one:
        await one.run("remember this", graph="keeping")
        checked = await until_checked(server)
        assert checked["status"] == "ok"
        assert checked["problems"] == []
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        # An index without the rows that it is of.
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'checkpoints_run'"
        ).fetchone()[0]
    overwritten(folder / "stepwire.db", root - 1, 1)
    async with serving(folder, breaks=True) as server:
        checked = await until_checked(server)
        assert checked["status"] == "damaged"
        assert checked["problems"][0].startswith("stepwire.db: ")
        code, document = await health(server)
        assert (code, document["status"], document["reason"]) == (503, "unhealthy", "corrupt")
        async with peer(server.url) as other:
            await refused(other, "query.start", query="y", graph="waiting")


async def until_checked(server: Served) -> dict[str, Any]:
    while (found := (await health(server))[1]["quick_check"])["status"] == "running":  # noqa: ASYNC110
        await anyio.sleep(0.02)
    return dict(found)


@pytest.mark.parametrize("file", ["stepwire.db", "memory.db"])
async def test_a_database_that_somebody_else_locks(tmp_path: Path, file: str) -> None:
    """That passes: the server is unavailable for as long, and then it is not."""
    folder = tmp_path / "data"
    async with serving(folder) as server, peer(server.url) as one:
        await one.run("remember this", graph="keeping")
        with closing(sqlite3.connect(folder / file, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            code, document = await health(server)
            assert (code, document["status"]) == (503, "unavailable")
            assert document["reason"] in ("locked", "timeout")
            lock.execute("ROLLBACK")
        await well(server)
        assert (await one.run("and this", graph="keeping")).status == "completed"


async def test_a_probe_takes_room_on_the_disk(tmp_path: Path) -> None:
    """A full disk is seen by health before the first request that is refused."""

    folder = tmp_path / "data"
    async with serving(folder) as server:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        try:
            code, document = await health(server)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert (code, document["status"], document["reason"]) == (503, "unavailable", "full")
        await well(server)
