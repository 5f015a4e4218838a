"""A disk that cannot be read for a while: what runs waits for it, and nothing is lost or done twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rpc import sparing
from rpc.sessions.running import leases
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError, Store
from tests.support import small_graphs
from tests.support.events import Event
from tests.support.in_process import Serve
from tests.support.peer import Story, peer
from tests.support.polling import until_true
from tests.support.small_graphs import State, chain
from tests.support.stream_rules import check_stream


@contextmanager
def unreadable(store: Store) -> Iterator[None]:
    """Every read that is not answered from memory fails, as SQLite has it; what is written is written."""
    assert isinstance(store, SQLiteStore)
    store.reader.close()
    try:
        yield
    finally:
        store.reader = store._connect()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the disk again at once, and say so whatever an earlier test had said."""
    monkeypatch.setattr(leases, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(sparing, "SECONDS", 0.0)


async def waits(caplog: pytest.LogCaptureFixture) -> None:
    """Until a session has said that it waits for the disk."""
    await until_true(lambda: "waits for the disk" in caplog.text)


async def test_where_the_outcome_is_recorded(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """A run has come to its end and cannot read what was asked of it meanwhile: neither is lost."""
    go = Event()
    ran: list[str] = []

    async def held(state: State) -> State:
        await go.wait()
        ran.append("held")
        return {"said": ["held"]}

    async with serve(chain(held)) as server, peer(server.url) as one:
        one_place = {"node_name": "held", "condition": "False"}
        started = await one.call("query.start", query="x", debug_mode=True, breakpoints=[one_place])
        story = Story(one, started["session_id"], started["run_id"])
        await one.event(story.session_id, "node.started")
        # Something was signalled: it has to be read when the outcome is recorded.
        await one.call(
            "debug.setBreakpoint", session_id=story.session_id, node_name="held", enabled=False
        )
        with unreadable(server.core.sessions.store):
            go.set()
            await waits(caplog)
            assert story.of("query.result") == []
        assert await one.settled(story.session_id) == "completed"
        check_stream(story.events)
        assert story.of("session.recovered") == []
        assert ran == ["held"]
        kept = await one.call("debug.breakpoints", session_id=story.session_id)
        assert [place["enabled"] for place in kept["breakpoints"]] == [False]


async def test_where_a_run_begins(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """An answer was taken, and waits for a place; then the session cannot be read: its run begins when it can."""
    go = Event()

    async def held(state: State) -> State:
        await go.wait()
        return {}

    graphs = {"asking": small_graphs.asking, "held": chain(held)}
    async with serve(graphs, max_running=1) as server, peer(server.url) as one:
        story = await one.run("x", graph="asking")
        last = story.events[-1]["params"]["seq"]
        other = await one.call("query.start", query="y", graph="held")
        await one.event(other["session_id"], "node.started")
        await one.call("query.respond", session_id=story.session_id, value="yes")
        with unreadable(server.core.sessions.store):
            go.set()
            await waits(caplog)
        assert await one.settled(story.session_id, after=last) == "completed"
        assert await one.settled(other["session_id"]) == "completed"
        check_stream(story.events)
        assert story.of("session.recovered") == []
        assert story.result["said"] == ["yes", "hello x"]


async def test_an_answer_needs_no_disk_to_be_read(serve: Serve) -> None:
    """Where there is a place it begins with what was committed."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        last = story.events[-1]["params"]["seq"]
        with unreadable(server.core.sessions.store):
            await one.call("query.respond", session_id=story.session_id, value="yes")
            assert await one.settled(story.session_id, after=last) == "completed"
        check_stream(story.events)
        assert story.result["said"] == ["yes", "hello x"]


async def test_where_its_thread_is_read(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run's own checkpoints cannot be read: it is taken up again from them, and says so."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        store = server.core.sessions.store
        story = await one.run("x")
        last = story.events[-1]["params"]["seq"]
        real = store.checkpoint
        failed: list[str] = []

        def checkpoint(*of: Any) -> Any:
            if failed:
                return real(*of)
            failed.append("once")
            # Not by the disk: what was written last is read from memory.
            raise StorageError("the disk cannot be read")

        monkeypatch.setattr(store, "checkpoint", checkpoint)
        await one.call("query.respond", session_id=story.session_id, value="yes")
        assert await one.settled(story.session_id, after=last) == "completed"
        assert "waits for the disk" in caplog.text
        check_stream(story.events)
        (again,) = story.of("session.recovered")
        saved = [
            params["checkpoint_id"]
            for params in story.of("state.checkpoint")
            if params["seq"] < again["seq"]
        ]
        assert (again["reason"], again["checkpoint_id"]) == ("storage", saved[-1])
        assert story.result["said"] == ["yes", "hello x"]
