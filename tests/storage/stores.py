"""The stores that every test of this folder runs against: another one adds itself to the list."""

from collections.abc import Callable
from pathlib import Path

from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store

Open = Callable[[Path], Store]
"""Opens the store that is kept in a folder, made where missing."""


def sqlite(folder: Path) -> Store:
    """SQLite, in one file."""
    return SQLiteStore(folder / "stepwire.db", "normal")


STORES: list[Open] = [sqlite]
