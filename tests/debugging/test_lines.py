"""Breakpoints by file and line of the nodes' source."""

from pathlib import Path
from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import attached, connect, debug, follow
from tests.debugging.graphs import RAN, State, ran
from tests.support.in_process import Serve

FILE = "tests/debugging/test_lines.py"
TEXT = Path(__file__).read_text(encoding="utf-8").splitlines()


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def alone(state: State) -> State:
    ran("alone")
    return {"said": ["alone"]}  # alone


async def shared(state: State) -> State:
    return {"said": ["shared"]}  # shared


def line(mark: str) -> int:
    return next(number for number, text in enumerate(TEXT, 1) if text.endswith(f"# {mark}"))


def graph() -> Any:
    """first → sub (alone) → last, where first and last are one function."""
    inner = graphs.build(inner=True, alone=alone)
    return graphs.build(("first", "sub"), ("sub", "last"), first=shared, sub=inner, last=shared)


async def test_a_line_stops_at_its_node_in_a_subgraph(serve: Serve) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        given = {"file": FILE, "line": line("alone")}
        session = await debug(client, breakpoints=[given])
        assert session.standing == ["sub/alone"]
        assert RAN["alone"] == 0
        [listed] = (await session.call("breakpoints"))["breakpoints"]
        begins = line("alone") - 2
        place = (listed["node_name"], listed["file"], listed["line"], listed["verified"])
        assert place == ("sub/alone", FILE, begins, True)
        # The same line again changes it; what is left out stays.
        await session.call("setBreakpoint", **given, condition="True")
        off = await session.call("setBreakpoint", **given, enabled=False)
        assert off == {
            "session_id": session.id,
            "node_name": "sub/alone",
            "node_names": ["sub/alone"],
            "breakpoint_enabled": False,
            "total_breakpoints": 0,
            "file": FILE,
            "line": begins,
            "channel": None,
        }
        [listed] = (await session.call("breakpoints"))["breakpoints"]
        assert (listed["condition"], listed["enabled"]) == ("True", False)
        assert await session.on() == "completed"


async def test_a_function_of_two_nodes_stops_at_both_and_is_removed_at_both(serve: Serve) -> None:
    async with (
        serve(graph()) as server,
        connect(server.url) as client,
        connect(server.url) as other,
    ):
        session = await debug(client, breakpoints=["first"])
        ide = await attached(other, session.id)
        given = {"file": str(Path(__file__)), "line": line("shared")}
        # The one that was set by name is the same.
        made = await session.call("setBreakpoint", **given, when="before")
        assert (made["node_names"], made["total_breakpoints"]) == (["first", "last"], 2)
        await session.on()
        assert session.standing == ["last"]
        gone = await session.call("removeBreakpoint", **given)
        assert (gone["removed"], gone["total_breakpoints"]) == (True, 0)
        await ide.event("debug.breakpoint", 4)
        assert [
            (one["change"], one["node_name"], one["file"], one["line"])
            for one in ide.of("debug.breakpoint")
        ] == [
            ("changed", "first", FILE, line("shared") - 1),
            ("new", "last", FILE, line("shared") - 1),
            ("removed", "first", FILE, line("shared") - 1),
            ("removed", "last", FILE, line("shared") - 1),
        ]
        again = await session.call("removeBreakpoint", **given)
        assert not again["removed"]
        assert await session.on() == "completed"


async def test_one_that_was_set_by_a_bare_name_is_meant_by_its_line(serve: Serve) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.call("setBreakpoint", node_name="alone", hit_count=1)
        await session.call("setBreakpoint", file=FILE, line=line("alone"), enabled=False)
        [listed] = (await session.call("breakpoints"))["breakpoints"]
        assert (listed["node_name"], listed["enabled"], listed["hit_count"]) == ("alone", False, 1)
        assert (listed["file"], listed["line"]) == (FILE, line("alone") - 2)
        assert (await session.call("removeBreakpoint", file=FILE, line=line("alone")))["removed"]
        assert (await session.call("breakpoints"))["breakpoints"] == []


async def test_lines_are_set_and_removed_while_it_runs(serve: Serve) -> None:
    gated, gate = graphs.gated()
    outer = graphs.build(("sub", "one"), ("one", "two"), sub=gated, one=shared, two=shared)
    async with serve(outer) as server, connect(server.url) as client:
        points = [{"node_name": "sub/a", "log": "-"}, {"file": FILE, "line": line("shared")}]
        started = await client.call("query.start", query="q", debug_mode=True, breakpoints=points)
        session = await follow(client, started["session_id"])
        await session.event("progress")
        place = {"file": FILE, "line": line("shared")}
        gone = await session.call("removeBreakpoint", **place)
        assert (gone["node_names"], gone["removed"]) == (["one", "two"], True)
        made = await session.call("setBreakpoint", **place, condition="'shared' in state['said']")
        assert made["node_names"] == ["one", "two"]
        gate.set()
        await session.rest()
        assert session.standing == ["two"]


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        ({"file": FILE, "line": 1}, "Node not found", f"({FILE}:"),
        ({"file": "tests/debugging/test_line.py", "line": 9}, "Node not found", "did you mean"),
        ({"file": FILE}, "Invalid params", "`file` and `line`"),
        ({"line": 9}, "Invalid params", "`file` and `line`"),
        ({}, "Invalid params", "`file` and `line`"),
        ({"node_name": "first", "file": FILE, "line": 9}, "Invalid params", "one of these"),
        ({"file": FILE, "line": 0}, "Invalid params", "1"),
        ({"file": "", "line": 1}, "Invalid params", "1"),
        ({"file": "no\0file", "line": 1}, "Node not found", "its nodes are in"),
    ],
)
async def test_what_is_no_place_is_refused_and_nothing_is_set(
    serve: Serve, given: dict[str, Any], kind: str, says: str
) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client)
        for method in ("setBreakpoint", "removeBreakpoint"):
            with pytest.raises(RpcError, match=kind) as refused:
                await session.call(method, **given)
            assert says in str(refused.value)
        with pytest.raises(RpcError, match=kind):
            await client.call("query.start", query="q", debug_mode=True, breakpoints=[given])
        assert (await session.call("breakpoints"))["breakpoints"] == []


async def test_the_python_client_sets_and_removes_by_line(serve: Serve) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client)
        made = await session.debugger.set_breakpoint(file=FILE, line=line("alone"))
        assert made.node_name == "sub/alone"
        await session.on()
        assert session.standing == ["sub/alone"]
        gone = await session.debugger.remove_breakpoint(file=FILE, line=line("alone"))
        assert gone.removed


async def test_an_editor_is_told_the_folder_unless_the_server_hides_it(serve: Serve) -> None:
    for settings, root in ({}, str(Path.cwd())), ({"show_source_root": False}, None):
        async with serve(graph(), **settings) as server, connect(server.url) as client:
            described = await client.call("graph.describe")
            assert described["root"] == root
            assert described["nodes"][1]["source"]["file"] == FILE
