"""Answers of the tools, kept on disk for a configurable time.

A cache that cannot be read or written costs speed, never an answer: every failure is a miss.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio.to_thread
import msgspec

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers(
    key TEXT PRIMARY KEY, stored_at REAL NOT NULL, body BLOB NOT NULL) WITHOUT ROWID
"""


class Cache:
    """A store of JSON answers by tool and arguments. Safe across threads and processes."""

    def __init__(
        self,
        file: Path,
        *,
        ttl_s: float,
        max_entries: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``ttl_s``: seconds an answer is valid; 0 switches the cache off."""
        self._file = file
        self._ttl_s = ttl_s
        self._max_entries = max_entries
        self._clock = clock

    async def get(self, key: str) -> dict[str, Any] | None:
        """The valid answer stored under ``key``, or None."""
        if self._ttl_s <= 0:
            return None
        return await anyio.to_thread.run_sync(self._get, key)

    async def put(self, key: str, answer: Mapping[str, Any]) -> bool:
        """Store an answer; False if it could not be stored."""
        if self._ttl_s <= 0:
            return False
        return await anyio.to_thread.run_sync(self._put, key, answer)

    def _get(self, key: str) -> dict[str, Any] | None:
        try:
            with closing(self._connect()) as database:
                row = database.execute(
                    "SELECT body FROM answers WHERE key = ? AND stored_at > ?",
                    (key, self._clock() - self._ttl_s),
                ).fetchone()
            return msgspec.json.decode(row[0], type=dict[str, Any]) if row else None
        except (OSError, sqlite3.Error, msgspec.DecodeError):
            return None

    def _put(self, key: str, answer: Mapping[str, Any]) -> bool:
        now = self._clock()
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as database, database:
                database.execute(
                    "INSERT OR REPLACE INTO answers VALUES(?, ?, ?)",
                    (key, now, msgspec.json.encode(answer)),
                )
                database.execute("DELETE FROM answers WHERE stored_at <= ?", (now - self._ttl_s,))
                database.execute(
                    "DELETE FROM answers WHERE key IN (SELECT key FROM answers "
                    "ORDER BY stored_at DESC, key LIMIT -1 OFFSET ?)",
                    (self._max_entries,),
                )
        except (OSError, sqlite3.Error, TypeError):
            return False
        return True

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=2)
        _prepare(database, self._file)
        return database


def _prepare(database: sqlite3.Connection, file: Path) -> None:
    try:
        database.execute(_SCHEMA)
    except sqlite3.DatabaseError as error:
        database.close()
        # Not for a lock or a read-only folder: only a file that is no database at all is dropped.
        if not isinstance(error, sqlite3.OperationalError):
            file.unlink(missing_ok=True)
        raise


def key_of(server: str, tool: str, arguments: Mapping[str, Any]) -> str:
    """The cache key of one tool call; ``server`` tells servers and endpoints apart."""
    body = msgspec.json.encode([server, tool, dict(arguments)], order="deterministic")
    return hashlib.sha256(body).hexdigest()


@functools.cache
def open_cache(folder: Path, ttl_s: int, max_entries: int) -> Cache:
    """The process's cache in ``folder``; nothing is opened before its first use."""
    return Cache(folder / "answers.sqlite3", ttl_s=ttl_s, max_entries=max_entries)
