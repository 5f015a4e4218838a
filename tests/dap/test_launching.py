"""A launch: a server of the editor's own, and why it does not start."""

import os
import socket
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.dap.conftest import FLOW
from tests.dap.editor import RefusedError, editor
from tests.dap.left import connected, ended, leaving_nothing, servers
from tests.support.server_process import ROOT

SOURCE = Path(FLOW).read_text()


async def test_a_server_of_its_own_ends_with_the_session(tmp_path: Path) -> None:
    async with editor() as one:
        await one.launch(f"{FLOW}:graph", query="q", functions=["ask"], cwd=str(tmp_path))
        thread, name = await one.stopped("function breakpoint")
        assert name == "ask"
        assert "Stepwire serves" in one.said("stdout")
        first = await connected(one)
        with pytest.raises(RefusedError, match="this adapter debugs already"):
            await one.ask("launch", program=f"{FLOW}:graph")
        # Once more, from the beginning.
        await one.ask("restart")
        again, name = await one.stopped("function breakpoint")
        assert name == "ask"
        await ended(first)
        second = await connected(one)
        await one.ask("continue", threadId=again)
        await one.event("terminated")
        await one.ask("disconnect")
        assert thread
    await ended(second)
    # Nothing of it stays.
    assert os.listdir(tmp_path) == []


async def test_an_adapter_that_is_killed_leaves_no_server(tmp_path: Path) -> None:
    """As an editor does that ends at once, or hangs and is ended."""
    async with editor(killed=True) as one:
        await one.launch(f"{FLOW}:graph", query="q", functions=["ask"], cwd=str(tmp_path))
        await one.stopped("function breakpoint")
        open_socket = await connected(one)
        one.process.kill()
        # The server closes what is open, at its end.
        await ended(open_socket)


async def test_lines_of_a_program_in_another_folder(tmp_path: Path) -> None:
    """An editor that says no `cwd` starts the adapter anywhere: the dots in its file are of that file."""
    path = tmp_path / "flow_elsewhere.py"
    path.write_text(SOURCE)
    line = next(n for n, text in enumerate(SOURCE.splitlines(), 1) if "def ask(" in text)
    async with editor() as one:
        await one.launch(f"{path}:graph", query="q", breakpoints={str(path): [line]})
        _, name = await one.stopped("breakpoint")
        assert name == "ask"


@pytest.mark.parametrize(
    ("source", "more", "reason"),
    [
        ("def (", {}, "SyntaxError"),
        ("x = 1", {}, "graph"),
        (None, {}, "flow_of_mine.py"),
        ("x = 1", {"python": "/nowhere/python"}, "cannot run /nowhere/python"),
        ("x = 1", {"cwd": "/nowhere"}, "`cwd` is no folder: /nowhere"),
        ("import of_mine", {}, r"of_mine is to be installed where `python` is: \S*python"),
        # One without Stepwire, and what is no Python.
        ("x = 1", {"python": "bare/bin/python"}, r"install it there: \S*/bare/bin/python -m pip"),
        ("x = 1", {"python": "true"}, r"exit code 0\): true said nothing; `python` is"),
    ],
)
async def test_why_it_does_not_start(
    tmp_path: Path, source: str | None, more: dict[str, Any], reason: str
) -> None:
    path = tmp_path / "flow_of_mine.py"
    if source is not None:
        path.write_text(source)
    if more.get("python") == "bare/bin/python":
        # As where nothing but the interpreter says where packages are.
        env = {"PYTHONPATH": None}
        more = {"python": str(tmp_path / more["python"]), "cwd": str(tmp_path), "env": env}
        venv.create(tmp_path / "bare", symlinks=True)
    async with leaving_nothing(tmp_path) as one:
        with pytest.raises(RefusedError, match=reason):
            await one.launch(f"{path}:graph", **more)
        await one.event("terminated")


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with leaving_nothing(tmp_path) as one:
            with pytest.raises(RefusedError, match=str(taken.getsockname()[1])):
                await one.launch(f"{FLOW}:graph", port=taken.getsockname()[1])


