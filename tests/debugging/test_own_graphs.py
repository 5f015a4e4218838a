"""A factory that makes another graph for each run: the debugger's looks, edits and breakpoints are of the run's own."""

import operator
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from langgraph.types import RetryPolicy

from rpc.client import RpcError
from tests.debugging.drive import Debugged, connect, debug
from tests.support.in_process import Serve


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def says(name: str) -> Any:
    async def node(state: State) -> State:
        return {"said": [name]}

    return node


def made(config: RunnableConfig) -> Any:
    """`sub` with two nodes, and `last`; the config's `tone` is in the names of all."""
    tone = config["configurable"].get("tone", "plain")
    inner: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    outer: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in (f"{tone}_one", f"{tone}_two"):
        inner.add_node(name, says(name))
    inner.add_edge(START, f"{tone}_one").add_edge(f"{tone}_one", f"{tone}_two")
    outer.add_node(f"{tone}_sub", inner.compile())
    outer.add_node(f"{tone}_last", says(f"{tone}_last"))
    outer.add_edge(START, f"{tone}_sub").add_edge(f"{tone}_sub", f"{tone}_last")
    return outer.compile()


WARM: Any = {"configurable": {"tone": "warm"}}
ALL = ["warm_one", "warm_two", "warm_last"]


async def warm(client: Any, **params: Any) -> Debugged:
    return await debug(client, config=WARM, **params)


