"""What tells browsers to be careful stands on every answer, whatever wire or refusal it is."""

import asyncio
from collections.abc import Iterator, Mapping

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.peer import peer
from tests.support.raw_http import wire
from tests.support.server_process import ServerProcess

GRAPH = "tests/support/small_graphs.py:greeter"
V1 = "/v1/orchestrator"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server as it comes."""
    process = ServerProcess([GRAPH], tmp_path_factory.mktemp("data")).start()
    yield process
    process.close()


def check(headers: Mapping[str, str]) -> None:
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "," not in policy, "two policies"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/orchestrator/docs", 200),
    ("GET", "/orchestrator/docs/docs.js", 200),
    ("GET", "/orchestrator/docs/none.js", 404),
    ("GET", "/orchestrator/openrpc.json", 200),
    ("GET", "/health", 200),
    ("GET", "/livez", 200),
    ("GET", "/metrics", 200),
    ("GET", f"{V1}/sessions", 200),
    ("HEAD", f"{V1}/sessions", 200),
    ("GET", f"{V1}/session/none", 404),
    ("GET", f"{V1}/stream/none", 404),
    ("GET", "/nowhere", 404),
    ("PUT", f"{V1}/sessions", 405),
    ("POST", "/rpc", 415),
]


@pytest.mark.parametrize(("verb", "path", "status"), ANSWERS)
def test_every_answer_has_them(server: ServerProcess, verb: str, path: str, status: int) -> None:
    answer = httpx.request(verb, server.http_url + path, trust_env=False)
    # Of a store that is late once, too.
    assert answer.status_code == status or (path, answer.status_code) == ("/health", 503)
    check(answer.headers)


async def test_streams_calls_and_refusals_have_them(server: ServerProcess) -> None:
    async with peer(server.url) as one:
        story = await one.run("x")
    async with httpx.AsyncClient(base_url=server.http_url, trust_env=False) as http:
        check((await http.get(f"{V1}/stream/{story.session_id}")).headers)
        call = {"jsonrpc": "2.0", "method": "server.info"}
        check((await http.post("/rpc", json={**call, "id": 1})).headers)
        silent = await http.post("/rpc", json=call)
        assert silent.status_code == 204
        check(silent.headers)
        foreign = await http.get("/health", headers={"origin": "https://evil.example"})
        assert foreign.status_code == 403
        check(foreign.headers)
    for path, origin in (("/rpc", "https://evil.example"), ("/nowhere", None)):
        with pytest.raises(InvalidStatus) as refused:
            await connect(server.url.replace("/rpc", path), origin=origin, proxy=None)  # type: ignore[arg-type]
        check(refused.value.response.headers)
    for said in (b"no HTTP\r\n\r\n", b"GET /" + b"a" * 100_000):
        raw = await wire(server.port)
        await raw.send(said)
        async with asyncio.timeout(60):
            check((await raw.answer())[1])
        raw.close()
