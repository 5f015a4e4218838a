"""Checkpoints of every graph listed and looked into, compared, and asked: by expressions, with values, at any time."""

from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug, run
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_the_history_has_the_checkpoints_of_subgraphs_that_ended(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await run(client)
        told = {one["checkpoint_id"]: one["path"] for one in session.of("state.checkpoint")}
        found = (await session.call("history", limit=1000))["checkpoints"]
        assert {one["checkpoint_id"]: one["path"] for one in found} == told
        assert {"", "left", "left/deeper", "right"} <= set(told.values())
        assert all(one["rewindable"] == (one["path"] == "") for one in found)
        deeper = (await session.call("history", path="left/deeper"))["checkpoints"]
        assert {one["path"] for one in deeper} == {"left/deeper"}
        for one in deeper:
            then = await session.call("inspect", checkpoint_id=one["checkpoint_id"])
            assert (then["path"], then["next"]) == ("left/deeper", one["next"])
        last = await session.call("inspect", checkpoint_id=deeper[0]["checkpoint_id"])
        assert last["values"]["said"] == ["left/deeper/x", "left/deeper/y"]
        one = await session.call(
            "inspect",
            checkpoint_id=deeper[0]["checkpoint_id"],
            value_path="/said",
            start=1,
            count=1,
        )
        assert one["values"] == ["left/deeper/y"]
        top = (await session.call("history", path=""))["checkpoints"]
        assert {one["path"] for one in top} == {""}
        pages: list[Any] = []
        before: dict[str, Any] = {}
        while page := (await session.call("history", limit=4, **before))["checkpoints"]:
            pages += page
            before = {"before": page[-1]["checkpoint_id"]}
        assert pages == found


async def test_an_ended_subgraph_is_not_rewound(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y"])
        found = (await session.call("history", limit=1000))["checkpoints"]
        inside = [one for one in found if one["path"] == "left/deeper" and one["rewindable"]]
        assert inside
        await session.rewind(inside[-1]["checkpoint_id"])
        assert await session.on() == "paused"
        assert await session.on() == "completed"
        with pytest.raises(RpcError) as refused:
            await session.call("rewind", checkpoint_id=inside[-1]["checkpoint_id"])
        assert refused.value.type == "checkpoint_not_found"
        assert "left/deeper" in refused.value.detail


async def test_a_history_with_values(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await run(client)
        found = (await session.call("history", values=True))["checkpoints"]
        assert [len(one["values"].get("said", [])) for one in found] == [6, 5, 4, 3, 2, 1, 0, 0]
        assert (await session.call("history"))["checkpoints"][0]["values"] is None


async def test_two_checkpoints_are_compared_in_one_call(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await run(client)
        found = (await session.call("history"))["checkpoints"]
        parent = await session.call("diff", checkpoint_id=found[0]["checkpoint_id"])
        assert parent["other_checkpoint_id"] == found[1]["checkpoint_id"]
        assert parent["differences"] == [
            {"path": "/said/5", "kind": "added", "before": None, "after": "f"}
        ]
        back = await session.call(
            "diff",
            checkpoint_id=found[2]["checkpoint_id"],
            other_checkpoint_id=found[0]["checkpoint_id"],
        )
        assert [(one["path"], one["kind"]) for one in back["differences"]] == [
            ("/said/4", "removed"),
            ("/said/5", "removed"),
        ]
        assert back["total"] == 2
        with pytest.raises(RpcError) as refused:
            await session.call("diff", checkpoint_id="none")
        assert refused.value.type == "checkpoint_not_found"


async def test_expressions_are_evaluated_where_it_stands(serve: Serve) -> None:
    async with serve(graphs.fan_out(5)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["work"])
        seen = len(session.events)
        (third,) = [t["task_id"] for t in session.stop["tasks"] if t["input"]["item"] == 3]
        found = await session.call("evaluate", expression="input['item'] * 10", task_id=third)
        assert found == {"value": 30, "task_id": third}
        state = await session.call("evaluate", expression="[len(state), state['query']]")
        assert state["value"][1] == "q"
        first = (await session.call("history"))["checkpoints"][-1]["checkpoint_id"]
        then = await session.call("evaluate", expression="len(state)", checkpoint_id=first)
        assert then["value"] == len(await session.values(checkpoint_id=first))
        assert then["value"] < len(await session.values())
        for expression in ("import os", "open('x')", "state['none']", "1 / 0", "x"):
            with pytest.raises(RpcError) as refused:
                await session.call("evaluate", expression=expression)
            assert refused.value.path == "$.expression"
        assert len(session.events) == seen
