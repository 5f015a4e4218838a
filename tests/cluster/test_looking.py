"""What only the node that runs a session knows, a client on any other node reads too."""

import asyncio
import os
import signal
from typing import Any

from protocol.methods import METHODS
from tests.cluster.conftest import Cluster
from tests.cluster.test_faults import through
from tests.cluster.test_takeover import held
from tests.support.peer import Peer, peer
from tests.support.proxy import Proxy

OF_A_NODE = {"graph.list", "graph.describe", "server.info", "rpc.discover"}
"""What says how one node is set up; `server.info` has one number of the sessions in it."""


async def answer(one: Peer, name: str, params: dict[str, Any]) -> Any:
    """The result, or why there is none."""
    said = await one.answer(name, params)
    return said.get("result", said.get("error"))


async def looked(one: Peer, session_id: str) -> dict[str, Any]:
    """What every method says that only looks, of a session that does not move."""
    of = {"session_id": session_id}
    history = await one.call("debug.history", **of)
    newest, oldest = (history["checkpoints"][at]["checkpoint_id"] for at in (0, -1))
    params: dict[str, dict[str, Any]] = {
        "session.list": {},
        "session.get": of,
        "session.events": {**of, "after": 0, "limit": 1000},
        "session.runs": of,
        "session.value": {**of, "ref": f"{newest}/values"},
        "session.changes": {},
        "debug.breakpoints": of,
        "debug.inspect": of,
        "debug.history": of,
        "debug.diff": {**of, "checkpoint_id": newest, "other_checkpoint_id": oldest},
        "debug.evaluate": {**of, "expression": "state['n']"},
        "server.nodes": {},
    }
    looks = {name for name, one in METHODS.items() if one.looks and not one.streams}
    assert looks - OF_A_NODE <= set(params), "it is to be asked on two nodes too"
    said = {name: await answer(one, name, given) for name, given in params.items()}
    said["active"] = (await one.call("server.info"))["active_sessions"]
    for node in said["server.nodes"]["nodes"]:
        del node["last_seen"]
    return said


async def test_another_node_says_what_the_one_says_that_runs_it(cluster: Cluster) -> None:
    """How often a breakpoint was reached, what is running, where: while it runs, after a kill, and once it is over."""
    runs = cluster.node("looping")
    looks = cluster.node("looping", role="api")
    async with peer(runs.url) as here, peer(looks.url) as there:
        here.deadline = there.deadline = 60
        started = await here.call(
            "query.start",
            query="x",
            debug_mode=True,
            breakpoints=[{"node_name": "loop", "hit_count": 100}],
        )
        session_id = started["session_id"]
        await held(here, session_id)
        same = False
        while not same:
            mine, others = [await looked(one, session_id) for one in (here, there)]
            same = mine == others
        assert mine["debug.breakpoints"]["breakpoints"][0]["hits"] == 5
        assert mine["active"] == 1
        assert {node["running"] for node in mine["server.nodes"]["nodes"]} == {0, 1}
        await there.call("session.subscribe", session_id=session_id, after=0)
        runs.kill9()
        cluster.node("looping", role="worker")
        cluster.let_go()
        assert await there.settled(session_id) == "completed"
        # The fifth began again.
        found = await there.call("debug.breakpoints", session_id=session_id)
        assert found["breakpoints"][0]["hits"] == 11


async def test_who_waits_for_the_database_keeps_nobody_else_waiting(cluster: Cluster) -> None:
    """While it answers no call, what needs no answer of it is answered, and all others are once it does."""
    async with Proxy(cluster.postgres.port, handshake=b"") as proxy:
        node = await asyncio.to_thread(
            cluster.node, "several", database=through(proxy, cluster), max_queries_per_minute=100
        )
        async with peer(node.url) as one, peer(node.url) as other:
            one.deadline = other.deadline = 60
            story = await one.run("q")
            of = {"session_id": story.session_id}
            asked: list[tuple[str, dict[str, Any]]] = [
                ("query.start", {"query": "r"}),
                ("query.respond", {**of, "value": "yes"}),
                ("session.get", of),
                ("session.list", {}),
                ("session.runs", of),
                ("session.events", {**of, "after": 0, "limit": 9}),
                ("session.subscribe", {**of, "after": 0}),
                ("session.update", {**of, "session_name": "new"}),
                ("session.watch", {}),
                ("debug.attach", of),
                ("debug.breakpoints", of),
                ("debug.inspect", of),
                ("server.info", {}),
            ]
            for name, params in asked:
                proxy.passing.clear()
                waits = asyncio.create_task(one.answer(name, params))
                for _ in range(3):
                    assert (await other.call("graph.list"))["graphs"]
                # What the server would send first is what it had to read.
                assert not waits.done(), name
                proxy.passing.set()
                said = await waits
                assert "error" not in said or said["error"]["data"]["type"] == "wrong_state", said


async def test_what_was_said_and_is_not_heard_yet_is_shown(cluster: Cluster) -> None:
    """Whoever attached to a run sees that it is debugged, though the node that runs it stands still."""
    api = cluster.node("looping", role="api")
    worker = cluster.node("looping", role="worker")
    async with peer(api.url) as one:
        one.deadline = 60
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await held(one, session_id)
        os.kill(worker.pid, signal.SIGSTOP)
        await one.call("debug.attach", session_id=session_id)
        assert (await one.call("session.get", session_id=session_id))["debug_mode"]
        await one.call("debug.detach", session_id=session_id)
        assert not (await one.call("session.get", session_id=session_id))["debug_mode"]
        os.kill(worker.pid, signal.SIGCONT)
        cluster.let_go()
        assert await one.settled(session_id) == "completed"
