"""What Python calls the types of values that JSON shows without them."""

from collections import UserList, deque
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any

from rpc.engine.values.classes import full_name_of
from rpc.engine.values.to_json import entries, in_order, members
from rpc.json_values import pointed


def type_name(value: Any) -> str:
    """The type's name, with its module where it is not Python's own: `list`, `langchain_core.messages.ai.AIMessage`."""
    return "None" if value is None else full_name_of(type(value)).removeprefix("builtins.")


def types_of(value: Any, start: int, count: int) -> dict[str, str]:
    """The types of a value ('') and of so many parts of it from `start` on, by their JSON Pointers in it."""
    found = {"": type_name(value)}
    end = start + count
    if isinstance(value, Mapping):
        # Plain keys are shown as they are; what else there is gives way to others.
        named = value.items() if all(type(key) is str for key in value) else entries(value)
        parts = ((name, item) for name, item in islice(named, start, end))
    elif isinstance(value, list | tuple | deque | UserList):
        parts = ((str(start + n), item) for n, item in enumerate(islice(value, start, end)))
    elif isinstance(value, AbstractSet):
        parts = ((str(start + n), item) for n, item in enumerate(in_order(value)[start:end]))
    else:
        parts = ((name, item) for name, item in islice((members(value) or {}).items(), start, end))
    for name, item in parts:
        found[pointed("", name)] = type_name(item)
    return found
