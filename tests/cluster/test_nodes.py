"""Any client on any node does anything to any session; nodes know each other; what one may run is counted over all."""

import asyncio
import os
import re
import signal
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from rpc.storage.cluster import DEAD_SECONDS
from rpc.version import VERSION
from tests.cluster.conftest import GRAPHS, Cluster
from tests.cluster.test_takeover import held
from tests.support.peer import Refused, peer
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
        for node in (worker, api):
            ((name, role),) = (
                re.findall(r"this is node (\w+), role (\w+)", line)[0]
                for line in node.wait_for("this is node")
            )
            assert (name, role) in {(each["id"], each["role"]) for each in found}
        worker.stop()
        found = (await one.call("server.nodes"))["nodes"]
        assert [node["role"] for node in found] == ["api"]


async def test_nodes_say_how_much_they_run(cluster: Cluster) -> None:
    cluster.node("looping", role="worker")
    api = cluster.node("looping", role="api")
    async with peer(api.url) as one:
        one.deadline = 120

        async def running(role: str) -> int:
            nodes = (await one.call("server.nodes"))["nodes"]
            (found,) = (node["running"] for node in nodes if node["role"] == role)
            return int(found)

        ids = [(await one.call("query.start", query=f"q{n}"))["session_id"] for n in range(2)]
        for session_id in ids:
            await held(one, session_id)
        async with asyncio.timeout(60):
            while await running("worker") != 2:
                pass
            assert await running("api") == 0
            cluster.let_go()
            for session_id in ids:
                assert await one.settled(session_id) == "completed"
            while await running("worker") != 0:
                pass


async def test_nodes_say_when_they_were_last_heard(cluster: Cluster) -> None:
    """Each its version, and its last word by the database's clock: that of one that is frozen grows old, until it wakes up."""
    worker = cluster.node("looping", role="worker")
    api = cluster.node("looping", role="api")
    async with peer(api.url) as one:

        async def heard() -> tuple[datetime, datetime]:
            found = {node["role"]: node for node in (await one.call("server.nodes"))["nodes"]}
            assert {node["version"] for node in found.values()} == {VERSION}
            for node in found.values():
                assert _time(node["started_at"]) <= _time(node["last_seen"])
            return _time(found["worker"]["last_seen"]), _time(found["api"]["last_seen"])

        async with asyncio.timeout(120):
            first = await heard()
            while not all(now > then for now, then in zip(await heard(), first, strict=True)):
                pass
            os.kill(worker.pid, signal.SIGSTOP)
            gap = timedelta(seconds=DEAD_SECONDS)
            while (times := await heard()) and times[1] - times[0] < gap:
                pass
            os.kill(worker.pid, signal.SIGCONT)
            while (await heard())[0] <= times[1]:
                pass


async def test_a_node_that_was_long_silent_is_listed_as_before(cluster: Cluster) -> None:
    """Nobody lists it meanwhile; when it is back, since when it is there is what it was."""
    worker = cluster.node("looping", role="worker")
    api = cluster.node("looping", role="api")
    async with peer(api.url) as one:

        async def listed() -> dict[str, Any]:
            return {each["id"]: each for each in (await one.call("server.nodes"))["nodes"]}

        async with asyncio.timeout(600):
            before = await listed()
            (name,) = (id for id, each in before.items() if each["role"] == "worker")
            os.kill(worker.pid, signal.SIGSTOP)
            # For longer than a node is listed; again, where what it was just saying comes after it.
            while name in await listed():
                cluster.rows(
                    f"UPDATE nodes SET seen_at = seen_at - interval '1 hour' WHERE id = '{name}' RETURNING 1"
                )
            os.kill(worker.pid, signal.SIGCONT)
            while name not in (after := await listed()):
                pass
        assert after[name]["started_at"] == before[name]["started_at"]
        assert after[name]["last_seen"] > before[name]["last_seen"]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


async def test_what_a_node_remembers_others_know(cluster: Cluster) -> None:
    """`get_store()` in graphs' nodes, on one worker and on the other, also where the one was killed right after it."""
    names = ("left", "right", "plain_left", "plain_right")
    graphs = {
        name: f"{name}={GRAPHS}:remembering{'_in_thread' if 'plain' in name else ''}"
        for name in names
    }
    api = cluster.node(*graphs.values(), role="api")
    left = cluster.node(graphs["left"], graphs["plain_left"], role="worker")
    cluster.node(graphs["right"], graphs["plain_right"], role="worker")
    async with peer(api.url) as one:
        one.deadline = 120

        async def said(query: str, graph: str) -> str:
            found: str = (await one.run(query, graph=graph)).result["said"][0]
            return found

        assert await said("look", "right") == "nothing"
        assert await said("put one", "left") == "one"
        assert await said("look", "right") == "one"
        assert await said("put two", "plain_right") == "two"
        assert await said("look", "plain_left") == "two"
        started = await one.call("query.start", query="hold three", graph="left")
        await held(one, started["session_id"])
        left.kill9()
        assert await said("held", "plain_right") == "three"
        assert await said("put four", "right") == "four"
        cluster.node(graphs["left"], role="worker")
        assert await said("look", "left") == "four"


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

    assert [status(path) for path in ("/livez", "/readyz", "/metrics")] == [200] * 3
    # Its database may be late once, where others are busy.
    assert status("/health") in (200, 503)
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


