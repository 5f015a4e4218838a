"""What is stored of a session and of a run. Times are milliseconds since 1970, UTC."""

from typing import Any

from msgspec import Struct, field

from protocol.debugging import Breakpoint
from protocol.events import StoppedTask
from protocol.sessions import Status
from protocol.values import Failure, Interrupt


class Stepping(Struct, frozen=True):
    """What a debugger's release asked for: the rule by which the gate stops next.

    `mode`: `continue`, `over`, `into`, `out`, or `to` (a node). `task_ns`: the stepped task's own namespace.
    `target`: the node path, for `to`.
    """

    mode: str = "continue"
    task_ns: list[str] = []
    target: str | None = None


class DebugState(Struct, frozen=True):
    """The debugger's part of a session, all of it durable.

    `hits`: how often each breakpoint's place was reached, by `when:node_name`. `stopped`: the tasks that
    stand, by namespace. `released`: namespaces the gate lets pass. `after_stop`: graphs whose next
    superstep stops, by namespace prefix.
    """

    breakpoints: list[Breakpoint] = []
    hits: dict[str, int] = {}
    stopped: dict[str, StoppedTask] = {}
    released: list[str] = []
    stepping: Stepping = field(default_factory=Stepping)
    after_stop: list[str] = []
    reason: str | None = None
    detail: str | None = None
    entry: bool = False


class SessionRecord(Struct, frozen=True):
    """A row of `sessions`, with its latest run's state.

    `head`: the checkpoint a rewound or edited session goes on from; None for its newest.
    `command`: what the running run was last told, so that recovery can tell it again.
    """

    id: str
    graph: str
    status: Status
    name: str | None
    created_at: int
    updated_at: int
    run_id: str
    runs: int
    query: str | None
    debug_mode: bool = False
    interrupts: list[Interrupt] = []
    debug: DebugState = field(default_factory=DebugState)
    head: str | None = None
    command: dict[str, Any] | None = None
    seq: int = 0


class RunRecord(Struct, frozen=True):
    """A row of `runs`: one query in a session."""

    id: str
    session_id: str
    graph: str
    query: str | None
    input: Any
    config: dict[str, Any] | None
    idempotency_key: str | None
    created_at: int
    after: int
    started_at: int | None = None
    ended_at: int | None = None
    status: Status = "queued"
    result: Any = None
    error: Failure | None = None
