"""Sources of frames and of breakpoints: nodes at any depth, in other folders, tasks that functions call, tools."""

import os
import shutil
from pathlib import Path

import pytest

from tests.dap.conftest import FLOW
from tests.dap.editor import RefusedError, editor
from tests.support.server_process import ServerProcess

ELSEWHERE = '''
from typing import TypedDict

from langchain_core.tools import tool
from langgraph.func import task
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode


class State(TypedDict, total=False):
    query: str
    said: str


@task
async def look_up(text: str) -> str:
    return text


@tool
def first(text: str) -> str:
    """One."""
    return text


@tool
def second(text: str) -> str:
    """Two."""
    return text


async def deep(state: State) -> State:
    return {"said": await look_up("x")}


innermost = StateGraph(State)
innermost.add_node("deep", deep)
innermost.add_edge(START, "deep")
inner = StateGraph(State)
inner.add_node("innermost", innermost.compile())
inner.add_edge(START, "innermost")
tools = StateGraph(MessagesState)
tools.add_node("tools", ToolNode([first, second]))
tools.add_edge(START, "tools")
'''

PROJECT = """
import sys

sys.path.insert(0, {folder!r})
from elsewhere import State, inner
from langgraph.graph import START, StateGraph

builder = StateGraph(State)
builder.add_node("inner", inner.compile())
builder.add_edge(START, "inner")
graph = builder.compile()
"""


def line_of(file: Path, text: str) -> int:
    lines = file.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The graph's file, and that of its subgraphs, in a folder that is not the server's."""
    there = tmp_path_factory.mktemp("elsewhere") / "elsewhere.py"
    there.write_text(ELSEWHERE)
    here = tmp_path_factory.mktemp("project") / "graph.py"
    here.write_text(PROJECT.format(folder=str(there.parent)))
    return here, there


async def test_a_subgraph_of_another_folder_two_levels_down(files: tuple[Path, Path]) -> None:
    here, there = files
    async with editor() as one:
        dots = [line_of(there, "await look_up"), line_of(there, "return text")]
        (found,) = await one.launch(
            f"{here}:graph", query="q", cwd=str(here.parent), breakpoints={str(there): dots}
        )
        assert [each["verified"] for each in found] == [True, True]
        begins = [line_of(there, "async def deep"), line_of(there, "@task")]
        assert [each["line"] for each in found] == begins
        thread, name = await one.stopped("breakpoint")
        assert name == "deep"
        frame = (await one.frames(thread))[0]
        assert frame["source"]["path"] == str(there)
        assert (frame["line"], frame["endLine"]) == (begins[0], dots[0])
        loaded = (await one.ask("loadedSources"))["sources"]
        assert [each["path"] for each in loaded] == [str(there)]
        at = await one.ask("breakpointLocations", source={"path": str(there)}, line=1, endLine=1000)
        assert [each["line"] for each in at["breakpoints"]] == sorted(begins)
        # What a function calls as a task is a frame of its own.
        await one.ask("continue", threadId=thread)
        thread, name = await one.stopped("breakpoint")
        assert name == "look_up"
        called, caller = (await one.frames(thread))[:2]
        assert (called["line"], caller["line"]) == (begins[1], begins[0])
        assert called["source"]["path"] == str(there)
        targets = await one.ask("gotoTargets", source={"path": str(there)}, line=dots[1])
        assert targets["targets"] == [], "it is no node"
        await one.ask("continue", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0


async def test_a_file_that_was_written_after_it_was_loaded_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    shutil.copy(FLOW, path)
    os.utime(path, (1, 1))
    dot = {"line": line_of(path, 'return {"said": ["ask"]}')}
    async with editor() as one:
        found, _ = await one.launch(
            f"{path}:graph",
            query="q",
            cwd=str(tmp_path),
            functions=["begin"],
            breakpoints={str(path): [dot]},
        )
        assert (found[0]["verified"], found[0].get("message")) == (True, None)
        await one.stopped()
        # In the editor, while the graph stands.
        later = path.stat().st_ctime + 3600
        os.utime(path, (later, later))
        source = {"path": str(path)}
        found = (await one.ask("setBreakpoints", source=source, breakpoints=[dot]))["breakpoints"]
        assert found[0]["verified"]
        assert "written after the graph was loaded" in found[0]["message"]
        # With the code as it is now it is the graph's own again.
        os.utime(path, (1, 1))
        await one.ask("restart")
        await one.stopped()
        found = (await one.ask("setBreakpoints", source=source, breakpoints=[dot]))["breakpoints"]
        assert (found[0]["verified"], found[0].get("message")) == (True, None)


async def test_each_tool_of_a_node_is_a_place_of_it(files: tuple[Path, Path]) -> None:
    _, there = files
    async with editor() as one:
        with pytest.raises(RefusedError):
            await one.ask("breakpointLocations", source={"path": str(there)}, line=1)
        text = there.read_text() + "\ngraph = tools.compile()\n"
        own = there.with_name("with_tools.py")
        own.write_text(text)
        dots = [line_of(own, '"""One."""') + 1, line_of(own, '"""Two."""') + 1]
        (found,) = await one.launch(
            f"{own}:graph",
            input={"messages": []},
            cwd=str(own.parent),
            stopOnEntry=True,
            breakpoints={str(own): dots},
        )
        assert [each["verified"] for each in found] == [True, True]


async def test_a_server_that_shows_no_folders(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Breakpoints by name and the rest go on; no path of the server's machine is told."""
    here, _ = files
    env = {"STEPWIRE_SHOW_SOURCE_ROOT": "false"}
    server = ServerProcess([f"{here}:graph"], tmp_path, env=env)
    try:
        server.start()
        async with editor() as one:
            await one.launch("", attach=True, url=server.http_url, query="q", functions=["*/deep"])
            thread, name = await one.stopped()
            assert name == "deep"
            source = (await one.frames(thread))[0]["source"]["path"]
            assert not os.path.isabs(source)
            assert source.endswith("elsewhere.py")
    finally:
        server.close()
