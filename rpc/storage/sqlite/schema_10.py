"""Schema 10: of no session was said how long it is kept."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_NEW = re.compile(r"CREATE (TABLE session_ttls|INDEX session_ttls_expire)\b")


def to_schema_11(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Make room for it. Raises `sqlite3.Error`."""
    # An earlier step may have made it, from the tables of today.
    connection.execute("DROP TABLE IF EXISTS session_ttls")
    for statement in statements(TABLES):
        if _NEW.search(statement):
            connection.execute(statement)
