"""A graph to step through: two branches, one of them a subgraph, a question, and a failure where it is asked for."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import RetryPolicy, interrupt

FAILED: set[str] = set()


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]
    facts: dict[str, Any]
    many: list[int]


async def begin(state: State) -> State:
    return {"said": ["begin"], "facts": {"year": 2020, "a/b": [1, {"deep": "x"}]}}


async def search(state: State) -> State:
    count = 100_000 if state["query"] == "large" else 3
    return {"said": [f"search {state['query']}"], "many": list(range(count))}


async def rank(state: State) -> State:
    if state["query"] == "fails":
        raise ValueError("cannot rank")
    if state["query"] == "retries" and state["query"] not in FAILED:
        FAILED.add(state["query"])
        raise KeyError("not yet")
    return {"said": [f"rank {state['facts']['year']}"]}


async def other(state: State) -> State:
    return {"said": ["other"]}


async def ask(state: State) -> State:
    if state["query"] == "asks":
        return {"said": [f"told {interrupt('sure?')}"]}
    return {"said": ["ask"]}


inner = StateGraph(State)
inner.add_node("search", search)
inner.add_node("rank", rank, retry_policy=RetryPolicy(retry_on=KeyError, initial_interval=0.01))
inner.add_edge(START, "search")
inner.add_edge("search", "rank")

builder = StateGraph(State)
builder.add_node("begin", begin)
builder.add_node("literature", inner.compile())
builder.add_node("other", other)
builder.add_node("ask", ask)
builder.add_edge(START, "begin")
builder.add_edge("begin", "literature")
builder.add_edge("begin", "other")
builder.add_edge(["literature", "other"], "ask")
graph = builder.compile()
