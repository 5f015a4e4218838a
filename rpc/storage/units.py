"""What is written: units, each committed whole or refused whole, many of them in one transaction.

A unit says under which conditions it may be written: whoever advances a session gives the epoch it advances it
under, whoever changes a session's record gives the revision it read. Both are checked in the transaction that
commits; a unit that comes too late is refused, and the rest of its batch commits.
"""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from rpc.storage.records import Assistant, AuditRecord, RunRecord, SessionRecord, Ttl


class Draft:
    """An event without its number: encoded when it happened, numbered when it is committed.

    `stored`: what the store keeps in the place of `body`, where that refers to something the store has already.
    `beside`: what the event has cut out, by the id that it refers to it with; kept as long as the session.
    """

    __slots__ = ("beside", "body", "head", "size", "stored", "tail")

    def __init__(
        self,
        head: bytes,
        tail: bytes,
        body: bytes,
        stored: bytes | None = None,
        beside: tuple[str, bytes] | None = None,
    ) -> None:
        self.head = head
        self.tail = tail
        self.body = body
        self.stored = stored
        self.beside = beside
        self.size = len(head) + len(tail) + len(body) + 20
        if beside is not None:
            self.size += len(beside[1])

    def text(self, seq: int) -> bytes:
        """The event with its number, UTF-8, on one line."""
        return b"%b%d%b%b" % (self.head, seq, self.tail, self.body)

    def stored_text(self, seq: int) -> bytes:
        """The same as the store keeps it."""
        body = self.body if self.stored is None else self.stored
        return b"%b%d%b%b" % (self.head, seq, self.tail, body)


class PutSession(Struct, frozen=True):
    """Insert or replace a session."""

    record: SessionRecord


class PutTtl(Struct, frozen=True):
    """How long a session is kept, in the place of what was said before."""

    session_id: str
    ttl: Ttl


class PutRun(Struct, frozen=True):
    """Insert or replace a run."""

    record: RunRecord


class DeleteRun(Struct, frozen=True):
    """Delete a run of a session; what it told and saved stays."""

    run_id: str


class TakeDue(Struct, frozen=True):
    """Say that somebody does what follows a run's end, until `at`; unless it was said since it was due at `was_at`."""

    run_id: str
    was_at: int
    at: int
    by: str


class LeaveDue(Struct, frozen=True):
    """Who took what follows a run's end stops before it is done: anybody may take it, at once."""

    run_id: str
    by: str


class EndDue(Struct, frozen=True):
    """What follows a run's end is done, by whom it was taken; unless it is due again."""

    run_id: str
    by: str


class PutAssistant(Struct, frozen=True):
    """Insert or replace an assistant."""

    record: Assistant


class DeleteAssistant(Struct, frozen=True):
    """Delete an assistant with its versions."""

    assistant_id: str


class DeleteSession(Struct, frozen=True):
    """Delete a session with its runs, events, signals and thread; what its unit has behind this is left out."""

    session_id: str


class DeleteEvents(Struct, frozen=True):
    """Delete a session's oldest events, whole rows that end at or before `through`; the newest row stays."""

    session_id: str
    through: int


class AddSignal(Struct, frozen=True):
    """Tell whoever advances the session something: `body` is a JSON value. Its number is the new revision."""

    kind: str
    body: Any = None


class TakeSignals(Struct, frozen=True):
    """Delete the session's signals up to a number: they have taken effect."""

    through: int


class PutJob(Struct, frozen=True):
    """The session is to be advanced. A store that many processes share puts it in the line that they take jobs from.

    `asker`: for whom. Where living nodes have places for no more of theirs, it is held back until one of them ends; so it is where
    `most_of_asker` of theirs are in line. `most`: how many may stand there of graphs that no node runs; None: it goes in line in any case.
    `worker`: who advances it already; None: it stands in line. `recovery`: why where it left off must be looked for. `start_at`: not
    before then, in milliseconds since 1970. `refused`: nodes whose graph cannot go on with it; until `start_at` only others take it.
    """

    session_id: str
    graph: str
    asker: str = ""
    most: int | None = None
    worker: int | None = None
    recovery: str | None = None
    start_at: int | None = None
    most_of_asker: int | None = None
    refused: Sequence[str] = ()


class EndJob(Struct, frozen=True):
    """The session need not be advanced any more: its job, in line or under way, is over."""

    session_id: str


class PutHits(Struct, frozen=True):
    """How often breakpoints of a session were reached, by their keys, in the advance that holds the unit's epoch.

    For the other processes that share the store; a store of one process keeps nothing of it.
    """

    session_id: str
    epoch: int
    hits: dict[str, int]


class PutCheckpoint(Struct, frozen=True):
    """A checkpoint of a thread: `body` and `metadata` encoded, without the values of its channels.

    `versions`: of its channels, as text; their values are `PutValue` rows. `emptied`: channels that have none in
    this version. `created_at`: milliseconds since 1970.
    """

    thread_id: str
    namespace: str
    checkpoint_id: str
    parent_id: str | None
    run_id: str | None
    created_at: int
    versions: dict[str, str]
    body: bytes
    metadata: bytes
    emptied: frozenset[str] = frozenset()


