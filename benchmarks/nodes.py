"""Nodes that share a PostgreSQL, which shares this machine, beside one server on SQLite: in turn, pair by pair.

    python -m benchmarks.nodes

The database is a server of its own, made for this and removed, as PostgreSQL is by default: every commit on the disk.
"""

import asyncio
import statistics
import time
from contextlib import ExitStack

import uvloop

from benchmarks.graphs import EVENTS
from benchmarks.serving import served
from examples.cluster.run import Postgres, made_folder
from rpc.client import Client, connect

ROUNDS = 9
LATENCY_ROUNDS = 40


async def measure(rounds: int, latency_rounds: int) -> None:
    """All figures, and how each came about."""
    folder = made_folder()
    postgres = Postgres(folder)
    try:
        while "ready to accept" not in postgres.log.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        with ExitStack() as stack:
            alone = stack.enter_context(served())
            shared = ("--database", postgres.url)
            api = stack.enter_context(served(more=(*shared, "--role", "api")))
            # It says where its clients are, which a worker has none of; nobody asks it for a run.
            runs = stack.enter_context(served(more=shared))
            async with (
                connect(alone.url) as sqlite,
                connect(runs.url) as there,
                connect(api.url) as elsewhere,
            ):
                await _streams(sqlite, there, elsewhere, rounds)
                await _firsts(there, elsewhere, latency_rounds)
    finally:
        postgres.stop()


async def _streams(sqlite: Client, there: Client, elsewhere: Client, rounds: int) -> None:
    rows = []
    for index in range(rounds + 1):
        row = await _rate(sqlite), await _rate(there), await _rate(elsewhere)
        if index:
            rows.append(row)
    columns = [statistics.median(column) for column in zip(*rows, strict=True)]
    print(f"{EVENTS} stream events, SQLite              {columns[0]:>10,.0f} events/s")
    for name, at in (("read where it runs", 1), ("read on another node", 2)):
        ratio = statistics.median(row[at] / row[0] for row in rows)
        print(
            f"  PostgreSQL, {name:<24}{columns[at]:>10,.0f} events/s  {ratio:>5.2f} x SQLite (reach 0.6)"
        )


async def _rate(client: Client) -> float:
    started = time.perf_counter()
    count = 0
    async for event in client.run("go", graph="stream"):
        count += event.type == "progress"
    assert count == EVENTS
    return count / (time.perf_counter() - started)


async def _firsts(there: Client, elsewhere: Client, rounds: int) -> None:
    for name, client in (("where it runs", there), ("on another node", elsewhere)):
        firsts, nodes = [], []
        for index in range(rounds + 3):
            started = time.perf_counter()
            first = 0.0
            async for event in client.run("go", graph="six"):
                now = (time.perf_counter() - started) * 1000
                first = first or now
                if event.type == "node.started":
                    firsts.append(first)
                    nodes.append(now)
                    break
            # What runs still would be in the way of the next.
            await asyncio.sleep(0.05 if index else 0.2)
        print(
            f"asked and read {name:<16}: first event {statistics.median(firsts[3:]):>6.1f} ms (reach 25),"
            f" first node.started {statistics.median(nodes[3:]):>6.1f} ms"
        )


def main(*, short: bool = False) -> None:
    """Measure and print."""
    uvloop.run(measure(2, 10) if short else measure(ROUNDS, LATENCY_ROUNDS))


if __name__ == "__main__":
    main()
