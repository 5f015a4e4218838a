"""The `@task` functions that a graph's functions call, as far as their code shows: they are no nodes of it."""

import inspect
from collections.abc import Iterator
from types import CodeType
from typing import Any, NamedTuple

from langgraph.pregel import Pregel

from rpc.engine.graphs.source_lines import node_function, unwrapped
from rpc.engine.langgraph.bodies import task_function


class CalledTask(NamedTuple):
    """A function that a function calls as a task; its path is below that of the caller: `flow/search`."""

    path: str
    name: str
    function: object


def task_paths(graph: Pregel[Any, Any, Any, Any], prefix: str = "") -> Iterator[str]:
    """The paths of the tasks, each below the function that calls it: `flow/search`."""
    for name, node in graph.nodes.items():
        if isinstance(node.bound, Pregel):
            yield from task_paths(node.bound, f"{prefix}{name}/")
        else:
            found = called_tasks(node_function(node.bound), f"{prefix}{name}")
            yield from (task.path for task in found)


def called_tasks(function: object, path: str) -> Iterator[CalledTask]:
    """The tasks that a node's function calls, and those that these call. `path`: the node's."""
    yield from _called(unwrapped(function), path, set())


def _called(function: Any, path: str, seen: set[int]) -> Iterator[CalledTask]:
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or id(function) in seen:
        return
    seen = {*seen, id(function)}
    names = set(_names(code))
    found = inspect.getclosurevars(function)
    for name, value in {**found.globals, **found.nonlocals}.items():
        if (task := task_function(value)) is not None:
            own = str(getattr(value, "__name__", name))
            yield CalledTask(f"{path}/{own}", own, task)
            yield from _called(unwrapped(task), f"{path}/{own}", seen)
        elif name in names:
            yield from _called(value, path, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
