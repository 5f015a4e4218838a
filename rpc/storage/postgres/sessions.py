"""Lists of sessions: pages by their number, searches, and those that need something done."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from psycopg import Connection

from rpc.storage.decoding import SESSION, run_of, session_of
from rpc.storage.postgres.reading import first, rows
from rpc.storage.postgres.texts import START, like
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.searching import COUNTED, FEW, words
from rpc.storage.store import SessionPage, Which
from rpc.storage.unreadable import Unreadable

Asked = tuple[str, list[str], list[Any]]
"""What is looked through, conditions, and the values for them."""


def page(
    connection: Connection[Any],
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
    asked = _asked(connection, owner, status, search, which or Which())
    if asked is None:
        return SessionPage([], [], 0)
    counted = _counted(connection, asked, COUNTED + 1)
    places = _places(connection, asked, limit, offset, before)
    records: list[tuple[SessionRecord, RunRecord | None]] = []
    kept: list[int] = []
    while places:
        left_out = _read(connection, places, records, kept, skip)
        if not left_out or len(places) < limit:
            break
        # The page is to be full: whoever reads on goes by that.
        limit = left_out
        places = _places(connection, asked, limit, 0, places[-1])
    return SessionPage(records, kept, min(counted, COUNTED), counted > COUNTED)


def _asked(
    connection: Connection[Any],
    owner: str | None,
    status: str | None,
    search: str | None,
    which: Which,
) -> Asked | None:
    """None where nothing can match."""
    listed, (where, given) = "sessions s", _conditions(owner, status, which)
    if search:
        if "\0" in search:
            return None
        listed += " JOIN session_texts t ON t.number = s.number"
        if len(search) <= START:
            found = words(search)
            if not found:
                return None
            given.append([found[0]])
            where.append(f"t.starts @> ${len(given)}::text[]")
        else:
            given.append(like(search))
            # The index of the texts is everybody's: how long it takes would tell what others' texts hold.
            few = owner is not None and _owned(connection, owner) <= FEW
            where.append(f"{'(t.found || $$$$)' if few else 't.found'} LIKE ${len(given)}")
    return listed, where, given


def _conditions(owner: str | None, status: str | None, which: Which) -> tuple[list[str], list[Any]]:
    """In SQL, and the values for it."""
    where, given = ["true"], list[Any]()
    statuses = which.statuses if status is None else (status,)
    for condition, value in (
        ("s.status = ANY({}::text[])", list(statuses) or None),
        ("s.owner = {}", owner),
        ("s.tags <> '{{}}' AND s.tags @> {}::text[]", list(which.tags) or None),
        ("s.graph = {}", which.graph),
        ("s.created_at >= {}", which.created_after),
        ("s.created_at < {}", which.created_before),
        # A range: the ids' own index finds it.
        ("s.id >= {}", which.id_prefix),
        ("s.id <= {}", None if which.id_prefix is None else which.id_prefix + chr(sys.maxunicode)),
    ):
        if value is not None:
            given.append(value)
            where.append(condition.format(f"${len(given)}"))
    return where, given


def _counted(connection: Connection[Any], asked: Asked, most: int) -> int:
    listed, where, given = asked
    row = first(
        connection,
        f"SELECT count(*) FROM (SELECT 1 FROM {listed} WHERE {' AND '.join(where)} LIMIT {most}) matching",
        *given,
    )
    return 0 if row is None else int(row[0])


def _places(
    connection: Connection[Any], asked: Asked, limit: int, offset: int, before: int | None
) -> list[int]:
    """The numbers of a page's sessions."""
    listed, where, given = asked
    behind = ""
    if before is not None:
        given = [*given, before]
        behind = f" AND s.number < ${len(given)}"
    found = rows(
        connection,
        f"SELECT s.number FROM {listed} WHERE {' AND '.join(where)}{behind}"
        f" ORDER BY s.number DESC LIMIT ${len(given) + 1} OFFSET ${len(given) + 2}",
        *given,
        limit,
        offset,
    )
    return [row[0] for row in found]


def _read(
    connection: Connection[Any],
    places: Sequence[int],
    records: list[tuple[SessionRecord, RunRecord | None]],
    kept: list[int],
    skip: Callable[[Unreadable], None],
) -> int:
    """Add the sessions of these places; how many were left out, since they cannot be read."""
    left_out = 0
    # One may have been deleted since its place was found.
    for row in rows(
        connection,
        f"SELECT {SESSION}, r.record, r.id, s.number FROM sessions s LEFT JOIN runs r ON r.id = s.run_id"
        " WHERE s.number = ANY($1::bigint[]) ORDER BY s.number DESC",
        list(places),
    ):
        try:
            run = None if row[6] is None else run_of(row[6], row[7], row[5])
            records.append((session_of(row), run))
            kept.append(row[8])
        except Unreadable as error:
            skip(error)
            left_out += 1
    return left_out


def _alone(connection: Connection[Any], owner: str) -> bool:
    """Whether nobody else has sessions here: then all that there is need not be asked whose it is."""
    row = first(connection, "SELECT min(owner), max(owner) FROM sessions")
    return row is not None and row[0] in (owner, None) and row[1] in (owner, None)


def _owned(connection: Connection[Any], owner: str) -> int:
    """How many sessions an owner has, at most one more than are looked into one by one."""
    return _counted(connection, ("sessions s", ["s.owner = $1"], [owner]), FEW + 1)


def in_status(
    connection: Connection[Any], statuses: Sequence[str], skip: Callable[[Unreadable], None]
) -> list[SessionRecord]:
    """All sessions in one of the statuses, oldest first."""
    found: list[SessionRecord] = []
    for row in rows(
        connection,
        f"SELECT {SESSION} FROM sessions s WHERE s.status = ANY($1::text[]) ORDER BY s.number",
        list(statuses),
    ):
        try:
            found.append(session_of(row))
        except Unreadable as error:
            skip(error)
    return found
