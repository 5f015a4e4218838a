"""JSON Pointers (RFC 6901) into Python values, as they are shown: to one value in another."""

import re
from collections import UserList, deque
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from rpc.engine.values.to_json import entries, in_order, members, to_json
from rpc.json_values import names_in

_NO_ESCAPE = re.compile(r"~(?![01])")


class PointerError(LookupError):
    """There is no such value; the text says what is there."""


def parts_of(pointer: str) -> list[str]:
    """The names on the way. Raises `PointerError` where it is no pointer."""
    if pointer and not pointer.startswith("/"):
        raise PointerError(
            f"{pointer!r} is no JSON Pointer: it begins with `/`, such as `/{pointer}`"
        )
    if _NO_ESCAPE.search(pointer):
        raise PointerError(
            f"{pointer!r} is no JSON Pointer: a `~` is written `~0` in one, a `/` `~1`"
        )
    return names_in(pointer)


def at(value: Any, pointer: str) -> Any:
    """The Python value at a pointer. Raises `PointerError`."""
    found = value
    for part in parts_of(pointer):
        try:
            found = child(found, part)
        except (LookupError, ValueError) as error:
            raise PointerError(
                f"there is no value at {pointer!r}: no {part!r} in {_described(found)}"
            ) from error
    return found


def child(value: Any, name: str) -> Any:
    """What is under this name or number in a value. Raises `LookupError`, `ValueError`."""
    if isinstance(value, Mapping):
        if type(value.get(name, _NOTHING)) is not _Nothing:
            return value[name]
        return next_of(item for key, item in entries(value) if key == name)
    if isinstance(value, list | tuple | deque | UserList):
        return value[position(name)]
    if isinstance(value, AbstractSet):
        return in_order(value)[position(name)]
    fields = members(value)
    if fields is not None and name in fields:
        return fields[name]
    shown = to_json(value)
    if isinstance(shown, dict):
        return shown[name]
    if isinstance(shown, list):
        return shown[position(name)]
    raise LookupError(name)


def position(name: str) -> int:
    """The number of an item. Raises `ValueError` where it is none."""
    if not (name.isascii() and name.isdigit()):
        raise ValueError(f"{name!r} is no position")
    return int(name)


def next_of(found: Any) -> Any:
    """The one that was found. Raises `LookupError`."""
    for one in found:
        return one
    raise LookupError


class _Nothing:
    pass


_NOTHING = _Nothing()


def _described(value: Any) -> str:
    """What there is instead, for a person."""
    shown = to_json(value)
    if isinstance(shown, list):
        return f"an array of {len(shown)}"
    if isinstance(shown, dict):
        names = list(shown)
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        return f"an object of {', '.join(names[:8])}{more}" if names else "an empty object"
    return f"a {'string' if isinstance(shown, str) else 'value without parts'}"
