"""What is stored of a session and of a run. Times are milliseconds since 1970, UTC.

These are the store's own types: a field that is renamed on the wire is not renamed here. One that is renamed here needs
a migration.
"""

from typing import Any, Literal

from msgspec import UNSET, Struct, field

LOCAL_OWNER = "local"
"""Whose sessions are that nobody named an owner for: of a server without authentication, and of earlier versions."""

Status = Literal[
    "idle", "queued", "running", "paused", "waiting", "completed", "failed", "cancelled"
]
"""A session's status; `idle` has had no run yet."""


class Breakpoint(Struct, frozen=True):
    """Where and when the debugger stops, or logs: by node name or path and `when`.

    `channel`: a data breakpoint, which stops behind the superstep that made another value of this channel; `node_name` is
    then the path of the (sub)graph whose state has it, '' for the top one.
    """

    node_name: str
    enabled: bool = True
    when: Literal["before", "after"] = "before"
    condition: str | None = None
    hit_count: int | None = None
    log: str | None = None
    channel: str | None = None


class StoppedTask(Struct, frozen=True):
    """A task that stands before its node's body, or asks. `input`: a JSON value, cut."""

    node: str
    path: str
    task_id: str
    reason: Literal[
        "breakpoint", "change", "step", "pause", "entry", "failure", "raised", "interrupt"
    ]
    input: Any = None
    detail: str | None = None
    parent_task_id: str | None = None


class Question(Struct, frozen=True):
    """What a node asks a person. `value`: a JSON value; `node`: its path."""

    interrupt_id: str
    value: Any
    node: str | None = None
    task_id: str | None = None


class Failure(Struct, frozen=True):
    """Why a run failed: an exception's type and message, the path of the node that raised it, its file and line."""

    type: str
    message: str
    node: str | None = None
    file: str | None = None
    line: int | None = None


class Stepping(Struct, frozen=True):
    """The rule by which the gate stops next, beside breakpoints.

    `mode`: `continue` (no rule), `over`, `into`, `out`, or `to` (a node). `tasks`: namespaces of the tasks
    being stepped. `target`: the node name or path, for `to`.
    """

    mode: Literal["continue", "over", "into", "out", "to"] = "continue"
    tasks: list[str] = []
    target: str | None = None


class DebugState(Struct, frozen=True):
    """The debugger's part of a session, all of it durable.

    `hits`: how often each breakpoint's place was reached, by `when:node_name`. `stopped`: the tasks that
    stand, by namespace. `released`: namespaces of stopped tasks that were let go. `entered`: those of tasks
    that went and have not ended: they hold a task that stands or asks, or were cut off. `asking`: the tasks
    that ask a person, by namespace, their reason `interrupt`. `after`: namespaces of ended tasks behind which
    an `after` breakpoint still has to stop. `entry`: stop at the run's first task. `pausing`: stop at every
    task that starts, as `debug.pause` asked. `at_end`: the graph has ended, and an `after` breakpoint holds the session there.
    `errors`: the exception types that stop where a node raises and that would end the run, None for all; `raised`: those that stop
    where it is retried, handled or may be caught too. `passes`: how often a task that has not ended was stopped by such an
    error, by namespace: as often it raises without a stop when it runs again. `changes`: what data breakpoints say of tasks in
    `after`. `open`: the supersteps of the tasks that were told as started and not as ended, by namespace. `debuggers`: the ids of those
    who debug it, where it is in debug mode, '' for all without one; none known is as one without.
    """

    breakpoints: list[Breakpoint] = []
    hits: dict[str, int] = {}
    stopped: dict[str, StoppedTask] = {}
    released: list[str] = []
    entered: list[str] = []
    asking: dict[str, StoppedTask] = {}
    stepping: Stepping = field(default_factory=Stepping)
    after: list[str] = []
    entry: bool = False
    pausing: bool = False
    at_end: bool = False
    open: dict[str, int | None] = {}
    errors: list[str] | None = None
    raised: list[str] | None = []
    passes: dict[str, int] = {}
    changes: dict[str, str] = {}
    debuggers: list[str] = []


