"""What is read off a compiled graph: bodies, subgraphs, policies, and what the builder was told."""

from typing import Any, TypedDict

import pytest
from langgraph.errors import NodeError
from langgraph.func import task
from langgraph.graph import END, START, StateGraph
from langgraph.pregel import Pregel
from langgraph.types import RetryPolicy


class State(TypedDict, total=False):
    n: int


async def leaf(state: State) -> State:
    return {"n": 1}


def build(**nodes: Any) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, node in nodes.items():
        builder.add_node(name, node)
        builder.add_edge(START, name)
    return builder


INNER = build(leaf=leaf).compile()
CLOSED = build(leaf=leaf).compile(checkpointer=False)


async def calls(state: State) -> State:
    return await INNER.ainvoke(state)


def test_a_nodes_runnable_is_its_bound_and_keeps_the_function() -> None:
    from langgraph._internal._runnable import RunnableCallable

    bound = build(leaf=leaf).compile().nodes["leaf"].bound
    assert isinstance(bound, RunnableCallable), "no node's source file and lines are found"
    assert bound.afunc is leaf, "the function that a node was given is not found"
    assert bound.func is None, "a coroutine function passes for one that takes a thread"


def test_a_subgraph_is_a_nodes_bound_and_one_that_a_function_calls_is_listed() -> None:
    nodes = build(sub=INNER, closed=CLOSED, calls=calls).compile().nodes
    assert isinstance(nodes["sub"].bound, Pregel), "a subgraph is not shown, nor stepped into"
    assert isinstance(nodes["closed"].bound, Pregel)
    assert list(nodes["calls"].subgraphs) == [INNER], (
        "a graph that a function calls is not shown, and its nodes take no breakpoints"
    )
    assert not nodes["closed"].subgraphs, (
        "a subgraph without checkpoints is listed: `inner_graph` needs no second way any more"
    )
    assert CLOSED.checkpointer is False, (
        "the debugger stops tasks that could not go on: their graph keeps no checkpoints"
    )


def test_a_task_function_keeps_what_was_decorated() -> None:
    from langgraph.func import _TaskFunction

    async def double(number: int) -> int:
        return number * 2

    made = task(double)
    assert isinstance(made, _TaskFunction), "`@task` functions take no breakpoints by name"
    assert made.func is double, "the tasks that a `@task` function calls are not found"


def test_the_builder_keeps_what_it_was_told() -> None:
    builder = build(a=leaf, b=leaf, c=leaf)
    builder.add_edge(["a", "b"], "c")
    builder.add_conditional_edges("c", lambda state: END, {"done": END})
    kept = builder.compile().builder
    assert {("__start__", "a"), ("__start__", "b")} <= kept.edges, "edges are not drawn"
    assert kept.waiting_edges == {(("a", "b"), "c")}, "edges of a join are not drawn"
    assert [one.ends for one in kept.branches["c"].values()] == [{"done": END}], (
        "the labels of conditional edges are lost"
    )
    assert kept.state_schema is kept.input_schema is State, "schemas and edits are not checked"
    assert not kept.nodes["a"].is_error_handler


def test_the_channels_that_are_langgraphs_own_are_told_by_their_names() -> None:
    builder = build(a=leaf, b=leaf, c=leaf)
    builder.add_edge(["a", "b"], "c")
    builder.add_conditional_edges("c", lambda state: "a", ["a"])
    own = {name for name in builder.compile().channels if name != "n"}
    assert own, "there are none"
    assert all(name.startswith(("__", "branch:", "join:")) for name in own), (
        f"conditions and edits show LangGraph's own channels as state: {sorted(own)}"
    )


async def test_a_nodes_policy_goes_before_the_graphs_and_counts_the_first_try() -> None:
    policy = RetryPolicy(max_attempts=2, initial_interval=0.0, jitter=False, retry_on=KeyError)
    tries: list[int] = []

    async def breaks(state: State) -> State:
        tries.append(1)
        raise KeyError("no")

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("breaks", breaks, retry_policy=policy)
    builder.add_edge(START, "breaks")
    graph = builder.compile()
    found = graph.nodes["breaks"].retry_policy
    found = (found,) if isinstance(found, RetryPolicy) else tuple(found or ())
    assert found == (policy,), "the debugger stops at an error that would have been tried again"
    assert graph.retry_policy in (None, (), [])
    with pytest.raises(KeyError):
        await graph.ainvoke({"n": 0})
    assert len(tries) == 2, "the debugger stops one try too early or too late"


async def test_an_error_handler_is_a_node_that_the_graph_maps() -> None:
    async def breaks(state: State) -> State:
        raise KeyError("no")

    async def handle(state: State, error: NodeError) -> State:
        return {"n": 7}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("breaks", breaks, error_handler=handle)
    builder.add_edge(START, "breaks")
    graph = builder.compile()
    assert list(graph.node_error_handler_map) == ["breaks"], (
        "the debugger stops at an error that its handler would have taken"
    )
    assert graph.node_error_handler_map["breaks"].startswith("__error_handler__"), (
        "an error handler shows among the nodes that run next, with a label of its own"
    )
    assert await graph.ainvoke({"n": 0}) == {"n": 7}
