"""The seam: what the rest needs of a store. A second store implements `Store`, and passes `tests/storage`."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Protocol, TypeVar

from msgspec import Struct

from rpc.storage.records import Assistant, AuditRecord, Due, RunRecord, SessionRecord, Ttl
from rpc.storage.units import DeleteEvents, Outcome, Unit

if TYPE_CHECKING:
    from rpc.storage.planning import Head
    from rpc.storage.soundness import Soundness
    from rpc.storage.unreadable import Unreadables


Reason = Literal[
    "locked",
    "full",
    "failed",
    "corrupt",
    "not_a_database",
    "missing",
    "replaced",
    "read_only",
    "io_error",
    "outdated",
]
"""Why a store fails. Up to `failed` it passes by itself."""


P = ParamSpec("P")
T = TypeVar("T")


class StorageError(Exception):
    """The store cannot read or write now (a full disk, a lock); nothing of the call was kept. `reason`: for a program."""

    def __init__(self, message: str, reason: Reason = "failed") -> None:
        super().__init__(message)
        self.reason: Reason = reason


class StorageBroken(StorageError):
    """The store fails until somebody mends it (it is damaged, replaced, deleted, may not be written, the disk fails, or it
    needs a newer version of Stepwire).

    The message says what to do. Nothing that is written from here on would last: no work is taken, and what runs
    stops where it is.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message, reason)


class TookTooLong(Exception):
    """What was looked for was not found in the time there was; `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it took over {seconds:g} s")
        self.seconds = seconds


class EventRow(Struct, frozen=True):
    """Some events of one session: `data` is the encoded notifications, joined by newlines."""

    first_seq: int
    last_seq: int
    data: bytes


class SignalRow(Struct, frozen=True):
    """What somebody wants of a session that is being advanced. `number`: the revision it made."""

    number: int
    kind: str
    body: Any


class SessionPage(Struct, frozen=True):
    """A page of sessions, newest first; `total`: how many match in all, `more_than`: or more.

    `places`: what `before` takes, by record; a session without a run has None.
    """

    records: list[tuple[SessionRecord, RunRecord | None]]
    places: list[int]
    total: int
    more_than: bool = False


Place = tuple[int, int]
"""Where a change of a session stands among all: the change's number, and the session's, in the order in which they are read."""


class Change(Struct, frozen=True):
    """The last change of a session's record, or that it was deleted; then `record` is None.

    `made`: the number of the change that made it. `run`: its latest.
    """

    place: Place
    made: int
    session_id: str
    record: SessionRecord | None
    run: RunRecord | None = None


class ChangesPage(Struct, frozen=True):
    """Changes in their order. `end`: where to go on from; `more`: at once."""

    changes: list[Change]
    end: Place
    more: bool


class Which(Struct, frozen=True):
    """Which sessions a page is of, beside one status and a text.

    `tags`: that have all of these. `statuses`: any of these. `graph`: of this one. `created_after`, `created_before`: made then or later, or
    before then, in milliseconds since 1970. `id_prefix`: whose id begins so.
    """

    statuses: tuple[str, ...] = ()
    graph: str | None = None
    created_after: int | None = None
    created_before: int | None = None
    id_prefix: str | None = None
    tags: tuple[str, ...] = ()


class OwnerUsage(Struct, frozen=True):
    """What an owner uses, over all nodes.

    `sessions`: how many there are; `running`: of these, how many run. `bytes`: kept of them, events, checkpoints and results
    among it. `queries`: how many were started lately, by the second since 1970, the oldest first.
    """

    sessions: int = 0
    running: int = 0
    bytes: int = 0
    queries: Sequence[tuple[int, int]] = ()


class StoredCheckpoint(Struct, frozen=True):
    """A checkpoint as `PutCheckpoint` gave it, with its channels' values, (channel, kind, whole data) each.

    `writes`: (task id, channel, kind, data, task path, index) each, in the order in which LangGraph applies them. `newest`: the id of
    the newest one of its namespace, where it was asked for by its own; else empty.
    """

    thread_id: str
    namespace: str
    checkpoint_id: str
    parent_id: str | None
    versions: dict[str, str]
    body: bytes
    metadata: bytes
    values: list[tuple[str, str, bytes]]
    writes: list[tuple[str, str, str, bytes, str, int]]
    newest: str = ""


class CheckpointOutline(Struct, frozen=True):
    """A checkpoint without what it holds: enough to decide whether it may go.

    `without`: channels in `versions` of whose version there is no value. `created_at`: milliseconds since 1970.
    """

    thread_id: str
    namespace: str
    checkpoint_id: str
    parent_id: str | None
    created_at: int
    versions: dict[str, str]
    without: frozenset[str]
    metadata: bytes


def newest_of(outlines: Iterable[CheckpointOutline]) -> dict[str, str]:
    """The newest checkpoint's id of each namespace."""
    newest: dict[str, str] = {}
    for one in outlines:
        newest[one.namespace] = max(newest.get(one.namespace, ""), one.checkpoint_id)
    return newest


