"""What the debugger costs: a step, and a session in debug mode that nothing stops beside a plain one.

The client is `rpc.client` here, the server another process with its disk. The two kinds of session take
turns, so that a machine whose speed drifts slows both; the ratio is taken pair by pair. Prints one line a
figure::

    python -m benchmarks.debugging
"""

import statistics
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import uvloop

from benchmarks.serving import served
from rpc.client import Client, Event, connect

STEPPED_SESSIONS = 40
PAIRS = 150

NOTHING_STOPS = [{"node_name": "six", "hit_count": 1_000_000}]
"""A session in debug mode without a breakpoint stops at its first node: one that is never due lets it run."""


async def measure(sessions: int, pairs: int) -> None:
    """Both figures."""
    with served() as server:
        async with connect(server.url) as client:
            await _steps(client, sessions)
            await _pairs(client, pairs)


async def _steps(client: Client, sessions: int) -> None:
    """From `debug.step` to the stop before the next node, or to the result."""
    times_ms: list[float] = []
    for index in range(sessions + 1):
        started = await client.start("go", graph="six", debug_mode=True)
        async with aclosing(client.events(started.session_id, after=started.seq)) as events:
            steps, status = 0, await _rest(events)
            while status == "paused":
                begun = time.perf_counter()
                await client.call("debug.step", session_id=started.session_id)
                status = await _rest(events)
                steps += 1
                if index:
                    times_ms.append((time.perf_counter() - begun) * 1000)
        assert (steps, status) == (6, "completed")
    print(f"a step on a six-node graph, median    {statistics.median(times_ms):8.2f} ms   (< 15)")
    worst = statistics.quantiles(times_ms, n=20)[-1]
    print(f"  its 95th percentile of {len(times_ms):<12} {worst:8.2f} ms")


async def _rest(events: AsyncIterator[Event]) -> str:
    async for event in events:
        if event.type == "session.status" and event.data["status"] in ("paused", "completed"):
            return str(event.data["status"])
    raise RuntimeError("the events ended")


async def _pairs(client: Client, count: int) -> None:
    """A whole query on six nodes, plain and in debug mode."""
    pairs: list[tuple[float, float]] = []
    for index in range(count + 5):
        pair = [0.0, 0.0]
        # Each first as often as the other.
        for kind in (0, 1) if index % 2 else (1, 0):
            debug: dict[str, Any] = {"debug_mode": True, "breakpoints": NOTHING_STOPS}
            pair[kind] = await _run_ms(client, **(debug if kind else {}))
        if index >= 5:
            pairs.append((pair[0], pair[1]))
    plain, debugged = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(with_debug / without for without, with_debug in pairs)
    print(f"six nodes, plain                      {plain:8.2f} ms")
    print(f"six nodes, debug mode, nothing stops  {debugged:8.2f} ms")
    print(f"  ratio, median of {count} pairs          {ratio:8.2f}      (<= 1.2)")


async def _run_ms(client: Client, **params: Any) -> float:
    begun = time.perf_counter()
    status = ""
    async for event in client.run("go", graph="six", **params):
        if event.type == "session.status":
            status = event.data["status"]
    assert status == "completed"
    return (time.perf_counter() - begun) * 1000


def main(*, short: bool = False) -> None:
    """Measure and print."""
    uvloop.run(measure(5, 20) if short else measure(STEPPED_SESSIONS, PAIRS))


if __name__ == "__main__":
    main()
