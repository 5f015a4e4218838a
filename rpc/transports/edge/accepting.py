"""Taking connections, also where there is nothing left to take them with.

Asyncio logs a traceback a second when the process is out of file descriptors; uvloop takes what waits and closes it, without
a word. Here they wait where they are, in the system's queue, until there is room; the log says so.
"""

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from rpc.transports.edge.config import Edge

AT_ONCE = 64
"""Connections taken before others get their turn."""

SPARE_FILES = 8
"""Kept open for nothing: closed when the process has run out, so that what is served already can open its files."""

PAUSE_SECONDS = 0.5
"""How long no connection is taken then, before it is tried again."""

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_OVER = {errno.EBADF, errno.EINVAL, errno.ENOTSOCK}

TOLD = "out of file descriptors: no connection is taken until some are closed (%s); `ulimit -n` is the limit"


class SpareFiles:
    """File descriptors that are given back when there are no others."""

    def __init__(self) -> None:
        self.files: list[int] = []

    def take(self) -> bool:
        """Have all of them; whether that was possible."""
        try:
            while len(self.files) < SPARE_FILES:
                self.files.append(os.open(os.devnull, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)))
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give them back."""
        while self.files:
            os.close(self.files.pop())


class Acceptor:
    """Takes the connections of one listening socket, as an asyncio server does.

    `make`: the protocol of a connection. `tls`: None for none.
    """

    def __init__(
        self,
        listener: socket.socket,
        make: Callable[[], asyncio.Protocol],
        edge: Edge,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.listener = listener
        self.make = make
        self.edge = edge
        self.tls = tls
        self.loop = asyncio.get_running_loop()
        self.spare = SpareFiles()
        self.pause: asyncio.TimerHandle | None = None
        # Connections whose handshake is under way.
        self.tasks: set[asyncio.Task[None]] = set()
        self.closed = False
        listener.setblocking(False)
        self._listen()

    def close(self) -> None:
        """Take no more. The socket is its owner's to close."""
        self.closed = True
        self.loop.remove_reader(self.listener)
        self.spare.release()
        if self.pause is not None:
            self.pause.cancel()
        for task in self.tasks:
            task.cancel()

    async def wait_closed(self) -> None:
        """Until those that were being taken are gone."""
        if self.tasks:
            await asyncio.wait(self.tasks)

    def _listen(self) -> None:
        self.pause = None
        if self.closed:
            return
        if self.spare.take():
            self.loop.add_reader(self.listener, self._readable)
        else:
            self._exhausted("there is none to spare yet")

    def _exhausted(self, why: str) -> None:
        self.edge.told.warning(TOLD, why)
        self.loop.remove_reader(self.listener)
        self.spare.release()
        self.pause = self.loop.call_later(PAUSE_SECONDS, self._listen)

    def _readable(self) -> None:
        for _ in range(AT_ONCE):
            try:
                one, _ = self.listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    self._exhausted(error.strerror or str(error))
                    return
                if error.errno in _OVER:
                    self.loop.remove_reader(self.listener)
                    return
                # The peer has gone already, or its network has.
                continue
            task = self.loop.create_task(self._connect(one))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _connect(self, one: socket.socket) -> None:
        try:
            one.setblocking(False)
            with suppress(OSError):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            seconds = self.edge.settings.header_timeout_seconds if self.tls else None
            await self.loop.connect_accepted_socket(
                self.make, one, ssl=self.tls, ssl_handshake_timeout=seconds
            )
        except (OSError, asyncio.CancelledError) as error:
            # It is no TLS, or too slow, or gone; or the server stops.
            one.close()
            if isinstance(error, asyncio.CancelledError):
                raise
            self.edge.told.warning("a handshake failed: %s", str(error) or type(error).__name__)
