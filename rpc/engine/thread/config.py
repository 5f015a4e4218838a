"""LangGraph's config of a session's thread, and of a checkpoint in it."""

from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableConfig
from langgraph.pregel import Pregel

from rpc.engine.graphs.inputs import RunConfig
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.langgraph.user import configurable
from rpc.storage.records import Caller

Graph = Pregel[Any, Any, Any, Any]

RUN_KEY = "stepwire_run_id"
"""The checkpoint metadata that tells which run saved it."""


def thread_config(
    session_id: str,
    run_id: str | None,
    config: RunConfig | None = None,
    gate: BaseCallbackHandler | None = None,
    caller: Caller | None = None,
) -> RunnableConfig:
    """LangGraph's config of a session's thread. `caller`: who asked for the run, where the graph is to know."""
    given = config.langgraph if config else {}
    thread = RunnableConfig(
        configurable={
            **(config.configurable if config else {}),
            **configurable(caller),
            "thread_id": session_id,
        }
    )
    for key, value in given.items():
        thread[key] = value  # type: ignore[literal-required]
    if run_id is not None:
        thread["metadata"] = {**given.get("metadata", {}), RUN_KEY: run_id}
    if gate is not None:
        thread["callbacks"] = [gate]
    return thread


def checkpoint_config(
    session_id: str, place: Place = TOP, checkpoint_id: str | None = None
) -> RunnableConfig:
    """Of a checkpoint of the (sub)graph at a place; its newest where none is named."""
    config = thread_config(session_id, None)
    if not place.is_top:
        config["configurable"]["checkpoint_ns"] = place.namespace
    if checkpoint_id is not None:
        config["configurable"]["checkpoint_id"] = checkpoint_id
    return config
