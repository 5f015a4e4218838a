"""What was written last, in memory: a step of a session reads no file that it has just written.

One data directory has one server, so what was committed here is what is stored. The newest checkpoint of a namespace
is known from the moment it was read (or found to be missing) and follows what the writer commits from there on; what
was never read is not guessed, except of a thread whose session was made here, before anything was in it: all of it is known.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from rpc.storage.decoding import TaskWrite, in_order
from rpc.storage.planning import Plan
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import StoredCheckpoint
from rpc.storage.units import (
    CopyThread,
    DeleteCheckpoints,
    DeleteRun,
    DeleteSession,
    DeleteThread,
    PutCheckpoint,
    PutRun,
    PutSession,
    PutTaskWrites,
    PutValue,
    first_deleted,
)

RECORDS = 512
"""How many sessions, how many runs, and how many namespaces' newest checkpoints are kept."""

RECORD_BYTES = 2 * 1024 * 1024
"""How large all kept sessions, and all kept runs, may be together, as JSON: inputs and results of any size stand in them."""

CHECKPOINT_BYTES = 8 * 1024 * 1024
"""How large all kept checkpoints may be together; as objects, small ones take several times what their data does."""

PLACE_BYTES = 512
"""What one counts for beside its data."""

T = TypeVar("T")

Place = tuple[str, str]
"""A thread and a namespace."""

Writes = dict[tuple[str, int], TaskWrite]


class Newest(Struct):
    """A namespace's newest checkpoint; `found` is None where there is none.

    `values`: (kind, whole data) by channel, of those that have one. `early`: writes at checkpoints that are to
    follow.
    """

    found: PutCheckpoint | None
    values: dict[str, tuple[str, bytes]]
    writes: Writes
    early: dict[str, Writes]

    @property
    def checkpoint_id(self) -> str:
        """Its id; ids are not empty, so that any is newer than none."""
        return "" if self.found is None else self.found.checkpoint_id

    def stored(self) -> StoredCheckpoint | None:
        """As the store's readers get it."""
        row = self.found
        if row is None:
            return None
        return StoredCheckpoint(
            row.thread_id,
            row.namespace,
            row.checkpoint_id,
            row.parent_id,
            row.versions,
            row.body,
            row.metadata,
            [(channel, kind, data) for channel, (kind, data) in sorted(self.values.items())],
            in_order(self.writes.values()),
        )

    def size(self) -> int:
        """About how many bytes it holds."""
        size = PLACE_BYTES + sum(len(data) for _, data in self.values.values())
        for writes in (self.writes, *self.early.values()):
            size += sum(len(one[3]) for one in writes.values())
        if self.found is not None:
            size += len(self.found.body) + len(self.found.metadata)
        return size


class Records(Generic[T]):
    """Records by id, those that were put last: at most `RECORDS` and `RECORD_BYTES` of them."""

    def __init__(self) -> None:
        self.by_id: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self.size = 0

    def get(self, id: str) -> T | None:
        """The record, if it is kept."""
        found = self.by_id.get(id)
        return None if found is None else found[0]

    def kept(self) -> list[T]:
        """All of them."""
        return [record for record, _ in self.by_id.values()]

    def put(self, id: str, record: T, size: int | None) -> None:
        """Keep it in the place of what it was. `size`: its bytes as JSON; None where it was deleted in the same transaction."""
        self.drop(id)
        if size is None:
            return
        self.by_id[id] = record, size
        self.size += size
        while self.size > RECORD_BYTES or len(self.by_id) > RECORDS:
            self.drop(next(iter(self.by_id)))

    def change(self, id: str, record: T) -> None:
        """Keep it in the place of what it was, which is as large."""
        self.by_id[id] = record, self.by_id[id][1]

    def drop(self, id: str) -> None:
        """Keep it no longer."""
        _, size = self.by_id.pop(id, (None, 0))
        self.size -= size


