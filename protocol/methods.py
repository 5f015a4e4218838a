"""The table of methods: each one's params, result and errors."""

from typing import Any

from msgspec import Struct

from protocol import errors as e
from protocol.debugging import (
    BreakOnErrorParams,
    BreakOnErrorResult,
    BreakpointsResult,
    CheckpointResult,
    ContinueParams,
    DiffParams,
    DiffResult,
    EvaluateParams,
    EvaluateResult,
    HistoryParams,
    HistoryResult,
    InspectParams,
    InspectResult,
    RemoveBreakpointParams,
    RemoveBreakpointResult,
    RewindParams,
    RewindResult,
    SetBreakpointParams,
    SetBreakpointResult,
    SetStateParams,
    StepParams,
    StepResult,
)
from protocol.errors import ErrorType
from protocol.examples import METHOD_EXAMPLES
from protocol.graphs import DescribeParams, DescribeResult, GraphListResult
from protocol.queries import QueryStartParams, QueryStartResult, RespondParams, ResumeParams
from protocol.server import NoParams, ServerInfoResult
from protocol.sessions import (
    CancelResult,
    DeleteResult,
    RunsParams,
    RunsResult,
    Session,
    SessionListParams,
    SessionListResult,
    SessionParams,
    StatusResult,
)
from protocol.subscriptions import EventsParams, EventsResult, SubscribeParams, SubscribeResult
from protocol.values import Message, Result, ValueParams, ValueResult


class Method(Struct, frozen=True):
    """A row of the table.

    `name`: on the wire. `params`, `result`: Structs (`result` None: a free JSON value). `summary`: a line.
    `errors`: those of its own, beside the five of JSON-RPC. `description`: more than the line, where needed.
    `looks`: it changes nothing of its session, so that no event can be of it.
    """

    name: str
    params: type[Message]
    result: type[Result] | None
    summary: str
    errors: tuple[ErrorType, ...]
    description: str = ""
    looks: bool = False

    @property
    def example(self) -> tuple[dict[str, Any], Any]:
        """Params, by name, and the result they get."""
        return METHOD_EXAMPLES[self.name]


_WHO = (e.SESSION_NOT_FOUND,)
_DEBUG = (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.WRONG_STATE)

