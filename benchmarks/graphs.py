"""The graphs that are measured."""

from typing import Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph

EVENTS = 10_000


class State(TypedDict, total=False):
    """A question, and how many nodes have seen it."""

    query: str
    seen: int


async def write(state: State) -> dict[str, Any]:
    """Write many stream events as fast as a node can."""
    writer = get_stream_writer()
    for number in range(EVENTS):
        writer({"number": number, "text": "a short piece of progress"})
    return {"seen": EVENTS}


async def step(state: State) -> dict[str, Any]:
    """Do next to nothing."""
    return {"seen": state.get("seen", 0) + 1}


def _stream() -> StateGraph[State, None, State, State]:
    builder = StateGraph(State)
    builder.add_node("write", write)
    builder.add_edge(START, "write")
    return builder


def _six() -> StateGraph[State, None, State, State]:
    builder = StateGraph(State)
    names = ["one", "two", "three", "four", "five", "six"]
    for name in names:
        builder.add_node(name, step)
    for source, target in zip([START, *names], names, strict=False):
        builder.add_edge(source, target)
    return builder


stream = _stream().compile()
"""One node that writes `EVENTS` stream events."""

six = _six().compile()
"""Six nodes in a row."""
