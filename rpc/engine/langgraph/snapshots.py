"""A checkpoint read in LangGraph's own steps, so that one which LangGraph cannot go on from is read as far as it can be.

As `Pregel.aget_state` does it (`langgraph/pregel/main.py`), with two differences: the writes of no task are applied
before the tasks are prepared, as a run does it, and what fails is told beside what was read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langgraph._internal._constants import INPUT
from langgraph.channels.base import BaseChannel
from langgraph.checkpoint.base import WRITES_IDX_MAP, BaseCheckpointSaver, CheckpointTuple
from langgraph.managed.base import ManagedValueMapping
from langgraph.pregel import Pregel
from langgraph.pregel._algo import PregelTaskWrites, apply_writes, prepare_next_tasks
from langgraph.pregel._checkpoint import achannels_from_checkpoint
from langgraph.pregel._io import read_channels
from langgraph.pregel._task_status import read_task_statuses
from langgraph.pregel.debug import tasks_w_writes
from langgraph.types import PregelTask, StateSnapshot
from msgspec import Struct

from rpc.engine.langgraph.exits import Ordinary
from rpc.engine.langgraph.names import NO_TASK

AnyGraph = Pregel[Any, Any, Any, Any]
Saver = BaseCheckpointSaver[Any]


class Channels(Struct, frozen=True, eq=False):
    """The channels of a checkpoint, objects of this reading alone. `writes`: those of no task, applied already."""

    values: Mapping[str, BaseChannel[Any, Any, Any]]
    managed: ManagedValueMapping
    writes: list[tuple[str, Any]]


class Reading(Struct, frozen=True, eq=False):
    """What could be read of a checkpoint.

    `error`: why LangGraph cannot go on from it. `stands`: it can once its tasks' writes are left out.
    """

    snapshot: StateSnapshot
    error: Exception | None
    stands: bool


async def channels_at(
    graph: AnyGraph, saved: CheckpointTuple, saver: Saver, *, edited: bool = True
) -> Channels:
    """The channels of a checkpoint; `edited`: with the writes of no task. Raises what a reducer raises."""
    values, managed = await achannels_from_checkpoint(
        graph.channels, saved.checkpoint, saver=saver, config=saved.config
    )
    writes = [
        (channel, value)
        for task, channel, value in saved.pending_writes or ()
        if task == NO_TASK and channel not in WRITES_IDX_MAP
    ]
    if writes and edited:
        _apply(graph, saved, values, [PregelTaskWrites((), INPUT, writes, [])])
    return Channels(values, managed, writes)


def prepared(graph: AnyGraph, saved: CheckpointTuple, channels: Channels, saver: Saver) -> Any:
    """The tasks of a checkpoint with their inputs, by id. Raises what a state's own type raises."""
    return prepare_next_tasks(
        saved.checkpoint,
        list(saved.pending_writes or ()),
        graph.nodes,
        channels.values,
        channels.managed,
        saved.config,
        *_steps(saved),
        for_execution=True,
        store=graph.store,
        checkpointer=saver,
        manager=None,
    )


async def read_apart(
    graph: AnyGraph, saved: CheckpointTuple, saver: Saver, *, live: bool
) -> Reading:
    """The checkpoint as far as it can be read; nothing of its subgraphs. `live`: with what its tasks wrote."""
    error: Exception | None = None
    try:
        with Ordinary():
            channels = await channels_at(graph, saved, saver)
    except Exception as refusal:
        # A reducer of the graph's, which may raise anything; here, and twice below.
        error = refusal
        saved = await _again(saved, saver)
        channels = await channels_at(graph, saved, saver, edited=False)
    tasks: Mapping[str, Any]
    try:
        with Ordinary():
            tasks = prepared(graph, saved, channels, saver)
    except Exception as refusal:
        error = error or refusal
        tasks = _listed(graph, saved, channels)
    stands = error is None
    ended: list[str] = []
    if live and error is None:
        statuses = read_task_statuses(saved.pending_writes or ())
        for task_id, status in statuses.items():
            if task_id in tasks and status.output:
                tasks[task_id].writes.extend(status.output)
                ended.append(task_id)
        try:
            wrote = [tasks[task_id] for task_id in ended]
            if wrote:
                with Ordinary():
                    _apply(graph, saved, channels.values, wrote)
        except Exception as refusal:
            error = refusal
            ended = []
            saved = await _again(saved, saver)
            channels = await channels_at(graph, saved, saver)
    return Reading(_snapshot(graph, saved, channels, tasks, ended, live=live), error, stands)


def _snapshot(
    graph: AnyGraph,
    saved: CheckpointTuple,
    channels: Channels,
    tasks: Mapping[str, Any],
    ended: Sequence[str],
    *,
    live: bool,
) -> StateSnapshot:
    namespace = saved.config["configurable"].get("checkpoint_ns", "")
    thread = saved.config["configurable"]["thread_id"]
    names = set(_subgraphs(graph))
    states: dict[str, Any] = {
        task_id: {
            "configurable": {
                "thread_id": thread,
                "checkpoint_ns": "|".join(filter(None, (namespace, f"{task.name}:{task_id}"))),
            }
        }
        for task_id, task in tasks.items()
        if task.name in names
    }
    listed: tuple[PregelTask, ...] = tasks_w_writes(
        tasks.values(), saved.pending_writes, states, graph.stream_channels_asis, live=live
    )
    return StateSnapshot(
        read_channels(channels.values, graph.stream_channels_asis),
        tuple(task.name for task_id, task in tasks.items() if task_id not in ended),
        saved.config,
        saved.metadata,
        saved.checkpoint["ts"],
        saved.parent_config,
        listed,
        tuple(one for task in listed for one in task.interrupts),
    )


async def _again(saved: CheckpointTuple, saver: Saver) -> CheckpointTuple:
    """The checkpoint with values that no reducer has changed."""
    return await saver.aget_tuple(saved.config) or saved


def _listed(graph: AnyGraph, saved: CheckpointTuple, channels: Channels) -> Mapping[str, Any]:
    """The tasks without their inputs, which cannot be made."""
    return prepare_next_tasks(
        saved.checkpoint,
        list(saved.pending_writes or ()),
        graph.nodes,
        channels.values,
        channels.managed,
        saved.config,
        *_steps(saved),
        for_execution=False,
    )


def _apply(graph: AnyGraph, saved: CheckpointTuple, channels: Any, tasks: Any) -> None:
    apply_writes(saved.checkpoint, channels, tasks, None, graph.trigger_to_nodes)


def _steps(saved: CheckpointTuple) -> tuple[int, int]:
    step = saved.metadata.get("step", -1) + 1
    return step, step + 2


def _subgraphs(graph: AnyGraph) -> Iterator[str]:
    return (name for name, _ in graph.get_subgraphs())
