"""Graphs whose nodes take their time, with limits of LangGraph's own among them."""

import asyncio
import os
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import RetryPolicy, TimeoutPolicy, interrupt
from pydantic import BaseModel, field_validator

FOLDER = Path(os.environ.get("FAULT_FOLDER", "."))


class State(TypedDict, total=False):
    query: str
    said: str


def hangs(state: State) -> State:
    """Until the test says so, and writes then."""
    writer = get_stream_writer()
    (FOLDER / "went in").touch()
    while not (FOLDER / "go").exists():
        time.sleep(0.01)
    writer("too late")
    (FOLDER / "came back").touch()
    return {"said": "too late"}


async def sleeps(state: State) -> State:
    await asyncio.sleep(60)
    return {"said": "slept"}


tries = Counter[str]()


def second(state: State) -> State:
    """Hangs at its first attempt."""
    tries[state["query"]] += 1
    if tries[state["query"]] == 1:
        hangs(state)
    return {"said": "tried again"}


async def asks(state: State) -> State:
    """Works a little, asks, and then for long where it is told to."""
    await asyncio.sleep(0.3)
    answer = interrupt("go on?")
    await asyncio.sleep(float(answer))
    return {"said": f"{answer}"}


def _graph(node: Any, **options: Any) -> Any:
    return StateGraph(State).add_node("node", node, **options).add_edge(START, "node")


hanging = _graph(hangs).compile()
retrying = _graph(second, retry_policy=RetryPolicy(initial_interval=0.01, jitter=False)).compile()
asking = _graph(asks).compile()
own = _graph(sleeps, timeout=TimeoutPolicy(run_timeout=0.2)).compile()
step = _graph(sleeps).compile()
step.step_timeout = 0.2
inner = _graph(sleeps).compile()
outer = _graph(inner).compile()


async def rescue(state: State) -> State:
    return {"said": "rescued"}


rescued = _graph(sleeps, error_handler=rescue).compile()


@task
async def naps(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


@entrypoint()
async def functional(query: str) -> str:
    await naps(60)
    return "done"


def _hangs(name: str) -> None:
    while (FOLDER / name).exists():
        time.sleep(0.01)


def joined(left: list[str], right: list[str]) -> list[str]:
    """A reducer that hangs while a test says so."""
    _hangs("hang")
    return left + right


class Touchy(TypedDict, total=False):
    query: str
    words: Annotated[list[str], joined]


async def speak(state: Touchy) -> Touchy:
    return {"words": [state["query"]]}


def onward(state: Touchy) -> str:
    """A router that does the same."""
    _hangs("hang router")
    return "last"


def last(state: Touchy) -> Touchy:
    return {"words": ["last"]}


_touchy = StateGraph(Touchy).add_node("speak", speak).add_node("last", last)
touchy = _touchy.add_edge(START, "speak").add_conditional_edges("speak", onward, ["last"]).compile()


class Tone(BaseModel):
    """Settings whose validator hangs while a test says so."""

    tone: str = "plain"

    @field_validator("tone")
    @classmethod
    def check(cls, tone: str) -> str:
        if (FOLDER / "hang settings").exists():
            (FOLDER / "hangs").touch()
        _hangs("hang settings")
        return tone


async def speak_so(state: State, runtime: Runtime[Tone]) -> State:
    return {"said": f"{interrupt('what?')}, {runtime.context.tone}"}


toned = (
    StateGraph(State, context_schema=Tone).add_node("node", speak_so).add_edge(START, "node")
).compile()
