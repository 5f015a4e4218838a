"""Which tasks follow a checkpoint, told when it is saved: as LangGraph prepares them afterwards.

A user would lose: the `next` of `state.checkpoint` and of the line of checkpoints, and breakpoints behind a superstep.
"""

import operator
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Send

from rpc.engine.langgraph.next_nodes import next_nodes


class State(TypedDict):
    said: Annotated[list[str], operator.add]


def says(name: str) -> Any:
    def node(state: State) -> dict[str, Any]:
        return {"said": [name]}

    return node


def built(nodes: str, *edges: tuple[Any, Any]) -> StateGraph[State]:
    builder = StateGraph(State)
    for name in nodes:
        builder.add_node(name, says(name))
    for start, end in edges:
        if callable(end):
            builder.add_conditional_edges(start, end)
        else:
            builder.add_edge(start, end)
    return builder


def goes(state: State) -> Command[Any]:
    return Command(update={"said": ["go"]}, goto=["a", Send("b", {"said": []})])


def inner() -> Any:
    return built("xy", (START, "x"), ("x", "y")).compile()


GRAPHS = {
    "one after another": built("abc", (START, "a"), ("a", "b"), ("b", "c")),
    "beside each other, then joined": built(
        "abcd", (START, "a"), ("a", "b"), ("a", "c"), (["b", "c"], "d")
    ),
    "joined by one that comes later": built(
        "abcde", (START, "a"), (START, "b"), ("b", "c"), (["a", "c"], "d"), ("a", "e")
    ),
    "by a choice": built("abc", (START, lambda _: "b"), ("b", lambda _: ["a", "c"]), ("a", END)),
    "sent, one node twice": built(
        "ab", (START, "a"), ("a", lambda _: [Send("b", {"said": []}), Send("b", {"said": []})])
    ),
    "by a command": built("ab").add_node("go", goes).add_edge(START, "go"),
    "a graph as a node": built("a", (START, "a")).add_node("in", inner()).add_edge("a", "in"),
    "around once": built(
        "ab", (START, "a"), ("a", "b"), ("b", lambda state: "a" if len(state["said"]) < 4 else END)
    ),
}


class Told(InMemorySaver):
    """What is told of each checkpoint when it is saved, with its graph known and by its channels alone."""

    graph: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, tuple[list[str], list[str]]] = {}

    def put(self, config: Any, checkpoint: Any, metadata: Any, new_versions: Any) -> Any:
        if not config["configurable"].get("checkpoint_ns"):
            known = next_nodes(self.graph, checkpoint)
            self.told[checkpoint["id"]] = known, next_nodes(None, checkpoint)
        return super().put(config, checkpoint, metadata, new_versions)


@pytest.mark.parametrize("name", GRAPHS)
def test_they_are_those_that_langgraph_prepares(name: str) -> None:
    saver = Told()
    graph = saver.graph = GRAPHS[name].compile(checkpointer=saver)
    config: Any = {"configurable": {"thread_id": "t"}}
    graph.invoke({"said": []}, config)
    history = list(graph.get_state_history(config))
    assert len(history) == len(saver.told) > 2
    for state in history:
        prepared = [task.name for task in state.tasks]
        known, by_channels = saver.told[state.config["configurable"]["checkpoint_id"]]
        assert sorted(known) == sorted(prepared), "`next` of a checkpoint is told wrong"
        if prepared != ["__start__"]:
            assert sorted(by_channels) == sorted(prepared), "and of a graph made at run time"
