"""A coroutine that holds its loop for longer than a node of a cluster may be silent."""

import time
from typing import Any

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph

from tests.support.fault_graphs import State, note

BLOCKED_SECONDS = 12.0


async def says(_: State) -> State:
    get_stream_writer()({"held": "loop"})
    return {"said": ["says"]}


async def blocks(state: State) -> State:
    note(f"blocked {state['query']}")
    time.sleep(BLOCKED_SECONDS)  # noqa: ASYNC251
    return {"said": ["blocked"]}


def graph() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_sequence([("says", says), ("blocks", blocks)])
    builder.add_edge(START, "says")
    return builder.compile()
