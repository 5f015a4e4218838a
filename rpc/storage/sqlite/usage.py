"""What owners use: their sessions, the bytes that are kept of these, and the queries they started lately."""

import json
import sqlite3
from collections.abc import Collection

from rpc.storage.packing import EVENTS_LENGTH, RECORD_LENGTH, VALUE_LENGTH
from rpc.storage.store import OwnerUsage

_BYTES = f"""length(s.record)
    + (SELECT coalesce(sum({RECORD_LENGTH}), 0) FROM runs WHERE session_id = s.id)
    + (SELECT coalesce(sum({EVENTS_LENGTH}), 0) FROM events WHERE session_id = s.id)
    + (SELECT coalesce(sum(length(data)), 0) FROM event_values WHERE session_id = s.id)
    + (SELECT coalesce(sum(length(body) + length(metadata)), 0) FROM checkpoints WHERE thread_id = s.id)
    + (SELECT coalesce(sum(length(head) + {VALUE_LENGTH}), 0) FROM channel_values WHERE thread_id = s.id)
    + (SELECT coalesce(sum({VALUE_LENGTH}), 0) FROM task_writes WHERE thread_id = s.id)"""
"""All that is kept of a session `s`; packed or not makes no difference to its owner."""


FEW = 4
"""Sessions that are counted one by one: less than a statement that finds out which they are."""


def usage(connection: sqlite3.Connection, owner: str, since_second: int) -> OwnerUsage:
    """What an owner uses now. `since_second`: queries of that second, of those since 1970, and later ones."""
    sessions, active, kept = connection.execute(
        "SELECT coalesce(sum(sessions), 0), coalesce(sum(sessions) FILTER (WHERE status = 'running'), 0),"
        " coalesce((SELECT bytes FROM owner_bytes WHERE owner = ?1), 0)"
        " FROM session_counts WHERE owner = ?1",
        (owner,),
    ).fetchone()
    queries = connection.execute(
        "SELECT second, queries FROM owner_queries WHERE owner = ? AND second >= ? ORDER BY second",
        (owner, since_second),
    ).fetchall()
    return OwnerUsage(sessions, active, kept, queries)


def add(connection: sqlite3.Connection, added: dict[str, int]) -> None:
    """More bytes are kept of these sessions; threads without one are nobody's."""
    if len(added) <= FEW:
        for session_id, count in added.items():
            connection.execute(
                "UPDATE session_bytes SET bytes = bytes + ? WHERE session_id = ?",
                (count, session_id),
            )
        return
    connection.execute(
        "UPDATE session_bytes SET bytes = bytes + (j.value ->> 1) FROM json_each(?) j"
        " WHERE session_bytes.session_id = j.value ->> 0",
        (json.dumps(list(added.items())),),
    )


def count_anew(connection: sqlite3.Connection, sessions: Collection[str]) -> None:
    """Some of what was kept of these sessions was removed, or came from elsewhere."""
    connection.execute(
        f"UPDATE session_bytes SET bytes = (SELECT {_BYTES} FROM sessions s WHERE s.id = session_id)"
        " WHERE session_id IN (SELECT j.value FROM json_each(?) j JOIN sessions s ON s.id = j.value)",
        (json.dumps(list(sessions)),),
    )


def count_all(connection: sqlite3.Connection) -> None:
    """The bytes of all sessions, where none have been counted yet."""
    connection.execute(f"INSERT INTO session_bytes SELECT s.id, {_BYTES} FROM sessions s")
