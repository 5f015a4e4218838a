"""The transport as an answer sees it: that it ends is for its connection to do."""

import asyncio
from collections.abc import Callable


class EndingTransport:
    """What uvicorn writes an answer to. `close` calls `end`, once.

    A request may be answered before all of it is there. Were its connection closed at once, with bytes that nobody read,
    it would be reset, and the peer might lose what was written (RFC 9112, section 9.6).
    """

    __slots__ = ("_end", "_ended", "_transport")

    def __init__(self, transport: asyncio.Transport, end: Callable[[], None]) -> None:
        self._transport = transport
        self._end = end
        self._ended = False

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def is_closing(self) -> bool:
        return self._ended or self._transport.is_closing()

    def close(self) -> None:
        if not self.is_closing():
            self._ended = True
            self._end()
