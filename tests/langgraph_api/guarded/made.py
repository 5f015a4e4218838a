"""Graphs that are made by functions, in each way that LangGraph's server takes."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypedDict

from greeting import greet
from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from langgraph_sdk.runtime import ServerRuntime


class State(TypedDict, total=False):
    query: str
    told: Any


def built(how: Any) -> Any:
    async def tell(state: State) -> State:
        env = [os.environ[name] for name in ("PROJECT_NAME", "PROJECT_FULL_NAME")]
        return {"told": {"how": how, "greeting": greet(state.get("query", "")), "env": env}}

    builder = StateGraph(State)
    builder.add_node(tell)
    builder.add_edge(START, "tell")
    return builder


unmade = built("unmade")
named = built("named").compile(name="A name of its own")


def by_config(config: RunnableConfig) -> Any:
    return built({"model": config.get("configurable", {}).get("model")}).compile()


@contextmanager
def for_some_time(config: RunnableConfig) -> Iterator[Any]:
    yield built("for some time")


@asynccontextmanager
async def for_some_time_async(config: RunnableConfig) -> AsyncIterator[Any]:
    yield built("for some time, async").compile()


async def by_runtime(runtime: ServerRuntime) -> Any:
    user = getattr(runtime, "user", None)
    return built({"access": runtime.access_context, "user": getattr(user, "identity", None)})


def by_both(config: RunnableConfig, runtime: ServerRuntime) -> Any:
    model = config.get("configurable", {}).get("model")
    return built({"access": runtime.access_context, "model": model}).compile()
