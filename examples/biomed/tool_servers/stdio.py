"""A session with a server that is started as a process: what it writes to its standard error is read, and its last lines are kept.

Inherited, it would fill the log of whoever serves the graph, as much as somebody else's program likes to write.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp import ClientSession

LINES = 10
CHARS = 300
"""Of a line; the rest of it is left out."""
END_S = 2.0
"""How long the end of what a server wrote is waited for after it is gone: children that it left may hold it open."""

_VARIABLE = re.compile(r"\$\{(\w+)\}")


class LastLines(asyncio.Protocol):
    """The last :data:`LINES` lines of a pipe, each of at most :data:`CHARS` characters. Belongs to one event loop."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=LINES)
        self._open = b""
        self._ended = asyncio.Event()
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *whole, last = data.split(b"\n")
        for one in whole:
            self._add(self._open + one)
            self._open = b""
        self._open = (self._open + last)[: 4 * CHARS]

    def connection_lost(self, exc: Exception | None) -> None:
        self._add(self._open)
        self._open = b""
        self._ended.set()

    def _add(self, line: bytes) -> None:
        if text := " ".join(line[: 4 * CHARS].decode("utf-8", "replace").split()):
            self._lines.append(text[:CHARS])

    async def ended(self) -> list[str]:
        """The last lines, once the pipe has ended, or :data:`END_S` seconds have passed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), END_S)
        return self.so_far()

    def close(self) -> None:
        """Read no more, whoever still holds the pipe open."""
        if self._transport is not None:
            self._transport.close()

    def so_far(self) -> list[str]:
        """The last lines until now."""
        return list(self._lines)


@asynccontextmanager
async def stdio_session(
    connection: Mapping[str, Any], lines: LastLines
) -> AsyncIterator[ClientSession]:
    """A session, not yet initialised, with the server that an entry's ``command`` starts; it is stopped at the end.

    ``${NAME}`` in the entry's ``env`` is the environment's, as langchain-mcp-adapters has it.
    """
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    env = connection.get("env")
    parameters = StdioServerParameters(
        command=connection["command"],
        args=connection["args"],
        env=env and {name: _expanded(value) for name, value in env.items()},
        cwd=connection.get("cwd"),
        # What is no UTF-8 is no message either, and ends no session.
        encoding_error_handler="replace",
    )
    reading, writing = os.pipe()
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        stderr = stack.enter_context(os.fdopen(writing, "w"))
        await loop.connect_read_pipe(lambda: lines, os.fdopen(reading, "rb", 0))
        read, write = await stack.enter_async_context(stdio_client(parameters, errlog=stderr))
        # The server has its own now: with this one closed, its end is the end of the pipe.
        stderr.close()
        yield await stack.enter_async_context(ClientSession(read, write))


def _expanded(value: str) -> str:
    return _VARIABLE.sub(lambda name: os.environ.get(name[1], name[0]), value)
