"""Edits of one value by its path: what is beside it stays as it is, with its type; and what `Send` gave a task."""

import operator
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import AfterValidator, BaseModel

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve


@dataclass
class Point:
    x: int = 1
    when: datetime = field(default_factory=lambda: datetime(2026, 1, 2))


class Author(BaseModel):
    name: str
    born: datetime


class State(TypedDict, total=False):
    query: str
    n: int
    anything: Any
    notes: Annotated[list[Any], operator.add]
    messages: Annotated[list[AnyMessage], add_messages]
    picked: list[Annotated[int, AfterValidator({1: 1, 2: 2}.__getitem__)]]


NOW = datetime(2026, 3, 4, 5, 6)
SEEN: dict[str, Any] = {}


def graph() -> Any:
    async def first(state: State) -> Any:
        usage: Any = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
        return {
            "n": 1,
            "anything": {
                "when": NOW,
                "tags": {"a", "b"},
                "point": Point(),
                "author": Author(name="Ada", born=NOW),
                "pair": (1, NOW),
                "last": deque([1, NOW], maxlen=2),
                "raw": b"x",
                1: "one",
                "1": "text",
                "a/b": NOW,
            },
            "notes": [NOW, "note"],
            "picked": [1],
            "messages": [
                HumanMessage("hello", id="m0"),
                AIMessage("hi", id="m1", usage_metadata=usage),
            ],
        }

    async def second(state: State) -> Any:
        SEEN.update(state)
        return {"notes": ["second"]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    builder.add_node("first", first)
    builder.add_node("second", second)
    builder.add_edge(START, "first")
    builder.add_edge("first", "second")
    return builder.compile()


async def test_siblings_keep_their_types(serve: Serve) -> None:
    SEEN.clear()
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["second"])
        for path, value in (
            ("/anything/when", "2027-01-01T00:00:00"),
            ("/anything/point/x", 5),
            ("/anything/author/name", "Grace"),
            ("/anything/pair/0", 2),
            ("/anything/last/0", 9),
            ("/anything/1 (int)", "uno"),
            ("/anything/a~1b", "2027-01-01T00:00:00"),
            ("/anything/new", {"deep": [1]}),
            ("/notes/1", "edited"),
            ("/notes/-", "added"),
            ("/messages/1/content", "edited"),
            ("/messages/-", {"type": "human", "content": "added"}),
            ("/messages/-", {"role": "assistant", "content": "short form"}),
            ("/messages/0", {"type": "ai", "content": "another kind", "id": "m0"}),
            ("/anything/tags/-", "c"),
            ("/n", 7),
            ("/picked/0", 2),
        ):
            result = await session.call("setState", value_path=path, value=value)
            assert result["checkpoint_id"] == session.stop["checkpoint_id"], "in place"
        assert await session.on() == "completed"
    then = datetime(2027, 1, 1)
    assert SEEN["anything"] == {
        "when": then,
        "tags": {"a", "b", "c"},
        "point": Point(5),
        "author": Author(name="Grace", born=NOW),
        # LangGraph stores a tuple as a list.
        "pair": [2, NOW],
        "last": deque([9, NOW], maxlen=2),
        "raw": b"x",
        1: "uno",
        "1": "text",
        "a/b": then,
        "new": {"deep": [1]},
    }
    assert SEEN["notes"] == [NOW, "edited", "added"]
    assert SEEN["n"] == 7
    first, message, added, short = SEEN["messages"]
    assert isinstance(first, AIMessage)
    assert (first.content, first.id) == ("another kind", "m0")
    assert isinstance(added, HumanMessage)
    assert (added.content, short.content) == ("added", "short form")
    assert added.id, "as one that a reducer takes"
    assert isinstance(short, AIMessage)
    assert (message.content, message.id) == ("edited", "m1")
    assert message.usage_metadata["total_tokens"] == 3


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"value_path": "/none/x", "value": 1}, "$.value_path"),
        ({"value_path": "/none", "value": 1}, "$.value_path"),
        ({"value_path": "", "value": {}}, "$.value_path"),
        ({"value_path": "n", "value": 1}, "$.value_path"),
        ({"value_path": "/notes/7", "value": 1}, "$.value_path"),
        ({"value_path": "/anything/point/z", "value": 1}, "$.value_path"),
        ({"value_path": "/anything/~2", "value": 1}, "$.value_path"),
        ({"value_path": "/anything/tags/7", "value": 1}, "$.value_path"),
        ({"value_path": "/messages/-", "value": {"type": "nobody", "content": "x"}}, "$.value"),
        ({"value_path": "/messages/0", "value": {"type": "human"}}, "$.value"),
        ({"value_path": "/messages/-", "value": {"text": "x"}}, "$.value"),
        ({"value_path": "/n", "value": "many"}, "$.value"),
        ({"value_path": "/anything/when", "value": "soon"}, "$.value"),
        ({"value_path": "/anything/author/name", "value": 5}, "$.value"),
        ({"value_path": "/picked/0", "value": 3}, "$.value"),
        ({"values": {"picked": [3]}}, "$.values.picked"),
        ({"value_path": "/anything/when", "value": {"$cut": {}}}, "$.value"),
        ({"value_path": "/anything/new", "value": [{"$object": {}}]}, "$.value.0"),
        ({"value_path": "/anything/new", "value": 2**70}, "$.value"),
        ({"value_path": "/n", "value": 1, "values": {"n": 1}}, "$.value_path"),
        ({}, "$.values"),
    ],
)
async def test_what_is_not_there_or_of_another_type_is_refused(
    serve: Serve, params: Any, path: str
) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["second"])
        before = await session.call("inspect")
        with pytest.raises(RpcError) as refused:
            await session.call("setState", **params)
        assert (refused.value.code, refused.value.path) == (-32602, path), refused.value.detail
        assert await session.call("inspect") == before


