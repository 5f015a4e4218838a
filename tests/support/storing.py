"""A real store in a file with a real line before it, for tests of what is written to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rpc.storage.line import Line
from rpc.storage.sqlite.store import SQLiteStore


@asynccontextmanager
async def open_line(folder: Path) -> AsyncIterator[Line]:
    """A line whose store is in `folder`, as the server's; `line.store` is the store."""
    store = SQLiteStore(folder / "stepwire.db", "full")
    line = Line(store, lambda entries: None, pending_bytes=8 * 1024 * 1024)
    line.start()
    try:
        yield line
    finally:
        await line.close()
        store.close()
