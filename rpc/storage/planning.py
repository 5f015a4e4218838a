"""What a batch of units makes of its sessions: which are refused, how events are numbered. Decisions without I/O."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from rpc.storage.units import (
    AddSignal,
    Chunk,
    DeleteEvents,
    DeleteRun,
    DeleteSession,
    Draft,
    EndJob,
    Outcome,
    PutHits,
    PutJob,
    PutRun,
    PutSession,
    PutTtl,
    Refused,
    Row,
    TakeSignals,
    Unit,
    Written,
)

_OF_SESSIONS = (
    PutSession,
    PutTtl,
    PutRun,
    DeleteRun,
    DeleteSession,
    DeleteEvents,
    AddSignal,
    TakeSignals,
    PutJob,
    EndJob,
    PutHits,
)
"""What changes a session, which must be named for its conditions to be checked."""

ROW_BYTES = 64 * 1024
"""About how large a stored row of events gets: a cursor that lags reads row by row."""


class Head(Struct):
    """What conditions are checked against: `seq` is the last event's number, `first_seq` the oldest one's kept."""

    epoch: int = 0
    revision: int = 0
    seq: int = 0
    first_seq: int = 1


TIME = b',"at":"'
"""How what follows an event's number begins."""

REMEMBERED = 10_000
"""Of how many sessions it is remembered when their last event was."""


class Signal(Struct, frozen=True):
    """A signal to be stored under its number."""

    session_id: str
    number: int
    row: AddSignal


class Taken(Struct, frozen=True):
    """Signals to be deleted."""

    session_id: str
    through: int


class PutBeside(Struct, frozen=True):
    """What an event has cut out, to be stored under the id by which it refers to it."""

    session_id: str
    id: str
    data: bytes


Planned = Row | Signal | Taken | PutBeside


class Plan(Struct):
    """What to write. `heads`: of the sessions that changed; None for those deleted. `outcomes`: by unit.

    `created`: sessions that were not there before. `session_bytes`, `run_bytes`: how large records are that were written, by id.
    """

    outcomes: list[Outcome]
    rows: list[Planned]
    events: list[tuple[str, Chunk]]
    heads: dict[str, Head | None]
    created: set[str]
    session_bytes: dict[str, int] = {}
    run_bytes: dict[str, int] = {}


class Times:
    """When the last event of each session was, as it stands in its bytes: of those that had some lately.

    Two threads of one run may put in line in another order than they looked at the clock. Who reads by number must not see time go
    backwards.
    """

    def __init__(self) -> None:
        self.last: dict[str, bytes] = {}

    def order(self, session_id: str, drafts: Sequence[Draft]) -> None:
        """Let no event be earlier than the one before it."""
        if not drafts:
            return
        last = self.last.pop(session_id, TIME)
        for draft in drafts:
            if draft.tail < last and draft.tail.startswith(TIME):
                draft.tail = last
            else:
                last = draft.tail
        self.last[session_id] = last
        if len(self.last) > REMEMBERED:
            del self.last[next(iter(self.last))]


def plan(units: Sequence[Unit], stored: Mapping[str, Head], times: Times | None = None) -> Plan:
    """Go through a batch in order. `stored`: the heads of its sessions that exist. `times`: of what this process committed."""
    times = times or Times()
    done = Plan([], [], [], {}, set())
    heads: dict[str, Head | None] = {}
    for unit in units:
        name = unit.session_id
        if name is not None and name not in heads:
            found = stored.get(name)
            heads[name] = None if found is None else msgspec.structs.replace(found)
        done.outcomes.append(_one(unit, heads, done, times))
    return done


def _one(unit: Unit, heads: dict[str, Head | None], done: Plan, times: Times) -> Outcome:
    name = unit.session_id
    if name is None:
        if any(isinstance(row, _OF_SESSIONS) for row in unit.rows):
            return Refused("invalid", "a unit without a session can hold only rows of threads")
        done.rows += unit.rows
        return Written([])
    found = heads[name]
    if found is None and not any(
        isinstance(row, PutSession) and row.record.id == name for row in unit.rows
    ):
        return Refused("gone", f"there is no session {name!r}")
    head = found or Head()
    refused = _refused(unit, head)
    if refused is not None:
        return refused
    if found is None:
        heads[name] = head
        done.created.add(name)
    if unit.raises:
        head.epoch += 1
    for row in unit.rows:
        match row:
            case PutSession():
                head.revision += 1
                done.rows.append(row)
            case AddSignal():
                head.revision += 1
                done.rows.append(Signal(name, head.revision, row))
            case TakeSignals(through=through):
                done.rows.append(Taken(name, through))
            case DeleteEvents(through=through):
                # The newest stays: who reads on from it finds where the numbers are.
                through = min(through, head.seq - 1)
                if through >= head.first_seq:
                    head.first_seq = through + 1
                    done.rows.append(DeleteEvents(name, through))
            case DeleteSession():
                heads[name] = done.heads[name] = None
                done.created.discard(name)
                # Those before it in the batch would outlive it: events are written last.
                done.events = [one for one in done.events if one[0] != name]
                done.rows.append(row)
                return Written([], head.seq, head.epoch, head.revision)
            case _:
                done.rows.append(row)
    for draft in unit.drafts:
        if draft.beside is not None:
            done.rows.append(PutBeside(name, *draft.beside))
    times.order(name, unit.drafts)
    chunks = split(head.seq + 1, unit.drafts)
    if chunks:
        head.seq = chunks[-1].last_seq
        done.events += [(name, chunk) for chunk in chunks]
    done.heads[name] = head
    return Written(chunks, head.seq, head.epoch, head.revision)


def _refused(unit: Unit, head: Head) -> Refused | None:
    if unit.fence is not None and unit.fence != head.epoch:
        return Refused("epoch", f"epoch {unit.fence} is over, the session is at {head.epoch}")
    if unit.revision is not None and unit.revision != head.revision:
        return Refused("revision", "the session was changed since it was read")
    return None


def split(seq: int, drafts: Sequence[Draft]) -> list[Chunk]:
    """Numbered events from `seq` on, in rows of about `ROW_BYTES`."""
    chunks: list[Chunk] = []
    events: list[bytes] = []
    stored: list[bytes] | None = None
    first, size = seq, 0
    for draft in drafts:
        text = draft.text(seq)
        if draft.stored is not None and stored is None:
            stored = events.copy()
        if stored is not None:
            stored.append(draft.stored_text(seq))
        events.append(text)
        size += len(text) + 1
        seq += 1
        if size >= ROW_BYTES:
            chunks.append(Chunk(first, events, size, stored))
            events, stored, first, size = [], None, seq, 0
    if events:
        chunks.append(Chunk(first, events, size, stored))
    return chunks
