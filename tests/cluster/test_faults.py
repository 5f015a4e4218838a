"""The database goes away, a node is cut from it, clocks disagree, workers die under load: nothing is lost, repeated or reordered."""

import asyncio
import os
import re
import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import Cluster
from tests.cluster.test_takeover import held, once, reasons
from tests.support.needs import needs
from tests.support.peer import Peer, Refused, peer
from tests.support.proxy import Proxy
from tests.support.stream_rules import (
    check_checkpoints,
    check_statuses,
    check_stream,
    check_tasks,
)


def faketime() -> Path | None:
    """The library that makes a process's clock another."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


SESSIONS = int(os.environ.get("STEPWIRE_TEST_CLUSTER_SESSIONS", "100"))
"""How many run under load, thirty at once; `make cluster-load` has 300, and then nothing is left out."""

FULL = SESSIONS >= 300

AWAY_SECONDS = 60 if FULL else 9
"""How long the database is away."""

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


def apart(by: str) -> dict[str, str]:
    """The environment of a node whose clock is another."""
    library = faketime()
    needs(library is not None and shutil.which("faketime"), "libfaketime")
    only = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    return {"LD_PRELOAD": str(library), "FAKETIME": by, **only}


async def insisted(one: Peer, method: str, params: dict[str, Any]) -> Any:
    """The result, asked for again while the database is away."""
    while True:
        try:
            return await one.call(method, **params)
        except Refused as refused:
            if refused.type != "overloaded":
                raise
            await asyncio.sleep(1)


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


async def test_workers_die_under_load(cluster: Cluster) -> None:
    """Each run ends once, with the result it would have had, and a body runs again only where it was under way."""
    early, late = ({}, {}) if not FULL else (apart("-10m"), apart("+10m"))
    workers = [
        cluster.node("steps", role="worker", max_running=8, env=env) for env in (early, late, {})
    ]
    apis = [cluster.node("steps", role="api", env=env) for env in (late, {})]
    async with peer(apis[0].url) as one, peer(apis[1].url) as two:
        one.deadline = two.deadline = 90 if not FULL else 600
        turns = asyncio.Semaphore(30)

        async def asked(starter: Peer, reader: Peer, number: int) -> str:
            async with turns:
                key = f"key {number}"
                asked = {"query": f"q{number}", "subscribe": False, "idempotency_key": key}
                session_id: str = (await insisted(starter, "query.start", asked))["session_id"]
                await insisted(reader, "session.subscribe", {"session_id": session_id, "after": 0})
                assert await reader.settled(session_id) == "completed"
                found = reader.of(session_id)
                numbers = [event["params"]["seq"] for event in found]
                assert numbers == list(range(1, len(numbers) + 1))
                for check in (check_statuses, check_tasks, check_checkpoints):
                    check(found)
                if not FULL:
                    check_stream(found)
                return session_id

        async def faults() -> None:
            await asyncio.sleep(1)
            workers[0].kill9()
            await asyncio.sleep(1)
            os.kill(workers[1].pid, signal.SIGSTOP)
            await asyncio.sleep(12)
            os.kill(workers[1].pid, signal.SIGCONT)
            for how in (signal.SIGQUIT, signal.SIGKILL) if FULL else ():
                await asyncio.sleep(2)
                await asyncio.to_thread(cluster.postgres.stop, how)
                await asyncio.sleep(AWAY_SECONDS)
                await asyncio.to_thread(cluster.postgres.start)

        harm = asyncio.create_task(faults())
        pairs = ((one, two), (two, one))
        sessions = await asyncio.gather(
            *(asked(*pairs[number % 2], number) for number in range(SESSIONS))
        )
        await harm
        ran = Counter(cluster.journal())
        recovered = 0
        for number, session_id in enumerate(sessions):
            reader = pairs[number % 2][1]
            again = len(reasons(reader, session_id))
            recovered += again
            result = reader.of(session_id, "query.result")[-1]["params"]["result"]
            assert result["said"] == [f"step {n}" for n in range(6)]
            bodies = sum(ran[f"step {n} q{number}"] for n in range(6))
            assert 6 <= bodies <= 6 + again, (session_id, again)
        assert recovered
    assert cluster.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
