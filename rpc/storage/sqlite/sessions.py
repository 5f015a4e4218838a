"""Lists of sessions: pages by their number, searches, and those that need something done."""

import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from typing import Any

from rpc.storage.decoding import SESSION, run_of, session_of
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.searching import COUNTED, FEW, SEARCHED, holds
from rpc.storage.sqlite.searching import Counts, match
from rpc.storage.store import SessionPage, Which
from rpc.storage.unreadable import Unreadable

ALL_READ = 1_000
"""Where a search finds no more, all are read, oldest first."""

_LAST = 2**63 - 1
"""The largest number there can be."""


def page(
    connection: sqlite3.Connection,
    counts: Counts,
    skip: Callable[[Unreadable], None],
    *,
    owner: str | None,
    limit: int,
    offset: int,
    before: int | None,
    status: str | None,
    search: str | None,
    which: Which | None = None,
) -> SessionPage:
    """A page of the owner's sessions, newest first; `before`: only those behind this place. `skip`: gets those left out."""
    if owner is not None and _alone(connection, owner):
        owner = None
    if which is None and owner is None:
        places, counted = _places(connection, counts, limit, offset, before, status, search)
    else:
        places, counted = _narrowed(
            connection, owner, limit, offset, before, status, search, which or Which()
        )
    records: list[tuple[SessionRecord, RunRecord | None]] = []
    kept: list[int] = []
    while places:
        left_out = _read(connection, places, records, kept, skip)
        if not left_out or len(places) < limit:
            break
        # The page is to be full: whoever reads on goes by that.
        limit, bound = left_out, places[-1]
        if which is None and owner is None:
            places, _ = _places(connection, counts, limit, 0, bound, status, search)
        else:
            places, _ = _narrowed(
                connection, owner, limit, 0, bound, status, search, which or Which()
            )
    return SessionPage(records, kept, min(counted, COUNTED), counted > COUNTED)


def _read(
    connection: sqlite3.Connection,
    places: Sequence[int],
    records: list[tuple[SessionRecord, RunRecord | None]],
    kept: list[int],
    skip: Callable[[Unreadable], None],
) -> int:
    """Add the sessions of these places; how many were left out, since they cannot be read."""
    left_out = 0
    rows = connection.execute(
        f"SELECT {SESSION}, r.record, r.id, s.number FROM json_each(?) j JOIN sessions s ON s.number = j.value"
        " LEFT JOIN runs r ON r.id = s.run_id ORDER BY s.number DESC",
        (json.dumps(places),),
    ).fetchall()
    # One may have been deleted since its place was found.
    for row in rows:
        try:
            run = None if row[6] is None else run_of(row[6], row[7], row[5])
            records.append((session_of(row), run))
            kept.append(row[8])
        except Unreadable as error:
            skip(error)
            left_out += 1
    return left_out


def active(connection: sqlite3.Connection, owner: str) -> int:
    """How many of the owner's sessions are queued or running."""
    row = connection.execute(
        "SELECT coalesce(sum(sessions), 0) FROM session_counts"
        " WHERE owner = ? AND status IN ('queued', 'running')",
        (owner,),
    ).fetchone()
    return int(row[0])


def _alone(connection: sqlite3.Connection, owner: str) -> bool:
    """Whether nobody else has sessions here: then all that there is need not be asked whose it is."""
    row = connection.execute(
        "SELECT 1 FROM session_counts WHERE owner <> ? AND sessions > 0 LIMIT 1", (owner,)
    ).fetchone()
    return row is None


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
    matching = counts.of(connection, found)
    if status is None:
        places = _newest(
            connection,
            matching,
            f"SELECT rowid FROM {found.table} WHERE {found.table} MATCH ? AND rowid <= ? ORDER BY rowid",
            (found.expression, bound),
            limit,
            offset,
        )
        return places, matching
    if in_status <= FEW and matching > COUNTED:
        return _looked_into(connection, limit, offset, bound, "s.status = ?", [status], search)
    # CROSS: the texts' index is read first, it has the order.
    listed = f"{found.table} t CROSS JOIN sessions s ON s.number = t.rowid"
    where = f"{found.table} MATCH ? AND s.status = ?"
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {listed} WHERE {where} LIMIT ?)",
        (found.expression, status, COUNTED + 1),
    ).fetchone()[0]
    places = _newest(
        connection,
        counted,
        f"SELECT t.rowid FROM {listed} WHERE {where} AND t.rowid <= ? ORDER BY t.rowid",
        (found.expression, status, bound),
        limit,
        offset,
    )
    return places, counted


