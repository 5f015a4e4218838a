"""What is read of a database: plain functions on a connection that nobody else uses meanwhile."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec

from rpc.storage.decoding import (
    SESSION,
    audit_of,
    check_gap,
    events_of,
    in_order,
    joined,
    run_of,
    session_of,
    value_of,
    versions_of,
)
from rpc.storage.planning import Head
from rpc.storage.records import Assistant, AuditRecord, RunRecord, SessionRecord
from rpc.storage.store import EventRow, SignalRow, StoredCheckpoint
from rpc.storage.unreadable import Unreadable

_encode = msgspec.json.Encoder().encode


def session(
    connection: sqlite3.Connection, session_id: str, owner: str | None
) -> SessionRecord | None:
    """The session, if it is the owner's; whoever's where None."""
    row = _one(
        connection,
        f"SELECT {SESSION} FROM sessions s WHERE s.id = ?1 AND (?2 IS NULL OR s.owner = ?2)",
        (session_id, owner),
    )
    return None if row is None else session_of(row)


def run(connection: sqlite3.Connection, run_id: str) -> RunRecord | None:
    """The run."""
    row = _one(connection, "SELECT record, id, session_id FROM runs WHERE id = ?", (run_id,))
    return None if row is None else run_of(*row)


def run_by_key(
    connection: sqlite3.Connection, owner: str, idempotency_key: str
) -> RunRecord | None:
    """The owner's run that was started with the key."""
    row = _one(
        connection,
        "SELECT record, id, session_id FROM runs WHERE owner = ? AND idempotency_key = ?",
        (owner, idempotency_key),
    )
    return None if row is None else run_of(*row)


def assistant(connection: sqlite3.Connection, assistant_id: str) -> Assistant | None:
    """The assistant."""
    row = _one(connection, "SELECT record FROM assistants WHERE id = ?", (assistant_id,))
    return None if row is None else msgspec.json.decode(row[0], type=Assistant)


def assistants(connection: sqlite3.Connection, owner: str | None) -> list[Assistant]:
    """The owner's assistants, or everybody's, the newest first."""
    rows = connection.execute(
        "SELECT record FROM assistants WHERE ?1 IS NULL OR owner = ?1 ORDER BY created_at DESC, id",
        (owner,),
    )
    return [msgspec.json.decode(row[0], type=Assistant) for row in rows]


def secret(connection: sqlite3.Connection, name: str) -> bytes:
    """What nobody outside may guess. Raises `LookupError`."""
    row = _one(connection, "SELECT value FROM secrets WHERE name = ?", (name,))
    if row is None:
        raise LookupError(name)
    return bytes(row[0])


def runs(
    connection: sqlite3.Connection, session_id: str, limit: int, before: str | None
) -> list[RunRecord]:
    """The session's runs, newest first."""
    rows = connection.execute(
        "SELECT record, id, session_id FROM runs WHERE session_id = ?1 AND (?2 IS NULL OR (created_at, id) <"
        " (SELECT created_at, id FROM runs WHERE id = ?2 AND session_id = ?1)) ORDER BY created_at DESC, id DESC LIMIT ?3",
        (session_id, before, limit),
    )
    return [run_of(*row) for row in rows]


def heads(connection: sqlite3.Connection, session_ids: Sequence[str]) -> dict[str, Head]:
    """What the conditions of a batch are checked against, of the sessions that exist."""
    rows = connection.execute(
        "SELECT s.id, s.epoch, s.revision, s.seq, s.first_seq"
        " FROM json_each(?) j JOIN sessions s ON s.id = j.value",
        (_encode(session_ids).decode(),),
    )
    return {row[0]: Head(*row[1:]) for row in rows}


def without_thread(connection: sqlite3.Connection, names: Collection[str]) -> set[str]:
    """Those of the threads in which there is nothing."""
    if not names:
        return set()
    rows = connection.execute(
        "SELECT j.value FROM json_each(?) j WHERE NOT EXISTS (SELECT 1 FROM checkpoints WHERE thread_id = j.value)"
        " AND NOT EXISTS (SELECT 1 FROM task_writes WHERE thread_id = j.value)",
        (_encode(list(names)).decode(),),
    )
    return {row[0] for row in rows}


def signals(connection: sqlite3.Connection, session_id: str, after: int) -> list[SignalRow]:
    """The session's signals past a number."""
    rows = connection.execute(
        "SELECT number, kind, body FROM signals WHERE session_id = ? AND number > ? ORDER BY number",
        (session_id, after),
    )
    return [SignalRow(row[0], row[1], msgspec.json.decode(row[2])) for row in rows]


