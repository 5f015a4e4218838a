"""What an edit may put into a state: checked by the type of each channel, refused in whole sentences."""

import operator
from typing import Annotated, Any, Optional

import pydantic
import pytest
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from langgraph.graph import START, StateGraph, add_messages
from langgraph.types import Overwrite
from typing_extensions import TypedDict

from protocol.errors import ProtocolError
from rpc.engine.thread.edit import checked


class MessageCount(pydantic.BaseModel):
    """A class of the user's, which only sounds like a message."""

    n: int


class State(TypedDict, total=False):
    found: list[str]
    said: Annotated[list[str], operator.add]
    count: MessageCount
    counts: list[MessageCount]
    messages: Annotated[list[AnyMessage], add_messages]
    history: Annotated[list[BaseMessage], add_messages]
    last: Optional[BaseMessage]  # noqa: UP045
    either: AIMessage | HumanMessage


def graph() -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("a", lambda state: {})
    builder.add_edge(START, "a")
    return builder.compile()


def refusal(values: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(ProtocolError) as refused:
        checked(graph(), (), values)
    return refused.value.detail, refused.value.path


def test_an_unknown_name_is_refused_in_a_sentence() -> None:
    """A person reads this, and has to see what would be right."""
    has = "it has count, counts, either, found, history, last, messages, said"
    assert refusal({"fond": []}) == (
        f"the state has no 'fond'; did you mean 'found'? {has} - at `$.values.fond`",
        "$.values.fond",
    )
    assert refusal({"zzz": []}) == (
        f"the state has no 'zzz'; {has} - at `$.values.zzz`",
        "$.values.zzz",
    )


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"count": {"n": "many"}}, "$.values.count.n"),
        ({"counts": [{"n": 1}, {}]}, "$.values.counts.1.n"),
        ({"found": [1]}, "$.values.found.0"),
        ({"said": {"__overwrite__": [1]}}, "$.values.said.0"),
    ],
)
def test_a_value_of_another_type_is_refused(values: dict[str, Any], path: str) -> None:
    """A class whose name has `Message` in it would be let through, and break a node later."""
    assert refusal(values)[1] == path


@pytest.mark.parametrize("name", ["messages", "history", "last", "either"])
def test_messages_are_taken_as_their_reducer_takes_them(name: str) -> None:
    """A message is given as `{"role": …, "content": …}`, which is none of the type's own fields."""
    message: Any = {"role": "user", "content": "x"}
    value = message if name in ("last", "either") else [message]
    assert checked(graph(), (), {name: value}) == {name: value}


def test_overwriting_passes_a_reducer_and_else_is_the_value() -> None:
    """The key would be the value of a channel that has no reducer."""
    given = {"said": {"__overwrite__": ["x"]}, "found": {"__overwrite__": ["x"]}}
    assert checked(graph(), (), given) == {"said": Overwrite(["x"]), "found": ["x"]}
