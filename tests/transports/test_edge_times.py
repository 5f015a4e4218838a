"""Each of the times of the network's edge is a limit of its own: it ends what it is of, and nothing else. A connection that
ends has its own bounds."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from tests.support.peer import peer_in_time
from tests.support.polling import until_true
from tests.support.raw_http import Wire, wire
from tests.support.server_process import ServerProcess
from tests.transports.test_edge import (
    GET,
    GRAPHS,
    LIMIT_SECONDS,
    MIB,
    POST,
    in_time,
    many_events,
    reset,
)

LONG_SECONDS = 3600.0
INFO = b'{"jsonrpc":"2.0","id":1,"method":"server.info"}'
BODY = POST + b"content-length: %d\r\n\r\n" % len(INFO)
HALF = b"\x01\x81\0\0\0\0["
"""The first fragment of a WebSocket's message; `OTHER_HALF` is the last."""

OTHER_HALF = b"\x80\x81\0\0\0\0]"


async def header_ends(server: ServerProcess) -> None:
    """Half a head, also of a second request, and a connection on which none ever came."""
    for parts, last in (
        ((GET,), b"HTTP/1.1 408"),
        ((GET + b"\r\n", b"GET /"), b"HTTP/1.1 408"),
        ((b"",), b""),
    ):
        one = await in_time(server, *parts)
        assert (await one.rest()).startswith(last)
        one.close()


async def body_ends(server: ServerProcess) -> None:
    """Half a body, and half a message."""
    one = await in_time(server, BODY + INFO[:1])
    assert (await one.rest()).startswith(b"HTTP/1.1 408")
    one.close()
    async with peer_in_time(server.url) as half:
        half.socket.transport.write(HALF)
        await until_true(lambda: half.closed is not None)
        assert half.closed is not None
        assert half.closed.rcvd is not None
        assert half.closed.rcvd.code == 1008


async def idle_ends(server: ServerProcess) -> None:
    """What was answered and asks nothing more."""
    one = await in_time(server, GET + b"\r\n")
    assert (await one.answer())[0] == 200
    assert await one.rest() == b""
    one.close()


async def write_ends(server: ServerProcess) -> None:
    """A stream that nobody reads."""
    await reset(await unread(server), b"")


async def unread(server: ServerProcess) -> Wire:
    async with peer_in_time(server.url) as one:
        session_id = await many_events(one)
    path = f"/v1/orchestrator/stream/{session_id}".encode()
    return await in_time(
        server, b"GET %b HTTP/1.1\r\nhost: localhost\r\n\r\n" % path, receive_bytes=4096
    )


ENDS: dict[str, Callable[[ServerProcess], Awaitable[None]]] = {
    "header": header_ends,
    "body": body_ends,
    "idle": idle_ends,
    "write": write_ends,
}


class Others:
    """One connection of each kind, in the middle of what it does: `go_on` finds it as it was."""

    def __init__(self, open_sockets: AsyncExitStack, server: ServerProcess) -> None:
        self.open_sockets = open_sockets
        self.server = server

    async def begin(self, ended: str) -> None:
        self.half = await self.open_sockets.enter_async_context(peer_in_time(self.server.url))
        self.half.socket.transport.write(HALF)
        self.head = await in_time(self.server, GET)
        self.body = await in_time(self.server, BODY + INFO[:1])
        self.idle = await in_time(self.server, GET + b"\r\n")
        assert (await self.idle.answer())[0] == 200
        self.stuck = None if ended == "write" else await unread(self.server)

    async def go_on(self, ended: str) -> None:
        if ended != "header":
            await self.head.send(b"\r\n")
            assert (await self.head.answer())[0] == 200
        if ended != "body":
            await self.body.send(INFO[1:])
            assert (await self.body.answer())[0] == 200
            self.half.socket.transport.write(OTHER_HALF)
            assert (await self.half.next_frame())["error"]["data"]["type"] == "invalid_request"
        if ended != "idle":
            await self.idle.send(GET + b"\r\n")
            assert (await self.idle.answer())[0] == 200
        if self.stuck is not None:
            await self.stuck.until(b"event: done")

    def close(self) -> None:
        for one in (self.head, self.body, self.idle, self.stuck):
            if one is not None:
                one.close()


@pytest.mark.parametrize("name", ENDS)
async def test_a_time_ends_what_it_is_of_and_nothing_else(tmp_path: Path, name: str) -> None:
    """One of the four is short, the others an hour: who waits for another than that has waited for longer, and stays."""
    times = dict.fromkeys((f"{one}_timeout_seconds" for one in ENDS), LONG_SECONDS)
    times[f"{name}_timeout_seconds"] = LIMIT_SECONDS
    server = ServerProcess(GRAPHS, tmp_path, settings=times).start()
    try:
        async with AsyncExitStack() as open_sockets:
            others = Others(open_sockets, server)
            await others.begin(name)
            await ENDS[name](server)
            await others.go_on(name)
            others.close()
    finally:
        server.close()
    assert "Traceback" not in server.output


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that waits long for who reads nothing, and for who was refused as long as it always does."""
    server = ServerProcess(GRAPHS, tmp_path, settings={"write_timeout_seconds": LONG_SECONDS})
    yield server.start()
    server.close()


async def test_who_was_refused_and_stays_is_cut_off(ending: ServerProcess) -> None:
    """It has read why, and that nothing more comes; it keeps its own side open for ever."""
    one = await wire(ending.port)
    await one.send(b"GET /\x00 HTTP/1.1\r\n\r\n")
    assert (await one.rest()).startswith(b"HTTP/1.1 400")
    await reset(one, b"")
    one.close()


async def test_who_was_refused_and_goes_on_sending_is_cut_off(tmp_path: Path) -> None:
    """Before the time is over in which it may read why."""
    server = ServerProcess(GRAPHS, tmp_path).start()
    try:
        one = await wire(server.port)
        await one.send(b"GET /\x00 HTTP/1.1\r\n\r\n")
        assert (await one.answer())[0] == 400
        sent = 0
        with suppress(OSError):
            while sent < 256 * MIB:
                await one.send(b"a" * MIB)
                sent += MIB
        # A megabyte is read; the rest is in the system's buffers.
        assert sent <= 32 * MIB
        one.close()
    finally:
        server.close()
