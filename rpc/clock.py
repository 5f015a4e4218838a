"""What time it is, the same on all nodes: this machine's clock, or the database's where the two are apart.

Times are kept and compared: when a run begins that is asked for later, what an owner started within a minute, what is old, until when
somebody does what is due. Nodes whose clocks are apart would take each other's times for another day's.
"""

from time import time_ns

APART_MS = 1000
"""How far a clock may be from the database's without being told: less is nobody's trouble, and changes with every look."""

_shift_ms = 0


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time_ns() // 1_000_000 + _shift_ms


def own_ms() -> int:
    """Milliseconds since 1970 by this machine's clock, whatever others say."""
    return time_ns() // 1_000_000


def agree(theirs_ms: int, asked_ms: int, heard_ms: int) -> None:
    """Go by another clock, which said its time in answer to what was asked and heard at these times of one's own (`own_ms`)."""
    global _shift_ms
    apart = theirs_ms - (asked_ms + heard_ms) // 2
    unsure = (heard_ms - asked_ms) // 2
    if unsure > APART_MS:
        # The answer took so long that nothing can be said.
        return
    if abs(apart) <= APART_MS + unsure:
        # One's own is as good.
        _shift_ms = 0
    elif abs(apart - _shift_ms) > APART_MS + unsure:
        _shift_ms = apart


def alone() -> None:
    """Go by this machine's clock."""
    global _shift_ms
    _shift_ms = 0
