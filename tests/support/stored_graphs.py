"""Graphs whose sessions are stored by one version of Stepwire and go on in another: plain, and never changed."""

import asyncio
import operator
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import interrupt

FOLDER = Path(os.environ.get("STORED_FOLDER", "."))
"""Where the file `go` lets held nodes go."""


@dataclass
class Finding:
    """A type of the graph's own in its state."""

    text: str
    score: float


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]
    finding: Finding
    raw: bytes
    counts: dict[int, str]


async def first(state: State) -> State:
    get_stream_writer()({"first": state["query"]})
    finding = Finding(f"about {state['query']}", 0.5)
    return {"said": ["first"], "finding": finding, "raw": b"\x00\xff", "counts": {1: "één"}}


async def second(state: State) -> State:
    return {"said": [f"second {state['finding'].text}"]}


async def third(state: State) -> State:
    return {"said": ["third"]}


async def hold(state: State) -> State:
    """Stands until the file `go` is there."""
    get_stream_writer()("held")
    while not (FOLDER / "go").exists():  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    return {"said": ["held"]}


async def fail(state: State) -> State:
    raise ValueError(f"no {state['query']} here")


async def ask(state: State) -> State:
    return {"said": [f"answer {interrupt({'question': state['query']})}"]}


async def reply(state: MessagesState) -> dict[str, Any]:
    """An answer of about two kilobytes."""
    number = len(state["messages"])
    return {"messages": [AIMessage(f"answer {number}: " + "word " * 400, id=f"a{number}")]}


def chain(*nodes: Any, state: Any = State) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(state)
    builder.add_sequence(nodes)
    builder.add_edge(START, nodes[0].__name__)
    builder.add_edge(nodes[-1].__name__, END)
    return builder


def nested(node: Any) -> Any:
    """A graph that has the node in a subgraph, between two others."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node(first)
    builder.add_node("inner", chain(node, second).compile())
    builder.add_node(third)
    builder.add_edge(START, "first")
    builder.add_edge("first", "inner")
    builder.add_edge("inner", "third")
    builder.add_edge("third", END)
    return builder


steps = chain(first, second, third).compile()
failing = chain(first, fail).compile()
holding = chain(first, hold, third).compile()
asking = nested(ask).compile()
chat = chain(reply, state=MessagesState).compile()
