"""HTTP by hand, over a socket: what no client library would send."""

import asyncio
import json
import select
import socket
from typing import Any

DEADLINE = 60.0


class Wire:
    """One connection, byte by byte. What came before the server broke it can still be read."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.loop = asyncio.get_running_loop()
        self.came = bytearray()

    async def send(self, data: bytes) -> None:
        """Raises `OSError` where the server has ended the connection."""
        async with asyncio.timeout(DEADLINE):
            await self.loop.sock_sendall(self.socket, data)

    async def pour(self, piece: bytes, most: int) -> int:
        """Send `piece` again and again until something comes back or `most` bytes are sent; how many were."""
        sent = 0
        try:
            while sent < most and not select.select([self.socket], [], [], 0)[0]:
                await self.send(piece)
                sent += len(piece)
                await asyncio.sleep(0)
        except OSError:
            pass
        return sent

    async def more(self) -> bool:
        """Whether more came; it is in `came`."""
        async with asyncio.timeout(DEADLINE):
            try:
                data = await self.loop.sock_recv(self.socket, 65536)
            except OSError:
                return False
        self.came += data
        return bool(data)

    async def until(self, text: bytes) -> bytes:
        """What comes up to and with `text`; it is taken."""
        while (at := self.came.find(text)) < 0:
            if not await self.more():
                raise AssertionError(f"the connection ended before {text!r}: {bytes(self.came)!r}")
        found = bytes(self.came[: at + len(text)])
        del self.came[: at + len(text)]
        return found

    async def ends_in_order(self) -> bool:
        """Take all that comes: whether it ends with the server's side closed, and not with a reset."""
        async with asyncio.timeout(DEADLINE):
            try:
                while data := await self.loop.sock_recv(self.socket, 65536):
                    self.came += data
            except OSError:
                return False
        return True

    async def rest(self) -> bytes:
        """All that comes until the server ends the connection."""
        while await self.more():
            pass
        return bytes(self.came)

    async def answer(self) -> tuple[int, dict[str, str], Any]:
        """The next answer: status, headers, and the body where that is JSON."""
        head = (await self.until(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value
            for name, value in (line.split(": ", 1) for line in head[1:] if line)
        }
        size = int(headers.get("content-length", 0))
        while len(self.came) < size:
            assert await self.more(), "the connection ended within an answer"
        body = bytes(self.came[:size])
        del self.came[:size]
        return int(head[0].split()[1]), headers, json.loads(body) if body else None

    def close(self) -> None:
        self.socket.close()


async def wire(port: int, *, receive_bytes: int | None = None, source: str | None = None) -> Wire:
    """Connect. `receive_bytes`: how little the client's own side takes while it does not read. `source`: from where."""
    one = socket.socket()
    if source is not None:
        one.bind((source, 0))
    if receive_bytes is not None:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    one.setblocking(False)
    await asyncio.get_running_loop().sock_connect(one, ("127.0.0.1", port))
    return Wire(one)
