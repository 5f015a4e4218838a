"""The long-term memory that graphs share, where nodes share a PostgreSQL: LangGraph's own `AsyncPostgresStore`.

Borrowed: that it takes each statement's connection from a pool that it was given, all of a batch by one `_cursor`, that its `setup` is the caller's to call, and that it
keeps vectors of one length, by the extension `vector`. It has a schema of its own, beside the store's, and connections from the first use on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar
from typing import Any

from langgraph.store.base import BaseStore, Op, PutOp, Result, ensure_embeddings
from langgraph.store.postgres.aio import AsyncPostgresStore

from rpc.engine.langgraph.memory_filters import WHOLE, filtered, postgres_condition
from rpc.engine.langgraph.memory_store import Advance, Shared, advance_now
from rpc.engine.langgraph.owned_memory import ROOT_LENGTH
from rpc.storage import memory_counts
from rpc.storage.line import RefusedError
from rpc.storage.postgres.connecting import SCHEMA, pool_within
from rpc.storage.units import Refused

CONNECTIONS = 1
"""How many of a node's a memory may have."""

LOCK = 0x6D656D6F7279
"""The advisory lock of who makes its tables."""


_HELD = f"SELECT 1 FROM {SCHEMA}.sessions WHERE id = %s AND epoch = %s FOR SHARE"
"""Whether a session is advanced under an epoch, and stays so until the transaction's end."""

_putting: ContextVar[Advance | None] = ContextVar("stepwire_putting", default=None)
"""Whose batch is put."""

ENDING_TRIES, ENDING_SECONDS = 20, 0.05
"""How often, and how far apart, it is looked whether an advance has just ended in order."""


