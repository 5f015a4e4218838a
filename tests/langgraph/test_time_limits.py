"""LangGraph's own limit of time, set by us: what `time_limits.py` borrows, each by its name."""

import asyncio
import inspect
import threading
from dataclasses import fields
from typing import Any, TypedDict

import pytest
from langgraph.errors import NodeTimeoutError
from langgraph.graph import START, StateGraph
from langgraph.pregel import _retry, _runner
from langgraph.types import PregelExecutableTask, RetryPolicy, TimeoutPolicy

from rpc.engine.langgraph.time_limits import limited, ran_over


class State(TypedDict):
    x: int


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> float:
    """Every task that runs while this holds is limited."""
    original = _runner.arun_with_retry

    async def arun(task: PregelExecutableTask, *args: Any, **options: Any) -> Any:
        return await original(limited(task, 0.05), *args, **options)

    monkeypatch.setattr(_runner, "arun_with_retry", arun)
    return 0.05


def test_a_task_has_its_limit() -> None:
    assert "timeout" in {field.name for field in fields(PregelExecutableTask)}
    assert "task.timeout" in inspect.getsource(_retry.arun_with_retry), "nodes have no limit"


async def test_plain_functions_are_limited_too(seconds: float) -> None:
    release = threading.Event()

    def hangs(state: State) -> State:
        release.wait(20)
        return state

    graph = StateGraph(State).add_node("hangs", hangs).add_edge(START, "hangs").compile()
    with pytest.raises(NodeTimeoutError) as raised:
        await graph.ainvoke({"x": 1})
    release.set()
    assert ran_over(raised.value, seconds)
    assert not ran_over(raised.value, 1.0)


async def test_the_default_policy_tries_it_again(seconds: float) -> None:
    attempts = []

    async def slow_once(state: State) -> State:
        attempts.append(1)
        if len(attempts) == 1:
            await asyncio.sleep(20)
        return {"x": 2}

    policy = RetryPolicy(initial_interval=0.001, jitter=False)
    builder = StateGraph(State).add_node("node", slow_once, retry_policy=policy)
    assert await builder.add_edge(START, "node").compile().ainvoke({"x": 1}) == {"x": 2}


async def test_a_shorter_limit_of_its_own_holds_and_a_graph_has_none(seconds: float) -> None:
    async def sleeps(state: State) -> State:
        await asyncio.sleep(0.03)
        return {"x": state["x"] + 1}

    inner = StateGraph(State).add_sequence([("a", sleeps), ("b", sleeps)]).add_edge(START, "a")
    outer = StateGraph(State).add_node("inner", inner.compile()).add_edge(START, "inner")
    assert await outer.compile().ainvoke({"x": 1}) == {"x": 3}
    own = StateGraph(State).add_node("node", sleeps, timeout=TimeoutPolicy(run_timeout=0.01))
    with pytest.raises(NodeTimeoutError) as raised:
        await own.add_edge(START, "node").compile().ainvoke({"x": 1})
    assert not ran_over(raised.value, seconds)
