"""One subgraph that is entered several times at once: each has a state, updates and edits of its own."""

import operator
from typing import Annotated, TypedDict

import pytest
from langgraph.graph import START, StateGraph
from langgraph.types import Send

from rpc.client import RpcError
from tests.debugging.drive import connect, debug
from tests.support.in_process import Serve


class State(TypedDict, total=False):
    """`k`: which of them."""

    query: str
    k: int
    said: Annotated[list[str], operator.add]


async def first(state: State) -> State:
    """Says who it is."""
    return {"said": [f"first {state['k']}"]}


async def second(state: State) -> State:
    """Says it again."""
    return {"said": [f"second {state['k']}"]}


async def plan(state: State) -> State:
    """The step before."""
    return {"said": ["plan"]}


def graph():  # type: ignore[no-untyped-def]
    """`branch` three times, of two nodes each."""
    branch = StateGraph(State)
    branch.add_sequence([first, second])
    branch.add_edge(START, "first")
    builder = StateGraph(State)
    builder.add_node("plan", plan)
    builder.add_node("branch", branch.compile())
    builder.add_edge(START, "plan")
    builder.add_conditional_edges(
        "plan",
        lambda _: [Send("branch", {"query": "q", "k": k}) for k in range(3)],
        ["branch"],
    )
    return builder.compile()


async def test_each_shows_its_own_state_and_updates(serve: Serve) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["branch/second"])
        tasks = {one["input"]["k"]: one["task_id"] for one in session.stop["tasks"]}
        assert sorted(tasks) == [0, 1, 2]
        checkpoints = set()
        for k, task_id in tasks.items():
            found = await session.call("inspect", task_id=task_id)
            assert (found["path"], found["values"]["said"]) == ("branch", [f"first {k}"])
            assert [one["update"] for one in found["updates"]] == [{"said": [f"first {k}"]}]
            checkpoints.add(found["graph_checkpoint_id"])
            diff = await session.call("diff", checkpoint_id=found["graph_checkpoint_id"])
            assert [one["after"] for one in diff["differences"]] == [f"first {k}"]
            told = await session.call("evaluate", expression="state['said']", task_id=task_id)
            assert told["value"] == [f"first {k}"]
        assert len(checkpoints) == 3
        # All of them, where no task is named.
        whole = await session.call("inspect")
        assert whole["graph_checkpoint_id"] == whole["checkpoint_id"]
        written = [one["update"] for one in whole["updates"] if one["path"] == "branch/first"]
        assert sorted(one["said"][0] for one in written) == ["first 0", "first 1", "first 2"]
        # Of a checkpoint of the graph around them the state is that graph's.
        told = await session.call(
            "evaluate", expression="state['said']", checkpoint_id=whole["checkpoint_id"]
        )
        assert told["value"] == ["plan"]


async def test_an_edit_is_of_the_one_that_is_meant(serve: Serve) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["branch/second"])
        tasks = {one["input"]["k"]: one["task_id"] for one in session.stop["tasks"]}
        edit = {"value_path": "/said/0", "value": "edited"}
        await session.call("setState", as_node="branch/", task_id=tasks[1], **edit)
        for k, task_id in tasks.items():
            said = (await session.call("inspect", task_id=task_id))["values"]["said"]
            assert said == (["edited"] if k == 1 else [f"first {k}"])
        with pytest.raises(RpcError, match="is in 'branch', of which 'plan' is not"):
            await session.call("setState", as_node="plan", task_id=tasks[1], **edit)
        with pytest.raises(RpcError, match="no task 'nobody' stands here"):
            await session.call("setState", as_node="branch/", task_id="nobody", **edit)
        # As if its node had just run: what follows it stands there, and the others stand where they did.
        values = {"said": ["again"]}
        await session.call("setState", as_node="branch/first", task_id=tasks[2], values=values)
        stopped = (await session.call("inspect"))["stopped"]
        said = {one["task_id"]: one["input"]["said"] for one in stopped}
        assert [said.pop(tasks[0]), said.pop(tasks[1])] == [["first 0"], ["edited"]]
        assert [*said.values()] == [["first 2", "again"]]
