"""Workers are killed and frozen: others go on, clients on other nodes see no gap, and nothing that the dead still write counts."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from rpc.sessions.cluster import keeping, taking
from rpc.storage.cluster import BEAT_SECONDS, DEAD_SECONDS
from tests.cluster.conftest import GRAPHS, Cluster
from tests.support.peer import Peer, peer
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import check_stream


async def held(one: Peer, session_id: str, count: int = 1) -> None:
    """Wait until so many nodes of the session have said that they stand."""

    def found() -> bool:
        events = one.of(session_id, "progress")
        return sum("held" in event["params"]["data"] for event in events) >= count

    await one.until(found, "a node that is held")


def reasons(one: Peer, session_id: str) -> list[str]:
    return [event["params"]["reason"] for event in one.of(session_id, "session.recovered")]


def once(cluster: Cluster, query: str) -> Counter[str]:
    """How often each body ran."""
    return Counter(line for line in cluster.journal() if line.endswith(f" {query}"))


def name_of_worker(cluster: Cluster) -> str:
    """As what the database knows the connections of the one that there is."""
    ((name,),) = cluster.rows(
        "SELECT DISTINCT application_name FROM pg_stat_activity JOIN nodes"
        " ON role = 'worker' AND application_name LIKE '% ' || id"
    )
    return str(name)


async def test_a_worker_is_killed(cluster: Cluster) -> None:
    """Who watches on another node sees the run go on where it was, with no gap."""
    api = cluster.node("looping", role="api")
    first = cluster.node("looping", role="worker")
    async with peer(api.url) as one:
        one.deadline = 60
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await held(one, session_id)
        cluster.node("looping", role="worker")
        ((seen,),) = cluster.rows(
            "SELECT seen_at FROM nodes ORDER BY role = 'worker' DESC, started_at"
        )[:1]
        begun = time.monotonic()
        first.kill9()
        await one.event(session_id, "session.recovered")
        print(f"another worker goes on {time.monotonic() - begun:.1f} s after the kill")
        # Not sooner than it may be taken for dead: what it said last was said by then.
        ((now,),) = cluster.rows("SELECT clock_timestamp()")
        assert (now - seen).total_seconds() >= DEAD_SECONDS
        # It was heard until the kill, at the latest; two looks follow: for who is dead, and for what is in line.
        assert (BEAT_SECONDS, DEAD_SECONDS) == (2.0, 8.0)
        assert DEAD_SECONDS + keeping.LOOK_SECONDS + taking.POLL_SECONDS <= 12.0
        cluster.let_go()
        assert await one.settled(session_id) == "completed"
        events = one.of(session_id)
        check_stream(events)
        assert reasons(one, session_id) == ["restart"]
        assert events[-2]["params"]["result"]["said"] == [
            "first",
            *(f"loop {n}" for n in range(1, 11)),
        ]
    ran = once(cluster, "x")
    # The fifth was under way; what was committed ran once.
    assert ran.pop("loop 5 x") == 2
    assert set(ran.values()) == {1}


async def test_a_worker_that_was_frozen_changes_nothing(cluster: Cluster) -> None:
    """It wakes up long after another one took over: each of its writes is refused, and it works again as a new one."""
    api = cluster.node("looping", role="api")
    frozen = cluster.node("looping", role="worker", entry=["tests.support.late_node"])
    async with peer(api.url) as one:
        one.deadline = 60
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await held(one, session_id)
        os.kill(frozen.pid, signal.SIGSTOP)
        second = cluster.node("looping", role="worker")
        await one.event(session_id, "session.recovered")
        cluster.let_go()
        assert await one.settled(session_id) == "completed"
        before = list(one.of(session_id))
        check_stream(before)
        os.kill(frozen.pid, signal.SIGCONT)
        frozen.wait_for("taken for dead")
        # It is alone now, and takes what comes.
        second.stop()
        again = await one.run("y")
        assert again.status == "completed"
        check_stream(again.events)
        assert one.of(session_id) == before
        page = await one.call("session.events", session_id=session_id, after=0, limit=1000)
        assert page["events"] == before
    assert frozen.wait_for("were refused: epoch")
    cluster.until("SELECT count(*) FROM procrastinate_jobs", 0)


@pytest.mark.parametrize("how", ["x", "plain"])
async def test_what_a_frozen_worker_would_remember_is_not(cluster: Cluster, how: str) -> None:
    """Long-term memory is seen by all sessions: what a run's second try put there is not put again by its first."""
    graph = f"late={GRAPHS}:remembering_late"
    api = cluster.node(graph, role="api")
    frozen = cluster.node(graph, role="worker", entry=["tests.support.late_node"])
    async with peer(api.url) as one:
        one.deadline = 90
        session_id = (await one.call("query.start", query=how))["session_id"]
        await held(one, session_id)
        os.kill(frozen.pid, signal.SIGSTOP)
        second = cluster.node(graph, role="worker")
        await one.event(session_id, "session.recovered")
        cluster.let_go()
        assert await one.settled(session_id) == "completed"
        os.kill(frozen.pid, signal.SIGCONT)
        # What it still writes is refused, or it hears first that the run is another's, and writes nothing.
        await asyncio.to_thread(frozen.wait_for, "were refused: epoch", instead="the 0 runs it had")
        assert (await one.run("look")).result["said"] == [str(second.pid)]


