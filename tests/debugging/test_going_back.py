"""`debug.rewind`: to any checkpoint, changed or not, from a session that stands, waits, failed or ended."""

import itertools
from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import Debugged, connect, debug
from tests.debugging.graphs import RAN, build, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def at_step(session: Debugged, step: int, source: str = "loop") -> str:
    """The id of the first checkpoint of a superstep."""
    found = (await session.call("history"))["checkpoints"]
    ids = [one["checkpoint_id"] for one in found if (one["step"], one["source"]) == (step, source)]
    last: str = ids[-1]
    return last


async def test_back_then_step_then_on_to_the_same_answer(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "completed"
        first = session.result
        events = list(session.events)
        target = await at_step(session, 3)
        result = await session.rewind(target)
        assert result["status"] == "paused"
        assert result["checkpoint_id"] != target
        changed = session.of("debug.changed")[-1]
        assert (changed["action"], changed["source_checkpoint_id"]) == ("rewind", target)
        assert (session.status, session.standing) == ("paused", ["d"])
        assert session.stop["checkpoint_id"] == result["checkpoint_id"]
        assert (await session.values())["said"] == ["a", "b", "c"]
        await session.step()
        assert session.standing == ["e"]
        assert await session.on() == "completed"
        assert session.result == first
        assert RAN == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2}
        assert session.events[: len(events)] == events, "the abandoned future stays in the log"
        stored = await client.call("session.events", session_id=session.id, after=0, limit=1000)
        assert stored["events"][: len(events)] == events
        session.check()


async def test_back_and_changed_gives_another_answer_and_both_futures_stay(serve: Serve) -> None:
    async with serve(graphs.commanding()) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "completed"
        assert session.result["said"] == ["pick", "right"]
        start = await at_step(session, 0)
        await session.rewind(start)
        await session.edit({"n": 1})
        assert await session.on() == "completed"
        assert session.result["said"] == ["pick", "left"]
        kept = {
            tuple((await session.values(checkpoint_id=one["checkpoint_id"])).get("said", []))
            for one in (await session.call("history"))["checkpoints"]
        }
        assert {("pick", "right"), ("pick", "left")} <= kept
        await session.rewind(start)
        assert await session.on() == "completed"
        assert session.result["said"] == ["pick", "right"]


