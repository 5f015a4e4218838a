"""Three workers and two API nodes under load: workers die and freeze; in the full form the database goes too, and clocks are apart."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from rpc.client import Client, ConnectionLost, RpcError, connect
from tests.cluster.conftest import Cluster
from tests.cluster.test_faults import AWAY_SECONDS, FULL, RESULT_OF_STEPS, apart
from tests.support.peer import SETTLED
from tests.support.stream_rules import (
    check_checkpoints,
    check_statuses,
    check_stream,
    check_tasks,
)

SESSIONS = int(os.environ.get("STEPWIRE_TEST_CLUSTER_SESSIONS", "100"))
"""How many there are in all; thirty run at once."""

FAULT_SECONDS = 15 + 2 * (2 + AWAY_SECONDS) if FULL else 0
"""Over how long the sessions are asked for: all that goes wrong goes wrong under load."""

T = TypeVar("T")


async def insisted(ask: Callable[[], Awaitable[T]]) -> T:
    """What it gives, asked for again while the database is away."""
    while True:
        try:
            return await ask()
        except RpcError as error:
            if error.type != "overloaded":
                raise
        except ConnectionLost:
            pass
        await asyncio.sleep(0.5)


async def told(client: Client, session_id: str) -> list[Any]:
    """All events of a session to its run's end, as they stand on the wire; read on where reading broke off."""
    found: list[Any] = []

    async def read() -> None:
        after = found[-1]["params"]["seq"] if found else 0
        async for one in client.follow(session_id, after=after):
            of = {"session_id": one.session_id, "run_id": one.run_id, "seq": one.seq, "at": one.at}
            found.append({"jsonrpc": "2.0", "method": one.type, "params": {**of, **one.data}})

    while not found or found[-1]["params"].get("status") not in SETTLED:
        await insisted(read)
    return found


async def test_workers_die_under_load(cluster: Cluster) -> None:
    """Each run ends once, with the result it would have had, and a body runs again only where it was under way."""
    early, late = (apart("-10m"), apart("+10m")) if FULL else ({}, {})
    workers = [
        cluster.node("steps", role="worker", max_running=8, env=env) for env in (early, late, {})
    ]
    apis = [cluster.node("steps", role="api", env=env) for env in (late, {})]
    turns = asyncio.Semaphore(30)

    async def asked(starter: Client, reader: Client, number: int) -> tuple[int, list[Any]]:
        await asyncio.sleep(number * FAULT_SECONDS / SESSIONS)
        async with turns:
            given = {"query": f"q{number}", "subscribe": False, "idempotency_key": f"k{number}"}
            started = await insisted(lambda: starter.call("query.start", **given))
            return number, await told(reader, started["session_id"])

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

    async with (
        connect(apis[0].url, reconnect_seconds=None) as one,
        connect(apis[1].url, reconnect_seconds=None) as two,
    ):
        pairs = ((one, two), (two, one))
        harm = asyncio.create_task(faults())
        stories = await asyncio.gather(
            *(asked(*pairs[number % 2], number) for number in range(SESSIONS))
        )
        await harm
    ran = Counter(cluster.journal())
    recovered = 0
    for number, events in stories:
        numbers = [event["params"]["seq"] for event in events]
        assert numbers == list(range(1, len(numbers) + 1))
        for check in (check_statuses, check_tasks, check_checkpoints):
            check(events)
        if not FULL:
            # Times are those of the nodes' clocks.
            check_stream(events)
        again = sum(event["method"] == "session.recovered" for event in events)
        recovered += again
        results = [event["params"] for event in events if event["method"] == "query.result"]
        assert [each["result"]["said"] for each in results] == [RESULT_OF_STEPS]
        bodies = sum(ran[f"step {n} q{number}"] for n in range(6))
        assert 6 <= bodies <= 6 + again, (number, again)
    assert recovered
    assert cluster.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
