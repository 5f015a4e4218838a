"""What classes are called, whatever their metaclass does when asked for it."""

from typing import Any

# Python's own, below what a metaclass puts in their place.
_OWN = type.__dict__


def name_of(kind: type[Any]) -> str:
    """`Lock`."""
    return str(_OWN["__name__"].__get__(kind))


def qualname_of(kind: type[Any]) -> str:
    """Its name in its module: `Outer.Inner`."""
    return str(_OWN["__qualname__"].__get__(kind))


def full_name_of(kind: type[Any]) -> str:
    """With its module: `threading.Lock`."""
    return f"{_OWN['__module__'].__get__(kind)}.{qualname_of(kind)}"