def results_of(connection: sqlite3.Connection, session_id: str) -> list[str]:
    """The checkpoints that results of the session's runs stand in."""
    rows = connection.execute(
        "SELECT DISTINCT j.value FROM runs r, json_each(r.results) j WHERE r.session_id = ?",
        (session_id,),
    )
    return [row[0] for row in rows]


def durations(connection: sqlite3.Connection, owner: str, graph: str, limit: int) -> list[int]:
    """Milliseconds that the owner's newest completed runs of the graph took."""
    rows = connection.execute(
        "SELECT ended_at - started_at FROM runs WHERE owner = ? AND graph = ? AND status = 'completed'"
        " AND started_at IS NOT NULL ORDER BY ended_at DESC LIMIT ?",
        (owner, graph, limit),
    )
    return [row[0] for row in rows]


def events(
    connection: sqlite3.Connection, session_id: str, after: int, limit_bytes: int
) -> list[EventRow]:
    """Rows that hold events past `after`: at least one where there are any, about `limit_bytes` in all.

    Raises `Unreadable` where the first of them cannot be read, or is missing.
    """
    found: list[EventRow] = []
    size = 0
    # One moment: the session's head is of the same.
    connection.execute("BEGIN")
    try:
        rows = connection.execute(
            "SELECT first_seq, last_seq, data FROM events WHERE session_id = ? AND last_seq > ?"
            " ORDER BY last_seq LIMIT 64",
            (session_id, after),
        )
        last = after
        try:
            for first_seq, last_seq, data in rows:
                if first_seq > last + 1:
                    _check_gap(connection, session_id, last, first_seq)
                data = events_of(session_id, first_seq, last_seq, data)
                found.append(EventRow(first_seq, last_seq, data))
                last = last_seq
                size += len(data)
                if size >= limit_bytes:
                    break
            if not found:
                _check_gap(connection, session_id, after, None)
        except Unreadable:
            # What is before it is read first.
            if not found:
                raise
        finally:
            rows.close()
    finally:
        connection.execute("COMMIT")
    return found


def _check_gap(
    connection: sqlite3.Connection, session_id: str, last: int, next_seq: int | None
) -> None:
    """Between `last` and `next_seq`, or the session's end, there may be only events that were removed for age."""
    head = _one(connection, "SELECT first_seq, seq FROM sessions WHERE id = ?", (session_id,))
    if head is None:
        return
    check_gap(session_id, last, next_seq, *head)


def beside(connection: sqlite3.Connection, session_id: str, id: str) -> bytes | None:
    """What an event of the session has cut out."""
    row = _one(
        connection,
        "SELECT data FROM event_values WHERE session_id = ? AND id = ?",
        (session_id, id),
    )
    return None if row is None else bytes(row[0])


_CHECKPOINT = "thread_id, namespace, checkpoint_id, parent_id, versions, body, metadata"


def checkpoint(
    connection: sqlite3.Connection, thread_id: str, namespace: str, checkpoint_id: str | None
) -> StoredCheckpoint | None:
    """A checkpoint, or the newest of its namespace."""
    of = "FROM checkpoints WHERE thread_id = ?1 AND namespace = ?2"
    where = (thread_id, namespace)
    if checkpoint_id is None:
        row = _one(
            connection, f"SELECT {_CHECKPOINT} {of} ORDER BY checkpoint_id DESC LIMIT 1", where
        )
        return None if row is None else _whole(connection, row)
    row = _one(
        connection,
        f"SELECT {_CHECKPOINT}, (SELECT max(checkpoint_id) {of}) {of} AND checkpoint_id = ?3",
        (*where, checkpoint_id),
    )
    return None if row is None else _whole(connection, row[:-1], row[-1])


def newest(
    connection: sqlite3.Connection, thread_id: str, namespace: str
) -> tuple[StoredCheckpoint | None, bool]:
    """The newest checkpoint of a namespace, and whether nothing was written yet at one that is to follow."""
    connection.execute("BEGIN")
    try:
        found = checkpoint(connection, thread_id, namespace, None)
        early = _one(
            connection,
            "SELECT 1 FROM task_writes"
            " WHERE thread_id = ? AND namespace = ? AND checkpoint_id > ? LIMIT 1",
            (thread_id, namespace, "" if found is None else found.checkpoint_id),
        )
    finally:
        connection.execute("COMMIT")
    return found, early is None


