"""Whether a node that stops with a question has one."""

from collections.abc import Sequence
from typing import Any

from langgraph.errors import GraphInterrupt
from langgraph.types import Interrupt

from rpc.engine.values.classes import name_of
from rpc.engine.values.errors import traceback_of

_INSIDE = ("langgraph.", "rpc.")
"""Modules that raise it for a graph that stops without a question."""


class NothingAskedError(TypeError):
    """A node raised `GraphInterrupt` itself, and with no question: nobody could answer it."""

    def __init__(self, given: Any) -> None:
        what = "without a question" if _is_empty(given) else f"with {name_of(type(given))!r}"
        super().__init__(f"GraphInterrupt was raised {what}: call `interrupt(value)` to ask")


def nothing_asked(error: BaseException) -> NothingAskedError | None:
    """The error to be told in place of `error`, where that is a question that is none; None for all others."""
    if not isinstance(error, GraphInterrupt):
        return None
    given = error.args[0] if error.args else ()
    if _is_empty(given):
        asked = not _raised_by_hand(error)
    else:
        asked = isinstance(given, Sequence) and all(isinstance(one, Interrupt) for one in given)
    return None if asked else NothingAskedError(given).with_traceback(traceback_of(error))


def _is_empty(given: Any) -> bool:
    return given is None or (isinstance(given, Sequence) and not given)


def _raised_by_hand(error: BaseException) -> bool:
    at = traceback_of(error)
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    module = "" if at is None else str(at.tb_frame.f_globals.get("__name__", ""))
    return not module.startswith(_INSIDE)