async def test_an_edit_in_place_is_undone_by_going_back_to_where_it_was_made(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        here = session.stop["checkpoint_id"]
        await session.edit({"said": ["edited"]})
        await session.rewind(here)
        assert (await session.values())["said"] == ["a", "b"]
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c", "d", "e", "f"]


async def test_rerun_goes_on_at_once(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "completed"
        target = await at_step(session, 4)
        assert (await session.rewind(target, rerun=True))["status"] == "running"
        assert session.status == "completed"
        assert RAN["d"] == 1
        assert RAN["e"] == RAN["f"] == 2
        assert session.result["said"] == ["a", "b", "c", "d", "e", "f"]


async def test_a_single_node_is_run_again(serve: Serve) -> None:
    graph = build(("a", "c"), ("b", "c"), a=says("a"), b=says("b"), c=says("c"))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["c"])
        await session.rewind(await at_step(session, 0))
        assert session.standing == ["a", "b"]
        await session.step(at="b")
        assert session.standing == ["a"]
        assert RAN == {"a": 1, "b": 2}
        await session.step()
        assert session.standing == ["c"]
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c"]


async def test_back_from_inside_a_subgraph_begins_the_subgraph_again(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y"])
        await session.rewind(session.stop["checkpoint_id"])
        assert session.standing == ["left", "right", "side"]
        await session.on()
        assert session.standing == ["left/deeper/y"]
        assert RAN["left/deeper/x"] == 2
        assert await session.on() == "completed"
        session.check(RAN, graphs.DEEP)


async def test_back_within_a_subgraph_leaves_the_rest_as_it_stands(serve: Serve) -> None:
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["left/deeper/y", "right/q"])
        (target,) = [
            one["checkpoint_id"]
            for one in session.of("state.checkpoint")
            if one["path"] == "left/deeper" and one["next"] == ["x"]
        ]
        then = await session.call("inspect", checkpoint_id=target)
        assert (then["path"], then["values"], then["next"]) == (
            "left/deeper",
            {"query": "q", "said": []},
            ["x"],
        )
        await session.rewind(target)
        assert session.standing == ["left/deeper/x", "right/q"]
        assert session.of("state.checkpoint")[-1]["path"] == "left/deeper"
        await session.step(at="left/deeper/x")
        assert session.standing == ["left/deeper/y", "right/q"]
        assert await session.on() == "completed"
        once = {path: count for path, count in RAN.items() if count == 1}
        assert RAN["left/deeper/x"] == 2
        assert len(once) == len(RAN) - 1
        assert session.result["said"].count("left/deeper/x") == 1
        session.check(RAN, graphs.DEEP)


async def test_back_takes_open_questions_away(serve: Serve) -> None:
    async with serve(graphs.asking(1)) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "waiting"
        await session.rewind(await at_step(session, 0))
        found = await session.call("inspect")
        assert (found["status"], found["interrupts"]) == ("paused", [])
        assert session.standing == ["ask0", "side"]
        assert await session.on() == "waiting"
        assert await session.respond("again") == "completed"
        assert "ask0=again" in session.result["said"]


async def test_a_cancelled_and_a_failed_run_are_taken_up_again(serve: Serve) -> None:
    graph = build(("a", "bad"), a=says("a"), bad=graphs.Flaky("bad", 1, KeyError))
    async with serve(graph) as server, connect(server.url) as client:
        session = await debug(client, breakpoints=["bad"])
        after = session.seq
        await client.call("query.cancel", session_id=session.id)
        assert await session.rest(after) == "cancelled"
        newest = (await session.call("history"))["checkpoints"][0]["checkpoint_id"]
        await session.rewind(newest)
        assert (session.status, session.standing) == ("paused", ["bad"])
        assert await session.on() == "paused"
        assert session.stop["reason"] == "failure"
        assert await session.on() == "completed"
        assert (await client.call("session.get", session_id=session.id))["error"] is None


async def test_back_to_the_end_has_nothing_left_to_run(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert await session.on() == "completed"
        newest = (await session.call("history"))["checkpoints"][0]["checkpoint_id"]
        await session.rewind(newest)
        assert (session.status, session.standing) == ("paused", [])
        assert await session.on() == "completed"
        assert session.result["said"] == ["a", "b", "c", "d", "e", "f"]
        assert set(RAN.values()) == {1}


async def test_unknown_checkpoints_are_refused_and_change_nothing(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        other = await debug(client)
        for unknown in ("nothing", other.stop["checkpoint_id"]):
            with pytest.raises(RpcError) as refused:
                await session.call("rewind", checkpoint_id=unknown)
            assert refused.value.type == "checkpoint_not_found"
        assert (await session.call("inspect"))["checkpoint_id"] == session.stop["checkpoint_id"]


async def test_an_earlier_run_of_the_session_is_gone_back_to(serve: Serve) -> None:
    async with serve(graphs.cycle(2)) as server, connect(server.url) as client:
        log: list[Any] = [{"node_name": "turn", "log": "-"}]
        session = await debug(client, "first", breakpoints=log)
        after = session.seq
        await client.call("query.start", input={"query": "second", "n": 0}, session_id=session.id)
        assert await session.rest(after) == "completed"
        oldest = (await session.call("history"))["checkpoints"]
        first_run = [one for one in oldest if one["step"] == 1][-1]
        await session.rewind(first_run["checkpoint_id"])
        assert (await session.values())["query"] == "first"
        assert await session.on() == "completed"
        assert session.result["n"] == 2


async def test_the_line_and_its_forks_can_be_drawn(serve: Serve) -> None:
    """Each checkpoint once, page by page, on the branch that it follows; what was rewound to begins the next one."""
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.on()
        before = {one["checkpoint_id"] for one in (await session.call("history"))["checkpoints"]}
        fork = await at_step(session, 3)
        for _ in range(2):
            await session.rewind(fork)
            await session.on()
        whole = (await session.call("history", limit=1000))["checkpoints"]
        pages: list[dict[str, Any]] = []
        last: str | None = None
        while True:
            page = await session.call("history", limit=4, before=last)
            assert len(page["checkpoints"]) <= 4
            pages += page["checkpoints"]
            last = page["next_before"]
            if last is None:
                break
        assert pages == whole
        by_id = {one["checkpoint_id"]: one for one in whole}
        assert {id for id, one in by_id.items() if one["branch"] == 0} == before
        assert {one["branch"] for one in whole} == {0, 1, 2}
        for branch in (1, 2):
            line = [one for one in whole if one["branch"] == branch]
            # What stands there is a copy of what was gone back to.
            copied = by_id[fork]
            assert line[-1]["parent_checkpoint_id"] == copied["parent_checkpoint_id"]
            assert (line[-1]["step"], line[-1]["next"]) == (copied["step"] + 1, copied["next"])
            for newer, older in itertools.pairwise(line):
                assert newer["parent_checkpoint_id"] == older["checkpoint_id"]
        assert whole[0]["branch"] == 2
        assert whole[0]["current"]


async def test_forks_inside_a_subgraph_are_its_own(serve: Serve) -> None:
    """A look inside: each graph counts its branches for itself."""
    async with serve(graphs.deep()) as server, connect(server.url) as client:
        session = await debug(client)
        await session.on()
        found = (await session.call("history", limit=1000))["checkpoints"]
        assert len({one["path"] for one in found}) > 1
        assert {one["branch"] for one in found} == {0}
