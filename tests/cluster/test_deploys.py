"""A rolling deploy: nodes with the graph of before and of after run beside each other, and each session goes on where its version is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, once, reasons
from tests.support.peer import Peer, Refused, peer
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_stream

OLD, NEW = (f"flow=tests/support/deployed_graphs.py:{name}" for name in ("old", "new"))

REFUSED = "SELECT count(*) FROM procrastinate_jobs WHERE args ? 'refused' AND status = 'todo'"

HOUR_OVER = (
    "UPDATE procrastinate_jobs SET scheduled_at = to_timestamp(1), args = jsonb_set(args, '{until}', '1000')"
    " WHERE args ? 'refused' RETURNING 1"
)
"""As the line is when the hour is over."""

RESPOND: tuple[str, dict[str, Any]] = ("query.respond", {"value": "yes"})


async def rests(one: Peer, method: str = "query.respond") -> tuple[str, int]:
    """A session that this method moves, at the node that only the old version has; and its last event's number."""
    debug = {"debug_mode": True, "breakpoints": [{"node_name": "approve"}]}
    params: dict[str, Any] = debug if method.startswith("debug.") else {}
    started = await one.call("query.start", query="q", graph="flow", **params)
    session_id = started["session_id"]
    assert await one.settled(session_id) == ("paused" if params else "waiting")
    return session_id, one.of(session_id)[-1]["params"]["seq"]


async def busy(one: Peer) -> None:
    """From here on its node, which has one place, has none; until the cluster lets go."""
    started = await one.call("query.start", query="x", graph="looping")
    await held(one, started["session_id"])


@asynccontextmanager
async def refused(
    cluster: Cluster, target: str = NEW, more: Sequence[str] = ()
) -> AsyncIterator[tuple[ServerProcess, Peer, str, int]]:
    """The old version's node, which has no place; a peer of the new version's; an answered session that this one refused, and its last event before.

    `target`, `more`: the graph of the new version's node, and what it is started with beside.
    """
    old = cluster.node(OLD, "looping", max_running=1)
    async with peer(old.url) as one:
        one.deadline = 120
        session_id, last = await rests(one)
        new = await asyncio.to_thread(cluster.node, target, more=more, max_running=1)
        await busy(one)
        async with peer(new.url) as two:
            two.deadline = 120
            await two.call("session.subscribe", session_id=session_id, after=0)
            method, params = RESPOND
            await two.call(method, session_id=session_id, **params)
            await asyncio.to_thread(cluster.until, REFUSED, 1, 120)
            yield old, two, session_id, last


def error_of(one: Peer, session_id: str) -> dict[str, Any]:
    error: dict[str, Any] = one.of(session_id, "query.failed")[-1]["params"]["error"]
    return error


@pytest.mark.parametrize(
    ("method", "params", "ends"),
    [
        (*RESPOND, "completed"),
        ("debug.continue", {}, "waiting"),
        ("debug.step", {}, "waiting"),
    ],
)
@pytest.mark.parametrize("takes", ["old", "new"])
async def test_a_session_goes_on_at_the_node_that_can(
    cluster: Cluster, takes: str, method: str, params: dict[str, Any], ends: str
) -> None:
    """It is told by way of a node that cannot. `takes`: the only node that has a place then."""
    also = {name: ["looping"] if name != takes else [] for name in ("old", "new")}
    old = cluster.node(OLD, *also["old"], max_running=1)
    async with peer(old.url) as one:
        one.deadline = 120
        session_id, last = await rests(one, method)
        new = await asyncio.to_thread(cluster.node, NEW, *also["new"], max_running=1)
        async with peer(new.url) as two:
            two.deadline = 120
            await busy(one if takes == "new" else two)
            await two.call("session.subscribe", session_id=session_id, after=0)
            await two.call(method, session_id=session_id, **params)
            if takes == "new":
                # It could not, and waits for the other one.
                await asyncio.to_thread(cluster.until, REFUSED, 1, 120)
                assert (await two.call("session.get", session_id=session_id))["status"] == "running"
                cluster.let_go()
            assert await two.settled(session_id, after=last) == ends
            check_stream(two.of(session_id))
            assert reasons(two, session_id) == []
            if ends == "completed":
                result = two.of(session_id, "query.result")[-1]["params"]["result"]
                assert result["said"] == ["first", "yes", "last"]
    assert set(once(cluster, "q").values()) == {1}
    cluster.let_go()


