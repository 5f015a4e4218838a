"""Python values of a graph as JSON values; what JSON cannot say gets a tagged form.

The tagged forms are documented in `protocol/README.md`, "Values". The walk is by exact type first: most
values of a stream are plain, and their walk is the hottest Python of a run.
"""

import base64
import dataclasses
import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

import msgspec
from langchain_core.messages import BaseMessage

MAX_DEPTH = 100
"""Nesting past which a value is shown as an object's `repr` (a value may contain itself)."""

MAX_REPR = 500

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """A JSON value (see `to_json`) as UTF-8 bytes."""
    return _encoder.encode(value)


def to_json(value: Any, depth: int = 0) -> Any:
    """`value` as JSON can say it: never raises, whatever a graph holds."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        if kind is int and not -(2**63) <= value < 2**64:
            return {"$object": {"type": "builtins.int", "repr": _repr(value)}}
        return _text(value) if kind is str else value
    if kind is float:
        return value if math.isfinite(value) else {"$float": _float_name(value)}
    if depth > MAX_DEPTH:
        return _object(value)
    if kind is dict:
        return {
            (_text(k) if type(k) is str else _key(k)): to_json(v, depth + 1)
            for k, v in value.items()
        }
    if kind is list or kind is tuple:
        return [to_json(item, depth + 1) for item in value]
    return _rich(value, depth)


def _rich(value: Any, depth: int) -> Any:
    for types, convert in _CONVERSIONS:
        if isinstance(value, types):
            try:
                return convert(value, depth + 1)
            except Exception:
                # A model's own serializer may raise anything; the value is still shown.
                return _object(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_json(getattr(value, field.name, None), depth + 1)
            for field in dataclasses.fields(value)
        }
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        try:
            return to_json(dump(), depth + 1)
        except Exception:
            return _object(value)
    return _object(value)


def _message(value: BaseMessage, depth: int) -> Any:
    return to_json(value.model_dump(), depth)


def _text(value: str) -> str:
    """`value`, its lone surrogates replaced: they have no UTF-8."""
    if value.isascii():
        return value
    return value.encode("utf-8", "replace").decode("utf-8")


def _key(key: Any) -> str:
    if isinstance(key, Enum):
        key = key.value
    return _text(key) if isinstance(key, str) else _text(str(key))


def _float_name(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _repr(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return _text(text if len(text) <= MAX_REPR else text[: MAX_REPR - 1] + "…")


def _object(value: Any) -> dict[str, Any]:
    kind = type(value)
    return {"$object": {"type": f"{kind.__module__}.{kind.__qualname__}", "repr": _repr(value)}}


_CONVERSIONS: tuple[tuple[Any, Callable[[Any, int], Any]], ...] = (
    (BaseMessage, _message),
    (Enum, lambda v, depth: to_json(v.value, depth)),
    (datetime, lambda v, _: v.isoformat()),
    ((date, time), lambda v, _: v.isoformat()),
    (timedelta, lambda v, _: v.total_seconds()),
    ((UUID, PurePath, Decimal), lambda v, _: str(v)),
    ((bytes, bytearray, memoryview), lambda v, _: {"$bytes": base64.b64encode(v).decode()}),
    (str, lambda v, _: _text(str(v))),
    (bool, lambda v, _: bool(v)),
    (int, lambda v, depth: to_json(int(v), depth)),
    (float, lambda v, depth: to_json(float(v), depth)),
    (msgspec.Struct, lambda v, depth: to_json(msgspec.structs.asdict(v), depth)),
    (Mapping, lambda v, depth: {_key(k): to_json(item, depth) for k, item in v.items()}),
    (AbstractSet, lambda v, depth: [to_json(item, depth) for item in sorted(v, key=repr)]),
    ((list, tuple), lambda v, depth: [to_json(item, depth) for item in v]),
)
