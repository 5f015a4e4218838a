"""Identifiers of what is new."""

import time
from uuid import UUID

from rpc.randomness import random_bytes


def new_id() -> str:
    """A new identifier, a UUID of version 7: the time first, so that they sort; then 74 random bits, so that none is guessed."""
    bits = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(random_bytes()[:10])
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=bits & ~(0x3 << 62) | 0x2 << 62))