async def test_what_goes_on_when_its_run_is_over_may_remember(cluster: Cluster) -> None:
    """As tools do that form memories in the background."""
    graph = f"late={GRAPHS}:remembering_late"
    node = cluster.node(graph)
    async with peer(node.url) as one:
        one.deadline = 90
        assert (await one.run("after")).result["said"] == ["nothing"]
        cluster.let_go()
        async with asyncio.timeout(90):
            while (await one.run("look")).result["said"] != [str(node.pid)]:
                pass


@contextmanager
def frozen_in_a_commit(cluster: Cluster, worker: ServerProcess) -> Iterator[Any]:
    """What the database sees of a worker, the only one, that is frozen so: a transaction of it whose pipeline is not at its end.

    In the end that connection has been ended by somebody else.
    """
    import psycopg

    with psycopg.connect(
        cluster.database,
        application_name=name_of_worker(cluster),
        autocommit=True,
        options="-csearch_path=stepwire_sessions -cidle_in_transaction_session_timeout=5000",
    ) as within:
        os.kill(worker.pid, signal.SIGSTOP)
        with suppress(psycopg.OperationalError), within.pipeline():
            within.execute(b"BEGIN")
            yield within
            within.execute(b"COMMIT")
        assert within.broken


async def test_what_a_frozen_worker_holds_is_let_go(cluster: Cluster) -> None:
    """It was frozen within a commit, whose locks no time-out of the database's ends: the session goes on elsewhere in time."""
    api = cluster.node("looping", role="api")
    frozen = cluster.node("looping", role="worker")
    async with peer(api.url) as one:
        one.deadline = 60
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await held(one, session_id)
        with frozen_in_a_commit(cluster, frozen) as within:
            locked = within.execute(
                b"SELECT id FROM sessions WHERE id = %s FOR UPDATE", (session_id,)
            )
            assert locked.fetchone() == (session_id,)
            cluster.node("looping", role="worker")
            await one.event(session_id, "session.recovered")
            cluster.let_go()
            assert await one.settled(session_id) == "completed"
        check_stream(one.of(session_id))
        assert reasons(one, session_id) == ["restart"]
        os.kill(frozen.pid, signal.SIGCONT)
        assert frozen.wait_for("taken for dead")


