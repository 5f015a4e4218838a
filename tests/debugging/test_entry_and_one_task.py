"""Whether a run stops at its entry is said, and one task of several goes on by itself to the next breakpoint."""

from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import connect, debug, follow
from tests.debugging.graphs import RAN, build, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


@pytest.mark.parametrize(
    ("entry", "breakpoints", "standing"),
    [
        (None, [], ["a"]),
        (None, ["c"], ["c"]),
        (True, ["c"], ["a"]),
        (False, ["c"], ["c"]),
        (False, [], []),
    ],
)
async def test_the_entry(
    serve: Serve, entry: bool | None, breakpoints: list[str], standing: list[str]
) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        more: dict[str, Any] = {} if entry is None else {"stop_on_entry": entry}
        started = await client.call(
            "query.start", query="q", debug_mode=True, breakpoints=breakpoints, **more
        )
        session = await follow(client, started["session_id"])
        assert await session.rest() == ("paused" if standing else "completed")
        if standing:
            assert session.standing == standing


async def test_a_stop_at_the_entry_needs_debug_mode(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        with pytest.raises(RpcError) as refused:
            await client.call("query.start", query="q", stop_on_entry=True)
        assert refused.value.path == "$.stop_on_entry"


async def test_one_task_goes_on_and_its_sibling_stands(serve: Serve) -> None:
    left = build(("a", "b"), inner=True, a=says("left/a"), b=says("left/b"))
    right = build(("a", "b"), inner=True, a=says("right/a"), b=says("right/b"))
    graph = build(("left", "end"), ("right", "end"), left=left, right=right, end=says("end"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["a", "left/b"])
        assert session.standing == ["left/a", "right/a"]
        holders = {one["path"]: one["task_id"] for one in session.of("node.started")}
        assert {task.path: task.parent_task_id for task in session.debugger.tasks} == {
            "left/a": holders["left"],
            "right/a": holders["right"],
        }
        await session.call("continue", task_id=session.task("left/a"))
        assert await session.rest() == "paused"
        assert session.standing == ["left/b", "right/a"]
        assert RAN == {"left/a": 1}
        assert [one.parent_task_id for one in session.debugger.tasks] == [
            holders[one.path.partition("/")[0]] for one in session.debugger.tasks
        ]
        with pytest.raises(RpcError, match="no stopped task 'nobody'"):
            await session.call("continue", task_id="nobody")
        await session.call("continue", task_id=session.task("right/a"))
        assert await session.rest() == "paused"
        assert session.standing == ["left/b"]
        assert await session.on() == "completed"
        assert sorted(RAN) == ["end", "left/a", "left/b", "right/a", "right/b"]


async def test_tasks_at_the_top_have_no_parent(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert [task.parent_task_id for task in session.debugger.tasks] == [None]
        first = await session.call("history")
        await session.step()
        back = first["checkpoints"][0]["checkpoint_id"]
        await session.call("rewind", checkpoint_id=back)
        await session.until(lambda: session.stop["reason"] == "rewind", "the way back")
        assert [task["parent_task_id"] for task in session.stop["tasks"]] == [None]
