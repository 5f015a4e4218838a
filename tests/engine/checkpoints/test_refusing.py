"""Why a value cannot be stored: the part of it that is refused is named, not what it is in."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Send

from rpc.engine.checkpoints.encoding import UnserializableError, encode_value
from rpc.engine.checkpoints.refusing import NESTING

SERDE = JsonPlusSerializer()


@dataclass
class Held:
    value: Any


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


def test_deep_objects_hide_nothing() -> None:
    """Each of them counts anew."""
    value: Any = Lock()
    for _ in range(3):
        value = Held([value])
    assert said(value).endswith("lock, at /value/0/value/0/value/0")
