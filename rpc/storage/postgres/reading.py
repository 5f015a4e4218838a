"""What is read of a database: plain functions on a connection that nobody else uses meanwhile. Each statement sees one moment."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from psycopg import Connection

from rpc.storage.decoding import (
    SESSION,
    audit_of,
    check_events,
    check_gap,
    in_order,
    joined,
    run_of,
    session_of,
    versions_of,
)
from rpc.storage.planning import Head
from rpc.storage.records import Assistant, AuditRecord, RunRecord, SessionRecord
from rpc.storage.store import EventRow, SignalRow, StoredCheckpoint
from rpc.storage.unreadable import Unreadable

ROWS = 64
"""Of a session's events, so many rows are looked at in one read."""


def rows(connection: Connection[Any], statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """All rows, their values as they are in Python; texts with a NUL, which PostgreSQL has not, match nothing."""
    if any(isinstance(one, str) and "\0" in one for one in parameters):
        return []
    return connection.execute(statement.encode(), parameters, prepare=True, binary=True).fetchall()


def first(connection: Connection[Any], statement: str, *parameters: Any) -> tuple[Any, ...] | None:
    """The first row."""
    found = rows(connection, statement, *parameters)
    return found[0] if found else None


def session(
    connection: Connection[Any], session_id: str, owner: str | None
) -> SessionRecord | None:
    """The session, if it is the owner's; whoever's where None."""
    row = first(
        connection,
        f"SELECT {SESSION} FROM sessions s WHERE s.id = $1 AND ($2::text IS NULL OR s.owner = $2)",
        session_id,
        owner,
    )
    return None if row is None else session_of(row)


def run(connection: Connection[Any], run_id: str) -> RunRecord | None:
    """The run."""
    row = first(connection, "SELECT record, id, session_id FROM runs WHERE id = $1", run_id)
    return None if row is None else run_of(*row)


def run_by_key(connection: Connection[Any], owner: str, idempotency_key: str) -> RunRecord | None:
    """The owner's run that was started with the key."""
    row = first(
        connection,
        "SELECT record, id, session_id FROM runs WHERE owner = $1 AND idempotency_key = $2",
        owner,
        idempotency_key,
    )
    return None if row is None else run_of(*row)


def assistant(connection: Connection[Any], assistant_id: str) -> Assistant | None:
    """The assistant."""
    row = first(connection, "SELECT record FROM assistants WHERE id = $1", assistant_id)
    return None if row is None else msgspec.json.decode(row[0], type=Assistant)


def assistants(connection: Connection[Any], owner: str | None) -> list[Assistant]:
    """The owner's assistants, or everybody's, the newest first."""
    listed = "SELECT record FROM assistants{} ORDER BY created_at DESC, id"
    found = (
        rows(connection, listed.format(""))
        if owner is None
        else rows(connection, listed.format(" WHERE owner = $1"), owner)
    )
    return [msgspec.json.decode(row[0], type=Assistant) for row in found]


def secret(connection: Connection[Any], name: str) -> bytes:
    """What nobody outside may guess. Raises `LookupError`."""
    row = first(connection, "SELECT value FROM secrets WHERE name = $1", name)
    if row is None:
        raise LookupError(name)
    return bytes(row[0])


def runs(
    connection: Connection[Any], session_id: str, limit: int, before: str | None
) -> list[RunRecord]:
    """The session's runs, newest first."""
    found = rows(
        connection,
        "SELECT record, id, session_id FROM runs WHERE session_id = $1 AND ($2::text IS NULL OR"
        " (created_at, id) < (SELECT created_at, id FROM runs WHERE id = $2 AND session_id = $1))"
        " ORDER BY created_at DESC, id DESC LIMIT $3",
        session_id,
        before,
        limit,
    )
    return [run_of(*row) for row in found]


def active(connection: Connection[Any], owner: str) -> int:
    """How many of the owner's sessions are queued or running."""
    row = first(
        connection,
        "SELECT count(*) FROM sessions WHERE owner = $1 AND status IN ('queued', 'running')",
        owner,
    )
    return 0 if row is None else int(row[0])


def status_counts(connection: Connection[Any]) -> dict[str, int]:
    """How many sessions are in each status."""
    return dict(rows(connection, "SELECT status, count(*) FROM sessions GROUP BY status"))


def signals(connection: Connection[Any], session_id: str, after: int) -> list[SignalRow]:
    """The session's signals past a number."""
    found = rows(
        connection,
        "SELECT number, kind, body FROM signals WHERE session_id = $1 AND number > $2 ORDER BY number",
        session_id,
        after,
    )
    return [SignalRow(row[0], row[1], msgspec.json.decode(row[2])) for row in found]


def hits(connection: Connection[Any], session_id: str) -> tuple[int, dict[str, int]] | None:
    """The epoch of the advance that told last how often breakpoints were reached, and how often."""
    row = first(connection, "SELECT epoch, hits FROM live_hits WHERE session_id = $1", session_id)
    return None if row is None else (row[0], msgspec.json.decode(row[1], type=dict[str, int]))


def results_of(connection: Connection[Any], session_id: str) -> list[str]:
    """The checkpoints that results of the session's runs stand in."""
    found = rows(
        connection,
        "SELECT DISTINCT j.value FROM runs r, json_array_elements_text(r.results) j WHERE r.session_id = $1",
        session_id,
    )
    return [row[0] for row in found]


def durations(connection: Connection[Any], owner: str, graph: str, limit: int) -> list[int]:
    """Milliseconds that the owner's newest completed runs of the graph took."""
    found = rows(
        connection,
        "SELECT ended_at - started_at FROM runs WHERE owner = $1 AND graph = $2 AND status = 'completed'"
        " AND started_at IS NOT NULL ORDER BY ended_at DESC LIMIT $3",
        owner,
        graph,
        limit,
    )
    return [row[0] for row in found]


def events(
    connection: Connection[Any], session_id: str, after: int, limit_bytes: int
) -> list[EventRow]:
    """Rows that hold events past `after`: at least one where there are any, about `limit_bytes` in all.

    Raises `Unreadable` where the first of them cannot be read, or is missing.
    """
    # The head and the rows are of one moment; of the rows, only those that are wanted come over.
    read = rows(
        connection,
        f"""SELECT s.first_seq, s.seq, e.first_seq, e.last_seq, e.data FROM sessions s LEFT JOIN LATERAL (
            SELECT * FROM (
                SELECT first_seq, last_seq, data,
                        sum(octet_length(data)) OVER (ORDER BY last_seq) - octet_length(data) AS before
                    FROM (SELECT first_seq, last_seq, data FROM events
                        WHERE session_id = $1 AND last_seq > $2 ORDER BY last_seq LIMIT {ROWS}) next
            ) summed WHERE before < $3
        ) e ON true WHERE s.id = $1 ORDER BY e.last_seq""",
        session_id,
        after,
        limit_bytes,
    )
    if not read:
        return []
    first_kept, end = read[0][:2]
    found: list[EventRow] = []
    last = after
    try:
        for _, _, first_seq, last_seq, data in read:
            check_gap(session_id, last, first_seq, first_kept, end)
            if first_seq is None:
                break
            check_events(session_id, first_seq, last_seq, data)
            found.append(EventRow(first_seq, last_seq, data))
            last = last_seq
    except Unreadable:
        # What is before it is read first.
        if not found:
            raise
    return found


def beside(connection: Connection[Any], session_id: str, id: str) -> bytes | None:
    """What an event of the session has cut out."""
    row = first(
        connection,
        "SELECT data FROM event_values WHERE session_id = $1 AND id = $2",
        session_id,
        id,
    )
    return None if row is None else bytes(row[0])


_CHECKPOINT = "thread_id, namespace, checkpoint_id, parent_id, versions::text, body, metadata"


def checkpoint(
    connection: Connection[Any], thread_id: str, namespace: str, checkpoint_id: str | None
) -> StoredCheckpoint | None:
    """A checkpoint, or the newest of its namespace."""
    of = "FROM checkpoints WHERE thread_id = $1 AND namespace = $2"
    where = (thread_id, namespace)
    if checkpoint_id is None:
        row = first(
            connection, f"SELECT {_CHECKPOINT} {of} ORDER BY checkpoint_id DESC LIMIT 1", *where
        )
        return None if row is None else _whole(connection, row)
    row = first(
        connection,
        f"SELECT {_CHECKPOINT}, (SELECT max(checkpoint_id) {of}) {of} AND checkpoint_id = $3",
        *where,
        checkpoint_id,
    )
    return None if row is None else _whole(connection, row[:-1], row[-1])


def checkpoints(
    connection: Connection[Any],
    thread_id: str | None,
    namespace: str | None,
    before: str | None,
    limit: int | None,
) -> list[StoredCheckpoint]:
    """Checkpoints, newest first."""
    where, parameters = ["true"], list[Any]()
    for condition, value in (
        ("thread_id =", thread_id),
        ("namespace =", namespace),
        ("checkpoint_id <", before),
    ):
        if value is not None:
            parameters.append(value)
            where.append(f"{condition} ${len(parameters)}")
    parameters.append(limit)
    found = rows(
        connection,
        f"SELECT {_CHECKPOINT} FROM checkpoints WHERE {' AND '.join(where)}"
        f" ORDER BY checkpoint_id DESC LIMIT ${len(parameters)}::bigint",
        *parameters,
    )
    return [_whole(connection, row) for row in found]


def _whole(connection: Connection[Any], row: Sequence[Any], newest: str = "") -> StoredCheckpoint:
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
    connection: Connection[Any], thread_id: str, namespace: str, versions: str
) -> list[tuple[str, str, bytes]]:
    """The channels' values in these versions, each joined from what its versions added."""
    return joined(
        rows(
            connection,
            """WITH RECURSIVE part (channel, kind, head, base, data, depth) AS (
                SELECT v.channel, v.kind, v.head, v.base, v.data, 0
                    FROM json_each_text($1::json) j JOIN channel_values v ON v.thread_id = $2
                        AND v.namespace = $3 AND v.channel = j.key AND v.version = j.value
                UNION ALL
                SELECT p.channel, p.kind, p.head, b.base, b.data, p.depth + 1
                    FROM part p JOIN channel_values b ON b.thread_id = $2
                        AND b.namespace = $3 AND b.channel = p.channel AND b.version = p.base
            )
            SELECT channel, kind, head, data FROM part ORDER BY channel, depth DESC""",
            versions,
            thread_id,
            namespace,
        )
    )


