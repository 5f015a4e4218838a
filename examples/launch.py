"""A countdown that asks before it launches. Serve it with `stepwire serve examples/launch.py:graph`.

Small, but it has what a debugger and a watcher want to see: a loop, progress, and a node that asks a person.
"""

import asyncio
from typing import TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

TICK_SECONDS = 0.25


class State(TypedDict, total=False):
    """`query` names the rocket; `count` is where the countdown starts, 3 where nobody says."""

    query: str
    count: int
    answer: str


async def prepare(state: State) -> State:
    """Fills in the count."""
    return {"count": state.get("count", 3)}


async def tick(state: State) -> State:
    """Counts one down, and takes its time."""
    get_stream_writer()({"t_minus": state["count"]})
    await asyncio.sleep(TICK_SECONDS)
    return {"count": state["count"] - 1}


async def confirm(state: State) -> State:
    """Asks a person; runs again, from its start, with the answer."""
    go = interrupt({"question": f"Launch {state['query']}?"})
    return {"answer": f"{state['query']} is {'in orbit' if go == 'yes' else 'on the ground'}"}


def after_tick(state: State) -> str:
    """On with the countdown, or on to the question."""
    return "tick" if state["count"] > 0 else "confirm"


builder = StateGraph(State)
builder.add_node(prepare)
builder.add_node(tick)
builder.add_node(confirm)
builder.add_edge(START, "prepare")
builder.add_edge("prepare", "tick")
builder.add_conditional_edges("tick", after_tick, ["tick", "confirm"])
builder.add_edge("confirm", END)
graph = builder.compile()