class Recent:
    """See the module. Thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.sessions = Records[SessionRecord]()
        self.runs = Records[RunRecord]()
        # By place, the least recently used first; how large each is; and those of each thread.
        self.newest: OrderedDict[Place, Newest] = OrderedDict()
        self.sizes: dict[Place, int] = {}
        self.namespaces: dict[str, set[str]] = {}
        # Threads of which every namespace that has a checkpoint or a write is in `newest`.
        self.whole: set[str] = set()
        self.size = 0
        # Places that are being read, by a token of who reads; taken away when something of the thread is committed.
        self.reading: dict[object, Place] = {}
        # Threads of which something may be committed that is not here yet.
        self.committing: frozenset[str] = frozenset()

    def session(self, session_id: str) -> SessionRecord | None:
        """The session, if it is kept."""
        with self.lock:
            return self.sessions.get(session_id)

    def run(self, run_id: str) -> RunRecord | None:
        """The run, if it is kept."""
        with self.lock:
            return self.runs.get(run_id)

    def checkpoint(self, thread_id: str, namespace: str) -> Newest | None:
        """What is known of the namespace's newest checkpoint; None if nothing is."""
        with self.lock:
            known = self.newest.get((thread_id, namespace))
            if known is None:
                return _nothing() if thread_id in self.whole else None
            self.newest.move_to_end((thread_id, namespace))
            # The writer changes what it keeps.
            return Newest(known.found, known.values, dict(known.writes), {})

    def begin_reading(self, thread_id: str, namespace: str) -> object:
        """Before a namespace's newest checkpoint is read: a token for `end_reading`."""
        token = object()
        with self.lock:
            if thread_id not in self.committing:
                self.reading[token] = (thread_id, namespace)
        return token

    def end_reading(self, token: object, found: StoredCheckpoint | None, keep: bool = True) -> None:
        """Keep what was read, unless something of the thread was committed meanwhile."""
        with self.lock:
            place = self.reading.pop(token, None)
            if place is None or not keep:
                return
            if found is None:
                self._keep(place, _nothing())
                return
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
            values = {channel: (kind, data) for channel, kind, data in found.values}
            writes = {(one[0], one[5]): one for one in found.writes}
            self._keep(place, Newest(row, values, writes, {}))

    def commits(self, plan: Plan) -> None:
        """A plan is about to be committed. Called by the writer only, as is `committed`."""
        threads = set[str]()
        for row in plan.rows:
            match row:
                case (
                    PutCheckpoint(thread_id=thread)
                    | PutValue(thread_id=thread)
                    | PutTaskWrites(thread_id=thread)
                    | DeleteThread(thread_id=thread)
                    | DeleteCheckpoints(thread_id=thread)
                    | DeleteSession(session_id=thread)
                    | CopyThread(target=thread)
                ):
                    threads.add(thread)
                case _:
                    pass
        with self.lock:
            self.committing |= threads
            for token in [one for one, place in self.reading.items() if place[0] in threads]:
                del self.reading[token]

    def committed(self, plan: Plan, empty: Collection[str] = ()) -> int:
        """It is durable. Returns how many sessions may have got another name or query, or are gone.

        `empty`: new sessions in whose threads nothing was before.
        """
        changed = 0
        with self.lock:
            self.committing = frozenset()
            given: dict[tuple[str, str, str, str], PutValue] = {}
            for session_id in empty:
                if session_id not in self.namespaces:
                    self._keep((session_id, ""), _nothing())
                    self.whole.add(session_id)
            for row in plan.rows:
                match row:
                    case PutSession(record=session):
                        before = self.sessions.get(session.id)
                        if before is None:
                            changed += session.id not in plan.created
                        else:
                            changed += (before.name, before.query, before.texts) != (
                                session.name,
                                session.query,
                                session.texts,
                            )
                        self.sessions.put(session.id, session, plan.session_bytes.get(session.id))
                    case PutRun(record=run):
                        self.runs.put(run.id, run, plan.run_bytes.get(run.id))
                    case PutValue():
                        given[row.thread_id, row.namespace, row.channel, row.version] = row
                        self._value(row)
                    case PutCheckpoint():
                        self._checkpoint(row, given)
                    case PutTaskWrites():
                        self._writes(row)
                    case DeleteSession(session_id=session_id):
                        changed += 1
                        self._forget(session_id)
                        self.sessions.drop(session_id)
                        for run in self.runs.kept():
                            if run.session_id == session_id:
                                self.runs.drop(run.id)
                    case DeleteRun(run_id=run_id):
                        self.runs.drop(run_id)
                    case (
                        DeleteThread(thread_id=thread)
                        | DeleteCheckpoints(thread_id=thread)
                        | CopyThread(target=thread)
                    ):
                        self._forget(thread)
                    case _:
                        pass
            for session_id, head in plan.heads.items():
                record = self.sessions.get(session_id)
                if head is not None and record is not None:
                    self.sessions.change(
                        session_id,
                        msgspec.structs.replace(
                            record,
                            seq=head.seq,
                            epoch=head.epoch,
                            revision=head.revision,
                            first_seq=head.first_seq,
                        ),
                    )
        return changed

    def _value(self, row: PutValue) -> None:
        """A version that the newest checkpoint has already: what it was is not what it is."""
        place = (row.thread_id, row.namespace)
        known = self.newest.get(place)
        if (
            known is not None
            and known.found is not None
            and known.found.versions.get(row.channel) == row.version
        ):
            self._drop(place)

    def _checkpoint(
        self, row: PutCheckpoint, given: dict[tuple[str, str, str, str], PutValue]
    ) -> None:
        place = (row.thread_id, row.namespace)
        known = self._known(place)
        if known is None or known.checkpoint_id > row.checkpoint_id:
            return
        before = {} if known.found is None else known.found.versions
        values: dict[str, tuple[str, bytes]] = {}
        for channel, version in row.versions.items():
            new = given.get((*place, channel, version))
            if new is not None:
                values[channel] = (new.kind, new.head + new.data if new.base is None else new.whole)
            elif channel in row.emptied:
                pass
            elif before.get(channel) == version:
                if channel in known.values:
                    values[channel] = known.values[channel]
            else:
                # A version from further back: who wants it reads it.
                self._drop(place)
                return
        same = known.checkpoint_id == row.checkpoint_id
        writes = known.writes if same else known.early.pop(row.checkpoint_id, {})
        early = {id: one for id, one in known.early.items() if id > row.checkpoint_id}
        self._keep(place, Newest(row, values, writes, early))

    def _writes(self, row: PutTaskWrites) -> None:
        place = (row.thread_id, row.namespace)
        known = self._known(place)
        if known is None or row.checkpoint_id < known.checkpoint_id:
            return
        if row.checkpoint_id == known.checkpoint_id:
            writes = known.writes
        else:
            writes = known.early.setdefault(row.checkpoint_id, {})
        if row.only:
            first = first_deleted(row)
            for key in [one for one in writes if one[0] == row.task_id and one[1] >= first]:
                del writes[key]
        for position, channel, kind, data in row.writes:
            key = (row.task_id, position)
            if row.again or key not in writes:
                writes[key] = (row.task_id, channel, kind, data, row.task_path, position)
        self._keep(place, known)

    def _known(self, place: Place) -> Newest | None:
        known = self.newest.get(place)
        return _nothing() if known is None and place[0] in self.whole else known

    def _keep(self, place: Place, newest: Newest) -> None:
        size = newest.size()
        before = self.sizes.get(place)
        self.newest[place] = newest
        self.newest.move_to_end(place)
        self.sizes[place] = size
        if before is None:
            self.namespaces.setdefault(place[0], set()).add(place[1])
        self.size += size - (before or 0)
        while (self.size > CHECKPOINT_BYTES or len(self.newest) > RECORDS) and self.newest:
            self._drop(next(iter(self.newest)))

    def _drop(self, place: Place) -> None:
        self.whole.discard(place[0])
        if self.newest.pop(place, None) is None:
            return
        self.size -= self.sizes.pop(place)
        left = self.namespaces[place[0]]
        left.discard(place[1])
        if not left:
            del self.namespaces[place[0]]

    def _forget(self, thread_id: str) -> None:
        for namespace in list(self.namespaces.get(thread_id, ())):
            self._drop((thread_id, namespace))


def _nothing() -> Newest:
    return Newest(None, {}, {}, {})
