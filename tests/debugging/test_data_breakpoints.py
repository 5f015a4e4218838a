"""Data breakpoints: a stop behind the superstep in which a node gave a channel of the state another value."""

from itertools import pairwise
from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


def counting(*values: int) -> graphs.Compiled:
    """A row of nodes, each of which writes its value to `n`."""
    names = [chr(ord("a") + number) for number in range(len(values))]
    nodes = {name: graphs.says(name, n=value) for name, value in zip(names, values, strict=True)}
    return graphs.build(*pairwise(names), **nodes)


async def test_it_stops_behind_the_node_that_changed_the_channel(serve: Serve) -> None:
    async with serve(counting(1, 1, 2)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"channel": "n"}])
        assert (session.stop["reason"], session.standing) == ("change", ["b"])
        assert session.stop["detail"] == "n changed, by a"
        assert session.stop["tasks"][0]["reason"] == "change"
        # b writes the same value again: nothing changes. c is the last, and the session stands at its end.
        await session.on()
        assert (session.status, session.standing) == ("paused", [])
        assert session.stop["reason"] == "change"
        assert session.stop["detail"].startswith("n changed, by c; the graph has ended")
        assert await session.on() == "completed"
        (listed,) = (await session.call("breakpoints"))["breakpoints"]
        assert (listed["channel"], listed["node_name"], listed["hits"]) == ("n", "", 2)
        assert listed["verified"] is True
        session.check(RAN)


async def test_a_subgraph_that_hands_a_channel_through_changes_nothing(serve: Serve) -> None:
    """LangGraph writes all that a subgraph shares with the graph above, also what is the same."""
    inner = graphs.build(x=graphs.says("sub/x"), y=graphs.says("sub/y"))
    graph = graphs.build(
        ("a", "sub"), ("sub", "b"), a=graphs.says("a", n=1), sub=inner, b=graphs.says("b")
    )
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"channel": "n"}, {"channel": "query"}])
        assert session.stop["detail"] == "n changed, by a"
        assert await session.on() == "completed"


async def test_a_channel_of_a_subgraph_with_the_siblings_that_wrote_it(serve: Serve) -> None:
    inner = graphs.build(
        ("x", "z"),
        ("y", "z"),
        x=graphs.says("sub/x"),
        y=graphs.says("sub/y"),
        z=graphs.says("sub/z"),
    )
    graph = graphs.build(("sub", "b"), sub=inner, b=graphs.says("b"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"node_name": "sub", "channel": "said"}])
        assert session.standing == ["sub/z"]
        assert session.stop["detail"] == "said of sub changed, by sub/x, sub/y"
        await session.on()
        assert session.standing == ["b"], "behind the subgraph's last node, in the graph above"
        assert session.stop["reason"] == "change"
        assert await session.on() == "completed"
        session.check(RAN, ("sub",))


async def test_conditions_hit_counts_and_logs_see_the_new_values(serve: Serve) -> None:
    points: list[dict[str, Any]] = [
        {"channel": "n", "condition": "state['n'] == 2"},
        {"channel": "said", "hit_count": 3},
    ]
    async with serve(graphs.cycle(5)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=points)
        assert (await session.values())["n"] == 2
        await session.on()
        assert session.stop["detail"] == "said changed, by check"
        assert len((await session.values())["said"]) == 3
        await session.call("setBreakpoint", channel="said", hit_count=100)
        removed = await session.call("removeBreakpoint", channel="n")
        assert (removed["removed"], removed["channel"]) == (True, "n")
        await session.call("setBreakpoint", channel="n", log="n is {state['n']}")
        assert await session.on() == "completed"
        assert [one["text"] for one in session.of("debug.log")] == ["n is 4", "n is 5"]
        told = [(one["change"], one["channel"]) for one in session.of("debug.breakpoint")]
        assert told == [("changed", "said"), ("removed", "n"), ("new", "n")]


async def test_an_edit_is_nobody_s_change_and_a_stop_outlives_what_stands_beside_it(
    serve: Serve,
) -> None:
    async with serve(counting(1, 2, 3)) as server, connect(server.url) as client:
        session = await debug(client)
        await session.edit({"n": 7})
        await session.call("setBreakpoint", channel="n")
        await session.on()
        assert session.stop["detail"] == "n changed, by a"
        await session.call("setBreakpoint", channel="n", enabled=False)
        assert await session.on() == "completed"


async def test_set_while_it_runs(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["a"])
        after = session.seq
        await session.call("continue")
        await session.event("progress")
        await session.call("setBreakpoint", channel="said")
        gate.set()
        await session.rest(after)
        assert session.stop["reason"] == "change"


async def test_what_is_wrong_with_one_is_said(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client)
        for given, kind, path, says in (
            ({"channel": "sad"}, "invalid_params", "$.channel", "said"),
            ({"channel": "sad", "node_name": "left/deeper"}, "invalid_params", "$.channel", "said"),
            ({"channel": "said", "node_name": "lefd"}, "node_not_found", None, "left"),
            ({"channel": "said", "file": "x.py", "line": 1}, "invalid_params", "$.file", "channel"),
            (
                {"channel": "said", "condition": "state["},
                "invalid_params",
                "$.condition",
                "expression",
            ),
        ):
            with pytest.raises(RpcError) as refused:
                await session.call("setBreakpoint", **given)
            assert refused.value.type == kind
            assert refused.value.path == path
            assert says in refused.value.detail
        with pytest.raises(RpcError) as refused:
            await client.call(
                "query.start", query="q", debug_mode=True, breakpoints=["left", {"channel": "sad"}]
            )
        assert refused.value.path == "$.breakpoints[1].channel"
        # By the name of a subgraph at any depth, as nodes are.
        found = await session.call("setBreakpoint", channel="said", node_name="deeper")
        assert found["node_name"] == "left/deeper"
