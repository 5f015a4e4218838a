"""Clients that go away, come to the wrong door, or read as long ago: told what is right, in one line, and no more."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from rpc import Settings, create_app
from rpc.settings import SettingsError, load
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.server_process import ServerProcess

V1 = "/v1/orchestrator"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of its own, whose terminal can be read."""
    process = ServerProcess(["tests/support/small_graphs.py:greeter"], tmp_path / "data").start()
    yield process
    process.close()


def connected(process: ServerProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", process.port), timeout=60)


@pytest.mark.parametrize("path", ["/rpc", f"{V1}/query"])
async def test_an_upload_that_is_broken_off_is_one_line(process: ServerProcess, path: str) -> None:
    with connected(process) as client:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        client.sendall(f'{head}Content-Length: 1000\r\n\r\n{{"js'.encode())
    await until_true(lambda: process.said("went away"))
    assert "Traceback" not in process.output
    assert len(process.said(f"POST {path}:")) == 1


async def test_a_refused_origin_is_told_once_with_the_setting(process: ServerProcess) -> None:
    origin = "https://app.example"
    for _ in range(3):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(process.url, origin=origin, proxy=None):  # type: ignore[arg-type]
                pass
        assert refused.value.response.status_code == 403
        assert b"allowed_origins" in refused.value.response.body
        async with httpx.AsyncClient(trust_env=False) as http:
            response = await http.get(f"{process.http_url}/health", headers={"origin": origin})
            assert response.status_code == 403
    lines = process.said("allowed_origins")
    assert len(lines) == 1
    assert origin in lines[0]
    assert "WARNING" in lines[0]
    assert "Traceback" not in process.output
    assert "handshake" not in process.output


async def test_a_socket_to_a_wrong_path_says_where_it_is(process: ServerProcess) -> None:
    for path in ("/", "/ws", f"{V1}/query", "/rpc/"):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(process.url.replace("/rpc", path), proxy=None):
                pass
        assert refused.value.response.status_code == 404
        detail = json.loads(refused.value.response.body)["detail"]
        assert repr(path) in detail
        assert "/rpc" in detail
        assert len(process.said(f"a WebSocket to {path}:")) == 1
    assert "Traceback" not in process.output
    assert "handshake" not in process.output


def test_a_wrong_path_is_one_line(process: ServerProcess) -> None:
    assert httpx.get(f"{process.http_url}/nope", trust_env=False).status_code == 404
    assert len(process.said("/nope")) == 1
    assert "Traceback" not in process.output


@pytest.mark.parametrize(
    ("origin", "right"),
    [
        ("app.example", "https://app.example"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://app.example/page", "https://app.example"),
        ("https://app.example:443/?x=1", "https://app.example:443"),
        ("https://[app", "https://app.example"),
        ("", "scheme"),
    ],
)
def test_an_origin_that_no_browser_sends_is_an_error(
    tmp_path: Path, origin: str, right: str
) -> None:
    file = tmp_path / "stepwire.toml"
    file.write_text(f'allowed_origins = ["https://good.example", "{origin}"]\n')
    with pytest.raises(SettingsError, match="allowed_origins") as told:
        load({}, {}, file)
    assert right in str(told.value)
    with pytest.raises(SettingsError):
        create_app(small_graphs.greeter, Settings(allowed_origins=[origin]))


@pytest.mark.parametrize("origin", ["*", "https://app.example", "http://localhost:3000/"])
def test_right_origins_are_taken(origin: str) -> None:
    assert load({"allowed_origins": [origin]}, {})[0].allowed_origins == [origin]


def http_1_0(process: ServerProcess, path: str) -> tuple[bytes, bytes]:
    """Head and body of an answer, read to the connection's end."""
    with connected(process) as client:
        client.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer = b""
        while part := client.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.lower(), body


def test_a_reader_of_http_1_0_gets_no_chunks(process: ServerProcess) -> None:
    """As nginx is to what it stands before, unless it is told otherwise."""
    with httpx.Client(base_url=process.http_url, trust_env=False, timeout=60) as http:
        answer = http.post(f"{V1}/query", json={"query": "you"}).json()
        whole = http.get(answer["stream_url"]).content
        head, body = http_1_0(process, answer["stream_url"])
        assert b"transfer-encoding" not in head
        assert b"connection: close" in head
        assert body == whole
        assert body.rstrip().endswith(b'"status":"completed"}')
        head, body = http_1_0(process, "/livez")
        assert (b"content-length" in head, json.loads(body)) == (True, {"status": "ok"})
        # Others get chunks, and can tell an end from a break.
        assert http.get(answer["stream_url"]).headers["transfer-encoding"] == "chunked"
    assert "Traceback" not in process.output


HALF = "\\ud800"


@pytest.mark.parametrize("value", [f'"{HALF}"', f'{{"a": ["x{HALF}y"]}}', "NaN", "-Infinity"])
async def test_half_a_character_is_refused_with_the_calls_id(serve: Serve, value: str) -> None:
    """A client that cuts a text in the middle of an emoji must learn which of its calls that was."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:

        def call(id: str, query: str) -> str:
            params = f'"params": {{"query": {query}, "subscribe": false}}'
            return f'{{"jsonrpc": "2.0", "id": {id}, "method": "query.start", {params}}}'

        for id in ("7", '"seven"', "null"):
            answer = await one.exchange(call(id, value))
            assert answer["id"] == json.loads(id)
            assert answer["error"]["data"]["type"] == "parse_error"
        answer = await one.exchange(call(f'"{HALF}"', '"x"'))
        assert (answer["id"], answer["error"]["code"]) == (None, -32700)
        batch: list[Any] = await one.exchange(f"[{call('1', value)}, {call('2', chr(34) * 2)}]")
        found = {entry["id"]: entry for entry in batch}
        assert found[1]["error"]["data"]["type"] == "parse_error"
        assert found[2]["result"]["status"] == "queued"
        async with httpx.AsyncClient(trust_env=False) as http:
            response = await http.post(
                f"{server.http_url}/rpc",
                content=call("9", value),
                headers={"content-type": "application/json"},
            )
            assert response.json()["id"] == 9
        assert (await one.call("session.list"))["total"] == 1


async def test_bytes_that_are_no_text_are_refused_with_the_calls_id(serve: Serve) -> None:
    """What was written in another encoding, or cut in the middle of a character."""
    async with serve(small_graphs.greeter) as server, httpx.AsyncClient(trust_env=False) as http:

        async def post(message: bytes) -> Any:
            headers = {"content-type": "application/json"}
            answer = await http.post(f"{server.http_url}/rpc", content=message, headers=headers)
            return answer.json()

        for text in (b"caf\xe9", b"\xf0\x9f\x98", b"\xed\xa0\x80"):
            call = (
                b'{"jsonrpc": "2.0", "id": 7, "method": "session.list", "params": {"search": "%b"}}'
            )
            answer = await post(call % text)
            assert (answer["id"], answer["error"]["data"]["type"]) == (7, "parse_error")
            good = b'{"jsonrpc": "2.0", "id": "good", "method": "graph.list"}'
            batch = {one["id"]: one for one in await post(b"[%b, %b]" % (call % text, good))}
            assert batch[7]["error"]["code"] == -32700
            assert batch["good"]["result"]["graphs"]
        answer = await post(b'{"jsonrpc": "2.0", "id": "\xe9", "method": "graph.list"}')
        assert (answer["id"], answer["error"]["code"]) == (None, -32700)


async def test_responses_are_no_answers_to_the_clients_own_calls(serve: Serve) -> None:
    """Their ids are those of the server's calls: whoever has a call of the same id open must not take the error for its answer."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        for member in ({"result": 1}, {"error": {"code": 1, "message": "no"}}, {"result": None}):
            answer = await one.exchange(json.dumps({"jsonrpc": "2.0", "id": 7, **member}))
            assert (answer["id"], answer["error"]["code"]) == (None, -32600)
            assert "`method`" in answer["error"]["data"]["detail"]
        batch: list[Any] = await one.exchange(
            json.dumps(
                [
                    {"jsonrpc": "2.0", "id": 7, "result": 1},
                    {"jsonrpc": "2.0", "id": 7, "method": "graph.list"},
                    {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no"}},
                ]
            )
        )
        assert [entry["id"] for entry in batch] == [None, 7]
        # Nobody answers an error that names no call: two who did would never end.
        await one.send(
            json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "no"}})
        )
        assert (await one.call("server.info"))["name"] == "stepwire"
