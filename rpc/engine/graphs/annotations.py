"""Annotations that are texts (`from __future__ import annotations`): Python reads them in the module of their class's name.

A module that was set aside, since another has its name, would have them read in that other one: so they are read while it is there.
"""

import inspect
from types import ModuleType
from typing import Any, ForwardRef, get_type_hints


def read_all(module: ModuleType) -> None:
    """Put types in place of the texts in the annotations of a module's classes, which `sys.modules` has by its name now."""
    for one in list(vars(module).values()):
        if isinstance(one, type) and one.__module__ == module.__name__:
            _read(one)


def _read(owner: Any) -> None:
    own = inspect.get_annotations(owner)
    if not any(_is_text(value) for value in own.values()):
        return
    try:
        hints = get_type_hints(owner, include_extras=True)
        if not getattr(owner, "__pydantic_complete__", True):
            owner.model_rebuild(raise_errors=False)
    except Exception:
        # A border: texts are the user's code. Whoever needs them is told what is wrong with them.
        return
    owner.__annotations__ = {name: hints.get(name, value) for name, value in own.items()}


def _is_text(value: Any) -> bool:
    """Whether there is one in it."""
    return isinstance(value, str | ForwardRef) or any(map(_is_text, getattr(value, "__args__", ())))
