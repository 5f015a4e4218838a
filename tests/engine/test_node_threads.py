"""Threads of nodes that are plain functions: a server would lose itself in those that never return."""

import threading
from concurrent.futures import wait

from rpc.engine.running.node_threads import NodeThreads


def test_threads_are_bounded() -> None:
    """As many as are set run, as many more as are set take the place of those that hang; what is past them waits until one returns."""
    threads = NodeThreads(2, 1, "test-node")
    go, begun = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        begun.release()
        assert go.wait(60)

    hung = [threads.submit(hang) for _ in range(2)]
    for _ in hung:
        assert begun.acquire(timeout=60)
    assert threads.alive == 2
    for one in hung:
        one.cancel()
    assert threads.abandoned == 2
    # One of the two is replaced.
    waits = [threads.submit(hang) for _ in range(3)]
    assert begun.acquire(timeout=60)
    assert threads.alive == 3
    go.set()
    done, _ = wait(waits, timeout=60)
    assert len(done) == 3
    assert threads.submit(lambda: 7).result(60) == 7
    threads.shutdown()
