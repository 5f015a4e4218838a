"""Many frames in one write, as an ordinary client reads them, and what happens where that is not to be had."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from rpc import Settings, create_app
from rpc.server import serving
from rpc.transports.jsonrpc.frames import TEXTS, FramesProtocol
from tests.support import small_graphs
from tests.support.in_process import listening
from tests.support.peer import peer
from tests.support.stream_rules import check_stream

DEADLINE = 60.0

# On both sides of where a frame's head gets longer (RFC 6455, section 5.2), and beyond ASCII.
SENT = [
    "",
    "a",
    "a" * 125,
    "b" * 126,
    "c" * 65_535,
    "d" * 65_536,
    "ä" * 63,
    "🧭" * 40_000,
    "last",
]


def sends(texts: list[str]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        assert TEXTS in scope["extensions"]
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "first"})
        await send({"type": "websocket.send", TEXTS: [text.encode() for text in texts]})
        await receive()

    return app


async def test_every_text_arrives_as_a_message_of_its_own() -> None:
    """A client must not see that its messages were written at once, whatever their sizes."""
    async with (
        listening(sends(SENT), ws=FramesProtocol) as where,
        connect(f"ws://{where}/", max_size=None, proxy=None) as client,
    ):
        async with asyncio.timeout(DEADLINE):
            assert [await client.recv() for _ in range(len(SENT) + 1)] == ["first", *SENT]


class Counting(ClientConnection):
    """A client's connection that knows how many bytes came."""

    came = 0

    def data_received(self, data: bytes) -> None:
        self.came += len(data)
        super().data_received(data)


@pytest.mark.parametrize("deflate", [False, True])
async def test_events_are_compressed_where_that_is_set(tmp_path: Path, deflate: bool) -> None:
    """`permessage_deflate` is an option of the server, for those who pay for bytes."""
    settings = Settings(port=0, data_dir=str(tmp_path), permessage_deflate=deflate)
    async with (
        serving(settings, small_graphs.writing) as address,
        peer(address.rpc_url, compression="deflate", create_connection=Counting) as one,
    ):
        story = await one.run("2000")
        check_stream(story.events)
        assert [p["data"]["number"] for p in story.of("progress")] == list(range(2000))
        assert isinstance(one.socket, Counting)
        assert (one.socket.came < 200_000) == deflate


async def test_under_another_server_every_event_is_a_message(tmp_path: Path) -> None:
    """A team mounts the app in its own server, which knows nothing of many frames at once."""
    app = create_app(small_graphs.writing, Settings(data_dir=str(tmp_path)))
    async with (
        listening(app, lifespan="on") as where,
        peer(f"ws://{where}/rpc") as one,
    ):
        story = await one.run("2000")
        check_stream(story.events)
        assert [p["data"]["number"] for p in story.of("progress")] == list(range(2000))


async def test_who_sends_to_a_client_that_is_gone_is_told() -> None:
    """Else a subscription would go on for nobody."""
    ended: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()

    async def app(_: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        try:
            await send({"type": "websocket.send", TEXTS: [b"too late"]})
        except OSError as error:
            ended.set_result(error)
        else:
            ended.set_result(None)

    async with listening(app, ws=FramesProtocol) as where:
        async with connect(f"ws://{where}/", proxy=None):
            pass
        assert isinstance(await asyncio.wait_for(ended, DEADLINE), OSError)


async def test_a_reader_that_does_not_read_is_waited_for() -> None:
    """Else what a slow client has not read would pile up in the server's memory."""
    texts = [b"x" * 1000] * 256
    sent = 0
    full: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def app(_: Any, receive: Any, send: Any) -> None:
        nonlocal sent
        await receive()
        await send({"type": "websocket.accept"})
        writable: asyncio.Event = send.__self__.writable
        while writable.is_set():
            await send({"type": "websocket.send", TEXTS: texts})
            sent += 1
        one_more = asyncio.create_task(send({"type": "websocket.send", TEXTS: texts}))
        await asyncio.sleep(0)
        full.set_result(one_more.done())
        await one_more
        sent += 1
        await receive()

    async with (
        listening(app, ws=FramesProtocol) as where,
        connect(f"ws://{where}/", proxy=None, max_queue=1) as client,
    ):
        async with asyncio.timeout(DEADLINE):
            assert not await full
            for _ in range((sent + 1) * len(texts)):
                await client.recv()