async def test_a_session_that_somebody_has_locked_holds_up_no_other(cluster: Cluster) -> None:
    """Of two that a dead worker ran, the first cannot be taken over yet: the second is, and the first as soon as it can."""
    import psycopg

    api = cluster.node("looping", role="api")
    first = cluster.node("looping", role="worker")
    async with peer(api.url) as one:
        one.deadline = 120
        ids = []
        for query in ("x", "y"):
            started = await one.call("query.start", query=query)
            ids.append(started["session_id"])
            await held(one, ids[-1])
        cluster.node("looping", role="worker")
        with psycopg.connect(cluster.database) as locking:
            locking.execute(
                "SELECT id FROM stepwire_sessions.sessions WHERE id = %s FOR UPDATE", (ids[0],)
            )
            first.kill9()
            await one.event(ids[1], "session.recovered")
            locking.rollback()
        await one.event(ids[0], "session.recovered")
        cluster.let_go()
        for session_id in ids:
            assert await one.settled(session_id) == "completed"
            check_stream(one.of(session_id))


async def test_what_a_frozen_worker_puts_in_line_holds_nobody_up(cluster: Cluster) -> None:
    """It was frozen as it did: who lets the same session in would wait for it, and nobody would see that it is dead."""
    api = cluster.node("looping", role="api")
    frozen = cluster.node("looping", role="worker", max_running=1)
    async with peer(api.url) as one:
        one.deadline = 60
        runs, waits = [(await one.call("query.start", query=query))["session_id"] for query in "xy"]
        await held(one, runs)
        assert cluster.rows("SELECT session_id FROM held_jobs") == [(waits,)]
        with frozen_in_a_commit(cluster, frozen) as within:
            put = within.execute(
                b"INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
                b" SELECT graph, 'advance', session_id, session_id, args FROM held_jobs RETURNING lock"
            )
            assert put.fetchone() == (waits,)
            # There is a place for what waits before the first one is missed; and nobody but this node who could miss it.
            cluster.rows(
                "INSERT INTO nodes (id, role, version, graphs, concurrency, running, seen_at)"
                " VALUES ('coming', 'worker', '1', '{looping}', 2, 0, clock_timestamp() + '1 hour') RETURNING id"
            )
            pid = within.info.backend_pid
            cluster.until(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}", 0)
            cluster.node("looping", role="worker", max_running=2)
            await one.event(runs, "session.recovered")
            cluster.let_go()
            for session_id in (runs, waits):
                assert await one.settled(session_id) == "completed"
        assert (reasons(one, runs), reasons(one, waits)) == (["restart"], [])
        for session_id in (runs, waits):
            check_stream(one.of(session_id))
        os.kill(frozen.pid, signal.SIGCONT)
        assert frozen.wait_for("taken for dead")


async def test_a_worker_that_stops_hands_over(cluster: Cluster) -> None:
    """A rolling upgrade: what it ran goes on elsewhere at once, not when it is missed."""
    api = cluster.node("looping", role="api")
    first = cluster.node("looping", role="worker", shutdown_grace_seconds=0.1)
    async with peer(api.url) as one:
        one.deadline = 60
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await held(one, session_id)
        cluster.node("looping", role="worker")
        first.stop()
        await one.event(session_id, "session.recovered")
        cluster.let_go()
        assert await one.settled(session_id) == "completed"
        check_stream(one.of(session_id))


async def test_a_waiting_and_a_standing_session_need_no_worker(cluster: Cluster) -> None:
    """They are rows: whoever ran them is killed, and any other goes on when they are answered and stepped."""
    first = cluster.node("several", role="worker")
    left, right = (cluster.node("several", role="api") for _ in range(2))
    async with peer(left.url) as one, peer(right.url) as two:
        one.deadline = two.deadline = 60
        asks = await one.run("a")
        stands = await one.call(
            "query.start",
            query="b",
            debug_mode=True,
            breakpoints=[{"node_name": "one"}],
        )
        session_id = stands["session_id"]
        assert await one.settled(session_id) == "paused"
        first.kill9()
        cluster.node("several", role="worker")
        await two.call("query.respond", session_id=asks.session_id, value="yes")
        last = one.of(session_id)[-1]["params"]["seq"]
        await two.call("debug.step", session_id=session_id)
        assert await one.settled(session_id, after=last) == "paused"
        assert one.of(session_id, "debug.stopped")[-1]["params"]["tasks"][0]["path"] == "ask"
        await one.until(lambda: asks.status == "completed", "the answer's end")
        for each in (session_id, asks.session_id):
            check_stream(one.of(each))
            assert reasons(one, each) == []


