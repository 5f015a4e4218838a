"""A graph whose thread has all that a thread may have: a subgraph, tasks by `Send`, lists that grow, values of its own types."""

import operator
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import RetryPolicy, Send, interrupt

RAN: list[str] = []
"""The bodies that ran, in this process."""


@dataclass
class Paper:
    """A type of the graph's own."""

    title: str
    year: int


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]
    paper: Paper
    score: float
    nothing: None
    asked: str


def _plan(state: State) -> dict[str, Any]:
    RAN.append("plan")
    text = "a text that is long enough for a list of such to be kept by what is added to it " * 4
    return {
        "said": [f"{text}{number}" for number in range(4)],
        "paper": Paper("nul\0 and ü", 1999),
        "score": 2.5,
        "nothing": None,
    }


def _spread(state: State) -> list[Send]:
    return [Send("look", {"query": name}) for name in ("one", "two")]


def _look(state: State) -> dict[str, Any]:
    RAN.append(f"look {state['query']}")
    return {"said": [f"looked at {state['query']}"]}


def _draft(state: State) -> dict[str, Any]:
    RAN.append("draft")
    return {"said": ["drafted"]}


def _ask(state: State) -> dict[str, Any]:
    RAN.append("ask")
    return {"asked": interrupt({"question": "Which?", "of": ["red", "blue"]})}


def _end(state: State) -> dict[str, Any]:
    RAN.append("end")
    paper = state["paper"]
    return {"said": [f"{paper.title} of {paper.year}: {state['asked']}"]}


def _inner() -> Any:
    builder = StateGraph(State)
    builder.add_node("draft", _draft)
    builder.add_node("ask", _ask)
    builder.add_edge(START, "draft")
    builder.add_edge("draft", "ask")
    builder.add_edge("ask", END)
    return builder.compile()


def build() -> Any:
    """The graph's builder."""
    builder = StateGraph(State)
    builder.add_node("plan", _plan)
    builder.add_node("look", _look)
    builder.add_node("review", _inner(), retry_policy=RetryPolicy(max_attempts=2))
    builder.add_node("end", _end)
    builder.add_edge(START, "plan")
    builder.add_conditional_edges("plan", _spread, ["look"])
    builder.add_edge("look", "review")
    builder.add_edge("review", "end")
    builder.add_edge("end", END)
    return builder


graph = build().compile()
