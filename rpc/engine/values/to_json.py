"""Python values of a graph as JSON values; what JSON cannot say gets a tagged form.

The tagged forms are documented in `protocol/README.md`, "Values". The walk is by exact type first: most
values of a stream are plain, and their walk is the hottest Python of a run.
"""

import base64
import dataclasses
import math
import reprlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from pathlib import PurePath
from typing import Any
from uuid import UUID

import msgspec
from langchain_core.messages import BaseMessage

MAX_DEPTH = 100
"""Nesting past which a value is shown as an object."""

MAX_REPR = 500

Path = list[int]
"""Ids of the containers that are being walked: who meets one of them again contains itself."""

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """A JSON value (see `to_json`) as UTF-8 bytes."""
    return _encoder.encode(value)


def to_json(value: Any) -> Any:
    """`value` as JSON can say it: never raises, whatever a graph holds."""
    try:
        return _walk(value, [])
    except Exception:
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
    if len(path) >= MAX_DEPTH or id(value) in path:
        return _object(value)
    path.append(id(value))
    if kind is dict:
        shown: Any = {
            (k if type(k) is str and k.isascii() else _key(k)): _walk(v, path)
            for k, v in value.items()
        }
    elif kind is list or kind is tuple:
        shown = [_walk(item, path) for item in value]
    else:
        depth = len(path)
        try:
            shown = _conversion(kind)(value, path)  # type: ignore[arg-type]
        except Exception:
            # A class of the graph's may raise anything; its value is still shown.
            del path[depth:]
            shown = _object(value)
    path.pop()
    return shown


Conversion = Callable[[Any, Path], Any]


@lru_cache(1024)
def _conversion(kind: type[Any]) -> Conversion:
    """How values of a class that is not JSON's own are shown."""
    for types, convert in _CONVERSIONS:
        if issubclass(kind, types):
            return convert
    if dataclasses.is_dataclass(kind):
        return _dataclass
    return _model if callable(getattr(kind, "model_dump", None)) else _other


def _other(value: Any, _: Path) -> Any:
    return _object(value)


def _model(value: Any, path: Path) -> Any:
    return _walk(value.model_dump(), path)


def _dataclass(value: Any, path: Path) -> Any:
    return _named(value, (field.name for field in dataclasses.fields(value)), path)


def _struct(value: msgspec.Struct, path: Path) -> Any:
    return _named(value, value.__struct_fields__, path)


def _named(value: Any, names: Iterable[str], path: Path) -> Any:
    return {name: _walk(getattr(value, name, None), path) for name in names}


def _mapping(value: Mapping[Any, Any], path: Path) -> Any:
    return {_key(key): _walk(item, path) for key, item in value.items()}


def _set(value: AbstractSet[Any], path: Path) -> Any:
    try:
        items = sorted(value)
    except Exception:
        items = sorted(value, key=_repr)
    return [_walk(item, path) for item in items]


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
        except Exception:
            key = _repr(key)
    return _text(str(key))


def _float_name(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _repr(value: Any) -> str:
    try:
        # Of a container only the beginning: it may be large, and contain itself.
        plain = type(value) in (dict, list, tuple, set, frozenset)
        text = reprlib.repr(value) if plain else repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return _text(text if len(text) <= MAX_REPR else text[: MAX_REPR - 1] + "…")


def _object(value: Any) -> dict[str, Any]:
    kind = type(value)
    name = _text(f"{kind.__module__}.{kind.__qualname__}")
    return {"$object": {"type": name, "repr": _repr(value)}}


_CONVERSIONS: tuple[tuple[Any, Conversion], ...] = (
    (BaseMessage, _model),
    (Enum, lambda v, path: _walk(v.value, path)),
    ((date, time), lambda v, _: v.isoformat()),
    (timedelta, lambda v, _: v.total_seconds()),
    ((UUID, PurePath, Decimal), lambda v, _: str(v)),
    ((bytes, bytearray, memoryview), lambda v, _: {"$bytes": base64.b64encode(v).decode()}),
    (str, lambda v, _: _text(str(v))),
    (int, lambda v, path: _walk(int(v), path)),
    (float, lambda v, path: _walk(float(v), path)),
    (msgspec.Struct, _struct),
    (Mapping, _mapping),
    (AbstractSet, _set),
    ((list, tuple, deque), _sequence),
)
