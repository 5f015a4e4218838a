"""Whether a server that ended is started again, and when. Decisions without I/O."""

from msgspec import Struct

MOST_UNANSWERED = 4
"""How often in a row a server may end before it has answered."""

FIRST_SECONDS = 0.2
"""How long the second restart in a row waits; the first does not, and each further one waits twice as long."""

LONGEST_SECONDS = 10.0
"""The longest wait."""

CALM_SECONDS = 60.0
"""A server that has run for so long has not died in a row with those before it."""


class End(Struct, frozen=True):
    """How a server ended. `code`: its exit code, or minus the signal that killed it; `seconds`: how long it ran.

    `answered`: it had come to answer calls. `orderly`: it said that it ends, by a signal or with a clear error.
    `stuck`: it was ended, since it did nothing any more.
    """

    code: int
    answered: bool
    orderly: bool
    stuck: bool
    seconds: float


class Restarts:
    """What follows the ends of one server's processes."""

    def __init__(self) -> None:
        # Whether any of them has answered.
        self.answered = False
        # How many of the last ones did not, and how many ended soon.
        self.unanswered = 0
        self.in_a_row = 0

    def after(self, end: End) -> float | None:
        """After how many seconds it is started again; None for not at all.

        What says clearly why it cannot start is not asked twice, unless it could before: what it needs may come back.
        """
        if end.answered:
            self.answered = True
            self.unanswered = 0
        else:
            self.unanswered += 1
        if end.orderly and (end.answered or not self.answered):
            return None
        if self.unanswered >= MOST_UNANSWERED:
            return None
        self.in_a_row = 1 if end.seconds >= CALM_SECONDS else self.in_a_row + 1
        if self.in_a_row == 1:
            return 0.0
        return min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(self.in_a_row - 2, 16))
