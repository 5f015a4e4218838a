"""Nodes whose names have a slash in them are addressed as any other."""

import operator
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph

from tests.debugging.drive import connect, debug
from tests.support.in_process import Serve


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def says(name: str) -> Any:
    def node(state: State) -> State:
        return {"said": [name]}

    return node


def line(**nodes: Any) -> Any:
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    names = [name.replace("_", "/") for name in nodes]
    for name, node in zip(names, nodes.values(), strict=True):
        builder.add_node(name, node)
    for source, target in zip((START, *names), names, strict=False):
        builder.add_edge(source, target)
    return builder.compile()


def nested() -> Any:
    return line(first=says("first"), sub=line(a_b=says("a/b"), last=says("last")))


@pytest.mark.parametrize("address", ["a/b", "sub/a/b"])
async def test_a_breakpoint_is_hit_by_name_and_by_path(serve: Serve, address: str) -> None:
    async with serve(nested()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[address])
        assert session.standing == ["sub/a/b"]
        assert session.stop["tasks"][0]["node"] == "a/b"
        found = await session.call("inspect", node_name="sub/a/b")
        assert [one["node"] for one in found["tasks"]] == ["a/b"]
        await session.call("setState", values={"said": ["edited"]}, as_node="sub/a/b")
        await session.debugger.look()
        await session.until(lambda: session.standing == ["sub/last"], "the stop behind the edit")
        assert await session.on() == "completed"
        assert session.result["said"][-2:] == ["edited", "last"]


async def test_a_step_goes_up_to_it(serve: Serve) -> None:
    async with (
        serve(line(a_b=says("a/b"), c_d=says("c/d"))) as server,
        connect(server.url) as client,
    ):
        session = await debug(client)
        assert session.standing == ["a/b"]
        await session.step(node_name="c/d")
        assert session.standing == ["c/d"]
        assert {one["node"] for one in session.of("node.finished")} == {"a/b"}
