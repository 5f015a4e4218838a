"""LangGraph's own SQLite checkpointer, its failures told apart from a graph's."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from rpc.storage.store import StorageError

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

    async def replace_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str
    ) -> None:
        """Make these the only writes of a task at a checkpoint, in one transaction."""
        place = config["configurable"]
        key = (place["thread_id"], place.get("checkpoint_ns", ""), place["checkpoint_id"], task_id)
        rows = [
            (*key, "", index, channel, *self.serde.dumps_typed(value))
            for index, (channel, value) in enumerate(writes)
        ]
        async with _errors(), self.lock, self.conn.cursor() as cursor:
            await cursor.execute(
                "DELETE FROM writes WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id = ?"
                " AND task_id = ? AND idx >= 0",
                key,
            )
            await cursor.executemany(
                "INSERT INTO writes (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx,"
                " channel, type, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            await self.conn.commit()

    async def finished_tasks(self, thread_id: str) -> frozenset[str]:
        """Ids of the tasks, at any depth, whose writes since the newest checkpoints are kept: they have ended."""
        marks = ",".join("?" * len(WRITES_IDX_MAP))
        async with (
            _errors(),
            self.lock,
            self.conn.execute(
                "SELECT DISTINCT w.task_id FROM writes w JOIN (SELECT checkpoint_ns, max(checkpoint_id)"
                " AS checkpoint_id FROM checkpoints WHERE thread_id = ? GROUP BY checkpoint_ns) c"
                " ON w.checkpoint_ns = c.checkpoint_ns AND w.checkpoint_id = c.checkpoint_id"
                f" WHERE w.thread_id = ? AND w.channel NOT IN ({marks})",
                (thread_id, thread_id, *WRITES_IDX_MAP),
            ) as cursor,
        ):
            return frozenset([row[0] async for row in cursor])

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
