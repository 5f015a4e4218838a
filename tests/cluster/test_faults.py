"""The database goes away, a node is cut from it, clocks disagree, workers die under load: nothing is lost, repeated or reordered."""

import asyncio
import os
import re
import signal
from datetime import datetime, timedelta

import httpx
import pytest

from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, once, reasons
from tests.support.clocks import apart
from tests.support.peer import Peer, Refused, peer
from tests.support.proxy import Proxy
from tests.support.stream_rules import (
    check_checkpoints,
    check_statuses,
    check_stream,
    check_tasks,
)

FULL = "STEPWIRE_TEST_CLUSTER_SESSIONS" in os.environ
"""Whether `make cluster-load` runs them: what takes minutes then takes minutes."""

AWAY_SECONDS = 60 if FULL else 9
"""How long the database is away."""

RESULT_OF_STEPS = [f"step {n}" for n in range(6)]
RESULT = ["first", *(f"loop {n}" for n in range(1, 11))]


def through(proxy: Proxy, cluster: Cluster) -> str:
    """The database's address behind a proxy."""
    port = proxy.url.rpartition(":")[2].partition("/")[0]
    return re.sub(r"host=[^&]+&port=\d+", f"host=127.0.0.1&port={port}", cluster.database)


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGKILL])
async def test_the_database_restarts(cluster: Cluster, how: signal.Signals) -> None:
    """A run in its middle waits for it; nobody is taken for dead, and everybody works again by themselves."""
    cluster.node("looping", role="worker")
    api = cluster.node("looping", role="api")
    async with peer(api.url) as one:
        one.deadline = 60 + AWAY_SECONDS
        started = await one.call("query.start", query="x")
        await held(one, started["session_id"])
        cluster.postgres.stop(how)
        cluster.let_go()
        # Longer than a node may be silent.
        await asyncio.sleep(AWAY_SECONDS)
        cluster.postgres.start()
        assert await one.settled(started["session_id"]) == "completed"
        events = one.of(started["session_id"])
        check_stream(events)
        assert reasons(one, started["session_id"]) == []
        assert events[-2]["params"]["result"]["said"] == RESULT
        assert set(once(cluster, "x").values()) == {1}
        again = await one.run("y")
        assert again.status == "completed"


async def test_a_worker_is_cut_from_the_database(cluster: Cluster) -> None:
    """It hears nothing and knows nothing; another one goes on, and when it is back its writes are refused."""
    async with Proxy(cluster.postgres.port, handshake=b"") as proxy:
        cut_off = through(proxy, cluster)
        api = cluster.node("looping", role="api")
        worker = await asyncio.to_thread(cluster.node, "looping", role="worker", database=cut_off)
        async with peer(api.url) as one:
            one.deadline = 60
            started = await one.call("query.start", query="x")
            session_id = started["session_id"]
            await held(one, session_id)
            proxy.down = True
            proxy.mute_all()
            await asyncio.to_thread(cluster.node, "looping", role="worker")
            await one.event(session_id, "session.recovered")
            cluster.let_go()
            assert await one.settled(session_id) == "completed"
            before = list(one.of(session_id))
            check_stream(before)
            assert before[-2]["params"]["result"]["said"] == RESULT
            proxy.cut_all()
            proxy.down = False
            await asyncio.to_thread(worker.wait_for, "taken for dead")
            page = await one.call("session.events", session_id=session_id, after=0, limit=1000)
            assert page["events"] == before


async def test_clocks_that_are_apart(cluster: Cluster) -> None:
    """Who lives and whose turn it is goes by the database's clock; no duration is less than none."""
    cluster.node("steps", role="worker", env=apart("-10m"))
    left = cluster.node("steps", role="api", env=apart("+10m"))
    right = cluster.node("steps", role="api")
    async with peer(left.url) as one, peer(right.url) as two:
        one.deadline = two.deadline = 60
        for here, there in ((one, two), (two, one)):
            story = await here.run("q")
            assert story.status == "completed"
            # Their times are those of their clocks; all else is as ever.
            numbers = [event["params"]["seq"] for event in story.events]
            assert numbers == list(range(1, len(numbers) + 1))
            for check in (check_statuses, check_tasks, check_checkpoints):
                check(story.events)
            assert reasons(here, story.session_id) == []
            shown = await there.call("session.get", session_id=story.session_id)
            assert shown["duration_ms"] >= 0
            result = story.of("query.result")[-1]
            assert result["duration_ms"] >= 0
        found = (await two.call("server.nodes"))["nodes"]
        assert len(found) == 3


