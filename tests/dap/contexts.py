"""A graph with a runtime context, whose stop is in a subgraph."""

from dataclasses import dataclass, field
from typing import Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel


class Site(BaseModel):
    """A model in the context."""

    city: str
    beds: list[int]


@dataclass
class Context:
    """What a run is given beside its input."""

    model: str = "small"
    site: Site = field(default_factory=lambda: Site(city="Bonn", beds=[]))
    api_key: str = ""


class State(TypedDict, total=False):
    """What is asked, and with what it was answered."""

    query: str
    facts: dict[str, Any]
    said: str


async def begin(state: State) -> State:
    """Finds a fact."""
    return {"facts": {"year": 2020, "a/b": {"deep": 1}, "years": [1]}}


async def ask(state: State, runtime: Runtime[Context]) -> State:
    """Says what it was given."""
    return {"said": f"{runtime.context.model} in {runtime.context.site.city}"}


inner = StateGraph(State, context_schema=Context)
inner.add_sequence([ask])
inner.add_edge(START, "ask")

builder = StateGraph(State, context_schema=Context)
builder.add_sequence([begin])
builder.add_node("inside", inner.compile())
builder.add_edge(START, "begin")
builder.add_edge("begin", "inside")
graph = builder.compile()
