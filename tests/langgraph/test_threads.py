"""What looking at a thread and editing it lean on: checkpoints, pending writes, and names of LangGraph's own."""

from typing import Annotated, Any, TypedDict

import pytest
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph
from langgraph.types import Command, Overwrite, Send, interrupt

NO_TASK = "00000000-0000-0000-0000-000000000000"


def add(left: list[str], right: list[str]) -> list[str]:
    return left + right


class State(TypedDict, total=False):
    said: Annotated[list[str], add]
    n: int


async def asks(state: State) -> State:
    return {"said": [interrupt("sure?")]}


async def says(state: State) -> State:
    return {"said": ["says"]}


def build(*edges: Any, **nodes: Any) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name, node in nodes.items():
        builder.add_node(name, node)
    for source, target in edges or ((START, name) for name in nodes):
        builder.add_edge(source, target)
    return builder


def thread() -> Any:
    return {"configurable": {"thread_id": "t"}}


async def standing(saver: InMemorySaver) -> Any:
    """A graph of one node that asks."""
    graph = build(asks=asks).compile(checkpointer=saver)
    await graph.ainvoke({"said": ["in"]}, thread())
    return graph


async def test_writes_of_no_task_are_applied_before_the_tasks_run_which_stay_the_same() -> None:
    saver = InMemorySaver()
    graph = await standing(saver)
    before = await graph.aget_state(thread())
    await saver.aput_writes(before.config, [("said", ["edit"])], NO_TASK)
    after = await graph.aget_state(thread())
    assert after.values["said"] == ["in", "edit"], "an edit in place does not show in the state"
    assert [one.id for one in after.tasks] == [one.id for one in before.tasks], (
        "an edit in place makes other tasks: nothing stands any more"
    )
    result = await graph.ainvoke(Command(resume="yes"), thread())
    assert result["said"] == ["in", "edit", "yes"], "an edit in place is lost when the run goes on"


async def test_an_overwrite_among_them_goes_past_the_reducer_and_is_kept_by_the_serializer() -> (
    None
):
    saver = InMemorySaver()
    graph = await standing(saver)
    found = await graph.aget_state(thread())
    await saver.aput_writes(found.config, [("said", Overwrite(["new"]))], NO_TASK)
    assert (await graph.aget_state(thread())).values["said"] == ["new"], (
        "`__overwrite__` in `debug.setState` does not replace"
    )
    saved = await saver.aget_tuple(found.config)
    assert saved is not None
    assert (NO_TASK, "said", Overwrite(["new"])) in (saved.pending_writes or []), (
        "a second edit does not find the first one's overwrite"
    )


@pytest.mark.parametrize("channel", ["__error__", "__scheduled__", "__interrupt__", "__resume__"])
async def test_special_writes_are_told_from_updates(channel: str) -> None:
    assert channel in WRITES_IDX_MAP, (
        "a task that asks or failed passes for one that has ended: it is not run again"
    )


async def test_an_update_as_copy_makes_an_old_checkpoint_the_newest_with_its_tasks() -> None:
    graph = build((START, "a"), ("a", "b"), a=says, b=says).compile(checkpointer=InMemorySaver())
    await graph.ainvoke({"said": []}, thread())
    (old,) = [one async for one in graph.aget_state_history(thread()) if one.next == ("b",)]
    await graph.aupdate_state(old.config, None, as_node="__copy__")
    now = await graph.aget_state(thread())
    assert (now.next, now.values) == (old.next, old.values), "a rewind does not rewind"
    assert now.config != old.config, "a rewind makes no checkpoint of its own"


async def test_what_send_made_is_kept_in_a_channel_in_the_order_of_the_tasks_paths() -> None:
    saver = InMemorySaver()
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("asks", asks)
    builder.add_conditional_edges(
        START, lambda _: [Send("asks", {"n": n}) for n in range(3)], ["asks"]
    )
    graph = builder.compile(checkpointer=saver)
    await graph.ainvoke({"said": []}, thread())
    found = await graph.aget_state(thread())
    assert [one.path[:2] for one in found.tasks] == [("__pregel_push", n) for n in range(3)], (
        "a task that `Send` made is not told from others: `debug.inspect` shows the wrong input"
    )
    saved = await saver.aget_tuple(found.config)
    assert saved is not None
    sends = saved.checkpoint["channel_values"]["__pregel_tasks"]
    assert [one.arg for one in sends] == [{"n": n} for n in range(3)], (
        "`debug.inspect` does not find the input of what `Send` made"
    )


async def test_the_state_of_an_entered_subgraph_says_its_own_namespace() -> None:
    inner = build(asks=asks).compile()
    graph = build(sub=inner).compile(checkpointer=InMemorySaver())
    await graph.ainvoke({"said": []}, thread())
    (task,) = (await graph.aget_state(thread(), subgraphs=True)).tasks
    own: Any = task.state
    place = own.config["configurable"]["checkpoint_ns"]
    assert place == f"sub:{task.id}", "a subgraph that is entered is not found again"
    at = {"configurable": {"thread_id": "t", "checkpoint_ns": place}}
    assert (await graph.aget_state(at)).next == ("asks",), "a subgraph cannot be looked at"


async def test_the_start_is_a_node_and_a_task_of_its_own() -> None:
    graph = build(a=says).compile(checkpointer=InMemorySaver())
    await graph.ainvoke({"said": []}, thread())
    first = [one async for one in graph.aget_state_history(thread())][-1]
    assert [one.name for one in first.tasks] == list(first.next) == ["__start__"], (
        "LangGraph's own task shows among the user's, or none tells that a run has begun"
    )


async def test_the_paths_of_what_a_task_calls_begin_with_its_own() -> None:
    """Where a node is run again, what it called is forgotten with it."""
    from rpc.engine.langgraph.task_paths import called_by

    @task
    async def inner(text: str) -> str:
        return text

    @task
    async def outer(text: str) -> str:
        return await inner(text)

    async def work(state: dict[str, Any]) -> State:
        await outer(state["item"])
        return {"said": [interrupt("sure?")]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("work", work)
    builder.add_node("plain", work)
    builder.add_conditional_edges(
        START, lambda _: [Send("work", {"item": "a"}), Send("work", {"item": "b"})], ["work"]
    )
    saver = InMemorySaver()
    graph = builder.compile(checkpointer=saver)
    await graph.ainvoke({}, thread())
    paths = [one[3] for at in saver.writes.values() for one in at.values()]
    for index in (0, 1):
        called = [one for one in paths if called_by("work", index) in one]
        assert len(called) == 2, paths

    @entrypoint(checkpointer=InMemorySaver())
    async def flow(text: str) -> str:
        return str(interrupt(await outer(text)))

    await flow.ainvoke("x", thread())
    paths = [one[3] for at in flow.checkpointer.writes.values() for one in at.values()]
    assert len([one for one in paths if called_by("flow", None) in one]) == 2, paths
