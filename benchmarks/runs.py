"""Runs a second of six nodes at 16 clients, durable at every step, beside the same graph in this process.

In process it has an `InMemorySaver` and `durability="sync"`; the server commits to its disk. The clients
are ordinary ones, on asyncio's own loop::

    python -m benchmarks runs
"""

import asyncio
import itertools
import time
from contextlib import AsyncExitStack

from langgraph.checkpoint.memory import InMemorySaver

from benchmarks.client import Ordinary, connected
from benchmarks.graphs import six_nodes
from benchmarks.pairs import in_turn, show
from benchmarks.serving import served

CLIENTS = 16
RUNS = 10
"""Of each client, one after the other."""
ROUNDS = 10


async def measure(rounds: int) -> None:
    """The figure."""
    with served() as server:
        async with AsyncExitStack() as stack:
            clients = [
                await stack.enter_async_context(connected(server.url)) for _ in range(CLIENTS)
            ]

            async def at_clients() -> float:
                return await _rate(clients)

            pairs = await in_turn(in_process, at_clients, rounds)
    show(f"six nodes, {CLIENTS} at a time, in process", pairs.first, "runs/s")
    show(f"six nodes, {CLIENTS} clients, durable", pairs.second, "runs/s")
    show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", ">= 0.5")


async def in_process() -> float:
    """Runs a second."""
    # A saver of its own a round: what it has kept from earlier ones is no part of the measurement.
    graph = six_nodes().compile(checkpointer=InMemorySaver())
    threads = itertools.count()

    async def one_after_the_other() -> None:
        for _ in range(RUNS):
            config = {"configurable": {"thread_id": str(next(threads))}}
            values = await graph.ainvoke({"query": "go"}, config, durability="sync")  # type: ignore[call-overload]
            assert values["seen"] == 6

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(one_after_the_other())
    return CLIENTS * RUNS / (time.perf_counter() - started)


async def _rate(clients: list[Ordinary]) -> float:
    async def one_after_the_other(client: Ordinary) -> None:
        for _ in range(RUNS):
            await client.run("six")

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(one_after_the_other(client))
    return CLIENTS * RUNS / (time.perf_counter() - started)


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(2 if short else ROUNDS))


if __name__ == "__main__":
    main()
