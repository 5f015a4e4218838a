"""A graph before and after a deploy that renames the node in its middle, and takes a key of the state away that nothing writes: a session that
rests there is for nodes with its own version."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from tests.support.fault_graphs import note


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


class OldState(State, total=False):
    asked: str


def first(state: State) -> State:
    note(f"first {state['query']}")
    return {"said": ["first"]}


def asks(state: State) -> State:
    return {"said": [interrupt("sure?")]}


def last(state: State) -> State:
    note(f"last {state['query']}")
    return {"said": ["last"]}


def _named(middle: str, state: type[State]) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(state)
    builder.add_node(first)
    builder.add_node(middle, asks)
    builder.add_node(last)
    builder.add_edge(START, "first")
    builder.add_edge("first", middle)
    builder.add_edge(middle, "last")
    return builder.compile()


def old() -> Any:
    return _named("approve", OldState)


def new() -> Any:
    return _named("accept", State)
