"""Which types a checkpoint's values may be made of.

Borrowed from LangGraph: how it collects the types that schemas declare, and the hook by which its serialiser makes
objects. A user would lose: values that come back as plain dicts, or a database that can call any function.
"""

import dataclasses
import enum
import logging
import operator
from typing import Annotated, Any, NamedTuple, TypedDict

import ormsgpack
import pytest
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.graph import START, StateGraph, add_messages
from langgraph.types import Send
from pydantic import BaseModel

from rpc.engine.langgraph.declared_types import declared_types, serde_for, serializer


class Paper(BaseModel):
    title: str


@dataclasses.dataclass
class Score:
    value: float


class Kind(enum.Enum):
    TRIAL = "trial"


class Hidden(BaseModel):
    secret: str


class Pair(NamedTuple):
    left: int
    right: int


class Inner(TypedDict, total=False):
    score: Score


class State(TypedDict, total=False):
    messages: Annotated[list[AnyMessage], add_messages]
    papers: Annotated[list[Paper], operator.add]
    kinds: dict[str, Kind]
    anything: Any


class Asked(TypedDict):
    hidden: Hidden


def graph() -> Any:
    def take(state: Asked) -> State:
        return {}

    inner: Any = StateGraph(Inner)
    inner.add_node("inside", lambda state: {})
    inner.add_edge(START, "inside")
    outer: Any = StateGraph(State)
    outer.add_node("take", take)
    outer.add_node("inner", inner.compile())
    outer.add_edge(START, "take")
    return outer.compile()


def name(cls: type) -> tuple[str, str]:
    return (cls.__module__, cls.__name__)


def test_the_types_of_all_schemas_are_declared_those_of_subgraphs_and_nodes_too() -> None:
    declared = declared_types(graph())
    assert {name(Paper), name(Kind), name(Score), name(Hidden), name(HumanMessage)} <= declared
    assert name(Pair) not in declared


def test_declared_types_come_back_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    serde = serde_for(graph())
    for value in (Paper(title="a"), [Score(0.5)], {"k": Kind.TRIAL}, Send("a", Hidden(secret="b"))):
        assert serde.loads_typed(serde.dumps_typed(value)) == value
    assert caplog.records == []


def test_a_type_that_no_schema_declares_comes_back_and_is_named_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    serde = serializer()
    stored = serde.dumps_typed([Paper(title="a"), Pair(1, 2), Kind.TRIAL])
    for _ in range(2):
        assert serde.loads_typed(stored) == [Paper(title="a"), Pair(1, 2), Kind.TRIAL]
    assert [record.getMessage().count(f"{__name__}.Paper") for record in caplog.records] == [
        1,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("module", "called"),
    [("os", "system"), ("subprocess", "Popen"), ("builtins", "eval"), ("antigravity", "Any")],
)
def test_nothing_else_is_called_and_nothing_imported(
    module: str, called: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """What somebody wrote into the database that LangGraph's serialiser would never have."""
    ext = ormsgpack.Ext(0, ormsgpack.packb((module, called, "echo called")))
    with caplog.at_level(logging.WARNING):
        assert serializer().loads_typed(("msgpack", ormsgpack.packb(ext))) == "echo called"
    assert "called" not in capfd.readouterr().out
    assert called in caplog.text


def test_pickles_are_neither_made_nor_read() -> None:
    with pytest.raises(TypeError):
        serializer().dumps_typed(lambda: None)
    with pytest.raises(NotImplementedError, match="pickle"):
        serializer().loads_typed(("pickle", b"cos\nsystem\n(S'echo'\ntR."))
