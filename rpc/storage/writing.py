"""A plan as rows of tables, in the order in which they must come; how they are inserted is each store's own."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from protocol.sessions import ACTIVE
from rpc.storage.planning import Plan, Planned, PutBeside, Signal
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.units import (
    CopyThread,
    CountQuery,
    DeleteCheckpoints,
    DeleteEvents,
    DeleteRun,
    DeleteSession,
    DeleteThread,
    EndJob,
    PutAssistant,
    PutAudit,
    PutCheckpoint,
    PutJob,
    PutRun,
    PutSession,
    PutTaskWrites,
    PutTtl,
    PutValue,
)

# JSON, since what a client sends is JSON: other encodings have bounds (of integers) that it has not.
encode = msgspec.json.Encoder().encode

AGAIN = "task_writes_again"
"""Rows of `task_writes` that replace earlier ones; others are written once."""

COLUMNS = {
    "events": "session_id, last_seq, first_seq, at, data",
    "event_values": "session_id, id, data",
    "signals": "session_id, number, kind, body",
    "session_ttls": "session_id, strategy, minutes, expires_at",
    "aftermaths": "run_id, session_id, at, tries, taken_by",
    "owner_queries": "owner, second, queries",
    "assistants": "id, owner, created_at, record",
    "audit": "at, action, session_id, record",
    "checkpoints": (
        "thread_id, namespace, checkpoint_id, parent_id, run_id, created_at, versions, body, metadata"
    ),
    "channel_values": "thread_id, namespace, channel, version, kind, base, head, data",
    "task_writes": (
        "thread_id, namespace, checkpoint_id, task_id, position, channel, kind, data, task_path"
    ),
}
"""By table, the columns of the rows that are inserted; those of its key come first."""

THREAD_TABLES = ("checkpoints", "channel_values", "task_writes")
"""What is kept of threads: `thread_id` is their first column."""


def _is_followed(run: RunRecord) -> bool:
    """Whether something is due once the run, which goes on, has ended: with it, so that no end can be missed."""
    return run.status in ACTIVE and run.options.is_followed


def run_row(run: RunRecord, record: bytes) -> Sequence[Any]:
    """A run's row of `runs`, in the order in which every store inserts it. `record`: it, encoded."""
    return (
        run.id,
        run.session_id,
        run.graph,
        run.status,
        run.owner,
        run.idempotency_key,
        run.created_at,
        run.started_at,
        run.ended_at,
        encode(run.results).decode(),
        record,
    )


