"""Looks and edits run code of the graph's own: where that does not return, nobody else waits, and who asked is told."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import StartServer
from tests.support.peer import Peer, Refused, Story, peer
from tests.support.polling import until_true
from tests.support.probes import healthy
from tests.support.server_process import ServerProcess

GRAPHS = "tests/support/slow_graphs.py"

LOOK_SECONDS = 6
"""Long enough for looks that end, on a machine that has much to do."""


@pytest.fixture
def touchy(server: StartServer, tmp_path: Path) -> Iterator[ServerProcess]:
    process = server(
        f"touchy={GRAPHS}:touchy",
        f"toned={GRAPHS}:toned",
        settings={
            "synchronous": "normal",
            "look_timeout_seconds": LOOK_SECONDS,
            "blocked_seconds": LOOK_SECONDS - 2,
        },
        env={"FAULT_FOLDER": str(tmp_path)},
    )
    yield process
    for name in ("hang", "hang router", "hang settings"):
        (tmp_path / name).unlink(missing_ok=True)


async def _stands(one: Peer) -> Story:
    return await one.run("x", debug_mode=True, breakpoints=[{"node_name": "last"}])


async def _hangs(one: Peer, method: str, **params: object) -> None:
    with pytest.raises(Refused) as refused:
        await one.call(method, **params)
    assert refused.value.type == "graph_timeout"
    assert f"did not return within {LOOK_SECONDS} s" in refused.value.detail


async def test_a_reducer_and_a_router_that_hang(touchy: ServerProcess, tmp_path: Path) -> None:
    """Edits through them change nothing; runs and other looks go on beside; they work again once they return."""
    async with peer(touchy.url) as one, peer(touchy.url) as other:
        story, beside = await _stands(one), await _stands(one)
        session_id = story.session_id
        before = await one.call("debug.inspect", session_id=session_id)
        assert before["next"] == ["last"]
        (tmp_path / "hang").touch()
        await _hangs(one, "debug.setState", session_id=session_id, values={"words": ["more"]})
        # Who waits for the same session is answered too, and what calls no reducer.
        shown = await other.call("debug.inspect", session_id=session_id)
        assert shown["values"] == before["values"]
        assert shown["checkpoint_id"] == before["checkpoint_id"]
        assert (await other.call("debug.inspect", session_id=beside.session_id))["tasks"]
        assert (await other.call("debug.history", session_id=session_id))["checkpoints"]
        async with httpx.AsyncClient(base_url=touchy.http_url, trust_env=False) as http:
            counts = (await healthy(http)).json()["counts"]
        assert counts["look_threads_abandoned"] == 1
        assert counts["graph_loops_blocked"] == 0
        (tmp_path / "hang").unlink()
        (tmp_path / "hang router").touch()
        as_node = {"values": {"words": ["as"]}, "as_node": "speak"}
        await _hangs(one, "debug.setState", session_id=session_id, **as_node)
        (tmp_path / "hang router").unlink()
        edited = await one.call("debug.setState", session_id=session_id, **as_node)
        assert edited["checkpoint_id"] != before["checkpoint_id"]
        await one.call("debug.continue", session_id=session_id)
        assert await one.settled(session_id) in ("completed", "paused")
    assert touchy.said("is left behind")
    assert not touchy.said("goes on elsewhere")


async def test_what_was_edited_in_place_is_read_through_its_reducer(
    touchy: ServerProcess, tmp_path: Path
) -> None:
    async with peer(touchy.url) as one:
        story = await _stands(one)
        await one.call("debug.setState", session_id=story.session_id, values={"words": ["y"]})
        (tmp_path / "hang").touch()
        for method, more in (
            ("debug.inspect", {}),
            ("debug.evaluate", {"expression": "state.words"}),
        ):
            await _hangs(one, method, session_id=story.session_id, **more)
        (tmp_path / "hang").unlink()
        shown = await one.call("debug.inspect", session_id=story.session_id)
        assert shown["values"]["words"] == ["x", "y"]


async def test_a_validator_of_settings_that_hangs(touchy: ServerProcess, tmp_path: Path) -> None:
    """Where a query is asked, it is refused; where one goes on, its run alone waits. Nobody else does, nor a server that starts."""
    hang, hangs = tmp_path / "hang settings", tmp_path / "hangs"
    toned = {"graph": "toned", "config": {"tone": "warm"}}
    async with peer(touchy.url) as one, peer(touchy.url) as other:
        one.deadline = other.deadline = 60
        plain = await one.run("x", **toned)
        debugged = await one.run("x", debug_mode=True, stop_on_entry=False, **toned)
        assert (plain.status, debugged.status) == ("waiting", "waiting")
        hang.touch()
        asked = asyncio.create_task(_hangs(one, "query.start", query="x", **toned))
        await until_true(hangs.exists)
        # As long as this waits for its answer, the validator hangs.
        assert (await other.run("y", graph="touchy")).status == "completed"
        await asked
        assert (await one.call("session.list"))["total"] == 3
        for story in (plain, debugged):
            hangs.unlink()
            await one.call("query.respond", session_id=story.session_id, value="hello")
            await until_true(hangs.exists)
            assert (await other.run("y", graph="touchy")).status == "completed"
        hang.unlink()
        for story in (plain, debugged):
            result = await one.event(story.session_id, "query.result")
            assert result["result"]["said"] == "hello, warm"
        waits = await one.run("x", **toned)
    touchy.kill9()
    hang.touch()
    hangs.unlink()
    touchy.restart()
    async with peer(touchy.url) as one:
        one.deadline = 60
        await until_true(hangs.exists)
        assert (await one.run("y", graph="touchy")).status == "completed"
        hang.unlink()
        await one.call("session.subscribe", session_id=waits.session_id)
        await one.call("query.respond", session_id=waits.session_id, value="again")
        result = await one.event(waits.session_id, "query.result")
        assert result["result"]["said"] == "again, warm"
