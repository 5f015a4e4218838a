"""A database that is full: SQLite's own limit, so that it fails where and as it does on a full disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """No page more than there are; what needs none, or one that is free, is still written."""
    assert isinstance(store, SQLiteStore)
    (before,) = store.writer.execute("PRAGMA max_page_count").fetchone()
    store.writer.execute("PRAGMA max_page_count = 1")
    try:
        yield
    finally:
        store.writer.execute(f"PRAGMA max_page_count = {before}")
