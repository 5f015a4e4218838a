"""Results that are stored as a reference: the event of a run that ended well holds the graph's whole output, which the
store has already, in a checkpoint.

A stored event has, in the place of its `result`, `@`, the reference as JSON, and `@`. No JSON value begins with `@`, and
within a text a quote has a backslash before it: no value of a user's can look like one.
"""

from collections.abc import Awaitable, Callable

import msgspec

from protocol.events import QueryResult
from rpc.storage.records import RESULT_MARK as MARK
from rpc.storage.records import ResultAt

__all__ = ["MARK", "Resolve", "referring", "split"]

Resolve = Callable[[str, ResultAt], Awaitable[bytes | None]]
"""Reads a result of a session: JSON, in UTF-8; None where the session is gone. Raises `StorageError`."""

_decoder = msgspec.json.Decoder(ResultAt)
_encoder = msgspec.json.Encoder()


def referring(body: QueryResult, at: ResultAt) -> QueryResult:
    """What is stored of the event."""
    return msgspec.structs.replace(body, result=msgspec.Raw(b"@%b@" % _encoder.encode(at)))


def split(event: bytes) -> tuple[bytes, ResultAt, bytes]:
    """What stands before the result, where that is, and what stands behind it."""
    head, _, rest = event.partition(MARK)
    # Behind it there are only numbers.
    reference, _, tail = rest.rpartition(b"@")
    return head + MARK[:-1], _decoder.decode(reference), tail
