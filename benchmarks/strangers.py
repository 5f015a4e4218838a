"""Whether the time of an answer tells that somebody else's session is there: one that is another's, beside one that nobody has::

python -m benchmarks strangers

A call is timed by itself, so that what one has to wait for does not count for the other.
"""

import asyncio
import json
import secrets
import statistics
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.authentication import token_of
from benchmarks.client import Ordinary, connected
from benchmarks.pairs import in_turn, show
from benchmarks.serving import served

METHODS = ("session.get", "session.events", "debug.inspect", "query.cancel", "session.delete")
SESSIONS = 40
CALLS = 40
ROUNDS = 60
SHORT = 6


async def _refused(client: Ordinary, method: str, ids: list[str]) -> float:
    """Milliseconds until a refusal: the median of some, each of another session."""
    took = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        await client.send(method, session_id=secrets.choice(ids))
        answer = json.loads(await client.websocket.recv())
        took.append((time.perf_counter() - begun) * 1000)
        if answer["error"]["data"]["type"] != "session_not_found":
            raise RuntimeError(f"{method} was not refused: {answer}")
    return statistics.median(took)


async def measure(rounds: int) -> None:
    """Both in turn, method by method."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        alice, bob = (
            {"Authorization": f"Bearer {token_of(folder, name, 'debug')}"} for name in ("a", "b")
        )
        server = stack.enter_context(served(folder))
        async with connected(server.url, alice) as hers, connected(server.url, bob) as his:
            theirs = []
            for _ in range(SESSIONS):
                started = await hers.call("query.start", query="go", graph="six")
                await hers.until_ended()
                theirs.append(started["session_id"])
            # As long, of the same characters, and nobody's.
            nobodys = [f"{one[:11]}{secrets.token_hex(8)}" for one in theirs]
            for method in METHODS:
                found = await in_turn(
                    partial(_refused, his, method, nobodys),
                    partial(_refused, his, method, theirs),
                    rounds,
                )
                show(f"{method}, of nobody's session", found.first, "ms")
                show("  of another's", found.second, "ms")
                show("  ratio", found.ratio, "", "0.97 … 1.03")


def main(*, short: bool) -> None:
    """Measure, and print."""
    asyncio.run(measure(SHORT if short else ROUNDS))
