"""Graphs for tests: `tests/support/graphs.py:flood` and so on. The query says how much."""

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt


class State(TypedDict, total=False):
    query: str
    answer: str
    said: Annotated[list[str], operator.add]


def _one_node(name: str, node: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node(name, node)
    builder.add_edge(START, name)
    builder.add_edge(name, END)
    return builder.compile()


async def _flood(state: State) -> State:
    write = get_stream_writer()
    count = int(state["query"])
    for number in range(count):
        write({"number": number, "text": "x" * (number % 97)})
        if number % 100 == 0:
            await asyncio.sleep(0)
    return {"answer": f"wrote {count}"}


async def _ask(state: State) -> State:
    first = interrupt({"question": "Which colour?"})
    second = interrupt("Really?")
    return {"answer": f"{first} {second}"}


async def _fail(state: State) -> State:
    raise ValueError(f"no {state['query']}")


async def _hang(state: State) -> State:
    get_stream_writer()("hanging")
    await asyncio.Event().wait()
    return {"answer": "never"}


async def _left(state: State) -> State:
    return {"said": [interrupt("left?")]}


async def _right(state: State) -> State:
    return {"said": [interrupt("right?")]}


def _both() -> Any:
    builder = StateGraph(State)
    builder.add_node("left", _left)
    builder.add_node("right", _right)
    builder.add_edge(START, "left")
    builder.add_edge(START, "right")
    return builder.compile()


flood = _one_node("flood", _flood)
"""Writes as many progress events as the query says."""
asks = _one_node("ask", _ask)
"""Asks twice, answers with both answers."""
fails = _one_node("fail", _fail)
"""Raises."""
hangs = _one_node("hang", _hang)
"""Says so, and runs until it is cancelled."""
both = _both()
"""Two nodes ask at once."""
