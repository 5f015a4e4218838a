"""What a run tells while it goes, taken where LangGraph tells it, in the order in which it happens.

LangGraph hands every item of its stream to a `StreamProtocol` in the run's config, in the very call in which it
happens (`langgraph/pregel/_loop.py`), and nodes write to the `stream_writer` of the `Runtime` in it
(`langgraph/pregel/main.py`). Its own queue, and the hop to whoever reads that, are left out: an event can be put in line
before the checkpoint that follows it, and a node's own task is known when it writes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableConfig
from langgraph._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_RUNTIME,
    CONFIG_KEY_STREAM,
    ERROR,
    INTERRUPT,
    RETURN,
)
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.config import get_config
from langgraph.pregel._messages import StreamMessagesHandler
from langgraph.pregel.protocol import StreamProtocol
from langgraph.runtime import Runtime

from rpc.engine.langgraph.place import Place

TaskItem = Mapping[str, Any]
"""A task that starts (`id`, `name`, `input`, `triggers`) or ended (`id`, `name`, `error`, `result`, `interrupts`)."""


def tapped(
    config: RunnableConfig,
    *,
    task: Callable[[Place, TaskItem], None],
    wrote: Callable[[Place, Any], None],
    message: Callable[[Any, Mapping[str, Any]], None],
) -> RunnableConfig:
    """`config` of a run that tells of itself, in any thread and at any depth.

    `task`: the graph's place, and an item. `wrote`: the place of the task that wrote to its stream writer, and what.
    `message`: a chat model's message or a piece of one, and its metadata.
    """

    def take(item: Any) -> None:
        namespace, mode, data = item
        if mode == "tasks":
            task(Place(namespace), data)

    def write(data: Any) -> None:
        wrote(Place.of(get_config()[CONF][CONFIG_KEY_CHECKPOINT_NS]), data)

    def messages(item: Any) -> None:
        message(*item[2])

    handlers = cast(list[BaseCallbackHandler], config.get("callbacks") or [])
    return {
        **config,
        "configurable": {
            **config.get("configurable", {}),
            CONFIG_KEY_STREAM: StreamProtocol(take, {"tasks"}),
            CONFIG_KEY_RUNTIME: Runtime(stream_writer=write),
        },
        "callbacks": [*handlers, StreamMessagesHandler(messages, True)],
    }


def ended_well(writes: Sequence[tuple[str, Any]]) -> bool:
    """Whether the writes that a task saves say that it has ended, and not by an error or a question."""
    channels = {channel for channel, _ in writes}
    return not channels & {ERROR, INTERRUPT} and not channels <= WRITES_IDX_MAP.keys()


def result_of(writes: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A task's result, as its item of the stream has it, from the writes that it saves."""
    result: dict[str, Any] = {}
    several: set[str] = set()
    for channel, value in writes:
        if channel != RETURN and channel.startswith(("__", "branch:", "join:")):
            continue
        if channel not in result:
            result[channel] = value
        elif channel in several:
            result[channel]["$writes"].append(value)
        else:
            result[channel] = {"$writes": [result[channel], value]}
            several.add(channel)
    return result
