"""`stepwire check`: before a deploy, which sessions it would break; the server that has them goes on meanwhile."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartServer
from tests.debugging.drive import connect, debug, run
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess

SOURCE = """
import operator
from typing import Annotated, TypedDict
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

class State(TypedDict, total=False):
    query: str
    note: str
    said: Annotated[list[str], operator.add]

def work(state):
    return {"note": "n", "said": ["work"]}

def ask(state):
    return {"said": [interrupt("sure?")]}

inner = StateGraph(State).add_node("ask", ask).add_edge(START, "ask").compile()
builder = StateGraph(State).add_node("work", work).add_node("sub", inner)
graph = builder.add_edge(START, "work").add_edge("work", "sub").compile()
"""


@pytest.fixture
async def stored(server: StartServer, tmp_path: Path) -> tuple[ServerProcess, dict[str, str]]:
    """A server with a session that waits, one that stands, and one that is over."""
    file = tmp_path / "flow.py"
    file.write_text(SOURCE)
    process = server(f"{file}:graph")
    async with connect(process.url) as one:
        waiting = await run(one)
        stands = await debug(one)
        over = await run(one)
        await over.respond("yes")
        ids = {"waiting": waiting.id, "paused": stands.id}
    return process, ids


def checked(process: ServerProcess, target: str, code: int) -> Any:
    done = stepwire("check", target, "--data-dir", str(process.data_dir), "--json")
    assert done.returncode == code, done.stderr + done.stdout
    return json.loads(done.stdout)


def new_version(tmp_path: Path, *changes: tuple[str, str]) -> str:
    source = SOURCE
    for old, new in changes:
        source = source.replace(old, new)
    (tmp_path / "new").mkdir(exist_ok=True)
    (tmp_path / "new" / "flow.py").write_text(source)
    return f"flow={tmp_path}/new/flow.py:graph"


async def test_what_a_new_version_would_break(
    stored: tuple[ServerProcess, dict[str, str]], tmp_path: Path
) -> None:
    process, ids = stored
    same = new_version(tmp_path, ('"n"', '"another"'))
    assert checked(process, same, 0) == {"checked": 2, "broken": []}
    for changes, why, which in (
        (
            (('add_node("ask"', 'add_node("asks"'), ('START, "ask"', 'START, "asks"')),
            "no node 'sub/ask'",
            {"waiting"},
        ),
        ((('"work"', '"works"'),), "no node 'work'", {"paused"}),
        ((("note", "remark"),), "no key 'note'", {"waiting"}),
    ):
        found = checked(process, new_version(tmp_path, *changes), 1)
        assert {one["session_id"] for one in found["broken"]} == {ids[each] for each in which}
        assert all(why in one["why"] for one in found["broken"])
        assert {one["status"] for one in found["broken"]} == which
    # Nothing was changed by it: the old version goes on with both.
    async with connect(process.url) as one:
        for status, session_id in ids.items():
            assert (await one.client.session(session_id)).status == status


async def test_for_people_and_with_settings(
    stored: tuple[ServerProcess, dict[str, str]], tmp_path: Path
) -> None:
    process, ids = stored
    new_version(tmp_path)
    toml = tmp_path / "new" / "stepwire.toml"
    toml.write_text('[graphs]\nother = "flow.py:graph"\n')
    data = str(process.data_dir)
    done = stepwire("check", "--data-dir", data, cwd=tmp_path / "new")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "2 unfinished sessions, 2 could not go on"
    assert f"  {ids['waiting']}  waiting  flow: there is no graph 'flow'" in done.stdout
    # Of those named only.
    done = stepwire("check", "other=flow.py:graph", "--data-dir", data, cwd=tmp_path / "new")
    assert (done.returncode, done.stdout) == (0, "0 unfinished sessions, all could go on\n")


def test_what_cannot_be_checked(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def broken(:\n")
    (tmp_path / "good.py").write_text(SOURCE)
    done = stepwire("check", "good.py:graph", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no .stepwire/stepwire.db" in done.stderr
    assert not (tmp_path / ".stepwire").exists()


async def test_a_version_that_does_not_import(
    stored: tuple[ServerProcess, dict[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "bad.py").write_text("def broken(:\n")
    done = stepwire("check", f"{tmp_path}/bad.py:graph", "--data-dir", str(stored[0].data_dir))
    assert done.returncode == 2
    assert "bad.py:1: SyntaxError" in done.stderr


async def test_a_server_says_at_its_start_what_rests_and_cannot_go_on(
    stored: tuple[ServerProcess, dict[str, str]], tmp_path: Path
) -> None:
    process, ids = stored
    process.stop()
    process.graphs = [new_version(tmp_path, ('"work"', '"works"'))]
    process.restart()
    (line,) = process.wait_for("graph 'flow' changed")
    assert "1 of its sessions that wait or stand cannot go on, there is no node 'work'" in line
    assert ids["paused"] in line
