"""Graphs compiled to stop (`interrupt_before`, `interrupt_after`): nothing behind a stop runs before somebody says so."""

import asyncio
import operator
from collections.abc import Callable
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph

from tests.debugging.drive import connect, debug, follow, run
from tests.support.in_process import Serve
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_stream


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def says(name: str) -> Callable[[State], State]:
    def node(state: State) -> State:
        return {"said": [name]}

    return node


def line(*names: str, **options: Any) -> Any:
    """A graph of nodes one after another."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in names:
        builder.add_node(name, says(name))
    for source, target in zip((START, *names), names, strict=False):
        builder.add_edge(source, target)
    return builder.compile(**options)


def around(sub: Any, *, called: str = "") -> Any:
    """`sub` as a node, or called by a node's function where LangGraph can see it or not, then `last`."""

    async def calls(state: State) -> State:
        return {"said": (await sub.ainvoke({"query": "inner"}))["said"]}

    def make(state: State) -> Any:
        return sub

    async def makes(state: State) -> State:
        return {"said": (await make(state).ainvoke({"query": "inner"}))["said"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", {"": sub, "seen": calls, "unseen": makes}[called])
    builder.add_node("last", says("last"))
    builder.add_edge(START, "sub")
    builder.add_edge("sub", "last")
    return builder.compile()


# By name: the graph, and the paths of what stands at each of its stops.
CASES: dict[str, tuple[Any, list[list[str]]]] = {
    "before": (line("a", "b", "c", interrupt_before=["b"]), [["b"]]),
    "after": (line("a", "b", "c", interrupt_after=["a"]), [["b"]]),
    "after the last": (line("a", "b", interrupt_after=["b"]), [[]]),
    "before all": (line("a", "b", interrupt_before="*"), [["a"], ["b"]]),
    "after all": (line("a", "b", interrupt_after="*"), [["b"], []]),
    "both": (line("a", "b", "c", interrupt_before=["b"], interrupt_after=["a"]), [["b"]]),
    "in a subgraph": (around(line("a", "b", interrupt_before=["b"])), [["sub/b"]]),
    "after in a subgraph": (around(line("a", "b", interrupt_after=["a"])), [["sub/b"]]),
    "in a called one": (around(line("a", "b", interrupt_before=["b"]), called="seen"), [["sub/b"]]),
    "after in a called one": (
        around(line("a", "b", interrupt_after=["a"]), called="seen"),
        [["sub/b"]],
    ),
    "at run time": (around(line("a", "b", interrupt_before=["b"]), called="unseen"), [["sub/b"]]),
    "after at run time": (
        around(line("a", "b", interrupt_after=["a"]), called="unseen"),
        [["sub/b"]],
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_it_stops_and_is_continued_without_debug_mode(serve: Serve, case: str) -> None:
    graph, stops = CASES[case]
    async with serve(graph) as server, connect(server.url) as client:
        session = await run(client)
        for standing in stops:
            assert (session.status, session.standing) == ("paused", standing)
            assert session.stop["reason"] == "breakpoint"
            assert not {path.rpartition("/")[2] for path in standing} & {
                one["node"] for one in session.of("node.started")
            }
            await session.on()
        assert session.status == "completed"
        assert len(session.result["said"]) == len(set(session.result["said"]))
        assert len(session.of("debug.stopped")) == len(stops)
        check_stream(session.events)


@pytest.mark.parametrize("case", CASES)
async def test_it_stops_in_debug_mode_too_and_once_where_a_breakpoint_stands(
    serve: Serve, case: str
) -> None:
    graph, stops = CASES[case]
    points = [{"node_name": "b"}, {"node_name": "a", "when": "after"}]
    if case.endswith("run time"):
        # Such nodes are not known before they are met.
        points = []
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=points)
        seen = [session.standing]
        while await session.on() == "paused":
            seen.append(session.standing)
        for standing in stops:
            assert seen.count(standing) == 1
        assert session.status == "completed"
        check_stream(session.events)


async def test_only_the_named_node_stands_and_its_siblings_run(serve: Serve) -> None:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in ("a", "b"):
        builder.add_node(name, says(name))
        builder.add_edge(START, name)
    graph = builder.compile(interrupt_before=["b"])
    async with serve(graph) as server, connect(server.url) as client:
        session = await run(client)
        assert session.standing == ["b"]
        assert [one["node"] for one in session.of("node.finished")] == ["a"]
        await session.on()
        assert session.result["said"] == ["a", "b"]


async def test_a_follow_up_stops_again(serve: Serve) -> None:
    async with serve(CASES["before"][0]) as server, connect(server.url) as client:
        session = await run(client)
        await session.on()
        after = session.seq
        await client.call("query.start", query="again", session_id=session.id, subscribe=False)
        assert await session.rest(after=after) == "paused"
        assert session.standing == ["b"]


BEFORE, AFTER = CASES["before"][0], CASES["after"][0]
INSIDE_AFTER = CASES["after in a subgraph"][0]
DYING = {
    "behind the node's writes": ("rpc.engine.checkpoints.saver:Saver.aput_writes", "2+"),
    "behind its checkpoint": ("rpc.engine.checkpoints.saver:Saver.aput", "3+"),
    "before the stop is kept": ("rpc.sessions.running.recording:Recording.record", "1"),
}


@pytest.mark.parametrize("name", ["BEFORE", "AFTER", "INSIDE_AFTER"])
@pytest.mark.parametrize("moment", DYING)
def test_killed_before_the_stop_it_stops_there_after_the_restart(
    server: Any, name: str, moment: str
) -> None:
    process: ServerProcess = server(f"tests/debugging/test_compiled_stops.py:{name}", start=False)
    process.entry = ["tests.support.dying", *DYING[moment]]
    process.start()

    async def begin() -> str:
        async with connect(process.url) as client:
            return (await client.client.start("x", subscribe=False)).session_id

    async def end(session_id: str) -> None:
        async with connect(process.url) as client:
            session = await follow(client, session_id)
            assert await session.rest() == "paused"
            assert session.standing == ["sub/b" if name == "INSIDE_AFTER" else "b"]
            assert await session.on() == "completed"
            assert session.result["said"][-1] == ("last" if name == "INSIDE_AFTER" else "c")
            check_stream(session.events)

    session_id = asyncio.run(begin())
    assert process.process is not None
    process.process.wait(120)
    process.entry = ["rpc.cli"]
    process.restart()
    asyncio.run(end(session_id))
