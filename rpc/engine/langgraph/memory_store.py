"""The long-term memory that graphs share: LangGraph's own `BaseStore` on SQLite, opened when it is first used.

Borrowed: that `AsyncSqliteStore` calls its `setup` before its first statement, works on the connection that it
was given, does all its work in a task of the loop on which it was made, keeps vectors as 32-bit floats and compares them by `vec_distance_cosine`. A server whose graphs remember
nothing has no file and no thread of it.
"""

import asyncio
import math
from array import array
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langgraph.store.base import BaseStore, Op, Result
from langgraph.store.sqlite.aio import AsyncSqliteStore

from rpc.engine.langgraph.owned_memory import OwnedMemory
from rpc.storage.records import LOCAL_OWNER
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite.faults import lasting_told


class Shared(BaseStore):
    """A memory of a server's, on the loop on which it was made, used from any: with the parts of it that are its owners'."""

    loop: asyncio.AbstractEventLoop
    # That of all owners but the local one, a part of it each.
    others: BaseStore | None = None

    def of(self, owner: str) -> BaseStore:
        """What an owner's runs remember: nothing of it is in reach of another's."""
        if owner == LOCAL_OWNER or self.others is None:
            return self
        return OwnedMemory(self.others, owner)

    async def _at_home(self, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """A method's answer, whatever loop asks."""
        if asyncio.get_running_loop() is self.loop:
            return await method(*args, **options)
        return await asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(method(*args, **options), self.loop)
        )

    async def aget(self, *args: Any, **options: Any) -> Any:
        """As `BaseStore.aget`."""
        return await self._at_home(super().aget, *args, **options)

    async def asearch(self, *args: Any, **options: Any) -> Any:
        """As `BaseStore.asearch`."""
        return await self._at_home(super().asearch, *args, **options)

    async def aput(self, *args: Any, **options: Any) -> None:
        """As `BaseStore.aput`."""
        await self._at_home(super().aput, *args, **options)

    async def adelete(self, *args: Any, **options: Any) -> None:
        """As `BaseStore.adelete`."""
        await self._at_home(super().adelete, *args, **options)

    async def alist_namespaces(self, *args: Any, **options: Any) -> Any:
        """As `BaseStore.alist_namespaces`."""
        return await self._at_home(super().alist_namespaces, *args, **options)


class MemoryStore(Shared, AsyncSqliteStore):
    """One file of memories, used from any loop and any thread. Nodes that are coroutines use its `a…` methods, others either."""

    def __init__(
        self, file: Path, connection: aiosqlite.Connection, index: Any, soundness: Soundness
    ) -> None:
        super().__init__(connection, index=index)
        self.file = file
        self.soundness = soundness
        self._opening = asyncio.Lock()
        self.is_open = False

    async def setup(self) -> None:
        """Open the file, and make its tables."""
        async with self._opening:
            if not self.is_open:
                await self.conn
                self.is_open = True
                await self.conn.execute("PRAGMA journal_mode=WAL")
                if self.index_config:
                    try:
                        await self.conn.enable_load_extension(True)
                    except AttributeError:
                        await self._without_extensions()
        await super().setup()
        for ending in ("", "-wal", "-shm"):
            self.soundness.keep(Path(f"{self.file}{ending}"), "the graphs' memory")

    async def _without_extensions(self) -> None:
        """Of a Python whose SQLite loads none (macOS's, pyenv's): what sqlite-vec would do is done here, slower."""

        async def nothing(*_: Any) -> None:
            return None

        connection: Any = self.conn
        connection.enable_load_extension = connection.load_extension = nothing
        await connection.create_function(
            "vec_distance_cosine", 2, cosine_distance, deterministic=True
        )

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.abatch`."""
        with lasting_told(self.soundness, f"the graphs' memory {self.file}"):
            found: list[Result] = await self._at_home(super().abatch, ops)
        # Nothing is told as kept that is in a file which nobody finds again.
        self.soundness.verify((str(self.file), f"{self.file}-wal"))
        return found

    async def aclose(self) -> None:
        """Close the file."""
        if self._task is not None:
            self._task.cancel()
        if self.is_open:
            await self.conn.close()


def cosine_distance(left: bytes, right: bytes) -> float | None:
    """0 to 2 for vectors of 32-bit floats; None where one is zero. Raises `ValueError` for two lengths."""
    one, other = array("f", left), array("f", right)
    if len(one) != len(other):
        raise ValueError("vectors of different lengths: another embedding made the older memories")
    product = sum(a * b for a, b in zip(one, other, strict=True))
    size = math.hypot(*one) * math.hypot(*other)
    return 1.0 - product / size if size else None


def memory_of(store: BaseStore | None, owner: str) -> BaseStore | None:
    """The owner's part of the server's memory; a graph's own store is as its author made it."""
    return store.of(owner) if isinstance(store, Shared) else store


@asynccontextmanager
async def open_memory(
    file: Path,
    embed: Any = None,
    fields: list[str] | None = None,
    soundness: Soundness | None = None,
) -> AsyncIterator[MemoryStore]:
    """The memories in `file`; with `embed` (an `Embeddings`, a function, or `provider:model`) found by meaning too.

    `fields`: of the stored values, those that are embedded; all of them where None. `soundness`: where a fault that
    lasts is noted. Raises what LangChain raises for
    an embedding that it does not know.
    """
    # SQLite compares vectors of any length; LangGraph's type asks for one all the same.
    index = None if embed is None else {"dims": 0, "embed": embed, "text_fields": fields or ["$"]}
    connection = aiosqlite.connect(file, isolation_level=None)
    store = MemoryStore(file, connection, index, soundness or Soundness(file.parent))
    try:
        yield store
    finally:
        await store.aclose()
