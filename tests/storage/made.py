"""Sessions, runs, events and checkpoints for tests of what is kept of them."""

import base64
import random
from collections.abc import Sequence
from typing import Any

import msgspec

from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import Store
from rpc.storage.units import (
    Draft,
    Outcome,
    PutCheckpoint,
    PutRun,
    PutSession,
    PutTaskWrites,
    PutValue,
    Refused,
    Row,
    Unit,
    Written,
)


def session(id: str, **changes: Any) -> SessionRecord:
    """A session that has not run."""
    base = SessionRecord(
        id=id,
        graph="g",
        status="queued",
        name=None,
        created_at=1,
        updated_at=1,
        run_id=None,
        runs=0,
        query=None,
    )
    return msgspec.structs.replace(base, **changes)


def run(id: str, session_id: str, **changes: Any) -> RunRecord:
    """A run that waits for its turn."""
    base = RunRecord(
        id=id,
        session_id=session_id,
        graph="g",
        query="q",
        input={"query": "q"},
        config=None,
        idempotency_key=None,
        created_at=1,
        after=0,
        estimated_duration_ms=0,
    )
    return msgspec.structs.replace(base, **changes)


def noise(size: int) -> str:
    """A text of a size that cannot be packed much."""
    return base64.b64encode(random.Random(size).randbytes(size)).decode()[:size]


def draft(text: str) -> Draft:
    """An event that says `text`."""
    return Draft(b'{"seq":', b',"text":"', text.encode() + b'"}')


def event(seq: int, text: str) -> bytes:
    """The same with its number."""
    return b'{"seq":%d,"text":"%b"}' % (seq, text.encode())


def made(id: str, *rows: Row, drafts: Sequence[Draft] = (), **changes: Any) -> Unit:
    """A unit that makes a session, and more."""
    return Unit(id, list(drafts), [PutSession(session(id, **changes)), *rows])


def one(store: Store, unit: Unit) -> Outcome:
    """What becomes of a unit that is written alone."""
    (outcome,) = store.write([unit])
    return outcome


def written(outcome: Outcome) -> Written:
    """It, if it was not refused."""
    assert isinstance(outcome, Written), outcome
    return outcome


def reason(outcome: Outcome) -> str | None:
    """Why it was refused; None if it was not."""
    return outcome.reason if isinstance(outcome, Refused) else None


async def texts(store: Store, session_id: str, after: int = 0) -> list[bytes]:
    """All of a session's events past `after`."""
    found: list[bytes] = []
    at = after
    while rows := await store.events(session_id, at, 1):
        for row in rows:
            numbers = range(row.first_seq, row.last_seq + 1)
            events = row.data.split(b"\n")
            assert len(events) == len(numbers)
            found += [text for seq, text in zip(numbers, events, strict=True) if seq > after]
            at = row.last_seq
    return found


def checkpoint(
    thread: str, id: str, namespace: str = "", parent: str | None = None, **versions: str
) -> PutCheckpoint:
    """A checkpoint with these versions of its channels; made at the time that its id says."""
    number = int("".join(filter(str.isdigit, id)) or 0)
    return PutCheckpoint(
        thread, namespace, id, parent, "r", number, versions, b"body " + id.encode(), b"meta"
    )


def value(
    thread: str, channel: str, version: str, data: bytes, namespace: str = "", **more: Any
) -> PutValue:
    """A channel's value."""
    return PutValue(thread, namespace, channel, version, "k", data, **more)


def writes(
    thread: str, id: str, task: str, *texts: bytes, namespace: str = "", **more: Any
) -> PutTaskWrites:
    """What a task wrote, to channel `c`."""
    rows = [(index, "c", "k", text) for index, text in enumerate(texts)]
    return PutTaskWrites(thread, namespace, id, task, f"path/{task}", rows, **more)


def with_run(session_id: str, run_id: str, **changes: Any) -> Unit:
    """A session with a run."""
    of_run = {key: changes.pop(key) for key in ("idempotency_key",) if key in changes}
    return made(
        session_id, PutRun(run(run_id, session_id, **of_run)), run_id=run_id, runs=1, **changes
    )
