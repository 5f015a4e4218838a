"""Graphs loaded anew again and again: no cache, ours or a library's, keeps the code of before."""

import gc
import sys
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from rpc.engine.graphs import modules
from tests.support.in_process import Serve, Served
from tests.support.peer import peer
from tests.support.polling import until_true

RELOADS = 4

GRAPHS = '''
import operator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, NamedTuple, TypedDict

from langchain_core.messages import AIMessage, AnyMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langgraph.func import entrypoint, task
from langgraph.graph import START, StateGraph, add_messages
from pydantic import BaseModel

class Kind(Enum):
    LARGE = "large"

class Found(BaseModel):
    text: str

@dataclass
class Seen:
    text: str

class Pair(NamedTuple):
    a: int
    b: int

@tool
def look_up(word: str) -> str:
    """Look a word up."""
    return word

class State(TypedDict, total=False):
    query: str
    found: Annotated[list[Found], operator.add]
    seen: Seen
    pair: Pair
    kind: Kind
    messages: Annotated[list[AnyMessage], add_messages]

async def asks(state: State):
    return {"found": [Found(text="x")], "kind": Kind.LARGE, "pair": Pair(1, 2)}

def plain(state: State):
    word = look_up.invoke({"word": "w"})
    RunnableLambda(lambda one: helper(one)).invoke(word)
    return {"seen": Seen("y"), "messages": [AIMessage(word)]}

def helper(one):
    return one

below = StateGraph(State)
below.add_node("plain", plain)
below.add_edge(START, "plain")

builder = StateGraph(State)
builder.add_node("asks", asks)
builder.add_node("below", below.compile())
builder.add_edge(START, "asks")
builder.add_edge("asks", "below")
typed = builder.compile()

class Model(BaseModel):
    query: str
    found: list[Found] = []

async def of_model(state: Model):
    return {"found": [Found(text=state.query)]}

modelled = StateGraph(Model)
modelled.add_node("of_model", of_model)
modelled.add_edge(START, "of_model")
model = modelled.compile()

@task
def one(word: str) -> Found:
    return Found(text=word)

@entrypoint()
def functional(query: str) -> list[Found]:
    return [one(query).result()]
'''

NAMES = ("typed", "model", "functional")
CLASSES = ("Kind", "Found", "Seen", "Pair", "State", "Model")
OWN = (*NAMES, *CLASSES, "asks", "plain", "helper", "of_model", "look_up")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to be in: what is loaded anew is all code below the one that a server is in, else the tests' own too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(modules, "roots", type(modules.roots)())
    before = dict(sys.modules)
    yield tmp_path
    sys.modules.update(before)


async def test_no_code_of_before_is_kept(serve: Serve, elsewhere: Path) -> None:
    """However often: of a module's earlier versions no class, function or graph stays alive."""
    (elsewhere / "often.py").write_text(GRAPHS)
    before: list[tuple[int, str, weakref.ref[Any]]] = []
    async with serve({name: f"{elsewhere}/often.py:{name}" for name in NAMES}) as served:
        for number in range(RELOADS):
            await use(served)
            before += [(number, name, weakref.ref(one)) for name, one in own()]
            await served.app.reload()

        def left() -> list[tuple[int, str]]:
            gc.collect()
            return [(number, name) for number, name, one in before if one() is not None]

        assert len(before) >= RELOADS * len(OWN)
        # What held the last ones is left when nothing runs with them, which nobody is told.
        with suppress(TimeoutError):
            await until_true(lambda: not left())
        assert not left()


def own() -> list[tuple[str, Any]]:
    """What the module defines as it is now, by name."""
    return [(name, getattr(sys.modules["often"], name)) for name in OWN]


async def use(served: Served) -> None:
    """Every graph described and run."""
    async with peer(served.url) as connection:
        for name in NAMES:
            await connection.call("graph.describe", graph=name)
            story = await connection.run("q", graph=name)
            assert story.status == "completed", story.events
