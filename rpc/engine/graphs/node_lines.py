"""Which nodes a line of source is of, and where a node is written: for breakpoints by file and line."""

import functools
import inspect
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from langchain_core.runnables import Runnable, RunnableParallel, RunnableSequence
from langchain_core.runnables.base import RunnableBindingBase, RunnableLambda
from langgraph.constants import END, START
from langgraph.pregel import Pregel
from langgraph.pregel.protocol import PregelProtocol

from rpc.engine.graphs.called_tasks import called_tasks
from rpc.engine.graphs.loading import LoadedGraph
from rpc.engine.graphs.source_lines import (
    Lines,
    lines_of,
    node_function,
    shown_file,
    tools_of,
    unwrapped,
)
from rpc.engine.langgraph.bodies import RunnableCallable, RunnableSeq, inner_graph
from rpc.suggest import did_you_mean

NEAREST = 3
"""How many nodes an error names."""


class WrittenNode(NamedTuple):
    """A node, or a function that a node calls as a task, with the lines it is written in."""

    path: str
    # The last part of the path, which may have a slash in it.
    name: str
    # Of the functions it runs, its own one first: a chain's steps, a ToolNode's tools, both of a sync and async pair,
    # and what those close over, as a decorator without `functools.wraps` does.
    functions: tuple[Lines, ...]
    # Whether it is written in one place: a ToolNode of several tools is not.
    is_whole: bool
    # Whether it is a function that a node calls as a task.
    is_task: bool = False


_written: WeakKeyDictionary[LoadedGraph, tuple[WrittenNode, ...]] = WeakKeyDictionary()


def nodes_at(
    loaded: LoadedGraph, file: str, line: int, root: Path
) -> tuple[list[WrittenNode], tuple[str, int]]:
    """The nodes whose function has this line: one, or all that share the innermost function there.

    Beside them, where that function begins: its file, as it is shown, and its first line. `file`: absolute, relative to `root`, or as `shown_file` shows it. Raises `LookupError`, saying what would be right.
    """
    nodes = _nodes(loaded)
    files = {lines.file for one in nodes for lines in one.functions}
    here = {each for each in files if _is(each, file, root)}
    if not here:
        shown = sorted({shown_file(each, root) for each in files})
        raise LookupError(
            f"no node of graph {loaded.name!r} is written in {file!r}; {did_you_mean(file, shown)}"
            f"its nodes are in {', '.join(shown) or 'no file'}"
        )
    found = [
        (lines, one)
        for one in nodes
        for lines in one.functions
        if lines.file in here and lines.first_line <= line <= lines.last_line
    ]
    if found:
        inner = min((lines for lines, _ in found), key=_length)
        shared = [one for lines, one in found if _length(lines) == _length(inner)]
        return shared, (shown_file(inner.file, root), inner.first_line)
    raise LookupError(
        f"line {line} of {file!r} is in no node's function; {_nearest(nodes, here, line, root)}"
    )


def place_of(loaded: LoadedGraph, name: str, root: Path) -> tuple[str, int] | None:
    """The file, as it is shown, and the first line of a node, by name or path; None where there is no one place."""
    places = {one.functions[0][:2] if one.is_whole else None for one in nodes_named(loaded, name)}
    found = places.pop() if len(places) == 1 else None
    return None if found is None else (shown_file(found[0], root), found[1])


def written(loaded: LoadedGraph) -> tuple[WrittenNode, ...]:
    """All nodes at all depths, and the functions that they call as tasks, each behind the node that holds or calls it."""
    return _nodes(loaded)


def nodes_named(loaded: LoadedGraph, name: str) -> list[WrittenNode]:
    """The nodes of that path or, at any depth, of that name."""
    return [one for one in _nodes(loaded) if name in (one.path, one.name)]


def _nodes(loaded: LoadedGraph) -> tuple[WrittenNode, ...]:
    if loaded not in _written:
        _written[loaded] = tuple(_walk(loaded.graph, ""))
    return _written[loaded]


def _walk(graph: Pregel[Any, Any, Any, Any], prefix: str) -> Iterator[WrittenNode]:
    for name, node in graph.nodes.items():
        if name in (START, END):
            continue
        path = prefix + name
        own = list(functions_of(node.bound))
        tools = tools_of(node.bound) or []
        yield _written_node(path, name, own, is_whole=len(tools) <= 1)
        for function in own:
            for task in called_tasks(function, path):
                found = _written_node(task.path, task.name, [task.function], is_whole=True)
                yield found._replace(is_task=True)
        inner = inner_graph(node)
        if isinstance(inner, Pregel):
            yield from _walk(inner, f"{path}/")


def _written_node(
    path: str, name: str, functions: Sequence[object], *, is_whole: bool
) -> WrittenNode:
    enclosed = [each for function in functions for each in _enclosed(function, set())]
    found = _lines([*functions, *enclosed])
    return WrittenNode(path, name, found, is_whole and bool(_lines(functions)))


def _lines(functions: Sequence[object]) -> tuple[Lines, ...]:
    found = (lines_of(function) for function in functions)
    return tuple(dict.fromkeys(lines for lines in found if lines is not None))


def functions_of(bound: object) -> Iterator[object]:
    """All that a node runs of what its author wrote. `bound`: the Runnable that LangGraph made of what was given."""
    tools = getattr(bound, "tools_by_name", None)
    if isinstance(tools, Mapping):
        for tool in tools.values():
            given = [getattr(tool, name, None) for name in ("func", "coroutine")]
            # A tool that is a class of its own has its function as a method.
            yield from filter(callable, given if any(given) else (tool._run, tool._arun))
    elif isinstance(bound, PregelProtocol):
        return
    elif isinstance(bound, RunnableCallable | RunnableLambda):
        for name in ("func", "afunc"):
            if (each := getattr(bound, name, None)) is not None:
                yield each
    elif isinstance(bound, RunnableBindingBase):
        yield from functions_of(bound.bound)
    elif isinstance(bound, RunnableSeq | RunnableSequence):
        for step in bound.steps:
            yield from functions_of(step)
    elif isinstance(bound, RunnableParallel):
        for step in bound.steps__.values():
            yield from functions_of(step)
    elif isinstance(bound, Runnable) and (function := node_function(bound)) is not None:
        yield function


def _enclosed(value: object, seen: set[int]) -> Iterator[object]:
    function = unwrapped(value)
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    for inner in inspect.getclosurevars(function).nonlocals.values():
        if isinstance(inner, FunctionType | MethodType | functools.partial):
            yield inner
            yield from _enclosed(inner, seen)


def _is(file: str, given: str, root: Path) -> bool:
    """Whether a source file is the given one."""
    if shown_file(file, root) == os.path.normpath(given).replace(os.sep, "/"):
        return True
    if "\0" in given:
        return False
    asked = root / given
    return Path(os.path.normpath(asked)) == Path(file) or asked.resolve() == Path(file).resolve()


def _nearest(nodes: Sequence[WrittenNode], files: set[str], line: int, root: Path) -> str:
    places = {
        (_distance(lines, line), lines, one.path)
        for one in nodes
        for lines in one.functions
        if lines.file in files
    }
    named = [
        f"{path} ({shown_file(lines.file, root)}:{lines.first_line}-{lines.last_line})"
        for _, lines, path in sorted(places)[:NEAREST]
    ]
    return f"the nearest are {', '.join(named)}" if named else "none is near"


def _length(lines: Lines) -> int:
    return lines.last_line - lines.first_line


def _distance(lines: Lines, line: int) -> int:
    return max(lines.first_line - line, line - lines.last_line, 0)
