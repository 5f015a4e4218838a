"""What a query asks for, beside its params: for whom, of what kind, and whether it is the same again. Decisions without I/O."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.queries import Busy, QueryStartParams
from rpc.sessions.debugging import breakpoints
from rpc.sessions.running.gating import settings
from rpc.storage.records import Breakpoint, Caller, DebugState, RunOptions, RunRecord


class Asker(Struct, frozen=True):
    """For whom a run is started. `owner`: whose it is. `caller`: who asked, for the graph; None of the local one."""

    owner: str
    caller: Caller | None = None


class Beside(Struct, frozen=True):
    """What a run is started with beside the params. `answer`: of the question that is open, or by question.

    `bare`: neither query nor input is needed: it goes on with what there is, and a run that waits or stands is over for it. `busy`: see
    `when_busy` of `query.start`. `session_id`: of a new session. `run_id`: of the run, where it has one before it is made. `session_metadata`: what is said of the session from now on.
    """

    options: RunOptions = RunOptions()
    metadata: dict[str, Any] = {}
    answer: Any = UNSET
    bare: bool = False
    busy: Busy = "reject"
    session_id: str | None = None
    run_id: str | None = None
    session_metadata: dict[str, Any] = {}


NOTHING = Beside()

KEPT = frozenset({"query", "input", "config", "graph", "idempotency_key", "subscribe", "_meta"})
"""Fields of a request that are compared with the run itself, or that say nothing of what is started."""


def differs(run: RunRecord, params: QueryStartParams) -> str | None:
    """What the run was not started with, of what is asked now; None where it is the same."""
    if run.query != params.query:
        return "query"
    if (run.input if run.query is None else None) != params.input:
        return "input"
    if (run.config or None) != (params.config or None):
        return "config"
    if params.graph is not None and params.graph != run.graph:
        return "graph"
    # Without it, the first request made a session of its own.
    if params.session_id is not None and params.session_id != run.session_id:
        return "session_id"
    if run.request is not None:
        now = request_of(params)
        for field in sorted({*run.request, *now}):
            if run.request.get(field) != now.get(field):
                return field
    return None


def request_of(params: QueryStartParams) -> dict[str, str]:
    """What a request gives beside what its run's record keeps, each field by a digest of its value.

    How it is subscribed to is not part of it: another connection may ask again for what it lost.
    """
    given: dict[str, Any] = msgspec.to_builtins(params)
    # Left out, so that a version that has one more field takes a retry for the same.
    unless = msgspec.to_builtins(QueryStartParams())
    return {
        field: hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]
        for field, value in given.items()
        if field not in KEPT and value != unless.get(field)
    }


def sets(params: QueryStartParams) -> str | None:
    """What a query sets of its session, beside asking it something."""
    for field in (
        "session_name",
        "tags",
        "metadata",
        "debug_mode",
        "debugger_id",
        "breakpoints",
        "stop_on_entry",
    ):
        value = getattr(params, field)
        if not isinstance(value, UnsetType) and value not in (None, []):
            return field
    for field in ("break_on_error", "break_on_raised"):
        if not isinstance(getattr(params, field), UnsetType):
            return field
    return None


def is_plain(options: RunOptions) -> bool:
    """Whether they say nothing of where a run goes, but only of how it is told."""
    told = msgspec.structs.replace(options, callbacks=False, modes=[], subgraphs=False, busy=None)
    return told == RunOptions()


def answers_to(ids: Sequence[str], given: Any) -> dict[str, Any]:
    """Answers by question, of an object of them or one answer. Raises `ProtocolError` (invalid params)."""
    if isinstance(given, dict) and given and all(key in ids for key in given):
        return dict(given)
    if len(ids) > 1:
        raise ProtocolError(
            INVALID_PARAMS,
            f"{len(ids)} nodes ask: answer by the ids of their questions, {', '.join(ids)}",
            path="$.command.resume",
        )
    return {ids[0]: given}


def with_given(
    debug: DebugState, given: Sequence[Breakpoint], params: QueryStartParams
) -> DebugState:
    """What was set of the debugger, with what a query sets."""
    for one in given:
        debug = msgspec.structs.replace(debug, breakpoints=breakpoints.put(debug.breakpoints, one))
    changes = {}
    if not isinstance(params.break_on_error, UnsetType):
        changes["errors"] = breakpoints.types_of(params.break_on_error)
    if not isinstance(params.break_on_raised, UnsetType):
        changes["raised"] = breakpoints.types_of(params.break_on_raised)
    return settings(msgspec.structs.replace(debug, **changes))
