"""The clients a user would write: `websockets` and `json` on asyncio's own loop, and a plain socket for SSE."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_websocket


class Ordinary:
    """One WebSocket, one request at a time."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket
        # The number of the last request.
        self.number = 0

    async def call(self, method: str, **params: Any) -> Any:
        """The result. Raises `RuntimeError` for an error. Events that come before it are left out."""
        await self.send(method, **params)
        async for text in self.websocket:
            message = json.loads(text)
            if isinstance(message, dict) and message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]
        raise RuntimeError("the connection ended")

    async def send(self, method: str, **params: Any) -> None:
        """Send a request, and wait for nothing."""
        self.number += 1
        request = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}
        await self.websocket.send(json.dumps(request))

    async def run(self, graph: str, **params: Any) -> int:
        """A query to its end; how many `progress` events came. Raises `RuntimeError` where it fails."""
        await self.send("query.start", query="go", graph=graph, **params)
        return await self.until_ended()

    async def until_ended(self) -> int:
        """Read events until a run is completed; how many `progress` events came."""
        count = 0
        async for text in self.websocket:
            found = json.loads(text)
            for message in found if isinstance(found, list) else [found]:
                if "error" in message:
                    raise RuntimeError(message["error"])
                method = message.get("method")
                if method == "progress":
                    count += 1
                elif method == "session.status" and message["params"]["status"] == "completed":
                    return count
        raise RuntimeError("the connection ended")


@asynccontextmanager
async def connected(url: str, headers: dict[str, str] | None = None) -> AsyncIterator[Ordinary]:
    """A client of the server at `url`. `headers`: of its handshake."""
    async with open_websocket(url, max_size=None, additional_headers=headers) as websocket:
        yield Ordinary(websocket)


async def sse_progress(url: str) -> int:
    """Read an SSE stream from its first event to `done`; how many `progress` events it had."""
    parts = urlsplit(url)
    assert parts.hostname
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        count, rest = 0, b""
        while size := int(await reader.readline(), 16):
            chunk = await reader.readexactly(size + 2)
            *events, rest = (rest + chunk[:-2]).split(b"\n\n")
            for event in events:
                kind, data = _sse_event(event)
                count += kind == "progress"
                if kind == "done":
                    return count
                assert data is None or "seq" in data
        raise RuntimeError("the stream ended without `done`")
    finally:
        writer.close()


def _sse_event(text: bytes) -> tuple[str, Any]:
    """Its name and its data, decoded."""
    kind, data = "message", None
    for line in text.decode().split("\n"):
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            data = json.loads(value)
    return kind, data
