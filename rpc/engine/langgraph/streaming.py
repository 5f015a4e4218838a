"""What a run tells while it goes, taken where LangGraph does it, in the order in which it happens.

The callback handlers of a run's config reach every task at any depth. One of them, `Tap`, says who listens; `watching.py`
finds it where tasks start and end. Nodes write to the `stream_writer` of the `Runtime` in the config
(`langgraph/pregel/main.py`). LangGraph's own stream and its queue are left out: its items are made in callbacks of
futures, where an error vanishes and the item with it; an event can be put in line before the checkpoint that follows
it; and a node's own task is known when it writes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol, cast
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage
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
from langgraph.constants import END, TAG_HIDDEN
from langgraph.pregel._messages import StreamMessagesHandler, graph_namespace
from langgraph.pregel.protocol import StreamProtocol
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore
from langgraph.types import PregelExecutableTask
from msgspec import Struct

from rpc.engine.langgraph.callbacks import task_start
from rpc.engine.langgraph.place import Place
from rpc.engine.langgraph.task_keys import ROOT, Tries, is_call, key_of
from rpc.engine.langgraph.tool_calls import ToolListener, ToolTap


class Task(Struct, frozen=True, eq=False):
    """A task that LangGraph runs.

    `graph`: the place of the graph whose superstep `step` it is in; a function's call is one of its function's graph.
    `hidden`: it is LangGraph's own, such as the start of a graph. `key`: the same on every try of it.
    `arguments`: of a function's call, by place, then by name; None of others.
    """

    place: Place
    graph: Place
    step: int | None
    triggers: Sequence[str]
    hidden: bool
    key: str
    arguments: Any = None

    @property
    def node(self) -> str:
        return self.place.node

    @property
    def task_id(self) -> str:
        return self.place.task_id


class Listener(Protocol):
    """Who is told of a run, in whatever thread it happens."""

    def starts(self, task: Task) -> None:
        """Its body is about to run, unless a callback stops it."""

    def around(self, task: Task) -> AbstractContextManager[object]:
        """What its body runs within."""

    def begins_anew(self, task: Task) -> bool:
        """Whether it stood before its body, though the run goes on from a checkpoint: its subgraphs begin with their input."""

    def tries_again(self, task: Task, error: Exception) -> None:
        """Its body raised, and will run again."""

    def started_again(self, task_id: str) -> None:
        """The body of such a task runs again."""

    def ended(
        self, task: Task, error: BaseException | None, writes: Sequence[tuple[str, Any]]
    ) -> None:
        """Its body ended or was ended: without an error what it wrote is about to be saved."""

    def was_cached(self, task: Task, writes: Sequence[tuple[str, Any]]) -> None:
        """Its body does not run: what it wrote in an earlier run is about to be saved."""

    def stops(self, when: Literal["before", "after"], tasks: Sequence[Task]) -> bool:
        """Its graph stops before these tasks, which are about to run, or after them; whether that will be heeded."""

    def keeps_nothing(self, graphs: Collection[Place]) -> None:
        """The graphs at these places, whose tasks are about to run, keep no checkpoints to go on from."""

    @property
    def watching(self) -> bool:
        """Whether any graph may have channels that are watched."""

    def watches(self, graph: Place) -> Collection[str]:
        """The channels of the graph at a place whose values are compared from superstep to superstep."""

    def changed(
        self, graph: Place, channel: str, tasks: Sequence[Task], state: Callable[[], dict[str, Any]]
    ) -> None:
        """A superstep has ended, and such a channel has another value, written by these tasks; `state`: all values now."""

    def lost(self, error: Exception) -> None:
        """Something could not be told or saved, where nobody sees an exception."""

    def wrote(self, task: Place, data: Any) -> None:
        """It wrote to its stream writer."""

    def message(self, message: BaseMessage, metadata: Mapping[str, Any]) -> None:
        """A chat model's message, or a piece of one."""

    def calls(self) -> ToolListener:
        """Who is to be told of tools; it may hold the listener, which does not hold it."""


