"""Graphs of a node or two, for tests that are not about graphs. Also served from processes, by path."""

import asyncio
import operator
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import interrupt

Compiled = CompiledStateGraph[Any, Any, Any, Any]


class State(TypedDict, total=False):
    """A query, and what its nodes said."""

    query: str
    said: Annotated[list[str], operator.add]


def chain(*nodes: Any, state: Any = State) -> Compiled:
    """A graph of these nodes, one after the other."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(state)
    builder.add_sequence(nodes)
    builder.add_edge(START, nodes[0].__name__)
    builder.add_edge(nodes[-1].__name__, END)
    return builder.compile()


async def hello(state: State) -> State:
    """Answers at once."""
    return {"said": [f"hello {state['query']}"]}


async def write(state: State) -> State:
    """Writes as many progress events as the query says."""
    writer = get_stream_writer()
    for number in range(int(state["query"])):
        writer({"number": number})
    return {"said": ["written"]}


async def wait(state: State) -> State:
    """Never ends by itself."""
    get_stream_writer()("waiting")
    await asyncio.Event().wait()
    return {}


async def ask(state: State) -> State:
    """Asks a person."""
    return {"said": [str(interrupt({"question": state["query"]}))]}


async def fail(state: State) -> State:
    """Raises."""
    raise ValueError(f"no {state['query']} here")


greeter = chain(hello)
writing = chain(write)
waiting = chain(wait)
asking = chain(ask, hello)
failing = chain(hello, fail)


async def fill(state: State) -> State:
    """Writes as many events of 10 KB as the query says."""
    writer = get_stream_writer()
    for number in range(int(state["query"])):
        writer({"number": number, "fill": "x" * 10_000})
        if number % 50 == 0:
            await asyncio.sleep(0)
    return {"said": ["filled"]}


filling = chain(fill)


def open_files(state: State) -> State:
    """Has as many files open at once as the query says."""
    with ExitStack() as opened:
        for _ in range(int(state["query"])):
            opened.enter_context(Path(os.devnull).open("rb"))
    return {"said": ["opened"]}


opening = chain(open_files)
