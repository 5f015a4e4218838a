"""Where the debugger stops next: decisions without I/O, over places of tasks."""

from collections.abc import Iterable, Mapping

import msgspec

from rpc.engine.langgraph.place import Place
from rpc.storage.records import Breakpoint, Stepping


def matches(name_or_path: str, task: Place) -> bool:
    """Whether a task is of the named node: a path from the top, or a name at any depth, which may have a slash in it."""
    return name_or_path in (task.path, task.node)


def stops_after(task: Place, ended: Iterable[Place]) -> bool:
    """Whether `task`, new, comes behind one of `ended`: next in its graph, or in a graph above."""
    return any(one.holder.is_within(task.holder) for one in ended)


def is_later(
    task: Place,
    step: int | None,
    ended: Place,
    ended_step: int | None,
    steps: Mapping[Place, int],
    *,
    called: bool,
) -> bool:
    """Whether `task`, new, is of a later superstep than `ended`, or than the task that held it.

    `steps`: supersteps of the tasks of this advance. `called`: a function calls the task (`@task`), which
    has no superstep of its own.
    """
    if called or not ended.is_inside(task.graph):
        # Of another graph that the same function called, perhaps; else `stops_after` says no.
        return ended.depth >= task.depth
    holder = task.graph.towards(ended)
    known = steps.get(holder, ended_step if holder == ended else None)
    return known is None or step is None or step > known


def stops_by_step(task: Place, stepping: Stepping) -> bool:
    """Whether a new task ends the step."""
    stepped = [Place.of(namespace) for namespace in stepping.tasks]
    match stepping.mode:
        case "over":
            return stops_after(task, stepped)
        case "into":
            inside = any(task.is_inside(one) for one in stepped)
            return inside or stops_after(task, stepped)
        case "out":
            return any(one.holder.is_inside(task.holder) for one in stepped)
        case "to":
            return stepping.target is not None and matches(stepping.target, task)
        case _:
            return False


def unfinished(stepping: Stepping, asking: Iterable[Place], *, stopped: bool) -> Stepping:
    """What is left of a step when nothing runs any more: it goes on behind the question that holds it up.

    `asking`: the tasks that ask. `stopped`: something has stopped in this advance.
    """
    asking = list(asking)
    match stepping.mode:
        case "continue":
            return Stepping()
        case "to":
            return stepping if asking and not stopped else Stepping()
    left = []
    for namespace in stepping.tasks:
        task = Place.of(namespace)
        # A step out goes on until the graph around the task has ended.
        around = task.holder if stepping.mode == "out" else task
        # Also where what called the task asks behind it: nothing has come yet that would end the step.
        calling = not stopped and any(task.is_inside(one) for one in asking)
        if calling or any(one.is_within(around) for one in asking):
            left.append(namespace)
    return msgspec.structs.replace(stepping, tasks=left) if left else Stepping()


def at(breakpoints: Iterable[Breakpoint], when: str, task: Place) -> list[Breakpoint]:
    """The enabled breakpoints of the task's node."""
    return [
        one
        for one in breakpoints
        if one.enabled and one.channel is None and one.when == when and matches(one.node_name, task)
    ]


def key(breakpoint_: Breakpoint) -> str:
    """What tells a session's breakpoints apart."""
    if breakpoint_.channel is not None:
        return f"change:{breakpoint_.node_name}:{breakpoint_.channel}"
    return f"{breakpoint_.when}:{breakpoint_.node_name}"
