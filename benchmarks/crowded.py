"""What a run waits for where somebody else searches: `query.start` to its first event, beside 60 searches of another
client's, with 100,000 sessions stored::

    python -m benchmarks crowded
"""

import asyncio
import itertools
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.client import Ordinary, connected
from benchmarks.listing import fill
from benchmarks.pairs import show
from benchmarks.serving import served

SESSIONS = 100_000
SHORT = 10_000
SEARCHES = 60
ROUNDS = 30

ASKED: tuple[dict[str, Any], ...] = (
    {"search": "question", "offset": 90_000},
    {"search": "q0", "status": "failed"},
    {"search": "obesity", "graph": "six", "offset": 20_000},
    {"search": "insulin", "created_after": "2000-01-01T00:00:00Z"},
)
"""Searches that take long: for what is common, far down, and narrowed."""


async def measure(data_dir: Path, rounds: int) -> None:
    """The times alone, and beside the searches; and how the searches fared."""
    with served(data_dir) as server:
        async with connected(server.url) as one, connected(server.url) as other:
            alone = [await _first_event_ms(one) for _ in range(rounds)]
            over = (await one.call("session.list", limit=1))["sessions"][0]["session_id"]
            begun = time.perf_counter()
            asked = itertools.cycle(ASKED)
            for _ in range(SEARCHES):
                await other.send("session.list", **next(asked))
            answers = asyncio.create_task(_answers(other))
            beside: list[float] = []
            replayed: list[float] = []
            while not answers.done() and len(beside) < 10 * rounds:
                beside.append(await _first_event_ms(one))
                replayed.append(await _replayed_ms(one, over))
            refused = await answers
            took = time.perf_counter() - begun
    show("first event, alone, median", statistics.median(alone), "ms")
    show("  longest", max(alone), "ms")
    show(f"first event, beside {SEARCHES} searches, median", statistics.median(beside), "ms")
    show("  longest", max(beside), "ms")
    show("stored events, read beside them, median", statistics.median(replayed), "ms")
    show("  longest", max(replayed), "ms")
    show(f"{SEARCHES} searches, {refused} of them refused", took, "s")


async def _first_event_ms(client: Ordinary) -> float:
    """From `query.start` to its first event; reads on to the run's end."""
    begun = time.perf_counter()
    await client.send("query.start", query="go", graph="six")
    took = 0.0
    async for text in client.websocket:
        message = json.loads(text)
        if "method" in message:
            took = took or (time.perf_counter() - begun) * 1000
            if message["params"].get("status") == "completed":
                return took
    raise RuntimeError("the connection ended")


async def _replayed_ms(client: Ordinary, session_id: str) -> float:
    """The events of a session that is over, which are read where they are stored."""
    begun = time.perf_counter()
    await client.call("session.events", session_id=session_id, after=0, limit=1)
    return (time.perf_counter() - begun) * 1000


async def _answers(client: Ordinary) -> int:
    """Wait for the answers to all searches; how many were refused."""
    refused = 0
    for _ in range(SEARCHES):
        refused += "error" in json.loads(await client.websocket.recv())
    return refused


def main(*, short: bool = False) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        fill(data_dir, SHORT if short else SESSIONS)
        asyncio.run(measure(data_dir, ROUNDS))


if __name__ == "__main__":
    main()
