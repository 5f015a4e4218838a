"""Lists of sessions: pages by their number, searches, and those that need something done."""

import json
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any

from rpc.storage.records import SessionRecord
from rpc.storage.sqlite.reading import SESSION, run_of, session_of
from rpc.storage.sqlite.searching import COUNTED, Counts, holds, match
from rpc.storage.store import SessionPage, Which

FEW = 100_000
"""So many sessions are looked into one by one, rather than as many found texts for their status."""

_LAST = 2**63 - 1
"""The largest number there can be."""


def page(
    connection: sqlite3.Connection,
    counts: Counts,
    *,
    limit: int,
    offset: int,
    before: int | None,
    status: str | None,
    search: str | None,
    which: Which | None = None,
) -> SessionPage:
    """A page, newest first; `before`: only those behind this place."""
    if which is None:
        places, counted = _places(connection, counts, limit, offset, before, status, search)
    else:
        places, counted = _narrowed(connection, limit, offset, before, status, search, which)
    rows = connection.execute(
        f"SELECT {SESSION}, r.record, s.number FROM json_each(?) j JOIN sessions s ON s.number = j.value"
        " LEFT JOIN runs r ON r.id = s.run_id ORDER BY s.number DESC",
        (json.dumps(places),),
    ).fetchall()
    # One may have been deleted since its place was found.
    records = [(session_of(row), None if row[5] is None else run_of(row[5])) for row in rows]
    return SessionPage(records, [row[6] for row in rows], min(counted, COUNTED), counted > COUNTED)


def _places(
    connection: sqlite3.Connection,
    counts: Counts,
    limit: int,
    offset: int,
    before: int | None,
    status: str | None,
    search: str | None,
) -> tuple[list[int], int]:
    """The numbers of a page's sessions, and how many match in all, at most one more than are counted."""
    bound = _LAST if before is None else before - 1
    in_status = _in_status(connection, status)
    if not search:
        rows = connection.execute(
            f"SELECT number FROM sessions WHERE {'1' if status is None else 'status = ?3'}"
            " AND number <= ?1 ORDER BY number DESC LIMIT ?2 OFFSET ?4",
            (bound, limit, status, offset),
        )
        return [row[0] for row in rows], in_status
    found = match(search)
    if found is None:
        return [], 0
    if status is None:
        rows = connection.execute(
            f"SELECT rowid FROM {found.table} WHERE {found.table} MATCH ? AND rowid <= ?"
            " ORDER BY rowid DESC LIMIT ? OFFSET ?",
            (found.expression, bound, limit, offset),
        )
        return [row[0] for row in rows], counts.of(connection, found)
    matching = counts.of(connection, found)
    if in_status <= FEW and matching > COUNTED:
        return _looked_into(connection, limit, offset, bound, status, search)
    # CROSS: the texts' index is read first, it has the order.
    listed = f"{found.table} t CROSS JOIN sessions s ON s.number = t.rowid"
    where = f"{found.table} MATCH ? AND s.status = ?"
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {listed} WHERE {where} LIMIT ?)",
        (found.expression, status, COUNTED + 1),
    ).fetchone()[0]
    rows = connection.execute(
        f"SELECT t.rowid FROM {listed} WHERE {where} AND t.rowid <= ?"
        " ORDER BY t.rowid DESC LIMIT ? OFFSET ?",
        (found.expression, status, bound, limit, offset),
    )
    return [row[0] for row in rows], counted


def _narrowed(
    connection: sqlite3.Connection,
    limit: int,
    offset: int,
    before: int | None,
    status: str | None,
    search: str | None,
    which: Which,
) -> tuple[list[int], int]:
    """As `_places`, of fewer sessions."""
    listed, where, given = "sessions s", ["1"], list[Any]()
    if search:
        found = match(search)
        if found is None:
            return [], 0
        listed = f"{found.table} t CROSS JOIN sessions s ON s.number = t.rowid"
        where.append(f"{found.table} MATCH ?")
        given.append(found.expression)
    statuses = which.statuses if status is None else (status,)
    if statuses:
        where.append(f"s.status IN ({','.join('?' * len(statuses))})")
        given += statuses
    for condition, value in (
        ("s.graph = ?", which.graph),
        ("s.created_at >= ?", which.created_after),
        ("s.created_at < ?", which.created_before),
        # A range: the ids' own index finds it.
        ("s.id >= ?", which.id_prefix),
        ("s.id <= ?", None if which.id_prefix is None else which.id_prefix + chr(sys.maxunicode)),
    ):
        if value is not None:
            where.append(condition)
            given.append(value)
    condition = " AND ".join(where)
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {listed} WHERE {condition} LIMIT ?)",
        (*given, COUNTED + 1),
    ).fetchone()[0]
    rows = connection.execute(
        f"SELECT s.number FROM {listed} WHERE {condition} AND s.number <= ?"
        " ORDER BY s.number DESC LIMIT ? OFFSET ?",
        (*given, _LAST if before is None else before - 1, limit, offset),
    )
    return [row[0] for row in rows], counted


def _looked_into(
    connection: sqlite3.Connection, limit: int, offset: int, bound: int, status: str, search: str
) -> tuple[list[int], int]:
    """As `_places`, where few are in the status and many hold the text: each of the few is looked into."""
    holding = holds(search)
    # Beginnings of words are looked for in what people wrote only.
    texts = slice(1, 4 if len(search) >= 3 else 3)
    places: list[int] = []
    counted = 0
    rows = connection.execute(
        "SELECT number, name, substr(query, 1, 20000), id FROM sessions WHERE status = ?"
        " ORDER BY number DESC",
        (status,),
    )
    for row in rows:
        if any(map(holding, row[texts])):
            counted += 1
            if row[0] <= bound:
                places.append(row[0])
            if counted > COUNTED and len(places) >= offset + limit:
                break
    rows.close()
    return places[offset : offset + limit], min(counted, COUNTED + 1)


def _in_status(connection: sqlite3.Connection, status: str | None) -> int:
    """How many sessions there are, in the status or in all."""
    row = connection.execute(
        "SELECT coalesce(sum(sessions), 0) FROM session_counts WHERE ?1 IS NULL OR status = ?1",
        (status,),
    ).fetchone()
    return int(row[0])


def in_status(connection: sqlite3.Connection, statuses: Sequence[str]) -> list[SessionRecord]:
    """All sessions in one of the statuses, oldest first."""
    marks = ",".join("?" * len(statuses))
    rows = connection.execute(
        f"SELECT {SESSION} FROM sessions s WHERE s.status IN ({marks}) ORDER BY s.number",
        list(statuses),
    )
    return [session_of(row) for row in rows]
