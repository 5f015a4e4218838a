"""Sessions as they fit into a frame: what is too large in them is cut. Decisions without I/O."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from protocol.sessions import Run, Session
from rpc.events.cutting import fit, size_of
from rpc.sessions.shown import RUN

ROW_BYTES = 2048
"""What a row of a list has at least, where not all are shown whole."""


Shown = TypeVar("Shown", Session, Run)


def fitted(one: Shown, limit: int) -> Shown:
    """A session or run in about `limit` bytes; the references are to the run."""
    if size_of(one) <= limit:
        return one
    source = RUN + (one.run_id or "")
    document = fit(
        msgspec.to_builtins(one), type(one), limit, lambda pointer: source + pointer, whole=False
    )
    return msgspec.convert(document, type(one))


def fitting(sessions: Sequence[Shown], limit: int) -> list[Shown]:
    """As many of a list's first rows as fit into `limit` bytes, at least one; cut only where not all would."""
    if size_of(sessions) <= limit:
        return list(sessions)
    share = max(ROW_BYTES, limit // len(sessions))
    shown: list[Shown] = []
    for session in sessions:
        row = fitted(session, share)
        limit -= size_of(row) + 1
        if limit < 0 and shown:
            break
        shown.append(row)
    return shown