class Store(Protocol):
    """Everything durable. Every method raises `StorageError` when the store fails, `StorageBroken` when that lasts.

    `soundness`: where a fault that lasts is noted. What is stored and cannot be read is left out of lists, and is
    noted in `unreadable`; where it is asked for by its key, `Unreadable` is raised.

    `write` is called by one thread, the line's; reads may be called from any, and see what is committed. Those that
    end in `_page` or read much are coroutines.
    """

    @property
    def soundness(self) -> "Soundness": ...

    @property
    def unreadable(self) -> "Unreadables": ...

    @property
    def shared(self) -> bool:
        """Whether other processes write to it too."""

    async def read(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `what` gives, which asks this store by methods that are no coroutines: the loop does not wait for a database that does."""
        raise NotImplementedError

    def write(self, units: Sequence[Unit]) -> list[Outcome]:
        """Commit all units that may be in one transaction, durable on return; an outcome for each."""

    def session(self, session_id: str, owner: str | None = None) -> SessionRecord | None:
        """The session, with its epoch, revision and the number of its last committed event.

        `owner`: only if it is theirs; one that is not takes the time that one takes which is not there.
        """

    async def heads(self, session_ids: Sequence[str]) -> "dict[str, Head]":
        """How far sessions are: their epochs, revisions and last events; those that are gone are missing."""

    def run(self, run_id: str) -> RunRecord | None:
        """The run."""

    def run_by_key(self, owner: str, idempotency_key: str) -> RunRecord | None:
        """The owner's run that was started with the key."""

    def active(self, owner: str) -> int:
        """How many of the owner's sessions are queued or running."""

    def usage(self, owner: str, since_second: int) -> OwnerUsage:
        """What the owner uses now, without a look at each session. `since_second`: queries of that second or later, at most
        of the last two minutes; those of units with `CountQuery`.
        """

    def secret(self, name: str) -> bytes:
        """What nobody outside may guess; the same for as long as the data is kept. Raises `LookupError`."""

    def signals(self, session_id: str, after: int = 0) -> list[SignalRow]:
        """The session's signals past a number that have not taken effect, oldest first."""

    def hits(self, session_id: str) -> tuple[int, dict[str, int]] | None:
        """What was told last of an advance that is under way, or was broken off: its epoch, and how often breakpoints were reached, by key."""

    def durations(self, owner: str, graph: str, limit: int) -> list[int]:
        """Milliseconds that the owner's newest completed runs of the graph took, at most `limit`."""

    def status_counts(self) -> dict[str, int]:
        """How many sessions are in each status; those without any may be left out."""

    def results_of(self, session_id: str) -> list[str]:
        """Ids of the checkpoints that results of the session's runs stand in: pruning must keep them."""

    def checkpoint(
        self, thread_id: str, namespace: str, checkpoint_id: str | None = None
    ) -> StoredCheckpoint | None:
        """A checkpoint, or the newest of its namespace."""

    def checkpoints(
        self,
        thread_id: str | None,
        namespace: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[StoredCheckpoint]:
        """Checkpoints, newest first; of all namespaces, or threads, where None. `before`: only those older."""

    def outlines(self, thread_id: str) -> list[CheckpointOutline]:
        """All checkpoints of a thread."""

    def checkpoints_of_runs(self, run_ids: Sequence[str]) -> list[tuple[str, str, str]]:
        """The checkpoints that these runs made: (thread, namespace, id) each."""

    async def sessions_page(
        self,
        *,
        owner: str | None,
        limit: int,
        offset: int = 0,
        before: int | None = None,
        status: str | None = None,
        search: str | None = None,
        which: Which | None = None,
        seconds: float | None = None,
    ) -> SessionPage:
        """A page of the owner's, or of everybody's where None, newest first; `before`: only those behind this place.

        `which`: fewer of them. Raises `TookTooLong` past `seconds`.
        """

    async def changes(self, owner: str | None, after: Place, limit: int) -> ChangesPage:
        """The sessions of an owner, or of everybody where None, whose records were changed past a place, each with its last
        change; and those that were deleted. At most `limit`, oldest first.

        Whoever reads on from `end` misses nothing: what is committed later stands behind it.
        """

    def changes_end(self) -> Place:
        """The place behind all that is committed."""

    def tombstones_removed(self, owner: str | None) -> int:
        """The number of the last change up to which deletions are not known any more; 0 where all are."""

    async def has_tombstones_before(self, at_ms: int) -> bool:
        """Whether deletions of before a time are known."""

    async def in_status(self, statuses: Sequence[str]) -> list[SessionRecord]:
        """All sessions in one of the statuses, oldest first."""

    async def older_than(
        self, updated_at: int, limit: int, statuses: Sequence[str], after: str = ""
    ) -> list[str]:
        """Ids of at most `limit` sessions in one of these statuses, not queued or running, untouched since then; past
        an id, in their order.
        """

    async def old_events(self, before_ms: int, limit: int) -> list[DeleteEvents]:
        """What deletes the events committed before a time, of at most `limit` sessions not queued or running.

        The newest row of a session is not among them.
        """

    async def old_threads(self, before_ms: int, limit: int, after: str = "") -> list[str]:
        """Ids of at most `limit` sessions, not queued or running, with checkpoints made before a time that are not
        the newest of their namespace; past an id, in their order.
        """

    def ttl(self, session_id: str) -> Ttl | None:
        """How long the session is kept, where that is said."""

    async def expired(self, at_ms: int, limit: int, after: str = "") -> list[str]:
        """Ids of at most `limit` sessions, not queued or running, that were to be kept until a time; past an id, in their order."""

    def due(self, run_id: str) -> Due | None:
        """What follows the run's end, where that is not done; also while it goes on."""

    async def dues(self, limit: int, after: str = "") -> list[Due]:
        """What follows the ends of runs, not queued or running, of at most `limit`; past a run's id, in their order."""

    async def events(self, session_id: str, after: int, limit_bytes: int) -> list[EventRow]:
        """Rows that hold events past `after`, oldest first: at least one, about `limit_bytes` in all."""

    async def runs_page(
        self, session_id: str, *, limit: int, before: str | None = None
    ) -> list[RunRecord]:
        """The session's runs, newest first; `before`: only those older than this one."""

    def assistant(self, assistant_id: str) -> Assistant | None:
        """The assistant."""

    def assistants(self, owner: str | None) -> list[Assistant]:
        """The owner's assistants, or everybody's, the newest first."""

    async def audit_page(
        self,
        *,
        limit: int,
        before: int | None = None,
        since_ms: int = 0,
        session_id: str | None = None,
    ) -> list[AuditRecord]:
        """Rows of the audit, newest first. `before`: only those with a lesser number. `since_ms`: not older ones."""

    async def has_audit_before(self, at_ms: int) -> bool:
        """Whether the audit has rows of before a time."""

    async def beside(self, session_id: str, id: str) -> bytes | None:
        """What an event of the session has cut out, by the id in its reference."""

    def close(self) -> None:
        """Close; no call may follow."""
