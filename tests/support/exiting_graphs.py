"""Graphs whose own code beside their nodes does what ends a process: `EXITS` of `bad_graphs`, by name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, field_validator

from tests.support.bad_graphs import EXITS, FOLDER


def leave(kind: str) -> None:
    """End it, where the text is the name of a way."""
    if kind in EXITS:
        EXITS[kind]()


class Sly(BaseModel):
    """Cannot be shown any more once the file `looked` is there."""

    kind: str

    def _look(self) -> None:
        if (FOLDER / "looked").exists():
            leave(self.kind)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        self._look()
        return super().model_dump(**options)

    def __repr__(self) -> str:
        self._look()
        return "Sly"


class SlyError(Exception):
    """Ends it when its text is asked for."""

    def __str__(self) -> str:
        leave(self.args[0])
        return "no text"


def _reduced(before: str, given: str) -> str:
    leave(given)
    return given


class State(TypedDict, total=False):
    query: str
    sly: Any
    go: str
    reduced: Annotated[str, _reduced]


def _keep(state: State) -> State:
    return {"sly": Sly(kind=state["query"])}


def _raise(state: State) -> State:
    raise SlyError(state["query"])


def _route(state: State) -> Literal["__end__"]:
    leave(state.get("go", ""))
    return END


kept = (
    StateGraph(State)
    .add_node("node", _keep)
    .add_edge(START, "node")
    .add_conditional_edges("node", _route)
    .compile()
)
raising = StateGraph(State).add_node("node", _raise).add_edge(START, "node").compile()


class Checked(BaseModel):
    query: str = ""
    done: bool = False

    @field_validator("query")
    @classmethod
    def check(cls, query: str) -> str:
        leave(query)
        return query


checked = (
    StateGraph(Checked).add_node("node", lambda state: {"done": True}).add_edge(START, "node")
).compile()


class Settings(BaseModel):
    kind: str = ""

    @field_validator("kind")
    @classmethod
    def check(cls, kind: str) -> str:
        leave(kind)
        return kind


asked = (
    StateGraph(State, context_schema=Settings).add_node("node", _keep).add_edge(START, "node")
).compile()


@asynccontextmanager
async def made(config: RunnableConfig) -> AsyncIterator[Any]:
    """Made for each run; `configurable` says where it ends it."""
    configurable = config.get("configurable", {})
    leave(configurable.get("enter", ""))
    yield kept
    leave(configurable.get("left", ""))