class Expiry(Struct, frozen=True):
    """That a session will be removed, as it was told. `untouched_since`: it counts as long as that is so."""

    untouched_since: int
    removed_at: int


class Ttl(Struct, frozen=True):
    """How long a session is kept: `minutes` from when that was said, up to `expires_at`.

    `delete`: then it is removed. `keep_latest`: then its older states are, and again after as long.
    """

    strategy: Literal["delete", "keep_latest"]
    minutes: float
    expires_at: int


class Due(Struct, frozen=True):
    """What follows a run's end and is not done yet: a row of `aftermaths`.

    `at`: somebody does it, who may have ended if it is still due then, in milliseconds since 1970; 0 where nobody does. `tries`: how often it was
    begun. `taken_by`: by whom last.
    """

    run_id: str
    session_id: str
    at: int
    tries: int
    taken_by: str


class Caller(Struct, frozen=True):
    """Who asked for a run, as far as whoever goes on with it must know. `owner`: whose the run is.

    `scopes`: what they may do. `name`: of their token, or their own. `claims`: what else was said of them; no secret.
    """

    owner: str = LOCAL_OWNER
    scopes: list[str] = []
    name: str | None = None
    claims: dict[str, Any] = {}


class SessionRecord(Struct, frozen=True):
    """A row of `sessions`, with its latest run's state. `owner`: whose it is, from its start to its end.

    `command`: what the running run was last told, so that recovery can tell it again. `expiry`: what was told of its
    removal, where it rests. `seq`, `epoch`,
    `revision` and `first_seq` are the store's: the last event's number, who advances the session, how often it was
    changed, and the oldest event's number that is kept.
    """

    id: str
    graph: str
    status: Status
    name: str | None
    created_at: int
    updated_at: int
    run_id: str | None
    runs: int
    query: str | None
    # What its queries said, the newest first: what a search for a session looks into.
    texts: str | None = None
    owner: str = LOCAL_OWNER
    tags: list[str] = []
    metadata: dict[str, Any] = {}
    debug_mode: bool = False
    interrupts: list[Question] = []
    debug: DebugState = field(default_factory=DebugState)
    command: dict[str, Any] | None = None
    expiry: Expiry | None = None
    # The runs that wait for the one under way, by id, the next one first.
    line: list[str] = []
    # Of a copy: secrets that runs of the other session brought. What is shown of the states must not have them.
    hidden: list[str] = []
    seq: int = 0
    epoch: int = 0
    revision: int = 0
    first_seq: int = 1


RESULT_MARK = b'"result":@'
"""What an event has where its result is kept elsewhere: a `ResultAt` as JSON follows, and `@`. No JSON value begins so."""


class ResultAt(Struct, frozen=True):
    """Where a run's result stands: in a checkpoint of the session's top graph.

    `channels`: the one whose value the result is, or those that are the members of it.
    """

    checkpoint_id: str
    channels: str | list[str]


class Deaths(Struct, frozen=True):
    """How often the server died while a run was under way, since that came further last.

    `seq`: the session's last event at the last of these deaths. `held`: it does not run, though its status says so: it waits
    until others have gone on alone. `tried`: when it last went on in its turn, or a node of it began before the first death, in milliseconds since 1970;
    0 where that is not known.
    """

    count: int
    seq: int
    held: bool = False
    tried: int = 0


class RunCommand(Struct, frozen=True):
    """What LangGraph's `Command` tells a graph, in the place of an input, or beside answers.

    `update`: of the state, an object or pairs of a channel and a value. `goto`: names of nodes, or objects with `node` and `input`.
    `resume`: an answer that no question of the session's is known for, such as one that is asked again after an edit; unset where there is none.
    """

    update: Any = None
    goto: list[Any] = []
    resume: Any = UNSET