async def test_a_task_s_own_input_is_edited(serve: Serve) -> None:
    """Of twenty that `Send` made, one: the state does not reach it."""
    RAN.clear()
    async with serve(graphs.fan_out(20)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["work"])
        (third,) = [t["task_id"] for t in session.stop["tasks"] if t["input"]["item"] == 3]
        (fourth,) = [t["task_id"] for t in session.stop["tasks"] if t["input"]["item"] == 4]
        await session.call("setState", task_id=third, values={"item": 33})
        await session.call("setState", task_id=fourth, value_path="/item", value=44)
        found = await session.call("inspect")
        given = {task["task_id"]: task["input"]["item"] for task in found["tasks"]}
        assert (given[third], given[fourth]) == (33, 44)
        assert {task["task_id"]: task["input"]["item"] for task in found["stopped"]} == given
        await session.step(task_id=third)
        assert (RAN["work 33"], RAN["work 3"]) == (1, 0)
        assert await session.on() == "completed"
        assert (RAN["work 44"], RAN["work 4"], RAN["work 5"]) == (1, 0, 1)
        assert sum(RAN[name] for name in RAN if name.startswith("work")) == 20


async def test_an_edit_as_an_overwriting_dict_and_another_add_up(serve: Serve) -> None:
    async with serve(graph()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["second"])
        await session.edit({"notes": {"__overwrite__": ["one"]}})
        await session.edit({"notes": ["two"]})
        await session.call("setState", value_path="/notes/0", value="uno")
        await session.edit({"notes": ["three"]})
        assert (await session.values())["notes"] == ["uno", "two", "three"]
        assert await session.on() == "completed"
        assert session.result["notes"] == ["uno", "two", "three", "second"]


class Plain(TypedDict, total=False):
    query: str
    messages: list[AnyMessage]


async def test_objects_in_place_of_messages_stay_objects(serve: Serve) -> None:
    """A graph without a reducer may keep them so, and reads them so after a part of one was edited, or one was added."""
    seen: list[Any] = []

    def first(_: Plain) -> Any:
        return {"messages": [{"role": "user", "content": "hello"}]}

    def second(state: Plain) -> Any:
        seen.extend(state["messages"])
        return {}

    builder: Any = StateGraph(Plain)
    builder.add_node("first", first)
    builder.add_node("second", second)
    builder.add_edge(START, "first")
    builder.add_edge("first", "second")
    async with serve(builder.compile()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["second"])
        added = {"role": "assistant", "content": "added"}
        for path, value in (("/messages/0/content", "edited"), ("/messages/-", added)):
            await session.call("setState", value_path=path, value=value)
        await session.on()
    assert seen == [{"role": "user", "content": "edited"}, added]
