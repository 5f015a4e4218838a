"""Load the graphs a server is given: by name, as an object, or from a factory."""

import ast
import inspect
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from langchain_core.runnables import Runnable
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import StateGraph
from langgraph.pregel import Pregel

from rpc.engine.checkpoints.binding import Graph, bound
from rpc.engine.graphs.load_errors import GraphLoadError, failure, shown
from rpc.engine.graphs.modules import import_file, import_module
from rpc.engine.graphs.source_lines import lines_of, node_function, own_docstring
from rpc.suggest import did_you_mean

__all__ = ["GraphLoadError", "LoadedGraph", "import_target", "open_graph"]

MAX_UNWRAPS = 4
"""A coroutine that gives a context manager that gives a builder, and one to spare."""


@dataclass(frozen=True, eq=False)
class LoadedGraph:
    """A graph ready to run, under the name it is served by."""

    # The name queries and `graph.describe` use.
    name: str
    # Compiled, with the server's checkpointer.
    graph: Pregel[Any, Any, Any, Any]
    # The target it was loaded from, or "object".
    source: str
    # The first paragraph of its docstring, on one line, or ''.
    description: str


def import_target(target: str) -> object:
    """What `path/to/file.py:name` or `package.module:name` names.

    `name` may be dotted, and may be left out where the module has exactly one graph. Relative paths
    are from the current folder. Importing runs the module's code.

    Raises `GraphLoadError` where it cannot be imported, has no such name, or the name is neither a
    graph nor a factory of one.
    """
    return _import(target)[0]


async def open_graph(
    name: str,
    target: str | object,
    saver: Callable[[Graph], BaseCheckpointSaver[Any]],
    stack: AsyncExitStack,
) -> LoadedGraph:
    """The graph of `target`, with what `saver` makes for it in place of its own checkpointer.

    `target`: a text as for `import_target`, or an object: a compiled graph, a `StateGraph` builder,
    or a factory of one, which takes nothing or one `RunnableConfig` (an empty one is given) and may be a
    coroutine function or a context manager; that is entered on `stack`.

    The graph's store, cache, config and subgraphs are its own.

    Raises `GraphLoadError` where there is no graph, or making it fails.
    """
    if isinstance(target, str):
        value, module = _import(target)
        source = target
    else:
        value, module = target, None
        source = "object"
    described = source if isinstance(target, str) else f"graph {name!r}"
    try:
        graph = await _make(value, stack)
    except GraphLoadError as error:
        raise GraphLoadError(f"cannot load {described}\n  {error}") from None
    except Exception as error:
        raise failure(described, error) from error
    return LoadedGraph(name, bound(graph, saver(graph)), source, _description(value, module))


async def _make(value: object, stack: AsyncExitStack) -> Pregel[Any, Any, Any, Any]:
    """The compiled graph that `value` is, or makes."""
    made = _call(value) if _is_factory(value) else value
    for _ in range(MAX_UNWRAPS):
        if isinstance(made, Pregel):
            return made
        if isinstance(made, StateGraph):
            made = made.compile()
        elif inspect.isawaitable(made):
            made = await made
        elif isinstance(made, AbstractAsyncContextManager):
            made = await stack.enter_async_context(made)
        elif isinstance(made, AbstractContextManager):
            made = stack.enter_context(made)
        else:
            break
    if not _is_factory(value):
        raise GraphLoadError(_not_a_graph("it", made))
    where = _where(value)
    place = f"{where}: " if where else ""
    called = getattr(value, "__name__", type(value).__name__)
    raise GraphLoadError(f"{place}{called}() gave {_kind(made)}, not a graph{_hint(made)}")


