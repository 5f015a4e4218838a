"""The long-term memory that graphs share: LangGraph's own `BaseStore` on SQLite, opened when it is first used.

Borrowed: that `AsyncSqliteStore` calls its `setup` before its first statement, works on the connection that it
was given, does all its work in a task of the loop on which it was made, keeps vectors as 32-bit floats and compares them by `vec_distance_cosine`. A server whose graphs remember
nothing has no file and no thread of it.
"""

import asyncio
import math
import time
from array import array
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol, cast

import aiosqlite
from langgraph.store.base import BaseStore, Op, Result, TTLConfig
from langgraph.store.sqlite.aio import AsyncSqliteStore

from rpc.engine.langgraph.bounded_memory import BoundedMemory
from rpc.engine.langgraph.memory_filters import WHOLE, filtered, item_matches, sqlite_condition
from rpc.engine.langgraph.owned_memory import ROOT_LENGTH, OwnedMemory, label
from rpc.storage import memory_counts
from rpc.storage.records import LOCAL_OWNER
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite.faults import lasting_told

SWEEP_SECONDS = 1.0
"""At most so often what has expired is looked for; LangGraph's times are whole seconds."""


class Advance(Protocol):
    """An advance of a session, under an epoch. `recorded`: it has come to its end, which is committed."""

    session_id: str
    epoch: int
    recorded: bool


_advance: ContextVar[Advance | None] = ContextVar("stepwire_advance", default=None)
"""Whose nodes remember something; None where nobody advances a session."""


def advanced(advance: Advance) -> None:
    """From here on, in this task and all that it begins, what is remembered is this advance's: nothing, once another one has taken its place."""
    _advance.set(advance)


def advance_now() -> Advance | None:
    """That of whoever calls. What goes on when it has ended in order is free."""
    found = _advance.get()
    return None if found is None or found.recorded else found


