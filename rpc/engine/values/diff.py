"""What is different between two JSON values, each difference by its JSON Pointer."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from rpc.json_values import pointed


class Difference(NamedTuple):
    """`kind`: `added`, `removed` or `changed`; what is not there is None."""

    path: str
    kind: str
    before: Any
    after: Any


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """The innermost values that differ: members by name, items by position."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(one for one in after if one not in before)]:
            inner = pointed(path, name)
            if name not in after:
                yield Difference(inner, "removed", before[name], None)
            elif name not in before:
                yield Difference(inner, "added", None, after[name])
            else:
                yield from differences(before[name], after[name], inner)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            inner = pointed(path, index)
            if index >= len(after):
                yield Difference(inner, "removed", before[index], None)
            elif index >= len(before):
                yield Difference(inner, "added", None, after[index])
            else:
                yield from differences(before[index], after[index], inner)
    elif type(before) is not type(after) or before != after:
        yield Difference(path, "changed", before, after)