class Tap(StreamMessagesHandler, ToolTap):
    """The callback handler by which a run's listener is found."""

    def __init__(self, listener: Listener, node_seconds: float = 0.0) -> None:
        StreamMessagesHandler.__init__(self, lambda item: listener.message(*item[2]), True)
        ToolTap.__init__(self)
        self.calls = listener.calls()
        self.listener = listener
        # How long each attempt of a node may take; 0 is no limit.
        self.node_seconds = node_seconds
        # Ids of tasks whose next start is another attempt.
        self.retrying: set[str] = set()
        # What the bodies that run have called, by the id of their task.
        self.tries: dict[str, Tries] = {}
        # What is told of the tasks of the supersteps under way, by their id.
        self.tasks: dict[str, Task] = {}

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: dict[str, Any],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        if self.retrying:
            start = task_start(metadata, kwargs.get("name"))
            if start is not None and start.place.task_id in self.retrying:
                self.retrying.discard(start.place.task_id)
                self.listener.started_again(start.place.task_id)
        return super().on_chain_start(
            serialized,
            inputs,
            run_id=run_id,
            parent_run_id=parent_run_id,
            tags=tags,
            metadata=metadata,
            **kwargs,
        )


def tap_of(config: RunnableConfig | None) -> Tap | None:
    """The tap in the callbacks of a task's config; None in runs that are not ours."""
    return tap_in(config.get("callbacks") if config else None)


def tap_in(callbacks: Any) -> Tap | None:
    """The tap among callback handlers, or in their manager."""
    # Of its type and no other, since `isinstance` of a handler goes by LangGraph's protocols, and is asked for at each step.
    for one in getattr(callbacks, "handlers", callbacks) or ():
        if type(one) is Tap:
            return one
    return None


def told_of(tap: Tap, task: PregelExecutableTask) -> Task:
    """As `task_of`, of a task whose graph's superstep is under way: worked out once."""
    found = tap.tasks.get(task.id)
    if found is None:
        found = tap.tasks[task.id] = task_of(task)
    return found


def task_of(task: PregelExecutableTask) -> Task:
    """What is told of a task of LangGraph's."""
    metadata = task.config.get("metadata", {})
    return Task(
        Place.of(task.config[CONF][CONFIG_KEY_CHECKPOINT_NS]),
        Place(graph_namespace(metadata)),
        metadata.get("langgraph_step"),
        task.triggers,
        TAG_HIDDEN in (task.config.get("tags") or ()),
        key_of(task),
        task.input if is_call(task) else None,
    )


def tapped(
    config: RunnableConfig,
    listener: Listener,
    root: str,
    store: BaseStore | None = None,
    node_seconds: float = 0.0,
) -> RunnableConfig:
    """`config` of a run that tells `listener` of itself, in any thread and at any depth.

    `root`: of the keys of its tasks. `store`: the graph's own, which LangGraph does not look for where a runtime is given.
    `node_seconds`: how long each attempt of a node may take; 0 is no limit.
    """

    def write(data: Any) -> None:
        listener.wrote(Place.of(get_config()[CONF][CONFIG_KEY_CHECKPOINT_NS]), data)

    handlers = cast(list[BaseCallbackHandler], config.get("callbacks") or [])
    return {
        **config,
        "configurable": {
            **config.get("configurable", {}),
            ROOT: root,
            # A subgraph takes the writer of the run above only where that has a stream.
            CONFIG_KEY_STREAM: StreamProtocol(_nothing, set()),
            CONFIG_KEY_RUNTIME: Runtime(stream_writer=write, store=store),
        },
        "callbacks": [*handlers, Tap(listener, node_seconds)],
    }


def _nothing(_: Any) -> None:
    pass


def ended_well(writes: Sequence[tuple[str, Any]]) -> bool:
    """Whether the writes that a task saves say that it has ended, and not by an error or a question."""
    channels = {channel for channel, _ in writes}
    return not channels & {ERROR, INTERRUPT} and not channels <= WRITES_IDX_MAP.keys()


def result_of(writes: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A task's result from the writes that it saves; several to one channel are under `$writes`.

    What a function returned is under `RETURN`, what an `@entrypoint` did under `END`.
    """
    result: dict[str, Any] = {}
    several: set[str] = set()
    for channel, value in writes:
        if channel not in (RETURN, END) and channel.startswith(("__", "branch:", "join:")):
            continue
        if channel not in result:
            result[channel] = value
        elif channel in several:
            result[channel]["$writes"].append(value)
        else:
            result[channel] = {"$writes": [result[channel], value]}
            several.add(channel)
    return result