async def test_it_is_looked_at_and_edited_where_it_stands(serve: Serve) -> None:
    """It stood at a node of another run's graph after an edit, and failed when it went on."""
    async with serve(made) as server, connect(server.url) as client:
        session = await warm(client)
        found = await session.call("inspect")
        assert (found["next"], found["tasks"][0]["input"]["query"]) == (
            ["warm_sub"],
            found["values"]["query"],
        )
        await session.step("into")
        assert session.standing == ["warm_sub/warm_one"]
        await session.edit({"said": ["in place"]}, as_node="warm_sub/")
        assert session.standing == ["warm_sub/warm_one"]
        found = await session.call("inspect", node_name="warm_sub/warm_one")
        assert (found["next"], found["values"]["said"]) == (["warm_one"], ["in place"])
        await session.edit({"said": ["as one"]}, as_node="warm_sub/warm_one")
        assert session.standing == ["warm_sub/warm_two"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["in place", "as one", "warm_two", "warm_last"]
        steps = (await session.call("history"))["checkpoints"]
        assert {one["path"] for one in steps} == {"", "warm_sub"}


async def test_breakpoints_and_steps_name_its_nodes(serve: Serve) -> None:
    async with serve(made) as server, connect(server.url) as client:
        session = await warm(client, breakpoints=["warm_sub/warm_two"])
        assert session.standing == ["warm_sub/warm_two"]
        await session.call("setBreakpoint", node_name="warm_last", condition="len(state.said) == 2")
        listed = (await session.call("breakpoints"))["breakpoints"]
        assert {(one["node_name"], one["verified"]) for one in listed} == {
            ("warm_sub/warm_two", True),
            ("warm_last", True),
        }
        assert await session.on() == "paused"
        assert session.standing == ["warm_last"]
        await session.call("restartNode", node_name="warm_last")
        await session.until(lambda: session.stop["reason"] == "restart", "the restart")
        assert session.standing == ["warm_last"]
        assert await session.on() == "completed"
        assert session.result["said"] == ALL
        with pytest.raises(RpcError) as refused:
            await session.call("setBreakpoint", node_name="warm_lst")
        assert refused.value.type == "node_not_found"
        assert "warm_last" in refused.value.detail


async def test_it_goes_back_in_its_own_graph(serve: Serve) -> None:
    async with serve(made) as server, connect(server.url) as client:
        session = await warm(client, breakpoints=["warm_last"])
        await session.call("stepBack")
        await session.until(lambda: session.stop["reason"] == "rewind", "the way back")
        assert session.standing == ["warm_sub"]
        assert await session.step("into") == "paused"
        assert session.standing == ["warm_sub/warm_one"]
        assert await session.on() == "paused"
        assert session.standing == ["warm_last"]
        assert await session.on() == "completed"
        assert session.result["said"] == ALL


async def test_errors_end_a_run_by_the_policies_of_its_own_graph(serve: Serve) -> None:
    tries: list[int] = []

    def flaky(state: State) -> State:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("the first time")
        return {"said": ["at last"]}

    def make(config: RunnableConfig) -> Any:
        builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
        policy = RetryPolicy(max_attempts=2, initial_interval=0.01, jitter=False)
        retried = policy if config["configurable"].get("tone") else None
        builder.add_node("node", flaky, retry_policy=retried)
        return builder.add_edge(START, "node").compile()

    async with serve(make) as server, connect(server.url) as client:
        session = await warm(client)
        assert await session.on() == "completed"
        assert session.result["said"] == ["at last"]
        assert len(session.of("node.failed")) == 1


async def test_a_factory_that_fails_by_now_leaves_what_can_be_read(serve: Serve) -> None:
    failing: list[bool] = []

    def make(config: RunnableConfig) -> Any:
        if failing and config["configurable"].get("tone"):
            raise LookupError("gone")
        return made({"configurable": {}})

    async with serve(make) as server, connect(server.url) as client:
        failing.append(True)
        started = await client.client.start("x", config=WARM, subscribe=False)
        events = client.client.follow(started.session_id)
        async for event in events:
            if event.type == "query.failed":
                assert event.data["error"]["type"] == "LookupError"
        found = await client.call("debug.inspect", session_id=started.session_id)
        assert found["status"] == "failed"


class Warmed(State, total=False):
    degrees: int


def with_a_key_of_its_own(config: RunnableConfig) -> Any:
    """Where it is warm, the state has `degrees`, and a node the name `warm`; else the node is `plain`."""
    tone = config["configurable"].get("tone", "plain")
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(Warmed if tone == "warm" else State)
    builder.add_node(tone, lambda _: {"said": [tone], "degrees": 30} if tone == "warm" else {})
    builder.add_node(f"{tone}_last", says(tone))
    return builder.add_edge(START, tone).add_edge(tone, f"{tone}_last").compile()


async def test_an_earlier_runs_checkpoint_is_looked_at_with_its_own_graph(serve: Serve) -> None:
    """It was shown with the newest run's: without the values of its keys, its tasks and what these wrote."""
    async with serve(with_a_key_of_its_own) as server, connect(server.url) as client:
        session = await warm(client, breakpoints=["warm_last"])
        at = session.stop["checkpoint_id"]
        assert await session.on() == "completed"
        before = await session.call("inspect", checkpoint_id=at)
        assert before["values"]["degrees"] == 30
        assert [one["path"] for one in before["tasks"]] == ["warm_last"]
        history = (await session.call("history", values=True))["checkpoints"]
        diff = await session.call("diff", checkpoint_id=at)
        await client.call(
            "query.start", session_id=session.id, query="again", config={}, breakpoints=["plain"]
        )
        await session.until(lambda: session.standing == ["plain"], "the next run's stop")
        after = await session.call("inspect", checkpoint_id=at)
        for part in ("values", "next", "tasks", "updates", "types", "context"):
            assert after[part] == before[part]
        named = await session.call("inspect", node_name="warm_last", checkpoint_id=at)
        assert (named["values"], named["tasks"]) == (before["values"], before["tasks"])
        listed = (await session.call("history", values=True))["checkpoints"]
        first = [{**one, "current": None} for one in history]
        assert [{**one, "current": None} for one in listed][-len(first) :] == first
        assert await session.call("diff", checkpoint_id=at) == diff
        for expression in ("state.degrees", "input.degrees"):
            found = await session.call("evaluate", expression=expression, checkpoint_id=at)
            assert found["value"] == 30
        now = await session.call("inspect")
        assert [one["path"] for one in now["tasks"]] == ["plain"]