async def test_none_that_lives_can(cluster: Cluster) -> None:
    """It fails with the names when all have tried, and goes on once the code is back, whoever takes it."""
    old = cluster.node(OLD)
    async with peer(old.url) as one:
        one.deadline = 120
        session_id, last = await rests(one)
    left, _ = [await asyncio.to_thread(cluster.node, NEW) for _ in range(2)]
    await asyncio.to_thread(old.stop)
    async with peer(left.url) as two:
        two.deadline = 120
        await two.call("session.subscribe", session_id=session_id, after=0)
        method, params = RESPOND
        await two.call(method, session_id=session_id, **params)
        assert await two.settled(session_id, after=last) == "failed"
        error = error_of(two, session_id)
        assert (error["type"], error["node"]) == ("graph_changed", "approve")
        assert "'approve'" in error["message"]
        last = two.of(session_id)[-1]["params"]["seq"]
        await asyncio.to_thread(cluster.node, OLD)
        await two.call("query.resume", session_id=session_id)
        assert await two.settled(session_id, after=last) == "completed"
        check_stream(two.of(session_id))
        assert reasons(two, session_id) == ["resume"]
        result = two.of(session_id, "query.result")[-1]["params"]["result"]
        assert result["said"] == ["first", "yes", "last"]
    assert set(once(cluster, "q").values()) == {1}
    cluster.until("SELECT count(*) FROM procrastinate_jobs", 0)


@pytest.mark.parametrize("lives", [False, True])
async def test_the_one_that_could_is_not_waited_for_for_ever(cluster: Cluster, lives: bool) -> None:
    """It was busy when another node could not: the session waits no longer than it lives, and not for more than an hour."""
    async with refused(cluster) as (old, two, session_id, last):
        if lives:
            await asyncio.to_thread(cluster.rows, HOUR_OVER)
        else:
            old.kill9()
        assert await two.settled(session_id, after=last) == "failed"
        error = error_of(two, session_id)
        assert (error["type"], error["node"]) == ("graph_changed", "approve")
        check_stream(two.of(session_id))


async def test_one_that_waits_for_another_node_is_cancelled(cluster: Cluster) -> None:
    """As any that runs, though nobody runs it."""
    async with refused(cluster) as (_, two, session_id, last):
        await two.call("query.cancel", session_id=session_id)
        assert await two.settled(session_id, after=last) == "cancelled"
        check_stream(two.of(session_id))
        assert cluster.rows(REFUSED) == [(0,)]
    cluster.let_go()


async def test_a_node_that_loads_its_graph_anew_is_asked_again(
    cluster: Cluster, tmp_path: Path
) -> None:
    """It refused the session, and could go on with it since: the other one, which has no place, is not waited for."""
    file = tmp_path / "flow.py"

    def deploy(version: str) -> None:
        new = tmp_path / "flow.tmp"
        new.write_text(
            f"from tests.support.deployed_graphs import {version} as made\n\nflow = made()\n"
        )
        new.replace(file)

    deploy("new")
    async with refused(cluster, f"flow={file}:flow", ["--reload"]) as (_, two, session_id, last):
        deploy("old")
        assert await two.settled(session_id, after=last) == "completed"
        check_stream(two.of(session_id))
        result = two.of(session_id, "query.result")[-1]["params"]["result"]
        assert result["said"] == ["first", "yes", "last"]
    assert set(once(cluster, "q").values()) == {1}
    cluster.let_go()


@asynccontextmanager
async def both(
    cluster: Cluster,
) -> AsyncIterator[tuple[str, ServerProcess, Peer, ServerProcess, Peer]]:
    """A node of each version, and who asks it; the old one's id first."""
    old = cluster.node(OLD)
    ((old_id,),) = cluster.rows("SELECT id FROM nodes")
    new = await asyncio.to_thread(cluster.node, NEW)
    async with peer(old.url) as one, peer(new.url) as two:
        one.deadline = two.deadline = 120
        yield old_id, old, one, new, two


