"""Schema 8: changes of sessions had no order, and nobody knew which ones were deleted, or had a tag."""

import re
import sqlite3
from pathlib import Path

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements

_NEW = re.compile(
    r"CREATE TABLE (session_changes|session_tombstones|tombstones_removed|session_tags)|INSERT INTO session_changes"
    r"|CREATE TRIGGER tags_|CREATE INDEX (sessions_change|tombstones_)"
)
_TABLES = ("session_changes", "session_tombstones", "tombstones_removed", "session_tags")


def to_schema_9(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Number the changes from here on, and note the tags that there are. Raises `sqlite3.Error`."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(sessions)")}
    for column in ("change", "made"):
        if column not in columns:
            connection.execute(
                f"ALTER TABLE sessions ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0"
            )
    # An earlier step may have made some of it.
    for (trigger,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'tags_*'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    for index in ("sessions_change", "sessions_change_owner"):
        connection.execute(f"DROP INDEX IF EXISTS {index}")
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in statements(TABLES):
        if _NEW.search(statement):
            connection.execute(statement)
    connection.execute(
        "INSERT OR IGNORE INTO session_tags"
        " SELECT j.value, s.owner, s.number FROM sessions s, json_each(s.tags) j WHERE s.tags <> '[]'"
    )
