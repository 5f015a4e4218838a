"""A local document collection, indexed for BM25 in SQLite's FTS5 and kept between starts.

Source: sqlite.org/fts5.html (``bm25()``, the porter tokenizer, column weights).

SQLite and file calls block: :func:`search` runs them in a worker thread.
"""

from __future__ import annotations

import functools
import hashlib
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio.to_thread

from ..errors import SourceError
from ..records import Record, SearchPage, citable
from ..settings import Settings
from ..words import content_words
from .document_files import find_files, read_documents

SOURCE = "Document collection"
WEIGHTS = (3.0, 2.0, 1.0)
"""BM25 weights of title, keywords and text."""
SCHEMA_VERSION = 1
MAX_QUERY_WORDS = 48
_FRONT = re.compile(r"\A#+ .*\n+(?:(?:date|year):.*\n+)?", re.IGNORECASE)
"""A text's heading and date: the record has them already."""
_SETTLED_NS = 2_000_000_000

_SCHEMA = """
CREATE TABLE files(
    name TEXT PRIMARY KEY, mtime_ns INTEGER, size INTEGER, sha256 BLOB, checked_ns INTEGER);
CREATE TABLE origins(rowid INTEGER PRIMARY KEY, file TEXT NOT NULL, as_of TEXT NOT NULL);
CREATE INDEX origins_by_file ON origins(file);
CREATE VIRTUAL TABLE documents USING fts5(
    title, keywords, text, id UNINDEXED, year UNINDEXED, url UNINDEXED,
    tokenize='porter unicode61');
"""


class DocumentIndex:
    """The index of one collection. Safe to use from several threads and processes."""

    def __init__(self, collection: Path, index_file: Path | None) -> None:
        """Open the index, made anew if it is missing, broken or of another version.

        Args:
            collection: A ``.jsonl`` file or a folder.
            index_file: Where the index is kept. None, or a place that cannot be written: memory.
        """
        self._collection = collection
        # One connection, used by one thread at a time.
        self._lock = threading.Lock()
        self._database = _open(index_file)

    def close(self) -> None:
        """Close the index file."""
        with self._lock:
            self._database.close()

    def refresh(self) -> int:
        """Take in files that changed, came or went. Returns how many files were read.

        Raises:
            FileNotFoundError: The collection does not exist.
        """
        with self._lock:
            return self._refresh()

    def search(self, query: str, limit: int) -> tuple[int, list[Record]]:
        """The number of matching documents, and the best ``limit`` of them by BM25.

        Raises:
            FileNotFoundError: The collection does not exist.
        """
        terms = content_words(query)[:MAX_QUERY_WORDS]
        expression = " OR ".join(f'"{term}"' for term in terms)
        with self._lock:
            self._refresh()
            if not expression:
                return 0, []
            (total,) = self._database.execute(
                "SELECT count(*) FROM documents WHERE documents MATCH ?", (expression,)
            ).fetchone()
            rows = self._database.execute(
                "SELECT d.id, d.title, d.keywords, d.text, d.year, d.url, o.as_of FROM documents d "
                "JOIN origins o ON o.rowid = d.rowid WHERE documents MATCH ? "
                "ORDER BY bm25(documents, ?, ?, ?), d.rowid LIMIT ?",
                (expression, *WEIGHTS, limit),
            ).fetchall()
        return total, [record for row in rows if (record := _record(*row)) is not None]

    def _refresh(self) -> int:
        known = {
            row[0]: row[1:]
            for row in self._database.execute(
                "SELECT name, mtime_ns, size, sha256, checked_ns FROM files"
            )
        }
        names: dict[str, Path] = {}
        for file in find_files(self._collection):
            whole = file == self._collection
            names[file.name if whole else file.relative_to(self._collection).as_posix()] = file
        gone = known.keys() - names.keys()
        suspects = []
        for name, file in names.items():
            stat = file.stat()
            seen = known.get(name)
            # A file changed twice within the clock's grain keeps its time stamp, so a stamp is
            # only believed once it is older than that at the last look.
            settled = seen is not None and stat.st_mtime_ns + _SETTLED_NS < seen[3]
            if not settled or seen is None or seen[:2] != (stat.st_mtime_ns, stat.st_size):
                suspects.append((name, file, stat))
        if not gone and not suspects:
            return 0
        read = 0
        with _transaction(self._database):
            for name in gone:
                self._forget(name)
            for name, file, stat in suspects:
                content = file.read_bytes()
                digest = hashlib.sha256(content).digest()
                if name not in known or known[name][2] != digest:
                    self._forget(name)
                    self._take_in(name, content, stat.st_mtime)
                    read += 1
                self._database.execute(
                    "INSERT OR REPLACE INTO files VALUES(?, ?, ?, ?, ?)",
                    (name, stat.st_mtime_ns, stat.st_size, digest, time.time_ns()),
                )
        return read

    def _forget(self, name: str) -> None:
        mine = "SELECT rowid FROM origins WHERE file = ?"
        self._database.execute(f"DELETE FROM documents WHERE rowid IN ({mine})", (name,))
        self._database.execute("DELETE FROM origins WHERE file = ?", (name,))
        self._database.execute("DELETE FROM files WHERE name = ?", (name,))

    def _take_in(self, name: str, content: bytes, modified: float) -> None:
        as_of = datetime.fromtimestamp(modified, UTC).date().isoformat()
        for one in read_documents(name, content):
            cursor = self._database.execute(
                "INSERT INTO documents(title, keywords, text, id, year, url) "
                "VALUES(?, ?, ?, ?, ?, ?)",
                (one.title, one.keywords, one.text, one.id, one.year, one.url),
            )
            self._database.execute(
                "INSERT INTO origins VALUES(?, ?, ?)", (cursor.lastrowid, name, as_of)
            )