async def test_a_name_that_only_another_nodes_code_has_is_taken(cluster: Cluster) -> None:
    """Of a node and of a key of the state, by who starts, who sets and who steps; what none has is refused, by its name."""
    async with both(cluster) as (_, _, _, _, two):

        async def refused(method: str, error: str, **params: Any) -> None:
            with pytest.raises(Refused) as found:
                await two.call(method, **params)
            assert (found.value.type, "nowhere" in found.value.detail) == (error, True)

        start = {"query": "q", "graph": "flow", "debug_mode": True, "stop_on_entry": True}
        gone = [{"node_name": "nowhere"}]
        await refused("query.start", "node_not_found", **start, breakpoints=gone)
        first = [{"node_name": "approve"}, {"channel": "asked"}, {"node_name": "accept"}]
        session_id = (await two.call("query.start", **start, breakpoints=first))["session_id"]
        assert await two.settled(session_id) == "paused"
        for more in ({"node_name": "approve", "when": "after"}, {"channel": "asked"}):
            await two.call("debug.setBreakpoint", session_id=session_id, **more)
        for error, wrong in (("node_not_found", "node_name"), ("invalid_params", "channel")):
            given = {wrong: "nowhere", "session_id": session_id}
            await refused("debug.setBreakpoint", error, **given)
        given = {"session_id": session_id, "node_name": "nowhere"}
        await refused("debug.step", "node_not_found", **given)
        listed = (await two.call("debug.breakpoints", session_id=session_id))["breakpoints"]
        assert [(each["node_name"], each["verified"]) for each in listed] == [
            ("approve", False),
            ("", False),
            ("accept", True),
            ("approve", False),
        ]
        last = two.of(session_id)[-1]["params"]["seq"]
        await two.call("debug.step", session_id=session_id, node_name="approve")
        # Whoever takes it stops there, by one name or the other.
        assert await two.settled(session_id, after=last) == "paused"
        stop = two.of(session_id, "debug.stopped")[-1]["params"]["tasks"]
        assert [each["node"] for each in stop] in (["approve"], ["accept"])


async def test_who_cannot_move_a_session_says_who_can(cluster: Cluster) -> None:
    """Another node's code has what it is at, or is to go back to: nothing is changed. Where none has it, who is left may."""
    async with both(cluster) as (old_id, old, one, new, two):
        session_id, last = await rests(one, "debug.step")
        states = (await one.call("debug.history", session_id=session_id))["checkpoints"]
        before = states[-1]["checkpoint_id"]
        # Who looks there is told what comes next all the same.
        looked = await two.call("debug.inspect", session_id=session_id)
        assert looked["next"] == ["approve"]
        assert "as this server has it, has no node 'approve'" in looked["error"]
        ways: list[tuple[str, dict[str, Any]]] = [
            ("debug.setState", {"values": {"said": ["x"]}}),
            ("debug.rewind", {"checkpoint_id": before}),
            ("debug.stepBack", {}),
            ("debug.restartNode", {"node_name": "first"}),
        ]

        async def refused(method: str, **params: Any) -> None:
            with pytest.raises(Refused) as found:
                await two.call(method, session_id=session_id, **params)
            assert found.value.type == "wrong_state", method
            assert f"no node 'approve'; node {old_id} has it" in found.value.detail

        for method, params in ways:
            await refused(method, **params)
        async with httpx.AsyncClient(base_url=new.http_url, trust_env=False, timeout=120) as http:
            asked = {"values": {"said": ["x"]}}
            answer = await http.post(f"/threads/{session_id}/state", json=asked)
            assert (answer.status_code, old_id in answer.text) == (409, True)
        found = await one.call("session.get", session_id=session_id)
        assert (found["status"], found["seq"]) == ("paused", last)
        # Over, it is at nothing that the new one lacks, and what it is to go back to is.
        await one.call("debug.continue", session_id=session_id)
        assert await one.settled(session_id, after=last) == "waiting"
        last = one.of(session_id)[-1]["params"]["seq"]
        await one.call("query.respond", session_id=session_id, value="yes")
        assert await one.settled(session_id, after=last) == "completed"
        states = (await one.call("debug.history", session_id=session_id))["checkpoints"]
        (stood,) = (each["checkpoint_id"] for each in states if each["next"] == ["approve"])
        await refused("debug.rewind", checkpoint_id=stood)
        await refused("debug.restartNode", node_name="approve")
        await refused("debug.setState", values={"said": ["x"]}, as_node="approve")
        await one.call("debug.rewind", session_id=session_id, checkpoint_id=stood)
        await asyncio.to_thread(old.stop)
        await two.call("debug.rewind", session_id=session_id, checkpoint_id=before)