def _call(factory: Any) -> object:
    """What the factory returns, given nothing or an empty `RunnableConfig`."""
    required = [
        parameter
        for parameter in inspect.signature(factory).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if not required:
        return factory()
    if len(required) > 1:
        names = ", ".join(parameter.name for parameter in required)
        where = _where(factory)
        raise GraphLoadError(
            f"{f'{where}: ' if where else ''}a factory takes nothing or one RunnableConfig,"
            f" this one needs {names}"
        )
    if required[0].kind is required[0].KEYWORD_ONLY:
        return factory(**{required[0].name: {}})
    return factory({})


def _import(target: str) -> tuple[object, ModuleType]:
    left, colon, right = target.rpartition(":")
    if not colon or not _is_dotted(right):
        # No name; a colon is then a Windows drive's.
        left, right = target, ""
    if not left:
        raise GraphLoadError(f"cannot load {target!r}\n  expected path/to/file.py:name")
    is_file = left.endswith(".py") or "/" in left or "\\" in left or Path(left).is_file()
    if not is_file and not _is_dotted(left):
        raise GraphLoadError(
            f"cannot load {target!r}\n  expected path/to/file.py:name or package.module:name"
        )
    module = import_file(Path(left), target) if is_file else import_module(left, target)
    try:
        name = right or _only_graph(module)
        value = _attribute(module, name)
        if not (_is_graph(value) or _is_factory(value) or _is_manager(value)):
            line = _line_of(module, name)
            place = f"{_file(module)}:{line}: " if line else f"{_file(module)}: "
            raise GraphLoadError(place + _not_a_graph(repr(name), value))
    except GraphLoadError as error:
        raise GraphLoadError(f"cannot load {target}\n  {error}") from None
    return value, module


def _only_graph(module: ModuleType) -> str:
    """The name of the module's one graph; a builder counts where nothing is compiled."""
    graphs = _graphs(module)
    compiled = [name for name in graphs if isinstance(getattr(module, name), Pregel)]
    candidates = compiled or graphs
    distinct = {id(getattr(module, name)): name for name in reversed(candidates)}
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    if distinct:
        raise GraphLoadError(
            f"{_file(module)} has {len(distinct)} graphs: {', '.join(candidates)};"
            f" name one, such as :{candidates[0]}"
        )
    made = [name for name, value in vars(module).items() if _is_own_function(module, name, value)]
    functions = f" (if one of {', '.join(made)} makes it, name that)" if made else ""
    raise GraphLoadError(f"{_file(module)} has no graph{functions}")


def _attribute(module: ModuleType, name: str) -> object:
    value: object = module
    for part in name.split("."):
        if not hasattr(value, part):
            public = [item for item in dir(value) if not item.startswith("_")]
            graphs = ", ".join(_graphs(module))
            raise GraphLoadError(
                f"{_file(module)} has no {name!r}; {did_you_mean(part, public)}"
                + (f"graphs in it: {graphs}" if graphs else "it has no graph")
            )
        value = getattr(value, part)
    return value


def _graphs(module: ModuleType) -> list[str]:
    """The public names of compiled graphs and builders, in the order they are written."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and _is_graph(value)
    ]


def _is_graph(value: object) -> bool:
    return isinstance(value, Pregel | StateGraph)


def _is_factory(value: object) -> bool:
    return callable(value) and not isinstance(value, type | Runnable | StateGraph)


def _is_manager(value: object) -> bool:
    return isinstance(value, AbstractAsyncContextManager | AbstractContextManager)


def _is_own_function(module: ModuleType, name: str, value: object) -> bool:
    return (
        inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    )


def _is_dotted(text: str) -> bool:
    return bool(text) and all(part.isidentifier() for part in text.split("."))


def _not_a_graph(what: str, value: object) -> str:
    return f"{what} is {_kind(value)}, not a graph{_hint(value)}"


def _kind(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return f"a value of type {type(value).__name__}"


def _hint(value: object) -> str:
    if inspect.isasyncgen(value):
        return "; decorate the factory with contextlib.asynccontextmanager"
    if inspect.isgenerator(value):
        return "; decorate the factory with contextlib.contextmanager"
    if isinstance(getattr(value, "bound", None), Pregel):
        return "; give the graph it wraps"
    return ""


def _where(value: object) -> str:
    """`file:line` of a function, or ''."""
    lines = lines_of(value)
    return f"{shown(lines.file)}:{lines.first_line}" if lines else ""


def _file(module: ModuleType) -> str:
    return shown(module.__file__) if module.__file__ else module.__name__


def _line_of(module: ModuleType, name: str) -> int | None:
    """The last line at the module's top level that binds the name, 1-based."""
    try:
        tree = ast.parse(Path(module.__file__ or "").read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    found = None
    for statement in tree.body:
        names: set[str] = set()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = {statement.name}
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names = {(item.asname or item.name).partition(".")[0] for item in statement.names}
        else:
            names = {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
        if name.partition(".")[0] in names:
            found = statement.lineno
    return found


def _description(value: object, module: ModuleType | None) -> str:
    """The first paragraph of the factory's, the entry point's, or the module's docstring."""
    text = ""
    if _is_factory(value):
        text = own_docstring(value)
    elif isinstance(value, Pregel) and len(value.nodes) == 1:
        # The functional API: the graph is one function.
        text = own_docstring(node_function(next(iter(value.nodes.values())).bound))
    text = text or inspect.cleandoc((module.__doc__ if module else None) or "")
    return " ".join(re.split(r"\n\s*\n", text, maxsplit=1)[0].split())
