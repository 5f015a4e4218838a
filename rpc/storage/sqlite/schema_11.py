"""Schema 11: what follows a run's end was forgotten where the server stopped meanwhile."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_NEW = re.compile(r"CREATE (TABLE aftermaths|INDEX aftermaths_session)\b")


def to_schema_12(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Make room for it. Raises `sqlite3.Error`."""
    # An earlier step may have made it, from the tables of today.
    connection.execute("DROP TABLE IF EXISTS aftermaths")
    for statement in statements(TABLES):
        if _NEW.search(statement):
            connection.execute(statement)
