"""The database stands still with all its processes and goes on: its silence is nobody's death, and no run is run twice."""

import asyncio
from contextlib import suppress

from rpc.sessions.cluster import keeping
from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, once, reasons
from tests.support.peer import peer
from tests.support.stream_rules import check_stream

FROZEN_SECONDS = 15
"""Longer than a node may be silent."""

RESULT = ["first", *(f"loop {n}" for n in range(1, 11))]


def processes(cluster: Cluster, node_id: str) -> list[int]:
    """Those that serve a node's connections."""
    rows = cluster.rows(
        f"SELECT pid FROM pg_stat_activity WHERE application_name LIKE '% {node_id}'"
    )
    return [pid for (pid,) in rows]


async def test_whoever_is_heard_first_takes_nobody_for_dead(cluster: Cluster) -> None:
    """It wakes up for two nodes, and for the third a little later."""
    nodes = [cluster.node("looping", role="worker", max_running=1) for _ in range(2)]
    nodes.append(cluster.node("looping", role="api"))
    (first, last) = (
        id for (id,) in cluster.rows("SELECT id FROM nodes WHERE role = 'worker' ORDER BY id")
    )
    async with peer(nodes[-1].url) as one:
        one.deadline = 120
        ids = [(await one.call("query.start", query=query))["session_id"] for query in "xy"]
        for session_id in ids:
            await held(one, session_id)
        of_last = processes(cluster, last)
        assert of_last
        ((before,),) = cluster.rows(f"SELECT seen_at FROM nodes WHERE id = '{first}'")
        frozen = cluster.postgres.freeze()
        try:
            await asyncio.sleep(FROZEN_SECONDS)
            cluster.postgres.wake([pid for pid in frozen if pid not in of_last])
            # What one of the others holds may be waited for.
            with suppress(TimeoutError):
                async with asyncio.timeout(20):
                    await asyncio.to_thread(
                        cluster.until,
                        f"SELECT seen_at > '{before}' FROM nodes WHERE id = '{first}'",
                        True,
                    )
            # Long enough for it to look who is dead.
            await asyncio.sleep(2 * keeping.LOOK_SECONDS)
        finally:
            cluster.postgres.wake(frozen)
        cluster.let_go()
        for session_id in ids:
            assert await one.settled(session_id) == "completed"
            events = one.of(session_id)
            check_stream(events)
            assert reasons(one, session_id) == []
            assert events[-2]["params"]["result"]["said"] == RESULT
        for query in "xy":
            assert set(once(cluster, query).values()) == {1}
        for node in nodes:
            assert await asyncio.to_thread(node.said, "taken for dead") == []
        again = await one.run("z")
        assert again.status == "completed"
