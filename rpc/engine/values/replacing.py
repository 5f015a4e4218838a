"""One value in another replaced by its JSON Pointer: what is beside it stays as it is, with its type."""

import copy
import dataclasses
from collections import UserList, deque
from collections.abc import MutableMapping
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
import pydantic
from langchain_core.messages import AnyMessage, BaseMessage

from rpc.engine.values.pointer import PointerError, child, position
from rpc.engine.values.to_json import encode, entries, in_order, members

PLAIN = (str, int, float, bool, list, dict, type(None))
"""What JSON gives: a value in place of one of these is taken as it comes."""


_MESSAGE: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(AnyMessage)


def replaced(value: Any, parts: list[str], new: Any) -> Any:
    """A copy of `value` with `new`, a JSON value, at the place that `parts` lead to.

    Where another type was there, such as a date, `new` is read as one. A new name in a dict, and the number behind
    a list's or set's last (or `-`) add to it. Raises `PointerError`: no such place; `pydantic.ValidationError`, and whatever a
    class of the graph's raises.
    """
    if not parts:
        return like(value, new)
    name, rest = parts[0], parts[1:]
    if isinstance(value, MutableMapping):
        names = {shown: own for (shown, _), own in zip(entries(value), value, strict=True)}
        if name not in names and rest:
            raise PointerError(f"there is no {name!r} to look into")
        item = replaced(value[names[name]], rest, new) if name in names else new
        return _with_key(value, names.get(name, name), item)
    if isinstance(value, list | tuple | deque | UserList):
        return _with_item(value, name, rest, new)
    if isinstance(value, AbstractSet):
        return type(value)(_with_item(in_order(value), name, rest, new))  # type: ignore[call-arg]
    fields = members(value)
    if fields is None or name not in fields:
        known = f"; it has {', '.join(fields)}" if fields else ""
        raise PointerError(f"a {type(value).__name__} has no {name!r} that can be edited{known}")
    return _with_field(value, name, replaced(child(value, name), rest, new))


def like(old: Any, new: Any) -> Any:
    """`new`, a JSON value, as what `old` is: a date, a set, a model. Raises `pydantic.ValidationError`."""
    if isinstance(old, PLAIN) and type(old) in PLAIN:
        return new
    if isinstance(new, bytes) or new is None:
        return new
    if isinstance(old, BaseMessage):
        # A message of any kind may take its place.
        return _MESSAGE.validate_json(encode(new))
    try:
        adapter = pydantic.TypeAdapter(type(old))
    except pydantic.errors.PydanticUserError:
        return new
    return adapter.validate_json(encode(new))


def _with_key(value: MutableMapping[Any, Any], key: Any, item: Any) -> Any:
    found = copy.copy(value)
    found[key] = item
    return found


def _with_item(value: Any, name: str, rest: list[str], new: Any) -> Any:
    items = list(value)
    at = len(items) if name == "-" else _number(name)
    if at == len(items) and not rest:
        items.append(new)
    elif at < len(items):
        items[at] = replaced(items[at], rest, new)
    else:
        raise PointerError(f"there is no item {name!r}: it has {len(items)}")
    if hasattr(value, "_fields"):
        return type(value)(*items)
    return type(value)(items, value.maxlen) if isinstance(value, deque) else type(value)(items)


def _number(name: str) -> int:
    try:
        return position(name)
    except ValueError as error:
        raise PointerError(str(error)) from error


def _with_field(value: Any, name: str, item: Any) -> Any:
    if isinstance(value, pydantic.BaseModel):
        found = value.model_copy(update={name: item})
        # Whether the class takes it: what it makes of the other fields is not kept.
        type(value).model_validate(
            {field: getattr(found, field) for field in type(value).model_fields}
        )
        return found
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: item})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **{name: item})
    found = copy.copy(value)
    setattr(found, name, item)
    return found
