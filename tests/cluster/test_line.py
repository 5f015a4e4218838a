"""Whose turn it is, and where: a user would lose their place to who asks for much, or a session to a node that cannot run it."""

import subprocess
import sys

import httpx

from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, reasons
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.server_process import ROOT, clean_environment
from tests.support.stream_rules import check_stream

JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"


def token(cluster: Cluster, owner: str) -> dict[str, str]:
    """The head by which a client is this owner."""
    command = [sys.executable, "-m", "rpc.cli", "token", "create", owner]
    done = subprocess.run(
        [*command, "--database", cluster.database],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {"Authorization": f"Bearer {done.stdout.strip()}"}


def begun(cluster: Cluster) -> list[str]:
    """The runs' first nodes, in their order."""
    return [line for line in cluster.journal() if line.startswith("first ")]


async def test_who_asks_for_much_is_in_nobodys_way(cluster: Cluster) -> None:
    """Two places, eight runs of one owner, and one of another who came last: it is the next that begins."""
    cluster.node("looping", role="worker", max_running=2)
    api = cluster.node("looping", role="api")
    much, little = (token(cluster, owner) for owner in ("much", "little"))
    async with (
        peer(api.url, additional_headers=much) as one,
        peer(api.url, additional_headers=little) as other,
    ):
        one.deadline = other.deadline = 120
        started = [await one.call("query.start", query=f"much{n}") for n in range(8)]
        cluster.until("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'", 2, 60)
        await until_true(lambda: len(begun(cluster)) == 2)
        mine = await other.call("query.start", query="little")
        assert cluster.rows(JOBS) == [(1,)]
        assert cluster.rows("SELECT count(*) FROM held_jobs") == [(6,)]
        # One place, and no other, comes free.
        cluster.let_go("go much0")
        await until_true(lambda: len(begun(cluster)) == 3)
        assert begun(cluster)[2] == "first little"
        cluster.let_go()
        assert await other.settled(mine["session_id"]) == "completed"
        for each in started:
            assert await one.settled(each["session_id"]) == "completed"
            check_stream(one.of(each["session_id"]))
    assert len(begun(cluster)) == len(set(begun(cluster))) == 9


async def test_a_worker_takes_what_it_has_the_graph_of(cluster: Cluster) -> None:
    """What another graph's worker does not have waits for who has it, and is in nobody's way."""
    cluster.node("several", role="worker", max_running=1)
    api = cluster.node("several", "looping", role="api")
    cluster.let_go()
    async with peer(api.url) as one:
        one.deadline = 120
        waits = await one.call("query.start", query="x", graph="looping")
        for n in range(3):
            assert (await one.run(f"q{n}", graph="several")).status == "waiting"
        assert cluster.rows("SELECT queue_name, status::text FROM procrastinate_jobs") == [
            ("looping", "todo")
        ]
        cluster.node("looping", role="worker")
        assert await one.settled(waits["session_id"]) == "completed"
        assert reasons(one, waits["session_id"]) == []


async def test_what_begins_later_holds_nobody_up(cluster: Cluster) -> None:
    """An hour before its time it is cancelled on another node, and the session's next query runs at once."""
    cluster.node("steps", role="worker")
    api, other = (cluster.node("steps", role="api") for _ in range(2))
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client, peer(other.url) as one:
        one.deadline = 120
        thread = (await client.post(f"{api.http_url}/threads", json={})).json()["thread_id"]
        asked = {"assistant_id": "steps", "input": {"query": "later"}, "after_seconds": 3600}
        (await client.post(f"{api.http_url}/threads/{thread}/runs", json=asked)).raise_for_status()
        await one.call("session.subscribe", session_id=thread, after=0)
        # Somebody else's is not behind it.
        assert (await one.run("beside")).status == "completed"
        cancelled = await one.call("query.cancel", session_id=thread)
        assert cancelled["status"] == "cancelled"
        assert cluster.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
        assert await one.settled(thread) == "cancelled"
        last = one.of(thread)[-1]["params"]["seq"]
        await one.call("query.start", query="now", session_id=thread)
        assert await one.settled(thread, after=last) == "completed"
    assert not any(line.endswith(" later") for line in cluster.journal())


async def test_a_node_that_blocks_its_loop_is_not_taken_for_dead(cluster: Cluster) -> None:
    """For longer than a node may be silent: it is heard all the same, and its run is its own."""
    graph = "stubborn=tests/support/blocking_graph.py:graph"
    runs = cluster.node(graph, role="worker", blocked_seconds=1)
    api = cluster.node(graph, role="api")
    async with peer(api.url) as one:
        one.deadline = 120
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await held(one, session_id)
        cluster.node(graph, role="worker", blocked_seconds=1)
        assert await one.settled(session_id) == "completed"
        assert reasons(one, session_id) == []
        check_stream(one.of(session_id))
    assert not runs.said("taken for dead"), runs.output
    assert [line for line in cluster.journal() if line.startswith("blocked")] == ["blocked x"]
