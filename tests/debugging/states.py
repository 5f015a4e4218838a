"""Graphs whose state is a TypedDict, a pydantic model, a dataclass, and one with messages."""

import operator
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.graph.state import CompiledStateGraph
from pydantic import BaseModel


class Typed(TypedDict, total=False):
    """With a list that is added to."""

    query: str
    n: int
    said: Annotated[list[str], operator.add]


class Model(BaseModel):
    """The same as a pydantic model."""

    query: str = ""
    n: int = 0
    said: Annotated[list[str], operator.add] = []


@dataclass
class Data:
    """The same as a dataclass."""

    query: str = ""
    n: int = 0
    said: Annotated[list[str], operator.add] = field(default_factory=list)


class Chat(TypedDict):
    """Messages."""

    messages: Annotated[list[AnyMessage], add_messages]


def counting(schema: Any) -> CompiledStateGraph[Any, Any, Any, Any]:
    """`one`, `two`, `three`: each adds one to `n` and says its name."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(schema)

    def body(name: str) -> Any:
        async def run(state: Any) -> Any:
            n = state.get("n", 0) if isinstance(state, dict) else state.n
            return {"n": n + 1, "said": [name]}

        return run

    for name in ("one", "two", "three"):
        builder.add_node(name, body(name))
    builder.add_edge(START, "one")
    builder.add_edge("one", "two")
    builder.add_edge("two", "three")
    builder.add_edge("three", END)
    return builder.compile()


def chat() -> CompiledStateGraph[Any, Any, Any, Any]:
    """`reply` answers the last message; `again` too."""

    async def reply(state: Chat) -> Any:
        return {"messages": [AIMessage(f"re: {state['messages'][-1].text}")]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(Chat)
    builder.add_node("reply", reply)
    builder.add_node("again", reply)
    builder.add_edge(START, "reply")
    builder.add_edge("reply", "again")
    return builder.compile()
