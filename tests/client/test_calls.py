"""Calls: results, errors, and what becomes of them when the connection breaks."""

import asyncio
from collections.abc import AsyncIterable

import pytest

from rpc.client import CannotConnect, ConnectionLost, Event, RpcError, connect
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess

DEADLINE = 60.0


async def read_all(events: AsyncIterable[Event]) -> None:
    async for _ in events:
        pass


async def test_a_call_returns_the_result_as_json_says_it(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        found = await client.call("graph.list")
    assert [graph["name"] for graph in found["graphs"]] == [
        "flood",
        "asks",
        "fails",
        "hangs",
        "both",
    ]


async def test_an_error_says_what_was_wrong(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        with pytest.raises(RpcError, match="nobody") as caught:
            await client.call("session.get", session_id="nobody")
    assert caught.value.code == -32000
    assert caught.value.type == "session_not_found"
    assert "nobody" in caught.value.detail


async def test_calls_at_once_get_each_their_own_answer(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        started = [await client.start(str(number)) for number in range(5)]
        async with asyncio.timeout(DEADLINE):
            sessions = await asyncio.gather(
                *(client.session(each.session_id) for each in started for _ in range(20))
            )
    assert [session.query for session in sessions] == [str(n) for n in range(5) for _ in range(20)]


async def test_a_read_is_repeated_when_the_connection_breaks_under_it(
    running: ServerProcess,
) -> None:
    async with Proxy(running.port, cuts=[0, 3]) as proxy, connect(proxy.url) as client:
        async with asyncio.timeout(DEADLINE):
            info = await client.call("server.info")
        assert proxy.connections == 3
    assert info["name"] == "stepwire"


async def test_a_query_whose_answer_was_lost_is_started_once(running: ServerProcess) -> None:
    async with connect(running.url) as direct:
        before = (await direct.sessions()).total
        async with Proxy(running.port, cuts=[0, 1]) as proxy, connect(proxy.url) as client:
            async with asyncio.timeout(DEADLINE):
                seen = [event.seq async for event in client.run("3")]
            assert proxy.connections == 3
        assert (await direct.sessions()).total == before + 1
    assert seen == list(range(1, len(seen) + 1))


async def test_a_call_that_is_not_safe_to_repeat_says_that_it_may_have_happened(
    running: ServerProcess,
) -> None:
    async with connect(running.url) as direct:
        session_id = (await direct.start("x", graph="asks")).session_id
        async with asyncio.timeout(DEADLINE):
            async for _ in direct.follow(session_id):
                pass
        async with Proxy(running.port, cuts=[0]) as proxy, connect(proxy.url) as client:
            with pytest.raises(ConnectionLost, match=r"query\.respond"):
                await client.respond(session_id, "blue")
            # The client itself goes on.
            assert (await client.session(session_id)).session_id == session_id


async def test_no_server_is_a_clear_error_at_once() -> None:
    with pytest.raises(CannotConnect, match=r"ws://127\.0\.0\.1:1/rpc: connection refused"):
        async with connect("ws://127.0.0.1:1/rpc"):
            pass


async def test_an_address_that_is_no_websocket_is_a_clear_error(running: ServerProcess) -> None:
    with pytest.raises(CannotConnect, match="answered 40"):
        async with connect(f"ws://127.0.0.1:{running.port}/nothing"):
            pass
    with pytest.raises(CannotConnect, match="not a WebSocket URL"):
        async with connect("nonsense"):
            pass
    async with connect(running.http_url) as client:
        assert client.url == running.url


async def test_a_server_that_stays_away_ends_calls_and_readers(running: ServerProcess) -> None:
    async with Proxy(running.port) as proxy, connect(proxy.url, reconnect_seconds=0.2) as client:
        started = await client.start("x", graph="hangs")
        events = client.events(started.session_id)
        assert (await anext(events)).seq == 1
        proxy.down = True
        proxy.cut_all()
        with pytest.raises(ConnectionLost, match="the connection was lost"):
            await asyncio.wait_for(read_all(events), DEADLINE)
        with pytest.raises(ConnectionLost):
            await client.call("server.info")
    async with connect(running.url) as client:
        await client.cancel(started.session_id)


async def test_closing_ends_what_waits(running: ServerProcess) -> None:
    async with connect(running.url) as client:
        started = await client.start("x", graph="hangs")
        events = client.events(started.session_id)
        await anext(events)
        reader = asyncio.create_task(read_all(events))
        await client.cancel(started.session_id)
    with pytest.raises(ConnectionLost, match="closed"):
        await reader
