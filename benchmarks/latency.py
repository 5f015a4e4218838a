"""When the first event of a node reaches an ordinary client, above the first item of `astream` in this process.

Both on asyncio's own loop, the server another process with its disk::

    python -m benchmarks latency
"""

import asyncio
import json
import statistics
import time

from benchmarks.client import Ordinary, connected
from benchmarks.graphs import six
from benchmarks.pairs import in_turn, show
from benchmarks.serving import served

ROUNDS = 100


async def measure(rounds: int) -> None:
    """The figure, and the answer to `query.start`, which comes before it."""
    with served() as server:
        async with connected(server.url) as client:
            answered: list[float] = []

            async def first_node() -> float:
                begun = time.perf_counter()
                answer_ms, node_ms = await _first_node(client, begun)
                answered.append(answer_ms)
                return node_ms

            pairs = await in_turn(first_item, first_node, rounds)
    show("first item of astream in process, median", pairs.first, "ms")
    show("answer to `query.start`, median", statistics.median(answered), "ms")
    show("first `node.started` at a client, median", pairs.second, "ms")
    show(f"  above it, median of {rounds} pairs", pairs.above, "ms", "<= 3")


async def first_item() -> float:
    """Milliseconds."""
    started = time.perf_counter()
    took = 0.0
    async for _ in six.astream({"query": "go"}, stream_mode="tasks"):
        took = took or (time.perf_counter() - started) * 1000
    return took


async def _first_node(client: Ordinary, begun: float) -> tuple[float, float]:
    """Milliseconds from `begun` to the answer and to the first `node.started`; reads on to the run's end."""
    await client.send("query.start", query="go", graph="six")
    answer_ms = node_ms = 0.0
    async for text in client.websocket:
        message = json.loads(text)
        now_ms = (time.perf_counter() - begun) * 1000
        answer_ms = answer_ms or now_ms
        if message.get("method") == "node.started":
            node_ms = node_ms or now_ms
        elif message.get("method") == "session.status" and (
            message["params"]["status"] == "completed"
        ):
            return answer_ms, node_ms
    raise RuntimeError("the connection ended")


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(20 if short else ROUNDS))


if __name__ == "__main__":
    main()