class Shared(BaseStore):
    """A memory of a server's, on the loop on which it was made, used from any: with the parts of it that are its owners'."""

    # LangGraph's stores on databases can, and those without a thread of their own do not say so.
    supports_ttl = True
    loop: asyncio.AbstractEventLoop
    # That of all owners but the local one, a part of it each.
    others: "Shared | None" = None
    # How many bytes an owner's runs may remember; 0 for any number.
    most_bytes: Callable[[str], int] = staticmethod(lambda _: 0)
    # Of a namespace's characters, those that say whose it is.
    root_length = 0
    # Whether keys and texts may have a NUL in them.
    takes_nul = True
    # What `expiring` was told.
    rules: TTLConfig | None = None
    # When what had expired was forgotten last: seconds of a clock that only goes forward.
    swept = float("-inf")

    def expiring(self, minutes: float, *, on_read: bool) -> None:
        """For how long what is put without a time of its own is kept, 0 for ever; whether reading begins a time anew, where the reader does not say."""
        for one in (self, self.others):
            if one is not None:
                one.rules = {"default_ttl": minutes or None, "refresh_on_read": on_read}
                # LangGraph's SQLite store would refuse a reader's own word.
                one.ttl_config = {**one.rules, "refresh_on_read": True}

    async def forget_expired(self) -> None:
        """Remove what has expired: nobody finds it, at most a second later."""
        now = time.monotonic()
        if now - self.swept < SWEEP_SECONDS:
            return
        self.swept = now
        # Those of LangGraph's stores, beside whom this stands.
        store: Any = self
        await store.setup()
        await store.sweep_ttl()

    @property
    def is_there(self) -> bool:
        """Whether anything was ever kept."""
        raise NotImplementedError

    async def tidy(self) -> None:
        """As `forget_expired`, of all owners, from any loop."""
        for one in (self, self.others):
            if one is not None and one.is_there:
                await one._at_home(one.forget_expired)

    def of(self, owner: str) -> BaseStore:
        """What an owner's runs remember: nothing of it is in reach of another's."""
        home, root, part = self, "", cast("BaseStore", self)
        if owner != LOCAL_OWNER and self.others is not None:
            home, root, part = self.others, label(owner), OwnedMemory(self.others, owner)
            part.ttl_config = home.rules
        most = self.most_bytes(owner)
        if not most:
            return part
        bounded = BoundedMemory(
            part,
            most,
            lambda: home._at_home(home.kept_bytes, root),
            lambda: home._kept_now(root),
        )
        bounded.ttl_config = home.rules
        return bounded

    async def kept_bytes(self, root: str) -> int:
        """Bytes that are kept of values whose namespaces begin so."""
        raise NotImplementedError

    def _kept_now(self, root: str) -> int:
        """As `kept_bytes`, for a thread that waits. On the memory's own loop nobody may, and the store says so itself."""
        try:
            if asyncio.get_running_loop() is self.loop:
                return 0
        except RuntimeError:
            pass
        return asyncio.run_coroutine_threadsafe(self.kept_bytes(root), self.loop).result()

    async def _at_home(self, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """A method's answer, whatever loop asks."""
        if asyncio.get_running_loop() is self.loop:
            return await method(*args, **options)
        return await asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(method(*args, **options), self.loop)
        )

    def _reading(self, options: dict[str, Any]) -> dict[str, Any]:
        """With what the rules say of times that begin anew, where the reader does not."""
        if options.get("refresh_ttl") is not None or self.rules is None:
            return options
        return {**options, "refresh_ttl": self.rules["refresh_on_read"]}

    async def aget(self, *args: Any, **options: Any) -> Any:
        """As `BaseStore.aget`."""
        return await self._at_home(super().aget, *args, **self._reading(options))

    async def asearch(self, *args: Any, **options: Any) -> Any:
        """As `BaseStore.asearch`."""
        return await self._at_home(super().asearch, *args, **self._reading(options))

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
        self.is_counted = False

    async def setup(self) -> None:
        """Open the file, and make its tables."""
        async with self._opening:
            if self.is_counted:
                return
            if not self.is_open:
                await self.conn
                self.is_open = True
                await self.conn.execute("PRAGMA journal_mode=WAL")
                await self.conn.create_function(
                    "stepwire_matches", 2, item_matches, deterministic=True
                )
                if self.index_config:
                    try:
                        await self.conn.enable_load_extension(True)
                    except AttributeError:
                        await self._without_extensions()
            await super().setup()
            # Who came meanwhile may be at work already: LangGraph's own part is done.
            async with self.lock:
                await self._count()
            self.is_counted = True
            for ending in ("", "-wal", "-shm"):
                self.soundness.keep(Path(f"{self.file}{ending}"), "the graphs' memory")

    async def _count(self) -> None:
        vectors = bool(self.index_config)
        # A row that takes another's place removes it, and what is removed takes its vectors with it.
        await self.conn.execute("PRAGMA recursive_triggers=ON")
        await self.conn.execute("PRAGMA foreign_keys=ON")
        there = await self.conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept_bytes'")
        made = memory_counts.sqlite_counting(self.root_length, vectors)
        if await there.fetchone() is None:
            made += memory_counts.sqlite_recount(self.root_length, vectors)
        await self.conn.execute("BEGIN IMMEDIATE")
        for statement in made:
            await self.conn.execute(statement)
        await self.conn.execute("COMMIT")

    @property
    def is_there(self) -> bool:
        """As `Shared.is_there`."""
        return self.file.exists()

    async def kept_bytes(self, root: str) -> int:
        """As `Shared.kept_bytes`."""
        await self.setup()
        async with self._cursor(transaction=False) as cursor:
            await cursor.execute(memory_counts.KEPT.format("?"), (root,))
            row = await cursor.fetchone()
        return int(row[0]) if row else 0

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
            await self._at_home(self.forget_expired)
            found: list[Result] = await self._at_home(super().abatch, filtered(ops))
        # Nothing is told as kept that is in a file which nobody finds again.
        self.soundness.verify((str(self.file), f"{self.file}-wal"))
        return found

    def _get_filter_condition(self, key: str, op: str, value: Any) -> tuple[str, list[Any]]:
        if op == WHOLE:
            return sqlite_condition(value)
        condition: tuple[str, list[Any]] = super()._get_filter_condition(key, op, value)
        return condition

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
    *,
    owners: bool = False,
) -> AsyncIterator[MemoryStore]:
    """The memories in `file`; with `embed` (an `Embeddings`, a function, or `provider:model`) found by meaning too.

    `fields`: of the stored values, those that are embedded; all of them where None. `soundness`: where a fault that
    lasts is noted. `owners`: it is that of many, each with a label before all of theirs. Raises what LangChain raises for
    an embedding that it does not know.
    """
    # SQLite compares vectors of any length; LangGraph's type asks for one all the same.
    index = None if embed is None else {"dims": 0, "embed": embed, "text_fields": fields or ["$"]}
    connection = aiosqlite.connect(file, isolation_level=None)
    store = MemoryStore(file, connection, index, soundness or Soundness(file.parent))
    store.root_length = ROOT_LENGTH if owners else 0
    try:
        yield store
    finally:
        await store.aclose()
