"""Sessions as they fit into a frame: what is too large in them is cut. Decisions without I/O."""

from collections.abc import Sequence

import msgspec

from protocol.sessions import Session
from rpc.events.cutting import fit, size_of

RUN = "run-"
"""How references begin that are to a run."""

ROW_BYTES = 2048
"""What a row of a list has at least, where not all are shown whole."""


def fitted(session: Session, limit: int) -> Session:
    """A session in about `limit` bytes; the references are to its run."""
    if size_of(session) <= limit:
        return session
    source = RUN + session.run_id
    document = fit(
        msgspec.to_builtins(session), Session, limit, lambda pointer: source + pointer, whole=False
    )
    return msgspec.convert(document, Session)


def fitting(sessions: Sequence[Session], limit: int) -> list[Session]:
    """As many of a list's first rows as fit into `limit` bytes, at least one; cut only where not all would."""
    if size_of(sessions) <= limit:
        return list(sessions)
    share = max(ROW_BYTES, limit // len(sessions))
    shown: list[Session] = []
    for session in sessions:
        row = fitted(session, share)
        limit -= size_of(row) + 1
        if limit < 0 and shown:
            break
        shown.append(row)
    return shown
