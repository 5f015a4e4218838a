"""Graphs whose values are larger than a frame. The query says how many bytes."""

from typing import Any, TypedDict

from langchain_core.messages import AIMessage
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt


class State(TypedDict, total=False):
    query: str
    text: str
    documents: list[dict[str, Any]]
    messages: list[Any]
    count: int


def _one(node: Any) -> Any:
    return StateGraph(State).add_node("node", node).add_edge(START, "node").compile()


async def _text(state: State) -> State:
    return {"text": "ä" * (int(state["query"]) // 2), "count": 3}


async def _everywhere(state: State) -> State:
    size = int(state["query"])
    get_stream_writer()({"small": 1, "large": "p" * size})
    answer = interrupt({"question": "Which?", "of": ["q" * (size // 4)] * 4})
    documents = [{"number": number, "text": "d" * 500} for number in range(size // 500)]
    return {
        "documents": documents,
        "messages": [AIMessage("m" * size, id="long")],
        "text": str(answer),
    }


async def _fail(state: State) -> State:
    raise ValueError("e" * int(state["query"]))


text = _one(_text)
"""Writes so many bytes of text, and a number."""
everywhere = _one(_everywhere)
"""Has large values in every event that can have some."""
failing = _one(_fail)
"""Raises with so long a message."""
