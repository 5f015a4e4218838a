"""`session.list` and its search with 1,000,000 sessions stored, beside 1,000; measured at the socket.

Two servers, each with its own data directory, are asked in turn::

    python -m benchmarks listing
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.client import Ordinary, connected
from benchmarks.pairs import in_turn, show
from benchmarks.serving import served
from rpc.settings import Settings
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.units import PutRun, PutSession, Unit

FEW = 1_000
MANY = 1_000_000
SHORT = 50_000
"""What stands for many in the short form."""
ROUNDS = 15
BATCH = 10_000
"""Sessions a commit."""

WORDS = [
    "trials",
    "cohort",
    "insulin",
    "obesity",
    "weight",
    "renal",
    "outcome",
    "placebo",
    "dosage",
    "safety",
    "adverse",
    "meta",
    "review",
    "metformin",
    "glucose",
    "cardiac",
    "receptor",
    "agonist",
    "protein",
    "therapy",
]

SEARCHES = {
    "three characters and more": "q000500",
    "a very common word": "question",
    "one character": "q",
    "two characters": "q0",
    "nothing found": "zebra crossing",
}


def fill(data_dir: Path, count: int) -> None:
    """Store `count` sessions that have ended, each with its run, as a server would have."""
    store = SQLiteStore(data_dir / "stepwire.db", Settings().synchronous)
    units: list[Unit] = []
    for session, run in _sessions(count):
        units.append(Unit(session.id, [], [PutSession(session), PutRun(run)]))
        if len(units) == BATCH:
            store.write(units)
            units = []
    store.write(units)
    store.close()


def _sessions(count: int) -> Iterator[tuple[SessionRecord, RunRecord]]:
    """The same for the same count, but for when they were made. Every query has the word `question`, and one number of its own."""
    chance = random.Random(1)
    # Of today: a server deletes what is old.
    first = time.time_ns() // 1_000_000 - count
    for number in range(count):
        created = first + number
        session_id, run_id = f"{chance.getrandbits(128):032x}", f"{chance.getrandbits(128):032x}"
        query = f"question q{number:06d} about {' '.join(chance.choices(WORDS, k=6))}"
        yield (
            SessionRecord(
                id=session_id,
                graph="six",
                status="completed",
                name=f"{chance.choice(WORDS)} {number}",
                created_at=created,
                updated_at=created,
                run_id=run_id,
                runs=1,
                query=query,
            ),
            RunRecord(
                id=run_id,
                session_id=session_id,
                graph="six",
                query=query,
                input={"query": query},
                config=None,
                idempotency_key=None,
                created_at=created,
                after=0,
                estimated_duration_ms=10,
                started_at=created,
                ended_at=created + 10,
                status="completed",
                result={"query": query, "seen": 6},
            ),
        )


async def measure(few_dir: Path, many_dir: Path, many: int, rounds: int) -> None:
    """A line a kind of question."""
    with served(few_dir) as one, served(many_dir) as other:
        async with connected(one.url) as at_few, connected(other.url) as at_many:
            for what, params in (await _questions(at_few, at_many)).items():
                pairs = await in_turn(
                    partial(_ms, at_few, params[0]), partial(_ms, at_many, params[1]), rounds
                )
                show(f"{what}, {FEW:,} sessions", pairs.first, "ms")
                show(f"{what}, {many:,} sessions", pairs.second, "ms")
                show(f"  ratio, median of {rounds} pairs", pairs.ratio, "", "<= 2")


async def _questions(
    at_few: Ordinary, at_many: Ordinary
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What is asked, of few and of many."""
    questions: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {"first page": ({}, {})}
    deep = [await _deep(client) for client in (at_few, at_many)]
    questions["a page deep inside"] = (deep[0], deep[1])
    for what, text in SEARCHES.items():
        questions[f"search, {what}"] = ({"search": text}, {"search": text})
    return questions


async def _deep(client: Ordinary) -> dict[str, Any]:
    """The cursor of a page in the middle."""
    total = (await client.call("session.list", limit=1))["total"]
    page = await client.call("session.list", limit=1, offset=total // 2)
    return {"cursor": page["next_cursor"]}


async def _ms(client: Ordinary, params: dict[str, Any]) -> float:
    begun = time.perf_counter()
    await client.call("session.list", **params)
    return (time.perf_counter() - begun) * 1000


def main(*, short: bool = False) -> None:
    """Measure and print."""
    many = SHORT if short else MANY
    with tempfile.TemporaryDirectory() as folder:
        few_dir, many_dir = Path(folder, "few"), Path(folder, "many")
        for data_dir, count in ((few_dir, FEW), (many_dir, many)):
            data_dir.mkdir()
            begun = time.perf_counter()
            fill(data_dir, count)
            show(f"to store {count:,} sessions", time.perf_counter() - begun, "s")
        asyncio.run(measure(few_dir, many_dir, many, 5 if short else ROUNDS))


if __name__ == "__main__":
    main()
