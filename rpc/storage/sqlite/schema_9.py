"""Schema 9: what is long was kept as it is. From schema 10 on it is packed, which an older program cannot read."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_TRIGGERS = ("bytes_of_run_made", "bytes_of_run_changed")
_NEW = re.compile(rf"CREATE TRIGGER ({'|'.join(_TRIGGERS)})\b")


def to_schema_10(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Count the bytes of packed records as what they were; rows say themselves whether they are packed. Raises `sqlite3.Error`."""
    for trigger in _TRIGGERS:
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for statement in statements(TABLES):
        if _NEW.search(statement):
            connection.execute(statement)
