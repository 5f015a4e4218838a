"""What the gate leans on: LangGraph's callbacks, their metadata, and an interrupt raised in one."""

import asyncio
from typing import Annotated, Any, TypedDict
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import GraphInterrupt
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph
from langgraph.types import Interrupt, Send


def add(left: list[str], right: list[str]) -> list[str]:
    return left + right


class State(TypedDict, total=False):
    said: Annotated[list[str], add]


def says(name: str) -> Any:
    async def node(state: State) -> State:
        return {"said": [name]}

    return node


class Seen(BaseCallbackHandler):
    """Keeps the metadata of every node's start, and stops the nodes it is told to."""

    raise_error = True
    run_inline = True

    def __init__(self, *stopped: str) -> None:
        self.stopped = stopped
        self.starts: list[dict[str, Any]] = []
        self.errors: list[BaseException] = []

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: Any,
        *,
        run_id: UUID,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        name = kwargs.get("name")
        if metadata and metadata.get("langgraph_node") == name:
            self.starts.append(metadata)
            if name in self.stopped:
                raise GraphInterrupt((Interrupt("stop", "id"),))

    def on_chain_error(self, error: BaseException, **kwargs: Any) -> None:
        self.errors.append(error)

    def of(self, name: str) -> list[dict[str, Any]]:
        return [one for one in self.starts if one["langgraph_node"] == name]


def config(seen: Seen) -> Any:
    return {"configurable": {"thread_id": "t"}, "callbacks": [seen]}


def fork() -> Any:
    """Two siblings, and one behind both."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    for name in ("a", "b", "join"):
        builder.add_node(name, says(name))
    builder.add_edge(START, "a")
    builder.add_edge(START, "b")
    builder.add_edge(["a", "b"], "join")
    return builder.compile(checkpointer=InMemorySaver())


async def test_an_interrupt_raised_in_a_callback_stops_one_task_and_its_siblings_go_on() -> None:
    graph = fork()
    await graph.ainvoke({"said": []}, config(Seen("a")))
    tasks = {one.name: one for one in (await graph.aget_state(config(Seen()))).tasks}
    assert [one.value for one in tasks["a"].interrupts] == ["stop"], (
        "a task that the gate stopped does not stand: breakpoints stop nothing"
    )
    assert tasks["b"].result == {"said": ["b"]}, "the sibling of a stopped task lost its update"


async def test_the_next_advance_comes_only_to_what_has_not_ended() -> None:
    graph = fork()
    await graph.ainvoke({"said": []}, config(Seen("a")))
    again = Seen()
    result = await graph.ainvoke(None, config(again))
    assert [one["langgraph_node"] for one in again.starts] == ["a", "join"], (
        "a task that had ended is entered again by a step, or one that stood is not"
    )
    assert result == {"said": ["a", "b", "join"]}


async def test_a_stopped_task_keeps_its_id_and_namespace() -> None:
    graph = fork()
    first, again = Seen("a"), Seen("a")
    await graph.ainvoke({"said": []}, config(first))
    await graph.ainvoke(None, config(again))
    key = "langgraph_checkpoint_ns"
    assert first.of("a")[0][key] == again.of("a")[0][key], (
        "a task that stands is another one after a step: the gate does not know it again"
    )


async def test_the_metadata_of_a_task_names_its_node_place_and_superstep() -> None:
    seen = Seen()
    await fork().ainvoke({"said": []}, config(seen))
    for name, step in (("a", 1), ("join", 2)):
        (found,) = seen.of(name)
        assert found["langgraph_checkpoint_ns"].partition(":")[0] == name, (
            "a task cannot be told from the others of its node"
        )
        assert found["langgraph_step"] == step, (
            "an `after` breakpoint cannot tell which task comes behind which"
        )
        assert "__pregel_push" not in found["langgraph_triggers"]


async def test_a_task_that_send_made_is_marked_as_pushed() -> None:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("work", says("work"))
    builder.add_conditional_edges(START, lambda _: [Send("work", {"said": ["sent"]})], ["work"])
    seen = Seen()
    await builder.compile().ainvoke({"said": []}, config(seen))
    (found,) = seen.of("work")
    assert "__pregel_push" in found["langgraph_triggers"], (
        "conditions take the input of a task that `Send` made for its graph's state"
    )
    assert found["langgraph_path"][-1] is False, "what `Send` made passes for a function's call"


async def test_a_task_that_a_function_calls_is_marked_as_called_and_is_inside_it() -> None:
    @task
    async def double(number: int) -> int:
        return number * 2

    @entrypoint(checkpointer=InMemorySaver())
    async def flow(number: int) -> int:
        return await double(number)

    seen = Seen()
    assert await flow.ainvoke(2, config(seen)) == 4
    (outer,), (inner,) = seen.of("flow"), seen.of("double")
    assert inner["langgraph_path"][-1] is True, (
        "a `@task` passes for a node with a superstep of its own: steps stop at the wrong task"
    )
    assert "__pregel_push" in inner["langgraph_triggers"]
    namespace = outer["langgraph_checkpoint_ns"]
    assert inner["langgraph_checkpoint_ns"].startswith(f"{namespace}|double:"), (
        "a `@task` is not below the function that calls it: it has another path"
    )


async def test_parts_of_a_namespace_are_a_name_and_a_task_or_the_number_of_a_call() -> None:
    inner = StateGraph(State).add_node("leaf", says("leaf")).add_edge(START, "leaf").compile()

    async def call(state: State) -> State:
        await inner.ainvoke({"said": []})
        await inner.ainvoke({"said": []})
        return {}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("call", call)
    builder.add_node("sub", inner)
    builder.add_edge(START, "call")
    builder.add_edge("call", "sub")
    seen = Seen()
    await builder.compile(checkpointer=InMemorySaver()).ainvoke({"said": []}, config(seen))
    shapes = [
        [part.partition(":")[0] for part in one["langgraph_checkpoint_ns"].split("|")]
        for one in seen.of("leaf")
    ]
    assert shapes[0] == ["call", "leaf"], "the first graph that a function calls is numbered"
    assert shapes[1] == ["call", "1", "leaf"], (
        "two graphs that one function calls are not told apart, or their paths show the number"
    )
    assert shapes[2] == ["sub", "leaf"], "the path of a node in a subgraph is another one"


async def test_what_a_callback_raises_on_an_error_takes_the_errors_place() -> None:
    class Holds(Seen):
        def on_chain_error(self, error: BaseException, **kwargs: Any) -> None:
            if isinstance(error, ValueError) and kwargs.get("parent_run_id") is not None:
                raise GraphInterrupt((Interrupt("failed", "id"),))

    async def breaks(state: State) -> State:
        raise ValueError("no")

    async def slow(state: State) -> State:
        await asyncio.sleep(0)
        return {"said": ["slow"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node(breaks)
    builder.add_node(slow)
    builder.add_edge(START, "breaks")
    builder.add_edge(START, "slow")
    graph = builder.compile(checkpointer=InMemorySaver())
    try:
        await graph.ainvoke({"said": []}, config(Holds()))
    except ValueError:
        pytest.fail("a failing node ends the debugged run, and takes its siblings with it")
    tasks = {one.name: one for one in (await graph.aget_state(config(Seen()))).tasks}
    assert tasks["slow"].result == {"said": ["slow"]}
    assert [one.value for one in tasks["breaks"].interrupts] == ["failed"]
