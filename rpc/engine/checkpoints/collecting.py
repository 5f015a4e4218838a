"""A saver that commits nothing: what it is given becomes rows, for a request to commit with its own change.

A resting session is edited or rewound through LangGraph's own methods, which save checkpoints and read them again.
They read here what they wrote, over what is stored; the request then commits the rows and the session's record as
one unit, or none of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import writes_sort_key
from msgspec.structs import replace

from rpc.engine.checkpoints.encoding import place_of
from rpc.engine.checkpoints.saver import Saver
from rpc.storage.store import StoredCheckpoint
from rpc.storage.units import (
    Draft,
    PutCheckpoint,
    PutTaskWrites,
    PutValue,
    Row,
    Unit,
    first_deleted,
)

Write = tuple[str, str, str, bytes, str, int]
"""Task id, channel, kind, data, task path and position."""

Value = tuple[str, bytes]
"""Kind and bytes."""


class CollectingSaver(Saver):
    """See the module. It only adds to a thread: deleting, pruning and copying raise `NotImplementedError`.

    `rows`: what is to be committed, in order. `drafts`: the events that `facts` made of it.
    """

    rows: list[Row]
    drafts: list[Draft]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = []
        self.drafts = []
        # What was put here, by thread, namespace and id; and the writes at those and at stored ones.
        self.put_here: dict[tuple[str, str, str], PutCheckpoint] = {}
        self.writes: dict[tuple[str, str, str], dict[tuple[str, int], Write]] = {}
        # Values that were put here or read, by thread, namespace, channel and version; None where there is none.
        self.known: dict[tuple[str, str, str, str], Value | None] = {}

    def replace_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str
    ) -> None:
        """Make these the only writes of a task at a checkpoint, beside its special ones. Raises `UnserializableError`."""
        thread_id, namespace = place_of(config)
        checkpoint_id = config["configurable"]["checkpoint_id"]
        found = self._find(thread_id, namespace, checkpoint_id)
        # Its place among the other tasks stays.
        paths = [one[4] for one in found.writes if one[0] == task_id] if found else []
        row = PutTaskWrites(
            thread_id,
            namespace,
            checkpoint_id,
            task_id,
            paths[0] if paths else "",
            self._encoded(writes),
            only=True,
        )
        self._collect(self._unit(thread_id, [row]))

    def forget_task(self, config: RunnableConfig, task_id: str, called: str) -> None:
        """Delete all that a task wrote at a checkpoint, questions and answers too, and what tasks wrote whose path has `called` in it."""
        thread_id, namespace = place_of(config)
        where = (thread_id, namespace, config["configurable"]["checkpoint_id"])
        writers = {one[0]: one[4] for one in self._writes_at(*where).values()}
        rows = [
            PutTaskWrites(*where, writer, path, [], only=True, afresh=True)
            for writer, path in writers.items()
            if writer == task_id or called in path
        ]
        self._collect(self._unit(thread_id, rows))

    def carry_writes(
        self, config: RunnableConfig, checkpoint_id: str, tasks: Mapping[str, str]
    ) -> None:
        """What tasks wrote at a checkpoint is what others, by id, wrote at another one of the same graph."""
        thread_id, namespace = place_of(config)
        written = self._writes_at(thread_id, namespace, config["configurable"]["checkpoint_id"])
        rows = [
            PutTaskWrites(
                thread_id,
                namespace,
                checkpoint_id,
                tasks[writer],
                path,
                [(position, channel, kind, data)],
            )
            for writer, channel, kind, data, path, position in written.values()
            if writer in tasks
        ]
        self._collect(self._unit(thread_id, rows))

    def namespaces(self, thread_id: str) -> set[str]:
        """Those in which the thread has checkpoints."""
        return {one.namespace for one in self.store.outlines(thread_id)}

    async def _commit(self, unit: Unit, source: str | None = None) -> None:
        self._collect(unit)

    def _commit_in_thread(self, unit: Unit) -> None:
        self._collect(unit)

    def _collect(self, unit: Unit) -> None:
        for row in unit.rows:
            match row:
                case PutValue():
                    where = (row.thread_id, row.namespace, row.channel, row.version)
                    self.known[where] = (row.kind, row.whole)
                case PutCheckpoint():
                    for channel in row.emptied:
                        version = row.versions[channel]
                        self.known[row.thread_id, row.namespace, channel, version] = None
                    self._writes_at(row.thread_id, row.namespace, row.checkpoint_id)
                    self.put_here[row.thread_id, row.namespace, row.checkpoint_id] = row
                case PutTaskWrites():
                    self._take_writes(row)
                case _:
                    raise NotImplementedError("what is collected can only add to a thread")
        self.rows += unit.rows
        self.drafts += unit.drafts

    def _writes_at(self, *where: str) -> dict[tuple[str, int], Write]:
        """The writes at a checkpoint as they will be, by task and position; those stored to begin with."""
        thread_id, namespace, checkpoint_id = where
        if where not in self.writes:
            stored = self.store.checkpoint(thread_id, namespace, checkpoint_id)
            before = stored.writes if stored else []
            self.writes[thread_id, namespace, checkpoint_id] = {
                (one[0], one[5]): one for one in before
            }
        return self.writes[thread_id, namespace, checkpoint_id]

    def _take_writes(self, row: PutTaskWrites) -> None:
        writes = self._writes_at(row.thread_id, row.namespace, row.checkpoint_id)
        if row.only:
            first = first_deleted(row)
            for key in [key for key in writes if key[0] == row.task_id and key[1] >= first]:
                del writes[key]
        for position, channel, kind, data in row.writes:
            key = (row.task_id, position)
            if row.again or key not in writes:
                writes[key] = (row.task_id, channel, kind, data, row.task_path, position)

    # Reading: what was put here, over what is stored

    def _find(
        self, thread_id: str, namespace: str, checkpoint_id: str | None
    ) -> StoredCheckpoint | None:
        here = [
            row
            for (thread, space, name), row in self.put_here.items()
            if (thread, space) == (thread_id, namespace) and checkpoint_id in (None, name)
        ]
        newest = max(here, key=lambda row: row.checkpoint_id, default=None)
        if newest is not None and checkpoint_id is not None:
            return self._built(newest)
        stored = super()._find(thread_id, namespace, checkpoint_id)
        if newest is None or (stored and stored.checkpoint_id > newest.checkpoint_id):
            return None if stored is None else self._over(stored)
        return self._built(newest)

    def _page(
        self, thread_id: str | None, namespace: str | None, before: str | None, limit: int
    ) -> Sequence[StoredCheckpoint]:
        stored = super()._page(thread_id, namespace, before, limit)
        page = [
            self._over(one)
            for one in stored
            if (one.thread_id, one.namespace, one.checkpoint_id) not in self.put_here
        ]
        for (thread, space, name), row in self.put_here.items():
            wanted = thread_id in (None, thread) and namespace in (None, space)
            if wanted and (before is None or name < before):
                page.append(self._built(row))
        page.sort(key=lambda one: one.checkpoint_id, reverse=True)
        return page[:limit]

    def _over(self, stored: StoredCheckpoint) -> StoredCheckpoint:
        """A stored checkpoint, its values remembered, with the writes made here."""
        where = (stored.thread_id, stored.namespace)
        values = {channel: (kind, data) for channel, kind, data in stored.values}
        for channel, version in stored.versions.items():
            self.known[*where, channel, version] = values.get(channel)
        writes = self.writes.get((*where, stored.checkpoint_id))
        return stored if writes is None else replace(stored, writes=_in_order(writes))

    def _built(self, row: PutCheckpoint) -> StoredCheckpoint:
        """A checkpoint that was put here, as it will be read when it is stored."""
        where = (row.thread_id, row.namespace)
        if any((*where, *version) not in self.known for version in row.versions.items()):
            # Of a checkpoint that was not read here: somebody restores one from elsewhere.
            for stored in self.store.checkpoints(*where):
                self._over(stored)
        values = {
            channel: self.known.get((*where, channel, version))
            for channel, version in row.versions.items()
        }
        return StoredCheckpoint(
            *where,
            row.checkpoint_id,
            row.parent_id,
            row.versions,
            row.body,
            row.metadata,
            [(channel, *value) for channel, value in values.items() if value is not None],
            _in_order(self._writes_at(*where, row.checkpoint_id)),
        )


def _in_order(writes: Mapping[tuple[str, int], Write]) -> list[Write]:
    return sorted(writes.values(), key=lambda one: writes_sort_key(one[4], one[0], one[5]))
