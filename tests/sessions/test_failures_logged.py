"""Every run that failed is told to who runs the server: which session and run, which node, and the author's lines."""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from pydantic import BaseModel

from rpc.engine.running import advance as engine
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.small_graphs import State, chain


def raises(*_: Any) -> Any:
    raise ValueError("no luck")


def node(state: State) -> Any:
    return raises()


async def waits(state: State) -> Any:
    raises()


def exits(state: State) -> Any:
    sys.exit(3)


def interrupted(state: State) -> Any:
    raise KeyboardInterrupt


def writes(state: State) -> Any:
    return {"said": ["x"]}


def wrong(state: State) -> Any:
    return 3


async def slow(state: State) -> Any:
    await asyncio.Event().wait()


def chosen(at: str) -> Any:
    builder: Any = StateGraph(State)
    builder.add_node("writes", writes)
    builder.add_node("other", writes)
    if at != START:
        builder.add_edge(START, "writes")
    builder.add_conditional_edges(at, raises, ["other"])
    return builder.compile()


def refusing_reducer() -> Any:
    class Reduced(TypedDict, total=False):
        query: str
        said: Annotated[list[str], lambda old, new: raises() if old else new]

    return chain(writes, node_two, state=Reduced)


def node_two(state: State) -> Any:
    return {"said": ["y"]}


def refused_by_its_type() -> Any:
    class Strict(BaseModel):
        query: str = ""
        count: int = 0

    def counts(state: Any) -> Any:
        return {"count": "many"}

    def second(state: Strict) -> Any:
        return {}

    second.__annotations__["state"] = Strict
    return chain(counts, second, state=Strict)


def unstorable() -> Any:
    def makes(state: State) -> Any:
        return {"said": [lambda: None]}

    return chain(makes)


def in_a_subgraph() -> Any:
    builder: Any = StateGraph(State)
    builder.add_node("outer", chain(node))
    builder.add_edge(START, "outer")
    return builder.compile()


def timed() -> Any:
    builder: Any = StateGraph(State)
    builder.add_node("slow", slow, timeout=timedelta(milliseconds=20))
    builder.add_edge(START, "slow")
    return builder.compile()


async def factory(config: RunnableConfig) -> Any:
    if config.get("configurable", {}).get("thread_id"):
        raises()
    return chain(writes)


KINDS: dict[str, tuple[Callable[[], Any], str, tuple[str, ...]]] = {
    "a node": (lambda: chain(node), "in node", ("in node", "in raises", "no luck")),
    "an async node": (lambda: chain(waits), "in waits", ("in raises", "no luck")),
    "a node in a subgraph": (in_a_subgraph, "in outer/node", ("in raises", "no luck")),
    "an exit": (lambda: chain(exits), "in exits", ("in exits", "SystemExit")),
    "an interrupt": (lambda: chain(interrupted), "in interrupted", ("KeyboardInterrupt",)),
    "what is no update": (lambda: chain(wrong), "in wrong", ("InvalidUpdateError",)),
    "a choice": (lambda: chosen("writes"), "in writes", ("in raises", "no luck")),
    "a choice at the start": (lambda: chosen(START), "failed", ("in raises", "no luck")),
    "a reducer": (
        refusing_reducer,
        "outside",
        ("in raises", "no luck", "nodes were taken: node_two"),
    ),
    "a type": (refused_by_its_type, "failed", ("ValidationError", "count")),
    "what cannot be stored": (unstorable, "makes", ("UnserializableError",)),
    "a time limit": (timed, "in slow", ("NodeTimeoutError",)),
    "a factory": (lambda: factory, "outside", ("in raises", "no luck")),
}


BY_LANGGRAPH = ("what is no update", "a type", "a time limit")
"""Where it raised the error itself, its line is all there is."""


@pytest.mark.parametrize("kind", KINDS)
async def test_a_failed_run_is_told(
    serve: Serve, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    make, where, lines = KINDS[kind]
    async with serve(make()) as server, peer(server.url) as one:
        story = await one.run("x")
        assert story.status == "failed"
        told = [r.getMessage() for r in caplog.records if r.name == "stepwire.sessions"]
    assert len(told) == 1, told
    first, _, _ = told[0].partition("\n")
    assert story.session_id in first
    assert story.run_id in first
    assert where in first
    for line in lines:
        assert line in told[0]
    if "in raises" in lines:
        assert __file__ in told[0]
    assert "/langgraph/pregel/" not in told[0] or kind in BY_LANGGRAPH


async def test_a_graph_that_changed_is_told(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line of anybody's was passed: what is missing is named."""
    async with serve({"a": chain(node_two)}) as server, peer(server.url) as one:

        async def gone(*_: Any, **__: Any) -> Any:
            return engine.changed("the graph has no node 'rank' any more", "rank")

        monkeypatch.setattr(engine, "advance", gone)
        story = await one.run("x")
        assert story.failure["type"] == "graph_changed"
    (told,) = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert story.session_id in told
    assert story.run_id in told
    assert "failed in rank" in told
    assert "no node 'rank'" in told


async def test_a_cancelled_run_is_no_failure(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(chain(slow)) as server, peer(server.url) as one:
        started = await one.call("query.start", query="x")
        await one.event(started["session_id"], "node.started")
        await one.call("query.cancel", session_id=started["session_id"])
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
