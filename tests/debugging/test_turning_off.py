"""Debug mode turned off, breakpoints changed field by field, and breakpoints of graphs that nobody can see before."""

import operator
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from rpc.client.errors import RpcError
from tests.debugging.drive import connect, debug, run
from tests.support.events import Event
from tests.support.in_process import Serve
from tests.support.stream_rules import check_stream


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def says(name: str) -> Any:
    def node(state: State) -> State:
        return {"said": [name]}

    return node


def line(**nodes: Any) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, node in nodes.items():
        builder.add_node(name, node)
    for source, target in zip((START, *nodes), nodes, strict=False):
        builder.add_edge(source, target)
    return builder.compile()


def plain() -> Any:
    return line(a=says("a"), b=says("b"), c=says("c"))


async def again(client: Any, session: Any, **params: Any) -> str:
    """A follow-up, to its first rest."""
    after = session.seq
    await client.call(
        "query.start", query="again", session_id=session.id, subscribe=False, **params
    )
    return str(await session.rest(after=after))


async def test_what_stands_goes_on_and_stops_no_more(serve: Serve) -> None:
    async with serve(plain()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["a", "b", "c"])
        after = session.seq
        assert (await session.call("detach"))["status"] == "running"
        assert await session.rest(after=after) == "completed"
        assert session.result["said"] == ["a", "b", "c"]
        assert session.of("debug.resumed")[-1]["action"] == "detach"
        assert not (await client.client.session(session.id)).debug_mode
        assert await again(client, session) == "completed"
        await session.call("attach")
        assert await again(client, session) == "paused"
        assert session.standing == ["a"]
        check_stream(session.events)


