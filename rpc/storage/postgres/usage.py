"""What owners use: their sessions, the bytes that are kept of these, and the queries they started lately.

Each writer adds to a row of its own of an owner's: two nodes whose batches are of one owner do not wait for each other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection

from rpc.storage.postgres.reading import first, rows
from rpc.storage.store import OwnerUsage

_SLOT = "pg_backend_pid() % 64"

_BYTES = """octet_length(s.record)
    + (SELECT coalesce(sum(octet_length(record)), 0) FROM runs WHERE session_id = s.id)
    + (SELECT coalesce(sum(octet_length(data)), 0) FROM events WHERE session_id = s.id)
    + (SELECT coalesce(sum(octet_length(data)), 0) FROM event_values WHERE session_id = s.id)
    + (SELECT coalesce(sum(octet_length(body) + octet_length(metadata)), 0) FROM checkpoints WHERE thread_id = s.id)
    + (SELECT coalesce(sum(octet_length(head) + octet_length(data)), 0) FROM channel_values WHERE thread_id = s.id)
    + (SELECT coalesce(sum(octet_length(data)), 0) FROM task_writes WHERE thread_id = s.id)"""
"""All that is kept of a session `s`."""

_AGAIN = (
    "ON CONFLICT (owner, slot) DO UPDATE SET sessions = owner_usage.sessions + excluded.sessions,"
    " bytes = owner_usage.bytes + excluded.bytes"
)
_ADD = f"INSERT INTO owner_usage VALUES ($1, {_SLOT}, $2, $3) {_AGAIN}".encode()
_CHANGED = f"""INSERT INTO owner_usage SELECT owner, {_SLOT}, sum(sessions), sum(bytes) FROM changed
    GROUP BY owner ORDER BY owner {_AGAIN}"""
_DELETE = f"""WITH changed AS (
        DELETE FROM sessions WHERE id = $1 RETURNING owner, -1 AS sessions, -bytes AS bytes
    ) {_CHANGED}""".encode()
_ADD_ELSEWHERE = f"""WITH changed AS (
        UPDATE sessions SET bytes = sessions.bytes + $2 WHERE id = $1 RETURNING owner, 0 AS sessions, $2::bigint AS bytes
    ) {_CHANGED}""".encode()
_COUNT_ANEW = f"""WITH counted AS (
        SELECT s.id, s.bytes AS before, ({_BYTES})::bigint AS bytes FROM sessions s WHERE s.id = ANY($1::text[])
    ), changed AS (
        UPDATE sessions SET bytes = counted.bytes FROM counted WHERE sessions.id = counted.id
            RETURNING sessions.owner, 0 AS sessions, counted.bytes - counted.before AS bytes
    ) {_CHANGED}""".encode()
_QUERY = (
    f"INSERT INTO owner_queries VALUES ($1, $2, {_SLOT}, $3) ON CONFLICT (owner, second, slot)"
    " DO UPDATE SET queries = owner_queries.queries + excluded.queries"
).encode()
# What another node removes just now is left to it.
_FORGET = (
    b"DELETE FROM owner_queries WHERE ctid = ANY(ARRAY(SELECT ctid FROM owner_queries"
    b" WHERE owner = $1 AND second < $2 - 120 FOR UPDATE SKIP LOCKED))"
)


def usage(connection: Connection[Any], owner: str, since_second: int) -> OwnerUsage:
    """What an owner uses now. `since_second`: queries of that second, of those since 1970, and later ones."""
    row = first(
        connection,
        "SELECT coalesce(sum(sessions), 0)::bigint, coalesce(sum(bytes), 0)::bigint,"
        " (SELECT count(*) FROM sessions WHERE owner = $1 AND status = 'running')"
        " FROM owner_usage WHERE owner = $1",
        owner,
    )
    sessions, kept, running = row or (0, 0, 0)
    queries = rows(
        connection,
        "SELECT second, sum(queries)::bigint FROM owner_queries WHERE owner = $1 AND second >= $2"
        " GROUP BY second ORDER BY second",
        owner,
        since_second,
    )
    return OwnerUsage(sessions, running, kept, [(row[0], row[1]) for row in queries])


def add(connection: Connection[Any], sessions: Mapping[str, int], kept: Mapping[str, int]) -> None:
    """By owner: more sessions, and more bytes of them."""
    for owner in sorted({*sessions, *kept}):
        more = (sessions.get(owner, 0), kept.get(owner, 0))
        if any(more):
            connection.execute(_ADD, (owner, *more), prepare=True)


def add_elsewhere(connection: Connection[Any], added: Mapping[str, int]) -> None:
    """More bytes of sessions that a batch has not locked; threads without one are nobody's."""
    for session_id in sorted(added):
        connection.execute(_ADD_ELSEWHERE, (session_id, added[session_id]), prepare=True)


def delete_session(connection: Connection[Any], session_id: str) -> None:
    """Delete the session's row, and count it no more."""
    connection.execute(_DELETE, (session_id,), prepare=True)


def count_anew(connection: Connection[Any], sessions: Sequence[str]) -> None:
    """Some of what was kept of these sessions was removed, or came from elsewhere."""
    connection.execute(_COUNT_ANEW, (sorted(sessions),), prepare=True)


def count_queries(connection: Connection[Any], started: Sequence[Sequence[Any]]) -> None:
    """(owner, second, queries) each."""
    counted = Counter[tuple[str, int]]()
    for owner, second, queries in started:
        counted[owner, second] += queries
    for (owner, second), queries in sorted(counted.items()):
        connection.execute(_QUERY, (owner, second, queries), prepare=True)
        connection.execute(_FORGET, (owner, second), prepare=True)
