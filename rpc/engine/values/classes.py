"""What classes are called, whatever their metaclass does when asked for it."""

from typing import Any

# Python's own, below what a metaclass puts in their place.
_OWN = type.__dict__


def name_of(kind: type[Any]) -> str:
    """`Lock`."""
    return str(_OWN["__name__"].__get__(kind))


def qualified(kind: type[Any]) -> tuple[str, str]:
    """Its module, and its name there: `threading`, `Outer.Inner`."""
    return str(_OWN["__module__"].__get__(kind)), str(_OWN["__qualname__"].__get__(kind))
