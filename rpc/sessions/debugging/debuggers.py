"""Who debugs a session: it stays in debug mode until the last of them has left. Decisions without I/O.

They are told apart by the ids that they give themselves, so that one who attaches again, or comes back after its connection broke,
counts once. Whoever gives none counts as one, where it turns debug mode on.
"""

import msgspec
from msgspec import UnsetType

from rpc.storage.records import SessionRecord

UNNAMED = ""
"""In the place of an id: whoever debugs without one, and of a session that was stored before there were ids."""

KEPT = 64
"""How many are known of a session. One more takes the place of whoever came first: some may be gone that never left."""


def of(record: SessionRecord) -> list[str]:
    """Who debugs it, who came last at the end."""
    if not record.debug_mode:
        return []
    return record.debug.debuggers or [UNNAMED]


def attached(record: SessionRecord, debugger: str) -> SessionRecord:
    """The session with one more of them, in debug mode; as it is where that one debugs it already.

    Who gives no id does not say when it leaves: where others debug it, it is for them to let it go.
    """
    known = of(record)
    if debugger in known or (debugger == UNNAMED and known):
        return record
    return _with(record, [*known, debugger][-KEPT:])


def detached(record: SessionRecord, debugger: str | None) -> SessionRecord:
    """The session without one of them, or without any; out of debug mode, where that was the last."""
    left = [] if debugger is None else [one for one in of(record) if one != debugger]
    return _with(record, left)


def queried(
    record: SessionRecord, debug_mode: bool | UnsetType, debugger: str | None
) -> SessionRecord:
    """The session as a query leaves it that says whether it is debugged, and by whom."""
    if debug_mode is False:
        return detached(record, None)
    if debug_mode is True or (debugger is not None and record.debug_mode):
        return attached(record, debugger or UNNAMED)
    return record


def _with(record: SessionRecord, debuggers: list[str]) -> SessionRecord:
    debug = msgspec.structs.replace(record.debug, debuggers=debuggers)
    return msgspec.structs.replace(record, debug_mode=bool(debuggers), debug=debug)
