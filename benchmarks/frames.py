"""10,000 stream events, one a frame, beside a bare uvicorn socket that pushes the same bytes to the same client.

Live (from `query.start` on), and replayed (a subscription to a session that has ended). The client runs on
asyncio's own loop, both servers are processes of their own::

    python -m benchmarks frames
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.client import Ordinary, connected
from benchmarks.graphs import EVENTS
from benchmarks.pairs import in_turn, show
from benchmarks.serving import served, started

ROUNDS = 15


async def measure(rounds: int) -> None:
    """Both figures."""
    with served() as server:
        async with connected(server.url) as client:
            session_id, lines = await _recorded(client)
            with pushing(lines) as url:
                async with connected(url) as bare:

                    async def pushed() -> float:
                        begun = time.perf_counter()
                        await bare.websocket.send("go")
                        return await _rate(bare, begun)

                    async def live() -> float:
                        begun = time.perf_counter()
                        await client.send("query.start", query="go", graph="stream")
                        return await _rate(client, begun)

                    async def replayed() -> float:
                        begun = time.perf_counter()
                        await client.send("session.subscribe", session_id=session_id)
                        return await _rate(client, begun)

                    pairs = await in_turn(pushed, live, rounds)
                    show("single frames, a bare uvicorn socket", pairs.first, "events/s")
                    show("single frames, live, at a client", pairs.second, "events/s")
                    show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", ">= 0.65")
                    pairs = await in_turn(pushed, replayed, rounds)
                    show("single frames, replayed, at a client", pairs.second, "events/s")
                    show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", ">= 0.85")


@contextmanager
def pushing(lines: list[str]) -> Iterator[str]:
    """The URL of a bare uvicorn socket that sends the lines."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        with started(["-m", "benchmarks.bare", file.name]) as (url, _):
            yield url


async def _recorded(client: Ordinary) -> tuple[str, list[str]]:
    """A run's session and its events, as they came."""
    answer = await client.call("query.start", query="go", graph="stream")
    lines: list[str] = []
    async for text in client.websocket:
        lines.append(str(text))
        if '"session.status"' in lines[-1] and '"completed"' in lines[-1]:
            break
    return answer["session_id"], lines


async def _rate(client: Ordinary, begun: float) -> float:
    """Events a second, up to the end of the run."""
    assert await client.until_ended() == EVENTS
    return EVENTS / (time.perf_counter() - begun)


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(3 if short else ROUNDS))


if __name__ == "__main__":
    main()
