"""Python values of a graph as JSON values; what JSON cannot say gets a tagged form.

The tagged forms are documented in `protocol/README.md`, "Values". The walk is by exact type first: most
values of a stream are plain, and their walk is the hottest Python of a run.
"""

import base64
import dataclasses
import math
import reprlib
from array import array
from collections import UserList, UserString, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import chain, count
from pathlib import PurePath
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from langchain_core.messages import BaseMessage

from rpc.engine.values import tables
from rpc.engine.values.classes import full_name_of, name_of, qualname_of
from rpc.engine.values.path import Path
from rpc.masking import MASK

MAX_DEPTH = 100
"""Nesting past which a value is shown as an object."""

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """A JSON value (see `to_json`) as UTF-8 bytes."""
    return _encoder.encode(value)


def to_json(value: Any) -> Any:
    """`value` as JSON can say it: never raises, whatever a graph holds, and be it `sys.exit()` in a method of its classes."""
    try:
        return _walk(value, Path())
    except BaseException:
        # A container that a node's thread changes meanwhile, a stack that is nearly full.
        return _object(value)


def _walk(value: Any, path: Path) -> Any:
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _text(value)
    if kind is int:
        return value if -(2**63) <= value < 2**64 else _object(value)
    if kind is bool or value is None:
        return value
    if kind is float:
        return value if math.isfinite(value) else {"$float": _float_name(value)}
    if path.again(value):
        return _again(value)
    if len(path) >= MAX_DEPTH:
        return _object(value)
    path.append(id(value))
    if kind is dict:
        shown: Any = {}
        for key, item in value.items():
            name = key if type(key) is str and key.isascii() else _key(key)
            # What most values are goes without a call.
            of = type(item)
            if (of is str and item.isascii()) or of is bool or item is None:
                shown[name] = item
            else:
                shown[name] = _walk(item, path)
        if len(shown) != len(value):
            shown = {key: _walk(item, path) for key, item in entries(value)}
    elif kind is list or kind is tuple:
        shown = [_walk(item, path) for item in value]
    else:
        depth = len(path)
        try:
            shown = _conversion(kind)(value, path)
        except BaseException:
            # A class of the graph's may raise anything; its value is still shown.
            path.fall_back(depth)
            shown = _object(value)
    path.leave(value)
    return shown


Conversion = Callable[[Any, Path], Any]


_conversions: WeakKeyDictionary[type[Any], Conversion] = WeakKeyDictionary()
"""By class. It keeps none: a class keeps the module that it is of, also when that was imported anew."""


def _conversion(kind: type[Any]) -> Conversion:
    """How values of a class that is not JSON's own are shown."""
    known = _conversions.get(kind)
    if known is None:
        known = _conversions[kind] = _conversion_of(kind)
    return known


def _conversion_of(kind: type[Any]) -> Conversion:
    if tables.is_missing(kind):
        return lambda value, path: None
    for types, convert in _CONVERSIONS:
        if issubclass(kind, types):
            return convert
    if callable(getattr(kind, "get_secret_value", None)):
        return lambda value, path: MASK
    if dataclasses.is_dataclass(kind) or hasattr(kind, "__attrs_attrs__"):
        return _fields
    return tables.conversion(kind, _walk) or (_model if _is_model(kind) else _other)


def _is_model(kind: type[Any]) -> bool:
    return callable(getattr(kind, "model_dump", None))


def members(value: Any) -> dict[str, Any] | None:
    """The fields of a value that is shown as an object of them, by name; None for others."""
    kind: Any = type(value)
    convert = _conversion(kind)
    if convert is _fields:
        return {name: getattr(value, name, None) for name in _field_names(kind)}
    if convert is _struct:
        return {name: getattr(value, name, None) for name in kind.__struct_fields__}
    if convert is _model:
        more = getattr(value, "model_extra", None) or {}
        return {
            name: getattr(value, name, None) for name in getattr(kind, "model_fields", ())
        } | more
    return None


