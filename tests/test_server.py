"""Running the app on a socket, in a loop of one's own."""

import asyncio
import socket
from pathlib import Path

import pytest
from websockets.asyncio.client import connect as open_websocket

from rpc import Settings, StartupError
from rpc.client import connect
from rpc.server import Address, bind, serving
from tests.support.graphs import flood, hangs

DEADLINE = 30.0


def settings_for(folder: Path) -> Settings:
    return Settings(port=0, data_dir=str(folder), shutdown_grace_seconds=0.2)


async def test_the_body_runs_with_a_server_that_is_ready(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path), {"flood": flood}) as address:
        assert address.port != 0
        async with connect(address.rpc_url) as client:
            events = [event async for event in client.run("3")]
    assert events[-1].data["status"] == "completed"
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", address.port)


async def test_a_data_directory_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet" / "there"
    async with (
        serving(settings_for(folder), {"flood": flood}) as address,
        connect(address.rpc_url) as client,
    ):
        started = await client.start("1")
        assert (await client.session(started.session_id)).session_id == started.session_id
    assert (folder / "stepwire.db").is_file()


async def test_a_stopping_server_closes_its_websockets_as_a_restart(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path), {"hangs": hangs}) as address:
        websocket = await open_websocket(address.rpc_url)
    await asyncio.wait_for(websocket.wait_closed(), DEADLINE)
    assert websocket.close_code == 1012


async def test_a_stopping_server_ends_its_streams(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path), {"hangs": hangs}) as address:
        async with connect(address.rpc_url) as client:
            started = await client.start("x")
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port)
        writer.write(
            f"GET {started.stream_url} HTTP/1.1\r\nHost: 127.0.0.1:{address.port}\r\n\r\n".encode()
        )
        async with asyncio.timeout(DEADLINE):
            await reader.readuntil(b"hanging")
        rest = asyncio.create_task(reader.read())
    # The last chunk of a chunked answer: the stream is ended, not torn off.
    assert (await asyncio.wait_for(rest, DEADLINE)).endswith(b"0\r\n\r\n")
    writer.close()


async def test_a_run_that_was_stopped_with_its_server_goes_on_with_the_next(
    tmp_path: Path,
) -> None:
    seqs = []
    async with (
        serving(settings_for(tmp_path), {"hangs": hangs}) as address,
        connect(address.rpc_url) as client,
    ):
        async for event in client.run("x"):
            seqs.append(event.seq)
            if event.type == "progress":
                break
        session_id = event.session_id
    async with (
        serving(settings_for(tmp_path), {"hangs": hangs}) as address,
        connect(address.rpc_url) as client,
    ):
        async for event in client.events(session_id, after=seqs[-1]):
            seqs.append(event.seq)
            if event.type == "progress":
                await client.cancel(session_id)
            if event.type == "session.status" and event.data["status"] == "cancelled":
                break
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_port_in_use_is_found_before_anything_is_opened() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=rf"127\.0\.0\.1:{port}: address already in use"):
            bind(Settings(port=port))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "ws://127.0.0.1:81/rpc"),
        ("0.0.0.0", "ws://127.0.0.1:81/rpc"),
        ("::", "ws://[::1]:81/rpc"),
        ("example.org", "ws://example.org:81/rpc"),
    ],
)
def test_addresses_are_ones_a_client_can_use(host: str, url: str) -> None:
    assert Address(host, 81).rpc_url == url
