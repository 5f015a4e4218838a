"""A plan as SQLite statements of one open transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from rpc.storage.packing import packed, packed_value
from rpc.storage.planning import Head, Plan, Planned, Taken
from rpc.storage.sqlite import usage
from rpc.storage.sqlite.probing import touch
from rpc.storage.sqlite.statements import Insert
from rpc.storage.units import (
    CopyThread,
    DeleteAssistant,
    DeleteAudit,
    DeleteCheckpoints,
    DeleteEvents,
    DeleteRun,
    DeleteSession,
    DeleteThread,
    DeleteTombstones,
    EndDue,
    LeaveDue,
    Probe,
    PutHits,
    PutTaskWrites,
    TakeDue,
    first_deleted,
)
from rpc.storage.writing import AGAIN, COLUMNS, THREAD_TABLES, encode, run_row
from rpc.storage.writing import Writing as BaseWriting

_SESSIONS = Insert(
    "INSERT INTO sessions",
    "id, graph, status, owner, name, query, tags, metadata, created_at, updated_at, run_id, seq,"
    " first_seq, epoch, revision, record, change, made",
    "ON CONFLICT (id) DO UPDATE SET graph = excluded.graph, status = excluded.status,"
    " name = excluded.name, query = excluded.query, tags = excluded.tags,"
    " metadata = excluded.metadata, updated_at = excluded.updated_at, run_id = excluded.run_id,"
    " seq = excluded.seq, first_seq = excluded.first_seq, epoch = excluded.epoch, revision = excluded.revision,"
    " record = excluded.record, change = excluded.change",
)
_RUNS = Insert(
    "INSERT INTO runs",
    "id, session_id, graph, status, owner, idempotency_key, created_at, started_at, ended_at,"
    " results, record",
    "ON CONFLICT (id) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,"
    " ended_at = excluded.ended_at, results = excluded.results, record = excluded.record",
)
_INSERTS = {
    table: Insert(f"INSERT{how} INTO {table}", COLUMNS[table])
    for table, how in {
        "events": "",
        "event_values": " OR REPLACE",
        "signals": "",
        "session_ttls": " OR REPLACE",
        "aftermaths": " OR REPLACE",
        "audit": "",
        "checkpoints": " OR REPLACE",
        "channel_values": " OR REPLACE",
        "task_writes": " OR IGNORE",
    }.items()
} | {
    # Whoever chooses an id that is another owner's meanwhile changes nothing.
    "assistants": Insert(
        "INSERT INTO assistants",
        COLUMNS["assistants"],
        "ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, record = excluded.record"
        " WHERE owner = excluded.owner",
    ),
    "owner_queries": Insert(
        "INSERT INTO owner_queries",
        COLUMNS["owner_queries"],
        "ON CONFLICT (owner, second) DO UPDATE SET queries = queries + excluded.queries",
    ),
    AGAIN: Insert("INSERT OR REPLACE INTO task_writes", COLUMNS["task_writes"]),
}


_OWNED = ("runs", "events", "event_values", "signals", "session_ttls", "aftermaths")
"""What goes with its session."""


class Writing(BaseWriting):
    """See `rpc.storage.writing`. Raises `sqlite3.Error`."""

    def __init__(self, connection: sqlite3.Connection, now_ms: int) -> None:
        super().__init__(now_ms)
        self.connection = connection
        # The number of this transaction's changes of sessions; None before there are any.
        self.change: int | None = None

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        _INSERTS[table].run(self.connection, rows)

    def packed(self, document: bytes) -> bytes:
        return packed(document)

    def packed_value(self, kind: str, data: bytes) -> tuple[str, bytes]:
        return packed_value(kind, data)

    def delete_writes(self, row: PutTaskWrites) -> None:
        self._run(
            "DELETE FROM task_writes WHERE thread_id = ? AND namespace = ?"
            " AND checkpoint_id = ? AND task_id = ? AND position >= ?",
            (row.thread_id, row.namespace, row.checkpoint_id, row.task_id, first_deleted(row)),
        )

    def now(self, row: Planned) -> None:
        match row:
            case Taken(session_id=session_id, through=through):
                self._run(
                    "DELETE FROM signals WHERE session_id = ? AND number <= ?",
                    (session_id, through),
                )
            case DeleteSession(session_id=session_id):
                self._run(
                    "INSERT INTO session_tombstones SELECT ?, number, id, owner, made, ? FROM sessions WHERE id = ?",
                    (self._change(), self.now_ms, session_id),
                )
                self._run("DELETE FROM sessions WHERE id = ?", (session_id,))
                for table in _OWNED:
                    self._run(f"DELETE FROM {table} WHERE session_id = ?", (session_id,))
                self._delete_thread(session_id)
            case DeleteEvents(session_id=session_id, through=through):
                self._run(
                    "DELETE FROM events WHERE session_id = ? AND last_seq <= ?",
                    (session_id, through),
                )
            case DeleteRun(run_id=run_id):
                self._run("DELETE FROM runs WHERE id = ?", (run_id,))
                self._run("DELETE FROM aftermaths WHERE run_id = ?", (run_id,))
            case TakeDue(run_id=run_id, was_at=was_at, at=at, by=by):
                self._run(
                    "UPDATE aftermaths SET at = ?, tries = tries + 1, taken_by = ? WHERE run_id = ? AND at = ?",
                    (at, by, run_id, was_at),
                )
            case LeaveDue(run_id=run_id, by=by):
                self._run(
                    "UPDATE aftermaths SET at = 0 WHERE run_id = ? AND taken_by = ?", (run_id, by)
                )
            case EndDue(run_id=run_id, by=by):
                self._run("DELETE FROM aftermaths WHERE run_id = ? AND taken_by = ?", (run_id, by))
            case DeleteAssistant(assistant_id=assistant_id):
                self._run("DELETE FROM assistants WHERE id = ?", (assistant_id,))
            case DeleteAudit(before_ms=before):
                self._run("DELETE FROM audit WHERE at < ?", (before,))
            case DeleteTombstones(before_ms=before):
                self._run(
                    "INSERT INTO tombstones_removed SELECT owner, max(change) FROM session_tombstones WHERE at < ?"
                    " GROUP BY owner ON CONFLICT (owner) DO UPDATE SET change = max(change, excluded.change)",
                    (before,),
                )
                self._run("DELETE FROM session_tombstones WHERE at < ?", (before,))
            case DeleteThread(thread_id=thread_id):
                self._delete_thread(thread_id)
            case CopyThread(source=source, target=target):
                for table in THREAD_TABLES:
                    columns = COLUMNS[table].partition(", ")[2]
                    self._run(
                        f"INSERT OR REPLACE INTO {table} (thread_id, {columns})"
                        f" SELECT ?, {columns} FROM {table} WHERE thread_id = ?",
                        (target, source),
                    )
            case PutHits():
                # Whoever asks is in this process, as is who knows.
                pass
            case Probe():
                touch(self.connection)
            case DeleteCheckpoints(thread_id=thread_id, checkpoints=checkpoints):
                self._delete_checkpoints(thread_id, checkpoints)
            case _:
                raise AssertionError(f"unexpected row {row}")

    def _delete_thread(self, thread_id: str) -> None:
        for table in THREAD_TABLES:
            self._run(f"DELETE FROM {table} WHERE thread_id = ?", (thread_id,))

    def _delete_checkpoints(self, thread_id: str, checkpoints: Iterable[tuple[str, str]]) -> None:
        gone = encode(list(checkpoints)).decode()
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

    def records(self, plan: Plan) -> None:
        heads = plan.heads
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
                (encode(changed).decode(),),
            )
        sessions: list[Sequence[Any]] = []
        for session in self.sessions.values():
            head = heads.get(session.id) or Head()
            record = encode(session)
            plan.session_bytes[session.id] = len(record)
            sessions.append(
                (
                    session.id,
                    session.graph,
                    session.status,
                    session.owner,
                    session.name,
                    session.query if session.texts is None else session.texts,
                    encode(session.tags).decode(),
                    encode(session.metadata).decode(),
                    session.created_at,
                    session.updated_at,
                    session.run_id,
                    head.seq,
                    head.first_seq,
                    head.epoch,
                    head.revision,
                    record,
                    self._change(),
                    self._change(),
                )
            )
        _SESSIONS.run(self.connection, sessions)
        runs: list[Sequence[Any]] = []
        for run in self.runs.values():
            record = encode(run)
            plan.run_bytes[run.id] = len(record)
            runs.append(run_row(run, packed(record)))
        _RUNS.run(self.connection, runs)

    def count(self) -> None:
        if self.added:
            usage.add(self.connection, self.added)
        if self.recount:
            usage.count_anew(self.connection, self.recount)

    def _change(self) -> int:
        if self.change is None:
            rows = self.connection.execute(
                "UPDATE session_changes SET change = change + 1 RETURNING change"
            ).fetchall()
            self.change = int(rows[0][0])
        return self.change

    def _run(self, statement: str, parameters: Any) -> None:
        self.connection.execute(statement, parameters)
