"""Graphs whose tasks are made by `Send`."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import Send


class Topics(TypedDict, total=False):
    topics: list[str]
    found: Annotated[list[str], operator.add]


class One(TypedDict):
    topic: str


def each(state: Topics) -> list[Send]:
    return [Send("look", {"topic": one}) for one in state["topics"]]


async def look(one: One) -> Topics:
    """Looks one of them up."""
    return {"found": [one["topic"]]}


async def start(state: Topics) -> dict[str, Any]:
    return {}


inner = StateGraph(Topics)
inner.add_node(start)
inner.add_node(look)
inner.add_edge(START, "start")
inner.add_conditional_edges("start", each, ["look"])
outer = StateGraph(Topics)
outer.add_node("inside", inner.compile())
outer.add_edge(START, "inside")
spread = outer.compile()
