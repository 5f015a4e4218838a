"""What asyncio and LangGraph do with what is no `Exception`: why it becomes one at a node's own boundary.

A user would lose: the server, with everybody's sessions, to one node that calls `sys.exit()`.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypedDict

import pytest
from langgraph._internal._retry import default_retry_on
from langgraph.graph import START, StateGraph
from langgraph.pregel import _retry
from langgraph.types import RetryPolicy

from rpc.engine.langgraph.exits import NodeExitedError, held


class State(TypedDict):
    x: int


ENDS: list[Callable[[], BaseException]] = [lambda: SystemExit(3), KeyboardInterrupt]


@pytest.mark.parametrize("made", ENDS)
def test_what_ends_a_process_leaves_the_loop_that_a_task_raised_it_in(
    made: Callable[[], BaseException],
) -> None:
    ran: list[type] = []

    async def exits() -> None:
        raise made()

    async def others() -> None:
        task = asyncio.create_task(exits())
        await asyncio.wait([task])
        # Asked for, so that nobody is told later, out of a finalizer, that it never was.
        ran.append(type(task.exception()))

    loop = asyncio.new_event_loop()
    others_task = loop.create_task(others())
    try:
        with pytest.raises(type(made())):
            loop.run_until_complete(others_task)
        assert not ran, "the loop goes on: a boundary of our own is not needed any more"
        # The loop itself can be run on.
        loop.run_until_complete(others_task)
        assert ran == [type(made())]
    finally:
        loop.close()


@pytest.mark.parametrize("made", [*ENDS, GeneratorExit, BaseException])
def test_what_it_becomes_is_told_by_a_future_and_leaves_the_loop_alone(
    made: Callable[[], BaseException],
) -> None:
    async def exits() -> None:
        raise held(made())

    async def others() -> object:
        return (await asyncio.gather(exits(), return_exceptions=True))[0]

    assert isinstance(asyncio.run(others()), NodeExitedError)


@pytest.mark.parametrize("made", [*ENDS, GeneratorExit, BaseException])
def test_a_node_that_raises_what_it_becomes_fails_as_any_other(
    made: Callable[[], BaseException],
) -> None:
    calls = []

    def node(state: State) -> State:
        calls.append(1)
        raise held(made())

    graph = StateGraph(State).add_node("a", node, retry_policy=RetryPolicy()).add_edge(START, "a")
    with pytest.raises(NodeExitedError):
        graph.compile().invoke({"x": 1})
    assert len(calls) == 1, "a node that exits is tried again by the default policy"
    assert not default_retry_on(NodeExitedError(made()))


def test_only_exceptions_are_tried_again_and_handled() -> None:
    for function in (_retry.run_with_retry, _retry.arun_with_retry):
        names = function.__code__.co_names
        assert "Exception" in names
        assert "BaseException" not in names, "LangGraph holds what is no `Exception` itself"


def test_a_policy_of_the_users_may_try_it_again() -> None:
    calls: list[int] = []

    def node(state: State) -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 1:
            raise held(SystemExit(3))
        return {"x": 2}

    policy = RetryPolicy(initial_interval=0.0, jitter=False, retry_on=lambda error: True)
    graph = StateGraph(State).add_node("a", node, retry_policy=policy).add_edge(START, "a")
    assert graph.compile().invoke({"x": 1}) == {"x": 2}
