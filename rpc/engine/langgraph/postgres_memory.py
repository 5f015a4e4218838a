"""The long-term memory that graphs share, where nodes share a PostgreSQL: LangGraph's own `AsyncPostgresStore`.

Borrowed: that it takes each statement's connection from a pool that it was given, that its `setup` is the caller's to call, and that it
keeps vectors of one length, by the extension `vector`. It has a schema of its own, beside the store's, and connections from the first use on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from langgraph.store.base import Op, Result, ensure_embeddings
from langgraph.store.postgres.aio import AsyncPostgresStore

from rpc.engine.langgraph.memory_store import Shared
from rpc.engine.langgraph.owned_memory import ROOT_LENGTH
from rpc.storage import memory_counts
from rpc.storage.postgres.connecting import pool_within

CONNECTIONS = 1
"""How many of a node's a memory may have."""

LOCK = 0x6D656D6F7279
"""The advisory lock of who makes its tables."""


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

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `BaseStore.abatch`."""
        found: list[Result] = await self._at_home(self._batch, list(ops))
        return found

    async def _batch(self, ops: list[Op]) -> list[Result]:
        await self.forget_expired()
        await self.setup()
        return await super().abatch(ops)

    async def aclose(self) -> None:
        """Close its connections."""
        if self._task is not None:
            self._task.cancel()
        await self.pool.close()


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
