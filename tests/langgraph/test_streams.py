"""What the stream's items look like, and what sync durability needs: from there come all events."""

import asyncio
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

MODES: Any = ["tasks", "custom", "messages", "checkpoints", "values"]


def add(left: list[str], right: list[str]) -> list[str]:
    return left + right


class State(TypedDict, total=False):
    said: Annotated[list[str], add]


async def says(state: State) -> State:
    return {"said": ["says"]}


async def asks(state: State) -> State:
    return {"said": [interrupt("sure?")]}


async def breaks(state: State) -> State:
    raise ValueError("no")


def line(*nodes: Any, **options: Any) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence(nodes)
    builder.add_edge(START, nodes[0].__name__)
    return builder.compile(**options)


async def items(graph: Any) -> list[tuple[tuple[str, ...], str, Any]]:
    """All the stream yields, up to an error."""
    config = {"configurable": {"thread_id": "t"}}
    found: list[Any] = []
    try:
        stream = graph.astream(
            {"said": []}, config, stream_mode=MODES, subgraphs=True, durability="sync"
        )
        async for item in stream:
            found.append(item)
    except ValueError:
        pass
    return found


async def test_a_task_is_told_when_it_starts_with_triggers_and_when_it_ends_with_a_result() -> None:
    found = await items(line(says, checkpointer=InMemorySaver()))
    start, end = [data for _, mode, data in found if mode == "tasks"]
    assert start["name"] == end["name"] == "says"
    assert start["id"] == end["id"], "a task's end is not that of its start"
    assert "triggers" in start, "a task's start passes for its end"
    assert "triggers" not in end, "a task's end passes for its start"
    assert end["result"] == {"said": ["says"]}, "`node.finished` has no update"
    assert (end["error"], list(end["interrupts"])) == (None, [])


async def test_a_question_is_told_with_its_id_and_a_failure_with_its_error() -> None:
    found = await items(line(asks, checkpointer=InMemorySaver()))
    end = [data for _, mode, data in found if mode == "tasks"][-1]
    (question,) = end["interrupts"]
    assert question["value"] == "sure?", "`input.requested` has no question"
    assert question["id"], "`query.respond` cannot name the question"
    assert any(mode == "values" and "__interrupt__" in data for _, mode, data in found), (
        "the values tell interrupts in another way: they may pass for the graph's output"
    )
    found = await items(line(breaks, checkpointer=InMemorySaver()))
    end = [data for _, mode, data in found if mode == "tasks"][-1]
    assert "no" in str(end["error"]), "`node.failed` does not say why"


async def test_a_subgraphs_items_carry_its_namespace_as_parts() -> None:
    inner = line(says)
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", inner)
    builder.add_edge(START, "sub")
    found = await items(builder.compile(checkpointer=InMemorySaver()))
    ids = {data["name"]: data["id"] for place, mode, data in found if mode == "tasks" and not place}
    inside = {place for place, _, _ in found if place}
    assert inside == {(f"sub:{ids['sub']}",)}, "a node in a subgraph has another path or none"


async def test_a_checkpoint_is_told_with_its_id_parent_and_what_comes_next() -> None:
    found = await items(line(says, checkpointer=InMemorySaver()))
    told = [data for _, mode, data in found if mode == "checkpoints"]
    ids = [data["config"]["configurable"]["checkpoint_id"] for data in told]
    assert ids == sorted(set(ids)), (
        "ids are not in the order of time: old checkpoints are told again"
    )
    parents = [(data["parent_config"] or {}).get("configurable", {}) for data in told[1:]]
    assert [one.get("checkpoint_id") for one in parents] == ids[:-1], "parents are told wrong"
    assert [list(data["next"]) for data in told][-2:] == [["says"], []]
    assert [data["metadata"]["step"] for data in told] == [-1, 0, 1]


async def test_a_subgraph_without_checkpoints_fails_in_sync_durability() -> None:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("sub", line(says, checkpointer=False))
    builder.add_edge(START, "sub")
    graph = builder.compile(checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "t"}}
    failed = await asyncio.gather(
        graph.ainvoke({"said": []}, config, durability="sync"), return_exceptions=True
    )
    assert isinstance(failed[0], AttributeError), (
        "LangGraph has repaired it: `_repaired` in adapted.py can go"
    )
    assert "_put_checkpoint_fut" in str(failed[0]), (
        "the future that LangGraph awaits has another name: such a graph fails here too"
    )
    from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop

    assert not any(hasattr(one, "_put_checkpoint_fut") for one in (AsyncPregelLoop, SyncPregelLoop))
