"""What is too large, too deep or no text at all: a clear error, and the connection goes on."""

import json
from typing import Any

import httpx
import pytest

from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import Peer, Refused, peer

START = '{"jsonrpc":"2.0","method":"query.start","params":{"input":INPUT},"id":1}'
JSON_TYPE = {"content-type": "application/json"}


async def works(one: Peer) -> bool:
    return bool((await one.call("server.info"))["name"] == "stepwire")


@pytest.mark.parametrize("depth", [70, 600, 20_000])
@pytest.mark.parametrize("bracket", ["[]", "{}"])
async def test_json_that_nests_too_deep(serve: Serve, depth: int, bracket: str) -> None:
    """Deep nesting exhausts a parser's stack: it is refused by name, at any depth."""
    opening, closing = ("[", "]") if bracket == "[]" else ('{"a":', "}")
    deep = opening * depth + "1" + closing * depth
    text = START.replace("INPUT", deep).replace('"id":1', '"id":"deep"')
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answer = await one.exchange(text)
        assert answer["error"]["code"] == -32007
        assert "64" in answer["error"]["data"]["detail"]
        # Whoever waits for an answer to the call has it, where the call can be read.
        assert answer["id"] == (None if depth == 20_000 else "deep")
        assert await works(one)


async def test_of_a_batch_only_what_nests_too_deep_is_refused(serve: Serve) -> None:
    """By its id; the others are carried out, as beside any other bad entry."""
    deep: Any = "x"
    for _ in range(64):
        deep = [deep]
    batch = [
        {"jsonrpc": "2.0", "method": "server.info", "id": "right"},
        {"jsonrpc": "2.0", "method": "query.start", "params": {"input": deep}, "id": "deep"},
    ]
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answers = {answer["id"]: answer for answer in await one.exchange(batch)}
        assert answers["deep"]["error"]["code"] == -32007
        assert answers["right"]["result"]["name"] == "stepwire"
        assert len(answers) == 2
        assert (await one.call("session.list"))["total"] == 0


async def test_json_as_deep_as_allowed_is_taken(serve: Serve) -> None:
    """The bound is where `server.info` says it is, and brackets in strings do not count."""
    async with serve(small_graphs.greeter, max_json_depth=10) as server, peer(server.url) as one:
        limit = (await one.call("server.info"))["limits"]["max_json_depth"]
        assert limit == 10
        for levels, refused in ((limit - 2, False), (limit - 1, True)):
            # The message and its params are two of the levels.
            deep = "[" * levels + "]" * levels
            answer = await one.exchange(START.replace("INPUT", deep))
            assert (answer["error"]["code"] == -32007) == refused, answer
        story = await one.run("[[[[[[[[[[[[[[[[[[{{{{{{{{{{{{{{{")
        assert story.status == "completed"


async def test_a_message_that_is_too_large(serve: Serve) -> None:
    """A huge message is refused with its limit, up to where the socket itself gives up."""
    async with (
        serve(small_graphs.greeter, max_message_bytes=2048) as server,
        peer(server.url) as one,
    ):
        request = {"jsonrpc": "2.0", "method": "query.start", "id": 1}
        for filler in ("x" * 2048, "ü" * 1024):
            answer = await one.exchange(
                json.dumps({**request, "params": [filler]}, ensure_ascii=False)
            )
            assert answer["error"]["code"] == -32007
            assert "2048" in answer["error"]["data"]["detail"]
        padded = json.dumps({**request, "method": "server.info"})
        assert "result" in await one.exchange(padded + " " * (2048 - len(padded)))
        await one.send("x" * 50_000)
        await one.until(lambda: one.closed, "the close")
        assert one.closed is not None
        assert one.closed.rcvd is not None
        assert one.closed.rcvd.code == 1009
        async with peer(server.url) as other:
            assert await works(other)


async def test_a_batch_that_is_too_large(serve: Serve) -> None:
    """A batch past the limit is refused as a whole: none of its requests is run."""
    async with serve(small_graphs.greeter, max_batch_size=3) as server, peer(server.url) as one:
        one_request = {"jsonrpc": "2.0", "method": "query.start", "params": ["x"], "id": 1}
        answer = await one.exchange([one_request] * 4)
        assert answer["error"]["code"] == -32007
        assert answer["id"] is None
        assert (await one.call("session.list"))["total"] == 0
        answers = await one.exchange([{**one_request, "method": "server.info", "params": []}] * 3)
        assert len(answers) == 3


async def test_a_binary_frame(serve: Serve) -> None:
    """JSON-RPC is text here; who sends it as binary is told so."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        await one.socket.send(b'{"jsonrpc":"2.0","method":"server.info","id":1}')
        answer = await one.next_frame()
        assert answer["error"]["code"] == -32600
        assert "binary" in answer["error"]["data"]["detail"]
        assert answer["id"] is None
        assert await works(one)


async def test_text_that_is_not_utf8(serve: Serve) -> None:
    """RFC 6455 closes such a connection with 1007; the server and its other clients go on."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as other:
        async with peer(server.url) as one:
            await one.socket.send(b'{"jsonrpc":"2.0","method":"\xff","id":1}', text=True)
            await one.until(lambda: one.closed, "the close")
            assert one.closed is not None
            assert one.closed.rcvd is not None
            assert one.closed.rcvd.code == 1007
        assert await works(other)


