"""Where LangGraph's tasks start, try again, end and stop: what `watching.py` wraps, each by its name."""

import inspect
from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.pregel import _retry, _runner
from langgraph.pregel._loop import AsyncPregelLoop, PregelLoop, SyncPregelLoop
from langgraph.pregel._runner import PregelRunner

from rpc.engine.langgraph.watching import watched


class State(TypedDict):
    x: int


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_every_task_is_run_by_these_two() -> None:
    for name in ("run_with_retry", "arun_with_retry"):
        function = getattr(_runner, name)
        assert parameters(function)[:2] == ["task", "retry_policy"], "`node.started` is not told"
    source = inspect.getsource(PregelRunner) + inspect.getsource(_runner._call)
    assert source.count("run_with_retry") >= 5, "tasks are run by something else"


def test_every_end_of_a_task_comes_to_commit() -> None:
    assert parameters(PregelRunner.commit) == ["self", "task", "exception"], "ends are not told"
    assert "WeakMethod(self.commit)" in inspect.getsource(PregelRunner.tick), (
        "futures call something else back: what is wrapped is passed by"
    )


def test_whether_it_is_tried_again_is_asked_once_for_each_error() -> None:
    assert len(parameters(_retry._should_retry_on)) == 2
    for function in (_retry.run_with_retry, _retry.arun_with_retry):
        source = inspect.getsource(function)
        assert source.count("_should_retry_on(") == 1, "attempts are counted wrong"
        assert "attempts >= matching_policy.max_attempts" in source, "`will_retry` is told wrong"


def test_cached_results_come_from_one_place() -> None:
    assert "match_cached_writes" in vars(SyncPregelLoop), "cached nodes are not told"
    assert "amatch_cached_writes" in vars(AsyncPregelLoop), "cached nodes are not told"


def test_a_loop_stops_of_itself_in_these_two() -> None:
    assert "interrupt_before" in inspect.getsource(PregelLoop.tick)
    assert "interrupt_after" in inspect.getsource(PregelLoop.after_tick)
    assert {"interrupt_before", "interrupt_after", "manager"} <= {
        *parameters(PregelLoop.__init__)
    }, "a graph's own stops end its run"


def test_a_loop_has_what_its_channels_and_tasks_wrote() -> None:
    source = inspect.getsource(PregelLoop)
    for name in ("self.channels", "self.tasks.values()", "t.writes", "self.checkpoint"):
        assert name in source, f"data breakpoints miss changes: a loop has no {name!r}"
    assert "apply_writes(" in inspect.getsource(PregelLoop.after_tick)


@pytest.mark.parametrize("checkpointer", [None, False, True])
async def test_only_a_loop_without_checkpoints_has_no_checkpointer(checkpointer: Any) -> None:
    """Whether it inherits them, or has its own, its loop has one by the first tick."""
    seen: dict[str, bool] = {}

    original = PregelLoop.tick

    def tick(self: PregelLoop) -> bool:
        more = original(self)
        seen.update({task.name: self.checkpointer is None for task in self.tasks.values()})
        return more

    inner = StateGraph(State).add_node("leaf", lambda state: state).add_edge(START, "leaf")
    hidden = [inner.compile(checkpointer=checkpointer)]
    outer = StateGraph(State).add_node("calls", lambda state: hidden[0].invoke(state))
    graph = outer.add_edge(START, "calls").compile(checkpointer=InMemorySaver())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PregelLoop, "tick", tick)
        graph.invoke({"x": 1}, {"configurable": {"thread_id": "t"}})
    assert seen["calls"] is False
    assert seen["leaf"] is (checkpointer is False), "stops where nothing can go on"


def test_all_is_put_back() -> None:
    before = [dict(vars(one)) for one in (_runner, _retry, PregelRunner, PregelLoop)]
    with watched():
        assert [dict(vars(one)) for one in (_runner, _retry, PregelRunner, PregelLoop)] != before
    assert [dict(vars(one)) for one in (_runner, _retry, PregelRunner, PregelLoop)] == before


def test_a_graph_begins_or_goes_on_in_one_place() -> None:
    source = inspect.getsource(PregelLoop._first)
    assert '_put_checkpoint({"source": "input"})' in source, "tasks have other keys on every try"
    for loop in (SyncPregelLoop, AsyncPregelLoop):
        assert "_first" not in vars(loop), "tasks have no keys"


def test_calls_of_tasks_come_through_one_place() -> None:
    assert parameters(PregelLoop.accept_push)[:3] == ["self", "task", "write_idx"]
    source = inspect.getsource(PregelLoop.accept_push)
    assert "config=task.config" in source, "a call's key is not its function's"
    assert "super().accept_push" in inspect.getsource(AsyncPregelLoop.aaccept_push)