def _newest(
    connection: sqlite3.Connection,
    counted: int,
    select: str,
    given: Sequence[Any],
    limit: int,
    offset: int,
) -> list[int]:
    """The numbers that `select` finds in a full-text table, the newest first. It ends with the order, oldest first.

    `counted`: how many there are, about. The index goes backwards at a quarter of its speed, which pays only where it
    can stop soon.
    """
    if counted <= ALL_READ:
        places = [row[0] for row in connection.execute(select, given)]
        return places[::-1][offset : offset + limit]
    rows = connection.execute(f"{select} DESC LIMIT ? OFFSET ?", (*given, limit, offset))
    return [row[0] for row in rows]


def _narrowed(
    connection: sqlite3.Connection,
    owner: str | None,
    limit: int,
    offset: int,
    before: int | None,
    status: str | None,
    search: str | None,
    which: Which,
) -> tuple[list[int], int]:
    """As `_places`, of fewer sessions."""
    bound = _LAST if before is None else before - 1
    where, given = _conditions(owner, status, which)
    listed = "sessions s"
    if search:
        found = match(search)
        if found is None:
            return [], 0
        if owner is not None and _owned(connection, owner) <= FEW:
            # The index of the texts is everybody's: how long it takes would tell what others' texts hold.
            return _looked_into(
                connection, limit, offset, bound, " AND ".join(where), given, search
            )
        listed = f"{found.table} t CROSS JOIN sessions s ON s.number = t.rowid"
        where = [f"{found.table} MATCH ?", *where]
        given = [found.expression, *given]
    condition = " AND ".join(where)
    counted = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {listed} WHERE {condition} LIMIT ?)",
        (*given, COUNTED + 1),
    ).fetchone()[0]
    if search:
        select = f"SELECT t.rowid FROM {listed} WHERE {condition} AND t.rowid <= ? ORDER BY t.rowid"
        return _newest(connection, counted, select, (*given, bound), limit, offset), counted
    rows = connection.execute(
        f"SELECT s.number FROM {listed} WHERE {condition} AND s.number <= ?"
        " ORDER BY s.number DESC LIMIT ? OFFSET ?",
        (*given, bound, limit, offset),
    )
    return [row[0] for row in rows], counted


def _conditions(owner: str | None, status: str | None, which: Which) -> tuple[list[str], list[Any]]:
    """In SQL, and the values for it."""
    where, given = ["1"], list[Any]()
    statuses = which.statuses if status is None else (status,)
    if statuses:
        where.append(f"s.status IN ({','.join('?' * len(statuses))})")
        given += statuses
    for condition, value in (
        ("s.owner = ?", owner),
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
    for tag in which.tags:
        whose = "" if owner is None else " AND owner = ?"
        where.append(f"s.number IN (SELECT number FROM session_tags WHERE tag = ?{whose})")
        given += [tag] if owner is None else [tag, owner]
    return where, given


def _looked_into(
    connection: sqlite3.Connection,
    limit: int,
    offset: int,
    bound: int,
    condition: str,
    given: Sequence[Any],
    search: str,
) -> tuple[list[int], int]:
    """As `_places`, where few fulfil the condition and many hold the text: each of the few is looked into."""
    holding = holds(search)
    # Beginnings of words are looked for in what people wrote only.
    texts = slice(1, 4 if len(search) >= 3 else 3)
    places: list[int] = []
    counted = 0
    rows = connection.execute(
        f"SELECT s.number, s.name, substr(s.query, 1, {SEARCHED}), s.id FROM sessions s WHERE {condition}"
        " ORDER BY s.number DESC",
        given,
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


def _owned(connection: sqlite3.Connection, owner: str) -> int:
    """How many sessions an owner has."""
    row = connection.execute(
        "SELECT coalesce(sum(sessions), 0) FROM session_counts WHERE owner = ?", (owner,)
    ).fetchone()
    return int(row[0])


def in_status(
    connection: sqlite3.Connection, statuses: Sequence[str], skip: Callable[[Unreadable], None]
) -> list[SessionRecord]:
    """All sessions in one of the statuses, oldest first."""
    marks = ",".join("?" * len(statuses))
    rows = connection.execute(
        f"SELECT {SESSION} FROM sessions s WHERE s.status IN ({marks}) ORDER BY s.number",
        list(statuses),
    )
    found: list[SessionRecord] = []
    for row in rows:
        try:
            found.append(session_of(row))
        except Unreadable as error:
            skip(error)
    return found
