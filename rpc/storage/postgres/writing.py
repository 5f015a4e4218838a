"""A plan as PostgreSQL statements of one open transaction."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from psycopg import Connection

from rpc.storage.planning import Plan, Planned, Taken
from rpc.storage.postgres import jobs, usage
from rpc.storage.postgres.statements import Insert, replacing
from rpc.storage.postgres.texts import found_of, starts_of
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
    EndJob,
    LeaveDue,
    Probe,
    PutHits,
    PutJob,
    PutTaskWrites,
    TakeDue,
    first_deleted,
)
from rpc.storage.writing import AGAIN, COLUMNS, THREAD_TABLES, encode, run_row
from rpc.storage.writing import Writing as BaseWriting

_KEYS = {
    "assistants": 1,
    "session_ttls": 1,
    "aftermaths": 1,
    "event_values": 2,
    "checkpoints": 3,
    "channel_values": 4,
    "task_writes": 5,
}
"""How many columns the keys have of what may be put again."""


def _insert(table: str) -> Insert:
    columns = COLUMNS[table]
    if table not in _KEYS:
        return Insert(table, columns)
    return Insert(table, columns, replacing(columns, _KEYS[table]), _KEYS[table])


_INSERTS = {table: _insert(table) for table in COLUMNS if table != "owner_queries"} | {
    "task_writes": Insert("task_writes", COLUMNS["task_writes"], "ON CONFLICT DO NOTHING"),
    AGAIN: _insert("task_writes"),
    # Whoever chooses an id that is another owner's meanwhile changes nothing.
    "assistants": Insert(
        "assistants",
        COLUMNS["assistants"],
        replacing(COLUMNS["assistants"], 1) + " WHERE assistants.owner = excluded.owner",
        1,
    ),
}

_OWNED = ("runs", "events", "event_values", "signals", "live_hits", "session_ttls", "aftermaths")
"""What goes with its session."""

_NEW_SESSIONS = Insert(
    "sessions",
    "id, graph, status, owner, created_at, updated_at, run_id, seq, first_seq, epoch, revision, bytes,"
    " digest, record, tags",
)
_SET_SESSION = (
    b"UPDATE sessions SET seq = $2, first_seq = $3, epoch = $4, revision = $5, bytes = bytes + $6, graph = $7,"
    b" status = $8, updated_at = $9, run_id = $10, digest = $11, record = $12, tags = $13 WHERE id = $1"
)
_SET_HEAD = b"UPDATE sessions SET seq = $2, first_seq = $3, epoch = $4, revision = $5, bytes = bytes + $6 WHERE id = $1"
_SET_TEXTS = (
    b"INSERT INTO session_texts (number, found, starts) SELECT number, $2, $3 FROM sessions WHERE id = $1"
    b" ON CONFLICT (number) DO UPDATE SET found = excluded.found, starts = excluded.starts"
)
_RUN = (
    "id, session_id, graph, status, owner, idempotency_key, created_at, started_at, ended_at, results,"
    " record"
)
_RUNS = Insert(
    "runs",
    _RUN,
    "ON CONFLICT (id) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,"
    " ended_at = excluded.ended_at, results = excluded.results, record = excluded.record",
)


class Stored(Struct, frozen=True):
    """What is there, of what a batch changes: whose a session is, the digest of what is searched of it, and how large records are."""

    owners: Mapping[str, str] = {}
    digests: Mapping[str, bytes] = {}
    sessions: Mapping[str, int] = {}
    runs: Mapping[str, int] = {}


class Writing(BaseWriting):
    """See `rpc.storage.writing`. `stored`: of the sessions and runs that a plan is of. Raises `psycopg.Error`."""

    def __init__(self, connection: Connection[Any], now_ms: int, stored: Stored) -> None:
        super().__init__(now_ms)
        self.connection = connection
        self.stored = stored
        # By owner: how many sessions are new, and how many bytes.
        self.new_sessions: Counter[str] = Counter()
        self.new_bytes: Counter[str] = Counter()

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        if table == "owner_queries":
            usage.count_queries(self.connection, rows)
        else:
            _INSERTS[table].run(self.connection, rows)

    def delete_writes(self, row: PutTaskWrites) -> None:
        self._run(
            "DELETE FROM task_writes WHERE thread_id = $1 AND namespace = $2"
            " AND checkpoint_id = $3 AND task_id = $4 AND position >= $5",
            row.thread_id,
            row.namespace,
            row.checkpoint_id,
            row.task_id,
            first_deleted(row),
        )

    def now(self, row: Planned) -> None:
        match row:
            case Taken(session_id=session_id, through=through):
                self._run(
                    "DELETE FROM signals WHERE session_id = $1 AND number <= $2",
                    session_id,
                    through,
                )
            case DeleteSession(session_id=session_id):
                usage.delete_session(self.connection, session_id)
                for table in _OWNED:
                    self._run(f"DELETE FROM {table} WHERE session_id = $1", session_id)
                self._delete_thread(session_id)
                jobs.end(self.connection, session_id)
            case PutHits(session_id=session_id, epoch=epoch, hits=hits):
                self._run(
                    "INSERT INTO live_hits VALUES ($1, $2, $3)"
                    " ON CONFLICT (session_id) DO UPDATE SET epoch = excluded.epoch, hits = excluded.hits",
                    session_id,
                    epoch,
                    encode(hits).decode(),
                )
            case DeleteEvents(session_id=session_id, through=through):
                self._run(
                    "DELETE FROM events WHERE session_id = $1 AND last_seq <= $2",
                    session_id,
                    through,
                )
            case DeleteRun(run_id=run_id):
                self._run("DELETE FROM runs WHERE id = $1", run_id)
                self._run("DELETE FROM aftermaths WHERE run_id = $1", run_id)
            case TakeDue(run_id=run_id, was_at=was_at, at=at, by=by):
                self._run(
                    "UPDATE aftermaths SET at = $1, tries = tries + 1, taken_by = $2 WHERE run_id = $3 AND at = $4",
                    at,
                    by,
                    run_id,
                    was_at,
                )
            case LeaveDue(run_id=run_id, by=by):
                self._run(
                    "UPDATE aftermaths SET at = 0 WHERE run_id = $1 AND taken_by = $2", run_id, by
                )
            case EndDue(run_id=run_id, by=by):
                self._run("DELETE FROM aftermaths WHERE run_id = $1 AND taken_by = $2", run_id, by)
            case DeleteAssistant(assistant_id=assistant_id):
                self._run("DELETE FROM assistants WHERE id = $1", assistant_id)
            case DeleteAudit(before_ms=before):
                self._run("DELETE FROM audit WHERE at < $1", before)
            case DeleteTombstones(before_ms=before):
                self._run(
                    "INSERT INTO tombstones_removed SELECT owner, max(change) FROM session_tombstones WHERE at < $1"
                    " GROUP BY owner ON CONFLICT (owner) DO UPDATE"
                    " SET change = greatest(tombstones_removed.change, excluded.change)",
                    before,
                )
                self._run("DELETE FROM session_tombstones WHERE at < $1", before)
            case DeleteThread(thread_id=thread_id):
                self._delete_thread(thread_id)
            case CopyThread(source=source, target=target):
                for table in THREAD_TABLES:
                    columns = COLUMNS[table].partition(", ")[2]
                    self._run(
                        f"INSERT INTO {table} (thread_id, {columns})"
                        f" SELECT $1, {columns} FROM {table} WHERE thread_id = $2 "
                        + replacing(COLUMNS[table], _KEYS[table]),
                        target,
                        source,
                    )
            case Probe():
                self._run("UPDATE probes SET at = $1 WHERE id = 1", self.now_ms)
            case DeleteCheckpoints(thread_id=thread_id, checkpoints=checkpoints):
                self._delete_checkpoints(thread_id, checkpoints)
            case _:
                raise AssertionError(f"unexpected row {row}")

    def _delete_thread(self, thread_id: str) -> None:
        for table in THREAD_TABLES:
            self._run(f"DELETE FROM {table} WHERE thread_id = $1", thread_id)

    def _delete_checkpoints(self, thread_id: str, checkpoints: Iterable[tuple[str, str]]) -> None:
        gone = list(checkpoints)
        for table in ("checkpoints", "task_writes"):
            self._run(
                f"DELETE FROM {table} WHERE thread_id = $1 AND (namespace, checkpoint_id) IN"
                " (SELECT * FROM unnest($2::text[], $3::text[]))",
                thread_id,
                [one[0] for one in gone],
                [one[1] for one in gone],
            )
        self._run(
            """UPDATE checkpoints AS c SET parent_id = NULL
                WHERE thread_id = $1 AND parent_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM checkpoints p WHERE p.thread_id = c.thread_id
                        AND p.namespace = c.namespace AND p.checkpoint_id = c.parent_id)""",
            thread_id,
        )
        # The values that a checkpoint still has, and all that these add to, are kept.
        self._run(
            """WITH RECURSIVE needed (namespace, channel, version, base) AS (
                SELECT v.namespace, v.channel, v.version, v.base
                    FROM checkpoints c, json_each_text(c.versions) j JOIN channel_values v
                        ON v.thread_id = $1 AND v.channel = j.key AND v.version = j.value
                    WHERE c.thread_id = $1 AND v.namespace = c.namespace
                UNION
                SELECT b.namespace, b.channel, b.version, b.base
                    FROM needed n JOIN channel_values b
                        ON b.thread_id = $1 AND b.namespace = n.namespace
                            AND b.channel = n.channel AND b.version = n.base
            )
            DELETE FROM channel_values v WHERE v.thread_id = $1 AND NOT EXISTS (
                SELECT 1 FROM needed n WHERE n.namespace = v.namespace
                    AND n.channel = v.channel AND n.version = v.version)""",
            thread_id,
        )

    def _job(self, row: PutJob | EndJob, plan: Plan) -> None:
        head = plan.heads.get(row.session_id)
        if isinstance(row, EndJob):
            jobs.end(self.connection, row.session_id)
        elif head is not None:
            jobs.put(self.connection, row, head.epoch)

    def records(self, plan: Plan) -> None:
        runs: list[Sequence[Any]] = []
        for run in self.runs.values():
            record = encode(run)
            self.added[run.session_id] += len(record) - self.stored.runs.get(run.id, 0)
            runs.append(run_row(run, record))
        made: list[Sequence[Any]] = []
        texts: list[tuple[str, str, list[str]]] = []
        for session_id, head in plan.heads.items():
            session = self.sessions.get(session_id)
            if head is None:
                continue
            new = session_id in plan.created
            record = b"" if session is None else encode(session)
            if session is not None:
                self.added[session_id] += len(record)
                self.added[session_id] -= 0 if new else self.stored.sessions.get(session_id, 0)
            numbers = (head.seq, head.first_seq, head.epoch, head.revision)
            added = self.added.pop(session_id, 0)
            owner = session.owner if session and new else self.stored.owners[session_id]
            self.new_bytes[owner] += added
            if session is None:
                self._run(_SET_HEAD, session_id, *numbers, added)
                continue
            found = found_of(session)
            digest = hashlib.blake2b(found.encode(), digest_size=8).digest()
            if new or self.stored.digests.get(session_id) != digest:
                texts.append((session_id, found, starts_of(session)))
            if new:
                self.new_sessions[owner] += 1
                made.append(
                    (
                        session_id,
                        session.graph,
                        session.status,
                        owner,
                        session.created_at,
                        session.updated_at,
                        session.run_id,
                        *numbers,
                        added,
                        digest,
                        record,
                        session.tags,
                    )
                )
            else:
                self._run(
                    _SET_SESSION,
                    session_id,
                    *numbers,
                    added,
                    session.graph,
                    session.status,
                    session.updated_at,
                    session.run_id,
                    digest,
                    record,
                    session.tags,
                )
        _NEW_SESSIONS.run(self.connection, made)
        for text in texts:
            self._run(_SET_TEXTS, *text)
        _RUNS.run(self.connection, runs)
        for row in self.jobs:
            self._job(row, plan)

    def count(self) -> None:
        elsewhere = {name: added for name, added in self.added.items() if added}
        if elsewhere:
            usage.add_elsewhere(self.connection, elsewhere)
        usage.add(self.connection, self.new_sessions, self.new_bytes)
        if self.recount:
            usage.count_anew(self.connection, list(self.recount))

    def _run(self, statement: str | bytes, *parameters: Any) -> None:
        text = statement.encode() if isinstance(statement, str) else statement
        self.connection.execute(text, parameters, prepare=True)
