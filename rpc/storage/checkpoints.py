"""LangGraph's own SQLite checkpointer, its failures told apart from a graph's."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from rpc.storage.base import StorageError


class Checkpointer(AsyncSqliteSaver):
    """`AsyncSqliteSaver`, raising `StorageError` where SQLite fails: the run is then tried again."""

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        async with _errors():
            return await super().aget_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        async with _errors():
            return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        async with _errors():
            await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        async with _errors():
            await self.setup()
            await super().adelete_thread(thread_id)


@asynccontextmanager
async def open_checkpointer(file: Path, synchronous: str) -> AsyncIterator[Checkpointer]:
    """The checkpointer in `file`, made where missing. Raises `StorageError` when it cannot be opened."""
    async with _errors():
        connection = await aiosqlite.connect(file)
        try:
            await connection.execute(f"PRAGMA synchronous = {synchronous}")
            await connection.execute("PRAGMA busy_timeout = 5000")
            checkpointer = Checkpointer(connection)
            await checkpointer.setup()
        except BaseException:
            await connection.close()
            raise
    try:
        yield checkpointer
    finally:
        await connection.close()


@asynccontextmanager
async def _errors() -> AsyncIterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StorageError(f"the checkpoint database failed: {error}") from error
