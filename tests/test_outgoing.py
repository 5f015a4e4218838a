"""What a caller names for the server to call: nothing behind the server is reached by it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from rpc.outgoing import Policy, Refused, check, post, resolve


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://127.1/x",
        "http://2130706433/x",
        "http://0x7f000001/x",
        "http://0/x",
        "http://localhost:8000/x",
        "http://a.localhost/x",
        "http://LOCALHOST./x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[::ffff:10.0.0.1]/x",
        "http://[64:ff9b::7f00:1]/x",
        "http://[2002:7f00:1::]/x",
        "http://[fe80::1%25eth0]/x",
        "http://[fd00::1]/x",
        "http://10.1.2.3/x",
        "http://172.16.0.1/x",
        "http://192.168.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/x",
        "http://0.0.0.0/x",
        "http://224.0.0.1/x",
        "http://[::]/x",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "/relative",
        "http:///x",
        "http://user:pw@example.com/x",
        "http://example.com:99999/x",
        "http://example.com/" + "x" * 5000,
    ],
)
def test_what_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check(url, Policy())


@pytest.mark.parametrize(
    "url", ["https://example.com/x", "http://93.184.216.34:8080/", "http://[2606:4700::1111]/x"]
)
def test_what_is_public_is_not(url: str) -> None:
    check(url, Policy())


@pytest.mark.parametrize(
    ("policy", "good", "bad"),
    [
        (Policy(allowed=["10.0.0.0/8"]), "http://10.1.1.1/", "http://192.168.0.1/"),
        (Policy(allowed=["127.0.0.1"]), "http://127.0.0.1:9/", "http://127.0.0.2/"),
        (Policy(allowed=["*"]), "http://169.254.169.254/", "gopher://10.0.0.1/"),
        (Policy(allowed=["localhost"]), "http://localhost/", "http://127.0.0.1/"),
        (Policy(loopback=True), "http://localhost/", "http://10.0.0.1/"),
        (Policy(https=True), "https://example.com/", "http://example.com/"),
        (Policy(ports=[443]), "https://example.com/", "https://example.com:8443/"),
        (Policy(domains=["*.example.com"]), "https://a.example.com/", "https://example.com/"),
        (Policy(domains=["example.com"]), "https://EXAMPLE.com/", "https://badexample.com/"),
    ],
)
def test_what_the_operator_allows(policy: Policy, good: str, bad: str) -> None:
    check(good, policy)
    with pytest.raises(Refused):
        check(bad, policy)


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """What looking a name up gives, time after time."""
    left = list(answers)

    async def found(host: str, port: int, **_: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in left.pop(0)]

    monkeypatch.setattr(anyio, "getaddrinfo", found)


async def test_a_name_of_what_is_not_public_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can give a name of their own this machine's address, alone or among others."""
    for addresses in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]):
        names(monkeypatch, addresses)
        with pytest.raises(Refused):
            await resolve("http://hook.example/x", Policy())
    names(monkeypatch, ["93.184.216.34"])
    assert (await resolve("http://hook.example/x", Policy()))[1] == "93.184.216.34"


@asynccontextmanager
async def answering(head: bytes) -> AsyncIterator[tuple[int, list[str]]]:
    """A server that answers so; its port, and what it was asked."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        writer.write(head)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


async def test_the_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answers the second look-up with another address is not asked: what was checked is what is called."""
    async with answering(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, asked):
        names(monkeypatch, ["127.0.0.1"])
        policy = Policy(allowed=["hook.example"], headers={"x-mine": "1"})
        assert await post(f"http://hook.example:{port}/x?y=1", {"a": 1}, policy) == 204
    (told,) = asked
    assert told.startswith("post /x?y=1 ")
    assert f"host: hook.example:{port}" in told
    assert "x-mine: 1" in told


async def test_where_it_is_sent_on_to_is_not_followed() -> None:
    head = b"HTTP/1.1 307 There\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n"
    async with answering(head) as (port, asked):
        assert await post(f"http://127.0.0.1:{port}/x", {}, Policy(allowed=["*"])) == 307
    assert len(asked) == 1


async def test_none_is_called_where_that_is_off() -> None:
    assert await post("http://127.0.0.1:1/x", {}, Policy(off=True)) == 204
