"""A graph with everything that is saved: parallel branches, a subgraph, a called one, one that keeps no checkpoints, a loop."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

LAPS = 4


class State(TypedDict, total=False):
    """A question, and what the nodes said."""

    query: str
    lap: int
    said: Annotated[list[str], operator.add]


async def speak(state: State) -> State:
    """Write, then say something."""
    get_stream_writer()({"lap": state.get("lap", 0)})
    return {"said": ["spoke"]}


def plain(state: State) -> State:
    """A plain function, on a thread."""
    get_stream_writer()("plain")
    return {"said": ["plain"]}


def _inner(**options: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("speak", speak)
    builder.add_node("plain", plain)
    builder.add_edge(START, "speak")
    builder.add_edge("speak", "plain")
    return builder.compile(**options)


called = _inner()


async def calls(state: State) -> State:
    """Call a graph that LangGraph does not know of as a node's."""
    found = await called.ainvoke({"query": "called", "said": []})
    return {"said": [f"called {len(found['said'])}"]}


async def lap(state: State) -> State:
    """One more."""
    return {"lap": state.get("lap", 0) + 1}


def again(state: State) -> Any:
    """Around once more, by two parallel branches, or to the end."""
    if state["lap"] >= LAPS:
        return END
    return [Send("speak", state), Send("plain", state), Send("sub", {"query": "sub", "said": []})]


builder = StateGraph(State)
builder.add_node("lap", lap)
builder.add_node("speak", speak)
builder.add_node("plain", plain)
builder.add_node("sub", _inner())
builder.add_node("unsaved", _inner(checkpointer=False))
builder.add_node("calls", calls)
builder.add_edge(START, "lap")
builder.add_conditional_edges("lap", again, ["speak", "plain", "sub", END])
builder.add_edge(["speak", "plain", "sub"], "unsaved")
builder.add_edge("unsaved", "calls")
builder.add_edge("calls", "lap")
busy = builder.compile()
"""Served by the tests of faults."""
