"""A connection to the server that breaks, comes back or does not, and one that carries nothing any more."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rpc.client import connect
from tests.dap.editor import Editor, RefusedError, editor
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess


@pytest.fixture
async def line(flow: ServerProcess) -> AsyncIterator[Proxy]:
    """The way to the server."""
    async with Proxy(flow.port) as proxy:
        yield proxy


async def told(one: Editor, text: str) -> str:
    """The next line of the debug console with a text."""
    body = await one.event("output", lambda body: text in body["output"])
    assert body["category"] == "important"
    found: str = body["output"]
    return found


async def at_a_stop(one: Editor, line: Proxy, **more: Any) -> int:
    """A query of the editor's own, which stands at a node; its thread."""
    await one.launch("", attach=True, url=line.url, query="q", functions=["ask"], **more)
    thread, name = await one.stopped("function breakpoint")
    assert name == "ask"
    return thread


async def test_a_connection_that_breaks_is_said_and_comes_back(line: Proxy) -> None:
    async with editor() as one:
        thread = await at_a_stop(one, line)
        line.cut_all()
        said = await told(one, "the connection is lost")
        assert said.startswith("! the connection is lost, and tried again: ")
        assert said.rpartition(": ")[2].strip(), "no reason"
        assert await told(one, "the server is") == "! the server is there again\n"
        # Nothing is lost: what stood stands, and goes on.
        assert "begin" in (await one.state(thread))["said"]
        await one.ask("next", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0
        await one.event("terminated")


async def test_a_connection_that_does_not_come_back_ends_the_debugging(line: Proxy) -> None:
    async with editor() as one:
        await at_a_stop(one, line, reconnectSeconds=0.5)
        line.down = True
        line.cut_all()
        await told(one, "! the connection is lost, and tried again: ")
        await told(one, "! the server has gone: the connection was lost, and ")
        assert (await one.event("exited"))["exitCode"] == 1
        await one.event("terminated")
        # What is asked of it then is answered.
        with pytest.raises(RefusedError, match="the connection was lost"):
            await one.ask("pause", threadId=1)
        await one.ask("disconnect")


async def test_an_editor_that_stops_is_not_kept_by_a_server_that_is_silent(
    flow: ServerProcess,
) -> None:
    """Whether it leaves the session or ends it: one editor does each, and they wait at the same time."""

    async def stop(terminates: bool, what: str) -> None:
        async with Proxy(flow.port) as line, editor() as one:
            await at_a_stop(one, line)
            line.mute_all()
            with pytest.raises(
                RefusedError, match="no answer from the server in 5 s; `disconnect`"
            ):
                await one.ask("terminate")
            leaving = one.send("disconnect", terminateDebuggee=terminates)
            said = await told(one, "could not be told")
            assert (
                said
                == f"! the server could not be told that the session is {what}: no answer in 5 s\n"
            )
            await one.answer(leaving)

    async with asyncio.TaskGroup() as both:
        both.create_task(stop(False, "left"))
        both.create_task(stop(True, "ended"))


async def test_a_restart_joins_the_same_session_anew(flow: ServerProcess) -> None:
    """Though there is a newer one by then. What the editor has set stays so."""
    async with editor() as one, connect(flow.url) as client:
        first = (await client.start("q", debug_mode=True, breakpoints=["begin"])).session_id
        async for event in client.events(first, after=0):
            if event.type == "debug.stopped":
                break
        await one.launch("", attach=True, url=flow.http_url, functions=["ask"])
        thread, name = await one.stopped()
        assert name == "begin"
        second = (await client.start("q", debug_mode=True, breakpoints=["begin"])).session_id
        await one.ask("restart")
        await one.event("thread", lambda body: body == {"reason": "exited", "threadId": thread})
        thread, name = await one.stopped()
        assert name == "begin"
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        assert (await client.session(first)).status == "paused"
        assert "ask" not in {
            each["node_name"]
            for each in (await client.call("debug.breakpoints", session_id=second))["breakpoints"]
        }
        await one.ask("continue", threadId=thread)
        # It is not this editor's own: its end is told, and the debugging goes on.
        await one.event("output", lambda body: body["output"] == "the run is completed\n")
        assert (await client.session(first)).status == "completed"
        await client.cancel(second)
