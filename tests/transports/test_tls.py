"""HTTPS and WSS by a certificate of one's own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rpc import Settings
from rpc.core import StartupError
from rpc.server import Address, serving
from rpc.sessions import health
from rpc.settings import SettingsError, load
from tests.support import small_graphs
from tests.support.peer import peer, peer_in_time
from tests.support.raw_http import wire
from tests.support.server_process import ServerProcess
from tests.transports.conftest import healthy


class Certificate:
    """A certificate of 127.0.0.1 that is its own authority, and its key, in files."""

    def __init__(self, folder: Path) -> None:
        self.cert, self.key = folder / "cert.pem", folder / "key.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .sign(key, hashes.SHA256())
        )
        self.cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self.trusted = ssl.create_default_context(cafile=str(self.cert))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


@asynccontextmanager
async def secure(
    tmp_path: Path, certificate: Certificate, **settings: Any
) -> AsyncIterator[Address]:
    given = Settings(
        port=0,
        data_dir=str(tmp_path / "data"),
        synchronous="normal",
        ssl_certfile=str(certificate.cert),
        ssl_keyfile=str(certificate.key),
        **settings,
    )
    async with serving(given, small_graphs.writing) as address:
        yield address


async def answer(address: Address, certificate: Certificate, said: bytes) -> bytes:
    """What comes until the server ends it; of another connection where this process was not let run, and its handshake came too late."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(
                address.host, address.port, ssl=certificate.trusted
            )
            writer.write(said)
            got = await reader.read()
            writer.close()
            if got:
                return got


async def test_everything_is_served_by_tls(
    tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sockets, calls, streams and pages, at addresses that say so; a page of the server's own origin gets in."""
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 60.0)
    async with secure(tmp_path, certificate) as address:
        assert address.rpc_url.startswith("wss://127.0.0.1:")
        assert address.http_url.startswith("https://127.0.0.1:")
        async with peer(
            address.rpc_url,
            ssl=certificate.trusted,
            origin=address.http_url,
        ) as one:
            story = await one.run("2000")
            assert story.status == "completed"
        async with httpx.AsyncClient(base_url=address.http_url, verify=certificate.trusted) as http:
            assert (await http.get("/health")).json()["status"] == "healthy"
            stream = await http.get(f"/v1/orchestrator/stream/{story.session_id}")
            assert stream.text.count("event: progress") == 2000
            document = (await http.get("/orchestrator/openrpc.json")).json()
            assert {one["url"] for one in document["servers"]} == {
                address.rpc_url,
                f"{address.http_url}/rpc",
            }


async def test_who_speaks_no_tls_is_nobody(tmp_path: Path, certificate: Certificate) -> None:
    """Plain HTTP, nothing at all, or half a handshake: each ends, and others are served meanwhile."""
    async with secure(tmp_path, certificate, header_timeout_seconds=1.5) as address:
        for said in (b"GET / HTTP/1.1\r\n\r\n", b"", b"\x16\x03\x01\x02\x00\x01"):
            one = await wire(address.port)
            await one.send(said)
            assert b"HTTP" not in await one.rest()
            async with peer_in_time(address.rpc_url, ssl=certificate.trusted) as other:
                assert (await other.call("server.info"))["name"] == "stepwire"


async def test_limits_hold_behind_tls_too(tmp_path: Path, certificate: Certificate) -> None:
    """Half a request, a head that is too large, and one who never reads."""
    async with secure(
        tmp_path,
        certificate,
        header_timeout_seconds=1.5,
        write_timeout_seconds=1.5,
        max_header_bytes=4096,
    ) as address:
        for said, status in (
            (b"GET / HT", b" 408 "),
            (b"GET / HTTP/1.1\r\nx: " + b"a" * 9000, b" 431 "),
        ):
            async with asyncio.timeout(60):
                assert status in await answer(address, certificate, said)
        async with peer_in_time(address.rpc_url, ssl=certificate.trusted) as one:
            story = await one.run("20000", subscribe={"types": ["session.status"]})
        _, writer = await asyncio.open_connection(
            address.host, address.port, ssl=certificate.trusted
        )
        path = f"/v1/orchestrator/stream/{story.session_id}"
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        # Bytes of a next request, which nobody reads either: they only show that the connection is gone.
        for _ in range(1200):
            if writer.transport.is_closing():
                return
            writer.write(b"GET ")
            await asyncio.sleep(0.05)
        raise AssertionError("who reads nothing is not cut off")


def test_the_command_serves_tls(tmp_path: Path, certificate: Certificate) -> None:
    process = ServerProcess(["tests/support/small_graphs.py:greeter"], tmp_path / "data")
    process.more = ["--ssl-certfile", str(certificate.cert), "--ssl-keyfile", str(certificate.key)]
    process.start()
    try:
        url = f"https://127.0.0.1:{process.port}/health"
        with httpx.Client(verify=certificate.trusted) as http:
            assert healthy(http, url)["status"] == "healthy"
        assert process.wait_for(f"wss://127.0.0.1:{process.port}/rpc")
        assert process.wait_for(url)
    finally:
        assert process.stop() == 0


async def test_what_is_wrong_with_a_certificate_is_a_sentence(
    tmp_path: Path, certificate: Certificate
) -> None:
    """A wrong file, another's key, or a key alone: said before anything is served."""
    other = tmp_path / "other"
    other.mkdir()
    another = Certificate(other)
    for given, named in (
        ({"ssl_certfile": str(tmp_path / "none.pem")}, "none.pem"),
        ({"ssl_certfile": str(certificate.key)}, "key.pem"),
        ({"ssl_certfile": str(certificate.cert), "ssl_keyfile": str(another.key)}, "other"),
    ):
        settings = Settings(port=0, data_dir=str(tmp_path / "data"), **given)
        with pytest.raises(StartupError, match="TLS cannot be served with") as refused:
            async with serving(settings, small_graphs.greeter):
                pass
        assert named in str(refused.value)
    with pytest.raises(SettingsError, match="ssl_certfile"):
        load({"ssl_keyfile": str(certificate.key)}, {})
