"""A node that a session waits for is renamed, and the server restarted: nothing is lost, and nothing is passed over."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.debugging.drive import connect, debug, follow, run
from tests.support.server_process import ServerProcess

SOURCE = """
import operator
from typing import Annotated, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import interrupt


class State(TypedDict, total=False):
    query: str
    said: Annotated[list[str], operator.add]


def asks(state):
    return {"said": [interrupt("sure?")]}


def last(state):
    return {"said": ["last"]}


inner = StateGraph(State)
inner.add_node("NAME", asks)
inner.add_edge(START, "NAME")
outer = StateGraph(State)
outer.add_node("NAME" if not NESTED else "sub", inner.compile() if NESTED else asks)
outer.add_node("last", last)
outer.add_edge(START, "NAME" if not NESTED else "sub")
outer.add_edge("NAME" if not NESTED else "sub", "last")
graph = outer.compile()
"""


class Graph:
    """The file of a served graph, whose asking node can be renamed."""

    def __init__(self, path: Path, nested: bool) -> None:
        self.path = path
        self.nested = nested

    def name(self, node: str) -> None:
        source = SOURCE.replace("NESTED", str(self.nested)).replace("NAME", node)
        self.path.write_text(source, encoding="utf-8")


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("standing", [False, True])
def test_it_fails_and_names_the_node_and_goes_on_once_that_is_back(
    server: Any, tmp_path: Path, nested: bool, standing: bool
) -> None:
    graph = Graph(tmp_path / "renamed.py", nested)
    graph.name("approve")
    process: ServerProcess = server(f"{graph.path}:graph")

    async def begin() -> str:
        async with connect(process.url) as client:
            session = await (debug(client) if standing else run(client))
            if standing and nested:
                await session.step("into")
            assert session.status == ("paused" if standing else "waiting")
            return session.id

    async def go_on(session_id: str) -> Any:
        async with connect(process.url) as client:
            session = await follow(client, session_id)
            await session.rest()
            await session.until(lambda: session.seq >= last, "the events so far")
            if standing:
                await session.on()
            else:
                await session.respond("yes")
            return session

    async def seq(session_id: str) -> int:
        async with connect(process.url) as client:
            return (await client.client.session(session_id)).seq

    session_id = asyncio.run(begin())
    process.stop()
    graph.name("renamed")
    process.restart()
    last = asyncio.run(seq(session_id))
    session = asyncio.run(go_on(session_id))
    assert session.status == "failed"
    error = session.of("query.failed")[-1]["error"]
    path = "sub/approve" if nested else "approve"
    assert (error["type"], error["node"]) == ("graph_changed", path)
    assert repr(path) in error["message"]
    process.stop()
    graph.name("approve")
    process.restart()
    last = asyncio.run(seq(session_id))
    session = asyncio.run(go_on(session_id))
    if standing:
        assert session.status == "waiting"
        return
    assert session.status == "completed"
    assert session.result["said"] == ["yes", "last"]