class Writing(ABC):
    """What one transaction still has to insert, by table; deletions and copies come in between, in order."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self.sessions: dict[str, SessionRecord] = {}
        self.runs: dict[str, RunRecord] = {}
        # A store of one process does nothing with them: it advances all its sessions, and knows which by their status.
        self.jobs: list[PutJob | EndJob] = []
        self.waiting: dict[str, list[Sequence[Any]]] = {}
        # How many bytes are added to sessions, and those whose bytes must be counted anew; what is there already and is
        # written again is counted twice, until they are.
        self.added: Counter[str] = Counter()
        self.recount: set[str] = set()

    def apply(self, plan: Plan) -> None:
        """Execute a plan. Raises what the database's driver raises."""
        for planned in plan.rows:
            self._take(planned)
        for session_id, chunk in plan.events:
            if plan.heads.get(session_id) is not None:
                data = b"\n".join(chunk.events if chunk.stored is None else chunk.stored)
                self.added[session_id] += len(data)
                row = (session_id, chunk.last_seq, chunk.first_seq, self.now_ms, self.packed(data))
                self._add("events", *row)
        self.records(plan)
        self._flush()
        self.count()

    @abstractmethod
    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows with `COLUMNS` of a table, or of `AGAIN`, in order."""

    def packed(self, document: bytes) -> bytes:
        """Events as the database takes them."""
        return document

    def packed_value(self, kind: str, data: bytes) -> tuple[str, bytes]:
        """A value's kind and bytes as the database takes them."""
        return kind, data

    @abstractmethod
    def delete_writes(self, row: PutTaskWrites) -> None:
        """Delete what the task wrote with an index from 0 on; with `afresh` all of it."""

    @abstractmethod
    def now(self, row: Planned) -> None:
        """Execute what must not be mixed with what comes before and after it."""

    @abstractmethod
    def records(self, plan: Plan) -> None:
        """Write `sessions`, the heads of all sessions that changed, and `runs`."""

    @abstractmethod
    def count(self) -> None:
        """Count the bytes that were `added` to sessions, and those of which some were removed, `recount`."""

    def _take(self, row: Planned) -> None:
        match row:
            case PutSession(record=session):
                # Only the last state of each session and run is written: the others would be overwritten.
                self.sessions[session.id] = session
            case PutRun(record=run):
                self.runs[run.id] = run
                if _is_followed(run):
                    self._add("aftermaths", run.id, run.session_id, 0, 0, "")
            case PutCheckpoint():
                self.added[row.thread_id] += len(row.body) + len(row.metadata)
                self._add(
                    "checkpoints",
                    row.thread_id,
                    row.namespace,
                    row.checkpoint_id,
                    row.parent_id,
                    row.run_id,
                    row.created_at,
                    encode(row.versions).decode(),
                    row.body,
                    row.metadata,
                )
            case PutValue():
                self.added[row.thread_id] += len(row.head) + len(row.data)
                kind, data = self.packed_value(row.kind, row.data)
                self._add(
                    "channel_values",
                    row.thread_id,
                    row.namespace,
                    row.channel,
                    row.version,
                    kind,
                    row.base,
                    row.head,
                    data,
                )
            case PutTaskWrites():
                self._writes(row)
            case PutTtl(session_id=session_id, ttl=ttl):
                self._add("session_ttls", session_id, ttl.strategy, ttl.minutes, ttl.expires_at)
            case PutAssistant(record=one):
                self._add("assistants", one.id, one.owner, one.created_at, encode(one))
            case PutAudit(record=audit):
                self._add("audit", audit.at, audit.action, audit.session_id, encode(audit))
            case PutJob() | EndJob():
                self.jobs.append(row)
            case CountQuery():
                self._add("owner_queries", row.owner, row.second, 1)
            case PutBeside():
                self.added[row.session_id] += len(row.data)
                self._add("event_values", row.session_id, row.id, row.data)
            case Signal(session_id=session_id, number=number, row=signal):
                self._add("signals", session_id, number, signal.kind, encode(signal.body))
            case _:
                self._flush()
                self._removed(row)
                self.now(row)

    def _writes(self, row: PutTaskWrites) -> None:
        if row.only:
            self._flush()
            self.delete_writes(row)
        place = (row.thread_id, row.namespace, row.checkpoint_id, row.task_id)
        table = AGAIN if row.again else "task_writes"
        for position, channel, kind, data in row.writes:
            self.added[row.thread_id] += len(data)
            stored = self.packed_value(kind, data)
            self._add(table, *place, position, channel, *stored, row.task_path)

    def _removed(self, row: Planned) -> None:
        match row:
            case DeleteSession(session_id=session_id):
                self.sessions.pop(session_id, None)
                self.added.pop(session_id, None)
                self.runs = {
                    id: run for id, run in self.runs.items() if run.session_id != session_id
                }
            case DeleteRun(run_id=run_id):
                self.runs.pop(run_id, None)
            case (
                DeleteEvents(session_id=name)
                | DeleteThread(thread_id=name)
                | DeleteCheckpoints(thread_id=name)
                | CopyThread(target=name)
            ):
                self.recount.add(name)
            case _:
                pass

    def _add(self, table: str, *values: Any) -> None:
        self.waiting.setdefault(table, []).append(values)

    def _flush(self) -> None:
        waiting, self.waiting = self.waiting, {}
        for table, rows in waiting.items():
            self.insert(table, rows)
