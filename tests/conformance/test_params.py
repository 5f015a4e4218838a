"""Params: by name and by position, and what a wrong one is told."""

from typing import Any

import pytest

from protocol.methods import METHODS
from tests.support import small_graphs
from tests.support.in_process import Serve
from tests.support.peer import peer

WRONG: list[tuple[str, Any, str]] = [
    # A wrong type.
    ("query.start", {"query": 5}, "$.query"),
    ("query.start", {"query": "x", "debug_mode": "yes"}, "$.debug_mode"),
    ("query.start", {"query": "x", "config": []}, "$.config"),
    ("query.start", {"query": "x", "subscribe": {"types": "progress"}}, "$.subscribe.types"),
    ("query.start", {"query": "x", "subscribe": {"batch": 1}}, "$.subscribe.batch"),
    ("query.start", {"query": "x", "breakpoints": [5]}, "$.breakpoints[0]"),
    ("session.list", {"limit": "10"}, "$.limit"),
    ("session.list", {"limit": True}, "$.limit"),
    ("session.list", {"limit": 1.5}, "$.limit"),
    ("session.subscribe", {"session_id": "x", "after": None}, "$.after"),
    ("session.get", {"session_id": None}, "$.session_id"),
    ("session.get", {"session_id": ["x"]}, "$.session_id"),
    # A value out of bounds.
    ("session.list", {"limit": 0}, "$.limit"),
    ("session.list", {"limit": 1001}, "$.limit"),
    ("session.list", {"offset": -1}, "$.offset"),
    ("session.list", {"offset": 2**63}, "$.offset"),
    ("session.list", {"offset": 10**30}, "$.offset"),
    ("session.list", {"status": "done"}, "$.status"),
    ("session.list", {"cursor": "not one of ours"}, "$.cursor"),
    ("session.list", {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OnNlc3Npb24="}, "$.cursor"),
    ("session.list", {"cursor": "ü"}, "$.cursor"),
    ("session.events", {"session_id": "x", "after": -1}, "$.after"),
    ("session.get", {"session_id": ""}, "$.session_id"),
    ("session.get", {"session_id": "x" * 129}, "$.session_id"),
    ("query.start", {"query": "x", "idempotency_key": ""}, "$.idempotency_key"),
    # A missing field.
    ("session.get", {}, "$.session_id"),
    ("session.get", [], "$.session_id"),
    ("query.respond", {"session_id": "x"}, "$.value"),
    ("query.start", {}, "$.query"),
    ("query.start", {"query": "x", "input": {"query": "y"}}, "$.query"),
    # An unknown field.
    ("session.get", {"session_id": "x", "verbose": True}, "$.verbose"),
    ("server.info", {"x": 1}, "$.x"),
    ("query.start", {"query": "x", "subscribe": {"typs": []}}, "$.subscribe.typs"),
    ("session.get", ["x", "y"], "$"),
    # Of the graph's own input and settings.
    ("query.start", {"input": [1]}, "$.input"),
    ("query.start", {"input": {"quarry": "x"}}, "$.input"),
    ("query.start", {"query": "x", "config": {"thread_id": "other"}}, "$.config.thread_id"),
    ("query.start", {"query": "x", "config": {"recursion_limit": 0}}, "$.config.recursion_limit"),
    ("query.start", {"query": "x", "config": {"recursion_limit": "9"}}, "$.config.recursion_limit"),
]


@pytest.mark.parametrize(
    ("method", "params", "path"), WRONG, ids=lambda value: str(value).replace("'", "")[:50]
)
async def test_a_wrong_param_is_named_by_its_path(
    serve: Serve, method: str, params: Any, path: str
) -> None:
    """A developer with a typo sees which field it is in, and no run is started."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        answer = await one.answer(method, params)
        error = answer["error"]
        assert (error["code"], error["data"]["type"]) == (-32602, "invalid_params")
        assert error["data"]["path"] == path
        assert len(error["data"]["detail"]) > 10
        assert (await one.call("session.list"))["total"] == 0


async def test_the_detail_says_where_and_what_would_be_right(serve: Serve) -> None:
    """The path stands in the text for people too, with the name that was probably meant."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        typo = (await one.answer("query.start", {"querry": "x"}))["error"]["data"]
        assert "$.querry" in typo["detail"]
        assert "did you mean 'query'?" in typo["detail"]
        wrong = (await one.answer("query.start", {"query": 5}))["error"]["data"]
        assert "$.query" in wrong["detail"]
        assert "int" in wrong["detail"]
        method = (await one.answer("query.strat", {}))["error"]["data"]
        assert "query.start" in method["detail"]
        graph = (await one.answer("query.start", {"query": "x", "graph": "defualt"}))["error"]
        assert graph["code"] == -32002
        assert "'default'" in graph["data"]["detail"]


async def test_params_by_position_mean_the_same(serve: Serve) -> None:
    """Positional params follow the order of the documented fields."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("world")
        session_id = story.session_id
        by_name = await one.call("session.events", session_id=session_id, after=2, limit=2)
        by_position = await one.answer("session.events", [session_id, 2, 2])
        assert by_position["result"] == by_name
        assert [event["params"]["seq"] for event in by_name["events"]] == [3, 4]
        started = (await one.answer("query.start", ["again"]))["result"]
        assert started["query"] == "again"
        assert await one.settled(started["session_id"]) == "completed"


@pytest.mark.parametrize("absent", ["left out", [], {}])
async def test_no_params_in_any_form(serve: Serve, absent: Any) -> None:
    """A method that needs none takes none, an empty array and an empty object."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        for method in ("server.info", "rpc.discover", "graph.list", "session.list"):
            request = {"jsonrpc": "2.0", "method": method, "id": method}
            if absent != "left out":
                request["params"] = absent
            assert "result" in await one.exchange(request), method


async def test_every_method_of_the_table_is_there(serve: Serve) -> None:
    """What the protocol's document lists can be called; none answers that it does not exist."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        info = await one.call("server.info")
        assert info["methods"] == list(METHODS)
        missing = []
        for method in METHODS:
            answer = await one.answer(method, {"no such field": 1})
            assert answer["error"]["code"] in (-32601, -32602), method
            if answer["error"]["code"] == -32601:
                missing.append(method)
        assert not missing
