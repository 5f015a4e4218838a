"""The examples of JSON-RPC 2.0, section 7, to the letter, over the WebSocket and over POST.

https://www.jsonrpc.org/specification#examples. The table below is copied from there; only the `data` of
errors, which the specification leaves to the server, is taken off before comparing.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from msgspec import Struct
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Scope
from starlette.websockets import WebSocket

from protocol.methods import Method
from protocol.values import Message
from rpc.auth.middleware import PrincipalMiddleware
from rpc.auth.principals import LOCAL, Principal
from rpc.methods.bus import Bus
from rpc.methods.call import Call
from rpc.transports.jsonrpc import post as http
from rpc.transports.jsonrpc.messages import Dispatcher
from rpc.transports.jsonrpc.websocket import Connection
from rpc.transports.rest.problems import refused
from tests.support.in_process import listening
from tests.support.peer import peer


class Subtract(Message, frozen=True):
    minuend: int
    subtrahend: int


class Numbers(Message, frozen=True):
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0
    e: int = 0


class Nothing(Message, frozen=True):
    pass


async def subtract(_: Call, params: Subtract) -> int:
    return params.minuend - params.subtrahend


async def add(_: Call, params: Numbers) -> int:
    return params.a + params.b + params.c + params.d + params.e


async def get_data(_: Call, __: Nothing) -> list[Any]:
    return ["hello", 5]


HANDLERS: dict[str, tuple[type[Message], Any]] = {
    "subtract": (Subtract, subtract),
    "sum": (Numbers, add),
    "update": (Numbers, add),
    "notify_sum": (Numbers, add),
    "notify_hello": (Numbers, add),
    "get_data": (Nothing, get_data),
}


class Example(Struct, frozen=True):
    """What is sent, and what comes back; None for nothing at all."""

    title: str
    sent: str
    answer: Any


EXAMPLES = [
    Example(
        "positional",
        '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}',
        {"jsonrpc": "2.0", "result": 19, "id": 1},
    ),
    Example(
        "positional, the other way round",
        '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
        {"jsonrpc": "2.0", "result": -19, "id": 2},
    ),
    Example(
        "named",
        '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
        {"jsonrpc": "2.0", "result": 19, "id": 3},
    ),
    Example(
        "named, in another order",
        '{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}',
        {"jsonrpc": "2.0", "result": 19, "id": 4},
    ),
    Example(
        "a notification", '{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}', None
    ),
    Example("a notification of no such method", '{"jsonrpc": "2.0", "method": "foobar"}', None),
    Example(
        "no such method",
        '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
        {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"},
    ),
    Example(
        "invalid JSON",
        '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
        {"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": None},
    ),
    Example(
        "an invalid request object",
        '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
        {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": None},
    ),
    Example(
        "a batch of invalid JSON",
        """[
  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
  {"jsonrpc": "2.0", "method"
]""",
        {"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": None},
    ),
    Example(
        "an empty array",
        "[]",
        {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": None},
    ),
    Example(
        "an invalid batch, not empty",
        "[1]",
        [{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": None}],
    ),
    Example(
        "an invalid batch",
        "[1,2,3]",
        [{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": None}]
        * 3,
    ),
    Example(
        "a batch",
        """[
        {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
    ]""",
        [
            {"jsonrpc": "2.0", "result": 7, "id": "1"},
            {"jsonrpc": "2.0", "result": 19, "id": "2"},
            {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": None},
            {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
            {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"},
        ],
    ),
    Example(
        "a batch of notifications",
        """[
        {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
    ]""",
        None,
    ),
]


@asynccontextmanager
async def calculator() -> AsyncIterator[str]:
    """Our dispatcher and transports with the specification's methods; the server's `host:port`."""
    table = {
        name: Method(name, kind, None, "read", "An example of the specification.", ())
        for name, (kind, _) in HANDLERS.items()
    }
    handlers = {name: handler for name, (_, handler) in HANDLERS.items()}
    dispatcher = Dispatcher(
        Bus(table, handlers, lambda *_: True),
        max_batch_size=10,
        max_json_depth=20,
        max_frame_bytes=1 << 16,
    )

    async def websocket(socket: WebSocket) -> None:
        await Connection(
            socket,
            dispatcher,
            max_message_bytes=4096,
            max_frame_bytes=1 << 16,
            max_inflight=8,
            max_subscriptions=8,
        ).serve()

    async def post(request: Request) -> Response:
        return await http.rpc(request, dispatcher, 4096)

    async def anybody(_: Scope) -> Principal:
        return LOCAL

    app = Starlette(
        routes=[WebSocketRoute("/rpc", websocket), Route("/rpc", post, methods=["POST"])],
        middleware=[Middleware(PrincipalMiddleware, authenticate=anybody, refuse=refused)],
    )
    async with listening(app) as where:
        yield where


def bare(answer: Any) -> Any:
    """An answer without its errors' `data`, each of which must say what was wrong."""
    if isinstance(answer, list):
        return [bare(one) for one in answer]
    if "error" in answer:
        data = answer["error"].pop("data")
        assert data["type"]
        assert data["detail"]
    return answer


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
async def test_over_the_websocket(example: Example) -> None:
    """A client library that was written against the specification does not work with this server."""
    async with calculator() as where, peer(f"ws://{where}/rpc") as one:
        if example.answer is not None:
            assert bare(await one.exchange(example.sent)) == example.answer
            return
        # Nothing comes back: the next answer is to what was sent after it.
        await one.send(example.sent)
        assert await one.exchange('{"jsonrpc": "2.0", "method": "get_data", "id": "next"}') == {
            "jsonrpc": "2.0",
            "result": ["hello", 5],
            "id": "next",
        }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
async def test_over_post(example: Example) -> None:
    """The same by HTTP, for clients that hold no socket."""
    async with calculator() as where, httpx.AsyncClient(trust_env=False, verify=False) as client:
        response = await client.post(
            f"http://{where}/rpc",
            content=example.sent,
            headers={"content-type": "application/json"},
        )
    if example.answer is None:
        assert response.status_code == 204
        assert response.content == b""
        return
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert bare(json.loads(response.content)) == example.answer
