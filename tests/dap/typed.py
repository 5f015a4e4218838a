"""A graph whose state holds what JSON has no types for, and more of it than anybody looks at at once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypedDict

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.graph import START, StateGraph
from pydantic import BaseModel


class Trial(BaseModel):
    title: str
    phase: int


@dataclass
class Site:
    city: str
    trials: list[Trial]


class Phase(Enum):
    TWO = "II"


class State(TypedDict, total=False):
    query: str
    messages: list[Any]
    trial: Trial
    site: Site
    tags: set[str]
    array: Any
    frame: Any
    years: Any
    mixed: Any
    phase: Phase
    at: datetime
    raw: bytes
    pair: tuple[int, str]
    documents: list[dict[str, Any]]


async def fill(state: State) -> State:
    import numpy
    import pandas

    days = pandas.date_range("2026-01-01", periods=3, tz="UTC")
    trial = Trial(title="STEP 1", phase=3)
    return {
        "messages": [HumanMessage("hello"), AIMessage("hi", id="m1")],
        "trial": trial,
        "site": Site("Bonn", [trial]),
        "tags": {"b", "a"},
        "array": numpy.arange(20_000).reshape(10_000, 2),
        "frame": pandas.DataFrame({"title": ["a", "b", "c"], "at": days, "n": [1.5, None, 3.0]}),
        "years": pandas.Series([2020, 2021], index=["x", "y"], name="year"),
        "mixed": numpy.array([1, "two"], dtype=object),
        "phase": Phase.TWO,
        "at": datetime(2026, 1, 2, tzinfo=UTC),
        "raw": b"bytes",
        "pair": (1, "x"),
        "documents": [{"id": number, "text": "x" * 100} for number in range(30_000)],
    }


async def read(state: State) -> State:
    return {"query": "read"}


builder = StateGraph(State)
builder.add_sequence([fill, read])
builder.add_edge(START, "fill")
graph = builder.compile()
