"""Stops and steps in graphs of every shape: what stands, what ran, and that nothing ran more than it had to."""

import gc
import logging
from typing import Any

import pytest

from tests.debugging import graphs
from tests.debugging.drive import connect, debug
from tests.debugging.graphs import DEEP, RAN
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def undebugged(graph: Any, query: str = "q") -> tuple[Any, dict[str, int]]:
    """What the graph gives without a debugger, and how often its bodies ran."""
    given = query if not hasattr(graph, "builder") else {"query": query}
    result = await graph.ainvoke(given)
    counts = dict(RAN)
    RAN.clear()
    return result, counts


async def test_subgraphs_two_deep_stop_beside_each_other_and_each_goes_alone(serve: Serve) -> None:
    graph = graphs.deep()
    plain, once = await undebugged(graph)
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "q", "side"])
        assert session.standing == ["left/deeper/y", "right/q", "side"]
        assert session.stop["reason"] == "breakpoint"
        assert await session.step(at="side") == "paused"
        assert session.standing == ["left/deeper/y", "right/q"]
        assert RAN["side"] == 1
        await session.step(at="right/q")
        assert session.standing == ["left/deeper/y"]
        assert RAN["left/deeper/x"] == 1
        await session.step(at="left/deeper/y")
        assert session.standing == ["join"]
        assert session.stop["reason"] == "step"
        assert await session.on() == "completed"
        assert session.result["said"] == plain["said"]
        assert dict(RAN) == once
        session.check(RAN, DEEP)


async def test_stepping_into_over_and_out(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client)
        assert (session.standing, session.stop["reason"]) == (["top"], "entry")
        await session.step()
        assert session.standing == ["left", "right", "side"]
        await session.step("into", at="left")
        assert session.standing == ["left/w", "right", "side"]
        await session.step("over", at="left/w")
        assert session.standing == ["left/deeper", "right", "side"]
        await session.step("into", at="left/deeper")
        assert session.standing == ["left/deeper/x", "right", "side"]
        await session.step("out", at="left/deeper/x")
        assert session.standing == ["right", "side"]
        assert RAN["left/deeper/y"] == 1
        await session.step("over", at="right")
        assert session.standing == ["side"]
        await session.step("into", at="side")
        assert session.standing == ["join"]
        assert await session.step() == "completed"
        assert set(RAN.values()) == {1}
        session.check(RAN, DEEP)


async def test_out_stops_in_the_graph_above(serve: Serve) -> None:
    inner = graphs.line("sub/deeper/", "x", "y")
    sub = graphs.build(
        ("deeper", "after"), inner=True, deeper=inner, after=graphs.says("sub/after")
    )
    graph = graphs.build(("sub", "end"), sub=sub, end=graphs.says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["x"])
        assert session.standing == ["sub/deeper/x"]
        await session.step("out")
        assert session.standing == ["sub/after"]
        assert RAN["sub/deeper/y"] == 1
        await session.step("out")
        assert session.standing == ["end"]


@pytest.mark.parametrize("sync", [False, True], ids=["async", "thread"])
async def test_a_subgraph_that_a_function_calls(serve: Serve, sync: bool) -> None:
    graph = graphs.calling(sync=sync)
    plain, _ = await undebugged(graph)
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two", "side"])
        assert session.standing == ["call/two", "side"]
        await session.step(at="side")
        assert session.standing == ["call/two"]
        assert RAN["call"] == 1, "held while only its sibling goes"
        await session.step(at="call/two")
        assert session.standing == ["end"]
        assert await session.on() == "completed"
        assert session.result["said"] == plain["said"]
        # LangGraph enters the function again to get to the call.
        assert dict(RAN) == {"call": 2, "call/one": 1, "call/two": 1, "side": 1, "end": 1}
        session.check(RAN)


@pytest.mark.parametrize("sync", [False, True], ids=["async", "thread"])
async def test_a_stop_gets_past_a_function_that_catches_everything(
    serve: Serve, sync: bool
) -> None:
    async with (
        serve(graphs.calling(sync=sync, catches=True)) as server,
        connect(server.url) as client,
    ):
        session = await debug(client, breakpoints=["two"])
        assert session.standing == ["call/two"]
        assert RAN["end"] == 0
        assert await session.on() == "completed"
        assert session.result["said"] == ["call/one", "call/two", "side", "end"]
        session.check(RAN)


