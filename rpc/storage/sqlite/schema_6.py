"""Schema 6: nothing was counted of what owners use."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite import usage
from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_NEW = re.compile(
    r"CREATE TABLE (session_bytes|owner_bytes|owner_queries)|CREATE TRIGGER (bytes|queries)_"
)
_OLD = ("session_bytes", "owner_bytes", "owner_queries")


def to_schema_7(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Count the bytes of all sessions. Raises `sqlite3.Error`."""
    for (trigger,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND (name GLOB 'bytes_*' OR name GLOB 'queries_*')"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    for table in _OLD:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in statements(TABLES):
        if _NEW.search(statement):
            connection.execute(statement)
    usage.count_all(connection)
