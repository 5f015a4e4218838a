"""`debug.restartNode` and `debug.stepBack`: one node runs again, and what ran or stands beside it stays as it is."""

from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import Debugged, connect, debug
from tests.debugging.graphs import RAN, Flaky, build, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def again(session: Debugged, node_name: str | None = None, **params: Any) -> Any:
    """`debug.restartNode`; what it told is seen."""
    return await session.debugger.restart_node(node_name, **params)


async def test_one_of_two_that_ran_side_by_side(serve: Serve) -> None:
    graph = build(("a", "c"), ("b", "c"), a=says("a"), b=says("b"), c=says("c"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        there = await again(session, "b")
        assert (there.path, there.status) == ("b", "paused")
        assert session.standing == ["b"]
        assert session.stop["reason"] == "restart"
        assert there.task_id == session.task("b")
        (changed,) = session.of("debug.changed")
        assert (changed["action"], changed["path"]) == ("restart", "")
        assert changed["values"] == {"said": ["a"]}
        await session.step()
        assert session.standing == ["c"]
        assert RAN == {"a": 1, "b": 2}
        assert (await session.values())["said"] == ["a", "b"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c"]
        session.check(RAN)


async def test_it_goes_at_once_where_that_is_asked_for(serve: Serve) -> None:
    graph = build(("a", "c"), ("b", "c"), a=says("a"), b=says("b"), c=says("c"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        assert (await again(session, "a", run=True)).status == "running"
        assert session.standing == ["c"]
        assert RAN == {"a": 2, "b": 1}
        assert session.of("debug.resumed")[-1]["action"] == "restart"


async def test_one_of_those_that_send_made(serve: Serve) -> None:
    async with serve(graphs.fan_out(3)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["join"])
        with pytest.raises(RpcError, match="which one"):
            await again(session, "work")
        ran = [one for one in session.of("node.finished") if one["path"] == "work"]
        (second,) = [one for one in ran if one["update"] == {"said": ["work 1"]}]
        await again(session, task_id=second["task_id"])
        assert session.standing == ["work"]
        assert session.debugger.tasks[0].input == {"item": 1}
        await session.step()
        assert session.standing == ["join"]
        assert RAN == {"split": 1, "work 0": 1, "work 1": 2, "work 2": 1}
        assert (await session.values())["said"] == ["split", "work 0", "work 1", "work 2"]
        session.check()


async def test_beside_what_stands_in_subgraphs(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "right/q"])
        standing = {one.path: one.task_id for one in session.debugger.tasks}
        # It has ended in the superstep that goes on.
        await again(session, "side")
        assert session.standing == ["left/deeper/y", "right/q", "side"]
        assert {session.task(path): path for path in standing} == {
            task: path for path, task in standing.items()
        }
        await session.step(at="side")
        assert session.standing == ["left/deeper/y", "right/q"]
        # A subgraph begins anew, with all that is in it.
        await again(session, "left")
        assert session.standing == ["left", "right/q"]
        assert session.task("right/q") == standing["right/q"]
        await session.step("into", at="left")
        assert session.standing == ["left/w", "right/q"]
        assert await session.on() == "paused"
        assert session.standing == ["left/deeper/y"]
        assert await session.on() == "completed"
        assert RAN["side"] == RAN["left/w"] == RAN["left/deeper/x"] == 2
        assert RAN["right/p"] == RAN["right/q"] == RAN["top"] == RAN["left/deeper/y"] == 1
        assert sorted(session.result["said"]) == sorted(
            [
                "top",
                "left/w",
                "left/deeper/x",
                "left/deeper/y",
                "right/p",
                "right/q",
                "side",
                "join",
            ]
        )
        session.check(RAN, graphs.DEEP)


async def test_one_inside_a_subgraph(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "right/q"])
        await again(session, "right/p")
        assert session.standing == ["left/deeper/y", "right/p"]
        await session.step(at="right/p")
        assert session.standing == ["left/deeper/y", "right/q"]
        assert (RAN["right/p"], RAN["left/w"]) == (2, 1)
        assert (await session.values(node_name="right/q"))["said"] == ["right/p"]
        session.check(RAN, graphs.DEEP)


async def test_a_node_that_asks_takes_its_question_back(serve: Serve) -> None:
    async with serve(graphs.asking(2)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["side/two"])
        before = {one["node"]: one["interrupt_id"] for one in session.of("input.requested")}
        await again(session, "ask0")
        assert session.standing == ["?ask1", "ask0", "side/two"]
        record = await client.client.session(session.id)
        assert [one.node for one in record.interrupts] == ["ask1"]
        with pytest.raises(RpcError):
            await client.client.respond(session.id, "x", before["ask0"])
        await session.step(at="ask0")
        assert session.standing == ["?ask0", "?ask1", "side/two"]
        assert RAN["ask0"] == 2
        session.check()


async def test_a_function_begins_again_with_what_it_called(serve: Serve) -> None:
    async with serve(graphs.functional()) as server, connect(server.url) as client:
        session = await debug(client, "x", breakpoints=["flow/third"])
        await again(session, task_id=session.task("flow/third"))
        assert session.standing == ["flow"]
        await session.on()
        assert session.standing == ["flow/third"]
        assert RAN["flow/first"] == 2, "what it had come to is forgotten"
        assert await session.on() == "completed"
        assert session.result == ["1x", "21x", "31x"]
        session.check()


@pytest.mark.parametrize("sync", [True, False])
async def test_a_function_that_calls_a_graph(serve: Serve, sync: bool) -> None:
    async with serve(graphs.calling(sync=sync)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["call/two"])
        await again(session)
        assert session.standing == ["call/two"]
        await again(session, "call")
        assert session.standing == ["call"]
        await session.on()
        assert session.standing == ["call/two"]
        assert (RAN["call/one"], RAN["side"]) == (2, 1)
        assert await session.on() == "completed"
        assert session.result["said"] == ["call/one", "call/two", "side", "end"]


async def test_a_failure_and_what_has_ended(serve: Serve) -> None:
    graph = build(("a", "b"), ("b", "c"), a=says("a"), b=Flaky("b"), c=says("c"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        assert session.stop["reason"] == "failure"
        await again(session)
        (task,) = session.debugger.tasks
        assert (task.path, task.reason, task.detail) == ("b", "pause", None)
        await session.step()
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        # Nothing stands: what ran last.
        await again(session)
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        assert RAN == {"a": 1, "b": 2, "c": 2}
        session.check(RAN)


async def test_in_a_loop_it_is_the_newest_run(serve: Serve) -> None:
    async with serve(graphs.cycle(3)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[{"node_name": "check", "hit_count": 3}])
        assert (await session.values())["n"] == 3
        await again(session, "turn")
        assert (await session.values())["n"] == 2
        first = next(one for one in session.of("node.finished") if one["path"] == "turn")
        await again(session, task_id=first["task_id"])
        assert "n" not in await session.values()
        session.check()


async def test_what_cannot_be_run_again_changes_nothing(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["right/q", "side"])
        seq = session.seq
        for params, said in (
            ({"node_name": "nowhere"}, "has no node 'nowhere'"),
            ({"node_name": "join"}, "has not run"),
            ({"task_id": "nobody"}, "no task 'nobody' ran"),
            ({}, "which one"),
        ):
            with pytest.raises(RpcError, match=said):
                await session.call("restartNode", **params)
        assert session.seq == seq
        assert session.standing == ["right/q", "side"]


async def test_once_by_its_key(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        made = await session.call("restartNode", node_name="b", idempotency_key="one")
        assert await session.call("restartNode", node_name="b", idempotency_key="one") == made
        back = await session.call("stepBack", idempotency_key="two")
        assert await session.call("stepBack", idempotency_key="two") == back
        await session.debugger.look()
        assert [one.path for one in session.debugger.tasks] == ["a"]


async def test_one_step_back_at_a_time_to_the_first(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["d"])
        for path in ("c", "b"):
            await session.debugger.step_back()
            assert session.standing == [path]
            assert session.stop["reason"] == "rewind"
        await session.step()
        assert session.standing == ["c"]
        await session.debugger.step_back()
        assert session.standing == ["b"]
        await session.debugger.step_back()
        assert session.standing == ["a"]
        with pytest.raises(RpcError, match="the first step of the run"):
            await session.debugger.step_back()
        await session.on()
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c", "d", "e", "f"]
        await session.debugger.step_back()
        assert session.standing == ["f"]
        session.check(RAN)


async def test_back_in_a_subgraph_and_out_of_it(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "right/q"])
        await session.debugger.step_back(task_id=session.task("left/deeper/y"))
        assert session.standing == ["left/deeper/x", "right/q"]
        # Before a subgraph's first step is the node that it is; what stands beside it stays.
        await session.debugger.step_back(task_id=session.task("left/deeper/x"))
        assert session.standing == ["left/deeper", "right/q"]
        await session.debugger.step_back(task_id=session.task("left/deeper"))
        assert session.standing == ["left/w", "right/q"]
        await session.debugger.step_back(task_id=session.task("left/w"))
        assert session.standing == ["left", "right/q"]
        await session.debugger.step_back(task_id=session.task("left"))
        assert session.standing == ["top"]
        with pytest.raises(RpcError, match="no task 'nobody'"):
            await session.debugger.step_back(task_id="nobody")
        session.check(RAN, graphs.DEEP)


async def test_it_is_not_for_sessions_without_debug_mode(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        started = await client.client.start("q")
        async with client.client.attach(started.session_id) as attached:
            await attached.rest()
            await client.call("debug.detach", session_id=started.session_id)
            for method in ("debug.stepBack", "debug.restartNode"):
                with pytest.raises(RpcError, match="debug_mode"):
                    await client.call(method, session_id=started.session_id)