async def test_a_langgraph_json(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(SOURCE)
    (tmp_path / "langgraph.json").write_text('{"graphs": {"mine": "./flow.py:graph"}}')
    async with editor() as one:
        await one.launch("langgraph.json", cwd=str(tmp_path), query="q", stopOnEntry=True)
        thread, _ = await one.stopped("entry")
        assert (await one.frames(thread))[-1]["name"] == "mine"


GIVEN = """
import os
import sys
from dataclasses import dataclass
from typing import Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime


@dataclass
class Context:
    tone: str = "plain"


class State(TypedDict, total=False):
    query: str
    n: int
    tone: str
    found: dict[str, Any]


async def look(state: State, runtime: Runtime[Context]) -> State:
    names = ("GIVEN_TEXT", "GIVEN_NUMBER", "GIVEN_GONE")
    found = {name: os.environ.get(name) for name in names}
    return {"tone": runtime.context.tone, "found": {**found, "prefix": sys.prefix, "cwd": os.getcwd()}}


async def after(state: State) -> State:
    return {}


builder = StateGraph(State, context_schema=Context)
builder.add_sequence([look, after])
builder.add_edge(START, "look")
graph = builder.compile()
"""
"""A graph that says what it was given beside its input."""


async def test_what_a_launch_gives_reaches_the_graph(tmp_path: Path) -> None:
    """Another interpreter, environment, config, input, more arguments of the server, a graph of theirs, and a folder that stays."""
    (tmp_path / "given.py").write_text(GIVEN)
    other = tmp_path / "other"
    venv.create(other, symlinks=True)
    paths = f"{ROOT}\n{sysconfig.get_path('purelib')}\n"
    (library,) = other.glob("lib/python*/site-packages")
    (library / "ours.pth").write_text(paths)
    temporary, data = tmp_path / "temporary", tmp_path / "data"
    temporary.mkdir()
    async with editor(TMPDIR=str(temporary), GIVEN_GONE="there") as one:
        await one.launch(
            f"{FLOW}:graph",
            cwd=str(tmp_path),
            serveArgs=["second=given.py:graph"],
            graph="second",
            input={"query": "q", "n": 3},
            config={"tone": "warm"},
            env={
                "GIVEN_TEXT": "yes",
                "GIVEN_NUMBER": 5,
                "GIVEN_GONE": None,
            },
            python=str(other / "bin" / "python"),
            dataDir=str(data),
            functions=["after"],
        )
        thread, _ = await one.stopped("function breakpoint")
        frame = (await one.frames(thread))[0]
        assert frame["source"]["path"] == str(tmp_path / "given.py")
        state = await one.inside(await one.scope(frame["id"], "State"))
        assert (state["n"]["value"], state["tone"]["value"]) == ("3", '"warm"')
        found = await one.inside(state["found"]["variablesReference"])
        assert {name: each["value"] for name, each in found.items()} == {
            "GIVEN_TEXT": '"yes"',
            "GIVEN_NUMBER": '"5"',
            "GIVEN_GONE": "None",
            "prefix": f'"{other}"',
            "cwd": f'"{tmp_path}"',
        }
        (module,) = (await one.ask("modules"))["modules"]
        path = str(tmp_path / "given.py")
        assert module == {"id": "second", "name": "second", "path": path}
        assert frame["moduleId"] == module["id"]
        await one.ask("disconnect")
    assert os.listdir(temporary) == []
    assert os.listdir(data), "what was asked to be kept is"


async def test_it_is_ended_while_it_starts(tmp_path: Path) -> None:
    """A graph that takes its time to load, and a person who has had enough."""
    path = tmp_path / "slow.py"
    path.write_text("import time\nprint('loading', flush=True)\ntime.sleep(600)\n")
    async with leaving_nothing(tmp_path) as one:
        await one.ask("initialize", adapterID="x")
        launched = one.send("launch", program=f"{path}:graph")
        await one.event("output", lambda body: "loading" in body["output"])
        await one.ask("terminate")
        with pytest.raises(RefusedError, match="ended before it had begun"):
            await one.answer(launched)
        await one.event("terminated")
        assert (await one.ask("threads"))["threads"] == []


async def test_a_server_that_ends_in_the_middle(tmp_path: Path) -> None:
    async with leaving_nothing(tmp_path) as one:
        await one.launch(f"{FLOW}:graph", query="q", functions=["ask"])
        await one.stopped("function breakpoint")
        (server,) = servers(one, tmp_path)
        os.kill(server, 9)
        assert (await one.event("exited"))["exitCode"] == 1
        await one.event("terminated")
        assert "the server has ended (signal 9, Killed)" in one.said("important")
        # Once more: with a server that is there.
        await one.ask("restart")
        assert (await one.stopped("function breakpoint"))[1] == "ask"
        await one.ask("disconnect")
