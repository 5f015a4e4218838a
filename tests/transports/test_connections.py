"""How many connections there may be: in all, of one address, and where the system has no more to give."""

import asyncio
import os
import resource
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from protocol.errors import Limit
from rpc import Settings, create_app
from rpc.server import serving
from rpc.settings import SettingsError, load
from rpc.sparing import SECONDS
from rpc.transports.edge.seats import REFUSING, Proxies, Seats, TooMany
from tests.support import small_graphs
from tests.support.memory import needs_proc
from tests.support.peer import peer
from tests.support.raw_http import DEADLINE, Wire, wire
from tests.support.server_process import ServerProcess

GRAPH = "tests/support/small_graphs.py:greeter"
GET = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"
FEW = 6
PROXY = "127.0.0.3"
"""Addresses of loopback, each as good as another machine's on Linux."""


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that takes few connections of one address, behind a proxy."""
    process = ServerProcess(
        [GRAPH],
        tmp_path_factory.mktemp("few"),
        settings={
            "max_connections_per_address": FEW,
            "forwarded_allow_ips": PROXY,
        },
    ).start()
    yield process
    process.close()


async def answered(port: int, **options: str) -> int:
    """The status of a request of its own."""
    one = await wire(port, **options)  # type: ignore[arg-type]
    await one.send(GET)
    status, _, _ = await one.answer()
    one.close()
    return status


async def taken_again(port: int) -> None:
    """Until the server has seen that connections are gone."""
    ends = time.monotonic() + DEADLINE
    while await answered(port) != 200:
        assert time.monotonic() < ends, "connections that are gone are counted still"
        await asyncio.sleep(0.02)


def lines_since(began: float) -> float:
    """How many lines a fault that lasts may have since: one a minute."""
    return 1 + (time.monotonic() - began) // SECONDS


async def test_one_address_has_so_many_connections(few: ServerProcess) -> None:
    """Whoever opens ever more is told the limit, on HTTP and on WebSocket; others get in, and so does he later."""
    async with AsyncExitStack() as stack:
        mine = [await stack.enter_async_context(peer(few.url)) for _ in range(FEW)]
        with pytest.raises(InvalidStatus) as refused:
            await connect(few.url, proxy=None)
        assert refused.value.response.status_code == 429
        assert b"max_connections_per_address" in refused.value.response.body
        one = await wire(few.port)
        await one.send(GET)
        status, headers, problem = await one.answer()
        assert status == 429
        assert headers["retry-after"] == "1"
        assert problem["type"].endswith("#rate_limited")
        assert problem["limit"] == {"name": "max_connections_per_address", "value": FEW}
        assert await one.rest() == b""
        for source in ("127.0.0.2", PROXY):
            assert await answered(few.port, source=source) == 200
        # Nobody who was in is put out.
        for each in mine:
            assert (await each.call("server.info"))["name"] == "stepwire"
        await mine[0].socket.close()
        await taken_again(few.port)


async def test_a_flood_of_one_address_is_no_flood_of_answers(few: ServerProcess) -> None:
    """Hundreds at once: some are told, the others are closed, and all is as it was when they are gone."""
    began, flood = time.monotonic(), list[Wire]()
    for _ in range(3 * REFUSING):
        # Some are reset before they are quite connected.
        with suppress(OSError):
            flood.append(await wire(few.port))

    async def end(one: Wire) -> bytes:
        with suppress(OSError):
            await one.send(GET)
        return await one.rest() if one not in flood[:FEW] else b""

    told = [await end(one) for one in flood]
    assert sum(b" 429 " in got for got in told) in range(1, 2 * REFUSING)
    assert await answered(few.port, source="127.0.0.2") == 200
    for one in flood:
        one.close()
    await taken_again(few.port)
    assert 1 <= len(few.said("cut off")) <= lines_since(began)


async def test_a_proxy_is_believed_only_where_it_is_named(tmp_path: Path) -> None:
    """Who is counted is whom the named proxy names; anybody else's word is worth nothing."""
    settings = Settings(
        port=0,
        data_dir=str(tmp_path),
        synchronous="normal",
        forwarded_allow_ips=[PROXY],
        rate_limit_per_second=1,
        rate_limit_burst=5,
        insecure_no_auth=True,
    )
    app = create_app(small_graphs.greeter, settings)
    async with serving(settings, app) as address:

        async def taken(source: str, claimed: str, count: int) -> int:
            headers = {"x-forwarded-for": claimed}
            transport = httpx.AsyncHTTPTransport(local_address=source)
            async with httpx.AsyncClient(transport=transport, base_url=address.http_url) as http:
                answers = [
                    await http.get("/v1/orchestrator/sessions", headers=headers)
                    for _ in range(count)
                ]
            assert {answer.status_code for answer in answers} <= {200, 429}
            return sum(answer.status_code == 200 for answer in answers)

        def allowed(began: float) -> float:
            """How many one address may have had since: five at once, and one a second."""
            return 6 + (time.monotonic() - began)

        began = time.monotonic()
        assert await taken(PROXY, "10.9.9.1", 20) <= allowed(began)
        assert await taken(PROXY, "10.9.9.2", 2) == 2
        # Another address for each request does not help who is no proxy.
        began = time.monotonic()
        had = [await taken("127.0.0.4", f"10.9.9.{number}", 5) for number in range(3, 8)]
        assert sum(had) <= allowed(began)


