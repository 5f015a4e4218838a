"""A thread's socket of the agent streaming protocol, as a client without an SDK has it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import websockets
from msgspec import json

from tests.support.server_process import ServerProcess

SECONDS = 90
"""How long the next message may take."""


class AgentClient:
    """`events`: those that came, in their order."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.events: list[Any] = []
        self.sent = 0

    async def _next(self) -> Any:
        message = json.decode(await asyncio.wait_for(self.socket.recv(), SECONDS))
        if message["type"] == "event":
            self.events.append(message)
        return message

    async def call(self, method: str, **params: Any) -> Any:
        """A command's answer, whatever it is; events that come before it are kept."""
        self.sent += 1
        command = {"id": self.sent, "method": method, "params": params}
        await self.socket.send(json.encode(command).decode())
        while (message := await self._next())["type"] == "event":
            pass
        assert message["id"] == self.sent
        return message

    async def subscribe(self, *channels: str, **more: Any) -> str:
        """The id of a subscription."""
        answer = await self.call("subscription.subscribe", channels=channels, **more)
        assert answer["type"] == "success", answer
        return str(answer["result"]["subscription_id"])

    async def until(self, wanted: Callable[[Any], bool]) -> None:
        """Read on until such an event is there."""
        while not any(wanted(one) for one in self.events):
            await self._next()

    @property
    def ids(self) -> list[str]:
        """Of the events that came."""
        return [one["event_id"] for one in self.events]


@asynccontextmanager
async def agent_socket(process: ServerProcess, thread: str) -> AsyncIterator[AgentClient]:
    """A socket of the thread's."""
    url = f"ws://127.0.0.1:{process.port}/threads/{thread}/stream/events"
    async with websockets.connect(url, proxy=None, max_size=None) as socket:
        yield AgentClient(socket)


def is_status(status: str) -> Callable[[Any], bool]:
    """Whether an event says that the thread's run has it now."""

    def told(event: Any) -> bool:
        params = event["params"]
        return bool(
            event["method"] == "lifecycle"
            and not params["namespace"]
            and params["data"]["event"] == status
        )

    return told
