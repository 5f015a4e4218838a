"""Subscriptions that last: a client may stay subscribed for days to sessions that have ended.

A user would lose: the server's memory, or the events of a session that goes on after a rest.
"""

import asyncio

import pytest

from rpc.events import log
from tests.support.in_process import Serve, Served, serve
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.small_graphs import chain, hello

__all__ = ["serve"]

GRAPH = chain(hello)


@pytest.fixture(autouse=True)
def rest_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "COOL_SECONDS", 0)


async def at_rest(server: Served) -> None:
    await until_true(lambda: server.core.sessions.events.channels == {})


async def test_those_at_rest_are_no_tasks_and_go_on_without_a_gap(serve: Serve) -> None:
    async with serve(GRAPH) as server, peer(server.url) as watching, peer(server.url) as other:
        await watching.run("a")
        await at_rest(server)
        tasks = len(asyncio.all_tasks())
        stories = [await watching.run(str(number)) for number in range(20)]
        await at_rest(server)
        # What ran the last of them ends by itself, a little later.
        await until_true(lambda: len(asyncio.all_tasks()) <= tasks)
        for story in stories:
            await other.run("again", session_id=story.session_id)
        for story in stories:
            await watching.until(lambda: len(story.of("query.result")) == 2)  # noqa: B023
            await watching.settled(story.session_id, after=story.events[-2]["params"]["seq"])
            seqs = [event["params"]["seq"] for event in story.events]
            assert seqs == list(range(1, len(seqs) + 1))


async def test_one_at_rest_is_told_that_its_session_is_deleted(serve: Serve) -> None:
    async with serve(GRAPH) as server, peer(server.url) as watching, peer(server.url) as other:
        story = await watching.run("a")
        await at_rest(server)
        last = story.events[-1]["params"]["seq"]
        await other.call("session.delete", session_id=story.session_id)
        deleted = await watching.event(story.session_id, "session.deleted")
        assert deleted["seq"] == last + 1
        assert server.core.sessions.events.resting == {}


async def test_one_at_rest_can_be_given_up_and_ends_with_its_connection(serve: Serve) -> None:
    async with serve(GRAPH) as server, peer(server.url) as watching:
        async with peer(server.url) as leaving:
            first, second = await leaving.run("a"), await leaving.run("b")
            await at_rest(server)
            assert len(server.core.sessions.events.resting) == 2
            await leaving.call("session.unsubscribe", session_id=first.session_id)
            assert list(server.core.sessions.events.resting) == [second.session_id]
        await until_true(lambda: server.core.sessions.events.resting == {})
        await watching.run("on", session_id=second.session_id)
