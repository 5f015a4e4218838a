"""Where the debugger stops next: decisions without I/O, over namespaces of tasks.

A task's namespace is its graph's, and its own part: `("literature:1f…", "rank:8a…")`. Its graph's is all but
the last part; the top graph's is empty.
"""

from collections.abc import Iterable

from protocol.debugging import Breakpoint
from rpc.engine.namespaces import node_path, split
from rpc.storage.records import Stepping

Namespace = tuple[str, ...]


def graph_of(task: Namespace) -> Namespace:
    """The namespace of the (sub)graph that runs the task."""
    return task[:-1]


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
