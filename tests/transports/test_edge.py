"""Requests that are too large, too slow or never read: each has its bound, and nobody else notices."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.memory import needs_proc, rss_bytes
from tests.support.peer import Peer, peer, peer_in_time
from tests.support.polling import until_true
from tests.support.raw_http import Wire, wire
from tests.support.server_process import ServerProcess

GRAPHS = [f"{name}=tests/support/small_graphs.py:{name}" for name in ("writing", "waiting")]
GET = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n"
POST = b"POST /rpc HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
SOCKET = GET + b"connection: upgrade\r\nupgrade: websocket\r\n"
LIMIT_SECONDS = 0.4
"""Of the server that waits for nobody."""

KIB = 1024
MIB = 1024 * 1024


def started(folder: Path, **settings: object) -> Iterator[ServerProcess]:
    process = ServerProcess(GRAPHS, folder, settings=settings).start()
    yield process
    assert "Traceback" not in process.output
    process.close()


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server as it comes."""
    yield from started(tmp_path_factory.mktemp("sizes"))


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that waits for nobody."""
    names = (f"{name}_timeout_seconds" for name in ("header", "body", "write", "idle"))
    yield from started(tmp_path_factory.mktemp("times"), **dict.fromkeys(names, LIMIT_SECONDS))


async def in_time(server: ServerProcess, *parts: bytes, receive_bytes: int | None = None) -> Wire:
    """A connection that sent this, each part but the first behind an answer, within half of the limit.

    One whose test was not let run meanwhile, on a busy machine, was silent for too long itself.
    """
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        one = await wire(server.port, receive_bytes=receive_bytes)
        with suppress(OSError, AssertionError):
            for number, part in enumerate(parts):
                if number:
                    assert (await one.answer())[0] == 200
                await one.send(part)
        if loop.time() - began < LIMIT_SECONDS / 2:
            return one
        one.close()


async def answers(server: ServerProcess) -> bool:
    one = await wire(server.port)
    await one.send(GET + b"\r\n")
    status, _, _ = await one.answer()
    one.close()
    return status == 200


ENDLESS = {
    "a header": (GET + b"x: ", b"a" * KIB, 431),
    "headers": (GET, b"x: %b\r\n" % (b"a" * KIB), 431),
    "a name": (GET, b"a" * KIB, 431),
    "an address": (b"GET /", b"a" * KIB, 414),
    "empty lines": (b"\r\n", b"\r\n" * 512, 431),
    "trailers": (CHUNKED + b"0\r\n", b"x: %b\r\n" % (b"a" * KIB), 431),
    "a trailer": (CHUNKED + b"0\r\nx: ", b"a" * KIB, 431),
    "an extension": (CHUNKED + b"1;x=", b"a" * KIB, 431),
    "a handshake": (SOCKET + b"x: ", b"a" * KIB, 431),
}


@needs_proc
@pytest.mark.parametrize("what", ENDLESS)
async def test_what_never_ends_is_refused(sizes: ServerProcess, what: str) -> None:
    """Whatever part of a request goes on for ever: it is refused by name, and not kept in memory."""
    begin, piece, status = ENDLESS[what]
    before = rss_bytes(sizes.pid)
    one = await wire(sizes.port)
    await one.send(begin)
    sent = await one.pour(piece, 64 * MIB)
    got, headers, problem = await one.answer()
    assert got == problem["status"] == status
    assert headers["connection"] == "close"
    assert problem["code"] == -32007
    # By the bound of what it is, and not by that of something larger.
    said = (
        "chunks"
        if begin.startswith(CHUNKED)
        else "address"
        if status == 414
        else "line and headers"
    )
    assert said in problem["detail"]
    assert str(64 * KIB) in problem["detail"]
    assert sent < 16 * MIB
    one.close()
    assert rss_bytes(sizes.pid) - before < 16 * MIB
    assert await answers(sizes)


async def test_a_head_of_just_the_bound_is_taken(sizes: ServerProcess) -> None:
    """The bound is where it is said to be."""
    fits = 64 * KIB - sum(map(len, (b"/livez", b"host", b"localhost", b"x", b"    " * 2)))
    for size, status in ((fits, 200), (fits + 1, 431)):
        one = await wire(sizes.port)
        await one.send(GET + b"x: " + b"a" * size + b"\r\n\r\n")
        assert (await one.answer())[0] == status
        one.close()


async def test_a_handshake_with_a_long_header_is_told_so(sizes: ServerProcess) -> None:
    """A page whose cookies are too long for a WebSocket's handshake learns that, instead of waiting for ever."""
    with pytest.raises(InvalidStatus) as refused:
        await connect(sizes.url, additional_headers={"cookie": "a" * 9000}, proxy=None)
    assert refused.value.response.status_code == 431
    async with peer(sizes.url, additional_headers={"cookie": "a" * 8000}) as one:
        assert (await one.call("server.info"))["name"] == "stepwire"


