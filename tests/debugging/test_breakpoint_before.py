"""`debug.stepBack` to the breakpoint before: where the session would have stopped last on the way to here."""

from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import Debugged, connect, debug
from tests.debugging.graphs import RAN, build, line, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def back(session: Debugged, at: str | None = None, to: Any = "breakpoint") -> tuple[str, ...]:
    """Go back; the reason of the stop, and what stands for it, then what else stands."""
    task_id = None if at is None else session.task(at)
    await session.debugger.step_back(to, task_id=task_id)
    found = session.stop
    reasons = sorted((one["reason"] == "pause", one["path"]) for one in found["tasks"])
    assert {one["reason"] for one in found["tasks"]} <= {found["reason"], "pause", "breakpoint"}
    inspected = (await session.debugger.inspect()).stopped
    assert sorted((one.reason == "pause", one.path) for one in inspected) == reasons
    return (found["reason"], *[("+" if beside else "") + path for beside, path in reasons])


async def set_all(session: Debugged, *given: dict[str, Any]) -> None:
    """The session has these breakpoints and no others."""
    for one in await session.debugger.breakpoints():
        await session.debugger.remove_breakpoint(
            one.node_name or None, when=one.when, channel=one.channel
        )
    for one in given:
        await session.debugger.set_breakpoint(**one)


async def test_by_its_node_and_from_one_to_the_next(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b", "d", "e"])
        await session.on()
        assert await session.on() == "paused"
        assert session.standing == ["e"]
        assert await back(session) == ("breakpoint", "d")
        assert await back(session) == ("breakpoint", "b")
        # There is none before it: the run's first step, and before that nothing.
        assert await back(session) == ("entry", "a")
        with pytest.raises(RpcError, match="the first step of the run") as refused:
            await session.debugger.step_back("breakpoint")
        assert refused.value.type == "checkpoint_not_found"
        # What was left is kept, and what stands goes on from there.
        assert {one.branch for one in await session.debugger.history(path="")} == {0, 1, 2, 3}
        assert await session.on() == "paused"
        assert session.standing == ["b"]
        await set_all(session)
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c", "d", "e", "f"]
        # From the end too.
        await set_all(session, {"node_name": "f"})
        assert await back(session) == ("breakpoint", "f")
        session.check(RAN)


async def test_of_whoever_set_it_and_none_that_does_not_stop(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["f"])
        await client.call("debug.attach", session_id=session.id, debugger_id="another")
        await client.call("debug.setBreakpoint", session_id=session.id, node_name="c")
        await session.debugger.set_breakpoint("d", enabled=False)
        await session.debugger.set_breakpoint("e", log="passed")
        assert await back(session) == ("breakpoint", "c")
        assert not session.of("debug.log")


async def test_conditions_on_the_state_of_then_and_hits_on_the_way_to_there(serve: Serve) -> None:
    async with serve(graphs.cycle(6)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[])
        assert session.standing == ["turn"]
        await set_all(session)
        assert await session.on() == "completed"

        async def n(**given: Any) -> tuple[Any, ...]:
            await set_all(session, {"node_name": "turn", **given})
            return *await back(session), (await session.values()).get("n", 0)

        assert await n() == ("breakpoint", "turn", 5)
        assert await n(condition="state['n'] < 4") == ("breakpoint", "turn", 3)
        # The hits of the loop, whether the condition was true there or not: the third time n is 2.
        assert await n(condition="input['n'] < 3", hit_count=3) == ("breakpoint", "turn", 2)
        assert await n(hit_count=3) == ("entry", "turn", 0)
        await set_all(session)
        assert await session.on() == "completed"
        assert await n(condition="'n' in input and input['n'] == 1", hit_count=3) == (
            "entry",
            "turn",
            0,
        )
        await set_all(session)
        assert await session.on() == "completed"
        assert await n(hit_count=6) == ("breakpoint", "turn", 5)
        # What has no value stops, and says so, as it does on the way on.
        assert await n(condition="state['n'] > 9 or state['nowhere']") == ("breakpoint", "turn", 4)
        assert "nowhere" in session.stop["detail"]
        (task,) = session.stop["tasks"]
        assert "nowhere" in task["detail"]


async def test_one_of_two_with_a_hit_count_is_the_nearer(serve: Serve) -> None:
    async with serve(graphs.cycle(4)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[])
        assert await session.on() == "completed"
        await set_all(session, {"node_name": "check"}, {"node_name": "turn", "hit_count": 9})
        for n in (4, 3):
            assert await back(session) == ("breakpoint", "check")
            assert (await session.values())["n"] == n
        await set_all(session, {"node_name": "check"}, {"node_name": "turn", "hit_count": 3})
        assert await back(session) == ("breakpoint", "turn")
        assert (await session.values())["n"] == 2


async def test_behind_a_node_and_where_the_state_changed(serve: Serve) -> None:
    async with serve(graphs.cycle(4)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=[])
        assert await session.on() == "completed"
        await set_all(
            session, {"node_name": "turn", "when": "after", "condition": "input['n'] < 3"}
        )
        assert await back(session) == ("breakpoint", "check")
        assert session.stop["detail"] == "after turn"
        assert (await session.values())["n"] == 3
        await set_all(session, {"channel": "n", "condition": "state['n'] != 3"})
        assert await back(session) == ("change", "check")
        assert session.stop["detail"] == "n changed, by turn"
        assert (await session.values())["n"] == 2
        # Breakpoints of nodes are told before those of data.
        await set_all(session, {"channel": "n"}, {"node_name": "check"})
        assert await back(session) == ("breakpoint", "check")
        assert session.stop["detail"] == "n changed, by turn"
        # An edit is no change that a run has come to.
        behind = {"node_name": "check", "when": "after"}
        await set_all(session, {"channel": "said"}, behind)
        assert (await session.values())["n"] == 1
        await session.edit({"said": ["edited"]}, as_node="turn")
        await session.step()
        assert session.standing == ["turn"]
        assert await back(session) == ("entry", "turn")


async def test_in_a_subgraph_before_it_and_beside_what_stands(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "right/q"])
        # `side` has ended beside them.
        assert session.standing == ["left/deeper/y", "right/q"]
        await set_all(session, {"node_name": "x"}, {"node_name": "left/w"}, {"node_name": "side"})
        y, x = "left/deeper/y", "left/deeper/x"
        assert (await back(session, y))[:2] == ("breakpoint", x)
        assert session.standing == [x, "right/q"]
        assert (await back(session, x))[:2] == ("breakpoint", "left/w")
        assert session.standing == ["left/w", "right/q"]
        # Outside of it: the node that holds it, while the others stand.
        await set_all(session, {"node_name": "left"}, {"node_name": "top"})
        assert (await back(session, "left/w"))[:2] == ("breakpoint", "left")
        assert session.standing == ["left", "right/q"]
        # `side` ran beside it, not before it.
        await set_all(session, {"node_name": "left/w"}, {"node_name": "side"}, {"node_name": "top"})
        await session.on()
        assert session.standing == ["left/w"]
        assert await session.rest() == "paused"
        await session.debugger.remove_breakpoint("left/w")
        assert await back(session, "left/w") == ("breakpoint", "top")
        assert session.standing == ["top"]
        with pytest.raises(RpcError, match="no task 'nobody'"):
            await session.debugger.step_back("breakpoint", task_id="nobody")
        session.check(RAN, graphs.DEEP)


