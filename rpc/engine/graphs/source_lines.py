"""Where a node's function is written, and what its docstring says."""

import ast
import functools
import inspect
import linecache
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any, NamedTuple

from langchain_core.runnables import Runnable, RunnableLambda, RunnableSequence
from langchain_core.runnables.base import RunnableBindingBase
from langgraph.pregel.protocol import PregelProtocol

from rpc.engine.langgraph.bodies import RunnableCallable, RunnableSeq

_LIBRARIES = ("langchain_core.", "langgraph.")


class Lines(NamedTuple):
    """A range of lines of a file."""

    # As Python knows it, absolute.
    file: str
    # 1-based, decorators included.
    first_line: int
    # 1-based, inclusive.
    last_line: int


def node_function(bound: object) -> object | None:
    """What the user wrote for a node: a function or another callable; None where nothing of it shows.

    `bound`: the Runnable that LangGraph made of what was given to `add_node`.
    """
    if isinstance(bound, PregelProtocol) or tools_of(bound) is not None:
        return None
    if isinstance(bound, RunnableCallable):
        return bound.func or bound.afunc
    if isinstance(bound, RunnableLambda):
        return getattr(bound, "func", None) or getattr(bound, "afunc", None)
    if isinstance(bound, RunnableBindingBase):
        return node_function(bound.bound)
    if isinstance(bound, RunnableSeq | RunnableSequence):
        found = (node_function(step) for step in bound.steps)
        return next((function for function in found if function is not None), None)
    if isinstance(bound, Runnable) and not type(bound).__module__.startswith(_LIBRARIES):
        return bound
    return None


def is_async(bound: object) -> bool:
    """Whether the node is a coroutine function, so that it takes no thread."""
    if isinstance(bound, RunnableCallable | RunnableLambda):
        return getattr(bound, "func", None) is None
    if isinstance(bound, RunnableBindingBase):
        return is_async(bound.bound)
    if isinstance(bound, RunnableSeq | RunnableSequence):
        return any(is_async(step) for step in bound.steps)
    if isinstance(bound, PregelProtocol):
        return False
    return inspect.iscoroutinefunction(unwrapped(node_function(bound)))


def tools_of(bound: object) -> list[str] | None:
    """The names of the tools a LangGraph `ToolNode` runs; None for anything else."""
    tools = getattr(bound, "tools_by_name", None)
    return list(tools) if isinstance(tools, Mapping) else None


def unwrapped(value: object) -> object:
    """The plain function inside partials, bound methods, decorators and callable objects.

    A decorator is seen through where it used `functools.wraps`. What is no function comes back as is.
    """
    seen: set[int] = set()
    while id(value) not in seen:
        seen.add(id(value))
        if callable(wrapped := inspect.getattr_static(value, "__wrapped__", None)):
            value = wrapped
        elif isinstance(value, functools.partial | functools.partialmethod):
            value = value.func
        elif isinstance(value, MethodType):
            value = value.__func__
        elif isinstance(value, FunctionType | type):
            break
        elif method := _written_call(type(value)):
            value = method
    return value


def own_docstring(value: object) -> str:
    """The docstring its author wrote, cleaned; '' rather than one inherited from a library."""
    for candidate in _documented(value):
        text = getattr(candidate, "__doc__", None)
        if isinstance(text, str) and text.strip():
            return inspect.cleandoc(text)
    return ""


def lines_of(value: object) -> Lines | None:
    """The lines of a callable's function; None where Python cannot tell (builtins, typed-in code)."""
    function = unwrapped(value)
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or code.co_filename.startswith("<"):
        return None
    file = str(Path(code.co_filename).absolute())
    last = _written_ends(file).get((code.co_firstlineno, code.co_name)) or _last_line(code)
    return Lines(file, code.co_firstlineno, max(last, code.co_firstlineno))


def shown_file(file: str, root: Path) -> str:
    """A source file as clients see it, with `/`: relative to `root` where inside.

    Elsewhere only what a module's name would tell: the path from the entry of `sys.path` that it
    was imported from, such as `langchain/agents/factory.py`; else its folder and name. The server's
    directories do not show.
    """
    path = Path(file)
    for base in (root, root.resolve()):
        for candidate in (path, path.resolve()):
            if candidate.is_relative_to(base):
                return candidate.relative_to(base).as_posix()
    entries = [Path(entry).absolute() for entry in sys.path if entry]
    holding = [entry for entry in entries if path.is_relative_to(entry) and entry.parent != entry]
    if holding:
        return path.relative_to(max(holding, key=lambda entry: len(entry.parts))).as_posix()
    return Path(path.parent.name, path.name).as_posix()


def _documented(value: object) -> Iterator[object]:
    """Where a docstring of the author's may stand, the most specific place first."""
    while isinstance(value, functools.partial | functools.partialmethod):
        value = value.func
    function = unwrapped(value)
    if inspect.isroutine(function) or isinstance(function, type):
        yield function
    kind = type(value)
    if inspect.isroutine(value) or isinstance(value, type) or kind.__module__ == "builtins":
        return
    # A callable object: the class's docstring, unless a library or `@dataclass` wrote it.
    text = kind.__doc__ or ""
    if not kind.__module__.startswith(_LIBRARIES) and not text.startswith(f"{kind.__name__}("):
        yield kind


def _written_call(kind: type[Any]) -> object | None:
    """The method that runs such an object: `__call__`, or a Runnable's own `ainvoke` or `invoke`."""
    names = ("ainvoke", "invoke") if issubclass(kind, Runnable) else ("__call__",)
    for base in kind.__mro__:
        if base.__module__.startswith(_LIBRARIES) or base is object:
            continue
        for name in names:
            if isinstance(base.__dict__.get(name), FunctionType):
                found: object = base.__dict__[name]
                return found
    return None


@functools.lru_cache(maxsize=256)
def _written_ends(file: str) -> dict[tuple[int, str], int]:
    """Last lines of a file's functions by first line and name; empty where it cannot be parsed."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError):
        return {}
    ends: dict[tuple[int, str], int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            ends[first, node.name] = node.end_lineno or node.lineno
        elif isinstance(node, ast.Lambda):
            # Of several lambdas on one line the longest: code objects do not tell them apart here.
            key = (node.lineno, "<lambda>")
            ends[key] = max(ends.get(key, 0), node.end_lineno or node.lineno)
    return ends


def forget() -> None:
    """Read the files again when they are asked for next."""
    _written_ends.cache_clear()


def _last_line(code: CodeType) -> int:
    """The last line that any instruction of the code, or of code inside it, comes from."""
    lines = [code.co_firstlineno]
    lines += [end for _, end, _, _ in code.co_positions() if end is not None]
    lines += [_last_line(item) for item in code.co_consts if isinstance(item, CodeType)]
    return max(lines)
