"""Servers that run and do not answer: for a while they are not asked again, so that each costs one question its time. Without I/O.

A server that hangs rests as a whole; of one that answers what nobody can read, that tool; so does a tool that failed for several questions one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from ..errors import SourceError

REST_S = 60.0
"""How long it is not asked; then one question tries again."""
MORE = 2.0
"""A question that has so many times the time it was given is not bound by that."""
WHOLE = ""
"""In the place of a tool: all of them."""


ERRORS = 3
"""Failures of one tool, one after the other and none answered between, from which on it rests: one alone may be the question's fault."""


class Rest(msgspec.Struct, frozen=True):
    """Why something is not asked."""

    failure: SourceError
    since: float
    given_s: float
    """How long it was waited for."""
    until: str
    """The time of the day of the next try."""


class Rests:
    """What of one server is not asked for now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rests: dict[str, Rest] = {}
        self._failed: dict[str, int] = {}
        """By tool, how many calls failed since the last that was answered."""

    def note(self, tool: str, failure: SourceError, given_s: float) -> None:
        """A call failed. It rests where the next would fail too: it hung, what came could not be read, or it failed :data:`ERRORS` times on end."""
        if failure.kind == "not_found":
            return
        self._failed[tool] = self._failed.get(tool, 0) + 1
        if failure.kind not in ("timeout", "bad_data") and self._failed[tool] < ERRORS:
            return
        until = (datetime.now() + timedelta(seconds=REST_S)).strftime("%H:%M:%S")
        named = WHOLE if failure.kind == "timeout" else tool
        self._rests[named] = Rest(failure, self._clock(), given_s, until)

    def answered(self, tool: str) -> None:
        """A call was answered, so nothing is known against it any more."""
        self._failed.pop(tool, None)
        self._rests.pop(tool, None)
        self._rests.pop(WHOLE, None)

    def of(self, tool: str, could_s: float) -> SourceError | None:
        """Why a tool is not asked by a question that could wait so long for it; None where it is."""
        rest = self._rests.get(tool)
        if (
            rest is None
            or self._clock() - rest.since > REST_S
            or (rest.failure.kind == "timeout" and could_s >= MORE * rest.given_s)
        ):
            return None
        return SourceError(
            rest.failure.kind, f"{rest.failure.message}; not asked again before {rest.until}"
        )
