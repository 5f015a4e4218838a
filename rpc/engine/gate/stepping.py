"""Where the debugger stops next: decisions without I/O, over namespaces of tasks.

A task's namespace is its graph's, and its own part: `("literature:1f…", "rank:8a…")`. Its graph's is all but
the last part; the top graph's is empty.
"""

from collections.abc import Iterable, Mapping

from protocol.debugging import Breakpoint
from rpc.engine.langgraph.namespaces import node_path, split
from rpc.storage.records import Stepping

Namespace = tuple[str, ...]


def graph_of(task: Namespace) -> Namespace:
    """The tasks that hold the task: what a function calls is one graph, however many it calls."""
    return tuple(part for part in task[:-1] if ":" in part)


def is_within(inner: Namespace, outer: Namespace) -> bool:
    """Whether `inner` is `outer` or below it."""
    return inner[: len(outer)] == outer


def matches(name_or_path: str, task: Namespace) -> bool:
    """Whether a task is of the named node: a path from the top, or a name at any depth."""
    path = node_path(task)
    return path == name_or_path or ("/" not in name_or_path and path.endswith(f"/{name_or_path}"))


def stops_after(task: Namespace, ended: Iterable[Namespace]) -> bool:
    """Whether `task`, new, comes behind one of `ended`: next in its graph, or in a graph above."""
    return any(is_within(graph_of(one), graph_of(task)) for one in ended)


def is_later(
    task: Namespace,
    step: int | None,
    ended: Namespace,
    ended_step: int | None,
    steps: Mapping[Namespace, int],
    *,
    called: bool,
) -> bool:
    """Whether `task`, new, is of a later superstep than `ended`, or than the task that held it.

    `steps`: supersteps of the tasks of this advance. `called`: a function calls the task (`@task`), which
    has no superstep of its own.
    """
    level = len(task)
    if len(ended) < level or called or ended[: level - 1] != task[:-1]:
        # Of another graph that the same function called, perhaps; else `stops_after` says no.
        return len(graph_of(ended)) >= len(graph_of(task))
    holder = ended[:level]
    known = steps.get(holder, ended_step if holder == ended else None)
    return known is None or step is None or step > known


def stops_by_step(task: Namespace, stepping: Stepping) -> bool:
    """Whether a new task ends the step."""
    stepped = [split(namespace) for namespace in stepping.tasks]
    match stepping.mode:
        case "over":
            return stops_after(task, stepped)
        case "into":
            inside = any(is_within(task, one) and task != one for one in stepped)
            return inside or stops_after(task, stepped)
        case "out":
            return any(
                is_within(graph_of(one), graph_of(task)) and graph_of(one) != graph_of(task)
                for one in stepped
            )
        case "to":
            return stepping.target is not None and matches(stepping.target, task)
        case _:
            return False


def at(breakpoints: Iterable[Breakpoint], when: str, task: Namespace) -> list[Breakpoint]:
    """The enabled breakpoints of the task's node."""
    return [
        one
        for one in breakpoints
        if one.enabled and one.when == when and matches(one.node_name, task)
    ]


def key(breakpoint_: Breakpoint) -> str:
    """What tells a session's breakpoints apart."""
    return f"{breakpoint_.when}:{breakpoint_.node_name}"
