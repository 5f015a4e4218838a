"""Several who debug one session: it is let go when the last of them has left."""

import msgspec
import pytest

from rpc.client import RpcError
from rpc.sessions.debugging import debuggers
from rpc.storage.records import DebugState, SessionRecord
from tests.conftest import StartServer
from tests.debugging import graphs
from tests.debugging.drive import Connection, Debugged, attached, connect, debug, follow
from tests.debugging.graphs import RAN
from tests.support.in_process import Serve
from tests.support.polling import until_true


@pytest.fixture(autouse=True)
def _count() -> None:
    RAN.clear()


async def running(client: Connection) -> Debugged:
    """A session of `graphs.gated` that `one` debugs, in its node that waits."""
    log = [{"node_name": "a", "log": "-"}, "c"]
    started = await client.call(
        "query.start", query="q", debug_mode=True, debugger_id="one", breakpoints=log
    )
    session = await follow(client, started["session_id"])
    await session.event("progress")
    return session


async def test_who_started_it_leaves_it_to_the_others(serve: Serve) -> None:
    async with (
        serve(graphs.six()) as server,
        connect(server.url) as one,
        connect(server.url) as two,
    ):
        session = await debug(one, debugger_id="one", breakpoints=["b", "d"])
        other = await attached(two, session.id)
        joined = await other.call("attach", debugger_id="two")
        assert (joined["status"], joined["debuggers"]) == ("paused", ["one", "two"])
        left = await session.call("detach", debugger_id="one")
        assert (left["status"], left["debuggers"]) == ("paused", ["two"])
        # It is debugged as before.
        assert await other.on() == "paused"
        assert other.standing == ["d"]
        after = other.seq
        left = await other.call("detach", debugger_id="two")
        assert (left["status"], left["debuggers"]) == ("running", [])
        assert await other.rest(after) == "completed"
        assert other.of("debug.resumed")[-1]["action"] == "detach"
        assert not (await two.client.session(session.id)).debug_mode
        other.check()


async def test_while_it_runs_too(serve: Serve) -> None:
    """Who comes and goes is known at once; who stays is stopped for, and where nobody does it runs to its end."""
    graph, gate = graphs.gated()
    async with (
        serve(graph) as server,
        connect(server.url) as one,
        connect(server.url) as two,
    ):
        started = await one.call("query.start", query="q")
        session = await follow(one, started["session_id"])
        other = await follow(two, started["session_id"])
        await session.event("progress")
        assert (await session.call("attach", debugger_id="one"))["debuggers"] == ["one"]
        assert (await other.call("attach", debugger_id="two"))["debuggers"] == ["one", "two"]
        await session.call("setBreakpoint", node_name="c")
        assert (await session.call("detach", debugger_id="one"))["debuggers"] == ["two"]
        gate.set()
        assert await other.rest() == "paused"
        assert other.standing == ["c"]
        after = other.seq
        assert (await other.call("detach", debugger_id="two"))["debuggers"] == []
        assert await other.rest(after) == "completed"
        assert RAN == {"a": 1, "b": 1, "c": 1}
        other.check()


async def test_one_who_joins_a_run_that_is_debugged_does_not_break_it_off(serve: Serve) -> None:
    """Its gate is there: nobody asks its graph to drain, and it stops where it was to stop."""
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        session = await running(client)
        job = server.core.sessions.executor.jobs[session.id]  # type: ignore[attr-defined]
        assert (await session.call("attach", debugger_id="two"))["debuggers"] == ["one", "two"]
        assert (await session.call("detach", debugger_id="one"))["debuggers"] == ["two"]
        await session.call("setBreakpoint", node_name="c", condition="len(state['said']) == 2")
        # What runs it heeds one after the other: that is the last, and what joined was heeded before it.
        known = job.gate._judge.breakpoints
        await until_true(lambda: any(one.condition is not None for one in known.all))
        assert job.control.drain_reason is None
        gate.set()
        assert await session.rest() == "paused"
        assert session.standing == ["c"]
        after = session.seq
        await session.call("detach", debugger_id="two")
        assert await session.rest(after) == "completed"
        assert RAN == {"a": 1, "b": 1, "c": 1}
        session.check()


async def test_the_last_who_leaves_while_it_runs_lets_it_run_on(serve: Serve) -> None:
    graph, gate = graphs.gated()
    async with serve(graph) as server, connect(server.url) as client:
        session = await running(client)
        await session.call("attach", debugger_id="two")
        await session.call("detach", debugger_id="two")
        assert (await session.call("detach", debugger_id="one"))["debuggers"] == []
        gate.set()
        assert await session.rest() == "completed"
        assert session.of("debug.stopped") == []


