"""Peers that take nothing: seen, and cut off."""

import asyncio
import socket
import struct
from contextlib import suppress

try:
    import fcntl
    import termios
except ImportError:
    # Windows: a peer that takes less than the system's buffer in the time there is, is one that takes nothing.
    fcntl = None  # type: ignore[assignment]


class Stall:
    """Follows how much is written and not taken by the peer.

    A peer that reads slowly makes it less now and then. One that does not read never does.
    """

    __slots__ = ("moved", "queued", "since", "size")

    def __init__(self, now: float) -> None:
        # Bytes that wait in this process, and in the system behind it.
        self.size = self.queued = 0
        self.since = now
        # Whether the transport said that some was taken, whatever was written since.
        self.moved = False

    def lasts(self, transport: asyncio.WriteTransport, now: float) -> float:
        """How many seconds nothing was taken of what waits."""
        size = transport.get_write_buffer_size()
        if size == 0 or size < self.size or self.moved:
            self.since = now
        if size:
            # The system takes more only when a third of its buffer, which may be megabytes, is free.
            queued = _queued(transport)
            if queued != self.queued:
                self.since = now
            self.queued = queued
        self.size = size
        self.moved = False
        return now - self.since


def _queued(transport: asyncio.WriteTransport) -> int:
    """How many bytes the system keeps for the peer; 0 where it does not say."""
    one = transport.get_extra_info("socket")
    if fcntl is None or one is None or one.fileno() < 0:
        return 0
    try:
        found = fcntl.ioctl(one.fileno(), termios.TIOCOUTQ, bytes(4))
    except OSError:
        return 0
    return int.from_bytes(found, "little")


def cut_off(transport: asyncio.Transport) -> None:
    """End a connection now. Closed otherwise, the system would keep for minutes what its peer does not take."""
    one = transport.get_extra_info("socket")
    if one is not None:
        with suppress(OSError):
            # On, for 0 seconds: what waits is dropped, and the peer is told by a reset.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
