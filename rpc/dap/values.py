"""JSON values of the protocol as an editor shows them: a short text, a type, what is inside."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

PREVIEW = 120
"""Characters of a value that is shown on one line."""

TAGS = frozenset({"$cut", "$object", "$array", "$table", "$bytes", "$float"})


def tag(value: Any) -> tuple[str, Any] | None:
    """The tag and what it says, of a value in one of the protocol's tagged forms."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, told),) = value.items()
        if name in TAGS:
            return name, told
    return None


def is_cut(value: Any) -> bool:
    """Whether only the beginning of it is here."""
    found = tag(value)
    return found is not None and found[0] == "$cut"


def preview(value: Any, limit: int = PREVIEW) -> str:
    """A value on one line, about `limit` characters at most."""
    text = "".join(_limited(_written(value), limit))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def type_of(value: Any) -> str:
    """The name of a value's type."""
    match tag(value):
        case "$cut", told:
            return {"object": "dict", "array": "list", "string": "str"}.get(told["type"], "")
        case (("$object" | "$array" | "$table"), told):
            return str(told["type"])
        case "$bytes", _:
            return "bytes"
        case "$float", _:
            return "float"
    if isinstance(value, dict):
        return _message(value) or "dict"
    return {type(None): "None"}.get(type(value), type(value).__name__)


def members(value: Any) -> list[tuple[str, Any]] | None:
    """What is inside a value that is all here, by name; None where it holds nothing."""
    match tag(value):
        case "$array", told:
            return _array(told)
        case "$table", told if is_cut(told.get("rows")) or is_cut(told.get("columns")):
            return []
        case "$table", told:
            return [
                (str(index), dict(zip(told["columns"], row, strict=False)))
                for index, row in zip(
                    told.get("index") or range(len(told["rows"])), told["rows"], strict=False
                )
            ]
        case "$cut", told:
            return members(told["beginning"])
        case _, _:
            return None
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return [(str(index), one) for index, one in enumerate(value)]
    return None


def size(value: Any) -> tuple[str, int] | None:
    """What a value with something inside is (`object` or `array`), and how many are inside; None of others."""
    found = tag(value)
    if found is not None and found[0] == "$cut":
        told = found[1]
        return None if told["type"] == "string" else (told["type"], told["length"])
    if found is not None and found[0] in ("$table", "$array"):
        # The first number of its shape is how many rows, or items, it has.
        shape = found[1].get("shape") or [0]
        return ("array", int(shape[0])) if shape[0] else None
    inside = members(value)
    if not inside:
        return None
    return ("array" if isinstance(value, list) or found is not None else "object", len(inside))


def _array(told: Mapping[str, Any]) -> list[tuple[str, Any]] | None:
    data = told.get("data")
    if not isinstance(data, list):
        return None
    index = told.get("index")
    names = index if isinstance(index, list) else range(len(data))
    return [(str(name), one) for name, one in zip(names, data, strict=False)]


def _message(value: Mapping[str, Any]) -> str | None:
    """What a LangChain message is called; None for any other object."""
    if isinstance(value.get("type"), str) and "content" in value and "additional_kwargs" in value:
        kind = {
            "ai": "AIMessage",
            "human": "HumanMessage",
            "system": "SystemMessage",
            "tool": "ToolMessage",
        }
        return kind.get(value["type"], f"{value['type']} message")
    return None


def _written(value: Any) -> Iterator[str]:
    match tag(value):
        case "$cut", told:
            unit = {"object": "keys", "array": "items"}.get(told["type"], "characters")
            yield f"{type_of(value)}, {told['length']:,} {unit}, {told['bytes']:,} bytes"
            return
        case "$object", told:
            yield str(told["repr"])
            return
        case "$array", told:
            shape = "×".join(map(str, told.get("shape", [])))
            yield f"{told['type']} {shape} {told.get('dtype', '')}".rstrip()
            return
        case "$table", told:
            shape = "×".join(map(str, told["shape"]))
            columns = told["columns"]
            named = "" if is_cut(columns) else f": {', '.join(map(str, columns))}"
            yield f"{told['type']} {shape}{named}"
            return
        case "$bytes", told:
            yield f"bytes, {len(told) * 3 // 4:,}: {told[:40]}"
            return
        case "$float", told:
            yield str(told)
            return
    if isinstance(value, dict):
        if (name := _message(value)) is not None:
            yield f"{name}: "
            yield from _written(value["content"])
            return
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield f"{', ' if index else ''}{key}: "
            yield from _written(item)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            if index:
                yield ", "
            yield from _written(item)
        yield "]"
    elif isinstance(value, str):
        yield msgspec.json.encode(value).decode()
    else:
        yield repr(value)


def _limited(parts: Iterator[str], limit: int) -> Iterator[str]:
    left = limit + 1
    for part in parts:
        yield part[:left]
        left -= len(part)
        if left <= 0:
            return
