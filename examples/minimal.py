"""A minimal graph. Serve it with `stepwire serve examples/minimal.py:graph`."""

from typing import TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    """What the nodes share: `query` is where `stepwire ask "…"` puts the question."""

    query: str
    words: list[str]
    answer: str


async def split(state: State) -> State:
    """Cuts the question into words."""
    words = state["query"].split()
    get_stream_writer()({"words": len(words)})
    return {"words": words}


async def answer(state: State) -> State:
    """Says the words backwards."""
    return {"answer": " ".join(reversed(state["words"]))}


builder = StateGraph(State)
builder.add_node(split)
builder.add_node(answer)
builder.add_edge(START, "split")
builder.add_edge("split", "answer")
builder.add_edge("answer", END)
graph = builder.compile()
