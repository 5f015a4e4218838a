"""Requests that are cancelled while they run, and a run that is paused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dap.conftest import FLOW
from tests.dap.editor import RefusedError, editor
from tests.dap.left import leaving_nothing
from tests.dap.test_console import launched
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess


@pytest.fixture
async def line(flow: ServerProcess) -> AsyncIterator[Proxy]:
    """The way to the server."""
    async with Proxy(flow.port) as proxy:
        yield proxy


async def test_a_look_that_takes_long_is_cancelled_and_what_waits_behind_it_goes_on(
    line: Proxy,
) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=line.url, query="q", functions=["ask"])
        thread, _ = await one.stopped("function breakpoint")
        frame = (await one.frames(thread))[0]["id"]
        line.mute_all()
        look = one.send("evaluate", expression="state['said']", frameId=frame)
        waiting = one.send("evaluate", expression="state['many']", frameId=frame)
        behind = one.send("threads")
        number = one.last
        await one.ask("cancel", requestId=number - 1)
        await one.ask("cancel", requestId=number - 2)
        for cancelled in (look, waiting):
            with pytest.raises(RefusedError, match=r"^cancelled$"):
                await one.answer(cancelled)
        assert len((await one.answer(behind))["threads"]) == 1
        # One that has been answered, one that nobody asked, and one that names none.
        for given in ({"requestId": number}, {"requestId": 9999}, {"progressId": "none"}, {}):
            assert await one.ask("cancel", **given) == {}


async def test_a_launch_is_cancelled(tmp_path: Path) -> None:
    async with leaving_nothing(tmp_path) as one:
        await one.ask("initialize", adapterID="x")
        launch = one.send("launch", program=f"{FLOW}:graph", query="q", cwd=str(tmp_path))
        number = one.last
        await one.event("initialized")
        await one.ask("cancel", requestId=number)
        with pytest.raises(RefusedError, match=r"^cancelled$"):
            await one.answer(launch)
        await one.event("terminated")
        # There may be another one.
        await one.launch(f"{FLOW}:graph", query="q", cwd=str(tmp_path), functions=["ask"])
        await one.stopped("function breakpoint")


async def test_a_run_is_paused_at_its_next_node(tmp_path: Path) -> None:
    async with editor() as one:
        file = await launched(one, tmp_path)
        await one.event("output", lambda body: body["output"] == "→ wait\n")
        (thread,) = (await one.threads()).values()
        for request in ("next", "stepBack", "goto"):
            with pytest.raises(RefusedError, match=r"wait runs: it is moved when it stands|target"):
                await one.ask(request, threadId=thread, targetId=1)
        await one.ask("pause", threadId=thread)
        await asyncio.to_thread(file.touch)
        paused, name = await one.stopped("pause")
        assert (paused, name) == (thread, "after")
        await one.ask("continue", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0
