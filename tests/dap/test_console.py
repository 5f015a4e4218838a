"""What is typed in the debug console, and what is shown of a run that takes long."""

from pathlib import Path
from typing import Any

import pytest

from tests.dap.editor import Editor, RefusedError, editor
from tests.support.server_process import ServerProcess

LONG = """
import asyncio
from pathlib import Path
from typing import TypedDict
from langgraph.graph import StateGraph

class State(TypedDict, total=False):
    query: str
    said: str

async def wait(state: State) -> State:
    while not Path(state["query"]).exists():
        await asyncio.sleep(0.01)
    return {"said": "waited"}

async def after(state: State) -> State:
    return {"said": "after"}

builder = StateGraph(State)
builder.add_sequence([wait, after])
builder.set_entry_point("wait")
graph = builder.compile()
"""
"""A graph whose first node runs until the file that it is asked for is there."""


async def launched(one: Editor, folder: Path, **more: Any) -> Path:
    """Run `LONG` in an editor that shows progress; the file that it waits for."""
    (folder / "long.py").write_text(LONG)
    file = folder / "go"
    await one.launch(
        f"{folder / 'long.py'}:graph",
        query=str(file),
        cwd=str(folder),
        supports=("supportsProgressReporting",),
        **more,
    )
    return file


async def test_a_run_that_takes_long_shows_that_it_goes_on(tmp_path: Path) -> None:
    async with editor() as one:
        file = await launched(one, tmp_path)
        begun = await one.event("progressStart")
        assert (begun["title"], begun["cancellable"]) == ("The graph runs", False)
        file.touch()
        told = await one.event("progressUpdate", lambda body: body["message"] == "after")
        assert told["progressId"] == begun["progressId"]
        assert await one.event("progressEnd") == {"progressId": begun["progressId"]}
        assert (await one.event("exited"))["exitCode"] == 0


async def test_what_is_shown_of_a_long_run_ends_where_it_stops(tmp_path: Path) -> None:
    async with editor() as one:
        file = await launched(one, tmp_path, functions=["after"])
        begun = await one.event("progressStart")
        file.touch()
        assert await one.event("progressEnd") == {"progressId": begun["progressId"]}
        _, name = await one.stopped("function breakpoint")
        assert name == "after"


async def test_the_console_goes_on_behind_a_node(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=flow.http_url, query="q", stopOnEntry=True)
        await one.stopped("entry")
        with pytest.raises(
            RefusedError, match=r"go on behind which node\? begin, .*literature/rank"
        ):
            await one.ask("evaluate", expression="goto nothing", context="repl")
        told = await one.ask("evaluate", expression="goto begin", context="repl")
        assert told["result"] == "goes on behind begin"
        at = {name: thread for thread, name in [await one.stopped("goto") for _ in range(2)]}
        assert set(at) == {"literature", "other"}
        assert (await one.state(at["other"]))["said"] == "[]", "it has not run"
        with pytest.raises(RefusedError, match="no target 99"):
            await one.ask("goto", threadId=at["other"], targetId=99)


async def test_the_console_says_what_it_can_and_what_is_wrong(flow: ServerProcess) -> None:
    async with editor() as one:
        await one.launch("", attach=True, url=flow.http_url, query="q", stopOnEntry=True)
        await one.stopped("entry")

        async def typed(text: str) -> str:
            found: str = (await one.ask("evaluate", expression=text, context="repl"))["result"]
            return found

        said = await typed("help")
        for command in ("respond", "rewind", "goto", "history", "help"):
            assert f"  {command}" in said
        for text, wrong in (
            ("respond 1", "nobody asks"),
            ("rewind", "rewind to which checkpoint"),
            ("rewind zzz", "0 checkpoints begin with 'zzz'"),
        ):
            with pytest.raises(RefusedError, match=wrong):
                await typed(text)
        assert await typed("state['query'] * 2") == '"qq"'
