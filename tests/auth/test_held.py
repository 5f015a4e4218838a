"""One owner's sockets and streams are bounded, from wherever they come; nobody else's are meant."""

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from rpc import Settings, create_app
from rpc.server import serving
from tests.auth.people import as_peer, by_header, headers_of
from tests.support import small_graphs
from tests.support.polling import until_true
from tests.support.raw_http import wire


async def test_one_owner_has_so_many_sockets_and_streams(tmp_path: Path) -> None:
    """Each is refused with the limit, before anything is opened, and has its place once another is gone."""
    settings = Settings(
        port=0, data_dir=str(tmp_path), synchronous="normal", max_connections_per_owner=2
    )
    app = create_app(small_graphs.waiting, settings, authenticate=by_header)
    async with (
        serving(settings, app) as address,
        httpx.AsyncClient(base_url=address.http_url, trust_env=False) as http,
    ):
        async with as_peer(address.rpc_url, "alice") as one:
            started = await one.call("query.start", query="x")
            path = f"/v1/orchestrator/stream/{started['session_id']}"
            stream = await wire(address.port)
            head = "".join(f"{name}: {value}\r\n" for name, value in headers_of("alice").items())
            await stream.send(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{head}\r\n".encode())
            await stream.until(b"event: progress")
            with pytest.raises(InvalidStatus) as refused:
                async with as_peer(address.rpc_url, "alice"):
                    pass
            assert refused.value.response.status_code == 429
            assert b"max_connections_per_owner" in refused.value.response.body
            answer = await http.get(path, headers=headers_of("alice"))
            check(answer.status_code, answer.headers)
            assert answer.json()["limit"] == {"name": "max_connections_per_owner", "value": 2}
            # Calls are none, and bob is somebody else.
            await one.call("query.cancel", session_id=started["session_id"])
            mine = await http.get("/v1/orchestrator/sessions", headers=headers_of("alice"))
            assert mine.json()["total"] == 1
            async with as_peer(address.rpc_url, "bob") as bob:
                assert (await bob.call("server.info"))["name"] == "stepwire"
            # The run is over, and so is its stream: there is a place. What ends at once, or was never there, keeps none.
            assert b"event: done" in await stream.until(b"event: done")
            await until_true(lambda: app.held.open["alice"] == 1)
            for _ in range(4):
                ended = await http.get(path, headers=headers_of("alice"))
                assert ended.status_code == 200
                await until_true(lambda: app.held.open["alice"] == 1)
                none = await http.get("/v1/orchestrator/stream/none", headers=headers_of("alice"))
                assert none.status_code == 404
        await until_true(lambda: not app.held.open)


def check(status: int, headers: Mapping[str, str]) -> None:
    assert status == 429
    assert headers["retry-after"] == "1"