async def test_data_that_changed_before_the_node_around(serve: Serve) -> None:
    inner = line("sub/", "x", "y")
    graph = build(("a", "sub"), ("sub", "z"), a=says("a", n=1), sub=inner, z=says("z"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["sub/y"])
        await set_all(session, {"channel": "n"})
        assert await back(session, "sub/y") == ("change", "sub")
        assert session.stop["detail"] == "n changed, by a"
        await set_all(session, {"node_name": "sub", "channel": "said"}, {"node_name": "z"})
        assert await session.on() == "paused"
        assert session.standing == ["sub/y"]
        assert session.stop["reason"] == "change"
        await session.on()
        assert session.standing == ["z"]
        # The subgraph has ended: it begins again with the node that is it.
        assert await back(session) == ("change", "sub")
        assert session.stop["detail"].startswith("said of sub changed, by sub/")


async def test_in_a_subgraph_that_has_ended(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["join"])
        for name in ("left/deeper/y", "y"):
            await set_all(session, {"node_name": "join"})
            if session.standing != ["join"]:
                await session.on()
            assert session.standing == ["join"]
            await set_all(session, {"node_name": name})
            assert await back(session) == ("breakpoint", "left", "+right", "+side")
            assert session.stop["detail"] == "left/deeper/y ran in it"


async def test_of_those_that_send_made_by_their_inputs(serve: Serve) -> None:
    async with serve(graphs.fan_out(3)) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["join"])
        await set_all(session, {"node_name": "work", "condition": "input['item'] == 7"})
        assert await back(session) == ("entry", "split")
        await set_all(session, {"node_name": "join"})
        await session.on()
        await set_all(session, {"node_name": "work", "condition": "input['item'] == 1"})
        assert await back(session) == ("breakpoint", "work", "work", "work")


async def test_no_further_than_this_run_and_to_its_start_from_anywhere(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b"])
        assert await back(session, to="start") == ("entry", "a")
        assert await session.on() == "paused"
        assert await session.on() == "completed"
        last = session.seq
        await client.client.start("q", session_id=session.id, debug_mode=True, breakpoints=["d"])
        await session.rest(after=last)
        await set_all(session, {"node_name": "d", "hit_count": 2})
        assert await back(session) == ("entry", "a")
        assert (await session.values())["said"] == ["a", "b", "c", "d", "e", "f"]
        # To where it stands, too: it begins again.
        assert await back(session, to="start") == ("entry", "a")


async def test_once_by_its_key(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["b", "c", "d"])
        await session.on()
        await session.on()
        made = await session.call("stepBack", to="breakpoint", idempotency_key="one")
        assert await session.call("stepBack", to="breakpoint", idempotency_key="one") == made
        await session.debugger.look()
        assert [one.path for one in session.debugger.tasks] == ["c"]
        with pytest.raises(RpcError) as refused:
            await session.call("stepBack", to="sideways")
        assert refused.value.type == "invalid_params"
