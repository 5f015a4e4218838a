"""A real store in a file with a real line before it, for tests of what is written to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rpc.storage.line import Line
from tests.storage.stores import Open, sqlite


@asynccontextmanager
async def open_line(folder: Path, open_store: Open = sqlite) -> AsyncIterator[Line]:
    """A line whose store is in `folder`, as the server's; `line.store` is the store."""
    store = open_store(folder)
    line = Line(store, lambda entries: None, pending_bytes=8 * 1024 * 1024)
    line.start()
    try:
        yield line
    finally:
        await line.close()
        store.close()
