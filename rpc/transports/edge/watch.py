"""One look at all connections, again and again: a timer for each would cost more than the requests."""

import asyncio
from collections.abc import Collection
from typing import Any

from rpc.transports.edge.config import Edge


async def watch(edge: Edge, connections: Collection[Any]) -> None:
    """Let every connection end what takes too long, until this is cancelled.

    `connections`: those that are open, each with a `look`.
    """
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(edge.look_seconds)
        now = loop.time()
        for connection in list(connections):
            connection.look(now)
