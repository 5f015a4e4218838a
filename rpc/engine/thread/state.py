"""A thread's state as the engine hands it out: checkpoints with their tasks, at every depth."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from langgraph.constants import START
from langgraph.types import PregelTask, StateSnapshot
from msgspec import Struct

from rpc.engine.gate.stops import is_stop
from rpc.engine.langgraph.callbacks import PUSH
from rpc.engine.langgraph.names import is_hidden
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.thread.config import RUN_KEY
from rpc.engine.values.to_json import to_json


class TaskState(Struct, frozen=True, eq=False):
    """A task of a checkpoint.

    `finished`: it has ended, with `result`. `questions`: what it asks, as JSON, by id. `inner`: its subgraph's state,
    where it has one. `sent`: where `Send` made it, which of those the checkpoint keeps, from 0.
    """

    place: Place
    node: str
    task_id: str
    error: str | None
    finished: bool
    result: Any
    questions: Mapping[str, Any]
    inner: "ThreadState | None" = None
    sent: int | None = None

    @property
    def asked(self) -> list[str]:
        """Ids of its open questions."""
        return list(self.questions)


class ThreadState(Struct, frozen=True, eq=False):
    """The state of a (sub)graph at a checkpoint of its own.

    `raw`: its values as the graph has them; `values` has them as JSON. `next`: names of the nodes that run
    next, LangGraph's own included. `created_at`: ISO 8601. `run_id`: the run that saved it. `error`: why the graph
    cannot go on from here, or from what was saved last, where this is the last state from which it can. `goes_on`:
    it can, once what its tasks wrote is left out.
    """

    place: Place
    checkpoint_id: str
    parent_id: str | None
    created_at: str
    step: int
    source: str
    run_id: str | None
    raw: Any
    next: tuple[str, ...]
    tasks: list[TaskState]
    error: str | None = None
    goes_on: bool = True

    @property
    def values(self) -> dict[str, Any]:
        """As JSON, by channel; a state that is one value is under `value`."""
        values = to_json(self.raw)
        return values if isinstance(values, dict) else {"value": values}

    @property
    def next_nodes(self) -> list[str]:
        """The nodes of the user's that run next."""
        return [name for name in self.next if not is_hidden(name)]

    def all_tasks(self) -> Iterator[TaskState]:
        """The tasks at every depth, a subgraph's after the task that holds it; a graph's start only where it asks."""
        for task in self.tasks:
            if task.node != START or task.asked:
                yield task
                if task.inner is not None:
                    yield from task.inner.all_tasks()

    def at(self, graph: Place) -> "ThreadState | None":
        """The state of the (sub)graph of that place; None where it has none here."""
        if graph == self.place:
            return self
        for task in self.tasks:
            if task.inner is not None and graph.is_within(task.inner.place):
                return task.inner.at(graph)
        return None

    def open_questions(self) -> set[str]:
        """Ids of the questions open in this state; the innermost where a subgraph asks."""
        return {id for task in self.asking_tasks() for id in task.questions}

    def asking_tasks(self) -> Iterator[TaskState]:
        """The tasks that ask; the innermost where a subgraph asks, whose question the tasks around it repeat."""
        for task in self.tasks:
            inside = [] if task.inner is None else list(task.inner.asking_tasks())
            if inside:
                yield from inside
            elif task.questions:
                yield task


def read(
    found: StateSnapshot,
    place: Place = TOP,
    *,
    error: str | None = None,
    goes_on: bool = True,
    inner: Mapping[str, ThreadState | None] = MappingProxyType({}),
) -> ThreadState | None:
    """LangGraph's snapshot of the (sub)graph at a place; None where nothing was saved.

    `inner`: the states of its tasks' subgraphs, by task id, where the snapshot does not have them.
    """
    if found.created_at is None:
        return None
    metadata = found.metadata or {}
    run_id = metadata.get(RUN_KEY)
    parent = found.parent_config
    return ThreadState(
        place,
        str(found.config["configurable"]["checkpoint_id"]),
        parent["configurable"].get("checkpoint_id") if parent else None,
        found.created_at,
        metadata.get("step", -1),
        metadata.get("source", "loop"),
        None if run_id is None else str(run_id),
        found.values,
        found.next,
        [_task(task, place, inner.get(task.id)) for task in found.tasks],
        error,
        goes_on,
    )


def _task(task: PregelTask, graph: Place, inner: ThreadState | None) -> TaskState:
    place = graph.task(task.name, task.id)
    if isinstance(task.state, StateSnapshot):
        # LangGraph numbers the namespaces of a task's further subgraphs: take the state's own.
        own = Place.of(task.state.config["configurable"].get("checkpoint_ns", ""))
        inner = read(task.state, place if own.is_top else own)
    index = task.path[1] if task.path[:1] == (PUSH,) else None
    return TaskState(
        place,
        task.name,
        task.id,
        None if task.error is None else str(task.error),
        task.result is not None,
        task.result,
        {one.id: to_json(one.value) for one in task.interrupts if not is_stop(one.value)},
        inner,
        index if isinstance(index, int) else None,
    )
