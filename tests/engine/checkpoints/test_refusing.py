"""Why a value cannot be stored: the part of it that is refused is named, not what it is in."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Send
from pydantic import BaseModel

from rpc.engine.checkpoints.encoding import UnserializableError, encode_value
from rpc.engine.checkpoints.refusing import FOLLOWED, NESTING

SERDE = JsonPlusSerializer()


@dataclass
class Held:
    value: Any


class Model(BaseModel):
    value: Any = None


def nested(deep: int) -> Any:
    value: Any = "x"
    for _ in range(deep):
        value = [value]
    return value


def said(value: Any) -> str:
    """Why it is refused."""
    with pytest.raises(UnserializableError) as caught:
        encode_value(SERDE, "one", value)
    text = str(caught.value)
    assert text.startswith(f"the value of channel 'one', a {type(value).__name__}, ")
    return text.partition("cannot be stored: ")[2].partition(";")[0]


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        (Lock(), ""),
        ({"deep": [1, Lock()]}, ", at /deep/1"),
        ([Send("a", 1), Send("b", {"c/d": Lock()})], ", at /1/arg/c~1d"),
        (Held((Held(Lock()),)), ", at /value/0/value"),
        (HumanMessage("x", additional_kwargs={"a": Lock()}), ", at /additional_kwargs/a"),
    ],
)
def test_what_is_refused_is_named_with_its_place(value: Any, pointer: str) -> None:
    assert said(value) == f"Type is not msgpack serializable: _thread.lock{pointer}"


def test_a_number_that_is_too_large_is_none_of_its_objects_type() -> None:
    assert said(Held({"n": [2**70]})) == "Integer exceeds 64-bit range, at /value/n/0"


def test_what_nests_too_deep_says_how_deep_and_how_deep_it_may() -> None:
    encode_value(SERDE, "one", nested(NESTING))
    most = f"and {NESTING} is the most, less where objects are in it"
    assert said(nested(NESTING + 1)) == f"it nests {NESTING + 1} deep, {most}"
    assert said(Send("a", nested(300))) == f"it nests 300 deep, {most}, at /arg"
    # What it gives may be stored by itself.
    assert said(Send("a", nested(NESTING))) == f"it nests {NESTING + 1} deep, {most}"
    holds: dict[str, Any] = {}
    holds |= {"itself": holds, "again": holds}
    assert said(holds) == f"it nests over 1,000 deep, {most}"


def in_itself() -> Held:
    held = Held(None)
    held.value = [held]
    return held


def model_in_itself() -> Model:
    model = Model()
    model.value = {"a": model}
    return model


def wide_in_itself() -> list[Any]:
    """Each of many holds the whole: counted level by level, it has no end."""
    whole: list[Any] = []
    whole += [{"whole": whole, "number": number} for number in range(100_000)]
    return whole


def chain_of(deep: int) -> Held:
    held = Held(None)
    for _ in range(deep):
        held = Held(held)
    return held


@pytest.mark.parametrize(
    "value",
    [in_itself(), model_in_itself(), {"a": in_itself()}, wide_in_itself(), chain_of(5000)],
    ids=["object", "model", "in a dict", "wide", "chain"],
)
def test_what_holds_itself_or_has_no_end_is_told_at_once(value: Any) -> None:
    """Its parts are refused as it is, one in the other, for ever."""
    assert said(value).startswith("it nests over 1,000 deep")


def test_a_part_far_down_is_looked_for_a_while_only() -> None:
    value: Any = Lock()
    for _ in range(90):
        value = Held(value)
    assert said(value) == f"Type is not msgpack serializable: Held, at {'/value' * FOLLOWED}"


class Unbound:
    """As a proxy outside of what it stands for, such as werkzeug's and Django's."""

    @property
    def __class__(self) -> Any:
        raise RuntimeError("nothing is bound here")

    @__class__.setter
    def __class__(self, kind: Any) -> None:
        raise RuntimeError("nothing is bound here")


class Closed(dict[str, Any]):
    def items(self) -> Any:
        raise KeyError("it is closed")


def test_types_that_raise_whatever_they_like_are_refused_by_name() -> None:
    assert said(Unbound()) == "nothing is bound here"
    assert said([Unbound()]).endswith(", at /0")
    assert said([Closed(a=Lock())]).endswith(", at /0")


def test_deep_objects_hide_nothing() -> None:
    """Each of them counts anew."""
    value: Any = Lock()
    for _ in range(3):
        value = Held([value])
    assert said(value).endswith("lock, at /value/0/value/0/value/0")