async def test_a_job_that_its_worker_knows_nothing_of_goes_back_in_line(cluster: Cluster) -> None:
    """The answer that gave it was lost, or the call that would have let go of it: its session would never run again."""
    cluster.node("several", "looping", role="worker", max_running=1)
    api = cluster.node("several", "looping", role="api")
    row = "procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
    worker = "(SELECT max(id) FROM procrastinate_workers)"
    taken = (
        f"WITH gone AS (DELETE FROM held_jobs RETURNING *) INSERT INTO {row}"
        f" SELECT graph, 'advance', session_id, session_id, args, 'doing', {worker} FROM gone RETURNING lock"
    )
    left = (
        f"INSERT INTO {row} SELECT 'several', 'advance', id, id,"
        " jsonb_build_object('session_id', id, 'epoch', epoch, 'asker', '', 'recovery', NULL),"
        f" 'doing', {worker} FROM sessions WHERE status = 'completed' RETURNING lock"
    )
    async with peer(api.url) as one:
        one.deadline = 90
        first = await one.call("query.start", query="x", graph="looping")
        await held(one, first["session_id"])
        second = await one.call("query.start", query="y", graph="looping")
        # As a take whose answer did not come.
        assert cluster.rows(taken) == [(second["session_id"],)]
        cluster.let_go()
        for each in (first, second):
            assert await one.settled(each["session_id"]) == "completed"
        done = second["session_id"]
        await asyncio.to_thread(cluster.until, "SELECT count(*) FROM procrastinate_jobs", 0)
        await one.call("session.delete", session_id=first["session_id"])
        # As the worker's letting go of it that failed.
        assert cluster.rows(left) == [(done,)]
        last = one.of(done)[-1]["params"]["seq"]
        await one.call("query.start", query="z", session_id=done)
        assert await one.settled(done, after=last) == "completed"
    await asyncio.to_thread(cluster.until, "SELECT count(*) FROM procrastinate_jobs", 0)


async def test_what_one_may_run_at_once_is_counted_over_all_nodes(cluster: Cluster) -> None:
    """Two workers with room for sixteen, and a limit of two: never more than two at once, and all come to their turn."""
    for _ in range(2):
        cluster.node("looping", role="worker", max_running=8, max_running_per_owner=2)
    api = cluster.node("looping", role="api", max_running_per_owner=2)
    doing = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    async with peer(api.url) as one:
        one.deadline = 60
        started = await asyncio.gather(*(one.call("query.start", query=f"q{n}") for n in range(10)))
        ids = [each["session_id"] for each in started]
        ends = [asyncio.create_task(one.settled(id)) for id in ids]
        # Each stands in its middle until it is let go.
        await one.until(
            lambda: sum(bool(one.of(id, "progress")) for id in ids) >= 2, "two that run"
        )
        most = (await asyncio.to_thread(cluster.rows, doing))[0][0]
        cluster.let_go()
        while not all(end.done() for end in ends):
            most = max(most, (await asyncio.to_thread(cluster.rows, doing))[0][0])
            await asyncio.wait(ends, timeout=0.02)
        assert {end.result() for end in ends} == {"completed"}
        assert most == 2


async def test_what_one_may_start_in_a_minute_is_counted_over_all_nodes(cluster: Cluster) -> None:
    """Three here and two there are five, and no node takes a sixth."""
    nodes = [cluster.node("several", max_queries_per_minute=5) for _ in range(2)]
    async with peer(nodes[0].url) as one, peer(nodes[1].url) as two:
        one.deadline = two.deadline = 60
        for number, asks in enumerate((one, one, one, two, two)):
            await asks.call("query.start", query=f"q{number}")
        for asks in (one, two):
            with pytest.raises(Refused) as refused:
                await asks.call("query.start", query="one more")
            assert refused.value.type == "rate_limited"
    assert cluster.rows("SELECT count(*) FROM sessions") == [(5,)]


async def test_a_query_that_waits_for_another_nodes_run(cluster: Cluster) -> None:
    """Asked on one node, behind a run that another one was asked for and a third one runs: it runs after it, once."""
    cluster.node("looping", role="worker")
    left, right = (cluster.node("looping", role="api") for _ in range(2))
    async with peer(left.url) as one, peer(right.url) as two:
        one.deadline = two.deadline = 60
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await held(one, session_id)
        waits = await two.call("query.start", query="y", session_id=session_id, when_busy="enqueue")
        cluster.let_go()

        def over() -> bool:
            ends = [
                event
                for event in two.of(session_id, "session.status")
                if event["params"]["run_id"] == waits["run_id"]
            ]
            return bool(ends) and ends[-1]["params"]["status"] == "completed"

        await two.until(over, "the second run's end")
        ran = cluster.journal()
        assert len(ran) == len(set(ran)) == 22
        assert all(line.endswith(" x") for line in ran[:11])


async def test_a_run_that_is_to_begin_later(cluster: Cluster) -> None:
    """Asked for on one node, it begins on another, when its time has come."""
    cluster.node("steps", role="worker")
    api, other = (cluster.node("steps", role="api") for _ in range(2))
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        thread = (await client.post(f"{api.http_url}/threads", json={})).json()["thread_id"]
        asked = {"assistant_id": "steps", "input": {"query": "later"}, "after_seconds": 2}
        run = (await client.post(f"{api.http_url}/threads/{thread}/runs", json=asked)).json()
        async with peer(other.url) as one:
            one.deadline = 60
            await one.call("session.subscribe", session_id=thread, after=0)
            assert await one.settled(thread) == "completed"
            told = await one.call("session.runs", session_id=thread)
        begun = cluster.rows(
            f"SELECT started_at - created_at FROM runs WHERE id = '{run['run_id']}'"
        )
        assert begun[0][0] >= 2000
        assert [each["run_id"] for each in told["runs"]] == [run["run_id"]]
