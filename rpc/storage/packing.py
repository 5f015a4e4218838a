"""Stored bytes made smaller, where that pays: text repeats itself, and a message is kept as an event and in its channel.

What is packed is a mark, how many bytes it was, as `DIGITS` decimal digits, so that SQL can count them, and a zlib stream. Events
and records begin with `{`, so that the mark tells; of values, which may begin with anything, the kind does.
"""

import zlib

LEAST_BYTES = 1024
"""Shorter ones are kept as they are: packing takes the writer longer than they take room."""

MARK = b"\x01"
DIGITS = 10

LARGE_BYTES = 16 * 1024
"""From here on it is to be done fast: many events, whose names repeat themselves."""

_PACKED = "+zlib"
_HEAD = 1 + DIGITS

_SIZE = f"CAST(CAST(substr(data, 2, {DIGITS}) AS TEXT) AS INTEGER)"

EVENTS_LENGTH = f"CASE substr(data, 1, 1) WHEN x'{MARK.hex()}' THEN {_SIZE} ELSE length(data) END"
"""How many bytes a row of events is unpacked, in SQL."""

RECORD_LENGTH = EVENTS_LENGTH.replace("data", "record")
"""The same of a run's record."""

VALUE_LENGTH = f"CASE WHEN kind GLOB '*{_PACKED}' THEN {_SIZE} ELSE length(data) END"
"""The same of a row with a value and its kind."""


def packed(objects: bytes) -> bytes:
    """JSON objects, such as events, as they are stored."""
    if len(objects) < LEAST_BYTES:
        return objects
    small = _deflated(objects)
    return objects if small is None else small


def unpacked(stored: bytes) -> bytes:
    """What `packed` was given. Raises `ValueError`."""
    return _inflated(stored) if stored[:1] == MARK else stored


def packed_value(kind: str, data: bytes) -> tuple[str, bytes]:
    """A value of any kind as it is stored: its kind then, and its bytes."""
    if len(data) < LEAST_BYTES:
        return kind, data
    small = _deflated(data)
    return (kind, data) if small is None else (kind + _PACKED, small)


def unpacked_value(kind: str, stored: bytes) -> tuple[str, bytes]:
    """What `packed_value` was given. Raises `ValueError`."""
    if not kind.endswith(_PACKED):
        return kind, stored
    return kind.removesuffix(_PACKED), _inflated(stored)


def _deflated(data: bytes) -> bytes | None:
    """Packed; None where that saves too little."""
    small = zlib.compress(data, 1 if len(data) >= LARGE_BYTES else 6)
    if len(small) * 8 >= len(data) * 7:
        return None
    return b"%b%0*d%b" % (MARK, DIGITS, len(data), small)


def _inflated(stored: bytes) -> bytes:
    try:
        return zlib.decompress(memoryview(stored)[_HEAD:])
    except zlib.error as error:
        raise ValueError(f"it cannot be unpacked: {error}") from error
