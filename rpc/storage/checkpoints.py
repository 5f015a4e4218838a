"""LangGraph's own SQLite checkpointer, its failures told apart from a graph's."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
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

Watcher = Callable[[str, Mapping[str, Any]], None]
"""Told a namespace and the values of its checkpoint."""


class Checkpointer(AsyncSqliteSaver):
    """`AsyncSqliteSaver`, raising `StorageError` where SQLite fails: the run is then tried again.

    A thread can be watched: the debugger's conditions see the state of every (sub)graph as its checkpoint is
    read or saved, which is before the tasks that follow it start.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection)
        self.watchers: dict[str, Watcher] = {}

    def watch(self, thread_id: str, watcher: Watcher) -> None:
        """Tell `watcher` the values of the thread's checkpoints, by namespace."""
        self.watchers[thread_id] = watcher

    def unwatch(self, thread_id: str) -> None:
        """Tell nobody any more."""
        self.watchers.pop(thread_id, None)

    def _tell(self, config: RunnableConfig, checkpoint: Checkpoint) -> None:
        if self.watchers:
            place = config["configurable"]
            watcher = self.watchers.get(place["thread_id"])
            if watcher is not None:
                watcher(place.get("checkpoint_ns", ""), checkpoint["channel_values"])

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        async with _errors():
            found = await super().aget_tuple(config)
        if found is not None:
            self._tell(config, found.checkpoint)
        return found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        self._tell(config, checkpoint)
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
    except sqlite3.Error as error:
        raise StorageError(f"the checkpoint database failed: {error}") from error