_ROWS = (
    Method(
        "query.start",
        QueryStartParams,
        QueryStartResult,
        "Start a query in a new session, or a follow-up in one.",
        (
            e.SESSION_NOT_FOUND,
            e.WRONG_STATE,
            e.GRAPH_NOT_FOUND,
            e.NODE_NOT_FOUND,
            e.OVERLOADED,
            e.EVENTS_GONE,
        ),
        "Exactly one of `query` and `input`. The response is sent before the run's first event.",
    ),
    Method(
        "query.cancel",
        SessionParams,
        CancelResult,
        "Stop a session's run: its nodes are cancelled.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
    ),
    Method(
        "query.respond",
        RespondParams,
        StatusResult,
        "Answer a node that asks (`interrupt()`).",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
    ),
    Method(
        "query.resume",
        ResumeParams,
        StatusResult,
        "Let a failed run go on from its last checkpoint.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
        "What failed runs again; what had ended does not. An answer that was taken and not used is used.",
    ),
    Method(
        "session.list",
        SessionListParams,
        SessionListResult,
        "The sessions, newest first.",
        (),
        looks=True,
    ),
    Method(
        "session.get",
        SessionParams,
        Session,
        "One session with its result.",
        _WHO,
        looks=True,
    ),
    Method(
        "session.delete",
        SessionParams,
        DeleteResult,
        "Delete a session with its events and checkpoints.",
        _WHO,
        "One that is queued or running is cancelled first.",
    ),
    Method(
        "session.subscribe",
        SubscribeParams,
        SubscribeResult,
        "Send this connection a session's events from `after + 1` on.",
        (e.SESSION_NOT_FOUND, e.EVENTS_GONE),
        "WebSocket only. A second subscription of the connection to the session replaces the first.",
        looks=True,
    ),
    Method(
        "session.unsubscribe",
        SessionParams,
        SubscribeResult,
        "Stop sending this connection a session's events.",
        _WHO,
        looks=True,
    ),
    Method(
        "session.events",
        EventsParams,
        EventsResult,
        "Committed events of a session, for clients that poll.",
        (e.SESSION_NOT_FOUND, e.EVENTS_GONE),
        looks=True,
    ),
    Method(
        "session.runs",
        RunsParams,
        RunsResult,
        "A session's queries, newest first.",
        _WHO,
        looks=True,
    ),
    Method(
        "session.value",
        ValueParams,
        ValueResult,
        "A value that was cut out of an event or answer, whole or by page.",
        _WHO,
        "Nothing is lost by being cut: what is in a page is cut again where it is too large, with a reference.",
        looks=True,
    ),
    Method(
        "debug.setBreakpoint",
        SetBreakpointParams,
        SetBreakpointResult,
        "Set, change, enable or disable a breakpoint or log point.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.removeBreakpoint",
        RemoveBreakpointParams,
        RemoveBreakpointResult,
        "Remove a breakpoint or log point.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.breakpoints",
        SessionParams,
        BreakpointsResult,
        "All breakpoints of a session.",
        (e.SESSION_NOT_FOUND,),
        looks=True,
    ),
    Method(
        "debug.step",
        StepParams,
        StepResult,
        "Let a stopped session run one step, or up to a node.",
        (*_DEBUG, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.continue",
        ContinueParams,
        StatusResult,
        "Let a stopped session run to the next breakpoint.",
        _DEBUG,
    ),
    Method(
        "debug.pause",
        SessionParams,
        StatusResult,
        "Stop a running session at its next superstep.",
        _DEBUG,
        "`debug.stopped` follows when the running nodes have ended.",
    ),
    Method(
        "debug.breakOnError",
        BreakOnErrorParams,
        BreakOnErrorResult,
        "Stop where a node raises: at all errors, none, or those of some types.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE),
    ),
    Method(
        "debug.attach",
        SessionParams,
        StatusResult,
        "Turn on debug mode for a session; a running one then heeds breakpoints.",
        (e.SESSION_NOT_FOUND,),
    ),
    Method(
        "debug.detach",
        SessionParams,
        StatusResult,
        "Turn off debug mode for a session: what stands goes on, and stops no more.",
        (e.SESSION_NOT_FOUND,),
        "Breakpoints are kept for the next `debug.attach`.",
    ),
    Method(
        "debug.inspect",
        InspectParams,
        InspectResult,
        "Look into a session: values, tasks, inputs, last updates.",
        (e.SESSION_NOT_FOUND, e.NODE_NOT_FOUND, e.CHECKPOINT_NOT_FOUND),
        looks=True,
    ),
    Method(
        "debug.history",
        HistoryParams,
        HistoryResult,
        "A session's checkpoints, newest first.",
        (e.SESSION_NOT_FOUND,),
        looks=True,
    ),
    Method(
        "debug.diff",
        DiffParams,
        DiffResult,
        "What differs between the states of two checkpoints.",
        (e.SESSION_NOT_FOUND, e.CHECKPOINT_NOT_FOUND),
        looks=True,
    ),
    Method(
        "debug.evaluate",
        EvaluateParams,
        EvaluateResult,
        "Evaluate an expression over the state and a task's input.",
        (e.SESSION_NOT_FOUND, e.NODE_NOT_FOUND, e.CHECKPOINT_NOT_FOUND),
        looks=True,
    ),
    Method(
        "debug.setState",
        SetStateParams,
        CheckpointResult,
        "Edit the state of a stopped or ended session.",
        (*_DEBUG, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.rewind",
        RewindParams,
        RewindResult,
        "Go back to a checkpoint; stand there, or go on from it.",
        (*_DEBUG, e.CHECKPOINT_NOT_FOUND),
    ),
    Method(
        "graph.list",
        NoParams,
        GraphListResult,
        "The graphs this server serves.",
        (),
        looks=True,
    ),
    Method(
        "graph.describe",
        DescribeParams,
        DescribeResult,
        "A graph's nodes, edges, layout, sources, schemas.",
        (e.GRAPH_NOT_FOUND,),
        looks=True,
    ),
    Method(
        "server.info",
        NoParams,
        ServerInfoResult,
        "Name, versions, limits and capabilities.",
        (),
        looks=True,
    ),
    Method(
        "rpc.discover",
        NoParams,
        None,
        "The OpenRPC document of these methods.",
        (),
        looks=True,
    ),
)

METHODS: dict[str, Method] = {row.name: row for row in _ROWS}
"""The table of methods, by name."""
