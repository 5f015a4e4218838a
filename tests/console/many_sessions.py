"""Stores as many sessions as are named in a data directory, as a server would have: `many_sessions.py FOLDER COUNT`."""

import sys
import time
from pathlib import Path

from rpc.settings import Settings
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.units import PutRun, PutSession, Unit

BATCH = 10_000


def _unit(number: int, first_ms: int) -> Unit:
    at, query = first_ms + number * 10, f"question {number:06d}"
    session = SessionRecord(
        id=f"{number:032x}",
        graph="research",
        status="failed" if number % 1000 == 0 else "completed",
        name=None,
        created_at=at,
        updated_at=at,
        run_id=f"{number:031x}r",
        runs=1,
        query=query,
        tags=["kept"] if number % 50_000 == 7 else [],
    )
    run = RunRecord(
        id=f"{number:031x}r",
        session_id=session.id,
        graph=session.graph,
        query=query,
        input={"query": query},
        config=None,
        idempotency_key=None,
        created_at=at,
        after=0,
        estimated_duration_ms=10,
        started_at=at,
        ended_at=at + 10,
        status=session.status,
        result={"answer": query},
    )
    return Unit(session.id, [], [PutSession(session), PutRun(run)])


def main(folder: Path, count: int) -> None:
    store = SQLiteStore(folder / "stepwire.db", Settings().synchronous)
    # Old ones would be removed meanwhile.
    first_ms = time.time_ns() // 1_000_000 - count * 10
    for first in range(0, count, BATCH):
        store.write([_unit(number, first_ms) for number in range(first, min(count, first + BATCH))])
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
