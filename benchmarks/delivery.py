"""How fast 10,000 stream events reach an ordinary client, beside the same graph's `astream` in this process.

In batches over a WebSocket, and as Server-Sent Events. The client and `astream` run on asyncio's own
loop, the server is another process with its disk::

    python -m benchmarks delivery
"""

import asyncio
import time

from benchmarks.client import Ordinary, connected, sse_progress
from benchmarks.graphs import EVENTS, stream
from benchmarks.pairs import in_turn, show
from benchmarks.serving import Served, served

ROUNDS = 15


async def measure(rounds: int) -> None:
    """Both figures."""
    with served() as server:
        async with connected(server.url) as client:

            async def batches() -> float:
                started = time.perf_counter()
                assert await client.run("stream", subscribe={"batch": True}) == EVENTS
                return EVENTS / (time.perf_counter() - started)

            pairs = await in_turn(in_process, batches, rounds)
            show("stream events, astream in process", pairs.first, "events/s")
            show("stream events, `batch`, at a client", pairs.second, "events/s")
            show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", ">= 0.6")

            async def sse() -> float:
                return await server_sent(server, client)

            pairs = await in_turn(in_process, sse, rounds)
            show("stream events, SSE, at a client", pairs.second, "events/s")
            show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", ">= 0.55")


async def in_process() -> float:
    """Events a second."""
    started = time.perf_counter()
    count = 0
    async for _ in stream.astream({"query": "go"}, stream_mode="custom"):
        count += 1
    assert count == EVENTS
    return count / (time.perf_counter() - started)


async def server_sent(server: Served, client: Ordinary) -> float:
    """Events a second, from `query.start` to the stream's `done`."""
    started = time.perf_counter()
    answer = await client.call("query.start", query="go", graph="stream", subscribe=False)
    assert await sse_progress(server.http_url + answer["stream_url"]) == EVENTS
    return EVENTS / (time.perf_counter() - started)


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(3 if short else ROUNDS))


if __name__ == "__main__":
    main()
