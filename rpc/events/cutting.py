"""What is too large for a frame: cut out of the document it is in, with a reference. Decisions without I/O.

A value that was cut is `{"$cut": {"type", "bytes", "length", "ref"}}`. A reference is a source and a JSON Pointer
(RFC 6901) into it: `3f9c…/update/documents/0`. `session.value` resolves it.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct, inspect

from rpc.json_values import json_type, names_in, pointed

Place = tuple[Any, Any, str, bool]
"""A container, a key in it, the value's pointer, and whether it is a text that must stay one."""

WORTH = 1024
"""Smaller values are not cut: what stands in their place is hardly smaller."""
MARK_BYTES = 256
"""About how large what stands in a value's place is."""
MEMBERS = 4096
"""What has more members is cut as a whole."""
BEGINNING = 2000
"""How many characters are left of a text that must stay one."""

_encode = msgspec.json.Encoder().encode


def size_of(value: Any) -> int:
    """Bytes as JSON."""
    return len(_encode(value))


def cut(value: Any, limit: int, ref: str) -> Any:
    """`value` in about `limit` bytes: its largest parts, or all of it, replaced by references. It is not changed.

    `ref`: of the value itself.
    """
    size = size_of(value)
    if size <= limit:
        return value
    members = _members(value)
    if members is None or limit < WORTH:
        return mark(value, size, ref)
    sizes = {key: size_of(item) for key, item in members.items()}
    large = sorted((key for key, one in sizes.items() if one >= WORTH), key=lambda k: -sizes[k])
    least = size - sum(sizes[key] for key in large)
    if least + MARK_BYTES > limit:
        return mark(value, size, ref)
    kept = value.copy()
    for key in large:
        if size <= limit:
            break
        allowed = limit - (size - sizes[key])
        kept[key] = cut(members[key], allowed, pointed(ref, key))
        size += size_of(kept[key]) - sizes[key]
    return kept if size <= limit else mark(value, size_of(value), ref)


def mark(value: Any, size: int, ref: str) -> dict[str, Any]:
    """What stands in the place of a value that was cut. `size`: its bytes as JSON."""
    length = len(value) if isinstance(value, dict | list | str) else None
    return {"$cut": {"type": json_type(value), "bytes": size, "length": length, "ref": ref}}


def at(document: Any, pointer: str) -> Any:
    """What a JSON Pointer names. Raises `LookupError`."""
    found = document
    for key in names_in(pointer):
        if isinstance(found, list):
            if not (key.isascii() and key.isdigit()):
                raise LookupError(f"{key!r} is no index of an array")
            found = found[int(key)]
        elif isinstance(found, dict):
            found = found[key]
        else:
            raise LookupError(f"a {json_type(found)} has no {key!r}")
    return found


def fit(
    document: dict[str, Any],
    kind: type[Struct],
    limit: int,
    ref: Callable[[str], str],
    *,
    whole: bool = True,
) -> dict[str, Any]:
    """A Struct as JSON in at most `limit` bytes. `document` is changed.

    Its free values are cut where they are too large, and of its texts a beginning is left, with the reference
    behind it. If that is not enough (a list of thousands), and `whole`, members of it go.
    `ref`: the reference of a pointer into the document.
    """
    size = size_of(document)
    if size <= limit:
        return document
    places = [
        (size_of(container[key]), (container, key, pointer, text))
        for container, key, pointer, text in _places(document, _shape(kind), "")
    ]
    for before, (container, key, pointer, text) in sorted(places, key=lambda one: -one[0]):
        if size <= limit or before < WORTH:
            break
        value = container[key]
        if text:
            container[key] = _beginning(value, before, ref(pointer))
        else:
            container[key] = cut(value, max(0, limit - (size - before)), ref(pointer))
        size += size_of(container[key]) - before
    if whole and size > limit:
        for name in sorted(document, key=lambda one: -size_of(document[one])):
            before = size_of(document[name])
            if size <= limit or before < WORTH:
                break
            document[name] = mark(document[name], before, ref(pointed("", name)))
            size += size_of(document[name]) - before
    return document


def _members(value: Any) -> dict[Any, Any] | None:
    match value:
        case dict() if len(value) <= MEMBERS:
            return value
        case list() if len(value) <= MEMBERS:
            return dict(enumerate(value))
        case _:
            return None


def _beginning(text: str, size: int, ref: str) -> str:
    return f"{text[:BEGINNING]} … {_encode(mark(text, size, ref)).decode()}"


@cache
def _shape(kind: type[Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _places(value: Any, shape: inspect.Type, pointer: str) -> Iterator[Place]:
    """Where something can be cut."""
    match shape:
        case inspect.Metadata(type=inner):
            yield from _places(value, inner, pointer)
        case inspect.UnionType(types=options):
            for option in options:
                if isinstance(option, inspect.NoneType):
                    continue
                if isinstance(value, dict) == isinstance(option, inspect.StructType):
                    yield from _places(value, option, pointer)
                    return
        case inspect.StructType(fields=fields) if isinstance(value, dict):
            for field in fields:
                if field.encode_name in value:
                    yield from _place(value, field.encode_name, field.type, pointer)
        case inspect.ListType(item_type=item) if isinstance(value, list):
            for number in range(len(value)):
                yield from _place(value, number, item, pointer)
        case inspect.DictType(value_type=item) if isinstance(value, dict):
            for key in value:
                yield from _place(value, key, item, pointer)
        case _:
            pass


def _place(container: Any, key: Any, shape: inspect.Type, pointer: str) -> Iterator[Place]:
    below = pointed(pointer, key)
    while isinstance(shape, inspect.Metadata):
        shape = shape.type
    if isinstance(shape, inspect.AnyType):
        yield container, key, below, False
    elif isinstance(container[key], str):
        yield container, key, below, True
    else:
        yield from _places(container[key], shape, below)
