"""Schema 3: of a session's queries only the text of the newest was searched."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from rpc.storage.sqlite.schema import TABLES
from rpc.storage.sqlite.schema_1 import Importer
from rpc.storage.sqlite.statements import statements
from rpc.storage.texts import texts_of

_MADE = re.compile(r"CREATE (VIRTUAL TABLE|TRIGGER) (?P<name>\w+)")
_SEARCHED = ("session_trigrams", "session_words")
_TRIGGERS = ("session_made", "session_renamed", "session_deleted", "session_moved")


def to_schema_4(connection: sqlite3.Connection, _: Path, __: Importer) -> None:
    """Search all queries, and inputs that are no text. Raises `sqlite3.Error`."""
    for trigger in _TRIGGERS:
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for table in _SEARCHED:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    numbers = connection.execute("SELECT number, id, record FROM sessions").fetchall()
    for number, session_id, stored in numbers:
        runs = connection.execute(
            "SELECT record FROM runs WHERE session_id = ? ORDER BY created_at DESC, id DESC",
            (session_id,),
        )
        asked = [msgspec.json.decode(row[0]) for row in runs]
        texts = texts_of([(run.get("query"), run.get("input")) for run in asked])
        record: dict[str, Any] = msgspec.json.decode(stored)
        connection.execute(
            "UPDATE sessions SET query = ?, record = ? WHERE number = ?",
            (texts, msgspec.json.encode({**record, "texts": texts}), number),
        )
    for statement in statements(TABLES):
        made = _MADE.search(statement)
        if made is not None and made["name"] in (*_SEARCHED, *_TRIGGERS):
            connection.execute(statement)
    connection.execute(
        "INSERT INTO session_trigrams (rowid, id, name, query)"
        " SELECT number, id, name, substr(query, 1, 20000) FROM sessions"
    )
    connection.execute(
        "INSERT INTO session_words (rowid, name, query)"
        " SELECT number, name, substr(query, 1, 20000) FROM sessions"
    )
