"""Which tasks stand after a session was moved or edited: decisions over a state, without I/O."""

from collections.abc import Mapping

import msgspec
from langgraph.types import StateSnapshot

from protocol.errors import NODE_NOT_FOUND, ProtocolError
from protocol.events import StoppedTask
from rpc.engine.cut import cut
from rpc.engine.look import TaskView, state_at, tasks_of, values_of
from rpc.engine.namespaces import SEPARATOR, node_path, split

Namespace = tuple[str, ...]


def standing(found: StateSnapshot, known: Mapping[str, StoppedTask]) -> dict[str, StoppedTask]:
    """The tasks that would run next, at every depth, each as it is known or as newly stopped."""
    stopped: dict[str, StoppedTask] = {}
    for task in tasks_of(found):
        if task.finished or task.asked or (task.inner is not None and task.inner.next):
            continue
        namespace = SEPARATOR.join(task.namespace)
        stopped[namespace] = known.get(namespace) or _new(found, task)
    return stopped


def _new(found: StateSnapshot, task: TaskView) -> StoppedTask:
    state = state_at(found, task.namespace[:-1])
    values = None if state is None else cut(values_of(state))
    path = node_path(task.namespace)
    return StoppedTask(task.node, path, task.task_id, "pause", values)


def reread(
    stopped: Mapping[str, StoppedTask],
    place: Namespace,
    before: StateSnapshot,
    after: StateSnapshot,
) -> dict[str, StoppedTask]:
    """The stopped tasks, with the inputs of those whose graph's state was edited read again."""
    old, new = state_at(before, place), state_at(after, place)
    if old is None or new is None:
        return dict(stopped)
    was, now = values_of(old), values_of(new)
    fresh: dict[str, StoppedTask] = {}
    for namespace, task in stopped.items():
        # A task that `Send` made has an input of its own, which the edit does not reach.
        same = split(namespace)[:-1] == place and isinstance(task.input, dict)
        if same and task.input == cut({name: was.get(name) for name in task.input}):
            task = msgspec.structs.replace(
                task, input=cut({name: now.get(name) for name in task.input})
            )
        fresh[namespace] = task
    return fresh


def place_of(found: StateSnapshot, path: tuple[str, ...]) -> Namespace:
    """The namespace of the subgraph at a path of node names, as it is entered in this state.

    Raises `ProtocolError` (node not found) where it is not entered.
    """
    if not path:
        return ()
    wanted = "/".join(path)
    for task in tasks_of(found):
        if task.inner is not None and node_path(task.namespace) == wanted:
            return split(task.inner.config["configurable"].get("checkpoint_ns", ""))
    entered = [node_path(task.namespace) for task in tasks_of(found) if task.inner is not None]
    raise ProtocolError(
        NODE_NOT_FOUND,
        f"the session is not inside {wanted!r}; it is inside: {', '.join(entered) or 'no subgraph'}",
    )
