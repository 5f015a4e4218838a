"""Versions of channels: integers that grow, and differ between branches.

A value is stored once a version. Two branches that start at one checkpoint both make the version that follows, so
a plain counter would give one number to two values. The low bits are drawn by lot.

Plain LangGraph has texts for this: a counter in 32 digits, a point, and a fraction that is drawn. Both ways what was equal stays equal, and what
was greater stays greater; what came from here comes back as it was.
"""

import random
import re
import zlib
from collections.abc import Mapping
from typing import Any

BITS = 32
"""How many bits are drawn; the counter is above them."""

# Of its own: a graph may seed the module's.
_lot = random.Random()

_FROM_HERE = re.compile(r"(\d{32})\.0\.(\d{10})")
"""LangGraph's own fraction has 16 characters or more."""


def next_version(current: int | None) -> int:
    """A version after `current`; the first where None."""
    counter = 0 if current is None else current >> BITS
    return (counter + 1) << BITS | _lot.getrandbits(BITS)


def as_text(versions: Mapping[str, Any]) -> dict[str, str]:
    """Versions as they are stored."""
    return {channel: str(version) for channel, version in versions.items()}


def are_integers(versions: Mapping[str, Any]) -> bool:
    """Whether their text is enough to have them back."""
    return all(type(version) is int for version in versions.values())


def to_plain(version: int | str) -> str:
    """As plain LangGraph has it; a text is one of its own."""
    if isinstance(version, str):
        return version
    return f"{version >> BITS:032}.0.{version & (1 << BITS) - 1:010}"


def from_plain(version: int | str) -> int:
    """One of plain LangGraph's. Raises `ValueError`."""
    if isinstance(version, int):
        return version
    ours = _FROM_HERE.fullmatch(version)
    if ours is not None:
        return int(ours[1]) << BITS | int(ours[2])
    return int(version.partition(".")[0]) << BITS | zlib.crc32(version.encode())
