"""Three workers and two API nodes under load: workers die and freeze; in the full form one is cut off, the database goes, and clocks are apart.

What it does and what it has checked is printed: `pytest -s` shows it while it runs.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from rpc.client import Client, ConnectionLost, RpcError, connect
from tests.cluster.conftest import Cluster
from tests.cluster.test_faults import AWAY_SECONDS, FULL, RESULT_OF_STEPS, through
from tests.support.clocks import apart
from tests.support.peer import SETTLED
from tests.support.polling import until_true
from tests.support.proxy import Proxy
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import (
    check_checkpoints,
    check_statuses,
    check_stream,
    check_tasks,
)

SESSIONS = int(os.environ.get("STEPWIRE_TEST_CLUSTER_SESSIONS", "100"))
"""How many there are in all; thirty run at once."""

SILENT_SECONDS = 12
"""About how long a worker is frozen, or cut off: until it is taken for dead."""

LIVING = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > to_timestamp(0)"
"""How many nodes are not taken for dead."""

FAULT_SECONDS = 2 * SILENT_SECONDS + 4 + 2 * (2 + AWAY_SECONDS) if FULL else 0
"""Over how long the sessions are asked for: all that goes wrong goes wrong under load."""

END_SECONDS = 600
"""How long all may take, beside that."""

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


@pytest.mark.timeout(FAULT_SECONDS + END_SECONDS + 300)
async def test_workers_die_under_load(cluster: Cluster) -> None:
    """Each run ends once, with the result it would have had, and a body runs again only where it was under way."""
    async with Proxy(cluster.postgres.port, handshake=b"") as proxy:
        await _under_load(cluster, proxy)


async def _under_load(cluster: Cluster, proxy: Proxy) -> None:
    early, late = (apart("-10m"), apart("+10m")) if FULL else ({}, {})
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {text}", flush=True)

    async def node(role: str, env: dict[str, str], **settings: Any) -> ServerProcess:
        # The proxy is on this loop, and passes on meanwhile.
        return await asyncio.to_thread(cluster.node, "steps", role=role, env=env, **settings)

    workers = [await node("worker", env, max_running=8) for env in (early, late)]
    workers.append(await node("worker", {}, max_running=8, database=through(proxy, cluster)))
    apis = [await node("api", env) for env in (late, {})]
    say(f"three workers and two API nodes are there; {SESSIONS} sessions, thirty at once")
    turns = asyncio.Semaphore(30)
    ended = 0

    async def asked(starter: Client, reader: Client, number: int) -> tuple[int, list[Any]]:
        await asyncio.sleep(number * FAULT_SECONDS / SESSIONS)
        async with turns:
            given = {"query": f"q{number}", "subscribe": False, "idempotency_key": f"k{number}"}
            started = await insisted(lambda: starter.call("query.start", **given))
            events = await told(reader, started["session_id"])
            nonlocal ended
            ended += 1
            if ended % 50 == 0 or ended == SESSIONS:
                say(f"{ended} of {SESSIONS} sessions have ended")
            return number, events

    async def living(count: int) -> None:
        await asyncio.to_thread(cluster.until, LIVING, count)

    async def faults() -> None:
        await until_true(lambda: len(cluster.journal()) > 0)
        await asyncio.sleep(1)
        workers[0].kill9()
        say("a worker was killed")
        await asyncio.sleep(1)
        os.kill(workers[1].pid, signal.SIGSTOP)
        say("a worker was frozen")
        await living(3)
        os.kill(workers[1].pid, signal.SIGCONT)
        say("it goes on")
        if not FULL:
            return
        await living(4)
        proxy.down = True
        proxy.mute_all()
        say("a worker was cut from the database")
        await living(3)
        proxy.cut_all()
        proxy.down = False
        say("it reaches the database again")
        for how in (signal.SIGQUIT, signal.SIGKILL):
            await asyncio.sleep(2)
            await asyncio.to_thread(cluster.postgres.stop, how)
            say(f"the database ended by {how.name}")
            await asyncio.sleep(AWAY_SECONDS)
            # Not in a thread: it ends with the thread that started it.
            cluster.postgres.start()
            say("the database is back")

    async with (
        connect(apis[0].url, reconnect_seconds=None) as one,
        connect(apis[1].url, reconnect_seconds=None) as two,
    ):
        pairs = ((one, two), (two, one))
        # Where one of all fails, so that the others would wait for ever, none goes on.
        async with asyncio.timeout(FAULT_SECONDS + END_SECONDS), asyncio.TaskGroup() as tasks:
            tasks.create_task(faults())
            asking = [
                tasks.create_task(asked(*pairs[number % 2], number)) for number in range(SESSIONS)
            ]
        stories = [one.result() for one in asking]
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
    cluster.until("SELECT count(*) FROM procrastinate_jobs", 0)
    cluster.until("SELECT count(*) FROM held_jobs", 0)
    assert cluster.rows("SELECT status, count(*) FROM sessions GROUP BY status") == [
        ("completed", SESSIONS)
    ]
    for worker in workers[1:] if FULL else workers[1:2]:
        # It sees that when it looks next.
        assert worker.wait_for("taken for dead")
    say(
        f"checked: {SESSIONS} sessions with {sum(len(events) for _, events in stories)} events, none missing, twice or out of order;"
        f" each ended once with its result; {sum(ran.values())} bodies ran, of which {sum(ran.values()) - 6 * SESSIONS} were run"
        f" again by {recovered} recoveries; no job is left"
    )
