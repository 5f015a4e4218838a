"""Graphs whose nodes write faster than any disk takes. How, is the query: `KIND COUNT BYTES`, events of so many bytes."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypedDict

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.tools import tool
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.prebuilt import ToolNode

FOLDER = Path(os.environ.get("FAULT_FOLDER", "."))


class State(TypedDict, total=False):
    query: str
    messages: list[Any]
    said: str


def note(text: str) -> None:
    """Write a line that tells a test what a node did."""
    with (FOLDER / "journal").open("a") as journal:
        journal.write(f"{text}\n")


class Talker(BaseChatModel):
    """A model that says `count` pieces of `size` characters, at once."""

    count: int
    size: int

    @property
    def _llm_type(self) -> str:
        return "talker"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("nothing"))])

    def _pieces(self) -> Iterator[ChatGenerationChunk]:
        for _ in range(self.count):
            yield ChatGenerationChunk(message=AIMessageChunk("x" * self.size))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._pieces():
            if run_manager is not None:
                run_manager.on_llm_new_token(piece.text, chunk=piece)
            yield piece

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for piece in self._pieces():
            if run_manager is not None:
                await run_manager.on_llm_new_token(piece.text, chunk=piece)
            yield piece


def _asked(state: State) -> tuple[str, int, int]:
    kind, count, size = state["query"].split()
    return kind, int(count), int(size)


def write(count: int, size: int) -> None:
    """As fast as it goes."""
    writer = get_stream_writer()
    for number in range(count):
        writer({"number": number, "text": "x" * size})
        if number % 100 == 99:
            note(f"wrote {number + 1}")


def _wait() -> None:
    note("stands")
    while not (FOLDER / "begin").exists():
        time.sleep(0.01)


async def on_loop(state: State) -> State:
    """A coroutine."""
    kind, count, size = _asked(state)
    note("stands")
    while not (FOLDER / "begin").exists():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    if kind == "tokens":
        async for _ in Talker(count=count, size=size).astream("talk"):
            pass
    elif kind == "pausing":
        writer = get_stream_writer()
        for number in range(count):
            writer({"number": number, "text": "x" * size})
            await asyncio.sleep(0)
    elif kind == "stubborn":
        writer = get_stream_writer()
        for number in range(count):
            try:
                writer({"number": number, "text": "x" * size})
            except Exception as error:
                if number % 100 == 0:
                    note(f"refused {type(error).__name__}")
    else:
        write(count, size)
    note("done")
    return {"said": "done"}


def in_thread(state: State) -> State:
    """A plain function."""
    kind, count, size = _asked(state)
    _wait()
    if kind == "tokens":
        for _ in Talker(count=count, size=size).stream("talk"):
            pass
    else:
        write(count, size)
    note("done")
    return {"said": "done"}


def _graph(node: Any) -> Any:
    return StateGraph(State).add_node("node", node).add_edge(START, "node")


looped = _graph(on_loop).compile()
threaded = _graph(in_thread).compile()
nested = _graph(_graph(on_loop).compile()).compile()


@tool
def shout(count: int, size: int) -> str:
    """Write from inside a tool."""
    _wait()
    write(count, size)
    return "done"


def _ask_tool(state: State) -> State:
    _, count, size = _asked(state)
    call = {"name": "shout", "args": {"count": count, "size": size}, "id": "1", "type": "tool_call"}
    return {"messages": [AIMessage("", tool_calls=[call])]}  # type: ignore[typeddict-item]


tools = (
    StateGraph(State)
    .add_node("ask", _ask_tool)
    .add_node("node", ToolNode([shout]))
    .add_edge(START, "ask")
    .add_edge("ask", "node")
    .compile()
)