class PutValue(Struct, frozen=True):
    """A channel's value in one version. `data` is all of it, or what it adds to the version `base`.

    `kind`: of the encoding. `head`: what stands before the joined data, where it is in parts; it counts in the
    version that is read, not in those it adds to. `whole`: the bytes that `head` and all parts make together,
    only where `base` is given; for what is kept in memory, it is not stored.
    """

    thread_id: str
    namespace: str
    channel: str
    version: str
    kind: str
    data: bytes
    base: str | None = None
    head: bytes = b""
    whole: bytes = b""


class PutTaskWrites(Struct, frozen=True):
    """What a task wrote at a checkpoint: (index, channel, kind, data) each.

    `again`: what replaces earlier writes of the same index; others are written once. `only`: all earlier ones with
    an index from 0 on are deleted first; with `afresh` the special ones (errors, questions, answers) too.
    """

    thread_id: str
    namespace: str
    checkpoint_id: str
    task_id: str
    task_path: str
    writes: Sequence[tuple[int, str, str, bytes]]
    again: bool = False
    only: bool = False
    afresh: bool = False


ALL_POSITIONS = -1_000
"""Below the index of every write, the special ones included."""


def first_deleted(row: PutTaskWrites) -> int:
    """The least index of the earlier writes that go, where only these are kept."""
    return ALL_POSITIONS if row.afresh else 0


class DeleteThread(Struct, frozen=True):
    """Delete a thread's checkpoints, values and writes."""

    thread_id: str


class DeleteCheckpoints(Struct, frozen=True):
    """Delete some checkpoints of a thread, (namespace, id) each, with their writes, and values nobody needs then.

    Checkpoints whose parent is gone have none.
    """

    thread_id: str
    checkpoints: Sequence[tuple[str, str]]


class Probe(Struct, frozen=True):
    """Write, and change nothing: whether a write can be committed."""


class CopyThread(Struct, frozen=True):
    """Copy all checkpoints, values and writes of a thread to another."""

    source: str
    target: str


class PutAudit(Struct, frozen=True):
    """Add a row to the audit: in the unit of what it tells, so that neither is there without the other."""

    record: AuditRecord


class CountQuery(Struct, frozen=True):
    """The owner started a query, in this second since 1970."""

    owner: str
    second: int


class DeleteTombstones(Struct, frozen=True):
    """Forget which sessions were deleted before a time, in milliseconds since 1970."""

    before_ms: int


class DeleteAudit(Struct, frozen=True):
    """Delete the audit's rows of before a time, in milliseconds since 1970."""

    before_ms: int


Row = (
    PutSession
    | PutTtl
    | PutRun
    | DeleteRun
    | TakeDue
    | LeaveDue
    | EndDue
    | PutAssistant
    | DeleteAssistant
    | DeleteSession
    | DeleteEvents
    | AddSignal
    | TakeSignals
    | PutCheckpoint
    | PutValue
    | PutTaskWrites
    | DeleteThread
    | DeleteCheckpoints
    | CopyThread
    | PutAudit
    | CountQuery
    | DeleteAudit
    | DeleteTombstones
    | PutJob
    | EndJob
    | PutHits
    | Probe
)


class Unit(Struct, eq=False):
    """What is committed together, or refused together.

    `session_id`: whose events and conditions these are; None for a thread without a session. `fence`: the epoch
    under which it was made. `revision`: of the session's record as it was read. `raises`: a new advance begins,
    and units with the epoch before are refused from here on.
    """

    session_id: str | None
    drafts: list[Draft] = []
    rows: Sequence[Row] = ()
    fence: int | None = None
    revision: int | None = None
    raises: bool = False


class Chunk(Struct, frozen=True):
    """One stored row's events. `first_seq` is the number of `events[0]`; `size` is in bytes.

    `stored`: as the store keeps them, where that is something else.
    """

    first_seq: int
    events: list[bytes]
    size: int
    stored: list[bytes] | None = None

    @property
    def last_seq(self) -> int:
        """The number of the last event."""
        return self.first_seq + len(self.events) - 1


class Written(Struct, frozen=True):
    """A unit was committed. `seq`, `epoch`, `revision`: the session's after it; 0 without a session."""

    chunks: list[Chunk]
    seq: int = 0
    epoch: int = 0
    revision: int = 0


class Refused(Struct, frozen=True):
    """A unit was not committed, others of its batch may have been.

    `gone`: there is no such session. `epoch`: somebody else advances it. `revision`: its record was changed since it
    was read. `conflict`: something that must be unique is there already. `invalid`: the store cannot hold it.
    """

    reason: Literal["gone", "epoch", "revision", "conflict", "invalid"]
    detail: str = ""


Outcome = Written | Refused