def _writes(
    connection: Connection[Any], thread_id: str, namespace: str, checkpoint_id: str
) -> list[tuple[str, str, str, bytes, str, int]]:
    found = rows(
        connection,
        "SELECT task_id, channel, kind, data, task_path, position FROM task_writes"
        " WHERE thread_id = $1 AND namespace = $2 AND checkpoint_id = $3",
        thread_id,
        namespace,
        checkpoint_id,
    )
    return in_order([(row[0], row[1], row[2], row[3], row[4], row[5]) for row in found])


def audit(
    connection: Connection[Any],
    limit: int,
    before: int | None,
    since_ms: int,
    session_id: str | None,
    skip: Callable[[Unreadable], None],
) -> list[AuditRecord]:
    """Rows of the audit, newest first. `skip`: gets those left out."""
    found: list[AuditRecord] = []
    for number, record in rows(
        connection,
        "SELECT number, record FROM audit WHERE at >= $1 AND ($2::bigint IS NULL OR number < $2)"
        " AND ($3::text IS NULL OR session_id = $3) ORDER BY number DESC LIMIT $4",
        since_ms,
        before,
        session_id,
        limit,
    ):
        try:
            found.append(audit_of(number, record))
        except Unreadable as error:
            skip(error)
    return found


def has_audit_before(connection: Connection[Any], at_ms: int) -> bool:
    """Whether the audit has rows of before a time."""
    return first(connection, "SELECT 1 FROM audit WHERE at < $1 LIMIT 1", at_ms) is not None


def heads(connection: Connection[Any], session_ids: Sequence[str]) -> dict[str, Head]:
    """How far these sessions are; those that are gone are missing."""
    rows = connection.execute(
        b"SELECT id, epoch, revision, seq, first_seq FROM sessions WHERE id = ANY($1::text[])",
        (list(session_ids),),
    ).fetchall()
    return {row[0]: Head(*row[1:]) for row in rows}
