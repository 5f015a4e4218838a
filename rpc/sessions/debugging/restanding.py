"""Which tasks stand after a session was moved or edited: decisions over a state, without I/O."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

import msgspec

from protocol.errors import NODE_NOT_FOUND, ProtocolError
from protocol.events import StateCheckpoint
from rpc.engine.gate.stops import stopped_task
from rpc.engine.langgraph.place import TOP, Place
from rpc.engine.thread.state import TaskState, ThreadState
from rpc.engine.values.cut import cut
from rpc.storage.records import DebugState, Question, SessionRecord, StoppedTask


def standing(
    found: ThreadState, known: Mapping[str, StoppedTask], sent: Mapping[str, Any]
) -> dict[str, StoppedTask]:
    """The tasks that would run next, at every depth, each as it is known or as newly stopped.

    `known`: tasks that stood or asked before. `sent`: the inputs of tasks that `Send` made, by task id.
    """
    stopped: dict[str, StoppedTask] = {}
    tasks = list(found.all_tasks())
    places = {task.place for task in tasks}
    for task in tasks:
        namespace = task.place.namespace
        if task.finished or (task.inner is not None and task.inner.next):
            continue
        if namespace in known and known[namespace].reason != "interrupt":
            stopped[namespace] = known[namespace]
            continue
        # Tasks that LangGraph does not list: of a function's calls, and of graphs only it knows.
        hidden = [ns for ns in known if _lists(task, Place.of(ns), places)]
        if not hidden and not task.asked and namespace not in known:
            stopped[namespace] = _new(found, task, sent)
        stopped |= {ns: known[ns] for ns in hidden if known[ns].reason != "interrupt"}
    return stopped


def lasting(found: ThreadState, known: Mapping[str, StoppedTask]) -> dict[str, StoppedTask]:
    """Those of `known` that are tasks of this state still."""
    tasks = list(found.all_tasks())
    places = {task.place for task in tasks}
    return {
        ns: one
        for ns, one in known.items()
        if Place.of(ns) in places or any(_lists(task, Place.of(ns), places) for task in tasks)
    }


def still_open(found: ThreadState, tasks: Mapping[str, int | None]) -> dict[str, int | None]:
    """Those of the open tasks (their steps, by namespace) that are tasks of this state still, and not over."""
    listed = list(found.all_tasks())
    places = {task.place for task in listed}
    unfinished = {task.place for task in listed if not task.finished}

    def is_open(place: Place) -> bool:
        return place in unfinished or any(_lists(task, place, places) for task in listed)

    return {namespace: step for namespace, step in tasks.items() if is_open(Place.of(namespace))}


def gone(
    before: Mapping[str, int | None], after: Mapping[str, int | None]
) -> dict[str, int | None]:
    """The open tasks that are not open any more."""
    return {namespace: step for namespace, step in before.items() if namespace not in after}


def _lists(task: TaskState, known: Place, places: set[Place]) -> bool:
    """Whether a known task is below this one, out of LangGraph's sight."""
    return (
        known.is_inside(task.place)
        and task.inner is None
        and not task.finished
        and known not in places
    )


def _new(found: ThreadState, task: TaskState, sent: Mapping[str, Any]) -> StoppedTask:
    state = found.at(task.place.graph)
    values = None if state is None else state.values
    given = sent.get(task.task_id, values)
    return stopped_task(task.place, "pause", given)


def because(
    stopped: Mapping[str, StoppedTask],
    tasks: Collection[str],
    reason: Literal["breakpoint", "change", "entry"],
    detail: str | None,
) -> dict[str, StoppedTask]:
    """The stopped tasks, with another reason for some of them (namespaces)."""
    return {
        ns: msgspec.structs.replace(one, reason=reason, detail=detail) if ns in tasks else one
        for ns, one in stopped.items()
    }


def changed(
    before: ThreadState | None, after: ThreadState | None
) -> tuple[dict[str, Any], list[str]]:
    """The values that are others in `after`, and the channels that have none there any more."""
    was = {} if before is None else before.values
    now = {} if after is None else after.values
    return {name: value for name, value in now.items() if name not in was or was[name] != value}, [
        name for name in was if name not in now
    ]


def reread(
    stopped: Mapping[str, StoppedTask],
    place: Place,
    before: ThreadState,
    after: ThreadState,
) -> dict[str, StoppedTask]:
    """The stopped tasks, with the inputs of those whose graph's state was edited read again."""
    old, new = before.at(place), after.at(place)
    if old is None or new is None:
        return dict(stopped)
    was, now = old.values, new.values
    fresh: dict[str, StoppedTask] = {}
    for namespace, task in stopped.items():
        # A task that `Send` made has an input of its own, which the edit does not reach.
        same = Place.of(namespace).graph == place and isinstance(task.input, dict)
        if same and task.input == cut({name: was.get(name) for name in task.input}):
            task = msgspec.structs.replace(
                task, input=cut({name: now.get(name) for name in task.input})
            )
        fresh[namespace] = task
    return fresh


def place_of(found: ThreadState, path: tuple[str, ...]) -> Place:
    """The place of the subgraph at a path of node names, as it is entered in this state.

    Raises `ProtocolError` (node not found) where it is not entered.
    """
    if not path:
        return TOP
    inside = [task for task in found.all_tasks() if task.inner is not None]
    for task in inside:
        if task.inner is not None and task.place.names == path:
            return task.inner.place
    entered = [task.place.path for task in inside]
    raise ProtocolError(
        NODE_NOT_FOUND,
        f"the session is not inside {'/'.join(path)!r}; it is inside: {', '.join(entered) or 'no subgraph'}",
    )


def holding(entered: Iterable[str], resting: Collection[str]) -> list[str]:
    """Those of the entered tasks that hold one at rest."""
    places = [Place.of(ns) for ns in resting]
    return [ns for ns in entered if any(one.is_inside(Place.of(ns)) for one in places)]


def still_asked(record: SessionRecord, debug: DebugState) -> list[Question]:
    """The questions of the tasks that still ask."""
    asking = {task.task_id for task in debug.asking.values()}
    return [one for one in record.interrupts if one.task_id in asking]


def without(debug: DebugState, task: Place) -> DebugState:
    """The state in which nothing is known of a task, nor of what is inside it."""

    def elsewhere(namespace: str) -> bool:
        return not Place.of(namespace).is_within(task)

    return msgspec.structs.replace(
        debug,
        stopped={ns: one for ns, one in debug.stopped.items() if elsewhere(ns)},
        asking={ns: one for ns, one in debug.asking.items() if elsewhere(ns)},
        entered=[ns for ns in debug.entered if elsewhere(ns)],
        after=[ns for ns in debug.after if elsewhere(ns)],
        changes={ns: one for ns, one in debug.changes.items() if elsewhere(ns)},
        passes={ns: one for ns, one in debug.passes.items() if elsewhere(ns)},
        open={ns: one for ns, one in debug.open.items() if elsewhere(ns)},
    )


def saved(found: ThreadState) -> StateCheckpoint:
    """The event that tells of a state's checkpoint."""
    return StateCheckpoint(
        found.checkpoint_id,
        found.parent_id,
        found.place.path,
        found.step,
        found.source,
        found.next_nodes,
    )
