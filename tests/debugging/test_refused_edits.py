"""Edits that the state does not take: refused before anything is stored, and the session goes on as it stood."""

import operator
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.messages import AIMessage, AnyMessage
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel, Field, model_validator

from rpc.client import RpcError
from tests.debugging.drive import Debugged, connect, debug
from tests.support.in_process import Serve


def joined(left: Any, right: Any) -> Any:
    """A reducer over anything, which changes what it is given before it refuses."""
    left = left if isinstance(left, list) else [left["name"]]
    left.append(right["name"])
    if right["name"] == "bad":
        raise KeyError("no such name")
    return left


def counted(left: int, right: Any) -> int:
    """A reducer that keeps nothing of what it is given."""
    return left + 1


class Wide(TypedDict, total=False):
    """Channels of which each refuses something else."""

    query: str
    messages: Annotated[list[AnyMessage], add_messages]
    threads: dict[str, list[AnyMessage]]
    names: Annotated[Any, joined]
    total: Annotated[int, operator.add]
    times: Annotated[Any, counted]
    anything: Any


def wide() -> Any:
    async def first(state: Wide) -> Any:
        return {
            "messages": [AIMessage("hello", id="m1")],
            "names": {"name": "one"},
            "total": 1,
            "times": 0,
        }

    async def second(state: Wide) -> Any:
        return {"messages": [AIMessage("bye", id="m2")]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(Wide)
    builder.add_node("first", first)
    builder.add_node("second", second)
    builder.add_edge(START, "first")
    builder.add_edge("first", "second")
    return builder.compile()


class Strict(BaseModel):
    """A state whose type says more than the types of its fields."""

    query: str = ""
    low: int = Field(default=0, ge=0)
    high: int = 10

    @model_validator(mode="after")
    def ordered(self) -> "Strict":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


@dataclass
class Checked:
    """A dataclass that refuses by itself."""

    query: str = ""
    low: int = 0

    def __post_init__(self) -> None:
        if self.low < 0:
            raise ValueError("low is below zero")


def passing(schema: Any) -> Any:
    async def node(state: Any) -> Any:
        return {"query": state.query + "!"}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(schema)
    builder.add_node("one", node)
    builder.add_node("two", node)
    builder.add_edge(START, "one")
    builder.add_edge("one", "two")
    return builder.compile()


async def refused(session: Debugged, values: Any, **params: Any) -> RpcError:
    """What an edit is refused with; nothing has changed."""
    before = await session.call("inspect")
    seen = len(session.events)
    with pytest.raises(RpcError) as caught:
        await session.call("setState", values=values, **params)
    assert await session.call("inspect") == before
    assert len(session.events) == seen
    return caught.value


@pytest.mark.parametrize("as_node", [None, "first"])
@pytest.mark.parametrize(
    ("values", "path", "says"),
    [
        ({"messages": [{"type": "human"}]}, "$.values.messages", "content"),
        ({"messages": [{"role": "nobody", "content": "x"}]}, "$.values.messages", "nobody"),
        ({"messages": 5}, "$.values.messages", "int"),
        ({"messages": [None]}, "$.values.messages", "NoneType"),
        ({"messages": [{"role": "remove", "content": "", "id": "m9"}]}, "$.values.messages", "m9"),
        ({"messages": {"__overwrite__": None}}, "$.values.messages", "valid list"),
        ({"messages": {"__overwrite__": "hi"}}, "$.values.messages", "valid list"),
        (
            {"messages": {"__overwrite__": {"role": "user", "content": "hi"}}},
            "$.values.messages",
            "valid list",
        ),
        ({"threads": [{"role": "user", "content": "hi"}]}, "$.values.threads", "dictionary"),
        ({"threads": {"a": {"role": "user", "content": "hi"}}}, "$.values.threads", "valid list"),
        ({"threads": {"a": [{"type": "human"}]}}, "$.values.threads", "content"),
        ({"names": 5}, "$.values.names", "not subscriptable"),
        ({"names": {}}, "$.values.names", "KeyError"),
        ({"names": {"name": "bad"}}, "$.values.names", "no such name"),
        ({"total": 2**64 - 1}, "$.values.total", "cannot be stored"),
        ({"anything": 2**70}, "$.values.anything", "64-bit"),
        ({"anything": {"deep": [2**70]}}, "$.values.anything", "64-bit"),
        ({"times": 2**70}, "$.values.times", "64-bit"),
        ({"query": "fine", "names": {"name": "bad"}}, "$.values.names", "no such name"),
        ({"names": {"__overwrite__": 5}, "total": "x"}, "$.values.total", "integer"),
    ],
)
async def test_what_a_reducer_refuses_is_told_and_not_stored(
    serve: Serve, values: Any, path: str, says: str, as_node: str | None
) -> None:
    async with serve(wide()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["second"])
        await session.edit({"names": {"name": "two"}})
        error = await refused(session, values, **({"as_node": as_node} if as_node else {}))
        assert (error.code, error.path) == (-32602, path), error.detail
        assert says in error.detail
        await session.edit({"messages": [{"role": "user", "content": "right"}]})
        await session.edit({"threads": {"a": [{"role": "user", "content": "beside"}]}})
        assert await session.on() == "completed"
        ((beside,),) = session.result["threads"].values()
        assert (beside["type"], beside["content"]) == ("human", "beside")
        assert [one["content"] for one in session.result["messages"]] == ["hello", "right", "bye"]
        assert session.result["total"] == 1


@pytest.mark.parametrize(
    ("schema", "values", "says"),
    [
        (Strict, {"low": -1}, "greater than or equal"),
        (Strict, {"low": 11}, "low is above high"),
        (Strict, {"low": 5, "high": 4}, "low is above high"),
        (Checked, {"low": -1}, "low is below zero"),
    ],
)
async def test_what_the_state_s_own_type_refuses_is_told(
    serve: Serve, schema: Any, values: Any, says: str
) -> None:
    """The next node would be given it, and the run would fail."""
    async with serve(passing(schema)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["two"])
        for as_node in (None, "one"):
            error = await refused(session, values, **({"as_node": as_node} if as_node else {}))
            assert error.code == -32602
            assert error.path is not None
            assert error.path.startswith("$.values")
            assert says in error.detail
        await session.edit({"low": 3})
        assert await session.on() == "completed"
        assert session.result["low"] == 3


async def test_an_edit_as_a_node_keeps_what_was_edited_in_place(serve: Serve) -> None:
    """LangGraph leaves the writes of no task out of an update."""
    async with serve(wide()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["second"])
        await session.edit({"names": {"name": "two"}, "total": 10, "query": "first edit"})
        await session.edit({"total": 100, "query": "second edit"}, as_node="first")
        values = await session.values()
        assert (values["names"], values["total"]) == (["one", "two"], 111)
        assert values["query"] == "second edit"
        assert session.standing == ["second"]
