"""Moves made again because their answer was lost: a debugger that steps twice has passed what it came to see."""

from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug, run
from tests.debugging.graphs import RAN, asks, build, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_a_step_with_the_same_key_is_done_once(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert session.standing == ["a"]
        assert await session.step(idempotency_key="k1") == "paused"
        for _ in range(2):
            again = await session.call("step", idempotency_key="k1")
            assert again["status"] == "running"
        assert session.standing == ["b"]
        assert RAN == {"a": 1}
        for method, params in (("step", {"mode": "into"}), ("continue", {})):
            with pytest.raises(RpcError) as refused:
                await session.call(method, idempotency_key="k1", **params)
            assert refused.value.path == "$.idempotency_key"
        assert await session.step(idempotency_key="k2") == "paused"
        assert RAN == {"a": 1, "b": 1}


async def test_an_edit_and_a_rewind_with_the_same_key_are_done_once(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b"])
        stopped = session.stop["checkpoint_id"]
        edit: Any = {"values": {"said": ["x"]}, "as_node": "a", "idempotency_key": "e"}
        first = await session.call("setState", **edit)
        assert await session.call("setState", **edit) == first
        assert (await session.values())["said"] == ["a", "x"]
        back: Any = {"checkpoint_id": stopped, "idempotency_key": "r"}
        moved = await session.call("rewind", **back)
        seen = len((await session.call("history"))["checkpoints"])
        assert await session.call("rewind", **back) == moved
        assert len((await session.call("history"))["checkpoints"]) == seen
        with pytest.raises(RpcError) as refused:
            await session.call("rewind", checkpoint_id=stopped, rerun=True, idempotency_key="r")
        assert refused.value.path == "$.idempotency_key"


async def test_a_move_is_refused_where_the_session_stands_elsewhere(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        here = session.stop["checkpoint_id"]
        assert await session.step(expected_checkpoint_id=here) == "paused"
        for method, params in (
            ("step", {}),
            ("continue", {}),
            ("setState", {"values": {"said": ["x"]}}),
            ("rewind", {"checkpoint_id": here}),
        ):
            with pytest.raises(RpcError) as refused:
                await session.call(method, expected_checkpoint_id=here, **params)
            assert refused.value.type == "wrong_state"
            assert session.stop["checkpoint_id"] in refused.value.detail
        assert session.standing == ["b"]
        assert RAN == {"a": 1}


async def test_an_answer_with_the_same_key_is_given_once(serve: Serve) -> None:
    """Repeated without a key it would be the answer to the next question."""
    graph = build(("one", "two"), ("two", "end"), one=asks("one"), two=asks("two"), end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await run(client)
        seen = session.seq
        answer = {"session_id": session.id, "value": "first", "idempotency_key": "a"}
        await client.call("query.respond", **answer)
        assert await session.rest(after=seen) == "waiting"
        assert (await client.call("query.respond", **answer))["status"] == "running"
        assert (await client.call("session.get", session_id=session.id))["status"] == "waiting"
        assert await session.respond("second") == "completed"
        assert session.result["said"] == ["one=first", "two=second", "end"]
