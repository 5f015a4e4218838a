"""A graph whose query is its program, a letter a visit of its one node: a test knows beforehand what becomes of it."""

import asyncio
import operator
import os
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

FOLDER = Path(os.environ.get("FUZZ_FOLDER", "."))
"""Where the files are that let held visits go."""


class State(TypedDict, total=False):
    query: str
    n: int
    said: Annotated[list[str], operator.add]
    note: str


async def step(state: State, config: RunnableConfig) -> State:
    """One letter: `q` does nothing, `a` asks, `h` is held until its file is there, `f` raises."""
    n = state.get("n", 0)
    letter = state["query"][n]
    if letter == "a":
        interrupt(n)
    elif letter == "h":
        get_stream_writer()({"held": n})
        file = FOLDER / f"{config['configurable']['thread_id']}-{n}"
        while not file.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    elif letter == "f":
        raise ValueError(f"letter {n}")
    return {"n": n + 1, "said": [f"{letter}{n}"]}


def onward(state: State) -> str:
    return "step" if state.get("n", 0) < len(state["query"]) else END


builder: Any = StateGraph(State)
builder.add_node("step", step)
builder.add_conditional_edges(START, onward, ["step", END])
builder.add_conditional_edges("step", onward, ["step", END])
program = builder.compile()
