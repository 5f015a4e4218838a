"""A small round-robin proxy, as a load balancer without sticky sessions is: each connection goes to whichever node is next."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle


@asynccontextmanager
async def balanced(ports: Sequence[int], port: int = 0) -> AsyncIterator[int]:
    """In front of what listens on `ports`; the port where clients connect. `port`: that one; 0 lets the system choose."""
    turns = cycle(ports)
    tasks: set[asyncio.Task[None]] = set()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            behind = await asyncio.open_connection("127.0.0.1", next(turns))
        except OSError:
            writer.transport.abort()
            return
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(passed(reader, behind[1]))
                group.create_task(passed(behind[0], writer))
        finally:
            tasks.discard(task)
            for each in (writer, behind[1]):
                each.close()

    server = await asyncio.start_server(accepted, "127.0.0.1", port)
    try:
        where: int = server.sockets[0].getsockname()[1]
        yield where
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()


async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that one side sends, to the other; and its end."""
    with suppress(OSError):
        while chunk := await reader.read(64 * 1024):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
