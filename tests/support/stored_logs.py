"""All sessions' events, as they are stored when a test's server closes: every start of a task has one end."""

import sqlite3
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from rpc.events.encoding import event_type
from rpc.storage.packing import unpacked
from tests.support.stream_rules import check_tasks

TOLD = (b"node.", b"session.status", b"session.recovered", b"debug.resumed", b"debug.changed")
"""What counts of an event's type."""


def check_logs(data_dir: Path) -> None:
    """Walk the stored events of each session; not of those whose first ones were removed."""
    path = data_dir / "stepwire.db"
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as database:
        try:
            rows = database.execute(
                "SELECT session_id, first_seq, data FROM events ORDER BY session_id, last_seq"
            ).fetchall()
        except sqlite3.Error:
            # The test broke the file, or it is of a version before.
            return
    check_rows(rows)


def check_database(url: str) -> None:
    """The same of a database of PostgreSQL's."""
    import psycopg

    with psycopg.connect(url) as database:
        rows = database.execute(
            "SELECT session_id, first_seq, data FROM stepwire_sessions.events ORDER BY session_id, last_seq"
        ).fetchall()
    check_rows(rows)


def check_rows(rows: list[tuple[Any, ...]]) -> None:
    """Walk rows of events: session, first number, data."""
    for _, some in groupby(rows, key=lambda row: row[0]):
        stored = list(some)
        if stored[0][1] == 1:
            events = [event for row in stored for event in _events(row[2])]
            if not any(_older(event) for event in events):
                check_tasks(events)


def _older(event: dict[str, Any]) -> bool:
    """Whether a version wrote it that did not tell all ends; it did not tell attempts either."""
    return event["method"] == "node.started" and "attempt" not in event["params"]


def _events(data: bytes) -> list[dict[str, Any]]:
    return [
        msgspec.json.decode(one, type=dict[str, Any])
        for one in unpacked(data).split(b"\n")
        if event_type(one).startswith(TOLD)
    ]
