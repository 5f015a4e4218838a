"""Large JSON values cut for looking at: what was cut says its type and size, shows its beginning, and is fetched by path."""

from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from rpc.engine.values.to_json import encode

LIMIT_BYTES = 16 * 1024
"""How large a shown value may get."""

_LEAST = 256
"""A part that is smaller is not cut any further."""

_BEGINNING = 160
"""How many characters of a string are shown."""


def cut(value: Any, limit_bytes: int = LIMIT_BYTES, sizes: Mapping[str, int] | None = None) -> Any:
    """`value`, with the parts that make it larger than about `limit_bytes` replaced by `$cut`.

    Whatever is there is whole, or is a `$cut` with its type, its length (members, items or characters), its size as
    JSON in bytes, and its beginning. `sizes`: of an object's members in bytes, where they are known.
    """
    if sizes is None:
        return _cut(value, limit_bytes, len(encode(value)), {})
    return _cut(value, limit_bytes, _size(sizes), sizes)


def _size(sizes: Mapping[str, int]) -> int:
    """Of the object with these members: its braces, and of each its key, a colon and a comma."""
    return 1 + sum(len(encode(key)) + size + 2 for key, size in sizes.items()) or 2


def _cut(value: Any, limit_bytes: int, size: int, sizes: Mapping[str, int]) -> Any:
    if size <= limit_bytes:
        return value
    if isinstance(value, dict):
        share = limit_bytes // (len(value) or 1)
        if share >= _LEAST or _is_mark(value):
            least = max(share, _LEAST)
            kept = {
                key: _cut(item, least, sizes[key], {}) if key in sizes else cut(item, least)
                for key, item in value.items()
            }
            if len(encode(kept)) <= 2 * limit_bytes:
                return kept
        return _mark("object", value, size, _members(value, limit_bytes))
    if isinstance(value, list):
        share = limit_bytes // (len(value) or 1)
        if share >= _LEAST:
            return [cut(item, share) for item in value]
        return _mark("array", value, size, _items(value, limit_bytes))
    if isinstance(value, str):
        return _mark("string", value, size, value[: min(_BEGINNING, limit_bytes)])
    return value


def _is_mark(value: dict[str, Any]) -> bool:
    """Whether it is a tagged form: its tag is kept, its parts are cut."""
    return len(value) == 1 and next(iter(value)).startswith("$")


def _members(value: dict[str, Any], limit_bytes: int) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    left = limit_bytes // 2
    for key, item in value.items():
        part = cut(item, _LEAST)
        left -= len(encode(key)) + len(encode(part)) + 2
        if left < 0:
            break
        shown[key] = part
    return shown


def _items(value: list[Any], limit_bytes: int) -> list[Any]:
    shown = []
    left = limit_bytes // 2
    for item in value:
        part = cut(item, _LEAST)
        left -= len(encode(part)) + 1
        if left < 0:
            break
        shown.append(part)
    return shown


def _mark(kind: str, value: Any, size: int, beginning: Any) -> dict[str, Any]:
    return {"$cut": {"type": kind, "length": len(value), "bytes": size, "beginning": beginning}}


def page(
    value: Any,
    start: int,
    count: int | None,
    limit_bytes: int,
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Any, int]:
    """A part of an object, an array or a string from `start` on, and where it ends: as much as `limit_bytes` takes.

    At most `count` members, items or characters, but one at least, which is cut where it alone is too large. What is
    none of these is given as it is, with 1. `sizes`: of an object's members in bytes, where they are known.
    """
    if isinstance(value, str):
        text = value[start : len(value) if count is None else start + count]
        while len(encode(text)) > limit_bytes:
            text = text[: max(1, len(text) * limit_bytes // (len(encode(text)) + 1))]
        return text, start + len(text)
    if not isinstance(value, dict | list):
        return value, 1
    end = len(value) if count is None else min(len(value), start + count)
    left = limit_bytes
    parts: list[Any] = []
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in islice(members, start, end):
        size = sizes[name] if name in sizes else len(encode(one))
        room = size + (len(encode(name)) + 2 if isinstance(value, dict) else 1)
        if room > left:
            if parts:
                break
            one = _cut(one, left, size, {})
        left -= room
        parts.append((name, one))
    shown: Any = dict(parts) if isinstance(value, dict) else [one for _, one in parts]
    return shown, start + len(parts)
