"""The tokens of a data directory, in a file of their own: a command makes and revokes them beside a server that runs.

What is kept of a token is its SHA-256. A token that was revoked stays, as one: that there were tokens once says that this
server asks who calls.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from rpc.storage.store import StorageError
from rpc.storage.tokens import NameTaken, TokenRecord

FILE = "tokens.db"

TABLE = """
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    scopes TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    used_at INTEGER,
    -- Who made it and who revoked it: users of the operating system.
    made_by TEXT,
    revoked_by TEXT
) STRICT;
"""
NEW = ("made_by", "revoked_by")
"""Columns that a file of an earlier version has not."""
# A name is of one token that works.
INDEX = "CREATE UNIQUE INDEX IF NOT EXISTS token_names ON tokens (name) WHERE revoked_at IS NULL"

_COLUMNS = "id, name, owner, scopes, digest, created_at, expires_at, revoked_at, used_at, made_by, revoked_by"


class TokenFile:
    """The tokens in `folder`. Thread-safe. Every method raises `StorageError`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self.connection: sqlite3.Connection | None = None
        self.lock = threading.Lock()
        self.seen: int | None = None

    def changed(self) -> bool:
        """Whether another process may have changed something since this was asked, or `all` was."""
        with self.lock, _errors():
            if self.connection is None:
                return self.file.exists()
            (version,) = self.connection.execute("PRAGMA data_version").fetchone()
            return bool(version != self.seen)

    def all(self) -> list[TokenRecord]:
        """All of them, the oldest first; none where there is no file."""
        with self.lock, _errors():
            if self.connection is None and not self.file.exists():
                return []
            connection = self._open()
            # Before the rows: what changes meanwhile is then looked at again.
            (self.seen,) = connection.execute("PRAGMA data_version").fetchone()
            rows = connection.execute(f"SELECT {_COLUMNS} FROM tokens ORDER BY created_at, rowid")
            return [
                TokenRecord(row[0], row[1], row[2], msgspec.json.decode(row[3]), *row[4:])
                for row in rows
            ]

    def add(self, record: TokenRecord) -> None:
        """Keep one. Raises `NameTaken`."""
        with self.lock, _errors():
            try:
                self._open().execute(
                    f"INSERT INTO tokens ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                    (
                        record.id,
                        record.name,
                        record.owner,
                        msgspec.json.encode(record.scopes).decode(),
                        record.digest,
                        record.created_at,
                        record.expires_at,
                        record.revoked_at,
                        record.used_at,
                        record.made_by,
                        record.revoked_by,
                    ),
                )
            except sqlite3.IntegrityError as error:
                raise NameTaken(record.name) from error

    def revoke(self, named: str, now_ms: int, by: str | None = None) -> list[TokenRecord]:
        """Revoke what works and has this name or id, for whom `by` names; those that were."""
        found = [
            one for one in self.all() if one.revoked_at is None and named in (one.name, one.id)
        ]
        if found:
            with self.lock, _errors():
                self._open().execute(
                    "UPDATE tokens SET revoked_at = ?1, revoked_by = ?3"
                    " WHERE revoked_at IS NULL AND (name = ?2 OR id = ?2)",
                    (now_ms, named, by),
                )
        return found

    def used(self, times: Mapping[str, int]) -> None:
        """When tokens were last used, by id."""
        with self.lock, _errors():
            connection = self._open()
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(
                    "UPDATE tokens SET used_at = max(coalesce(used_at, 0), ?) WHERE id = ?",
                    [(at, id) for id, at in times.items()],
                )

    def close(self) -> None:
        """Close; it opens again when it is used."""
        with self.lock:
            if self.connection is not None:
                self.connection.close()
                self.connection = None

    def _open(self) -> sqlite3.Connection:
        if self.connection is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            # Nobody else's business, from the beginning.
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("PRAGMA busy_timeout = 5000")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(TABLE)
                connection.execute(INDEX)
                _complete(connection)
            except BaseException:
                connection.close()
                raise
            self.connection = connection
        return self.connection


def _complete(connection: sqlite3.Connection) -> None:
    """Add the columns that a file of an earlier version has not."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(tokens)")}
    if there.issuperset(NEW):
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        there = {row[1] for row in connection.execute("PRAGMA table_info(tokens)")}
        for column in NEW:
            if column not in there:
                connection.execute(f"ALTER TABLE tokens ADD COLUMN {column} TEXT")


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"the tokens cannot be read or written: {error}") from error