async def test_a_graph_that_no_node_has(cluster: Cluster) -> None:
    """Its session fails with a clear error, after a time in which a node could have come."""
    settings: dict[str, Any] = {"graph_absent_seconds": 3}
    first = cluster.node("several", "looping", role="all", **settings)
    async with peer(first.url) as one:
        # More than it takes at once.
        started = await one.call("query.start", query="a", graph="looping")
        await held(one, started["session_id"])
    first.kill9()
    second = cluster.node("several", role="all", **settings)
    async with peer(second.url) as one:
        one.deadline = 60
        await one.call("session.subscribe", session_id=started["session_id"], after=0)
        assert await one.settled(started["session_id"]) == "failed"
        failure = one.of(started["session_id"], "query.failed")[-1]["params"]["error"]
        assert failure["type"] == "graph_changed"
        assert "looping" in failure["message"]


async def test_a_graph_that_no_worker_has(cluster: Cluster) -> None:
    """Nodes that only talk to clients may have it: they do not run it. Whose time has not come does not fail before."""
    settings: dict[str, Any] = {"graph_absent_seconds": 3}
    api = cluster.node("several", "looping", role="api", **settings)
    async with (
        peer(api.url) as one,
        httpx.AsyncClient(base_url=api.http_url, trust_env=False, timeout=60) as http,
    ):
        one.deadline = 90
        thread = (await http.post("/threads", json={})).json()["thread_id"]
        later = {"assistant_id": "looping", "input": {"query": "b"}, "after_seconds": 9}
        await http.post(f"/threads/{thread}/runs", json=later)
        session_id = (await one.call("query.start", query="a", graph="looping"))["session_id"]
        served = (await one.call("query.start", query="a", graph="several"))["session_id"]
        cluster.node("several", role="worker", **settings)
        # What waited while nobody ran anything runs.
        assert await one.settled(served) == "waiting"
        await one.call("session.subscribe", session_id=thread, after=0)
        for each in (session_id, thread):
            assert await one.settled(each) == "failed"
            failure = one.of(each, "query.failed")[-1]["params"]["error"]
            assert failure["type"] == "graph_changed"
            assert "looping" in failure["message"]
    ((waited,),) = cluster.rows(
        f"SELECT ended_at - created_at FROM runs WHERE session_id = '{thread}'"
    )
    assert waited >= 9000
    assert cluster.journal() == []


async def test_a_run_that_kills_its_workers_is_failed(cluster: Cluster) -> None:
    """Not every worker after the other, for ever: it is failed with a clear error, and what ran beside it goes on."""
    deadly = "deadly=tests/support/bad_graphs.py:threaded"
    names = ("looping", deadly)
    api = cluster.node(*names, role="api", recover_limit=2)
    for _ in range(2):
        cluster.node(*names, role="worker", recover_limit=2)
    cluster.let_go()
    async with peer(api.url) as one:
        one.deadline = 60
        started = await one.call("query.start", query="die 3", graph="deadly")
        session_id = started["session_id"]
        assert await one.settled(session_id) == "failed"
        assert len(reasons(one, session_id)) == 1
        failure = one.of(session_id, "query.failed")[-1]["params"]["error"]
        assert failure["type"] == "server_died"
        check_stream(one.of(session_id))
        cluster.node(*names, role="worker", recover_limit=2)
        beside = await one.run("x", graph="looping")
        assert beside.status == "completed"