@pytest.mark.parametrize("text", ["", " ", "nonsense", '{"a":', "'single'", "\ufeff{}", "NaN"])
async def test_text_that_is_not_json(serve: Serve, text: str) -> None:
    """A parse error has no id, and says at which byte it is."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answer = await one.exchange(text)
        assert answer["error"]["code"] == -32700
        assert answer["error"]["message"] == "Parse error"
        assert answer["id"] is None
        assert await works(one)


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"\xff\xfe", -32700, 200),
        (b"", -32700, 200),
        (b"[]", -32600, 200),
        (b"[" * 100_000, -32007, 200),
        (b"x" * (1024 * 1024 + 1), -32007, 413),
    ],
    ids=["not UTF-8", "empty", "empty batch", "too deep", "too large"],
)
async def test_the_same_over_post(serve: Serve, content: bytes, code: int, status: int) -> None:
    """`POST /rpc` refuses the same things with the same codes."""
    async with (
        serve(small_graphs.greeter) as server,
        httpx.AsyncClient(trust_env=False, verify=False) as client,
    ):
        response = await client.post(f"{server.http_url}/rpc", content=content, headers=JSON_TYPE)
        assert response.status_code == status
        assert response.json()["error"]["code"] == code


async def test_post_takes_json_only(serve: Serve) -> None:
    """A form or plain text could be posted by any web page without asking; JSON cannot."""
    body: Any = {"jsonrpc": "2.0", "method": "server.info", "id": 1}
    async with (
        serve(small_graphs.greeter) as server,
        httpx.AsyncClient(trust_env=False, verify=False) as client,
    ):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            response = await client.post(
                f"{server.http_url}/rpc", content=json.dumps(body), headers={"content-type": kind}
            )
            assert response.status_code == 415
            assert "application/json" in response.text
        for kind in ("application/json; charset=utf-8", "application/json-rpc"):
            response = await client.post(
                f"{server.http_url}/rpc", content=json.dumps(body), headers={"content-type": kind}
            )
            assert response.json()["result"]["name"] == "stepwire"


async def test_every_limit_is_told(serve: Serve) -> None:
    """Who is refused can look up what would have been taken: each limit's name is that of the setting."""
    given: dict[str, Any] = {"max_subscriptions": 7, "search_seconds": 3.5, "max_inflight": 9}
    async with serve(small_graphs.greeter, **given) as server, peer(server.url) as one:
        limits = (await one.call("server.info"))["limits"]
        settings = server.core.settings
        assert limits == {name: getattr(settings, name) or 0 for name in limits}
        assert given.items() <= limits.items()
        answer = await one.exchange([{"jsonrpc": "2.0", "id": 1, "method": "x"}] * 101)
        assert answer["error"]["data"]["limit"] == {"name": "max_batch_size", "value": 100}


async def test_a_connection_has_so_many_subscriptions(serve: Serve) -> None:
    """Past the limit a call is refused before anything is started, one of a batch's by itself."""
    start = {"jsonrpc": "2.0", "method": "query.start", "params": {"query": "x"}}
    async with serve(small_graphs.greeter, max_subscriptions=3) as server, peer(server.url) as one:
        await one.send([{**start, "id": number} for number in range(6)])
        answers = await one.until(
            lambda: next((f for f in one.frames if isinstance(f, list)), None)
        )
        begun = [answer["result"]["session_id"] for answer in answers if "result" in answer]
        refused = [answer["error"]["data"] for answer in answers if "error" in answer]
        assert len(begun) == len(refused) == 3
        for data in refused:
            assert data["type"] == "too_large"
            assert data["limit"] == {"name": "max_subscriptions", "value": 3}
        for session_id in begun:
            assert await one.settled(session_id) == "completed"
        assert (await one.call("session.list"))["total"] == 3
        # What needs no room is taken: without events, of a session it has, on another connection, after one is given up.
        other = await one.call("query.start", query="x", subscribe=False)
        await one.call("session.subscribe", session_id=begun[0])
        await one.call("query.start", query="y", session_id=begun[0])
        async with peer(server.url) as two:
            await two.call("session.subscribe", session_id=other["session_id"])
        with pytest.raises(Refused, match="max_subscriptions"):
            await one.call("session.subscribe", session_id=other["session_id"])
        await one.call("session.unsubscribe", session_id=begun[1])
        await one.call("session.subscribe", session_id=other["session_id"])
        # A call that fails keeps no room.
        await one.call("session.unsubscribe", session_id=other["session_id"])
        for _ in range(3):
            with pytest.raises(Refused, match="session_not_found"):
                await one.call("session.subscribe", session_id="none")
        await one.call("session.subscribe", session_id=other["session_id"])
