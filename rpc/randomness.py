"""Random bytes that nobody can guess, as the system makes them, many at a time.

Each call of the system gives the interpreter to other threads, and where these compute it is back only milliseconds later.
"""

import os
from collections import deque

BYTES = 16
"""How many one call gets."""

_AT_ONCE = 256

_made: deque[bytes] = deque()

# Two processes must not draw the same.
os.register_at_fork(after_in_child=_made.clear)


def random_bytes() -> bytes:
    """16 bytes that were given to nobody before; from any thread."""
    while True:
        try:
            return _made.pop()
        except IndexError:
            more = os.urandom(_AT_ONCE * BYTES)
            _made.extend(more[at : at + BYTES] for at in range(0, len(more), BYTES))