async def test_a_running_session_stops_no_more(serve: Serve) -> None:
    go = Event()

    async def waits(state: State) -> State:
        await go.wait()
        return {"said": ["waits"]}

    graph = line(waits=waits, b=says("b"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["waits", "b"])
        await session.call("continue")
        await session.event("node.started")
        after = session.seq
        assert (await session.call("detach"))["status"] == "running"
        go.set()
        assert await session.rest(after=after) == "completed"
        assert len(session.of("debug.stopped")) == 1


def beside(held: Event, **compiled: Any) -> Any:
    """`a` and `b` side by side, then `c`; `b` waits for the event."""

    async def b(state: State) -> State:
        await held.wait()
        return {"said": ["b"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, node in {"a": says("a"), "b": b, "c": says("c")}.items():
        builder.add_node(name, node)
    builder.add_edge(START, "a")
    builder.add_edge(START, "b")
    builder.add_edge(["a", "b"], "c")
    return builder.compile(**compiled)


async def test_a_branch_that_stands_goes_on_when_its_siblings_have_ended(serve: Serve) -> None:
    """It stands while another one runs, and the debugger leaves then."""
    held = Event()
    async with serve(beside(held)) as server, connect(server.url) as client:
        session = await debug(client)
        assert sorted(session.standing) == ["a", "b"]
        await session.call("continue", task_id=session.task("b"))
        await session.event("node.started")
        after = session.seq
        assert (await session.call("detach"))["status"] == "running"
        held.set()
        assert await session.rest(after=after) == "completed"
        assert sorted(session.result["said"]) == ["a", "b", "c"]
        assert [one["action"] for one in session.of("debug.resumed")] == ["continue", "detach"]
        check_stream(session.events)


async def test_nothing_stops_behind_what_ended_before_the_debugger_left(serve: Serve) -> None:
    held = Event()
    async with serve(beside(held)) as server, connect(server.url) as client:
        session = await debug(client)
        await session.call("setBreakpoint", node_name="a", when="after")
        await session.call("continue")
        await session.event("node.finished")
        after = session.seq
        assert (await session.call("detach"))["status"] == "running"
        held.set()
        assert await session.rest(after=after) == "completed"
        check_stream(session.events)


async def test_the_graphs_own_stop_stands_without_a_debugger(serve: Serve) -> None:
    """Whoever leaves lets nothing pass that a person is to approve; what stood in the debugger goes on."""
    held = Event()
    async with serve(beside(held, interrupt_before=["c"])) as server, connect(server.url) as client:
        session = await debug(client)
        await session.call("continue", task_id=session.task("b"))
        await session.event("node.started")
        after = session.seq
        assert (await session.call("detach"))["status"] == "running"
        held.set()
        assert await session.rest(after=after) == "paused"
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        assert sorted(session.result["said"]) == ["a", "b", "c"]


async def test_detached_while_it_asks_it_goes_on_behind_the_answer(serve: Serve) -> None:
    def asks(state: State) -> State:
        return {"said": [interrupt("sure?")]}

    async with serve(line(asks=asks, b=says("b"))) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.step() == "waiting"
        assert (await session.call("detach"))["status"] == "waiting"
        assert await session.respond("yes") == "completed"


async def test_a_follow_up_that_says_so_is_not_debugged(serve: Serve) -> None:
    async with serve(plain()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.on()
        assert await again(client, session) == "paused"
        await session.on()
        assert await again(client, session, debug_mode=False) == "completed"
        assert not (await client.client.session(session.id)).debug_mode
        assert await again(client, session, debug_mode=True) == "paused"


async def test_a_disabled_breakpoint_does_not_stop_at_the_entry(serve: Serve) -> None:
    async with serve(plain()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b"])
        await session.call("setBreakpoint", node_name="b", enabled=False)
        await session.on()
        assert await again(client, session) == "completed"


async def test_what_is_left_out_of_a_change_stays(serve: Serve) -> None:
    async with serve(plain()) as server, connect(server.url) as client:
        session = await debug(client)
        condition = "state['query'] == 'q'"
        await session.call("setBreakpoint", node_name="b", condition=condition, hit_count=2)
        await session.call("setBreakpoint", node_name="b", enabled=False)
        await session.call("setBreakpoint", node_name="b", enabled=True)
        (one,) = (await session.call("breakpoints"))["breakpoints"]
        assert (one["condition"], one["hit_count"], one["enabled"]) == (condition, 2, True)
        await session.call("setBreakpoint", node_name="b", condition=None)
        (one,) = (await session.call("breakpoints"))["breakpoints"]
        assert (one["condition"], one["hit_count"]) == (None, 2)
        await session.call("setBreakpoint", node_name="b", when="after", log="{state}")
        assert len((await session.call("breakpoints"))["breakpoints"]) == 2


def calling() -> Any:
    """`calls` makes a graph of `x` and `y` when it runs."""

    def made() -> Any:
        return line(x=says("x"), y=says("y"))

    async def calls(state: State) -> State:
        return {"said": (await made().ainvoke({"query": "inner"}))["said"]}

    return line(first=says("first"), calls=calls, last=says("last"))


async def test_a_breakpoint_below_a_function_is_pending_until_it_is_met(serve: Serve) -> None:
    async with serve(calling()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["calls/y"])
        assert session.standing == ["calls/y"]
        await session.call("setBreakpoint", node_name="calls/never")
        shown = {
            one["node_name"]: one["verified"]
            for one in (await session.call("breakpoints"))["breakpoints"]
        }
        assert shown == {"calls/y": True, "calls/never": False}
        assert await session.on() == "completed"
        assert session.result["said"] == ["first", "x", "y", "last"]


async def test_a_step_goes_up_to_a_node_below_a_function(serve: Serve) -> None:
    async with serve(calling()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.step(node_name="calls/y")
        assert session.standing == ["calls/y"]


@pytest.mark.parametrize(
    ("name", "near"),
    [("frist", "first"), ("cals/y", "calls"), ("frist/x", "first"), ("sub/inne", "sub/inner")],
)
async def test_a_typing_error_is_told_with_what_is_near(serve: Serve, name: str, near: str) -> None:
    graph = line(first=says("first"), calls=says("calls"), sub=line(inner=says("inner")))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client)
        with pytest.raises(RpcError) as refused:
            await session.call("setBreakpoint", node_name=name)
        assert refused.value.type == "node_not_found"
        assert near in str(refused.value)


@pytest.mark.parametrize("mode", ["over", "into"])
async def test_a_step_goes_on_behind_the_answer(serve: Serve, mode: str) -> None:
    def asks(state: State) -> State:
        return {"said": [interrupt("sure?")]}

    graph = line(sub=line(asks=asks, inner=says("inner")), last=says("last"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client)
        await session.step("into")
        assert session.standing == ["sub/asks"]
        assert await session.step(mode) == "waiting"
        assert await session.respond("yes") == "paused"
        assert (session.standing, session.stop["reason"]) == (["sub/inner"], "step")
        assert await session.on() == "completed"
        session.check()


async def test_a_step_out_goes_on_behind_the_answer(serve: Serve) -> None:
    def asks(state: State) -> State:
        return {"said": [interrupt("sure?")]}

    graph = line(sub=line(x=says("x"), asks=asks, y=says("y")), last=says("last"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["sub/x"])
        assert await session.step("out") == "waiting"
        assert await session.respond("yes") == "paused"
        assert session.standing == ["last"]


async def test_a_session_without_debug_mode_has_nothing_to_detach(serve: Serve) -> None:
    async with serve(plain()) as server, connect(server.url) as client:
        session = await run(client)
        assert (await session.call("detach"))["status"] == "completed"
