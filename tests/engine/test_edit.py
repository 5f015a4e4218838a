"""What an edit may put into a state: checked by the type of each channel, refused in whole sentences."""

import math
import operator
from typing import Annotated, Any, Optional

import pydantic
import pytest
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage
from langgraph.graph import START, StateGraph, add_messages
from langgraph.types import Overwrite
from typing_extensions import TypedDict

from protocol.errors import ProtocolError
from rpc.engine.thread.given import checked
from rpc.engine.values.to_json import to_json


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
    anything: Any
    data: bytes


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
    has = "it has anything, count, counts, data, either, found, history, last, messages, said"
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


@pytest.mark.parametrize("name", ["messages", "history"])
def test_messages_are_taken_as_their_reducer_takes_them(name: str) -> None:
    """A message is given as `{"role": …, "content": …}`, which is none of the type's own fields."""
    value = [{"role": "user", "content": "x"}]
    assert checked(graph(), (), {name: value}) == {name: value}


@pytest.mark.parametrize("name", ["last", "either"])
def test_where_no_reducer_makes_messages_the_edit_does(name: str) -> None:
    """The next node would be given a bare dict."""
    (made,) = checked(graph(), (), {name: {"role": "user", "content": "x"}}).values()
    assert isinstance(made, HumanMessage)
    assert made.content == "x"
    assert made.id
    (shown,) = checked(graph(), (), {name: to_json(made)}).values()
    assert shown == made


def test_a_message_of_another_class_is_refused() -> None:
    """The next node would be given what it does not know. What is right goes in, whichever of the classes it is."""
    said = {"role": "tool", "content": "x", "tool_call_id": "1"}
    assert refusal({"either": said})[1] == "$.values.either"
    (made,) = checked(graph(), (), {"either": {"role": "assistant", "content": "x"}}).values()
    assert isinstance(made, AIMessage)


def test_messages_that_overwrite_are_messages() -> None:
    """The same: an overwrite passes the reducer, which would have made them."""
    given = [{"role": "user", "content": "x"}, {"type": "ai", "content": "y", "id": "m"}]
    made = checked(graph(), (), {"messages": {"__overwrite__": given}})["messages"]
    assert isinstance(made, Overwrite)
    assert [type(one) for one in made.value] == [HumanMessage, AIMessage]
    assert all(one.id for one in made.value)
    assert refusal({"messages": {"__overwrite__": [{"type": "human"}]}})[1] == "$.values.messages"


def test_a_message_sent_back_is_the_message() -> None:
    """As it was shown, one changed: usage, tool calls and whatever else it had stay."""
    call = {"name": "search", "args": {"q": "x"}, "id": "1", "type": "tool_call"}
    usage = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    ai = AIMessage(
        "hi", id="m1", tool_calls=[call], usage_metadata=usage, response_metadata={"model": "m"}
    )
    tool = ToolMessage("done", tool_call_id="1", artifact={"a": 1}, id="m2")
    made = checked(graph(), (), {"messages": to_json([ai, tool])})["messages"]
    assert made == [ai, tool]


@pytest.mark.parametrize("tag", ["$cut", "$object", "$array", "$table"])
def test_what_only_shows_a_value_is_refused(tag: str) -> None:
    """It would be written into the state in the place of what it stands for."""
    value = {"deep": [1, {tag: {"type": "x"}}]}
    detail, path = refusal({"anything": value})
    assert path == "$.values.anything.deep.1"
    assert tag in detail
    assert refusal({"said": {"__overwrite__": [{tag: {}}]}})[1] == "$.values.said.0"
    assert checked(graph(), (), {"anything": {tag: 1, "beside": 2}})["anything"] == {
        tag: 1,
        "beside": 2,
    }


def test_what_json_cannot_say_is_read_back() -> None:
    """These forms have the whole value in them."""
    made = checked(graph(), (), {"anything": [{"$bytes": "AP8="}, {"$float": "Infinity"}]})
    assert made == {"anything": [b"\x00\xff", math.inf]}
    assert checked(graph(), (), {"data": {"$bytes": "AP8="}}) == {"data": b"\x00\xff"}


def test_overwriting_passes_a_reducer_and_else_is_the_value() -> None:
    """The key would be the value of a channel that has no reducer."""
    given = {"said": {"__overwrite__": ["x"]}, "found": {"__overwrite__": ["x"]}}
    assert checked(graph(), (), given) == {"said": Overwrite(["x"]), "found": ["x"]}
