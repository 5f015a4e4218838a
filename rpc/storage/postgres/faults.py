"""What PostgreSQL's errors mean: whose they are, whether they pass by themselves, or somebody has to mend them.

Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout

from rpc.storage.soundness import Soundness
from rpc.storage.store import Reason, StorageBroken, StorageError
from rpc.storage.units import Refused

UNCLEAR = 3
"""So often in a row an error of the database's disk may pass."""

OWN_FAULTS = (
    errors.IntegrityError,
    errors.DataError,
    # A key or a row that is larger than an index or a page holds.
    errors.ProgramLimitExceeded,
    # Of what is encoded: a number, a text or a depth that JSON, UTF-8 or PostgreSQL cannot hold.
    OverflowError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What a unit's own values can be wrong with; everything else is the store's failure."""

_PASSING: tuple[tuple[str, Reason], ...] = (
    ("55P03", "locked"),
    ("40", "locked"),
    ("53100", "full"),
)
_LASTING: tuple[tuple[str, Reason], ...] = (
    ("XX001", "corrupt"),
    ("XX002", "corrupt"),
    # A table or a column that was there.
    ("42P01", "replaced"),
    ("42703", "replaced"),
    ("42501", "read_only"),
)
_TELL: dict[str, str] = {
    "corrupt": "is damaged ({}): restore a backup of it, and start the server again",
    "replaced": "is not what it was ({}): a table of it is gone; put it right, and start the server again",
    "read_only": "may not be written by this user ({}): grant what is missing, and start the server again",
    "io_error": "cannot be read or written ({}): its disk fails; put it right, and start the server again",
}


def means(code: str) -> tuple[Reason, bool]:
    """The reason behind an SQLSTATE, and whether it lasts; `io_error` may."""
    if code == "58030":
        return "io_error", False
    for known, lasts in ((_LASTING, True), (_PASSING, False)):
        for start, reason in known:
            if code.startswith(start):
                return reason, lasts
    return "failed", False


def fault_of(error: psycopg.Error, soundness: Soundness, what: str) -> StorageError:
    """An error of psycopg's as the store's; one that lasts is noted. `what`: the database, in words."""
    if isinstance(error, PoolTimeout | PoolClosed):
        return StorageError(f"{what} does not answer: {error}")
    said = str(error).strip().splitlines()
    text = said[0] if said else type(error).__name__
    reason, lasts = means(error.sqlstate or "")
    if reason == "io_error":
        soundness.unclear += 1
        lasts = soundness.unclear >= UNCLEAR
        reason = "io_error" if lasts else "failed"
    if lasts:
        return soundness.broke(StorageBroken(reason, f"{what} {_TELL[reason].format(text)}"))
    return StorageError(f"{what} failed: {text}", reason)


def refused(error: Exception) -> Refused:
    """What is wrong with a unit's own values."""
    taken = isinstance(error, errors.UniqueViolation)
    return Refused("conflict" if taken else "invalid", str(error).strip())


def lost(error: Exception, connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the connection is no more: the next one may work."""
    return isinstance(error, psycopg.OperationalError) and (connection.closed or connection.broken)


@contextmanager
def told(soundness: Soundness, what: str) -> Iterator[None]:
    """PostgreSQL's own failures as `StorageError`."""
    try:
        yield
    except psycopg.Error as error:
        raise fault_of(error, soundness, what) from error
