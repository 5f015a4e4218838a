"""Factories that ask for the run's config or runtime are called for each run, as LangGraph's server does."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Optional

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt
from langgraph_sdk.runtime import ServerRuntime

from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.small_graphs import State, chain


def saying(text: str) -> Any:
    """A graph that says it."""

    async def say(state: State) -> State:
        return {"said": [text]}

    return chain(say)


def typed(config: RunnableConfig) -> Any:
    return saying(str(config["configurable"].get("tone")))


def untyped(anything):  # type: ignore[no-untyped-def]
    return saying(str(anything["configurable"].get("tone")))


def optional(config: Optional[RunnableConfig] = None) -> Any:  # noqa: UP045
    assert config is not None
    return saying(str(config["configurable"].get("tone")))


class Maker:
    """An object that is called."""

    async def __call__(self, *, config: "RunnableConfig") -> Any:
        return saying(str(config["configurable"].get("tone")))


FACTORIES = {"typed": typed, "untyped": untyped, "optional": optional, "object": Maker()}


@pytest.mark.parametrize("name", FACTORIES)
async def test_each_run_has_the_graph_of_its_own_config(serve: Serve, name: str) -> None:
    async with serve(FACTORIES[name]) as server, peer(server.url) as one:
        warm = await one.run("x", config={"tone": "warm"})
        cold = await one.run("x", config={"configurable": {"tone": "cold"}})
        none = await one.run("x")
        assert [s.result["said"] for s in (warm, cold, none)] == [["warm"], ["cold"], ["None"]]
        again = await one.run("x", session_id=warm.session_id, config={"tone": "new"})
        assert again.result["said"] == ["warm", "new"]


async def test_a_config_tells_which_session_and_what_langgraph_is_to_do(serve: Serve) -> None:
    configs: list[RunnableConfig] = []

    def make(config: RunnableConfig) -> Any:
        configs.append(config)
        return saying("x")

    async with serve(make) as server, peer(server.url) as one:
        story = await one.run("x", config={"recursion_limit": 7, "tags": ["t"]})
    assert configs[0] == {"configurable": {}}
    (config,) = configs[1:]
    assert config["configurable"]["thread_id"] == story.session_id
    assert (config["recursion_limit"], config["tags"]) == (7, ["t"])


@dataclass
class Context:
    """A graph's settings."""

    tone: str = "plain"


async def test_a_server_runtime_has_the_store_and_the_runs_context(serve: Serve) -> None:
    """The types of LangGraph's own SDK; reading is told from running."""
    accesses: list[str] = []

    async def make(runtime: ServerRuntime[Context], config: RunnableConfig) -> Any:
        accesses.append(runtime.access_context)
        assert runtime.user is None
        running = runtime.execution_runtime
        if running is not None:
            await runtime.store.aput(("tones",), "last", {"tone": running.context.tone})
            kept = await runtime.store.aget(("tones",), "last")
            assert kept is not None
            text = f"{kept.value['tone']} {config['configurable']['tone']}"
        else:
            text = "nothing"

        async def say(state: State) -> State:
            return {"said": [text]}

        builder: Any = StateGraph(State, Context).add_node("say", say).add_edge(START, "say")
        return builder

    async with serve(make) as server, peer(server.url) as one:
        story = await one.run("x", config={"tone": "warm"})
        assert story.result["said"] == ["warm warm"]
        await one.call("graph.describe")
    assert accesses == ["assistants.read", "threads.create_run"]


async def test_what_a_factory_opens_is_closed_after_each_advance(serve: Serve) -> None:
    log: list[str] = []

    @asynccontextmanager
    async def make(config: RunnableConfig) -> AsyncIterator[Any]:
        thread = config["configurable"].get("thread_id")
        log.append("in")

        async def ask(state: State) -> State:
            assert log[-1] == "in"
            return {"said": [str(interrupt("?"))]}

        yield chain(ask)
        log.append("out")
        if thread is not None and state_of_the_world["broken"]:
            raise OSError("cannot close")

    state_of_the_world = {"broken": False}
    async with serve(make) as server, peer(server.url) as one:
        assert log == ["in"]
        story = await one.run("x")
        assert story.status == "waiting"
        assert log == ["in", "in", "out"]
        assert await one.respond(story, "yes") == "completed"
        assert story.result["said"] == ["yes"]
        assert log == ["in", *["in", "out"] * 2]
    assert log[-1] == "out"
    assert log.count("in") == log.count("out")


async def test_a_factory_that_fails_fails_its_run_only(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    left: list[str] = []

    @asynccontextmanager
    async def make(config: RunnableConfig) -> AsyncIterator[Any]:
        how = config["configurable"].get("how")
        if how == "before":
            raise RuntimeError("no tools today")
        yield 3 if how == "none" else saying("made")
        left.append(str(how))
        if how == "after":
            raise OSError("cannot close")

    async with serve(make) as server, peer(server.url) as one:
        story = await one.run("x", config={"how": "before"})
        assert story.status == "failed"
        assert (story.failure["type"], story.failure["message"]) == (
            "RuntimeError",
            "no tools today",
        )
        story = await one.run("x", config={"how": "none"})
        assert "gave a value of type int, not a graph" in story.failure["message"]
        with caplog.at_level(logging.ERROR, "stepwire.engine"):
            story = await one.run("x", config={"how": "after"})
        assert story.result["said"] == ["made"], "what it does on leaving is not the run's"
        assert "its factory failed on leaving" in caplog.text
        assert (await one.run("x")).status == "completed"
    assert left == ["none", "after", "None", "None"]


async def test_a_debugged_run_stops_in_its_own_graph(serve: Serve) -> None:
    async with serve(typed) as server, peer(server.url) as one:
        story = await one.run("x", config={"tone": "warm"}, debug_mode=True)
        assert story.status == "paused"
        last = story.events[-1]["params"]["seq"]
        await one.call("debug.continue", session_id=story.session_id)
        assert await one.settled(story.session_id, after=last) == "completed"
        assert story.result["said"] == ["warm"]
