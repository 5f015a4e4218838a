"""One random fault after the other, over two hundred sessions: nothing is lost, repeated or stuck, and nothing grows.

In short here. `make thousand-faults` makes it a thousand faults, and ten minutes of load: STEPWIRE_TEST_FAULTS, STEPWIRE_TEST_LOAD_SECONDS.
The seed is printed at the end; STEPWIRE_TEST_SEED runs it again.
"""

import asyncio
import os
import random
import re
import resource
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import StartServer
from tests.faults.storm import FAULTS, Storm
from tests.support.memory import needs_proc, rss_bytes
from tests.support.peer import Peer, peer
from tests.support.proxy import Proxy
from tests.support.server_process import ROOT, ServerProcess

NUMBER = int(os.environ.get("STEPWIRE_TEST_FAULTS", "8"))
SESSIONS = 200 if NUMBER >= 100 else 40
LOAD_SECONDS = float(os.environ.get("STEPWIRE_TEST_LOAD_SECONDS", "4"))
ROUNDS = max(2, round(LOAD_SECONDS / 300))
ROUND_SECONDS = LOAD_SECONDS / ROUNDS
SEED = int(os.environ.get("STEPWIRE_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)

pytestmark = [
    needs_proc,
    pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can fill its disk"),
    pytest.mark.timeout(0),
]


@pytest.fixture(autouse=True)
def seed_told(record_property: Callable[[str, object], None]) -> None:
    record_property("seed", SEED)
    print(f"seed {SEED}")


@asynccontextmanager
async def storm(server: StartServer, folder: Path) -> AsyncIterator[Storm]:
    shutil.copy(ROOT / "tests/support/storm_graph.py", folder)
    process = server(
        f"{folder}/storm_graph.py:graph",
        settings={"synchronous": "normal", "blocked_seconds": 0.3},
        env={"STORM_FOLDER": str(folder)},
        start=False,
    )
    process.more = ["--reload"]
    # Its kills come from outside, and accuse no run: only a supervisor can tell.
    process.supervised = True
    process.start()
    async with Proxy(process.port) as proxy:
        yield Storm(process, proxy, folder, SEED)


async def test_nothing_is_lost_repeated_or_stuck(server: StartServer, tmp_path: Path) -> None:
    async with storm(server, tmp_path) as one:
        tasks = one.begin(SESSIONS)
        faults = asyncio.create_task(all_faults(one))
        await all_of([faults, *tasks])
        print(f"{sum(one.done.values())} faults: {dict(one.done)}; {one.events} events")
        one.check()


async def all_faults(one: Storm) -> None:
    await one.goes_on(1)
    for _ in range(NUMBER):
        await one.fault()
    one.more = False
    await one.ends()


async def all_of(tasks: list[Any]) -> None:
    """Wait for them; the first that raises ends all."""
    try:
        for done in asyncio.as_completed(tasks):
            await done
    finally:
        for task in tasks:
            task.cancel()


LOOP_FILES = 5
"""Files of one event loop. One of graphs comes while a node blocks the others, and is kept for a minute."""


class Size:
    """How large and how fast a server is that has nothing to do. `files`: those that are no event loop's."""

    def __init__(self, process: ServerProcess, metrics: str, median_ms: float) -> None:
        self.rss = rss_bytes(process.pid)
        files = files_of(process.pid)
        self.loops = files.count("anon_inode:[eventpoll]")
        self.files = len(files) - LOOP_FILES * self.loops
        # Those of its pools come and go within bounds of their own: by default 64 for nodes, and a loop for each that is blocked.
        pools = sum(gauge(metrics, name) for name in ("node_threads", "graph_loops"))
        self.threads = len(os.listdir(f"/proc/{process.pid}/task")) - pools
        self.pools = pools
        self.median_ms = median_ms

    def __str__(self) -> str:
        return f"{self.rss >> 20} MiB, {self.files} files and {self.loops} loops, {self.threads} threads and {self.pools} of pools, {self.median_ms:.2f} ms"


def files_of(pid: int) -> list[str]:
    """What the process has open."""
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        # One that is closed meanwhile is none.
        with suppress(FileNotFoundError):
            found.append(str(each.readlink()))
    return found


def gauge(metrics: str, name: str) -> int:
    """A gauge's value, of what `/metrics` says."""
    (line,) = re.findall(rf"^stepwire_{name} (\S+)$", metrics, re.MULTILINE)
    return int(float(line))


async def size(one: Storm) -> Size:
    async with peer(one.process.url) as connection:
        session_id = one.followed[0].id
        took = [await timed(connection, session_id) for _ in range(300)]
    async with httpx.AsyncClient(base_url=one.process.http_url, trust_env=False) as http:
        metrics = (await http.get("/metrics")).text
    return Size(one.process, metrics, statistics.median(took))


async def timed(connection: Peer, session_id: str | None) -> float:
    began = time.perf_counter()
    await connection.call("session.get", session_id=session_id)
    return (time.perf_counter() - began) * 1000


async def under_load(one: Storm, seconds: float, sessions: int) -> None:
    """Sessions, and all faults that a process outlives, for so long; and then until they are over."""
    tasks = one.begin(sessions)

    async def faults() -> None:
        await one.goes_on(1)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            await one.fault(tuple(kind for kind in FAULTS if kind != "kill"))
        one.more = False
        await one.ends()

    one.more = True
    await all_of([asyncio.create_task(faults()), *tasks])


async def test_a_server_left_under_load_is_as_at_its_start(
    server: StartServer, tmp_path: Path
) -> None:
    """At its start: once it has done what fills what it keeps up to a bound, records, threads and loops, and its allocator's arenas."""
    async with storm(server, tmp_path) as one:
        await under_load(one, ROUND_SECONDS, SESSIONS)
        first = last = await size(one)
        print(f"{first} at its start, after {ROUND_SECONDS:.0f} s")
        for number in range(1, ROUNDS + 1):
            await under_load(one, ROUND_SECONDS, SESSIONS)
            last = await size(one)
            print(f"{last} after {number * ROUND_SECONDS:.0f} s more")
    told = f"{first} became {last} in {LOAD_SECONDS:.0f} s, {dict(one.done)}"
    long = LOAD_SECONDS >= 120
    assert last.files <= first.files + 16, told
    assert last.threads <= first.threads + 8, told
    assert last.pools <= 64 + 24, told
    if long:
        assert last.rss <= first.rss * 1.1, told
        assert last.median_ms <= first.median_ms * 1.5 + 1, told