async def test_twenty_tasks_of_one_node_stop_each_for_itself(serve: Serve) -> None:
    async with serve(graphs.fan_out(20)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["work"])
        tasks = session.stop["tasks"]
        assert sorted(task["input"]["item"] for task in tasks) == list(range(20))
        assert len({task["task_id"] for task in tasks}) == 20
        (seventh,) = [task["task_id"] for task in tasks if task["input"]["item"] == 7]
        await session.step(task_id=seventh)
        assert len(session.stop["tasks"]) == 19
        assert +RAN == {"split": 1, "work 7": 1}
        (ninth,) = [t["task_id"] for t in session.stop["tasks"] if t["input"]["item"] == 9]
        await session.step(task_id=ninth)
        assert +RAN == {"split": 1, "work 7": 1, "work 9": 1}
        await session.step()
        assert session.standing == ["join"]
        assert await session.on() == "completed"
        assert set(RAN.values()) == {1}
        assert len(RAN) == 22
        assert session.result["said"][1:-1] == [f"work {item}" for item in range(20)]
        session.check()


async def test_a_cycle_stops_at_every_turn(serve: Serve) -> None:
    async with serve(graphs.cycle(4)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["turn"])
        seen = []
        while session.status == "paused":
            assert session.standing == ["turn"]
            seen.append(session.task("turn"))
            await session.on()
        assert len(seen) == len(set(seen)) == 4
        assert RAN == {"turn": 4, "check": 4}
        session.check(RAN)


async def test_a_step_in_a_cycle_goes_to_the_next_node(serve: Serve) -> None:
    async with serve(graphs.cycle(3)) as server, connect(server.url) as client:
        session = await debug(client)
        walked = []
        while session.status == "paused":
            walked += session.standing
            await session.step()
        assert walked == ["turn", "check"] * 3
        session.check(RAN)


async def test_command_goto_is_followed_step_by_step(serve: Serve) -> None:
    async with serve(graphs.commanding()) as server, connect(server.url) as client:
        session = await debug(client, input={"query": "q", "n": 1})
        assert session.standing == ["pick"]
        await session.step()
        assert session.standing == ["left"]
        assert await session.step() == "completed"
        assert RAN == {"pick": 1, "left": 1}
        session.check(RAN)


async def test_sync_nodes_in_threads(serve: Serve) -> None:
    graph = graphs.line("", "a", "b", "c", make=graphs.says_in_thread)
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b"])
        assert session.standing == ["b"]
        await session.step()
        assert session.standing == ["c"]
        assert await session.step() == "completed"
        assert RAN == {"a": 1, "b": 1, "c": 1}
        session.check(RAN)


async def test_entrypoints_and_tasks(serve: Serve) -> None:
    async with serve(graphs.functional()) as server, connect(server.url) as client:
        session = await debug(client, input="q")
        assert session.standing == ["flow"]
        await session.step("into")
        assert session.standing == ["flow/first"]
        await session.step()
        assert session.standing == ["flow/second", "flow/third"]
        await session.step(at="flow/third")
        assert session.standing == ["flow/second"]
        assert await session.on() == "completed"
        assert session.result == ["1q", "21q", "31q"]
        assert RAN["flow/first"] == RAN["flow/second"] == RAN["flow/third"] == 1
        session.check(RAN)


async def test_a_subgraph_without_checkpoints_is_run_through(serve: Serve) -> None:
    builder = graphs.line("sub/", "x", "y").builder
    sub = builder.compile(checkpointer=False)
    graph = graphs.build(("sub", "end"), sub=sub, end=graphs.says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["y", "end"])
        assert session.standing == ["end"]
        assert await session.on() == "completed"
        assert RAN == {"sub/x": 1, "sub/y": 1, "end": 1}


