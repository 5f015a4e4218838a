"""Load the graphs a server is given: by name, as an object, or from a factory."""

import ast
import inspect
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import StateGraph
from langgraph.pregel import Pregel
from langgraph.store.base import BaseStore

from rpc.clock import own_ms
from rpc.engine.checkpoints.binding import Graph, bound, remembering
from rpc.engine.graphs import factories
from rpc.engine.graphs.factories import depends_on_run, is_factory, not_a_graph
from rpc.engine.graphs.inputs import RunConfig
from rpc.engine.graphs.load_errors import GraphLoadError, failure, shown
from rpc.engine.graphs.modules import import_file, import_module
from rpc.engine.graphs.source_lines import node_function, own_docstring
from rpc.engine.graphs.targets import is_dotted, is_file, split
from rpc.engine.langgraph.exits import Ordinary
from rpc.engine.langgraph.memory_store import Advance, advanced, memory_of
from rpc.engine.langgraph.owned_cache import run_of
from rpc.engine.thread.config import thread_config
from rpc.storage.records import LOCAL_OWNER, Caller
from rpc.suggest import did_you_mean

__all__ = ["FactoryFailed", "GraphLoadError", "LoadedGraph", "import_target", "open_graph"]

logger = logging.getLogger("stepwire.engine")

SaverFor = Callable[[Graph], BaseCheckpointSaver[Any]]
"""Makes the checkpointer of a graph."""


class FactoryFailed(Exception):
    """A factory that is called for each run could not make this one's graph; `cause` is what it raised."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


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
    # Makes it anew, of a run's config, context and owner; None where one graph serves all runs.
    remake: Callable[[RunnableConfig, Any, str, AsyncExitStack], Awaitable[Graph]] | None = None
    # When its code began to be imported; milliseconds since 1970.
    loaded_at: int = 0

    @asynccontextmanager
    async def for_run(
        self,
        session_id: str,
        run_id: str,
        config: RunConfig,
        owner: str,
        caller: Caller | None,
        advance: Advance | None = None,
    ) -> AsyncIterator[Pregel[Any, Any, Any, Any]]:
        """The graph of one advance of an owner's run, with their memory and, from here on, their caches; a factory that asks for the run's config is called for it.

        Raises `FactoryFailed` where that fails. What the factory does on leaving is not the run's: where it
        raises, that is logged.
        """
        run_of(None if owner == LOCAL_OWNER else owner)
        if advance is not None:
            advanced(advance)
        if self.remake is None:
            yield remembering(self.graph, owner)
            return
        thread = thread_config(session_id, run_id, config, caller=caller)
        stack = AsyncExitStack()
        try:
            with Ordinary():
                graph = await self.remake(thread, config.context, owner, stack)
        except Exception as error:
            await self._left(stack)
            raise FactoryFailed(error) from error
        try:
            yield graph
        finally:
            await self._left(stack)

    async def _left(self, stack: AsyncExitStack) -> None:
        try:
            with Ordinary():
                await stack.aclose()
        except Exception:
            logger.exception("graph %r: its factory failed on leaving", self.name)


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
    saver: SaverFor,
    stack: AsyncExitStack,
    store: BaseStore | None = None,
) -> LoadedGraph:
    """The graph of `target`, with what `saver` makes for it in place of its own checkpointer.

    `target`: a text as for `import_target`, or an object: a compiled graph, a `StateGraph` builder,
    or a factory of one, which may be a coroutine function or a context manager; that is entered on `stack`.
    A factory that takes a `RunnableConfig` or a `ServerRuntime` is called here without a run, for the graph
    that is drawn and looked at, and again for each run.

    The graph's cache, config and subgraphs are its own, and its store where it has one; else it gets `store`.

    Raises `GraphLoadError` where there is no graph, or making it fails.
    """
    # Compared with the times of files.
    loaded_at = own_ms()
    if isinstance(target, str):
        value, module = _import(target)
        source = target
    else:
        value, module = target, None
        source = "object"
    described = source if isinstance(target, str) else f"graph {name!r}"
    try:
        with Ordinary():
            graph = await factories.make(value, factories.for_reading(store), stack)
        per_run = depends_on_run(value)
    except GraphLoadError as error:
        raise GraphLoadError(f"cannot load {described}\n  {error}") from None
    except Exception as error:
        raise failure(described, error) from error

    async def remake(
        config: RunnableConfig, context: Any, owner: str, stack: AsyncExitStack
    ) -> Graph:
        memory = memory_of(store, owner)
        made = await factories.make(value, factories.for_run(memory, config, context), stack)
        return remembering(bound(made, saver(made), memory), owner)

    return LoadedGraph(
        name,
        bound(graph, saver(graph), store),
        source,
        _description(value, module),
        remake if per_run else None,
        loaded_at,
    )


def import_object(target: str) -> object:
    """What a target names, whatever it is; its name must be given. Raises `GraphLoadError`."""
    left, _, name = target.rpartition(":")
    module = _module(left, target)
    try:
        return _attribute(module, name)
    except GraphLoadError as error:
        raise GraphLoadError(f"cannot load {target}\n  {error}") from None


def _module(left: str, target: str) -> ModuleType:
    if is_file(left):
        return import_file(Path(left), target)
    if not is_dotted(left):
        raise GraphLoadError(
            f"cannot load {target!r}\n  expected path/to/file.py:name or package.module:name"
        )
    return import_module(left, target)


def _import(target: str) -> tuple[object, ModuleType]:
    left, right = split(target)
    if not left:
        raise GraphLoadError(f"cannot load {target!r}\n  expected path/to/file.py:name")
    module = _module(left, target)
    try:
        name = right or _only_graph(module)
        value = _attribute(module, name)
        if not (_is_graph(value) or is_factory(value) or _is_manager(value)):
            line = _line_of(module, name)
            place = f"{_file(module)}:{line}: " if line else f"{_file(module)}: "
            raise GraphLoadError(place + not_a_graph(repr(name), value))
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


def _is_manager(value: object) -> bool:
    return isinstance(value, AbstractAsyncContextManager | AbstractContextManager)


def _is_own_function(module: ModuleType, name: str, value: object) -> bool:
    return (
        inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    )


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
    if is_factory(value):
        text = own_docstring(value)
    elif isinstance(value, Pregel) and len(value.nodes) == 1:
        # The functional API: the graph is one function.
        text = own_docstring(node_function(next(iter(value.nodes.values())).bound))
    text = text or inspect.cleandoc((module.__doc__ if module else None) or "")
    return " ".join(re.split(r"\n\s*\n", text, maxsplit=1)[0].split())
