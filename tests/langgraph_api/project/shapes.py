"""More graphs of the project: one inside of which is asked, and one that is a function."""

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt


class Noted(TypedDict, total=False):
    log: Annotated[list[str], operator.add]


async def first(state: Noted, config: RunnableConfig) -> Noted:
    given = config["configurable"]
    return {"log": [f"{given['graph_id']} {len(given['assistant_id'])}"]}


async def ask(state: Noted) -> Noted:
    return {"log": [f"ask {interrupt('Sure?')}"]}


async def last(state: Noted) -> Noted:
    return {"log": ["last"]}


inner = StateGraph(Noted)
inner.add_node(first)
inner.add_node(ask)
inner.add_edge(START, "first")
inner.add_edge("first", "ask")
outer = StateGraph(Noted)
outer.add_node("inside", inner.compile())
outer.add_node(last)
outer.add_edge(START, "inside")
outer.add_edge("inside", "last")
careful = outer.compile()


@task
async def twice(number: int) -> int:
    return 2 * number


@entrypoint()
async def doubled(given: dict[str, Any]) -> dict[str, Any]:
    made = await twice(given["number"])
    return {"made": made, "said": interrupt({"made": made}) if given.get("ask") else None}
