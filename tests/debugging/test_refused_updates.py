"""A run that failed because the state refused an update: it is looked at, edited, and rewound."""

from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.messages import AIMessage, AnyMessage, RemoveMessage
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel

from tests.debugging.drive import connect, debug
from tests.support.in_process import Serve


class Chat(TypedDict, total=False):
    query: str
    messages: Annotated[list[AnyMessage], add_messages]


class Typed(BaseModel):
    query: str = ""
    messages: Annotated[list[AnyMessage], add_messages] = []
    n: int = 0


class Once:
    """A node that returns what the state refuses, the first time it runs."""

    def __init__(self, update: Any) -> None:
        self.update = update
        self.times = 0

    async def __call__(self, state: Any) -> Any:
        self.times += 1
        return self.update if self.times == 1 else {"messages": [AIMessage("mended", id="m2")]}


def failing(schema: Any, bad: Once) -> Any:
    async def good(state: Any) -> Any:
        return {"messages": [AIMessage("good", id="m1")]}

    async def last(state: Any) -> Any:
        return {"messages": [AIMessage("last", id="m3")]}

    builder: StateGraph[Any, Any, Any, Any] = StateGraph(schema)
    builder.add_node("good", good)
    builder.add_node("bad", bad)
    builder.add_node("last", last)
    builder.add_edge(START, "good")
    builder.add_edge("good", "bad")
    builder.add_edge("bad", "last")
    return builder.compile()


def nested(schema: Any, bad: Once) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(schema)
    builder.add_node("inner", failing(schema, bad))
    builder.add_edge(START, "inner")
    return builder.compile()


BAD = [
    (Chat, {"messages": [RemoveMessage(id="nope")]}, "nope"),
    (Chat, {"messages": [{"type": "human"}]}, "content"),
    (Typed, {"n": "many"}, "valid integer"),
]


@pytest.mark.parametrize(("schema", "update", "says"), BAD)
async def test_the_last_good_state_and_the_error_are_shown(
    serve: Serve, schema: Any, update: Any, says: str
) -> None:
    """All of it answered `internal_error`: the session was lost."""
    async with serve(failing(schema, Once(update))) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["last"])
        assert session.status == "failed"
        found = await session.call("inspect")
        assert [one["content"] for one in found["values"]["messages"]] == ["good"]
        assert found["next"] == ["bad"]
        assert says in found["error"]
        assert {one["path"] for one in found["updates"]} >= {"good"}
        checkpoints = (await session.call("history"))["checkpoints"]
        assert found["checkpoint_id"] in {one["checkpoint_id"] for one in checkpoints}
        for one in checkpoints:
            then = await session.call("inspect", checkpoint_id=one["checkpoint_id"])
            assert then["error"] == one["error"]


@pytest.mark.parametrize(("schema", "update", "says"), BAD)
async def test_it_is_rewound_to_whatever_the_history_lists(
    serve: Serve, schema: Any, update: Any, says: str
) -> None:
    async with serve(failing(schema, Once(update))) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["last"])
        checkpoints = (await session.call("history"))["checkpoints"]
        good = (await session.call("inspect"))["checkpoint_id"]
        for one in checkpoints:
            await session.rewind(one["checkpoint_id"])
            assert session.status == "paused"
            found = await session.call("inspect")
            # Back at the input it stands before the first node.
            assert found["next"] == (one["next"] or ["good"])
            assert found["error"] == one["error"]
        await session.rewind(good)
        assert session.standing == ["bad"]
        assert await session.on() == "paused"
        assert session.standing == ["last"]
        assert await session.on() == "completed"
        contents = [one["content"] for one in session.result["messages"]]
        assert contents == ["good", "mended", "last"]


@pytest.mark.parametrize(("schema", "update", "says"), BAD)
async def test_it_is_edited_and_goes_on(serve: Serve, schema: Any, update: Any, says: str) -> None:
    async with serve(failing(schema, Once(update))) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["last"])
        await session.edit({"query": "edited"})
        assert (session.status, session.standing) == ("paused", ["bad"])
        assert (await session.values())["query"] == "edited"
        assert await session.on() == "paused"
        assert await session.on() == "completed"
        assert session.result["query"] == "edited"
        assert [one["content"] for one in session.result["messages"]] == ["good", "mended", "last"]


@pytest.mark.parametrize(("schema", "update", "says"), BAD)
async def test_it_is_edited_as_the_node_that_failed(
    serve: Serve, schema: Any, update: Any, says: str
) -> None:
    async with serve(failing(schema, Once(update))) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["last"])
        message = {"role": "assistant", "content": "by hand"}
        await session.edit({"messages": [message]}, as_node="bad")
        assert session.standing == ["last"]
        assert await session.on() == "completed"
        contents = [one["content"] for one in session.result["messages"]]
        assert contents == ["good", "by hand", "last"]


@pytest.mark.parametrize(("schema", "update", "says"), BAD)
async def test_it_failed_inside_a_subgraph(
    serve: Serve, schema: Any, update: Any, says: str
) -> None:
    async with serve(nested(schema, Once(update))) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["last"])
        if session.status == "paused":
            # A subgraph's node stands where its graph failed.
            assert session.standing == ["inner"]
        found = await session.call("inspect", node_name="inner/bad")
        assert [one["content"] for one in found["values"]["messages"]] == ["good"]
        assert says in found["error"]
        await session.call("history")
        await session.edit({"query": "edited"}, as_node="inner/")
        assert await session.on() == "paused"
        assert session.standing == ["inner/last"]
        assert await session.on() == "completed"
        contents = [one["content"] for one in session.result["messages"]]
        assert contents == ["good", "mended", "last"]


async def test_a_broken_checkpoint_is_mended_in_place(serve: Serve) -> None:
    """Rewound to, its tasks stand with what they cannot take, and an edit makes it good."""
    async with serve(failing(Typed, Once({"n": "many"}))) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["last"])
        newest = (await session.call("history"))["checkpoints"][0]
        assert "valid integer" in newest["error"]
        await session.rewind(newest["checkpoint_id"])
        assert session.standing == ["last"]
        assert (await session.values())["n"] == "many"
        await session.edit({"n": 7})
        found = await session.call("inspect")
        assert (found["values"]["n"], found["error"]) == (7, None)
        assert await session.on() == "completed"
        assert session.result["n"] == 7
