"""A failing node's traceback: in the server's terminal once, with the author's lines and without LangGraph's."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from langgraph.graph import START, StateGraph

from rpc.client import connect
from rpc.engine.running.tracebacks import told
from tests.conftest import StartServer
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.small_graphs import State, chain

GRAPH = """
from typing import TypedDict
from langgraph.graph import START, StateGraph

class State(TypedDict):
    query: str

def deeper(text):
    raise ValueError(f"no {text}")

def breaks(state):
    try:
        return {"query": state["nothing"]}
    except KeyError as error:
        deeper("luck")

inner = StateGraph(State).add_node("breaks", breaks).add_edge(START, "breaks").compile()
graph = StateGraph(State).add_node("sub", inner).add_edge(START, "sub").compile()
"""


def test_the_terminal_shows_where_it_failed_once(server: StartServer, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(GRAPH)
    process = server(f"{file}:graph")

    async def ask() -> None:
        async with connect(process.url) as client:
            async for _ in client.run("x"):
                pass

    asyncio.run(ask())
    process.stop()
    output = process.output
    assert output.count("ValueError: no luck") == 1
    assert output.count("Traceback (most recent call last)") == 2, "its own, and its context's"
    assert "in sub/breaks" in output
    for line, name in ((9, "deeper"), (15, "breaks"), (13, "breaks")):
        assert f'File "{file}", line {line}, in {name}' in output
    assert "KeyError: 'nothing'" in output
    assert "site-packages/langgraph" not in output
    assert "concurrent/futures" not in output


async def test_what_langgraph_itself_raises_keeps_a_line(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async def wrong(state: State) -> Any:
        return 3

    with caplog.at_level(logging.ERROR, "stepwire.engine"):
        async with serve(chain(wrong)) as server, peer(server.url) as one:
            assert (await one.run("x")).status == "failed"
    assert "InvalidUpdateError" in caplog.text
    assert "File " in caplog.text


def test_an_error_that_cannot_say_itself_is_told_all_the_same() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    try:
        raise Mute
    except Mute as error:
        text = told(error)
    assert "Mute" in text
    assert "test_tracebacks.py" in text


async def test_a_run_that_completes_says_nothing(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async def fine(state: State) -> State:
        return {}

    builder: Any = StateGraph(State).add_node("fine", fine).add_edge(START, "fine")
    with caplog.at_level(logging.WARNING, "stepwire"):
        async with serve(builder.compile()) as server, peer(server.url) as one:
            assert (await one.run("x")).status == "completed"
    assert caplog.text == ""
