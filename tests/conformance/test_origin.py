"""Who may speak to the server from a browser: RFC 6455, section 10.2, and DNS rebinding."""

from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer

CALL = {"jsonrpc": "2.0", "method": "server.info", "id": 1}

EVIL: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://evil.example:8000"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost.evil.example"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "evil.example", "Origin": "http://evil.example"},
    {"Host": "[::1", "Origin": "http://[::1"},
]


@pytest.mark.parametrize("headers", EVIL, ids=str)
async def test_another_origin_or_host_is_refused(serve: Serve, headers: dict[str, str]) -> None:
    """A page on any site could otherwise start queries here and read what they find."""
    async with serve(small_graphs.greeter) as server:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            response = await client.post(f"{server.http_url}/rpc", json=CALL, headers=headers)
            assert response.status_code == 403
            assert response.headers["content-type"] == "application/problem+json"
            assert "allowed_" in response.json()["detail"]
        if "Host" not in headers:
            with pytest.raises(InvalidStatus) as refused:
                async with connect(server.url, additional_headers=headers, proxy=None):
                    pass
            assert refused.value.response.status_code == 403


async def test_its_own_pages_and_programs_are_welcome(serve: Serve) -> None:
    """A program sends no Origin; the server's own pages send its own; both names of loopback work."""
    async with serve(small_graphs.greeter) as server:
        port = server.http_url.rpartition(":")[2]
        for origin in (None, server.http_url):
            async with peer(server.url, origin=origin) as one:
                assert (await one.call("server.info"))["name"] == "stepwire"
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            for headers in (
                {},
                {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"},
            ):
                given: Any = headers
                response = await client.post(f"{server.http_url}/rpc", json=CALL, headers=given)
                assert response.status_code == 200


async def test_settings_let_others_in(serve: Serve) -> None:
    """`allowed_origins` and `allowed_hosts` open the door to whom they name and to nobody else."""
    async with serve(
        small_graphs.greeter,
        allowed_origins=["https://app.example"],
        allowed_hosts=["stepwire.example"],
    ) as server:
        async with peer(server.url, origin="https://app.example") as one:
            assert (await one.call("server.info"))["name"] == "stepwire"
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            for headers, status in (
                ({"Host": "stepwire.example"}, 200),
                ({"Host": "other.example"}, 403),
                ({"Origin": "https://app.example:444"}, 403),
            ):
                response = await client.post(f"{server.http_url}/rpc", json=CALL, headers=headers)
                assert response.status_code == status