async def test_a_session_goes_on_at_a_node_whose_clock_is_behind(cluster: Cluster) -> None:
    """What is saved there comes behind what is there: else what follows would not know of it."""
    ahead = cluster.node("steps", env=apart("+10m"))
    async with peer(ahead.url) as one:
        one.deadline = 60
        session_id = (await one.run("q1")).session_id
    assert await asyncio.to_thread(ahead.stop) == 0
    behind = cluster.node("steps", env=apart("-10m"))
    async with peer(behind.url) as two:
        two.deadline = 60
        for number in (2, 3):
            story = await two.run(f"q{number}", session_id=session_id)
            assert story.of("query.result")[-1]["result"]["said"] == RESULT_OF_STEPS * number


async def test_nodes_whose_clocks_are_apart_go_by_one_clock(cluster: Cluster) -> None:
    """What is to begin later begins then, a minute's queries are those of one minute, and no event is of another day."""
    settings = {"max_queries_per_minute": 5}
    cluster.node("steps", role="worker", env=apart("-10m"), **settings)
    ahead = cluster.node("steps", role="api", env=apart("+10m"), **settings)
    behind = cluster.node("steps", role="api", env=apart("-10m"), **settings)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        asked = {"assistant_id": "steps", "input": {"query": "later"}, "after_seconds": 3}
        thread = (await client.post(f"{ahead.http_url}/threads", json={})).json()["thread_id"]
        await client.post(f"{ahead.http_url}/threads/{thread}/runs", json=asked)
        async with peer(behind.url) as one:
            one.deadline = 120
            await one.call("session.subscribe", session_id=thread, after=0)
            assert await one.settled(thread) == "completed"
            check_tasks(one.of(thread))
            times = [datetime.fromisoformat(each["params"]["at"]) for each in one.of(thread)]
            # As long as the run took, and it waited 3 s; not ten minutes, to and fro.
            assert max(times) - min(times) < timedelta(minutes=5)
            now = (await asyncio.to_thread(cluster.rows, "SELECT clock_timestamp()"))[0][0]
            assert abs(now - times[-1]) < timedelta(minutes=5)
    async with peer(ahead.url) as one, peer(behind.url) as two:
        one.deadline = two.deadline = 60
        # One was asked for before.
        for asks in (one, two, one, two):
            await asks.call("query.start", query="q")
        for asks in (one, two):
            with pytest.raises(Refused) as refused:
                await asks.call("query.start", query="one more")
            assert refused.value.type == "rate_limited"


async def test_a_database_that_could_only_be_read_for_a_while(cluster: Cluster) -> None:
    """As after a failover, or for an upgrade: connections that were made then would stay so, and nothing be written for as long as they live."""
    import psycopg

    api = cluster.node("looping", role="api")
    cluster.node("looping", role="worker")
    name = cluster.database.rpartition("/")[2].partition("?")[0]
    others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    async with peer(api.url) as one:
        one.deadline = 120
        session_id = (await one.call("query.start", query="x"))["session_id"]
        await held(one, session_id)
        with psycopg.connect(cluster.database, autocommit=True) as other:
            other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
            other.execute(others.encode())
            cluster.let_go()
            while not (said := await refused(one)):
                pass
            assert said == "overloaded"
            other.execute("SET default_transaction_read_only = off")
            other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
        assert await one.settled(session_id) == "completed"
        check_stream(one.of(session_id))
        async with asyncio.timeout(120):
            while said := await refused(one):
                assert said == "overloaded"
    await asyncio.to_thread(cluster.until, "SELECT count(*) FROM procrastinate_jobs", 0)


async def refused(one: Peer) -> str:
    """Start a query; by which error it was refused, or empty."""
    response = await one.answer("query.start", {"query": "y"})
    return str(response["error"]["data"]["type"]) if "error" in response else ""