@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_that_is_too_large_is_not_read(sizes: ServerProcess, chunked: bool) -> None:
    """300 MB for a call: it is refused with 413 after the first megabyte, and the rest is not taken."""
    size = 300 * MIB
    one = await wire(sizes.port)
    await one.send(CHUNKED if chunked else POST + b"content-length: %d\r\n\r\n" % size)
    piece = b"a" * 65_536
    sent = await one.pour(b"10000\r\n%b\r\n" % piece if chunked else piece, size)
    status, _, answer = await one.answer()
    assert status == 413
    assert answer["error"]["data"]["type"] == "too_large"
    assert await one.pour(piece, size) + sent < size / 4
    one.close()
    assert await answers(sizes)


async def test_an_answer_before_the_body_lets_a_small_rest_come(sizes: ServerProcess) -> None:
    """Who sends a little that was not needed keeps the connection."""
    one = await wire(sizes.port)
    await one.send(b"POST /nowhere HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n")
    assert (await one.answer())[0] == 404
    await one.send(b"a" * 100 + GET + b"\r\n")
    assert (await one.answer())[0] == 200
    one.close()


CLOSING = b"POST /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
EARLY = {
    "a body": (CLOSING + b"content-length: 600000\r\n\r\n", b"a" * 600_000),
    "a chunk": (CLOSING + b"transfer-encoding: chunked\r\n\r\n", b"927c0\r\n" + b"a" * 600_000),
    "of HTTP/1.0": (
        b"POST /nowhere HTTP/1.0\r\nhost: localhost\r\ncontent-length: 600000\r\n\r\n",
        b"a" * 600_000,
    ),
}


@pytest.mark.parametrize("what", EARLY)
async def test_an_early_last_answer_reaches_who_is_still_sending(
    sizes: ServerProcess, what: str
) -> None:
    """Whoever closes behind its request and is answered in the middle of it has the whole answer, and no reset."""
    head, rest = EARLY[what]
    one = await wire(sizes.port)
    await one.send(head)
    # It is answered and done with, before the rest is on its way.
    while b"\r\n\r\n" not in one.came:
        assert await one.more()
    await one.send(rest)
    assert await one.ends_in_order()
    assert one.came.startswith(b"HTTP/1.1 404")
    assert json.loads(one.came[one.came.index(b"\r\n\r\n") :])["status"] == 404
    one.close()


async def test_what_is_wrong_waits_for_what_was_right(sizes: ServerProcess) -> None:
    """Of requests sent at once, those before a bad one are answered, in order, and then that one."""
    one = await wire(sizes.port)
    await one.send((GET + b"\r\n") * 3 + b"GET /\x00 HTTP/1.1\r\n\r\n")
    assert [(await one.answer())[0] for _ in range(4)] == [200, 200, 200, 400]
    assert await one.rest() == b""


async def test_very_many_requests_at_once(sizes: ServerProcess) -> None:
    """A connection that sends thousands without reading has some of them answered, and is told to stop."""
    one = await wire(sizes.port)
    await one.send((GET + b"\r\n") * 2000)
    got = await one.rest()
    assert 1 < got.count(b"HTTP/1.1 200") < 2000
    assert got.count(b"HTTP/1.1 429") == 1


HALVES = {
    "nothing": b"",
    "half a line": b"GET /li",
    "half a head": GET + b"x: 1\r\n",
    "half a body": POST + b"content-length: 100\r\n\r\n{",
    "half a chunk": CHUNKED + b"64\r\n{",
    "half a handshake": SOCKET,
}


@pytest.mark.parametrize("half", HALVES)
async def test_half_a_request_has_its_time(times: ServerProcess, half: str) -> None:
    """Connections that send half a request, or a byte now and then, end; else some thousand of them end the server."""
    for dribbles in (False, True) if HALVES[half] else (False,):
        one = await in_time(times, HALVES[half])

        async def dribble(one: Wire = one) -> None:
            # Never all of the body, however late the server looks.
            for _ in range(90):
                await one.send(b"a")
                await asyncio.sleep(0.02)

        drops = asyncio.create_task(dribble()) if dribbles else None
        got = await one.rest()
        if drops is not None:
            drops.cancel()
            await asyncio.gather(drops, return_exceptions=True)
        if HALVES[half]:
            assert got.startswith(b"HTTP/1.1 408 ")
            assert b"0.4 s" in got
        else:
            assert got == b""
        one.close()


async def test_a_connection_without_a_request_ends(times: ServerProcess) -> None:
    """What is kept alive for the next request is not kept for ever; nor is what sends half of the next."""
    for more, last in ((b"", b""), (b"GET /", b"HTTP/1.1 408")):
        one = await in_time(times, GET + b"\r\n", more)
        assert (await one.rest()).startswith(last)


@pytest.mark.parametrize("half", [b"\x01\x81\0\0\0\0a", b"\x81\xfe\x10\0\0\0\0\0a", b"\x81"])
async def test_half_a_message_has_its_time(times: ServerProcess, half: bytes) -> None:
    """The same on a WebSocket: half a frame, or a message whose last fragment never comes."""
    async with peer_in_time(times.url) as one:
        one.socket.transport.write(half)
        await until_true(lambda: one.closed)
        assert one.closed is not None
        assert one.closed.rcvd is not None
        assert one.closed.rcvd.code == 1008
        assert "0.4 s" in one.closed.rcvd.reason


