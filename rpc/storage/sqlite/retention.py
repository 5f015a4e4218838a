"""What has been kept for long enough: sessions, events and checkpoints, of sessions that nobody advances."""

import json
import sqlite3
from collections.abc import Sequence

from rpc.storage.records import Due, Ttl
from rpc.storage.units import DeleteEvents

_RESTS = "s.status NOT IN ('queued', 'running')"


def older_than(
    connection: sqlite3.Connection,
    updated_at: int,
    limit: int,
    statuses: Sequence[str],
    after: str,
) -> list[str]:
    """Ids of sessions in one of these statuses, untouched since then."""
    rows = connection.execute(
        f"SELECT s.id FROM sessions s WHERE s.updated_at < ? AND {_RESTS}"
        " AND s.status IN (SELECT value FROM json_each(?)) AND s.id > ? ORDER BY s.id LIMIT ?",
        (updated_at, json.dumps(list(statuses)), after, limit),
    )
    return [row[0] for row in rows]


def old_events(connection: sqlite3.Connection, before_ms: int, limit: int) -> list[DeleteEvents]:
    """What deletes the rows committed before a time, but not the newest of a session."""
    # A look at each session's first row, which its key finds: an index by time would cost with every flush.
    rows = connection.execute(
        "SELECT s.id, (SELECT max(e.last_seq) FROM events e"
        "   WHERE e.session_id = s.id AND e.at < ?1 AND e.last_seq < s.seq)"
        f" FROM sessions s WHERE s.created_at < ?1 AND {_RESTS} AND EXISTS (SELECT 1 FROM"
        "   (SELECT e.at, e.last_seq FROM events e WHERE e.session_id = s.id"
        "     ORDER BY e.last_seq LIMIT 1) f WHERE f.at < ?1 AND f.last_seq < s.seq)"
        " LIMIT ?2",
        (before_ms, limit),
    )
    return [DeleteEvents(row[0], row[1]) for row in rows]


def old_threads(
    connection: sqlite3.Connection, before_ms: int, limit: int, after: str
) -> list[str]:
    """Ids of sessions with old checkpoints that are not the newest of their namespace."""
    rows = connection.execute(
        f"SELECT s.id FROM sessions s WHERE s.id > ?3 AND s.created_at < ?1 AND {_RESTS}"
        " AND EXISTS (SELECT 1 FROM checkpoints c WHERE c.thread_id = s.id AND c.created_at < ?1"
        "   AND EXISTS (SELECT 1 FROM checkpoints n WHERE n.thread_id = c.thread_id"
        "     AND n.namespace = c.namespace AND n.checkpoint_id > c.checkpoint_id))"
        " ORDER BY s.id LIMIT ?2",
        (before_ms, limit, after),
    )
    return [row[0] for row in rows]


def ttl(connection: sqlite3.Connection, session_id: str) -> Ttl | None:
    """How long the session is kept, where that is said."""
    row = connection.execute(
        "SELECT strategy, minutes, expires_at FROM session_ttls WHERE session_id = ?", (session_id,)
    ).fetchone()
    return None if row is None else Ttl(*row)


def expired(connection: sqlite3.Connection, at_ms: int, limit: int, after: str) -> list[str]:
    """Ids of sessions that were to be kept until then."""
    rows = connection.execute(
        "SELECT s.id FROM session_ttls t JOIN sessions s ON s.id = t.session_id"
        f" WHERE t.expires_at <= ? AND {_RESTS} AND s.id > ? ORDER BY s.id LIMIT ?",
        (at_ms, after, limit),
    )
    return [row[0] for row in rows]


_DUE = "SELECT a.run_id, a.session_id, a.at, a.tries, a.taken_by FROM aftermaths a"


def due(connection: sqlite3.Connection, run_id: str) -> Due | None:
    """What follows the run's end, where that is not done."""
    row = connection.execute(f"{_DUE} WHERE a.run_id = ?", (run_id,)).fetchone()
    return None if row is None else Due(*row)


def dues(connection: sqlite3.Connection, limit: int, after: str) -> list[Due]:
    """What follows the ends of runs that neither are in line nor run."""
    rows = connection.execute(
        f"{_DUE} JOIN runs s ON s.id = a.run_id"
        f" WHERE {_RESTS} AND a.run_id > ? ORDER BY a.run_id LIMIT ?",
        (after, limit),
    )
    return [Due(*row) for row in rows]
