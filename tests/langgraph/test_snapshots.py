"""Reading a checkpoint in steps: the same as LangGraph's own reading, and something where that has nothing."""

from typing import Annotated, Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from rpc.engine.langgraph.names import NO_TASK
from rpc.engine.langgraph.snapshots import read_apart


def add(left: list[str], right: list[str]) -> list[str]:
    if "bad" in right:
        raise ValueError("a bad one")
    return left + right


class State(TypedDict, total=False):
    said: Annotated[list[str], add]


async def asks(state: State) -> State:
    return {"said": [interrupt("sure?")]}


async def says(state: State) -> State:
    return {"said": ["says"]}


def made(saver: InMemorySaver) -> Any:
    """One that asks, beside one that has ended, in a subgraph and at the top."""
    inner = StateGraph(State)
    outer = StateGraph(State)
    for builder in (inner, outer):
        builder.add_node("asks", asks)
        builder.add_node("says", says)
        builder.add_edge(START, "asks")
        builder.add_edge(START, "says")
    outer.add_node("inner", inner.compile())
    outer.add_edge(START, "inner")
    return outer.compile(checkpointer=saver)


THREAD: Any = {"configurable": {"thread_id": "t"}}


@pytest.mark.parametrize("live", [True, False])
async def test_it_is_the_same_as_langgraph_s_own(live: bool) -> None:
    """Whatever differs here, clients would see differ between a state that can be read and one that cannot."""
    saver = InMemorySaver()
    graph = made(saver)
    await graph.ainvoke({"said": ["in"]}, THREAD)
    head = await graph.aget_state(THREAD)
    await saver.aput_writes(head.config, [("said", ["edit"])], NO_TASK)
    theirs = await graph.aget_state(THREAD if live else head.config)
    saved = await saver.aget_tuple(head.config)
    assert saved is not None
    ours = await read_apart(graph, saved, saver, live=live)
    assert (ours.error, ours.stands) == (None, True)
    for name in ("values", "next", "metadata", "created_at", "tasks", "interrupts"):
        assert getattr(ours.snapshot, name) == getattr(theirs, name), name
    assert ours.snapshot.config["configurable"]["checkpoint_id"] == saved.checkpoint["id"]


async def test_what_a_task_wrote_is_left_out_where_a_reducer_refuses_it() -> None:
    saver = InMemorySaver()
    graph = made(saver)
    await graph.ainvoke({"said": ["in"]}, THREAD)
    head = await graph.aget_state(THREAD)
    (waiting,) = [task.id for task in head.tasks if task.name == "asks"]
    await saver.aput_writes(head.config, [("said", ["bad"])], waiting)
    with pytest.raises(ValueError, match="a bad one"):
        await graph.aget_state(THREAD)
    saved = await saver.aget_tuple(THREAD)
    assert saved is not None
    ours = await read_apart(graph, saved, saver, live=True)
    assert str(ours.error) == "a bad one"
    assert ours.stands
    assert ours.snapshot.values["said"] == ["in"]
