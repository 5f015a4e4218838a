"""Where graphs may run: in the server's loop, in a loop and thread of their own, in a process of their own.

Six nodes, 16 at a time, with an `InMemorySaver`, each event handed to a reader on the server's loop, which also answers
a caller every millisecond. What is printed: runs a second, and how late the caller was answered. Then the same while
one node computes for 50 ms without a pause::

    python -m benchmarks placement
"""

import asyncio
import itertools
import json
import multiprocessing
import statistics
import threading
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from benchmarks.graphs import six_nodes

AT_ONCE = 16
RUNS = 20
"""Of each, one after the other."""
ROUNDS = 5

Told = Callable[[bytes], None]


async def work(told: Told) -> None:
    """All the runs, their events told as a server would encode them."""
    graph = six_nodes().compile(checkpointer=InMemorySaver())
    threads = itertools.count()

    async def one_after_the_other() -> None:
        for _ in range(RUNS):
            config: Any = {"configurable": {"thread_id": str(next(threads))}}
            async for item in graph.astream(
                {"query": "go"}, config, stream_mode=["tasks", "values"], durability="sync"
            ):
                told(json.dumps(item, default=str).encode())

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_the_other())


async def in_loop(told: Told) -> None:
    """In the server's own loop."""
    await work(told)


async def in_thread(told: Told) -> None:
    """In a loop and thread of their own."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def tell(event: bytes) -> None:
        loop.call_soon_threadsafe(told, event)

    def run() -> None:
        asyncio.run(work(tell))
        loop.call_soon_threadsafe(done.set_result, None)

    threading.Thread(target=run).start()
    await done


async def in_process(told: Told) -> None:
    """In a process of their own, their events through a pipe."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(theirs,))
    process.start()
    theirs.close()
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, ours.recv)
    _in_process.started = time.perf_counter()

    def read() -> None:
        while event := ours.recv_bytes():
            loop.call_soon_threadsafe(told, event)

    await loop.run_in_executor(None, read)
    process.join()


class _in_process:
    # When the child had loaded everything.
    started = 0.0


def _child(pipe: Connection) -> None:
    pipe.send("ready")
    asyncio.run(work(pipe.send_bytes))
    pipe.send_bytes(b"")


async def measured(place: Callable[[Told], Awaitable[None]]) -> tuple[float, float]:
    """Runs a second, and the 99th percentile of how late the loop answered, in milliseconds."""
    late_ms: list[float] = []
    seen = 0

    def told(event: bytes) -> None:
        nonlocal seen
        seen += len(event) > 0

    async def caller() -> None:
        while True:
            due = time.perf_counter() + 0.001
            await asyncio.sleep(0.001)
            late_ms.append((time.perf_counter() - due) * 1000)

    calling = asyncio.create_task(caller())
    started = _in_process.started = time.perf_counter()
    await place(told)
    took = time.perf_counter() - max(started, _in_process.started)
    calling.cancel()
    assert seen >= AT_ONCE * RUNS * 12
    return AT_ONCE * RUNS / took, statistics.quantiles(late_ms, n=100)[-1]


async def measure(rounds: int) -> None:
    """All places in turn."""
    places = {"the server's loop": in_loop, "a thread": in_thread, "a process": in_process}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in places}
    for _ in range(rounds):
        for name, place in places.items():
            found[name].append(await measured(place))
    for name, figures in found.items():
        rate, late = (statistics.median(column) for column in zip(*figures, strict=True))
        print(
            f"six nodes in {name:18} {rate:10,.0f} runs/s   answered late by {late:6.2f} ms (p99)"
        )


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(2 if short else ROUNDS))


if __name__ == "__main__":
    main()
