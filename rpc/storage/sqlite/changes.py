"""The changes of sessions in their order, as those read them who follow."""

import sqlite3
from collections.abc import Callable

from rpc.storage.decoding import SESSION, run_of, session_of
from rpc.storage.store import Change, ChangesPage, Place
from rpc.storage.unreadable import Unreadable

LAST = 2**63 - 1
"""The largest number there can be: the place behind all changes of one number."""


def changes(
    connection: sqlite3.Connection,
    owner: str | None,
    after: Place,
    limit: int,
    skip: Callable[[Unreadable], None],
) -> ChangesPage:
    """What was changed past a place. `skip`: gets those left out, since they cannot be read."""
    whose = "" if owner is None else "owner = ?3 AND"
    given = (*after, owner, limit + 1)
    # One moment: what is in neither of the two lists is behind their end.
    connection.execute("BEGIN")
    try:
        places = connection.execute(
            f"SELECT change, number, NULL, NULL FROM sessions WHERE {whose} (change, number) > (?1, ?2)"
            " ORDER BY change, number LIMIT ?4",
            given,
        ).fetchall()
        places += connection.execute(
            f"SELECT change, number, session_id, made FROM session_tombstones WHERE {whose} (change, number) > (?1, ?2)"
            " ORDER BY change, number LIMIT ?4",
            given,
        ).fetchall()
        places.sort()
        shown = places[:limit]
        found: list[Change] = []
        for change, number, session_id, made in shown:
            if session_id is not None:
                found.append(Change((change, number), made, session_id, None))
                continue
            row = connection.execute(
                f"SELECT {SESSION}, r.record, r.id, s.made FROM sessions s LEFT JOIN runs r ON r.id = s.run_id"
                " WHERE s.number = ?",
                (number,),
            ).fetchone()
            try:
                run = None if row[6] is None else run_of(row[6], row[7], row[5])
                found.append(Change((change, number), row[8], row[5], session_of(row), run))
            except Unreadable as error:
                skip(error)
        more = len(places) > limit
        last: Place = (shown[-1][0], shown[-1][1]) if more else end(connection)
    finally:
        connection.execute("COMMIT")
    return ChangesPage(found, max(after, last), more)


def end(connection: sqlite3.Connection) -> Place:
    """The place behind all that is committed."""
    return (connection.execute("SELECT change FROM session_changes").fetchone()[0], LAST)


def removed(connection: sqlite3.Connection, owner: str | None) -> int:
    """Up to which change deletions are not known any more."""
    row = connection.execute(
        "SELECT coalesce(max(change), 0) FROM tombstones_removed WHERE ?1 IS NULL OR owner = ?1",
        (owner,),
    ).fetchone()
    return int(row[0])


def any_before(connection: sqlite3.Connection, at_ms: int) -> bool:
    """Whether deletions of before a time are known."""
    row = connection.execute(
        "SELECT 1 FROM session_tombstones WHERE at < ? LIMIT 1", (at_ms,)
    ).fetchone()
    return row is not None
