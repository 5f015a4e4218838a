"""Schema 5: nothing was kept of who did what."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_OF_AUDIT = re.compile(r"CREATE (TABLE|INDEX) audit")


def to_schema_6(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Make the audit's table, where an earlier step has not. Raises `sqlite3.Error`."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit'").fetchone():
        return
    for statement in statements(TABLES):
        if _OF_AUDIT.search(statement):
            connection.execute(statement)
