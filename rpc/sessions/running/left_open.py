"""Which tasks a session's stored events tell as started and not as ended: of a run that nobody holds any more."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec

from protocol.events import (
    EVENT_NAMES,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    SessionStatus,
)
from rpc.events.encoding import event_type
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import Store
from rpc.storage.unreadable import Unreadable

READ_BYTES = 256 * 1024
"""About how much one read returns."""

STARTED = EVENT_NAMES[NodeStarted].encode()
ENDED = frozenset(EVENT_NAMES[kind].encode() for kind in (NodeFinished, NodeFailed, NodeCancelled))
STATUS = EVENT_NAMES[SessionStatus].encode()
RESTING = ("paused", "waiting")


class _Told(msgspec.Struct):
    """What counts of an event."""

    params: "_Params"


class _Params(msgspec.Struct):
    node: str = ""
    path: str = ""
    task_id: str = ""
    parent_task_id: str | None = None
    step: int | None = None
    status: str = ""


_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Told)


class LeftOpen(msgspec.Struct):
    """The open tasks of a run, by id, as the events that end them: those whose bodies ran, and those that rest."""

    running: dict[str, NodeCancelled]
    resting: dict[str, NodeCancelled]

    @property
    def cut(self) -> list[NodeCancelled]:
        """The ends of those that ran, the innermost first."""
        return _innermost_first(self.running.values())

    @property
    def ends(self) -> list[NodeCancelled]:
        """The ends of all, the innermost first."""
        return _innermost_first([*self.running.values(), *self.resting.values()])


def _innermost_first(ends: Iterable[NodeCancelled]) -> list[NodeCancelled]:
    return sorted(ends, key=lambda one: -one.path.count("/"))


async def left_open(store: Store, session: SessionRecord, run: RunRecord) -> LeftOpen:
    """The open tasks of a session's latest run, as its committed events have them. Raises `StorageError`."""
    found = LeftOpen({}, {})
    async for _, kind, event in told_of(store, session, run):
        _take(found, kind, event)
    return found


async def told_of(
    store: Store, session: SessionRecord, run: RunRecord, after: int = 0
) -> AsyncIterator[tuple[int, bytes, bytes]]:
    """The committed events of a session's latest run: number, type, text each. `after`: only later ones. Raises `StorageError`."""
    after = max(run.after, session.first_seq - 1, after)
    while True:
        try:
            rows = await store.events(session.id, after, READ_BYTES)
        except Unreadable as hole:
            # What they told is not known; what is behind them is.
            if hole.last_seq is None:
                raise
            after = hole.last_seq
            continue
        if not rows:
            break
        for row in rows:
            events = row.data.split(b"\n")[max(0, after + 1 - row.first_seq) :]
            for seq, event in enumerate(events, max(row.first_seq, after + 1)):
                yield seq, event_type(event), event
            after = row.last_seq


def _take(found: LeftOpen, kind: bytes, event: bytes) -> None:
    if kind == STARTED:
        told = _decoder.decode(event).params
        found.resting.pop(told.task_id, None)
        found.running[told.task_id] = NodeCancelled(
            told.node, told.path, told.task_id, told.parent_task_id, told.step
        )
    elif kind in ENDED:
        told = _decoder.decode(event).params
        found.running.pop(told.task_id, None)
        found.resting.pop(told.task_id, None)
    elif kind == STATUS and _decoder.decode(event).params.status in RESTING:
        found.resting |= found.running
        found.running.clear()
