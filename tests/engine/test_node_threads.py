"""Threads of nodes that are plain functions: a server would lose itself in those that never return."""

import threading
import time
from concurrent.futures import wait

import pytest

from rpc.engine.running import node_threads
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


def test_threads_that_are_not_needed_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a burst, one call at a time is one thread's work: the others come to their end, and their memory with them."""
    monkeypatch.setattr(node_threads, "IDLE_SECONDS", 1.0)
    threads = NodeThreads(8, 0, "test-node")
    together = threading.Barrier(8)
    wait([threads.submit(together.wait, 60) for _ in range(8)], timeout=60)
    ends = time.monotonic() + 60
    while threads.alive > 1:
        assert time.monotonic() < ends, "those that nobody needs are still there"
        threads.submit(threading.get_ident).result(60)
        # It rests again before there is more to do.
        while threads.busy:
            assert time.monotonic() < ends
            time.sleep(0.001)
    threads.shutdown()
