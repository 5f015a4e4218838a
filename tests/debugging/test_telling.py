"""What a second client is told: edits, rewinds, breakpoints; and several answers at once."""

import asyncio
from typing import Any

import pytest

from rpc.client import RpcError
from tests.debugging import graphs
from tests.debugging.drive import Debugged, attached, connect, debug, follow, run
from tests.debugging.graphs import RAN, asks, build, says
from tests.support.in_process import Serve


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def test_a_second_client_hears_of_edits_and_rewinds(serve: Serve) -> None:
    async with (
        serve(graphs.six()) as server,
        connect(server.url) as client,
        connect(server.url) as other,
    ):
        session = await debug(client, breakpoints=["b"])
        ide = await attached(other, session.id)
        stopped = session.stop["checkpoint_id"]
        await session.edit({"said": ["in place"]})
        told = await ide.event("debug.changed")
        assert told["values"] == {"said": ["a", "in place"]}
        assert (told["as_node"], told["source_checkpoint_id"]) == (None, None)
        result = await session.edit({"said": ["as d"]}, as_node="d")
        told = await ide.event("debug.changed", 2)
        assert (told["checkpoint_id"], told["as_node"]) == (result["checkpoint_id"], "d")
        assert session.stop["reason"] == "edit"
        await session.rewind(stopped)
        told = await ide.event("debug.changed", 3)
        assert (told["action"], told["source_checkpoint_id"]) == ("rewind", stopped)
        assert told["values"] == {"said": ["a"]}
        assert session.stop["reason"] == "rewind"
        assert not ide.of("debug.resumed"), "nothing went on"
        await session.rewind(stopped, rerun=True)
        assert (await ide.event("debug.resumed"))["action"] == "rewind"
        session.check()


async def test_breakpoints_that_change_are_told_and_one_is_removed(serve: Serve) -> None:
    async with (
        serve(graphs.six()) as server,
        connect(server.url) as client,
        connect(server.url) as other,
    ):
        session = await debug(client, breakpoints=["b"])
        ide = await attached(other, session.id)
        await session.call("setBreakpoint", node_name="d", condition="True")
        await session.call("setBreakpoint", node_name="d", enabled=False)
        removed = await session.call("removeBreakpoint", node_name="d")
        assert (removed["removed"], removed["total_breakpoints"]) == (True, 1)
        none = await session.call("removeBreakpoint", node_name="d", when="after")
        assert not none["removed"]
        await ide.event("debug.breakpoint", 3)
        told = ide.of("debug.breakpoint")
        assert [(one["change"], one["node_name"], one["enabled"]) for one in told] == [
            ("new", "d", True),
            ("changed", "d", False),
            ("removed", "d", False),
        ]
        assert told[1]["condition"] == "True"
        found = (await session.call("breakpoints"))["breakpoints"]
        assert [one["node_name"] for one in found] == ["b"]
        assert await session.on() == "completed"


async def test_a_running_session_is_looked_at_and_its_breakpoint_removed(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        points = [{"node_name": "a", "log": "-"}, {"node_name": "c"}]
        started = await client.call("query.start", query="q", debug_mode=True, breakpoints=points)
        session = await follow(client, started["session_id"])
        await session.event("progress")
        found = await session.call("inspect")
        assert (found["status"], found["values"]["query"]) == ("running", "q")
        assert (await session.call("history"))["checkpoints"]
        assert (await session.call("removeBreakpoint", node_name="c"))["removed"]
        assert (await session.event("debug.breakpoint"))["change"] == "removed"
        gate.set()
        assert await session.rest() == "completed"


def three() -> Any:
    return build(
        ("one", "end"), ("two", "end"), ("three", "end"),
        one=asks("one"), two=asks("two"), three=asks("three"), end=says("end"),
    )  # fmt: skip


def questions(session: Debugged) -> dict[str, str]:
    return {one["path"]: one["interrupt_id"] for one in session.of("input.requested")}


async def test_several_questions_are_answered_in_one_call(serve: Serve) -> None:
    async with serve(three()) as server, connect(server.url) as client:
        session = await run(client)
        asked = questions(session)
        answers = {asked["one"]: 1, asked["two"]: None}
        for params, path in (
            ({}, "$.value"),
            ({"answers": {}}, "$.answers"),
            ({"answers": {"nobody": 1}}, "$.answers"),
            ({"answers": answers, "value": 1}, "$.answers"),
        ):
            with pytest.raises(RpcError) as refused:
                await client.call("query.respond", session_id=session.id, **params)
            assert refused.value.path == path
        seen = session.seq
        await client.client.respond_all(session.id, answers)
        assert await session.rest(after=seen) == "waiting"
        assert (RAN["one"], RAN["two"], RAN["three"]) == (2, 2, 1)
        assert await session.respond("3") == "completed"
        assert sorted(session.result["said"]) == ["end", "one=1", "three=3", "two=None"]


async def test_answers_that_come_together_are_all_kept(serve: Serve) -> None:
    """The second was `wrong_state` while the first was being taken."""
    async with serve(three()) as server, connect(server.url) as client:
        session = await run(client)
        asked = questions(session)
        given = [
            client.call("query.respond", session_id=session.id, interrupt_id=id, value=path)
            for path, id in asked.items()
        ]
        assert {one["status"] for one in await asyncio.gather(*given)} == {"running"}
        await session.until(lambda: session.status == "completed", "its end")
        assert sorted(session.result["said"]) == ["end", "one=one", "three=three", "two=two"]
        assert RAN["one"] == RAN["two"] == RAN["three"] == 2
