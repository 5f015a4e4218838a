"""Graphs whose nodes do what a server must live through. What one does is its query: `KIND` or `KIND argument`."""

import argparse
import asyncio
import ctypes
import itertools
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.graph import START, StateGraph
from langgraph.prebuilt import ToolNode

FOLDER = Path(os.environ.get("FAULT_FOLDER", "."))


class State(TypedDict, total=False):
    query: str
    messages: list[Any]
    said: str


class OwnEnd(BaseException):
    """What is no `Exception`, of somebody's own."""


def _arguments() -> None:
    argparse.ArgumentParser(prog="tool").parse_args(["--nonsense"])


def _interrupt() -> None:
    raise KeyboardInterrupt


def _own() -> None:
    raise OwnEnd("enough")


def _close() -> None:
    raise GeneratorExit


EXITS: dict[str, Callable[[], object]] = {
    "exit": lambda: sys.exit(3),
    "exit_text": lambda: sys.exit("no more"),
    "interrupt": _interrupt,
    "arguments": _arguments,
    "own": _own,
    "close": _close,
}


HOLDS: dict[str, Callable[[], object]] = {
    "repeat": lambda: sum(itertools.repeat(1)),
    "power": lambda: 3 ** (10**9),
    "regex": lambda: re.match(r"(a+)+$", "a" * 64 + "b"),
}
"""Code in C that does not return, and holds the interpreter."""


def act(query: str) -> None:
    """What a node does before it says that it did."""
    with (FOLDER / "journal").open("a+") as journal:
        journal.seek(0)
        again = f"{query}\n" in journal
        journal.write(f"{query}\n")
    query = query.removesuffix(" once") if not again else query
    kind, _, argument = query.partition(" ")
    if again and argument.endswith("once"):
        return
    if kind in EXITS:
        EXITS[kind]()
    elif kind in HOLDS:
        HOLDS[kind]()
    elif kind == "die":
        os._exit(int(argument))
    elif kind == "segfault":
        ctypes.string_at(0)
    elif kind == "block":
        # Without a look at the loop, until the test says so.
        while not (FOLDER / argument).exists():
            time.sleep(0.01)
    elif kind == "compute":
        # Without a call of the system's, but for a look now and then.
        while not (FOLDER / argument).exists():
            until = time.monotonic() + 0.2
            while time.monotonic() < until:
                sum(range(10_000))
    elif kind == "thread":
        threading.Thread(target=threading.Event().wait).start()


async def in_loop(state: State) -> State:
    """On the event loop."""
    query = state["query"]
    if query == "stop":
        asyncio.get_running_loop().stop()
        await asyncio.sleep(0.01)
    elif query == "run out":
        await asyncio.to_thread(next, iter(()))
    elif query.startswith("child "):
        await asyncio.create_task(_child(query.removeprefix("child ")))
    elif query.startswith("swallow "):
        await _swallow(query.removeprefix("swallow "))
    elif query.startswith("await "):
        while not (FOLDER / query.removeprefix("await ")).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    act(query)
    return {"said": "done"}


async def _child(query: str) -> None:
    act(query)


async def _swallow(name: str) -> None:
    """Go on whatever cancels it."""
    while not (FOLDER / name).exists():
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            continue


def in_thread(state: State) -> State:
    """In a thread."""
    act(state["query"])
    return {"said": "done"}


def _graph(node: Any) -> Any:
    return StateGraph(State).add_node("node", node).add_edge(START, "node")


on_loop = _graph(in_loop).compile()
threaded = _graph(in_thread).compile()
nested = _graph(_graph(in_loop).compile()).compile()


async def _calls(state: State) -> State:
    await on_loop.ainvoke({"query": state["query"]})
    return {"said": "done"}


def _calls_sync(state: State) -> State:
    threaded.invoke({"query": state["query"]})
    return {"said": "done"}


calling = _graph(_calls).compile()
calling_sync = _graph(_calls_sync).compile()


@tool
def leave(query: str) -> str:
    """End it all."""
    act(query)
    return "done"


def _ask_tool(state: State) -> State:
    call = {"name": "leave", "args": {"query": state["query"]}, "id": "1", "type": "tool_call"}
    return {"messages": [AIMessage("", tool_calls=[call])]}  # type: ignore[typeddict-item]


tools = (
    StateGraph(State)
    .add_node("ask", _ask_tool)
    .add_node("node", ToolNode([leave]))
    .add_edge(START, "ask")
    .add_edge("ask", "node")
    .compile()
)
