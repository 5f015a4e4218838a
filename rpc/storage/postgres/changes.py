"""The changes of sessions in their order, as those read them who follow.

A change has its transaction's number. Transactions are not committed in the order of their numbers: what is read ends before
the oldest one that is under way. A place is always one of a change that was read, so of one that is on the disk: a server that crashes
gives numbers after that anew.
"""

from collections.abc import Callable
from typing import Any

from psycopg import Connection

from rpc.storage.decoding import SESSION, run_of, session_of
from rpc.storage.postgres.reading import first, rows
from rpc.storage.store import Change, ChangesPage, Place
from rpc.storage.unreadable import Unreadable

LAST = 2**63 - 1
"""The largest number there can be: the place behind all changes of one number."""

_OVER = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def changes(
    connection: Connection[Any],
    owner: str | None,
    after: Place,
    limit: int,
    skip: Callable[[Unreadable], None],
) -> ChangesPage:
    """What was changed past a place, of one moment. `skip`: gets those left out, since they cannot be read."""
    where = f"(change, number) > ($1, $2) AND change < {_OVER}"
    given: list[Any] = [*after, limit + 1]
    if owner is not None:
        where += " AND owner = $4"
        given.append(owner)
    places = rows(
        connection,
        f"(SELECT change, number, NULL AS session_id, NULL::bigint AS made FROM sessions WHERE {where}"
        " ORDER BY change, number LIMIT $3)"
        f" UNION ALL (SELECT change, number, session_id, made FROM session_tombstones WHERE {where}"
        " ORDER BY change, number LIMIT $3) ORDER BY change, number LIMIT $3",
        *given,
    )
    shown = places[:limit]
    stored = {
        row[8]: row
        for row in rows(
            connection,
            f"SELECT {SESSION}, r.record, r.id, s.number, s.made FROM sessions s LEFT JOIN runs r ON r.id = s.run_id"
            " WHERE s.number = ANY($1::bigint[])",
            [row[1] for row in shown if row[2] is None],
        )
    }
    found: list[Change] = []
    for change, number, session_id, made in shown:
        if session_id is not None:
            found.append(Change((change, number), made, session_id, None))
            continue
        row = stored[number]
        try:
            run = None if row[6] is None else run_of(row[6], row[7], row[5])
            found.append(Change((change, number), row[9], row[5], session_of(row), run))
        except Unreadable as error:
            skip(error)
    more = len(places) > limit
    last: Place = (shown[-1][0], shown[-1][1]) if shown else after
    return ChangesPage(found, max(after, last), more)


def end(connection: Connection[Any]) -> Place:
    """The place behind all that is read now."""
    row = first(
        connection,
        "SELECT greatest("
        f" (SELECT max(change) FROM sessions WHERE change < {_OVER}),"
        f" (SELECT max(change) FROM session_tombstones WHERE change < {_OVER}),"
        " (SELECT max(change) FROM tombstones_removed))",
    )
    return (0 if row is None or row[0] is None else row[0], LAST)


def removed(connection: Connection[Any], owner: str | None) -> int:
    """Up to which change deletions are not known any more."""
    row = first(
        connection,
        "SELECT max(change) FROM tombstones_removed WHERE $1::text IS NULL OR owner = $1",
        owner,
    )
    return 0 if row is None or row[0] is None else int(row[0])


def any_before(connection: Connection[Any], at_ms: int) -> bool:
    """Whether deletions of before a time are known."""
    return (
        first(connection, "SELECT 1 FROM session_tombstones WHERE at < $1 LIMIT 1", at_ms)
        is not None
    )
