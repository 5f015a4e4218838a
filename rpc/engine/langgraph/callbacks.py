"""What LangGraph tells a callback handler of a node's task, and how a handler stops that task alone.

LangChain calls the handler for every runnable in a run. LangGraph gives each task a runnable of its node's
name, with the task in the metadata. A `GraphInterrupt` raised from the handler, where it is called inline and
its errors are raised, ends that task as one that asks; its siblings go on.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from langgraph.errors import GraphInterrupt
from langgraph.types import Interrupt
from msgspec import Struct

from rpc.engine.langgraph.place import Place

PUSH = "__pregel_push"
"""What triggers the tasks that `Send` makes and those that a function calls."""


class TaskStart(Struct, frozen=True):
    """A task that is about to run.

    `step`: its superstep in its graph. `pushed`: `Send` or a function's call made it: its input is its own,
    not its graph's state. `called`: a function calls it (`@task`), so that it has no superstep of its own.
    """

    place: Place
    step: int | None
    pushed: bool
    called: bool


def task_start(metadata: Mapping[str, Any] | None, name: object) -> TaskStart | None:
    """The task whose runnable `name` starts; None where it is something inside a task, or above all."""
    if not metadata or metadata.get("langgraph_node") != name:
        return None
    namespace = metadata.get("langgraph_checkpoint_ns")
    if not namespace:
        return None
    pushed = PUSH in metadata.get("langgraph_triggers", ())
    called = pushed and metadata.get("langgraph_path", (None,))[-1] is True
    return TaskStart(Place.of(namespace), metadata.get("langgraph_step"), pushed, called)


def message_source(metadata: Mapping[str, Any]) -> tuple[str | None, Place]:
    """Of a piece of a message: the name of the node, and the place of its task."""
    place = Place.of(metadata.get("langgraph_checkpoint_ns", ""))
    return metadata.get("langgraph_node"), place


def interrupt(marks: Iterable[tuple[Any, str]]) -> GraphInterrupt:
    """To be raised from a callback: the task stops there, with these interrupts, as values and ids."""
    return GraphInterrupt(tuple(Interrupt(value, id_) for value, id_ in marks))
