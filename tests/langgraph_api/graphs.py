"""Graphs whose doings a test decides."""

import asyncio
from pathlib import Path
from typing import Any, Literal, TypedDict

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import interrupt


class Gated(TypedDict, total=False):
    file: str
    done: bool


async def wait(state: Gated) -> Gated:
    """Until somebody makes the file."""
    while not Path(state["file"]).exists():  # noqa: ASYNC110, ASYNC240
        await asyncio.sleep(0.02)
    return {"done": True}


gating = StateGraph(Gated)
gating.add_node(wait)
gating.add_edge(START, "wait")
gated = gating.compile()


class Counts(TypedDict, total=False):
    to: int
    count: int


async def count(state: Counts) -> Counts:
    return {"count": state.get("count", 0) + 1}


counting = StateGraph(Counts)
counting.add_node(count)
counting.add_edge(START, "count")
counting.add_conditional_edges(
    "count", lambda state: END if state["count"] >= state["to"] else "count"
)
counts = counting.compile()


class Asked(TypedDict, total=False):
    note: str
    answers: dict[str, Any]
    way: str


async def ask(state: Asked) -> Asked:
    """Asks a person."""
    return {"answers": {"ask": interrupt("Which?")}}


async def usual(state: Asked) -> Asked:
    return {"way": f"usual, {state.get('note')}"}


async def other(state: Asked) -> Asked:
    return {"way": f"other, {state.get('note')}"}


def route(state: Asked) -> Literal["usual"]:
    return "usual"


asking = StateGraph(Asked)
asking.add_node(ask)
asking.add_node(usual)
asking.add_node(other)
asking.add_edge(START, "ask")
asking.add_conditional_edges("ask", route, ["usual"])
asking.add_edge("usual", END)
asking.add_edge("other", END)
asked = asking.compile()


class Thinker(GenericFakeChatModel):
    """Says what it thinks before it answers."""

    async def _astream(self, *_: Any, **__: Any) -> Any:
        for piece in ("let me ", "see"):
            content = [{"type": "reasoning", "reasoning": piece, "index": 0}]
            yield ChatGenerationChunk(message=AIMessageChunk(content))  # type: ignore[arg-type]
        for piece in ("it is ", "four"):
            content = [{"type": "text", "text": piece, "index": 1}]
            yield ChatGenerationChunk(message=AIMessageChunk(content))  # type: ignore[arg-type]


async def think(state: MessagesState) -> dict[str, Any]:
    return {"messages": [await Thinker(messages=iter([])).ainvoke(state["messages"])]}


thinking = StateGraph(MessagesState)
thinking.add_node(think)
thinking.add_edge(START, "think")
thinks = thinking.compile()


class Toned(TypedDict, total=False):
    said: str


def toned(config: RunnableConfig) -> Any:
    """Another graph for each run: the config's `tone` is in the names of its nodes and of its subgraph's."""
    tone = config["configurable"].get("tone", "plain")
    inner: StateGraph[Any, Any, Any, Any] = StateGraph(Toned)
    inner.add_node(f"{tone}_inner", lambda state: {})
    inner.add_edge(START, f"{tone}_inner")
    outer: StateGraph[Any, Any, Any, Any] = StateGraph(Toned)
    outer.add_node(f"{tone}_sub", inner.compile())
    outer.add_node(f"{tone}_last", lambda state: {"said": f"{tone} end"})
    outer.add_edge(START, f"{tone}_sub").add_edge(f"{tone}_sub", f"{tone}_last")
    return outer.compile()
