"""The base protocol: JSON messages behind a `Content-Length` header (specification, "Base Protocol")."""

import asyncio
from typing import Any

import msgspec

MAX_BYTES = 64 * 1024 * 1024
"""The largest message that is read."""


class FramingError(Exception):
    """What was read is no message of the base protocol: nothing behind it can be read either."""


async def read_message(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """The next message; None at the end of the stream. Raises `FramingError`."""
    length: int | None = None
    while True:
        try:
            line = await reader.readline()
        except ValueError as error:
            raise FramingError("a header line is too long") from error
        if not line:
            if length is not None:
                raise FramingError("the stream ended within a message")
            return None
        line = line.strip()
        if not line:
            if length is None:
                raise FramingError("a message needs the header `Content-Length: <bytes>`")
            break
        name, colon, value = line.partition(b":")
        if not colon:
            raise FramingError(f"a header line is `Name: value`, not {line[:80]!r}")
        if name.strip().lower() == b"content-length":
            if not value.strip().isdigit():
                raise FramingError(f"`Content-Length` is a number of bytes, not {value[:80]!r}")
            length = int(value)
    if length > MAX_BYTES:
        raise FramingError(f"a message has at most {MAX_BYTES} bytes, not {length}")
    try:
        body = await reader.readexactly(length)
        message = msgspec.json.decode(body)
    except asyncio.IncompleteReadError as error:
        raise FramingError("the stream ended within a message") from error
    except msgspec.DecodeError as error:
        raise FramingError(f"a message is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise FramingError("a message is a JSON object")
    return message


def framed(message: dict[str, Any]) -> bytes:
    """A message as it is sent."""
    body = msgspec.json.encode(message)
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
