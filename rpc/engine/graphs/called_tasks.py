"""The `@task` functions that a graph's functions call, as far as their code shows: they are no nodes of it."""

import inspect
from collections.abc import Iterator
from types import CodeType
from typing import Any

from langgraph.pregel import Pregel

from rpc.engine.graphs.source_lines import node_function, unwrapped
from rpc.engine.langgraph.bodies import task_function


def task_paths(graph: Pregel[Any, Any, Any, Any], prefix: str = "") -> Iterator[str]:
    """The paths of the tasks, each below the function that calls it: `flow/search`."""
    for name, node in graph.nodes.items():
        if isinstance(node.bound, Pregel):
            yield from task_paths(node.bound, f"{prefix}{name}/")
        else:
            yield from _called(unwrapped(node_function(node.bound)), f"{prefix}{name}", set())


def _called(function: Any, path: str, seen: set[int]) -> Iterator[str]:
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or id(function) in seen:
        return
    seen = {*seen, id(function)}
    names = set(_names(code))
    found = inspect.getclosurevars(function)
    for name, value in {**found.globals, **found.nonlocals}.items():
        if (task := task_function(value)) is not None:
            own = f"{path}/{getattr(value, '__name__', name)}"
            yield own
            yield from _called(unwrapped(task), own, seen)
        elif name in names:
            yield from _called(value, path, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