def checkpoints(
    connection: sqlite3.Connection,
    thread_id: str | None,
    namespace: str | None,
    before: str | None,
    limit: int | None,
) -> list[StoredCheckpoint]:
    """Checkpoints, newest first."""
    where, parameters = ["1"], list[Any]()
    for column, value in (("thread_id = ?", thread_id), ("namespace = ?", namespace)):
        if value is not None:
            where.append(column)
            parameters.append(value)
    if before is not None:
        where.append("checkpoint_id < ?")
        parameters.append(before)
    rows = connection.execute(
        f"SELECT {_CHECKPOINT} FROM checkpoints WHERE {' AND '.join(where)}"
        " ORDER BY checkpoint_id DESC LIMIT ?",
        (*parameters, -1 if limit is None else limit),
    ).fetchall()
    return [_whole(connection, row) for row in rows]


def _whole(
    connection: sqlite3.Connection, row: Sequence[Any], newest: str = ""
) -> StoredCheckpoint:
    thread_id, namespace, checkpoint_id, parent_id, versions, body, metadata = row
    return StoredCheckpoint(
        thread_id,
        namespace,
        checkpoint_id,
        parent_id,
        versions_of(versions, thread_id, checkpoint_id),
        body,
        metadata,
        _values(connection, thread_id, namespace, versions),
        _writes(connection, thread_id, namespace, checkpoint_id),
        newest,
    )


def _values(
    connection: sqlite3.Connection, thread_id: str, namespace: str, versions: str
) -> list[tuple[str, str, bytes]]:
    """The channels' values in these versions, each joined from what its versions added."""
    rows = connection.execute(
        # Large values would be copied at each step of the recursion, and once more to be sorted: they are joined to it at the end.
        """WITH RECURSIVE part (channel, version, base, depth) AS (
            SELECT v.channel, v.version, v.base, 0
                FROM json_each(:versions) j JOIN channel_values v ON v.thread_id = :thread
                    AND v.namespace = :namespace AND v.channel = j.key AND v.version = j.value
            UNION ALL
            SELECT b.channel, b.version, b.base, p.depth + 1
                FROM part p JOIN channel_values b ON b.thread_id = :thread
                    AND b.namespace = :namespace AND b.channel = p.channel AND b.version = p.base
        )
        SELECT p.channel, p.depth, v.kind, v.head, v.data
            FROM part p JOIN channel_values v ON v.thread_id = :thread
                AND v.namespace = :namespace AND v.channel = p.channel AND v.version = p.version""",
        {"versions": versions, "thread": thread_id, "namespace": namespace},
    ).fetchall()
    # What a value is, and how it begins, says its newest part; each is packed or not.
    parts = [
        (channel, depth, head, value_of(thread_id, f"channel {channel}", kind, data))
        for channel, depth, kind, head, data in rows
    ]
    newest = {channel: (kind, head) for channel, depth, head, (kind, _) in parts if depth == 0}
    parts.sort(key=lambda part: (part[0], -part[1]))
    return joined((channel, *newest[channel], data) for channel, _, _, (_, data) in parts)


def _writes(
    connection: sqlite3.Connection, thread_id: str, namespace: str, checkpoint_id: str
) -> list[tuple[str, str, str, bytes, str, int]]:
    rows = connection.execute(
        "SELECT task_id, channel, kind, data, task_path, position FROM task_writes"
        " WHERE thread_id = ? AND namespace = ? AND checkpoint_id = ?",
        (thread_id, namespace, checkpoint_id),
    )
    what = f"checkpoint {checkpoint_id}"
    return in_order(
        [
            (task_id, channel, *value_of(thread_id, what, kind, data), task_path, position)
            for task_id, channel, kind, data, task_path, position in rows
        ]
    )


def _one(connection: sqlite3.Connection, statement: str, parameters: Sequence[Any]) -> Any:
    return connection.execute(statement, parameters).fetchone()


def audit(
    connection: sqlite3.Connection,
    limit: int,
    before: int | None,
    since_ms: int,
    session_id: str | None,
    skip: Callable[[Unreadable], None],
) -> list[AuditRecord]:
    """Rows of the audit, newest first. `skip`: gets those left out."""
    rows = connection.execute(
        "SELECT number, record FROM audit WHERE at >= :since AND (:before IS NULL OR number < :before)"
        + ("" if session_id is None else " AND session_id = :session")
        + " ORDER BY number DESC LIMIT :limit",
        {"since": since_ms, "before": before, "session": session_id, "limit": limit},
    )
    found: list[AuditRecord] = []
    for number, record in rows:
        try:
            found.append(audit_of(number, record))
        except Unreadable as error:
            skip(error)
    return found


def has_audit_before(connection: sqlite3.Connection, at_ms: int) -> bool:
    """Whether the audit has rows of before a time."""
    found = connection.execute("SELECT 1 FROM audit WHERE at < ? LIMIT 1", (at_ms,)).fetchone()
    return found is not None
