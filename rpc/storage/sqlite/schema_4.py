"""Schema 4: sessions and runs had no owners, and idempotency keys were everybody's."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from rpc.storage.records import LOCAL_OWNER
from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_NEW = re.compile(
    r"CREATE TABLE (session_counts|secrets|runs)|CREATE TRIGGER session_"
    r"|CREATE INDEX (runs_\w+|sessions_owner|sessions_updated|sessions_status)|INSERT INTO secrets"
)
ROWS = 1000
"""How many sessions are read at once."""

_TRIGGERS = ("session_made", "session_renamed", "session_deleted", "session_moved")


def to_schema_5(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Give all that is there to the local owner. Raises `sqlite3.Error`."""
    for trigger in _TRIGGERS:
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    connection.execute("DROP TABLE IF EXISTS session_counts")
    connection.execute("DROP TABLE IF EXISTS secrets")
    connection.execute("ALTER TABLE runs RENAME TO old_runs")
    for index in (
        "runs_session",
        "runs_graph",
        "sessions_owner",
        "sessions_updated",
        "sessions_status",
    ):
        connection.execute(f"DROP INDEX IF EXISTS {index}")
    _sessions(connection)
    for statement in statements(TABLES):
        if _NEW.search(statement):
            connection.execute(statement)
    _runs(connection)
    connection.execute("DROP TABLE old_runs")
    connection.execute(
        "INSERT INTO session_counts SELECT owner, status, count(*) FROM sessions GROUP BY owner, status"
    )


def _sessions(connection: sqlite3.Connection) -> None:
    after = 0
    while found := connection.execute(
        "SELECT number, record FROM sessions WHERE number > ? ORDER BY number LIMIT ?",
        (after, ROWS),
    ).fetchall():
        for number, stored in found:
            record: dict[str, Any] = msgspec.json.decode(stored)
            if record.get("owner") is None:
                connection.execute(
                    "UPDATE sessions SET owner = ?, record = ? WHERE number = ?",
                    (LOCAL_OWNER, msgspec.json.encode({**record, "owner": LOCAL_OWNER}), number),
                )
        after = found[-1][0]


def _runs(connection: sqlite3.Connection) -> None:
    columns = "id, session_id, graph, status, idempotency_key, created_at, started_at, ended_at, results, record"
    connection.execute(
        f"INSERT INTO runs ({columns}, owner) SELECT {columns}, ? FROM old_runs ORDER BY rowid",
        (LOCAL_OWNER,),
    )