class RunOptions(Struct, frozen=True):
    """How a run is to go, beside its config. `checkpoint_id`: from where, in place of the newest.

    `follows`: the run before waited or stood, and this one goes on with what that left; its first event is then that it runs.
    `stop_before`, `stop_after`: at these nodes of the top graph, or `["*"]`. `came_from`: the top graph's newest
    checkpoint before it. `delete_session`: its session goes with its end. `start_at`: not before then, in milliseconds since 1970.
    `patient`: in line, it waits also for the answers to the run before it. `callbacks`: what LangChain's callbacks tell is told. `modes`, `subgraphs`: which parts of LangGraph's streams its readers get
    who do not say which, and whether those of subgraphs. `busy`: what LangGraph's clients asked for where its session was busy, as they call it.
    """

    command: RunCommand | None = None
    checkpoint_id: str | None = None
    follows: bool = False
    stop_before: list[str] = []
    stop_after: list[str] = []
    came_from: str | None = None
    webhook: str | None = None
    delete_session: bool = False
    start_at: int | None = None
    patient: bool = False
    callbacks: bool = False
    modes: list[str] = []
    subgraphs: bool = False
    busy: str | None = None

    @property
    def is_followed(self) -> bool:
        """Whether something is due once the run has ended."""
        return self.webhook is not None or self.delete_session


class Assistant(Struct, frozen=True):
    """A row of `assistants`: settings for a graph, under a name. `versions`: all there were, the oldest first; `version`: the one in use.

    `created_at`, `updated_at`: milliseconds since 1970.
    """

    id: str
    owner: str
    version: int
    versions: list["AssistantVersion"]
    created_at: int
    updated_at: int

    @property
    def now(self) -> "AssistantVersion":
        """What is in use."""
        return next(one for one in self.versions if one.version == self.version)


class AssistantVersion(Struct, frozen=True):
    """What an assistant was at a time."""

    version: int
    graph: str
    name: str
    description: str | None
    config: dict[str, Any]
    context: dict[str, Any]
    metadata: dict[str, Any]
    created_at: int


class RunRecord(Struct, frozen=True):
    """A row of `runs`: one query in a session.

    A result is kept here, or in the checkpoint that `result_at` names. `results`: the checkpoints that events of the
    run refer to, the last one being that of `result_at` where there is one; a run that was rewound may have several.
    """

    id: str
    session_id: str
    graph: str
    query: str | None
    input: Any
    config: dict[str, Any] | None
    idempotency_key: str | None
    created_at: int
    after: int
    estimated_duration_ms: int
    started_at: int | None = None
    ended_at: int | None = None
    status: Status = "queued"
    result: Any = None
    result_at: ResultAt | None = None
    results: list[str] = []
    error: Failure | None = None
    usage: dict[str, int] | None = None
    # Milliseconds that it ran before it last came to rest.
    ran_ms: int = 0
    owner: str = LOCAL_OWNER
    # None of the local one: a graph is told nothing of them.
    caller: Caller | None = None
    # The W3C `traceparent` of the request that started it, where that was traced: whoever goes on with it goes on with its trace.
    trace: str | None = None
    deaths: Deaths | None = None
    # What whoever started it says of it, and how it is to go.
    metadata: dict[str, Any] = {}
    options: RunOptions = field(default_factory=RunOptions)
    # Of one with an idempotency key: what its request had beside what is kept above, each field by a digest of its value.
    # None where an earlier version stored it.
    request: dict[str, str] | None = None


class AuditRecord(Struct, frozen=True):
    """A row of `audit`: who did what, when. It stays when what it is of is gone.

    `at`: milliseconds since 1970. `action`: as a method is named, such as `debug.rewind`. `owner`, `principal`, `client`,
    `request_id`: of who asked; None where the server did it by itself. `detail`: what was done, without values that were given.
    `number`: the store's, in the order of the commits.
    """

    at: int
    action: str
    session_id: str | None = None
    run_id: str | None = None
    owner: str | None = None
    principal: str | None = None
    client: str | None = None
    request_id: str | None = None
    detail: dict[str, Any] = {}
    number: int = 0
