"""A graph whose query is its program, for a server that meets every fault: served from a copy, which tests save anew.

Each letter is a visit of its one node: `q` does nothing, `p` writes much, `a` asks, `e` does something in the world by its key,
`f` raises the first time, `b` blocks the event loop, `t` does so in a thread.
"""

import asyncio
import operator
import os
import time
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

FOLDER = Path(os.environ.get("STORM_FOLDER", "."))
BLOCKS_SECONDS = 0.6


class State(TypedDict, total=False):
    query: str
    n: int
    said: Annotated[list[str], operator.add]


async def step(state: State, config: RunnableConfig) -> State:
    n = state.get("n", 0)
    letter = state["query"][n]
    settings: Any = config["configurable"]
    session_id = settings["thread_id"]
    if letter == "p":
        for number in range(50):
            get_stream_writer()({"number": number, "fill": "x" * 200})
    elif letter == "a":
        interrupt(n)
    elif letter == "e":
        line = f"{session_id} {n} {settings['stepwire_task_key']}\n"
        with (FOLDER / "journal").open("a") as journal:
            journal.write(line)
    elif letter == "f":
        failed = FOLDER / f"{session_id}-{n}-failed"
        if not failed.exists():
            failed.touch()
            raise ValueError(f"letter {n}")
    elif letter == "b":
        time.sleep(BLOCKS_SECONDS)  # noqa: ASYNC251
    elif letter == "t":
        await asyncio.to_thread(time.sleep, BLOCKS_SECONDS)
    return {"n": n + 1, "said": [f"{letter}{n}"]}


def onward(state: State) -> str:
    return "step" if state.get("n", 0) < len(state["query"]) else END


builder: Any = StateGraph(State)
builder.add_node("step", step)
builder.add_conditional_edges(START, onward, ["step", END])
builder.add_conditional_edges("step", onward, ["step", END])
graph = builder.compile()
