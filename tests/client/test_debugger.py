"""The debugger of the client: what stands is known at each rest, whatever happens to the connection."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rpc.client import Client, Debugger, Event, SessionDeleted, connect
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess


@pytest.fixture
async def client(running: ServerProcess) -> AsyncIterator[Client]:
    """A client of the running server."""
    async with connect(running.url) as one:
        yield one


def paths(session: Debugger) -> list[str]:
    """Paths of the tasks that stand or ask, sorted."""
    return sorted(task.path for task in session.tasks)


async def test_a_session_is_driven_from_rest_to_rest(client: Client) -> None:
    seen: list[Event] = []
    async with client.debug("x", graph="both", on_event=seen.append) as session:
        assert (session.status, paths(session)) == ("paused", ["left", "right"])
        assert session.stop is not None
        assert session.stop.reason == "entry"
        assert await session.step(task_id=session.task("right").task_id) == "paused"
        assert {task.path: task.reason for task in session.tasks} == {
            "left": "entry",
            "right": "interrupt",
        }
        assert await session.resume() == "waiting"
        questions = {one.node: one.interrupt_id for one in (await session.inspect()).interrupts}
        assert await session.respond("r", questions["right"]) == "waiting"
        assert await session.respond("l", questions["left"]) == "completed"
        assert (session.result["said"], session.tasks) == (["l", "r"], [])
        assert [one.current for one in await session.history(limit=2)] == [True, False]
    assert [event.seq for event in seen] == list(range(1, session.seq + 1))


async def test_a_broken_connection_loses_no_stop_and_shows_none_twice(
    running: ServerProcess,
) -> None:
    """Whoever debugs for an hour must not have to begin again because a network blinked."""
    seen: list[Event] = []
    async with (
        Proxy(running.port) as proxy,
        connect(proxy.url) as client,
        client.debug("x", graph="hangs", on_event=seen.append) as session,
        connect(running.url) as other,
    ):
        proxy.cut_all()
        assert await session.breakpoints() == []
        going = asyncio.create_task(session.resume())
        await session.until(lambda: seen[-1].type == "progress")
        proxy.cut_all()
        await other.cancel(session.session_id)
        assert await going == "cancelled"
        assert proxy.connections > 2
    assert [event.seq for event in seen] == list(range(1, len(seen) + 1))


async def test_a_session_that_another_program_left_is_taken_up_where_it_stands(
    client: Client,
) -> None:
    async with client.debug("x", graph="both") as left:
        await left.step(task_id=left.task("left").task_id)
    async with client.attach(left.session_id, breakpoints=["right"]) as session:
        assert (session.status, paths(session)) == ("paused", ["left", "right"])
        assert session.task("left").reason == "interrupt"
        assert [one.node_name for one in await session.breakpoints()] == ["right"]
        assert await session.rest() == "paused", "it rests already"
        assert await session.resume() == "waiting"


async def test_going_back_and_editing_are_seen_on_return(client: Client) -> None:
    """The next look at `tasks` must not show what stood before the move."""
    async with client.debug("3") as session:
        start = (await session.history())[0].checkpoint_id
        assert await session.resume() == "completed"
        assert session.result["answer"] == "wrote 3"
        assert (await session.rewind(start)).status == "paused"
        assert (session.status, paths(session)) == ("paused", ["flood"])
        await session.set_state({"query": "1"})
        assert session.task("flood").input["query"] == "1"
        assert (await session.rewind(start, rerun=True)).status == "running"
        assert session.status == "completed"
        assert session.result["answer"] == "wrote 3"


async def test_a_session_that_is_deleted_keeps_nobody_waiting(client: Client) -> None:
    async with client.debug("x", graph="hangs") as session:
        waiting = asyncio.create_task(session.rest(after=session.seq))
        await client.delete(session.session_id)
        with pytest.raises(SessionDeleted, match=session.session_id):
            await waiting


async def test_a_mistake_of_who_is_told_of_events_is_raised_where_it_waits(client: Client) -> None:
    """Swallowed, it would look like a session that never stops."""

    def wrong(event: Event) -> None:
        raise KeyError(event.type)

    with pytest.raises(KeyError, match=r"session\.status"):
        async with client.debug("x", graph="hangs", on_event=wrong):
            pass


async def test_a_task_is_named_by_number_path_or_id_and_a_wrong_name_is_told_which(
    client: Client,
) -> None:
    async with client.debug("x", graph="both") as session:
        first = session.tasks[0]
        for name in ("1", first.path, first.task_id[:8]):
            assert session.task(name) is first
        with pytest.raises(LookupError, match="no task 'nowhere' stands; there are: 1 "):
            session.task("nowhere")
