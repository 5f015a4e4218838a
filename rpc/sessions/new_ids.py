"""Identifiers of what is new."""

import secrets
import time
from uuid import UUID


def new_id() -> str:
    """A new identifier, a UUID of version 7: the time first, so that they sort; then 74 random bits, so that none is guessed."""
    bits = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=bits & ~(0x3 << 62) | 0x2 << 62))
