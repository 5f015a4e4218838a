"""Graphs whose START has a choice: the choice is no node, so that it neither stops nor is stopped at, and may ask."""

import operator
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send, interrupt

from tests.debugging.drive import connect, debug, follow, run
from tests.support.in_process import Serve
from tests.support.server_process import ServerProcess


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def says(name: str) -> Callable[[State], State]:
    def node(state: State) -> State:
        return {"said": [name]}

    return node


def chosen(router: Any, *more: Any, entry: bool = False) -> Any:
    """A graph whose START chooses between `a` and `b` by `router`."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("a", says("a"))
    builder.add_node("b", says("b"))
    if entry:
        builder.set_conditional_entry_point(router, *more)
    else:
        builder.add_conditional_edges(START, router, *more)
    return builder.compile()


def to_a(state: State) -> Literal["a", "b"]:
    return "a"


def to_both(state: State) -> list[str]:
    return ["a", "b"]


def sends(state: State) -> list[Send]:
    return [Send("a", state), Send("b", state)]


async def slowly(state: State) -> str:
    return "b"


def mapped(state: State) -> str:
    return "first"


def raises(state: State) -> str:
    raise ValueError("no way")


def asks(state: State) -> str:
    return str(interrupt("a or b?"))


def inside(graph: Any) -> Any:
    """The graph as a node `sub`, then `last`."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", graph)
    builder.add_node("last", says("last"))
    builder.add_edge(START, "sub")
    builder.add_edge("sub", "last")
    return builder.compile()


FORMS = {
    "str": (chosen(to_a), ["a"]),
    "list": (chosen(to_both, ["a", "b"]), ["a", "b"]),
    "send": (chosen(sends, ["a", "b"]), ["a", "b"]),
    "async": (chosen(slowly, ["a", "b"]), ["b"]),
    "lambda": (chosen(lambda state: "b", ["a", "b"]), ["b"]),
    "map": (chosen(mapped, {"first": "a", "second": "b"}), ["a"]),
    "no map": (chosen(lambda state: "a"), ["a"]),
    "entry point": (chosen(to_a, entry=True), ["a"]),
    "to the end too": (chosen(to_a, {"a": "a", "b": END}), ["a"]),
}


@pytest.mark.parametrize("form", FORMS)
async def test_it_stops_at_the_first_real_node_and_runs(serve: Serve, form: str) -> None:
    graph, first = FORMS[form]
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client)
        assert (session.status, session.standing) == ("paused", first)
        assert session.stop["reason"] == "entry"
        assert await session.on() == "completed"
        assert session.result["said"] == first
        session.check()


@pytest.mark.parametrize("form", FORMS)
async def test_stepping_into_a_subgraph_stops_at_its_first_real_node(
    serve: Serve, form: str
) -> None:
    graph, first = FORMS[form]
    async with serve(inside(graph)) as server, connect(server.url) as client:
        session = await debug(client)
        assert session.standing == ["sub"]
        await session.step("into")
        assert session.standing == [f"sub/{name}" for name in first]
        await session.step()
        assert session.standing == ["last"]
        assert await session.on() == "completed"
        assert session.result["said"] == [*first, "last"]
        session.check()


async def test_a_follow_up_runs_and_has_a_result_of_its_own(serve: Serve) -> None:
    async with serve(chosen(to_a)) as server, connect(server.url) as client:
        session = await run(client)
        await session.call("attach")
        after = session.seq
        await client.call("query.start", query="again", session_id=session.id, subscribe=False)
        assert await session.rest(after=after) == "paused"
        assert session.standing == ["a"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "a"]


@pytest.mark.parametrize("debug_mode", [False, True])
async def test_a_router_that_raises_ends_the_run(serve: Serve, debug_mode: bool) -> None:
    async with serve(chosen(raises, ["a", "b"])) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        assert session.status == "failed"
        error = session.of("query.failed")[-1]["error"]
        assert (error["type"], error["message"]) == ("ValueError", "no way")


async def test_a_router_that_raises_in_a_subgraph_stops_the_node_that_holds_it(
    serve: Serve,
) -> None:
    async with serve(inside(chosen(raises, ["a", "b"]))) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "paused"
        assert (session.stop["reason"], session.standing) == ("failure", ["sub"])
        session.check()


@pytest.mark.parametrize("graph", [chosen(to_a), chosen(sends, ["a", "b"])])
async def test_back_at_the_input_the_choice_is_made_anew(serve: Serve, graph: Any) -> None:
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client)
        first = session.standing
        await session.on()
        oldest = (await session.debugger.history())[-1]
        assert oldest.step == -1
        await session.rewind(oldest.checkpoint_id)
        assert (session.status, session.standing) == ("paused", first)
        assert await session.on() == "completed"
        assert session.result["said"] == first
        session.check()