async def test_all_together_have_so_many_connections(tmp_path: Path) -> None:
    """A full server says so, with when to come back, and is none any more when somebody goes."""
    settings = Settings(port=0, data_dir=str(tmp_path), synchronous="normal", max_connections=2)
    async with serving(settings, small_graphs.greeter) as address:
        async with peer(address.rpc_url) as one, peer(address.rpc_url):
            refused = await wire(address.port, source="127.0.0.2")
            await refused.send(GET)
            status, headers, problem = await refused.answer()
            assert (status, headers["retry-after"]) == (503, "1")
            assert problem["type"].endswith("#overloaded")
            assert problem["limit"] == {"name": "max_connections", "value": 2}
            assert (await one.run("x")).status == "completed"
        await taken_again(address.port)


def test_seats_are_counted_in_all_and_by_address() -> None:
    seats = Seats(most=4, of_one=2, proxies=["10.0.0.0/8"])
    assert [seats.take(("1.1.1.1", n)) for n in range(2)] == [None, None]
    refused = seats.take(("1.1.1.1", 3))
    assert refused is not None
    assert (refused.status, refused.limit) == (429, Limit("max_connections_per_address", 2))
    # It is counted until it is gone.
    seats.leave(("1.1.1.1", 3))
    assert [seats.take(("10.1.1.1", n)) for n in range(2)] == [None, None]
    refused = seats.take(("2001:db8::1", 1))
    assert refused is not None
    assert (refused.status, refused.limit) == (503, Limit("max_connections", 4))
    for client in [("1.1.1.1", 0), ("1.1.1.1", 1), ("10.1.1.1", 0), ("2001:db8::1", 1)]:
        seats.leave(client)
    # One household has a whole /64.
    assert seats.take(("2001:db8::1", 1)) is None
    assert seats.take(("2001:db8::ffff:2", 1)) is None
    assert seats.take(("2001:db8::3", 1)) is not None
    told = [seats.take(("2001:db8::3", n)) for n in range(seats.most + REFUSING - seats.all)]
    assert None not in told
    with pytest.raises(TooMany):
        seats.take(("2001:db8::3", 0))
    endless = Seats(0, 0, [])
    assert not any(endless.take(("1.1.1.1", n)) for n in range(1000))


def test_proxies_are_named_by_address_or_network() -> None:
    for named, client, there in (
        ([], "127.0.0.1", False),
        (["127.0.0.1"], "127.0.0.1", True),
        (["10.0.0.0/8", "fd00::/8"], "10.255.0.1", True),
        (["10.0.0.0/8", "fd00::/8"], "fd12::1", True),
        (["10.0.0.0/8"], "11.0.0.1", False),
        (["*"], "8.8.8.8", True),
    ):
        assert ((client, 1) in Proxies(named)) == there, (named, client)
    for wrong in ("proxy.example", "10.0.0.0/33"):
        with pytest.raises(SettingsError, match="no address or network"):
            load({"forwarded_allow_ips": [wrong]}, {})


@needs_proc
async def test_out_of_file_descriptors(tmp_path: Path) -> None:
    """No spin, no lost connection, one line: those that are open go on, and those that wait come in when others go."""
    began, opening = time.monotonic(), "tests/support/small_graphs.py:opening"
    server = ServerProcess([GRAPH, opening], tmp_path / "data").start()
    try:
        async with peer(server.url) as one:
            # What a first run opens for good is open.
            assert (await one.run("0", graph="opening")).status == "completed"
            assert (await one.run("before")).status == "completed"
            used = len(os.listdir(f"/proc/{server.pid}/fd"))
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (used + 10, used + 10))
            crowd = [await wire(server.port) for _ in range(40)]
            for each in crowd:
                await each.send(GET)
            got = [asyncio.create_task(each.answer()) for each in crowd]
            await asyncio.wait(got, return_when=asyncio.FIRST_COMPLETED)
            before = cpu_seconds(server.pid)
            await asyncio.sleep(1.5)
            assert cpu_seconds(server.pid) - before < 0.5
            assert 0 < sum(task.done() for task in got) < 20
            # A run needs files of its own, and has them; but for the moments in which it is tried whether there are more.
            async with asyncio.timeout(60):
                while (await one.run("6", graph="opening")).status != "completed":
                    pass
            while pending := [task for task in got if not task.done()]:
                for each, task in zip(crowd, got, strict=True):
                    if task.done():
                        each.close()
                async with asyncio.timeout(60):
                    await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            assert [status for status, _, _ in await asyncio.gather(*got)] == [200] * 40
            for each in crowd:
                each.close()
        assert 1 <= len(server.said("out of file descriptors")) <= lines_since(began)
        assert "Traceback" not in server.output
    finally:
        server.close()


def cpu_seconds(pid: int) -> float:
    """What the process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