class PostgresMemory(Shared, AsyncPostgresStore):
    """The memories in one schema of a database, used from any loop and any thread."""

    takes_nul = False

    def __init__(self, pool: Any, schema: str, index: Any) -> None:
        super().__init__(pool, index=index)
        self.pool = pool
        self.schema = schema
        self._opening = asyncio.Lock()
        self.is_open = False

    async def setup(self) -> None:
        """Connect, and make its tables; once, and one node at a time."""
        async with self._opening:
            if self.is_open:
                return
            await self.pool.open()
            async with self.pool.connection() as connection:
                await self._locked(connection)
                try:
                    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {self.schema}".encode())
                    pooled, self.conn = self.conn, connection
                    try:
                        await super().setup()
                    finally:
                        self.conn = pooled
                    await self._fractions(connection)
                    await self._count(connection)
                finally:
                    await connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
            self.is_open = True

    async def _fractions(self, connection: Any) -> None:
        # Its minutes are whole ones: what is kept for less than a half would be gone with its first reader.
        cursor = await connection.execute(
            "SELECT format_type(atttypid, atttypmod) AS kind FROM pg_attribute "
            "WHERE attrelid = 'store'::regclass AND attname = 'ttl_minutes'"
        )
        row = await cursor.fetchone()
        if row is not None and row["kind"] == "integer":
            await connection.execute("ALTER TABLE store ALTER COLUMN ttl_minutes TYPE numeric")

    async def _count(self, connection: Any) -> None:
        vectors = bool(self.index_config)
        cursor = await connection.execute("SELECT to_regclass('kept_bytes') AS there")
        row = await cursor.fetchone()
        made = memory_counts.postgres_counting(self.root_length, vectors)
        if row is None or row["there"] is None:
            made += memory_counts.postgres_recount(self.root_length, vectors)
        async with connection.transaction():
            for statement in made:
                await connection.execute(statement.encode())

    @property
    def is_there(self) -> bool:
        """As `Shared.is_there`: a node that remembers nothing leaves what has expired to those that do."""
        return self.is_open

    async def kept_bytes(self, root: str) -> int:
        """As `Shared.kept_bytes`."""
        await self.setup()
        async with self.pool.connection() as connection:
            cursor = await connection.execute(memory_counts.KEPT.format("%s"), (root,))
            row = await cursor.fetchone()
        return int(row["bytes"])

    async def _locked(self, connection: Any) -> None:
        # Not by waiting in a statement: it makes indexes that wait for whatever statement is under way.
        while True:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s) AS locked", (LOCK,))
            row = await cursor.fetchone()
            if row is not None and row["locked"]:
                return
            await asyncio.sleep(0.1)

    def _get_filter_condition(self, key: str, op: str, value: Any) -> tuple[str, list[Any]]:
        if op == WHOLE:
            return postgres_condition(value)
        condition: tuple[str, list[Any]] = super()._get_filter_condition(key, op, value)
        return condition

    def _ensure_task(self) -> None:
        # It works for all, and is nobody's advance.
        ensured = super()._ensure_task
        Context().run(ensured)

    async def aput(self, *args: Any, **options: Any) -> None:
        """As `BaseStore.aput`. Raises `RefusedError` where the run that calls is another node's by now."""
        if advance_now() is None:
            await super().aput(*args, **options)
        else:
            # Not in one batch with others, whose it is not.
            await BaseStore.aput(self, *args, **options)

    async def adelete(self, *args: Any, **options: Any) -> None:
        """As `BaseStore.adelete`. Raises `RefusedError` as `aput` does."""
        if advance_now() is None:
            await super().adelete(*args, **options)
        else:
            await BaseStore.adelete(self, *args, **options)

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.abatch`. Raises `RefusedError` as `aput` does; nothing of the batch is put then."""
        given = filtered(ops)
        writes = any(isinstance(op, PutOp) for op in given)
        found: list[Result] = await self._at_home(
            self._batch, given, advance_now() if writes else None
        )
        return found

    async def _batch(self, ops: list[Op], advance: Advance | None) -> list[Result]:
        await self.forget_expired()
        await self.setup()
        token = _putting.set(advance)
        try:
            return await super().abatch(ops)
        finally:
            _putting.reset(token)

    @asynccontextmanager
    async def _cursor(self, *, pipeline: bool = False) -> AsyncIterator[Any]:
        """One transaction, where it is an advance's: in the end it must still be the session's."""
        advance = _putting.get()
        if advance is None:
            async with super()._cursor(pipeline=pipeline) as cursor:
                yield cursor
            return
        async with (
            self.pool.connection() as connection,
            connection.transaction(),
            connection.cursor(binary=True) as cursor,
        ):
            yield cursor
            # Last: who writes the session's events waits for this lock, and not for an embedding.
            await cursor.execute(_HELD, (advance.session_id, advance.epoch))
            if await cursor.fetchone() is None and not await _ended(advance):
                raise RefusedError(
                    Refused(
                        "epoch",
                        "another node goes on with this run: nothing that is done here is remembered",
                    )
                )

    async def aclose(self) -> None:
        """Close its connections."""
        if self._task is not None:
            self._task.cancel()
        await self.pool.close()


async def _ended(advance: Advance) -> bool:
    """Whether it came to its end in order, just now."""
    for _ in range(ENDING_TRIES):
        if advance.recorded:
            break
        await asyncio.sleep(ENDING_SECONDS)
    return advance.recorded


@asynccontextmanager
async def open_postgres_memory(
    conninfo: str,
    schema: str,
    embed: Any = None,
    fields: list[str] | None = None,
    *,
    owners: bool = False,
) -> AsyncIterator[PostgresMemory]:
    """The memories in a schema; with `embed` found by meaning too, where the database has the extension `vector`.

    `fields`: of the stored values, those that are embedded; all of them where None. `owners`: as of `open_memory`. Raises what LangChain raises for an embedding that
    it does not know, and what the embedding raises when it is asked how long its vectors are.
    """
    index: Any = None
    if embed is not None:
        embeddings = ensure_embeddings(embed)
        dims = len(await embeddings.aembed_query("how long is a vector"))
        index = {"dims": dims, "embed": embeddings, "fields": fields or ["$"]}

    pool = pool_within(conninfo, schema, CONNECTIONS)
    memory = PostgresMemory(pool, schema, index)
    memory.root_length = ROOT_LENGTH if owners else 0
    try:
        yield memory
    finally:
        await memory.aclose()
