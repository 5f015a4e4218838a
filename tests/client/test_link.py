"""Readers that come and go, against a peer that answers when the test wants: no order of events strands one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from rpc.client import Client, RpcError, connect
from rpc.client.socket import socket_url

DEADLINE = 60.0


class Slow:
    """A peer that knows `session.subscribe` and `session.unsubscribe`, and keeps some answers back."""

    def __init__(self) -> None:
        # What it was asked, in order: method and session.
        self.asked: list[tuple[str, str]] = []
        # The sessions its client is subscribed to.
        self.subscribed: set[str] = set()
        # Whose first answer waits, and for what.
        self.held: dict[tuple[str, str], asyncio.Event] = {}
        # Sessions that do not exist.
        self.unknown: set[str] = set()
        self._news = asyncio.Event()

    async def until(self, *asked: str, times: int = 1) -> None:
        """Wait until it was asked this so many times."""
        while self.asked.count((asked[0], asked[1])) < times:
            self._news.clear()
            await self._news.wait()

    async def serve(self, socket: ServerConnection) -> None:
        async with asyncio.TaskGroup() as tasks:
            async for frame in socket:
                request = json.loads(frame)
                method = request["method"].removeprefix("session.")
                session_id = request["params"]["session_id"]
                self.asked.append((method, session_id))
                if method == "unsubscribe":
                    self.subscribed.discard(session_id)
                elif session_id not in self.unknown:
                    self.subscribed.add(session_id)
                answer = {"jsonrpc": "2.0", "id": request["id"], **self._outcome(session_id)}
                tasks.create_task(self._answer(socket, method, session_id, answer))
                self._news.set()

    def _outcome(self, session_id: str) -> dict[str, Any]:
        if session_id in self.unknown:
            data = {"type": "session_not_found", "detail": "it is not there"}
            return {"error": {"code": -32000, "message": "Session not found", "data": data}}
        return {"result": {"session_id": session_id, "seq": 0}}

    async def _answer(
        self, socket: ServerConnection, method: str, session_id: str, answer: dict[str, Any]
    ) -> None:
        release = self.held.pop((method, session_id), None)
        if release is not None:
            await release.wait()
        await socket.send(json.dumps(answer))


@asynccontextmanager
async def slow() -> AsyncIterator[tuple[Slow, Client]]:
    peer = Slow()
    async with asyncio.timeout(DEADLINE), serve(peer.serve, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}") as client:
            yield peer, client


def reader(client: Client, session_id: str) -> asyncio.Task[None]:
    async def read() -> None:
        async for _ in client.events(session_id):
            pass

    return asyncio.create_task(read())


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_session_read_again_at_once_stays_subscribed() -> None:
    """The first reader's farewell must not end the second's subscription: it would wait for ever."""
    async with slow() as (peer, client):
        other, first = reader(client, "other"), reader(client, "s")
        await peer.until("subscribe", "other")
        await peer.until("subscribe", "s")
        release = peer.held["unsubscribe", "other"] = asyncio.Event()
        await stop(other)
        await peer.until("unsubscribe", "other")
        # While the client waits for that answer:
        await stop(first)
        second = reader(client, "s")
        await asyncio.sleep(0)
        release.set()
        await peer.until("subscribe", "s", times=2)
        # What it had still to do for "s" comes before what it does for a reader of now.
        other = reader(client, "other")
        await peer.until("subscribe", "other", times=2)
        assert peer.subscribed == {"s", "other"}
        await stop(second)
        await stop(other)


async def test_a_refusal_of_an_earlier_reader_is_not_the_next_ones() -> None:
    """Each reader of a session that is not there is told; none waits for an answer given to another."""
    async with slow() as (peer, client):
        peer.unknown.add("gone")
        release = peer.held["subscribe", "gone"] = asyncio.Event()
        first = reader(client, "gone")
        await peer.until("subscribe", "gone")
        await stop(first)
        second = reader(client, "gone")
        await asyncio.sleep(0)
        release.set()
        with pytest.raises(RpcError, match="not there"):
            await second


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("ws://h:1/rpc", "ws://h:1/rpc"),
        ("ws://h:1", "ws://h:1/rpc"),
        ("ws://h:1/", "ws://h:1/rpc"),
        ("http://h:1", "ws://h:1/rpc"),
        ("http://h:1/rpc", "ws://h:1/rpc"),
        ("https://h/agents", "wss://h/agents/rpc"),
        ("https://h/agents/rpc?a=b", "wss://h/agents/rpc?a=b"),
        ("wss://h/behind/a/proxy", "wss://h/behind/a/proxy"),
        ("nonsense", "nonsense"),
    ],
)
def test_any_address_of_a_server_will_do(given: str, expected: str) -> None:
    assert socket_url(given) == expected