async def test_one_who_comes_back_counts_once(serve: Serve) -> None:
    async with serve(graphs.six()) as server:
        async with connect(server.url) as one:
            session = await debug(one, debugger_id="one")
            await session.call("attach", debugger_id="two")
        async with connect(server.url) as one:
            session = await attached(one, session.id)
            again = await session.call("attach", debugger_id="one")
            assert again["debuggers"] == ["one", "two"]
            assert (await session.call("detach", debugger_id="two"))["debuggers"] == ["one"]
            # As often as it is said.
            assert (await session.call("detach", debugger_id="two"))["debuggers"] == ["one"]
            after = session.seq
            assert (await session.call("detach", debugger_id="one"))["debuggers"] == []
            assert await session.rest(after) == "completed"


async def test_all_without_an_id_are_one(serve: Serve) -> None:
    """Who gives none lets it go for all: so can anybody, where one has died who cannot leave."""
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client)
        assert (await session.call("attach"))["debuggers"] == [""]
        assert (await session.call("attach", debugger_id="two"))["debuggers"] == ["", "two"]
        left = await session.call("detach", debugger_id="two")
        assert (left["status"], left["debuggers"]) == ("paused", [""])
        await session.call("attach", debugger_id="died")
        after = session.seq
        left = await session.call("detach")
        assert (left["status"], left["debuggers"]) == ("running", [])
        assert await session.rest(after) == "completed"


async def test_who_gives_no_id_keeps_no_session_that_others_debug(serve: Serve) -> None:
    """As a list of sessions does, which only turns debug mode on where it is off."""
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, debugger_id="one")
        assert (await session.call("attach"))["debuggers"] == ["one"]
        after = session.seq
        assert (await session.call("detach", debugger_id="one"))["debuggers"] == []
        assert await session.rest(after) == "completed"


async def test_it_is_debugged_by_the_same_in_a_follow_up(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, debugger_id="one")
        assert await session.on() == "completed"

        async def again(**params: object) -> list[str]:
            after = session.seq
            await client.call(
                "query.start", query="again", session_id=session.id, subscribe=False, **params
            )
            assert await session.rest(after) == ("paused" if params != OFF else "completed")
            if session.status == "paused":
                assert await session.on() == "completed"
            return list((await session.call("detach", debugger_id="nobody"))["debuggers"])

        assert await again() == ["one"]
        assert await again(debugger_id="two") == ["one", "two"]
        assert await again(debug_mode=True) == ["one", "two"]
        assert await again(**OFF) == []
        with pytest.raises(RpcError, match="a debugger needs `debug_mode`") as refused:
            await again(debugger_id="two")
        assert refused.value.path == "$.debugger_id"
        assert await again(debug_mode=True, debugger_id="two") == ["two"]


OFF = {"debug_mode": False}


async def test_who_debugs_a_session_survives_kill_9(server: StartServer) -> None:
    process = server("deep=tests/debugging/graphs.py:deep")
    async with connect(process.url) as client:
        session = await debug(client, debugger_id="one")
        await session.call("attach", debugger_id="two")
    process.kill9()
    process.restart()
    async with connect(process.url) as client:
        session = await attached(client, session.id)
        left = await session.call("detach", debugger_id="one")
        assert (left["status"], left["debuggers"]) == ("paused", ["two"])
        after = session.seq
        assert (await session.call("detach", debugger_id="two"))["debuggers"] == []
        assert await session.rest(after) == "completed"


async def test_of_so_many_who_attach_the_first_are_forgotten(serve: Serve) -> None:
    async with serve(graphs.six()) as server, connect(server.url) as client:
        session = await debug(client, debugger_id="first")
        for number in range(debuggers.KEPT):
            found = await session.call("attach", debugger_id=f"number {number}")
        assert found["debuggers"] == [f"number {number}" for number in range(debuggers.KEPT)]


def test_a_session_that_was_stored_without_them_is_debugged_by_one() -> None:
    stored = msgspec.json.decode(b"{}", type=DebugState)
    record = SessionRecord("1", "g", "paused", None, 0, 0, None, 0, None, debug=stored)
    assert debuggers.of(record) == []
    debugged = msgspec.structs.replace(record, debug_mode=True)
    assert debuggers.of(debugged) == [""]
    joined = debuggers.attached(debugged, "two")
    assert debuggers.of(joined) == ["", "two"]
    assert debuggers.detached(joined, "two").debug_mode
    assert not debuggers.detached(joined, None).debug_mode
