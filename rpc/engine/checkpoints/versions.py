"""Versions of channels: integers that grow, and differ between branches.

A value is stored once a version. Two branches that start at one checkpoint both make the version that follows, so
a plain counter would give one number to two values. The low bits are drawn by lot.
"""

import random
from collections.abc import Mapping
from typing import Any

BITS = 32
"""How many bits are drawn; the counter is above them."""

# Of its own: a graph may seed the module's.
_lot = random.Random()


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
