"""Factories: what a function that makes a graph is given, and what it may give back."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from typing import Any, get_args, get_type_hints

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.graph import StateGraph
from langgraph.pregel import Pregel
from langgraph.store.base import BaseStore
from msgspec import Struct

from rpc.engine.graphs.load_errors import GraphLoadError, shown
from rpc.engine.graphs.source_lines import lines_of
from rpc.engine.langgraph import server_runtime
from rpc.engine.langgraph.user import USER

MAX_UNWRAPS = 4
"""A coroutine that gives a context manager that gives a builder, and one to spare."""

CONFIG_NAMES = ("config", "configuration")
"""A parameter of such a name that has no type and need not be given is a config."""


class Given(Struct, frozen=True):
    """What a factory may ask for."""

    config: RunnableConfig
    # LangGraph's `ServerRuntime`, made when it is asked for.
    runtime: Callable[[], Any]


def for_reading(store: BaseStore | None) -> Given:
    """Of a graph that is drawn and looked at: there is no run."""
    return Given({"configurable": {}}, lambda: server_runtime.for_reading(store))


def for_run(store: BaseStore | None, config: RunnableConfig, context: Any) -> Given:
    """Of one run, with its config and its context."""
    user = config.get("configurable", {}).get(USER)
    return Given(config, lambda: server_runtime.for_run(store, context, user))


def is_factory(value: object) -> bool:
    """Whether it is to be called for its graph."""
    return callable(value) and not isinstance(value, type | Runnable | StateGraph)


def depends_on_run(value: object) -> bool:
    """Whether it is a factory that asks for a run's config or runtime: it is called for each run."""
    return is_factory(value) and bool(_asked(value))


async def make(value: Any, given: Given, stack: AsyncExitStack) -> Pregel[Any, Any, Any, Any]:
    """The compiled graph that `value` is, or makes of what it is `given`.

    Context managers are entered on `stack`. Raises `GraphLoadError`, and whatever a factory raises.
    """
    made = _call(value, given) if is_factory(value) else value
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
    if not is_factory(value):
        raise GraphLoadError(not_a_graph("it", made))
    called = getattr(value, "__name__", type(value).__name__)
    raise GraphLoadError(f"{_where(value)}{called}() gave {_kind(made)}, not a graph{_hint(made)}")


def not_a_graph(what: str, value: object) -> str:
    """That a value is none, and what would help."""
    return f"{what} is {_kind(value)}, not a graph{_hint(value)}"


def _call(factory: Any, given: Given) -> object:
    args: list[Any] = []
    keywords: dict[str, Any] = {}
    for parameter, kind in _asked(factory).values():
        value = given.config if kind == "config" else given.runtime()
        if parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(value)
        else:
            keywords[parameter.name] = value
    return factory(*args, **keywords)


def _asked(factory: Any) -> Mapping[str, tuple[inspect.Parameter, str]]:
    """Its parameters that are given something, each with whether that is the `config` or the `runtime`.

    Raises `GraphLoadError` where it needs what nobody has.
    """
    hints = _hints(factory)
    asked: dict[str, tuple[inspect.Parameter, str]] = {}
    untyped: list[inspect.Parameter] = []
    for parameter in inspect.signature(factory).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        hint = hints.get(parameter.name, parameter.annotation)
        if server_runtime.is_server_runtime(hint):
            asked[parameter.name] = parameter, "runtime"
        elif hint is RunnableConfig or RunnableConfig in get_args(hint):
            asked[parameter.name] = parameter, "config"
        elif parameter.default is parameter.empty or (
            hint is parameter.empty and parameter.name in CONFIG_NAMES
        ):
            untyped.append(parameter)
    if len(untyped) == 1 and not any(kind == "config" for _, kind in asked.values()):
        asked[untyped[0].name] = untyped[0], "config"
    elif needed := [one.name for one in untyped if one.default is one.empty]:
        raise GraphLoadError(
            f"{_where(factory)}a factory takes nothing, a RunnableConfig, a ServerRuntime or both;"
            f" this one needs {', '.join(needed)}"
        )
    return asked


def _hints(factory: Any) -> dict[str, Any]:
    function = factory if inspect.isroutine(factory) else getattr(factory, "__call__", factory)  # noqa: B004
    try:
        return get_type_hints(inspect.unwrap(function))
    except (NameError, TypeError, AttributeError):
        # Names that exist for type checkers only: parameters are then known by their order.
        return {}


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
    """`file:line: ` of a function, or ''."""
    lines = lines_of(value)
    return f"{shown(lines.file)}:{lines.first_line}: " if lines else ""
