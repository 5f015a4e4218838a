"""What has been kept for long enough: sessions, events and checkpoints, of sessions that nobody advances."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from rpc.storage.postgres.reading import first, rows
from rpc.storage.records import Due, Ttl
from rpc.storage.units import DeleteEvents

_RESTS = "s.status NOT IN ('queued', 'running')"


def older_than(
    connection: Connection[Any], updated_at: int, limit: int, statuses: Sequence[str], after: str
) -> list[str]:
    """Ids of sessions in one of these statuses, untouched since then."""
    found = rows(
        connection,
        f"SELECT s.id FROM sessions s WHERE s.updated_at < $1 AND {_RESTS}"
        " AND s.status = ANY($2::text[]) AND s.id > $3 ORDER BY s.id LIMIT $4",
        updated_at,
        list(statuses),
        after,
        limit,
    )
    return [row[0] for row in found]


def old_events(connection: Connection[Any], before_ms: int, limit: int) -> list[DeleteEvents]:
    """What deletes the rows committed before a time, but not the newest of a session."""
    # A look at each session's first row, which its key finds: an index by time would cost with every flush.
    found = rows(
        connection,
        "SELECT s.id, (SELECT max(e.last_seq) FROM events e"
        "   WHERE e.session_id = s.id AND e.at < $1 AND e.last_seq < s.seq)"
        f" FROM sessions s WHERE s.created_at < $1 AND {_RESTS} AND EXISTS (SELECT 1 FROM"
        "   (SELECT e.at, e.last_seq FROM events e WHERE e.session_id = s.id"
        "     ORDER BY e.last_seq LIMIT 1) f WHERE f.at < $1 AND f.last_seq < s.seq)"
        " LIMIT $2",
        before_ms,
        limit,
    )
    return [DeleteEvents(row[0], row[1]) for row in found]


def old_threads(connection: Connection[Any], before_ms: int, limit: int, after: str) -> list[str]:
    """Ids of sessions with old checkpoints that are not the newest of their namespace."""
    found = rows(
        connection,
        f"SELECT s.id FROM sessions s WHERE s.id > $3 AND s.created_at < $1 AND {_RESTS}"
        " AND EXISTS (SELECT 1 FROM checkpoints c WHERE c.thread_id = s.id AND c.created_at < $1"
        "   AND EXISTS (SELECT 1 FROM checkpoints n WHERE n.thread_id = c.thread_id"
        "     AND n.namespace = c.namespace AND n.checkpoint_id > c.checkpoint_id))"
        " ORDER BY s.id LIMIT $2",
        before_ms,
        limit,
        after,
    )
    return [row[0] for row in found]


def ttl(connection: Connection[Any], session_id: str) -> Ttl | None:
    """How long the session is kept, where that is said."""
    row = first(
        connection,
        "SELECT strategy, minutes, expires_at FROM session_ttls WHERE session_id = $1",
        session_id,
    )
    return None if row is None else Ttl(*row)


def expired(connection: Connection[Any], at_ms: int, limit: int, after: str) -> list[str]:
    """Ids of sessions that were to be kept until then."""
    found = rows(
        connection,
        "SELECT s.id FROM session_ttls t JOIN sessions s ON s.id = t.session_id"
        f" WHERE t.expires_at <= $1 AND {_RESTS} AND s.id > $2 ORDER BY s.id LIMIT $3",
        at_ms,
        after,
        limit,
    )
    return [row[0] for row in found]


_DUE = "SELECT a.run_id, a.session_id, a.at, a.tries, a.taken_by FROM aftermaths a"


def due(connection: Connection[Any], run_id: str) -> Due | None:
    """What follows the run's end, where that is not done."""
    row = first(connection, f"{_DUE} WHERE a.run_id = $1", run_id)
    return None if row is None else Due(*row)


def dues(connection: Connection[Any], limit: int, after: str) -> list[Due]:
    """What follows the ends of runs that neither are in line nor run."""
    found = rows(
        connection,
        f"{_DUE} JOIN runs s ON s.id = a.run_id"
        f" WHERE {_RESTS} AND a.run_id > $1 ORDER BY a.run_id LIMIT $2",
        after,
        limit,
    )
    return [Due(*row) for row in found]
