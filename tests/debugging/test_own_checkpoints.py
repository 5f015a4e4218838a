"""A subgraph that keeps its own checkpoints (`checkpointer=True`): its nodes have paths, breakpoints and steps as others."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph

from tests.debugging.drive import connect, debug, run
from tests.support.in_process import Serve


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


class Inner(TypedDict, total=False):
    query: str
    own: Annotated[list[str], operator.add]


def says(name: str, key: str = "said") -> Any:
    def node(state: State) -> Any:
        return {key: [name]}

    return node


def keeping() -> Any:
    inner: StateGraph[Any, Any, Any, Any] = StateGraph(Inner)
    inner.add_node("s1", says("s1", "own"))
    inner.add_node("s2", says("s2", "own"))
    inner.add_edge(START, "s1")
    inner.add_edge("s1", "s2")
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("a", says("a"))
    builder.add_node("sub", inner.compile(checkpointer=True))
    builder.add_node("c", says("c"))
    builder.add_edge(START, "a")
    builder.add_edge("a", "sub")
    builder.add_edge("sub", "c")
    return builder.compile()


async def test_its_nodes_have_the_paths_that_the_graph_is_described_with(serve: Serve) -> None:
    async with serve(keeping()) as server, connect(server.url) as client:
        session = await run(client)
        paths = [one["path"] for one in session.of("node.started")]
        assert paths == ["a", "sub", "sub/s1", "sub/s2", "c"]
        told = {one["path"]: one for one in session.of("node.started")}
        assert told["sub/s1"]["parent_task_id"] == told["sub"]["task_id"]
        assert told["sub"]["parent_task_id"] is None


async def test_breakpoints_in_it_are_hit(serve: Serve) -> None:
    async with serve(keeping()) as server, connect(server.url) as client:
        session = await debug(
            client, breakpoints=["sub/s1", {"node_name": "sub/s2", "when": "after"}]
        )
        assert session.standing == ["sub/s1"]
        assert await session.on() == "paused"
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "c"]
        session.check()


async def test_it_is_stepped_into_over_and_out(serve: Serve) -> None:
    async with serve(keeping()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["sub"])
        await session.step("into")
        assert session.standing == ["sub/s1"]
        await session.step()
        assert session.standing == ["sub/s2"]
        await session.step("out")
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        session.check()


async def test_it_is_looked_into_and_edited(serve: Serve) -> None:
    async with serve(keeping()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["sub/s2"])
        assert (await session.values(node_name="sub/s2"))["own"] == ["s1"]
        await session.edit({"own": ["edited"]}, as_node="sub/")
        assert (await session.values(node_name="sub/s2"))["own"] == ["s1", "edited"]
        assert session.standing == ["sub/s2"]
        assert await session.on() == "completed"
        session.check()


async def test_a_rewind_takes_it_back_too(serve: Serve) -> None:
    """As a fork in plain LangGraph: what it kept after the checkpoint is not there."""
    async with serve(keeping()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        (before,) = [one for one in await session.debugger.history() if one.next == ["sub"]]
        await session.rewind(before.checkpoint_id)
        assert session.standing == ["sub"]
        await session.step("into")
        assert session.standing == ["sub/s1"]
        await session.step()
        assert (await session.values(node_name="sub/s2"))["own"] == ["s1"]
        assert await session.on() == "paused"
        assert await session.on() == "completed"
        # A later query begins with what it kept; back before that, it has what it had then.
        after = session.seq
        await client.call("query.start", query="again", session_id=session.id, subscribe=False)
        assert await session.rest(after=after) == "paused"
        (before, *_) = [one for one in await session.debugger.history() if one.next == ["sub"]]
        await session.rewind(before.checkpoint_id)
        await session.call("setBreakpoint", node_name="sub/s2")
        await session.on()
        assert session.standing == ["sub/s2"]
        assert (await session.values(node_name="sub/s2"))["own"] == ["s1", "s2", "s1"]


def below(saver: Any = None) -> Any:
    """a → plain (m → kept (s1 → s2)) → c, where `kept` alone keeps its own checkpoints. Its nodes say what they found."""
    inner: StateGraph[Any, Any, Any, Any] = StateGraph(Inner)

    def counts(state: Inner) -> Any:
        return {"own": [f"s1 of {len(state.get('own', []))}"]}

    inner.add_node("s1", counts)
    inner.add_node("s2", says("s2", "own"))
    inner.add_edge(START, "s1")
    inner.add_edge("s1", "s2")
    middle: StateGraph[Any, Any, Any, Any] = StateGraph(State, input_schema=Query)
    middle.add_node("m", says("m"))
    middle.add_node("kept", inner.compile(checkpointer=True))
    middle.add_edge(START, "m")
    middle.add_edge("m", "kept")
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("a", says("a"))
    builder.add_node("plain", middle.compile())
    builder.add_node("c", says("c"))
    builder.add_edge(START, "a")
    builder.add_edge("a", "plain")
    builder.add_edge("plain", "c")
    return builder.compile(checkpointer=saver)


class Query(TypedDict, total=False):
    query: str


def own_of(events: list[dict[str, Any]]) -> list[str]:
    """What the nodes of `kept` said, in order."""
    return [text for one in events for text in (one["update"] or {}).get("own", [])]


async def test_below_a_plain_subgraph_it_goes_back_as_in_plain_langgraph(serve: Serve) -> None:
    graph = below(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "1"}}
    for query in ("one", "two"):
        graph.invoke({"query": query}, config)
    plain = []
    for before in [one for one in graph.get_state_history(config) if one.next == ("plain",)]:
        forked = graph.update_state(before.config, None, as_node="__copy__")
        found = [
            part["own"]
            for _, chunk in graph.stream(None, forked, subgraphs=True)
            for part in chunk.values()
            if part and "own" in part
        ]
        plain.append([text for part in found for text in part])
    assert plain == [["s1 of 2", "s2"], ["s1 of 0", "s2"]]

    async with serve(below()) as server, connect(server.url) as client:
        session = await run(client)
        assert [one["path"] for one in session.of("node.started")] == [
            "a", "plain", "plain/m", "plain/kept", "plain/kept/s1", "plain/kept/s2", "c",
        ]  # fmt: skip
        after = session.seq
        await client.call("query.start", query="two", session_id=session.id, subscribe=False)
        assert await session.rest(after=after) == "completed"
        await session.call("attach")
        history = await session.debugger.history(path="")
        ours = []
        for one in [one for one in history if one.next == ["plain"]]:
            ended = len(session.of("node.finished"))
            await session.rewind(one.checkpoint_id, rerun=True)
            ours.append(own_of(session.of("node.finished")[ended:]))
        assert ours == plain
        session.check()


async def test_going_back_in_the_subgraph_around_takes_it_back_too(serve: Serve) -> None:
    async with serve(below()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["plain/kept/s2"])
        assert session.standing == ["plain/kept/s2"]
        history = await session.debugger.history(path="plain")
        (before,) = [one for one in history if one.next == ["kept"]]
        await session.rewind(before.checkpoint_id)
        assert session.standing == ["plain/kept"]
        assert await session.on() == "paused"
        assert (await session.values(node_name="plain/kept/s2"))["own"] == ["s1 of 0"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "m", "c"]
        session.check()
