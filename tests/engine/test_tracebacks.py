"""A failing node's traceback: in the server's terminal once, with the author's lines and without LangGraph's."""

import asyncio
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop
from langgraph.graph import START, StateGraph

from rpc.cli.console import CleanLines
from rpc.client import connect
from rpc.engine.running.tracebacks import told, where
from rpc.telemetry.json_lines import JsonLines
from tests.conftest import StartServer
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.server_process import ServerProcess
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


class Covered(Exception):
    """Python cannot write it."""

    @property
    def __cause__(self) -> Any:  # type: ignore[override]
        raise RuntimeError("no cause")


def test_an_error_that_cannot_be_written_is_told_as_far_as_it_can() -> None:
    try:
        raise Covered("here")
    except Covered as error:
        text = told(error)
        raised = sys.exc_info()
    assert 'raise Covered("here")' in text
    assert "Covered: here" in text
    assert "no cause" in text
    for formatter in (CleanLines(), JsonLines()):
        line = formatter.format(logging.LogRecord("x", 40, __file__, 1, "it failed", (), raised))
        assert "it failed" in line
        assert "Covered" in line


async def test_what_runs_a_node_is_folded_in_a_group_too() -> None:
    def breaks() -> None:
        raise ValueError("in a thread")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(breaks))
    except ExceptionGroup as error:
        text = told(error)
    assert "in breaks" in text
    assert "asyncio/threads.py" not in text
    assert set(re.findall(r'File "([^"]+)"', text)) == {__file__}


@pytest.mark.parametrize("make", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_where_a_thread_is_says_nothing_of_what_runs_it(make: Callable[[], Any]) -> None:
    said: list[str] = []

    async def node() -> None:
        said.append(where(traceback.extract_stack()))

    def run() -> None:
        loop = make()
        loop.run_until_complete(node())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    files = set(re.findall(r'File "([^"]+)"', said[0]))
    assert files == {__file__}


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


LIBRARY = """
def fails(text):
    raise LookupError(text)
"""

PLACES = """
from typing import TypedDict
from langgraph.graph import START, StateGraph
from langgraph.types import RetryPolicy
from own import deeper
from pydantic import BaseModel
import json

class State(TypedDict):
    query: str

def own(state):
    deeper(state["query"])

def library(state):
    json.loads("{")

async def late(state):
    exec("raise ValueError('typed in')")

def bad_update(state):
    return 3

def chain(node, **more):
    return StateGraph(State).add_node("node", node, **more).add_edge(START, "node").compile()

class Typed(BaseModel):
    query: str
    n: int = 0

def typed(state):
    Typed(query=state["query"], n="many")

typed_graph = chain(typed)
builder = StateGraph(Typed).add_node("node", lambda state: {"n": "many"}).add_node("next", typed)
refused_graph = builder.add_edge(START, "node").add_edge("node", "next").compile()
own_graph, library_graph, late_graph, update_graph = map(chain, (own, library, late, bad_update))
retried = chain(library, retry_policy=RetryPolicy(max_attempts=2, initial_interval=0.01, retry_on=Exception))
nested = StateGraph(State).add_node("sub", own_graph).add_edge(START, "sub").compile()
"""
WHERE = {
    "own_graph": ("own.py", 3),
    "nested": ("own.py", 3),
    "library_graph": ("places.py", 16),
    "retried": ("places.py", 16),
    "late_graph": ("places.py", 19),
    "typed_graph": ("places.py", 32),
    # LangGraph makes the next node's state, and Pydantic refuses it.
    "refused_graph": (None, None),
    # LangGraph refuses what the node returned: no line of the author's is at fault.
    "update_graph": (None, None),
}


def test_clients_are_told_the_file_and_line_of_the_authors_own(tmp_path: Path) -> None:
    """In the node's event, in the run's, in the session and in its runs; also from what is stored."""
    (tmp_path / "own.py").write_text(LIBRARY.replace("fails", "deeper"))
    (tmp_path / "places.py").write_text(PLACES)
    graphs = [f"{name}=places.py:{name}" for name in WHERE]
    process = ServerProcess(graphs, tmp_path / "data", cwd=tmp_path)

    async def ask(name: str) -> None:
        async with connect(process.url) as client:
            errors = [
                event.data["error"]
                async for event in client.run("x", graph=name)
                if event.type in ("node.failed", "query.failed")
            ]
            assert len(errors) >= (1 if name in ("update_graph", "refused_graph") else 2)
            for error in errors:
                assert (error["file"], error["line"]) == WHERE[name], (name, error)
            session = (await client.sessions(limit=1)).sessions[0]
            assert session.error is not None
            assert (session.error.file, session.error.line) == WHERE[name]
            (run,) = (await client.call("session.runs", session_id=session.session_id))["runs"]
            assert (run["error"]["file"], run["error"]["line"]) == WHERE[name]
            assert str(tmp_path) not in str(errors)

    try:
        process.start()
        for name in WHERE:
            asyncio.run(ask(name))
    finally:
        process.close()


def test_what_the_debugger_stops_at_is_shown_in_the_terminal_too(
    server: StartServer, tmp_path: Path
) -> None:
    """Once a time: nobody sees the error otherwise, as the run has not failed."""
    file = tmp_path / "mine.py"
    file.write_text(GRAPH)
    process = server(f"{file}:graph")

    async def debug() -> None:
        async with (
            connect(process.url) as client,
            client.debug("x", breakpoints=["sub"]) as session,
        ):
            assert await session.resume() == "paused"
            assert session.tasks[0].reason == "failure"
            assert process.output.count("ValueError: no luck") == 1
            assert await session.resume() in ("paused", "failed")

    asyncio.run(debug())
    assert process.output.count("ValueError: no luck") == 2, "it was run again"
    assert f'File "{file}", line 9, in deeper' in process.output
    assert "stopped at an error in sub/breaks" in process.output
