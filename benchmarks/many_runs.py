"""10,000 runs of six nodes on one server: whether its memory grows, and what a run takes on disk.

python -m benchmarks many_runs
"""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.client import Ordinary, connected
from benchmarks.pairs import show
from benchmarks.serving import served, size_bytes

RUNS = 10_000
FIRST = 1_000
"""After so many, everything that is made once is there."""
CLIENTS = 16


async def measure(runs: int, first: int) -> None:
    """The figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder) as server:
            async with AsyncExitStack() as stack:
                clients = [
                    await stack.enter_async_context(connected(server.url)) for _ in range(CLIENTS)
                ]
                show("resident memory before any run", server.resident_bytes / 1e6, "MB")
                begun = time.perf_counter()
                await _run(clients, first)
                resident = server.resident_bytes
                show(f"resident memory after {first:,} runs", resident / 1e6, "MB")
                stored = size_bytes(folder)
                await _run(clients, runs - first)
                took = time.perf_counter() - begun
                end = server.resident_bytes
                show(f"resident memory after {runs:,} runs", end / 1e6, "MB")
                show("  above the first, in percent", 100 * (end / resident - 1), "%", "<= 5")
                show("runs a second", runs / took, "runs/s")
                kept = (size_bytes(folder) - stored) / (runs - first)
                show("bytes on disk a run", kept, "bytes")


async def _run(clients: list[Ordinary], runs: int) -> None:
    left = iter(range(runs))

    async def some(client: Ordinary) -> None:
        for _ in left:
            await client.run("six")

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(some(client))


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(RUNS // 10, FIRST // 5) if short else measure(RUNS, FIRST))


if __name__ == "__main__":
    main()
