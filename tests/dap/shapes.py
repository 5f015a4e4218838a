"""Graphs of several shapes, to compare what an editor is shown of them with what is so."""

from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel

from tests.debugging import graphs

fan_out = graphs.fan_out(3)
deep = graphs.deep()
asking = graphs.asking(2)
calling = graphs.calling(sync=False)
functional = graphs.functional()


class Trial(BaseModel):
    """A model in a model's list."""

    title: str
    phases: list[int]
    parent: "Trial | None" = None


@dataclass
class Site:
    """A dataclass that holds models."""

    city: str
    trials: dict[str, Trial] = field(default_factory=dict)


class State(TypedDict, total=False):
    """All that JSON has no types for, and all that it has."""

    query: str
    messages: Annotated[list[AnyMessage], add_messages]
    trial: Trial
    site: Site
    odd: dict[str, Any]
    pair: tuple[int, str]


async def fill(state: State) -> State:
    """Everything at once."""
    trial = Trial(title="STEP 1", phases=[1, 2], parent=Trial(title="STEP 0", phases=[]))
    call = {"name": "search", "args": {"q": "x"}, "id": "c1", "type": "tool_call"}
    return {
        "messages": [
            HumanMessage("hello", id="m0"),
            AIMessage("", id="m1", tool_calls=[call]),  # type: ignore[list-item]
            ToolMessage("found", tool_call_id="c1", id="m2"),
        ],
        "trial": trial,
        "site": Site("Bonn", {"a/b": trial, "~": trial}),
        "odd": {
            "": None,
            "ü": "ä\n\"'",
            "no": False,
            "half": 0.5,
            "empty": {},
            "none": [],
            "big": 2**60,
        },
        "pair": (1, "x"),
    }


async def fails(state: State) -> State:
    """Raises."""
    raise ValueError("cannot go on")


builder = StateGraph(State)
builder.add_sequence([fill, fails])
builder.add_edge(START, "fill")
typed = builder.compile()


class Arrays(TypedDict, total=False):
    """What LangGraph stores of numpy's."""

    query: str
    array: Any


async def measure(state: Arrays) -> Arrays:
    """An array of two dimensions."""
    import numpy

    return {"array": numpy.arange(8).reshape(4, 2)}


async def rest(state: Arrays) -> Arrays:
    """Nothing."""
    return {"query": "rested"}


of_arrays = StateGraph(Arrays)
of_arrays.add_sequence([measure, rest])
of_arrays.add_edge(START, "measure")
arrays = of_arrays.compile()