def _record(
    identifier: str,
    title: str,
    keywords: str,
    text: str,
    year: int | None,
    url: str | None,
    as_of: str,
) -> Record | None:
    return citable(
        {
            "type": "document",
            "id": identifier,
            "title": title,
            "keywords": [one for one in keywords.split("; ") if one],
            "text": _FRONT.sub("", text),
            "year": year,
            "url": url,
            "as_of": as_of,
        }
    )


def _open(file: Path | None) -> sqlite3.Connection:
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                return _connect(file)
            except sqlite3.DatabaseError:
                # A cache of what the files say: nothing is lost by starting over.
                file.unlink(missing_ok=True)
                return _connect(file)
        except (OSError, sqlite3.Error):
            pass
    return _connect(None)


def _connect(file: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(
        file or ":memory:", timeout=10, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        with _transaction(database):
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA_VERSION:
                for table in ("files", "origins", "documents"):
                    database.execute(f"DROP TABLE IF EXISTS {table}")
                for statement in _SCHEMA.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except sqlite3.Error:
        database.close()
        raise
    return database


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


@functools.cache
def _index_of(collection: Path, cache_folder: Path) -> DocumentIndex:
    name = hashlib.sha256(str(collection.absolute()).encode()).hexdigest()[:16]
    return DocumentIndex(collection, cache_folder / f"documents-{name}.sqlite3")


async def search(settings: Settings, query: str, limit: int) -> SearchPage:
    """Search the configured collection; changed files are taken in first.

    Raises:
        SourceError: kind ``not_configured`` if there is no collection, ``tool_error`` if the
            index cannot be used.
    """

    def work() -> tuple[int, list[Record]]:
        index = _index_of(settings.documents_path, settings.cache_path)
        return index.search(query, limit)

    try:
        # A first look at a large collection may outlast the question; the next one finds it done.
        total, records = await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
    except FileNotFoundError as error:
        raise SourceError("not_configured", f"documents: {error}") from None
    except (OSError, sqlite3.Error) as error:
        raise SourceError("tool_error", f"documents: {type(error).__name__}") from None
    page: dict[str, Any] = {
        "source": SOURCE,
        "total": total,
        "records": records,
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "warnings": [],
        "searched": [{"parameters": {"query": query, "limit": limit}, "count": total}],
    }
    return page  # type: ignore[return-value]