async def test_a_graph_without_checkpoints_that_a_function_calls_is_run_through(
    serve: Serve,
) -> None:
    """Nobody sees it before it runs: a library may make it, as extractors do, and call it inside another graph's node."""
    kept = graphs.line("call/x/", "z").builder.compile()

    async def x(state: Any) -> Any:
        graphs.ran("call/x")
        return await kept.ainvoke(state)

    closed = [graphs.build(("x", "y"), x=x, y=graphs.says("y")).builder.compile(checkpointer=False)]

    async def call(state: Any) -> Any:
        graphs.ran("call")
        return {"said": (await closed[0].ainvoke({"query": "q"}))["said"]}

    graph = graphs.build(("call", "end"), call=call, end=graphs.says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["call", "call/x/z"])
        assert session.standing == ["call"]
        await session.step("into")
        assert session.standing == ["end"]
        assert await session.step("into") == "completed"
        assert RAN == {"call": 1, "call/x": 1, "call/x/z": 1, "y": 1, "end": 1}
        session.check()


async def test_two_subgraphs_of_one_function_are_stepped_through_one_after_the_other(
    serve: Serve,
) -> None:
    first, second = graphs.line("call/", "x"), graphs.line("call/", "y")

    async def call(state: Any) -> Any:
        graphs.ran("call")
        one = await first.ainvoke({"query": "q"})
        two = await second.ainvoke({"query": "q"})
        return {"said": [*one["said"], *two["said"]]}

    graph = graphs.build(("call", "end"), call=call, end=graphs.says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["call"])
        await session.step("into")
        assert session.standing == ["call/x"]
        await session.step()
        assert session.standing == ["call/y"]
        await session.step("out")
        assert session.standing == ["end"]
        assert await session.on() == "completed"
        assert RAN["call/x"] == RAN["call/y"] == RAN["end"] == 1
        session.check(RAN)


async def test_a_command_to_the_parent_ends_its_node(serve: Serve) -> None:
    async def leap(state: Any) -> Any:
        graphs.ran("sub/leap")
        return graphs.Command(graph=graphs.Command.PARENT, goto="end", update={"said": ["leap"]})

    sub = graphs.build(inner=True, leap=leap)
    builder: Any = graphs.StateGraph(graphs.State)
    builder.add_node("sub", sub, destinations=("end",))
    builder.add_node("end", graphs.says("end"))
    builder.add_edge(graphs.START, "sub")
    async with serve(builder.compile()) as server, connect(server.url) as client:
        after = [{"node_name": "leap", "when": "after"}]
        session = await debug(client, breakpoints=["leap", *after])
        assert session.standing == ["sub/leap"]
        await session.on()
        assert session.standing == ["end"]
        assert session.stop["detail"] == "after sub/leap"
        assert await session.on() == "completed"
        assert session.result["said"] == ["leap", "end"]
        assert RAN == {"sub/leap": 1, "end": 1}


async def test_no_body_runs_more_often_however_it_is_stepped(serve: Serve) -> None:
    """Every shape, stepped to its end one task at a time in every mode, against the run without a debugger."""
    shapes = [graphs.six(), graphs.deep(), graphs.fan_out(5), graphs.cycle(3), graphs.commanding()]
    for graph in shapes:
        RAN.clear()
        plain, once = await undebugged(graph)
        for mode in ("over", "into", "out"):
            RAN.clear()
            async with serve(graph) as server, connect(server.url) as client:
                session = await debug(client)
                steps = 0
                while session.status == "paused":
                    await session.step(mode, task_id=session.stop["tasks"][0]["task_id"])
                    steps += 1
                    assert steps < 50
                assert session.status == "completed"
                assert session.result["said"] == plain["said"]
                assert dict(RAN) == once
                session.check()


async def test_stops_are_not_logged_as_errors(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    # What earlier tests left says what it has to say now.
    gc.collect()
    caplog.clear()
    for graph, query in ((graphs.functional(), "q"), (graphs.deep(), {"query": "q"})):
        async with serve(graph) as server, connect(server.url) as client:
            session = await debug(client, input=query)
            while session.status == "paused":
                await session.step("into")
        gc.collect()
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
