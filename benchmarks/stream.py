"""How fast events reach a client, beside the same graph's `astream` in this process.

The client is `rpc.client` here, the server another process. Both sides run on uvloop, in turn, so that a
machine whose speed drifts slows both; the ratio is taken pair by pair. Prints one line a figure::

    python -m benchmarks.stream
"""

import statistics
import time

import uvloop

from benchmarks.graphs import EVENTS, six, stream
from benchmarks.serving import served
from rpc.client import Client, connect

ROUNDS = 15
LATENCY_ROUNDS = 60


async def measure(rounds: int, latency_rounds: int) -> None:
    """Both figures, and how each came about."""
    with served() as server:
        async with connect(server.url) as client:
            await _rates(client, rounds)
            await _latencies(client, latency_rounds)


async def _rates(client: Client, rounds: int) -> None:
    """Events a second, from `query.start` to the last event."""
    pairs = []
    for index in range(rounds + 1):
        pair = await _in_process(), await _through_server(client)
        if index:
            pairs.append(pair)
    ratio = statistics.median(through / inside for inside, through in pairs)
    inside, through = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{EVENTS} stream events, in process   {inside:>10,.0f} events/s")
    print(f"{EVENTS} stream events, at a client  {through:>10,.0f} events/s")
    print(f"ratio, median of {rounds} pairs           {ratio:>10.2f}             (reach 0.5)")


async def _in_process() -> float:
    started = time.perf_counter()
    count = 0
    async for _ in stream.astream({"query": "go"}, stream_mode="custom"):
        count += 1
    assert count == EVENTS
    return count / (time.perf_counter() - started)


async def _through_server(client: Client) -> float:
    started = time.perf_counter()
    count = 0
    async for event in client.run("go", graph="stream"):
        count += event.type == "progress"
    assert count == EVENTS
    return count / (time.perf_counter() - started)


async def _latencies(client: Client, rounds: int) -> None:
    """The first event, and the first node's start, above the first item of `astream`."""
    inside, event_ms, node_ms = [], [], []
    for index in range(rounds + 5):
        first = await _first_item()
        event, node = await _first_event(client)
        if index >= 5:
            inside.append(first)
            event_ms.append(event - first)
            node_ms.append(node - first)
    print(f"first item in process              {statistics.median(inside):>10.2f} ms")
    print(
        f"first event at a client, above it  {statistics.median(event_ms):>10.2f} ms          (reach 5)"
    )
    print(f"first node.started, above it       {statistics.median(node_ms):>10.2f} ms")


async def _first_item() -> float:
    started = time.perf_counter()
    took = 0.0
    async for _ in six.astream({"query": "go"}, stream_mode="tasks"):
        took = took or (time.perf_counter() - started) * 1000
    return took


async def _first_event(client: Client) -> tuple[float, float]:
    started = time.perf_counter()
    event_ms = node_ms = 0.0
    async for event in client.run("go", graph="six"):
        now = (time.perf_counter() - started) * 1000
        event_ms = event_ms or now
        if event.type == "node.started":
            node_ms = node_ms or now
    return event_ms, node_ms


def main(*, short: bool = False) -> None:
    """Measure and print."""
    uvloop.run(measure(3, 15) if short else measure(ROUNDS, LATENCY_ROUNDS))


if __name__ == "__main__":
    main()
