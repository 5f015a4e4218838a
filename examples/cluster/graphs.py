"""Three small graphs whose runs take long enough to be in the middle of something when a worker dies."""

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt


class State(TypedDict, total=False):
    query: str
    step: int
    said: Annotated[list[str], operator.add]


async def count(state: State) -> State:
    """Ten numbers, one every tenth of a second."""
    step = state.get("step", 0) + 1
    for number in range(1, 11):
        get_stream_writer()({"step": step, "number": number})
        await asyncio.sleep(0.1)
    return {"step": step, "said": [f"step {step}"]}


async def ask(state: State) -> State:
    return {"said": [f"a person said {interrupt('Shall I go on?')!r}"]}


def plain(name: str) -> Any:
    async def node(_: State) -> State:
        await asyncio.sleep(0.2)
        return {"said": [name]}

    return node


def _streaming() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("count", count)
    builder.add_edge(START, "count")
    builder.add_conditional_edges("count", lambda state: END if state["step"] >= 12 else "count")
    return builder.compile()


def _sequence(*nodes: tuple[str, Any]) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence(list(nodes))
    builder.add_edge(START, nodes[0][0])
    return builder.compile()


streaming = _streaming()
"""Twelve supersteps, each a checkpoint, with progress between."""

waiting = _sequence(("read", plain("read")), ("ask", ask), ("write", plain("written")))
"""Asks a person in its middle."""

debugged = _sequence(
    ("first", plain("first")), ("second", plain("second")), ("third", plain("third"))
)
"""To be stopped at any node."""
