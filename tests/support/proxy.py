"""A TCP proxy between a client and a server that cuts connections where a test says."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

HANDSHAKE_END = b"\r\n\r\n"
CHUNK_BYTES = 16 * 1024


class Proxy:
    """Forwards to `port`. Use as an async context manager; `url` is where clients connect.

    Each connection takes the next of `cuts`: it is aborted once so many bytes of the server's have passed,
    the HTTP handshake not counted. Without one left, connections stay. While `down`, new ones are cut at
    once.
    """

    def __init__(
        self, port: int, cuts: list[int] | None = None, handshake: bytes = HANDSHAKE_END
    ) -> None:
        self.port = port
        # The end of what the server says first; nothing where it has no such part.
        self.handshake = handshake
        self.cuts = deque(cuts or [])
        self.down = False
        # While it is cleared, what the server says waits here, and nothing is lost.
        self.passing = asyncio.Event()
        self.passing.set()
        # How many connections it took.
        self.connections = 0
        # Sees what clients send, a chunk at a time; a test's hook.
        self.on_upstream: Callable[[bytes], None] = lambda chunk: None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        # Where nothing is passed on any more.
        self._muted: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Of the WebSocket behind it."""
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/rpc"

    def cut_all(self) -> None:
        """Abort every open connection."""
        for writer in list(self._open):
            writer.transport.abort()

    def mute_all(self) -> None:
        """Let nothing pass over what is open now, in either direction, without a word to either side."""
        self._muted |= self._open

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut_all()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        if self.down:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, server_writer}
        budget = self.cuts.popleft() if self.cuts else None
        try:
            with suppress(OSError):
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._upstream(reader, server_writer))
                    tasks.create_task(self._downstream(server_reader, writer, budget))
        except* OSError:
            pass
        finally:
            for end in (writer, server_writer):
                self._open.discard(end)
                end.transport.abort()

    async def _upstream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            self.on_upstream(chunk)
            if writer in self._muted:
                continue
            writer.write(chunk)
            await writer.drain()
        raise ConnectionAbortedError

    async def _downstream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, budget: int | None
    ) -> None:
        if self.handshake:
            writer.write(await reader.readuntil(self.handshake))
        while chunk := await reader.read(CHUNK_BYTES):
            if writer in self._muted:
                continue
            await self.passing.wait()
            if budget is not None and len(chunk) > budget:
                # What is allowed must arrive before the connection ends: a clean end, not a reset.
                writer.write(chunk[:budget])
                await writer.drain()
                writer.close()
                await writer.wait_closed()
                raise ConnectionAbortedError
            if budget is not None:
                budget -= len(chunk)
            writer.write(chunk)
            await writer.drain()
        raise ConnectionAbortedError