def entries(value: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The items of a mapping under the keys they are shown with: each another one, also where `1` is beside `"1"`."""
    # A text is shown as itself, unless it has no UTF-8; whatever else reads the same gives way.
    taken = {key for key in value if type(key) is str and _text(key) == key}
    for key, item in value.items():
        name = _key(key)
        if not (type(key) is str and name == key):
            name = _other_than(taken, name, type(key).__name__)
            taken.add(name)
        yield name, item


def _other_than(taken: AbstractSet[str], name: str, kind: str) -> str:
    if name not in taken:
        return name
    base = f"{name} ({kind})"
    further = (f"{base} {number}" for number in count(2))
    return next(one for one in chain((base,), further) if one not in taken)


def _other(value: Any, _: Path) -> Any:
    return _object(value)


def _model(value: Any, path: Path) -> Any:
    return _walk(value.model_dump(), path)


def _fields(value: Any, path: Path) -> Any:
    return _named(value, _field_names(type(value)), path)


def _field_names(kind: Any) -> list[str]:
    named = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else kind.__attrs_attrs__
    return [one.name for one in named]


def _struct(value: msgspec.Struct, path: Path) -> Any:
    return _named(value, value.__struct_fields__, path)


def _named(value: Any, names: Iterable[str], path: Path) -> Any:
    return {name: _walk(getattr(value, name, None), path) for name in names}


def _mapping(value: Mapping[Any, Any], path: Path) -> Any:
    return {key: _walk(item, path) for key, item in entries(value)}


def _set(value: AbstractSet[Any], path: Path) -> Any:
    return [_walk(item, path) for item in in_order(value)]


def in_order(value: AbstractSet[Any]) -> list[Any]:
    """A set's items in the order in which they are shown."""
    try:
        return sorted(value)
    except BaseException:
        return sorted(value, key=_repr)


def _sequence(value: Iterable[Any], path: Path) -> Any:
    return [_walk(item, path) for item in value]


def _text(value: str) -> str:
    """`value`, its lone surrogates replaced: they have no UTF-8."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _key(key: Any) -> str:
    if isinstance(key, Enum):
        key = key.value
    if not isinstance(key, str):
        try:
            key = str(key)
        except BaseException:
            key = _repr(key)
    return _text(str(key))


def _float_name(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _repr(value: Any) -> str:
    try:
        # Of a container only the beginning: it may be large, and contain itself.
        plain = type(value) in (dict, list, tuple, set, frozenset)
        text = reprlib.repr(value) if plain else repr(value)
    except BaseException:
        # Python writes no number of thousands of digits in tens.
        text = hex(value) if type(value) is int else f"<{name_of(type(value))}>"
    return _text(text)


def _object(value: Any) -> dict[str, Any]:
    return _shown_as(type(value), _repr(value))


_BRACKETS: dict[type[Any], str] = {dict: "{...}", list: "[...]", tuple: "(...)"}


def _again(value: Any) -> dict[str, Any]:
    """A value in itself, as Python's `repr` writes it: its own would be as long as the whole, each time."""
    kind = type(value)
    return _shown_as(kind, _BRACKETS.get(kind) or f"{qualname_of(kind)}(...)")


def _shown_as(kind: type[Any], text: str) -> dict[str, Any]:
    name = _text(full_name_of(kind))
    return {"$object": {"type": name, "repr": text}}


_CONVERSIONS: tuple[tuple[Any, Conversion], ...] = (
    (BaseMessage, _model),
    (Enum, lambda v, path: _walk(v.value, path)),
    ((date, time), lambda v, _: v.isoformat()),
    (timedelta, lambda v, _: v.total_seconds()),
    ((UUID, PurePath, Decimal), lambda v, _: str(v)),
    ((bytes, bytearray, memoryview), lambda v, _: {"$bytes": base64.b64encode(v).decode()}),
    ((str, UserString), lambda v, _: _text(str(v))),
    (int, lambda v, path: _walk(int(v), path)),
    (float, lambda v, path: _walk(float(v), path)),
    (msgspec.Struct, _struct),
    (Mapping, _mapping),
    (AbstractSet, _set),
    ((list, tuple, deque, UserList, array), _sequence),
)
