"""What was written last, in memory: a step of a session reads no file that it has just written.

One data directory has one server, so what was committed here is what is stored. Only the writer's thread puts in
what it committed; a reader may put in what it read if nothing was written meanwhile.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from rpc.storage.planning import Plan
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import StoredCheckpoint
from rpc.storage.units import (
    CopyThread,
    DeleteCheckpoints,
    DeleteSession,
    DeleteThread,
    PutCheckpoint,
    PutRun,
    PutSession,
    PutTaskWrites,
    PutValue,
)

RECORDS = 2048
"""How many sessions, and how many runs, are kept."""

CHECKPOINT_BYTES = 32 * 1024 * 1024
"""How large all kept checkpoints may be together."""

T = TypeVar("T")

TaskWrite = tuple[str, str, str, bytes, str, int]


class Newest(Struct):
    """A namespace's newest checkpoint. `values`: (kind, whole data) by channel, of those that have one."""

    row: PutCheckpoint
    values: dict[str, tuple[str, bytes]]
    writes: dict[tuple[str, int], TaskWrite]
    size: int = 0

    def stored(self) -> StoredCheckpoint:
        """As the store's readers get it."""
        row = self.row
        return StoredCheckpoint(
            row.thread_id,
            row.namespace,
            row.checkpoint_id,
            row.parent_id,
            row.versions,
            row.body,
            row.metadata,
            [(channel, kind, data) for channel, (kind, data) in self.values.items()],
            in_order(self.writes.values()),
        )


def in_order(writes: "Sequence[TaskWrite] | object") -> list[TaskWrite]:
    """Task writes in the order in which LangGraph applies them: by path, task and position."""
    return sorted(writes, key=lambda one: (one[4], one[0], one[5]))  # type: ignore[call-overload,no-any-return]


class Recent:
    """See the module. Thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.sessions: OrderedDict[str, SessionRecord] = OrderedDict()
        self.runs: OrderedDict[str, RunRecord] = OrderedDict()
        # By thread and namespace, the least recently used first.
        self.newest: OrderedDict[tuple[str, str], Newest] = OrderedDict()
        self.size = 0
        # How often something of any thread was committed: what was read before may be out of date.
        self.commits = 0

    def session(self, session_id: str) -> SessionRecord | None:
        """The session, if it is kept."""
        with self.lock:
            return self.sessions.get(session_id)

    def run(self, run_id: str) -> RunRecord | None:
        """The run, if it is kept."""
        with self.lock:
            return self.runs.get(run_id)

    def checkpoint(self, thread_id: str, namespace: str) -> StoredCheckpoint | None:
        """The namespace's newest checkpoint, if it is kept."""
        with self.lock:
            found = self.newest.get((thread_id, namespace))
            if found is None:
                return None
            self.newest.move_to_end((thread_id, namespace))
            return found.stored()

    def read(self, found: StoredCheckpoint, commits: int) -> None:
        """Keep a namespace's newest checkpoint that was read when `commits` was as given."""
        row = PutCheckpoint(
            found.thread_id,
            found.namespace,
            found.checkpoint_id,
            found.parent_id,
            None,
            0,
            found.versions,
            found.body,
            found.metadata,
        )
        newest = Newest(
            row,
            {channel: (kind, data) for channel, kind, data in found.values},
            {(one[0], one[5]): one for one in found.writes},
        )
        with self.lock:
            if self.commits == commits:
                self._keep((found.thread_id, found.namespace), newest)

    def committed(self, plan: Plan) -> None:
        """A plan is durable. Called by the writer only."""
        with self.lock:
            self.commits += 1
            values: dict[tuple[str, str, str, str], PutValue] = {}
            for row in plan.rows:
                match row:
                    case PutSession(record=session):
                        _put(self.sessions, session.id, session)
                    case PutRun(record=run):
                        _put(self.runs, run.id, run)
                    case PutValue():
                        values[row.thread_id, row.namespace, row.channel, row.version] = row
                    case PutCheckpoint():
                        self._checkpoint(row, values)
                    case PutTaskWrites():
                        self._writes(row)
                    case DeleteSession(session_id=thread) | DeleteThread(thread_id=thread):
                        self._forget(thread)
                    case DeleteCheckpoints(thread_id=thread) | CopyThread(target=thread):
                        self._forget(thread)
                    case _:
                        pass
            for session_id, head in plan.heads.items():
                if head is None:
                    gone = self.sessions.pop(session_id, None)
                    if gone is not None and gone.run_id is not None:
                        self.runs.pop(gone.run_id, None)
                elif (record := self.sessions.get(session_id)) is not None:
                    self.sessions[session_id] = msgspec.structs.replace(
                        record, seq=head.seq, epoch=head.epoch, revision=head.revision
                    )

    def _checkpoint(
        self, row: PutCheckpoint, given: dict[tuple[str, str, str, str], PutValue]
    ) -> None:
        place = (row.thread_id, row.namespace)
        before = self.newest.get(place)
        if before is not None and before.row.checkpoint_id > row.checkpoint_id:
            return
        values: dict[str, tuple[str, bytes]] = {}
        for channel, version in row.versions.items():
            new = given.get((*place, channel, version))
            if new is not None:
                values[channel] = (new.kind, new.whole)
            elif channel in row.emptied:
                pass
            elif before is not None and before.row.versions.get(channel) == version:
                if channel in before.values:
                    values[channel] = before.values[channel]
            else:
                # A version from further back: who wants it reads it.
                self._drop(place)
                return
        self._keep(place, Newest(row, values, {}))

    def _writes(self, row: PutTaskWrites) -> None:
        place = (row.thread_id, row.namespace)
        newest = self.newest.get(place)
        if newest is None or newest.row.checkpoint_id != row.checkpoint_id:
            return
        if row.only:
            kept = newest.writes.items()
            newest.writes = {key: one for key, one in kept if key[0] != row.task_id or key[1] < 0}
        for position, channel, kind, data in row.writes:
            key = (row.task_id, position)
            if row.again or key not in newest.writes:
                newest.writes[key] = (row.task_id, channel, kind, data, row.task_path, position)
                newest.size += len(data)
                self.size += len(data)

    def _keep(self, place: tuple[str, str], newest: Newest) -> None:
        self._drop(place)
        newest.size = len(newest.row.body) + sum(len(data) for _, data in newest.values.values())
        newest.size += sum(len(one[3]) for one in newest.writes.values())
        self.newest[place] = newest
        self.size += newest.size
        while self.size > CHECKPOINT_BYTES and self.newest:
            self._drop(next(iter(self.newest)))

    def _drop(self, place: tuple[str, str]) -> None:
        gone = self.newest.pop(place, None)
        if gone is not None:
            self.size -= gone.size

    def _forget(self, thread_id: str) -> None:
        for place in [one for one in self.newest if one[0] == thread_id]:
            self._drop(place)


def _put(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > RECORDS:
        kept.popitem(last=False)
