"""Nodes that share a PostgreSQL, which shares this machine, beside one server on SQLite: in turn, pair by pair.

    python -m benchmarks.nodes

The database is a server of its own, made for this and removed, as PostgreSQL is by default: every commit on the disk.
"""

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack

import psycopg
import uvloop

from benchmarks.graphs import EVENTS
from benchmarks.serving import served
from examples.cluster.run import Postgres, made_folder
from rpc.client import Client, connect

ROUNDS = 9
LATENCY_ROUNDS = 40
CLIENTS = 16


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
            await _runs(alone.url, runs.url, latency_rounds)
        await asyncio.to_thread(_commits, postgres.url, 1.0 if rounds < ROUNDS else 3.0)
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


async def _runs(sqlite: str, shared: str, count: int) -> None:
    """Runs a second, of clients who each ask again as soon as they are answered."""

    async def rate(url: str) -> float:
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(connect(url)) for _ in range(CLIENTS)]

            async def ask(client: Client) -> None:
                for _ in range(count):
                    async for _ in client.run("go", graph="six"):
                        pass

            started = time.perf_counter()
            await asyncio.gather(*map(ask, clients))
            return CLIENTS * count / (time.perf_counter() - started)

    pairs = [(await rate(sqlite), await rate(shared)) for _ in range(4)][1:]
    inside, outside = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(right / left for left, right in pairs)
    print(
        f"six nodes, {CLIENTS} clients: SQLite {inside:>5.0f} runs/s, PostgreSQL {outside:>5.0f},"
        f" {ratio:.2f} x SQLite (reach 0.35)"
    )


def _commits(url: str, seconds: float) -> None:
    """Commits a second of the bare database, by so many connections; and what NOTIFY within them costs."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_rows (body bytea)")
        connection.execute("LISTEN bench")
        for many in (1, 4, 16):
            bare, notified = (_committed(url, seconds, many, notify) for notify in (False, True))
            print(
                f"{many:>3} connections: {bare:>7,.0f} commits/s of 1 KB, {notified:>7,.0f} with NOTIFY in each"
            )
        connection.execute("DROP TABLE bench_rows")


def _committed(url: str, seconds: float, many: int, notify: bool) -> float:
    ends = time.perf_counter() + seconds

    def work(_: int) -> int:
        done = 0
        with psycopg.connect(url) as connection:
            while time.perf_counter() < ends:
                connection.execute("INSERT INTO bench_rows VALUES (%s)", (b"x" * 1024,))
                if notify:
                    connection.execute("SELECT pg_notify('bench', 'x')")
                connection.commit()
                done += 1
        return done

    with ThreadPoolExecutor(many) as threads:
        return sum(threads.map(work, range(many))) / seconds


def main(*, short: bool = False) -> None:
    """Measure and print."""
    uvloop.run(measure(2, 10) if short else measure(ROUNDS, LATENCY_ROUNDS))


if __name__ == "__main__":
    main()
