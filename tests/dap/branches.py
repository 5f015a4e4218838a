"""A graph that is in one subgraph several times at once, after a loop."""

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.types import Send


class State(TypedDict, total=False):
    query: str
    n: int
    k: int
    said: Annotated[list[str], operator.add]
    note: Any


async def count(state: State) -> State:
    n = state.get("n", 0) + 1
    get_stream_writer()({"counted": n})
    return {"n": n, "said": [f"count {n}"]}


async def talk(state: State) -> State:
    model = GenericFakeChatModel(messages=iter([AIMessage("hello wide world")]))
    return {"note": (await model.ainvoke("hi")).content}


async def first(state: State) -> State:
    return {"said": [f"first {state['k']}"]}


async def second(state: State) -> State:
    return {"said": [f"second {state['k']}"]}


async def join(state: State) -> State:
    return {"note": "joined"}


def again(state: State) -> str:
    return "count" if state["n"] < 5 else "talk"


def spread(state: State) -> list[Send]:
    return [Send("branch", {"query": "q", "k": k}) for k in range(3)]


class Said(TypedDict, total=False):
    """What a branch brings."""

    said: Annotated[list[str], operator.add]


branch = StateGraph(State, output_schema=Said)
branch.add_sequence([first, second])
branch.add_edge(START, "first")

builder = StateGraph(State)
builder.add_sequence([count])
builder.add_node("talk", talk)
builder.add_node("branch", branch.compile())
builder.add_node("join", join)
builder.add_edge(START, "count")
builder.add_conditional_edges("count", again, ["count", "talk"])
builder.add_conditional_edges("talk", spread, ["branch"])
builder.add_edge("branch", "join")
graph = builder.compile()
