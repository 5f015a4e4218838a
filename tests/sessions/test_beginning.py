"""How a query begins: few commits lie between it and its first node, and none of them may be missing.

A user would lose: the time of each commit, with every query; or, at full slots, a place in line.
"""

import pytest

from rpc.storage.units import PutCheckpoint
from tests.support.full_disk import full_disk
from tests.support.held_writes import held_writes
from tests.support.in_process import Serve, serve
from tests.support.peer import Refused, peer
from tests.support.small_graphs import greeter, waiting

__all__ = ["serve"]


async def test_three_commits_lie_before_the_first_node_is_told(serve: Serve) -> None:
    async with serve(greeter) as server, peer(server.url) as one:
        await one.run("before")
        with held_writes(server.core.sessions.store) as writes:
            story = await one.run("x")
        heads = [
            event["method"] for event in story.events[: story_index(story.events, "node.started")]
        ]
        assert heads == ["session.status", "session.status", "state.checkpoint", "state.checkpoint"]
        # The session with its run, that it is in line and runs; the checkpoints before the first node; the node.
        session, checkpoints, *_ = writes.writes
        assert [len(session), len(session[0].drafts)] == [1, 2]
        saved = [row for unit in checkpoints for row in unit.rows if isinstance(row, PutCheckpoint)]
        assert len(saved) == 2


def story_index(events: list[dict[str, object]], kind: str) -> int:
    return next(number for number, event in enumerate(events) if event["method"] == kind)


async def test_a_query_that_cannot_be_stored_gives_its_slot_back(serve: Serve) -> None:
    """A full disk would otherwise use the slots up, and nothing would run after it."""
    async with serve(greeter, max_running=1) as server, peer(server.url) as one:
        await one.run("fill a page")
        with full_disk(server.core.sessions.store):
            for _ in range(3):
                with pytest.raises(Refused, match="overloaded"):
                    await one.call("query.start", query="x" * 100_000)
        story = await one.run("y")
        assert story.status == "completed"


async def test_who_finds_no_slot_stands_in_line(serve: Serve) -> None:
    graphs = {"waiting": waiting, "greeter": greeter}
    async with serve(graphs, max_running=1) as server, peer(server.url) as one:
        first = await one.call("query.start", query="x", graph="waiting")
        await one.event(first["session_id"], "node.started")
        second = await one.call("query.start", query="y", graph="greeter")
        await one.event(second["session_id"], "session.status")
        found = await one.call("session.get", session_id=second["session_id"])
        assert found["status"] == "queued"
        assert server.core.sessions.executor.queued == 1
        await one.call("query.cancel", session_id=first["session_id"])
        assert await one.settled(second["session_id"]) == "completed"
