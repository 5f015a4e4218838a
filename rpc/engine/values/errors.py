"""What is known of an exception, whatever its class does when asked: it is the graph's, and may raise anything."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, cast

from rpc.engine.values.classes import name_of
from rpc.engine.values.to_json import to_json

# Python's own, below what a class puts in their place.
_OWN = BaseException.__dict__


def error_text(error: BaseException) -> str:
    """What `str` gives, or what went wrong with that."""
    try:
        return str(to_json(str(error)))
    except BaseException as broken:
        return f"(its text cannot be read: `__str__` raised {name_of(type(broken))})"


def error_type(error: BaseException) -> str:
    """The name of its class."""
    return name_of(type(error))


def traceback_of(error: BaseException) -> TracebackType | None:
    """Where it was raised."""
    return cast("TracebackType | None", _OWN["__traceback__"].__get__(error))


def causes(error: BaseException) -> Iterator[BaseException]:
    """It, what it was raised from or while handling, and so on, each once: causes may go in a ring."""
    seen: dict[int, Any] = {}
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen[id(cause)] = cause
        yield cause
        cause = _OWN["__cause__"].__get__(cause) or _OWN["__context__"].__get__(cause)
