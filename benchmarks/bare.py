"""A bare uvicorn WebSocket: what a client sends is answered with a file's lines, one frame each.

Served as Stepwire is served, without Stepwire::

    python -m benchmarks.bare FILE
"""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
import uvloop


def app_of(lines: list[str]) -> Callable[..., Awaitable[None]]:
    """The ASGI app."""

    async def app(_: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] == "websocket.receive":
            for line in lines:
                await send({"type": "websocket.send", "text": line})

    return app


async def serve(lines: list[str]) -> None:
    """Until a signal."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app_of(lines),
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        serving = asyncio.create_task(uvicorn.Server(config).serve([listener]))
        print(f"ws://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
        await serving


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]).read_text("utf-8").splitlines()))
