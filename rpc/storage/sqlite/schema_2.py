"""Schema 2: as schema 3, without what events have cut out."""

import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements


def to_schema_3(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Make the table that is new; one that was made of schema 1 just now has it. Raises `sqlite3.Error`."""
    for statement in statements(TABLES):
        if "CREATE TABLE event_values" in statement:
            connection.execute(
                statement.replace(
                    "CREATE TABLE event_values", "CREATE TABLE IF NOT EXISTS event_values"
                )
            )