async def test_a_quiet_connection_and_a_slow_run_stay(times: ServerProcess) -> None:
    """The limits are for what is half sent: who waits, or is waited for, is not cut off."""
    async with peer_in_time(times.url) as one:
        started = await one.call("query.start", query="0", graph="waiting")
        path = f"/v1/orchestrator/stream/{started['session_id']}".encode()
        stream = await in_time(times, b"GET %b HTTP/1.1\r\nhost: localhost\r\n\r\n" % path)
        await stream.until(b"waiting")
        # Longer than every limit.
        await asyncio.sleep(1)
        assert (await one.call("server.info"))["name"] == "stepwire"
        await one.call("session.delete", session_id=started["session_id"])
        assert b"event: done" in await stream.rest()


async def many_events(one: Peer) -> str:
    """A session with some megabytes of events."""
    started = await one.call("query.start", query="20000", graph="writing", subscribe=False)
    session_id: str = started["session_id"]
    await one.call("session.subscribe", session_id=session_id, types=["session.status"])
    assert await one.settled(session_id) == "completed"
    return session_id


@pytest.mark.parametrize("how", ["a stream", "answers", "a socket", "pings"])
async def test_a_reader_that_never_reads_is_cut_off(times: ServerProcess, how: str) -> None:
    """Its buffers are full, so nothing polite reaches it: the connection is gone, whatever waits to be sent."""
    async with peer_in_time(times.url) as other:
        session_id = await many_events(other)
        if how == "a stream":
            path = f"/v1/orchestrator/stream/{session_id}".encode()
            begins = b"GET %b HTTP/1.1\r\nhost: localhost\r\n\r\n" % path
        elif how == "answers":
            begins = b"GET /orchestrator/openrpc.json HTTP/1.1\r\nhost: localhost\r\n\r\n" * 40
        else:
            begins = (
                b"GET /rpc HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
        stuck = await in_time(times, begins, receive_bytes=4096)
        if how in ("a socket", "pings"):
            await stuck.until(b"\r\n\r\n")
            if how == "a socket":
                text = (
                    b'{"jsonrpc":"2.0","method":"session.subscribe","params":["%b"],"id":1}'
                    % session_id.encode()
                )
                await stuck.send(b"\x81%c\0\0\0\0%b" % (128 + len(text), text))
        await reset(stuck, b"\x89\xfd\0\0\0\0" + b"p" * 125 if how == "pings" else b"")
        # Nobody else was, and all is as it was.
        assert (await other.call("session.get", session_id=session_id))["status"] == "completed"


async def reset(stuck: Wire, sends: bytes) -> None:
    """Until the server ends the connection though nothing is read; told by the socket, without reading."""
    async with asyncio.timeout(60):
        while not stuck.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            try:
                for _ in range(1000 if sends else 0):
                    stuck.socket.send(sends)
            except BlockingIOError:
                pass
            except OSError:
                return
            await asyncio.sleep(0.02)


async def test_a_reader_that_reads_slowly_is_not(times: ServerProcess) -> None:
    """Slow is not gone: whoever takes a little now and then gets all of it, in its time."""
    async with peer_in_time(times.url) as other:
        session_id = await many_events(other)
    for _ in range(20):
        got, longest = await read_slowly(times, session_id)
        # Who was not let read for as long as the limit, on a busy machine, was not slow but gone.
        if b"event: done" in got or longest < LIMIT_SECONDS / 2:
            break
    assert b"event: done" in got


async def read_slowly(times: ServerProcess, session_id: str) -> tuple[bytes, float]:
    """What came of a stream of which little is taken at a time, and the longest time in which nothing was, in seconds."""
    slow = await wire(times.port, receive_bytes=4096)
    path = f"/v1/orchestrator/stream/{session_id}".encode()
    await slow.send(b"GET %b HTTP/1.1\r\nhost: localhost\r\n\r\n" % path)
    loop = asyncio.get_running_loop()
    began = last = loop.time()
    longest = 0.0
    while await slow.more():
        now = loop.time()
        longest, last = max(longest, now - last), now
        if now < began + 5 * LIMIT_SECONDS:
            await asyncio.sleep(0.05)
    return bytes(slow.came), longest


@needs_proc
async def test_fragments_of_a_byte_cost_what_they_hold(sizes: ServerProcess) -> None:
    """A message in a hundred thousand pieces takes no more memory than it has bytes."""
    before = rss_bytes(sizes.pid)
    async with peer(sizes.url) as one:
        # The first of a text, and one with nothing in it.
        one.socket.transport.write(b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0")
        for _ in range(10):
            one.socket.transport.write(b"\x00\x81\0\0\0\0a" * 10_000)
            await asyncio.sleep(0)
        one.socket.transport.write(b"\x80\x81\0\0\0\0a")
        answer = await one.next_frame()
        assert answer["error"]["data"]["type"] == "parse_error"
    # An allocator takes a little more at times; kept one by one, the pieces took tens of MiB.
    assert rss_bytes(sizes.pid) - before < 6 * MIB
