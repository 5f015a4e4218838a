"""Stops at every error that a node raises: also at those that are retried, handled or caught."""

from typing import Any

import pytest
from langgraph.types import RetryPolicy

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


def failing(times: int, **options: Any) -> graphs.Compiled:
    """`a`, then `b`, which raises so often and then says so, then `c`."""
    left = [times]

    async def body(state: graphs.State) -> dict[str, Any]:
        graphs.ran("b")
        if left[0]:
            left[0] -= 1
            raise ValueError(f"no {times - left[0]}")
        return {"said": ["b"]}

    return graphs.build(
        ("a", "b"), ("b", "c"), a=graphs.says("a"), b=(body, options), c=graphs.says("c")
    )


RETRIES = RetryPolicy(retry_on=ValueError, max_attempts=3, initial_interval=0.001, jitter=False)


async def test_one_that_is_retried_stops_and_then_is_tried_again(serve: Serve) -> None:
    async with serve(failing(3, retry_policy=RETRIES)) as server, connect(server.url) as client:
        session = await debug(client, stop_on_entry=False, break_on_raised=True)
        assert (session.stop["reason"], session.standing) == ("raised", ["b"])
        assert session.stop["detail"] == "ValueError: no 1"
        # It runs again, and its first error has been told: the retry has its turn, and its error stops.
        await session.on()
        assert (session.stop["reason"], session.stop["detail"]) == ("raised", "ValueError: no 3")
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c"]


async def test_one_that_is_handled_stops_and_then_is_handled(serve: Serve) -> None:
    async def rescued(state: graphs.State) -> dict[str, Any]:
        return {"said": ["rescued"]}

    graph = failing(9, error_handler=rescued)
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, stop_on_entry=False, break_on_raised=["ValueError"])
        assert (session.stop["reason"], session.standing) == ("raised", ["b"])
        assert await session.on() == "completed"
        assert "rescued" in session.result["said"]
        other = await debug(client, stop_on_entry=False, break_on_raised=["KeyError"])
        assert other.status == "completed"


async def test_one_that_a_function_catches_stops_once_inside(serve: Serve) -> None:
    inner = failing(9)

    async def caller(state: graphs.State) -> dict[str, Any]:
        try:
            await inner.ainvoke({"query": "q"})
        except ValueError:
            return {"said": ["caught"]}
        return {"said": ["fine"]}

    graph = graphs.build(("caller", "end"), caller=caller, end=graphs.says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, stop_on_entry=False, break_on_raised=True)
        assert (session.stop["reason"], session.standing) == ("raised", ["caller/b"])
        assert await session.on() == "completed"
        assert session.result["said"] == ["caught", "end"]


async def test_one_that_ends_the_run_stops_as_ever_and_is_told_apart(serve: Serve) -> None:
    async with serve(failing(9)) as server, connect(server.url) as client:
        session = await debug(client, stop_on_entry=False, break_on_raised=True)
        assert session.stop["reason"] == "failure"
        told = await session.call("breakOnError", errors=False, raised=["KeyError"])
        assert told == {"session_id": session.id, "errors": False, "raised": ["KeyError"]}
        assert await session.on() == "failed"
        with pytest.raises(RpcError) as refused:
            await client.call("query.start", query="q", break_on_raised=True)
        assert refused.value.path == "$.break_on_raised"


async def test_without_being_asked_for_nothing_of_it_stops(serve: Serve) -> None:
    async with serve(failing(2, retry_policy=RETRIES)) as server, connect(server.url) as client:
        session = await debug(client, stop_on_entry=False)
        assert session.status == "completed"
        assert RAN["b"] == 3
