"""Whoever waits for a session to rest waits no longer than that, whatever was done to it before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from rpc.client import Client, Debugger, Event, SessionDeleted, connect
from tests.support.server_process import ServerProcess

DEADLINE = 60
Does = Callable[[Client, Debugger], Awaitable[Any]]


@pytest.fixture
async def client(running: ServerProcess) -> AsyncIterator[Client]:
    """A client of the running server."""
    async with connect(running.url) as one:
        yield one


async def rewind(client: Client, session: Debugger) -> None:
    found = await session.history(limit=1)
    await client.call(
        "debug.rewind", session_id=session.session_id, checkpoint_id=found[0].checkpoint_id
    )


async def edit(client: Client, session: Debugger) -> None:
    await client.call("debug.setState", session_id=session.session_id, values={"query": "2"})


async def set_breakpoint(client: Client, session: Debugger) -> None:
    await client.call("debug.setBreakpoint", session_id=session.session_id, node_name="flood")


async def evaluate(client: Client, session: Debugger) -> None:
    await client.call("debug.evaluate", session_id=session.session_id, expression="1 + 1")


async def cancel(client: Client, session: Debugger) -> None:
    await client.cancel(session.session_id)


async def detach(client: Client, session: Debugger) -> None:
    await client.call("debug.detach", session_id=session.session_id)


async def step_twice(client: Client, session: Debugger) -> None:
    for _ in range(2):
        await client.call("debug.step", session_id=session.session_id, idempotency_key="once")
        await session.rest()


@pytest.mark.parametrize(
    ("does", "status"),
    [
        (rewind, "paused"),
        (edit, "paused"),
        (set_breakpoint, "paused"),
        (evaluate, "paused"),
        (cancel, "cancelled"),
        (detach, "completed"),
        (step_twice, "completed"),
    ],
)
async def test_what_is_done_to_a_stopped_session_is_followed_to_its_rest(
    client: Client, does: Does, status: str
) -> None:
    async with asyncio.timeout(DEADLINE), client.debug("3") as session:
        after = session.seq
        await does(client, session)
        events = [one async for one in client.follow(session.session_id, after=after)]
        assert await session.rest() == status
        assert session.seq == (await client.session(session.session_id)).seq
        assert [one.seq for one in events] == list(range(after + 1, session.seq + 1))
        # Once more, where nothing is left to come.
        assert [one async for one in client.follow(session.session_id, after=session.seq)] == []
        assert await session.rest() == status


@pytest.mark.parametrize(
    ("does", "status"), [(detach, "waiting"), (evaluate, "waiting"), (cancel, "cancelled")]
)
async def test_what_is_done_to_one_that_asks_is_followed_to_its_rest(
    client: Client, does: Does, status: str
) -> None:
    async with asyncio.timeout(DEADLINE), client.debug("x", graph="asks") as session:
        assert await session.resume() == "waiting"
        after = session.seq
        await does(client, session)
        assert await session.rest() == status
        events = [one async for one in client.follow(session.session_id, after=after)]
        assert [one.seq for one in events] == list(range(after + 1, session.seq + 1))


async def test_a_step_that_was_made_before_is_not_waited_for(client: Client) -> None:
    async with asyncio.timeout(DEADLINE), client.debug("x", graph="both") as session:
        one = session.task("left").task_id
        for _ in range(2):
            assert await session.step(task_id=one, idempotency_key="once") == "paused"
            assert {task.reason for task in session.tasks} == {"interrupt", "entry"}


async def test_a_run_that_another_one_followed_is_over(client: Client) -> None:
    first: list[Event] = [one async for one in client.run("1")]
    last = first[-1]
    async with asyncio.timeout(DEADLINE):
        async for _ in client.run("x", session_id=last.session_id):
            pass
        again = client.follow(last.session_id, after=last.seq, run_id=last.run_id)
        assert all(one.run_id != last.run_id for one in [one async for one in again])


async def test_a_deleted_session_is_waited_for_by_nobody(client: Client) -> None:
    async with client.debug("x", graph="asks") as session:
        await client.delete(session.session_id)
        with pytest.raises(SessionDeleted, match=session.session_id):
            await session.rest()
