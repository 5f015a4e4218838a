"""A plan as statements of one open transaction."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from rpc.storage.planning import Head, Plan, Planned, PutBeside, Signal, Taken
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.sqlite import usage
from rpc.storage.sqlite.probing import touch
from rpc.storage.sqlite.statements import Insert
from rpc.storage.units import (
    Chunk,
    CopyThread,
    CountQuery,
    DeleteAudit,
    DeleteCheckpoints,
    DeleteEvents,
    DeleteSession,
    DeleteThread,
    EndJob,
    Probe,
    PutAudit,
    PutCheckpoint,
    PutJob,
    PutRun,
    PutSession,
    PutTaskWrites,
    PutValue,
)

# JSON, since what a client sends is JSON: other encodings have bounds (of integers) that it has not.
_encode = msgspec.json.Encoder().encode

_SESSIONS = Insert(
    "INSERT INTO sessions",
    "id, graph, status, owner, name, query, tags, metadata, created_at, updated_at, run_id, seq,"
    " first_seq, epoch, revision, record",
    "ON CONFLICT (id) DO UPDATE SET graph = excluded.graph, status = excluded.status,"
    " name = excluded.name, query = excluded.query, tags = excluded.tags,"
    " metadata = excluded.metadata, updated_at = excluded.updated_at, run_id = excluded.run_id,"
    " seq = excluded.seq, first_seq = excluded.first_seq, epoch = excluded.epoch, revision = excluded.revision,"
    " record = excluded.record",
)
_RUNS = Insert(
    "INSERT INTO runs",
    "id, session_id, graph, status, owner, idempotency_key, created_at, started_at, ended_at,"
    " results, record",
    "ON CONFLICT (id) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,"
    " ended_at = excluded.ended_at, results = excluded.results, record = excluded.record",
)
_EVENTS = Insert("INSERT INTO events", "session_id, last_seq, first_seq, at, data")
_BESIDE = Insert("INSERT OR REPLACE INTO event_values", "session_id, id, data")
_SIGNALS = Insert("INSERT INTO signals", "session_id, number, kind, body")
_QUERIES = Insert(
    "INSERT INTO owner_queries",
    "owner, second, queries",
    "ON CONFLICT (owner, second) DO UPDATE SET queries = queries + excluded.queries",
)
_AUDIT = Insert("INSERT INTO audit", "at, action, session_id, record")
_CHECKPOINTS = Insert(
    "INSERT OR REPLACE INTO checkpoints",
    "thread_id, namespace, checkpoint_id, parent_id, run_id, created_at, versions, body, metadata",
)
_VALUES = Insert(
    "INSERT OR REPLACE INTO channel_values",
    "thread_id, namespace, channel, version, kind, base, head, data",
)
_WRITE = "thread_id, namespace, checkpoint_id, task_id, position, channel, kind, data, task_path"
_WRITES = Insert("INSERT OR IGNORE INTO task_writes", _WRITE)
_WRITES_AGAIN = Insert("INSERT OR REPLACE INTO task_writes", _WRITE)

_THREAD_TABLES = ("checkpoints", "channel_values", "task_writes")
_COPIED = {
    "checkpoints": "namespace, checkpoint_id, parent_id, run_id, created_at, versions, body, metadata",
    "channel_values": "namespace, channel, version, kind, base, head, data",
    "task_writes": _WRITE.partition(", ")[2],
}


class Writing:
    """What one transaction still has to insert, by table; deletions and copies come in between, in order."""

    def __init__(self, connection: sqlite3.Connection, now_ms: int) -> None:
        self.connection = connection
        self.now_ms = now_ms
        self.sessions: dict[str, SessionRecord] = {}
        self.runs: dict[str, RunRecord] = {}
        self.waiting: dict[Insert, list[Sequence[Any]]] = {}
        # How many bytes are added to sessions, and those whose bytes must be counted anew; what is there already and is
        # written again is counted twice, until they are.
        self.added: Counter[str] = Counter()
        self.recount: set[str] = set()

    def apply(self, plan: Plan) -> None:
        """Execute a plan. Raises `sqlite3.Error`."""
        for row in plan.rows:
            self._take(row)
        self._events(one for one in plan.events if plan.heads.get(one[0]) is not None)
        self._heads(plan.heads)
        self._flush()
        if self.added:
            usage.add(self.connection, self.added)
        if self.recount:
            usage.count_anew(self.connection, self.recount)

    def _take(self, row: Planned) -> None:
        match row:
            case PutSession(record=session):
                # Only the last state of each session and run is written: the others would be overwritten.
                self.sessions[session.id] = session
            case PutRun(record=run):
                self.runs[run.id] = run
            case PutCheckpoint():
                self.added[row.thread_id] += len(row.body) + len(row.metadata)
                self._add(
                    _CHECKPOINTS,
                    row.thread_id,
                    row.namespace,
                    row.checkpoint_id,
                    row.parent_id,
                    row.run_id,
                    row.created_at,
                    _encode(row.versions).decode(),
                    row.body,
                    row.metadata,
                )
            case PutValue():
                self.added[row.thread_id] += len(row.head) + len(row.data)
                self._add(
                    _VALUES,
                    row.thread_id,
                    row.namespace,
                    row.channel,
                    row.version,
                    row.kind,
                    row.base,
                    row.head,
                    row.data,
                )
            case PutTaskWrites():
                self._writes(row)
            case PutAudit(record=audit):
                self._add(_AUDIT, audit.at, audit.action, audit.session_id, _encode(audit))
            case CountQuery():
                self._add(_QUERIES, row.owner, row.second, 1)
            case PutBeside():
                self.added[row.session_id] += len(row.data)
                self._add(_BESIDE, row.session_id, row.id, row.data)
            case PutJob() | EndJob():
                # One process advances all its sessions, and knows which by their status.
                pass
            case Signal(session_id=session_id, number=number, row=signal):
                self._add(_SIGNALS, session_id, number, signal.kind, _encode(signal.body))
            case _:
                self._flush()
                self._now(row)

    def _writes(self, row: PutTaskWrites) -> None:
        place = (row.thread_id, row.namespace, row.checkpoint_id, row.task_id)
        if row.only:
            self._flush()
            self._run(
                "DELETE FROM task_writes WHERE thread_id = ? AND namespace = ?"
                " AND checkpoint_id = ? AND task_id = ? AND position >= 0",
                place,
            )
        insert = _WRITES_AGAIN if row.again else _WRITES
        for position, channel, kind, data in row.writes:
            self.added[row.thread_id] += len(data)
            self._add(insert, *place, position, channel, kind, data, row.task_path)

    def _now(self, row: Planned) -> None:
        """What must not be mixed with what comes before and after it."""
        match row:
            case Taken(session_id=session_id, through=through):
                self._run(
                    "DELETE FROM signals WHERE session_id = ? AND number <= ?",
                    (session_id, through),
                )
            case DeleteSession(session_id=session_id):
                self.sessions.pop(session_id, None)
                self.added.pop(session_id, None)
                self.runs = {
                    id: run for id, run in self.runs.items() if run.session_id != session_id
                }
                self._run("DELETE FROM sessions WHERE id = ?", (session_id,))
                for table in ("runs", "events", "event_values", "signals"):
                    self._run(f"DELETE FROM {table} WHERE session_id = ?", (session_id,))
                self._delete_thread(session_id)
            case DeleteEvents(session_id=session_id, through=through):
                self.recount.add(session_id)
                self._run(
                    "DELETE FROM events WHERE session_id = ? AND last_seq <= ?",
                    (session_id, through),
                )
            case DeleteAudit(before_ms=before):
                self._run("DELETE FROM audit WHERE at < ?", (before,))
            case DeleteThread(thread_id=thread_id):
                self.recount.add(thread_id)
                self._delete_thread(thread_id)
            case CopyThread(source=source, target=target):
                self.recount.add(target)
                for table in _THREAD_TABLES:
                    columns = _COPIED[table]
                    self._run(
                        f"INSERT OR REPLACE INTO {table} (thread_id, {columns})"
                        f" SELECT ?, {columns} FROM {table} WHERE thread_id = ?",
                        (target, source),
                    )
            case Probe():
                touch(self.connection)
            case DeleteCheckpoints(thread_id=thread_id, checkpoints=checkpoints):
                self.recount.add(thread_id)
                self._delete_checkpoints(thread_id, checkpoints)
            case _:
                raise AssertionError(f"unexpected row {row}")

    def _delete_thread(self, thread_id: str) -> None:
        for table in _THREAD_TABLES:
            self._run(f"DELETE FROM {table} WHERE thread_id = ?", (thread_id,))

    def _delete_checkpoints(self, thread_id: str, checkpoints: Iterable[tuple[str, str]]) -> None:
        gone = _encode(list(checkpoints)).decode()
        for table in ("checkpoints", "task_writes"):
            self._run(
                f"DELETE FROM {table} WHERE thread_id = ? AND (namespace, checkpoint_id) IN"
                " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')"
                " FROM json_each(?))",
                (thread_id, gone),
            )
        self._run(
            """UPDATE checkpoints AS c SET parent_id = NULL
                WHERE thread_id = :thread AND parent_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM checkpoints p WHERE p.thread_id = c.thread_id
                        AND p.namespace = c.namespace AND p.checkpoint_id = c.parent_id)""",
            {"thread": thread_id},
        )
        # The values that a checkpoint still has, and all that these add to, are kept.
        self._run(
            """WITH RECURSIVE needed (id, namespace, channel, base) AS (
                SELECT v.rowid, v.namespace, v.channel, v.base
                    FROM checkpoints c, json_each(c.versions) j JOIN channel_values v
                        ON v.thread_id = :thread AND v.namespace = c.namespace
                            AND v.channel = j.key AND v.version = j.value
                    WHERE c.thread_id = :thread
                UNION
                SELECT b.rowid, b.namespace, b.channel, b.base
                    FROM needed n JOIN channel_values b
                        ON b.thread_id = :thread AND b.namespace = n.namespace
                            AND b.channel = n.channel AND b.version = n.base
            )
            DELETE FROM channel_values WHERE rowid IN (
                SELECT rowid FROM channel_values WHERE thread_id = :thread
                EXCEPT SELECT id FROM needed)""",
            {"thread": thread_id},
        )

    def _events(self, events: Iterable[tuple[str, Chunk]]) -> None:
        for session_id, chunk in events:
            data = b"\n".join(chunk.events if chunk.stored is None else chunk.stored)
            self.added[session_id] += len(data)
            self._add(_EVENTS, session_id, chunk.last_seq, chunk.first_seq, self.now_ms, data)

    def _heads(self, heads: dict[str, Head | None]) -> None:
        changed = [
            (session_id, head.seq, head.first_seq, head.epoch, head.revision)
            for session_id, head in heads.items()
            if head is not None and session_id not in self.sessions
        ]
        if changed:
            self._run(
                "UPDATE sessions SET seq = j.value ->> 1, first_seq = j.value ->> 2,"
                " epoch = j.value ->> 3, revision = j.value ->> 4"
                " FROM json_each(?) j WHERE sessions.id = j.value ->> 0",
                (_encode(changed).decode(),),
            )
        for session in self.sessions.values():
            head = heads.get(session.id) or Head()
            self._add(
                _SESSIONS,
                session.id,
                session.graph,
                session.status,
                session.owner,
                session.name,
                session.query if session.texts is None else session.texts,
                _encode(session.tags).decode(),
                _encode(session.metadata).decode(),
                session.created_at,
                session.updated_at,
                session.run_id,
                head.seq,
                head.first_seq,
                head.epoch,
                head.revision,
                _encode(session),
            )
        for run in self.runs.values():
            self._add(
                _RUNS,
                run.id,
                run.session_id,
                run.graph,
                run.status,
                run.owner,
                run.idempotency_key,
                run.created_at,
                run.started_at,
                run.ended_at,
                _encode(run.results).decode(),
                _encode(run),
            )

    def _add(self, insert: Insert, *values: Any) -> None:
        self.waiting.setdefault(insert, []).append(values)

    def _flush(self) -> None:
        waiting, self.waiting = self.waiting, {}
        for insert, rows in waiting.items():
            insert.run(self.connection, rows)

    def _run(self, statement: str, parameters: Any) -> None:
        self.connection.execute(statement, parameters)
