"""Lists of sessions: pages by their number, searches, and those that need something done."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from rpc.storage.records import SessionRecord
from rpc.storage.sqlite.reading import SESSION, run_of, session_of
from rpc.storage.store import SessionPage

COUNTED = 10_000
"""Up to here `total` is exact."""


def page(
    connection: sqlite3.Connection,
    *,
    limit: int,
    offset: int,
    before: int | None,
    status: str | None,
    search: str | None,
) -> SessionPage:
    """A page, newest first; `before`: only those behind this place."""
    where, parameters = ["1"], list[Any]()
    if status is not None:
        where.append("s.status = ?")
        parameters.append(status)
    if search:
        where.append(
            "(instr(lower(s.id), lower(?)) OR instr(lower(coalesce(s.name, '')), lower(?))"
            " OR instr(lower(coalesce(s.query, '')), lower(?)))"
        )
        parameters += [search] * 3
    condition = " AND ".join(where)
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM sessions s WHERE {condition} LIMIT ?)",
        (*parameters, COUNTED + 1),
    ).fetchone()[0]
    if before is not None:
        condition += " AND s.number < ?"
        parameters.append(before)
    rows = connection.execute(
        f"SELECT {SESSION}, r.record, s.number FROM sessions s LEFT JOIN runs r ON r.id = s.run_id"
        f" WHERE {condition} ORDER BY s.number DESC LIMIT ? OFFSET ?",
        (*parameters, limit, offset),
    ).fetchall()
    records = [(session_of(row), None if row[4] is None else run_of(row[4])) for row in rows]
    return SessionPage(records, [row[5] for row in rows], min(counted, COUNTED), counted > COUNTED)


def in_status(connection: sqlite3.Connection, statuses: Sequence[str]) -> list[SessionRecord]:
    """All sessions in one of the statuses, oldest first."""
    marks = ",".join("?" * len(statuses))
    rows = connection.execute(
        f"SELECT {SESSION} FROM sessions s WHERE s.status IN ({marks}) ORDER BY s.number",
        list(statuses),
    )
    return [session_of(row) for row in rows]


def older_than(connection: sqlite3.Connection, updated_at: int, limit: int) -> list[str]:
    """Ids of sessions untouched since then and not queued or running."""
    rows = connection.execute(
        "SELECT id FROM sessions WHERE updated_at < ? AND status NOT IN ('queued', 'running')"
        " LIMIT ?",
        (updated_at, limit),
    )
    return [row[0] for row in rows]
