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

    # Often enough that one has its turn in time, however busy the machine is.
    policy = RetryPolicy(
        initial_interval=0.001, backoff_factor=1.0, jitter=False, max_attempts=1000
    )
    builder = StateGraph(State).add_node("node", slow_once, retry_policy=policy)
    assert await builder.add_edge(START, "node").compile().ainvoke({"x": 1}) == {"x": 2}
    assert len(attempts) > 1


async def test_a_shorter_limit_of_its_own_holds(seconds: float) -> None:
    async def sleeps(state: State) -> State:
        await asyncio.sleep(20)
        return state

    own = StateGraph(State).add_node("node", sleeps, timeout=TimeoutPolicy(run_timeout=0.01))
    with pytest.raises(NodeTimeoutError) as raised:
        await own.add_edge(START, "node").compile().ainvoke({"x": 1})
    assert not ran_over(raised.value, seconds)


async def test_a_graph_as_a_node_has_none_and_each_of_its_nodes_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = _runner.arun_with_retry
    limits: dict[str, Any] = {}

    async def arun(task: PregelExecutableTask, *args: Any, **options: Any) -> Any:
        task = limited(task, 60.0)
        limits[task.name] = task.timeout and task.timeout.run_timeout
        return await original(task, *args, **options)

    monkeypatch.setattr(_runner, "arun_with_retry", arun)

    async def adds(state: State) -> State:
        return {"x": state["x"] + 1}

    inner = StateGraph(State).add_sequence([("a", adds), ("b", adds)]).add_edge(START, "a")
    outer = StateGraph(State).add_node("inner", inner.compile()).add_edge(START, "inner")
    assert await outer.compile().ainvoke({"x": 1}) == {"x": 3}
    assert [limits[name] for name in ("inner", "a", "b")] == [None, 60.0, 60.0]