@pytest.mark.parametrize("debug_mode", [False, True])
@pytest.mark.parametrize("nested", [False, True])
async def test_a_choice_that_asks_waits_and_is_answered(
    serve: Serve, debug_mode: bool, nested: bool
) -> None:
    graph = chosen(asks, ["a", "b"])
    async with serve(inside(graph) if nested else graph) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode and nested:
            await session.step("into")
        assert session.status == "waiting"
        (question,) = session.of("input.requested")
        assert question["value"] == "a or b?"
        shown = await client.client.session(session.id)
        assert [one.value for one in shown.interrupts] == ["a or b?"]
        await session.respond("b")
        if debug_mode:
            assert session.standing == ["sub/b" if nested else "b"]
            await session.on()
        assert session.status == "completed"
        assert session.result["said"] == (["b", "last"] if nested else ["b"])
        session.check()


async def test_the_state_is_edited_while_the_choice_asks(serve: Serve) -> None:
    async with serve(chosen(asks, ["a", "b"])) as server, connect(server.url) as client:
        session = await debug(client)
        await session.edit({"said": ["edited"]})
        assert session.status == "waiting"
        await session.respond("a")
        await session.on()
        assert session.result["said"] == ["edited", "a"]


def test_a_question_of_a_choice_outlives_the_server(server: Any) -> None:
    import asyncio

    process: ServerProcess = server("tests/debugging/test_start_choices.py:ASKING")

    async def ask() -> str:
        async with connect(process.url) as client:
            session = await run(client)
            assert session.status == "waiting"
            return session.id

    async def answer(session_id: str) -> Any:
        async with connect(process.url) as client:
            session = await follow(client, session_id)
            await session.rest()
            await session.respond("b")
            return session.result

    session_id = asyncio.run(ask())
    process.kill9()
    process.restart()
    assert asyncio.run(answer(session_id))["said"] == ["b"]


ASKING = chosen(asks, ["a", "b"])


def behind(router: Any) -> Any:
    """`a`, then what `router` chooses."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("a", says("a"))
    builder.add_node("b", says("b"))
    builder.add_edge(START, "a")
    builder.add_conditional_edges("a", router, ["b", END])
    return builder.compile()


@pytest.mark.parametrize("debug_mode", [False, True])
async def test_a_choice_behind_a_node_asks_as_that_node(serve: Serve, debug_mode: bool) -> None:
    graph = behind(asks)
    async with serve(graph) as server, connect(server.url) as client:
        session = await (debug(client) if debug_mode else run(client))
        if debug_mode:
            await session.step()
        assert session.status == "waiting"
        assert [one["path"] for one in session.of("input.requested")] == ["a"]
        await session.respond("b")
        if debug_mode:
            await session.on()
        assert session.result["said"] == ["a", "b"]


async def test_a_choice_behind_a_node_that_raises_stops_at_that_node(serve: Serve) -> None:
    async with serve(behind(raises)) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "paused"
        assert (session.stop["reason"], session.standing) == ("failure", ["a"])


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("debug_mode", [False, True])
async def test_a_choice_behind_a_node_that_raised_is_made_anew(
    serve: Serve, nested: bool, debug_mode: bool
) -> None:
    """The failed run went on behind the node that had written, without what the choice leads to."""
    made: list[str] = []

    def raises_once(state: State) -> str:
        made.append("choice")
        if len(made) == 1:
            raise ValueError("no choice yet")
        return "b"

    graph = behind(raises_once)
    if nested:
        builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
        builder.add_node("sub", graph)
        builder.add_edge(START, "sub")
        graph = builder.compile()
    path = "sub/a" if nested else "a"
    async with serve(graph) as server, connect(server.url) as client:
        session = await (debug(client, break_on_error=False) if debug_mode else run(client))
        if debug_mode:
            await session.on()
        assert session.status == "failed"
        assert session.of("node.failed")[0]["path"] == path
        found = await session.call("inspect", node_name=path)
        assert (found["next"], found["values"]["said"]) == (["a"], [])
        after = session.seq
        await client.call("query.resume", session_id=session.id)
        assert await session.rest(after=after) == "completed"
        assert session.result["said"] == ["a", "b"]


async def test_a_subgraph_that_a_function_calls_chooses_too(serve: Serve) -> None:
    sub = chosen(asks, ["a", "b"])

    async def calls(state: State) -> State:
        return {"said": (await sub.ainvoke({"query": "inner"}))["said"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("calls", calls)
    builder.add_edge(START, "calls")
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.step("into")
        assert session.status == "waiting"
        await session.respond("b")
        assert session.standing == ["calls/b"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["b"]
