"""LangGraph's checkpoint saver in front of the durable line: what is put is durable on return.

What it is asked for it reads from the store where it stands, which is cheap for one checkpoint; what it is given it
puts in line and waits. The synchronous methods wait in their thread and touch no event loop.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
    get_checkpoint_id,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.serde.base import SerializerProtocol

from rpc.clock import now_ms
from rpc.engine.checkpoints.encoding import (
    UnserializableError,
    config_of,
    decode,
    decode_metadata,
    encode_body,
    encode_metadata,
    encode_value,
    encode_write,
    place_of,
)
from rpc.engine.checkpoints.history import history
from rpc.engine.checkpoints.listing import Listing
from rpc.engine.checkpoints.protocols import Commits, Facts
from rpc.engine.checkpoints.pruning import of_runs, of_thread
from rpc.engine.checkpoints.values import Lists
from rpc.engine.checkpoints.versions import as_text, next_version
from rpc.engine.langgraph.checkpoint_ids import later_than
from rpc.engine.langgraph.declared_types import serializer
from rpc.engine.langgraph.names import without_half_done
from rpc.engine.thread.config import RUN_KEY
from rpc.masking import without_secrets
from rpc.storage.store import Store, StoredCheckpoint
from rpc.storage.units import (
    CopyThread,
    DeleteCheckpoints,
    DeleteThread,
    Draft,
    PutCheckpoint,
    PutTaskWrites,
    PutValue,
    Row,
    Unit,
)


class Put(NamedTuple):
    """A checkpoint on its way: the unit, its values, and what `put` returns."""

    unit: Unit
    values: list[PutValue]
    config: RunnableConfig


class Saver(BaseCheckpointSaver[int]):
    """See the module. Methods that write raise `RefusedError`, those that read `StorageError`.

    `session_id`: the session whose thread it is bound to, with `fence`, the epoch it is advanced under: every unit it
    writes for that thread carries both, and the events that `facts` makes. Other threads have no session, and are
    not fenced. `serde`: by default one that knows no types but LangGraph's own; `serde_for(graph)` makes it.

    Whoever deletes from a thread that somebody else's saver writes to must fence that one off first: a stored list
    may only add to what is there.
    """

    def __init__(
        self,
        store: Store,
        commits: Commits,
        *,
        session_id: str | None = None,
        fence: int | None = None,
        facts: Facts | None = None,
        serde: SerializerProtocol | None = None,
    ) -> None:
        if serde is None:
            super().__init__(serde=serializer())
        else:
            # All that LangGraph's own does beside is to look for the protocol's methods, which takes as long as a small commit.
            self.serde = serde
        self.store = store
        self.commits = commits
        self.session_id = session_id
        self.fence = fence
        self.facts = facts
        self.lists = Lists()

    def get_next_version(self, current: int | None, channel: None) -> int:
        """An integer, grown by one in its upper half, different on every branch."""
        return next_version(current)

    # Reading

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that the config names, or the newest of its namespace."""
        thread_id, namespace = place_of(config)
        checkpoint_id = get_checkpoint_id(config)
        found = self._find(thread_id, namespace, checkpoint_id)
        if found is None:
            return None
        # What is saved next comes behind all that is there.
        later_than(found.newest or found.checkpoint_id)
        self.lists.read(found)
        given = decode(self.serde, found)
        if self.facts is not None and thread_id == self.session_id:
            self.facts.seen(namespace, given.checkpoint["channel_values"])
        return given._replace(config=config) if checkpoint_id else given

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """As `get_tuple`."""
        return self.get_tuple(config)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """Checkpoints, newest first: of a thread, or all. `filter`: on their metadata."""
        listing = Listing(self.serde, config, filter, before, limit)
        while (asked := listing.ask()) is not None:
            for found, metadata in listing.take(self._page(*asked)):
                yield decode(self.serde, found, metadata)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """As `list`; pages are read in a thread."""
        listing = Listing(self.serde, config, filter, before, limit)
        while (asked := listing.ask()) is not None:
            page = await asyncio.to_thread(self._page, *asked)
            for found, metadata in listing.take(page):
                yield decode(self.serde, found, metadata)

    def get_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """What was written to these channels since their last stored value."""
        thread_id, namespace = place_of(config)
        target = self._find(thread_id, namespace, get_checkpoint_id(config)) if channels else None
        return history(
            self.serde,
            lambda checkpoint_id: self._find(thread_id, namespace, checkpoint_id),
            target,
            channels,
        )

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """As `get_delta_channel_history`."""
        return self.get_delta_channel_history(config=config, channels=channels)

    # Writing

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint. Raises `UnserializableError`."""
        put = self._put(config, checkpoint, metadata, new_versions)
        self._commit_in_thread(put.unit)
        self.lists.written(place_of(config), put.values)
        return put.config

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As `put`."""
        put = self._put(config, checkpoint, metadata, new_versions)
        await self._commit(put.unit, metadata.get("source", "loop"))
        self.lists.written(place_of(config), put.values)
        return put.config

    def put_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Save what a task wrote, (channel, value) each. Raises `UnserializableError`."""
        self._commit_in_thread(self._wrote(config, writes, task_id, task_path))

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """As `put_writes`."""
        await self._commit(self._wrote(config, writes, task_id, task_path))

    # Deleting and copying

    def delete_thread(self, thread_id: str) -> None:
        """Delete all of a thread."""
        self._delete([self._unit(thread_id, [DeleteThread(thread_id)])])

    async def adelete_thread(self, thread_id: str) -> None:
        """As `delete_thread`."""
        await self._adelete([self._unit(thread_id, [DeleteThread(thread_id)])])

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Delete what these runs saved, except what delta channels of other checkpoints are made of."""
        self._delete(self._runs_gone(run_ids))

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """As `delete_for_runs`."""
        await self._adelete(await asyncio.to_thread(self._runs_gone, run_ids))

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Copy all of a thread to another."""
        row = CopyThread(source_thread_id, target_thread_id)
        self._delete([self._unit(target_thread_id, [row])])

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """As `copy_thread`."""
        row = CopyThread(source_thread_id, target_thread_id)
        await self._adelete([self._unit(target_thread_id, [row])])

    def prune(
        self,
        thread_ids: Sequence[str],
        *,
        strategy: str = "keep_latest",
        keep_ids: Collection[str] = (),
    ) -> None:
        """Delete all but each namespace's newest checkpoint, those with the ids, and what these need.

        `strategy`: `keep_latest`, or `delete` for all of the threads. Raises `ValueError` on another one.
        """
        self._delete(self._pruned(thread_ids, strategy, keep_ids, None))

    async def aprune(
        self,
        thread_ids: Sequence[str],
        *,
        strategy: str = "keep_latest",
        keep_ids: Collection[str] = (),
    ) -> None:
        """As `prune`."""
        units = await asyncio.to_thread(self._pruned, thread_ids, strategy, keep_ids, None)
        await self._adelete(units)

    def prune_older(self, thread_id: str, before_ms: int, keep_ids: Collection[str] = ()) -> None:
        """As `prune`, and what was saved since `before_ms`, milliseconds since 1970, is kept too."""
        self._delete(self._pruned([thread_id], "keep_latest", keep_ids, before_ms))

    async def aprune_older(
        self, thread_id: str, before_ms: int, keep_ids: Collection[str] = ()
    ) -> None:
        """As `prune_older`."""
        units = await asyncio.to_thread(
            self._pruned, [thread_id], "keep_latest", keep_ids, before_ms
        )
        await self._adelete(units)

    # What is read and committed here, so that another saver can do it differently

    def _find(
        self, thread_id: str, namespace: str, checkpoint_id: str | None
    ) -> StoredCheckpoint | None:
        return self.store.checkpoint(thread_id, namespace, checkpoint_id)

    def _page(
        self, thread_id: str | None, namespace: str | None, before: str | None, limit: int
    ) -> Sequence[StoredCheckpoint]:
        return self.store.checkpoints(thread_id, namespace, before, limit)

    async def _commit(self, unit: Unit, source: str | None = None) -> None:
        """`source`: of a checkpoint, what made it; None for anything else."""
        await self.commits.commit(unit)

    def _commit_in_thread(self, unit: Unit) -> None:
        self.commits.commit_in_thread(unit)

    # Decisions, without waiting

    def _put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> Put:
        thread_id, namespace = where = place_of(config)
        parent_id = get_checkpoint_id(config)
        given = checkpoint["channel_values"]
        values = [
            self.lists.row(
                where, channel, str(version), *encode_value(self.serde, channel, given[channel])
            )
            for channel, version in new_versions.items()
            if channel in given
        ]
        merged = without_secrets(get_checkpoint_metadata(config, metadata))
        row = PutCheckpoint(
            thread_id,
            namespace,
            checkpoint["id"],
            parent_id,
            _run_of(merged),
            now_ms(),
            as_text(checkpoint["channel_versions"]),
            encode_body(self.serde, checkpoint),
            encode_metadata(self.serde, merged),
            frozenset(channel for channel in new_versions if channel not in given),
        )
        # Only of what can be stored.
        drafts: list[Draft] = []
        if self.facts is not None and thread_id == self.session_id:
            self.facts.seen(namespace, given)
            drafts = self.facts.checkpoint_saved(namespace, checkpoint, metadata, parent_id)
        unit = self._unit(thread_id, [*values, row], drafts)
        return Put(unit, values, config_of(thread_id, namespace, checkpoint["id"]))

    def _wrote(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str,
    ) -> Unit:
        thread_id, namespace = place_of(config)
        ours = self.facts is not None and thread_id == self.session_id
        try:
            encoded = self._encoded(without_half_done(writes) if ours else writes)
        except UnserializableError as error:
            if self.facts is None or not ours:
                raise
            raise self.facts.refused(task_id, error) from error
        # What is special, such as a question or an answer, takes the place of what was there.
        ordinary = [write for write in encoded if write[0] >= 0]
        special = [write for write in encoded if write[0] < 0]
        where = (thread_id, namespace, config["configurable"]["checkpoint_id"], task_id, task_path)
        rows = [
            PutTaskWrites(*where, some, again=again)
            for some, again in ((ordinary, False), (special, True))
            if some
        ]
        drafts: list[Draft] = []
        if self.facts is not None and thread_id == self.session_id:
            drafts = self.facts.task_wrote(namespace, task_id, task_path, writes)
        return self._unit(thread_id, rows, drafts)

    def _encoded(
        self, writes: Sequence[tuple[str, Any]]
    ) -> "Sequence[tuple[int, str, str, bytes]]":
        return [
            (
                WRITES_IDX_MAP.get(channel, position),
                channel,
                *encode_write(self.serde, channel, value),
            )
            for position, (channel, value) in enumerate(writes)
        ]

    def _unit(self, thread_id: str, rows: Sequence[Row], drafts: Sequence[Draft] = ()) -> Unit:
        if thread_id != self.session_id:
            return Unit(None, [], rows)
        return Unit(thread_id, [*drafts], rows, fence=self.fence)

    def _runs_gone(self, run_ids: Sequence[str]) -> Sequence[Unit]:
        gone: dict[str, set[tuple[str, str]]] = {}
        for thread_id, namespace, checkpoint_id in self.store.checkpoints_of_runs(run_ids):
            gone.setdefault(thread_id, set()).add((namespace, checkpoint_id))
        return [
            self._unit(
                thread_id,
                [
                    DeleteCheckpoints(
                        thread_id, of_runs(self._outlines(thread_id), wanted.__contains__)
                    )
                ],
            )
            for thread_id, wanted in gone.items()
        ]

    def _pruned(
        self,
        thread_ids: Sequence[str],
        strategy: str,
        keep_ids: Collection[str],
        before_ms: int | None,
    ) -> Sequence[Unit]:
        if strategy == "delete":
            return [self._unit(one, [DeleteThread(one)]) for one in thread_ids]
        if strategy != "keep_latest":
            raise ValueError(f"strategy must be 'keep_latest' or 'delete', not {strategy!r}")
        units = []
        for thread_id in thread_ids:
            gone = of_thread(self._outlines(thread_id), keep_ids, before_ms)
            if gone:
                units.append(self._unit(thread_id, [DeleteCheckpoints(thread_id, gone)]))
        return units

    def _outlines(self, thread_id: str) -> Any:
        return {
            (one.namespace, one.checkpoint_id): (one, decode_metadata(self.serde, one.metadata))
            for one in self.store.outlines(thread_id)
        }

    def _delete(self, units: Sequence[Unit]) -> None:
        self.lists.forget()
        for unit in units:
            self._commit_in_thread(unit)
        self.lists.forget()

    async def _adelete(self, units: Sequence[Unit]) -> None:
        self.lists.forget()
        for unit in units:
            await self._commit(unit)
        self.lists.forget()


def _run_of(metadata: Mapping[str, Any]) -> str | None:
    """The run that saves a checkpoint: a session's, or what whoever uses the saver by itself calls one."""
    found = metadata.get(RUN_KEY) or metadata.get("run_id")
    return None if found is None else str(found)
