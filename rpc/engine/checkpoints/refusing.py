"""Why a value cannot be stored, and where in it that is: the serialiser names the outermost object that holds it, if that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

import ormsgpack
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.types import Send
from pydantic import BaseModel

from rpc.engine.values.errors import causes, error_text, error_type
from rpc.json_values import pointed

NESTING = 255
"""So deep lists, dicts and objects may be in each other: ormsgpack's bound."""

COUNTED = 1000
"""So far it is counted how deep they are."""

FOLLOWED = 64
"""So far the refused part is looked for, by trying each: what is deeper is named with what it is in."""


def why(serde: SerializerProtocol, value: Any, error: Exception) -> str:
    """What `error` says of the innermost part of `value` that is refused by itself, with its JSON Pointer.

    Not to be called while an exception is handled: what the parts raise would have that one as theirs.
    """
    pointer = ""
    deep = _nesting(value)
    if deep <= COUNTED:
        for _ in range(FOLLOWED):
            if _too_deep(error) or (found := _refused_part(serde, value)) is None:
                break
            key, value, error = found
            pointer = pointed(pointer, key)
        deep = _nesting(value)
    if _too_deep(error) or deep >= NESTING:
        # What holds itself has no end.
        count = f"over {COUNTED:,}" if deep > COUNTED else str(deep)
        reason = f"it nests {count} deep, and {NESTING} is the most, less where objects are in it"
    else:
        reason = _said(error)
    return f"{reason}, at {pointer}" if pointer else reason


def _too_deep(error: Exception) -> bool:
    return isinstance(error, RecursionError) or "Recursion limit" in error_text(error)


def _refused_part(serde: SerializerProtocol, value: Any) -> tuple[Any, Any, Exception] | None:
    for key, part in _parts(value):
        try:
            serde.dumps_typed(part)
        except Exception as error:
            # Of the graph's own types, which may raise anything; so below.
            return key, part, error
    return None


class _Opened:
    """A value whose parts are being counted. `deep`: how deep those are that were."""

    __slots__ = ("deep", "left", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.left = iter(_parts(value))
        self.deep = 0


def _nesting(value: Any) -> int:
    """How deep the lists, dicts and objects in it are in each other, itself included; one more than `COUNTED` past that."""
    # By the parts' ids; the parts are kept, so that no other gets the id of one.
    counted: dict[int, tuple[Any, int]] = {}
    way = [_Opened(value)]
    within = {id(value)}
    while True:
        last = way[-1]
        for _, part in last.left:
            if (known := counted.get(id(part))) is not None:
                last.deep = max(last.deep, known[1] + 1)
            elif id(part) in within or len(way) > COUNTED:
                return COUNTED + 1
            else:
                way.append(_Opened(part))
                within.add(id(part))
                break
        else:
            way.pop()
            if not way:
                return last.deep
            within.remove(id(last.value))
            counted[id(last.value)] = last.value, last.deep
            way[-1].deep = max(way[-1].deep, last.deep + 1)


def _parts(value: Any) -> Sequence[tuple[Any, Any]]:
    """What it holds, with the names of these; nothing where that is not known."""
    try:
        return list(_held(value))
    except Exception:
        return []


def _held(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, Sequence | Set) and not isinstance(value, str | bytes | bytearray):
        yield from enumerate(_items(value))
    elif isinstance(value, Send):
        yield "arg", value.arg
    elif isinstance(value, BaseModel):
        yield from vars(value).items()
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield field.name, getattr(value, field.name, None)


def _items(value: Iterable[Any]) -> Iterable[Any]:
    return () if isinstance(value, memoryview | range) else value


def _said(error: Exception) -> str:
    """What the innermost error says: ormsgpack's own says less than what it was caused by."""
    first, *others = islice(causes(error), 2)
    inner = others[0] if isinstance(error, ormsgpack.MsgpackEncodeError) and others else first
    return error_text(inner) or error_type(inner)
