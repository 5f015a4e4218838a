"""Any client on any node does anything to any session; nodes know each other; what one may run is counted over all."""

import asyncio

from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held
from tests.support.peer import peer
from tests.support.stream_rules import check_stream


async def test_no_sticky_sessions(cluster: Cluster) -> None:
    """Started here, run there, watched, answered and cancelled elsewhere."""
    cluster.node("asking", "looping", role="worker")
    left, right = (cluster.node("asking", "looping", role="api") for _ in range(2))
    async with peer(left.url) as one, peer(right.url) as two:
        one.deadline = two.deadline = 60
        started = await one.call("query.start", query="a", graph="asking")
        session_id = started["session_id"]
        assert await one.settled(session_id) == "waiting"
        await two.call("session.subscribe", session_id=session_id, after=0)
        assert await two.settled(session_id) == "waiting"
        await two.call("query.respond", session_id=session_id, value="Ada")
        await held(one, session_id)
        # Another query, cancelled by who did not start it.
        other = await two.call("query.start", query="b", graph="looping")
        await held(two, other["session_id"])
        done = await one.call("query.cancel", session_id=other["session_id"])
        assert done["status"] == "cancelled"
        assert await two.settled(other["session_id"]) == "cancelled"
        gone = await one.call("session.delete", session_id=other["session_id"])
        assert gone["deleted"]
        await two.event(other["session_id"], "session.deleted")
        cluster.let_go()
        last = one.of(session_id)[-1]["params"]["seq"]
        assert await one.settled(session_id, after=last) == "waiting"
        await one.call("query.respond", session_id=session_id, value=36)
        await two.until(
            lambda: two.of(session_id, "session.status")[-1]["params"]["status"] == "completed",
            "its end",
        )
        await one.until(lambda: len(one.of(session_id)) == len(two.of(session_id)), "all of it")
        assert one.of(session_id) == two.of(session_id)
        check_stream(one.of(session_id))


async def test_nodes_list_themselves(cluster: Cluster) -> None:
    """Who is there, what each does, and how much; a node that goes is not listed any more."""
    worker = cluster.node("looping", role="worker", max_running=3)
    api = cluster.node("several", role="api")
    async with peer(api.url) as one:
        found = (await one.call("server.nodes"))["nodes"]
        told = {(node["role"], tuple(node["graphs"]), node["concurrency"]) for node in found}
        assert ("worker", ("looping",), 3) in told
        assert ("api", ("several",)) in {each[:2] for each in told}
        worker.stop()
        found = (await one.call("server.nodes"))["nodes"]
        assert [node["role"] for node in found] == ["api"]


async def test_a_worker_has_no_port_but_health(cluster: Cluster) -> None:
    """Nobody can ask it for a session."""
    import urllib.error
    import urllib.request

    worker = cluster.node("several", role="worker")

    def status(path: str) -> int:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                worker.http_url + path
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code

    assert [status(path) for path in ("/health", "/livez", "/readyz", "/metrics")] == [200] * 4
    for path in ("/rpc", "/v1/orchestrator/sessions", "/orchestrator/docs", "/"):
        assert status(path) == 404


async def test_more_than_the_workers_take_at_once(cluster: Cluster) -> None:
    """What is past their places waits for its turn, and all of it runs once."""
    for _ in range(2):
        cluster.node("several", role="worker", max_running=2)
    api = cluster.node("several", role="api")
    async with peer(api.url) as one:
        one.deadline = 60
        started = await asyncio.gather(*(one.call("query.start", query=f"q{n}") for n in range(30)))
        for each in started:
            assert await one.settled(each["session_id"]) == "waiting"
            check_stream(one.of(each["session_id"]))
    assert cluster.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert cluster.rows("SELECT count(*) FROM held_jobs") == [(0,)]


async def test_a_note_that_is_lost_is_found_within_a_second(cluster: Cluster) -> None:
    """Nobody is told: a start, its events, a cancellation are seen all the same."""
    mute = ["tests.support.mute_node"]
    nodes = [cluster.node("looping", role=role, entry=mute) for role in ("worker", "api", "api")]
    async with peer(nodes[1].url) as one, peer(nodes[2].url) as two:
        one.deadline = two.deadline = 60
        started = await one.call("query.start", query="x")
        await held(one, started["session_id"])
        await two.call("session.subscribe", session_id=started["session_id"], after=0)
        done = await two.call("query.cancel", session_id=started["session_id"])
        assert done["status"] == "cancelled"
        assert await one.settled(started["session_id"]) == "cancelled"
        check_stream(one.of(started["session_id"]))


async def test_what_one_may_run_at_once_is_counted_over_all_nodes(cluster: Cluster) -> None:
    """Two workers with room for sixteen, and a limit of two: never more than two at once, and all come to their turn."""
    for _ in range(2):
        cluster.node("steps", role="worker", max_running=8, max_running_per_owner=2)
    api = cluster.node("steps", role="api", max_running_per_owner=2)
    async with peer(api.url) as one:
        one.deadline = 60
        started = await asyncio.gather(*(one.call("query.start", query=f"q{n}") for n in range(10)))
        most = 0
        ends = [asyncio.create_task(one.settled(each["session_id"])) for each in started]
        while not all(end.done() for end in ends):
            found = await asyncio.to_thread(
                cluster.rows, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
            )
            most = max(most, found[0][0])
            await asyncio.wait(ends, timeout=0.02)
        assert {end.result() for end in ends} == {"completed"}
        assert most == 2
