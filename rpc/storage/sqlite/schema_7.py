"""Schema 7: there were no assistants."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_OF_ASSISTANTS = re.compile(r"CREATE (TABLE|INDEX) assistants")


def to_schema_8(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Make the assistants' table, where an earlier step has not. Raises `sqlite3.Error`."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'assistants'").fetchone():
        return
    for statement in statements(TABLES):
        if _OF_ASSISTANTS.search(statement):
            connection.execute(statement)
