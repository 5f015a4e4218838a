"""The table of methods: each one's params, result and errors."""

from typing import Any

from msgspec import Struct

from protocol import errors as e
from protocol.debugging import (
    AttachParams,
    BreakOnErrorParams,
    BreakOnErrorResult,
    BreakpointsResult,
    CheckpointResult,
    ContinueParams,
    DebuggersResult,
    DetachParams,
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
    RestartNodeParams,
    RestartNodeResult,
    RewindParams,
    RewindResult,
    SetBreakpointParams,
    SetBreakpointResult,
    SetStateParams,
    StepBackParams,
    StepParams,
    StepResult,
)
from protocol.errors import ErrorType
from protocol.examples import METHOD_EXAMPLES
from protocol.feeds import (
    ChangesParams,
    ChangesResult,
    UnwatchResult,
    WatchParams,
    WatchResult,
)
from protocol.graphs import DescribeParams, DescribeResult, GraphListResult
from protocol.principals import Scope
from protocol.queries import QueryStartParams, QueryStartResult, RespondParams, ResumeParams
from protocol.server import NoParams, ServerInfoResult, ServerNodesResult
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
    UpdateParams,
)
from protocol.subscriptions import EventsParams, EventsResult, SubscribeParams, SubscribeResult
from protocol.values import Message, Result, ValueParams, ValueResult


class Method(Struct, frozen=True):
    """A row of the table.

    `name`: on the wire. `params`, `result`: Structs (`result` None: a free JSON value). `scope`: what its caller must be
    allowed to. `summary`: a line.
    `errors`: those of its own, beside the five of JSON-RPC. `description`: more than the line, where needed.
    `looks`: it changes nothing of its session, so that no event can be of it. `streams`: it is of the events that its
    connection is sent, and is refused where that can be sent none.
    """

    name: str
    params: type[Message]
    result: type[Result] | None
    scope: Scope
    summary: str
    errors: tuple[ErrorType, ...]
    description: str = ""
    looks: bool = False
    streams: bool = False

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
        "run",
        "Start a query in a new session, or a follow-up in one.",
        (
            e.SESSION_NOT_FOUND,
            e.WRONG_STATE,
            e.GRAPH_NOT_FOUND,
            e.NODE_NOT_FOUND,
            e.OVERLOADED,
            e.QUOTA_EXCEEDED,
            e.GRAPH_TIMEOUT,
            e.EVENTS_GONE,
        ),
        "Exactly one of `query` and `input`. The response is sent before the run's first event.",
    ),
    Method(
        "query.cancel",
        SessionParams,
        CancelResult,
        "run",
        "Stop a session's run: its nodes are cancelled.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
    ),
    Method(
        "query.respond",
        RespondParams,
        StatusResult,
        "run",
        "Answer a node that asks (`interrupt()`).",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
    ),
    Method(
        "query.resume",
        ResumeParams,
        StatusResult,
        "run",
        "Let a failed run go on from its last checkpoint.",
        (e.SESSION_NOT_FOUND, e.WRONG_STATE),
        "What failed runs again; what had ended does not. An answer that was taken and not used is used.",
    ),
    Method(
        "session.list",
        SessionListParams,
        SessionListResult,
        "read",
        "The sessions, newest first.",
        (),
        looks=True,
    ),
    Method(
        "session.get",
        SessionParams,
        Session,
        "read",
        "One session with its result.",
        _WHO,
        looks=True,
    ),
    Method(
        "session.update",
        UpdateParams,
        Session,
        "run",
        "Change a session's name, tags or metadata, whatever it does.",
        _WHO,
    ),
    Method(
        "session.delete",
        SessionParams,
        DeleteResult,
        "run",
        "Delete a session with its events and checkpoints.",
        _WHO,
        "One that is queued or running is cancelled first.",
    ),
    Method(
        "session.subscribe",
        SubscribeParams,
        SubscribeResult,
        "read",
        "Send this connection a session's events from `after + 1` on.",
        (e.SESSION_NOT_FOUND, e.EVENTS_GONE),
        "WebSocket only. A second subscription of the connection to the session replaces the first.",
        looks=True,
        streams=True,
    ),
    Method(
        "session.unsubscribe",
        SessionParams,
        SubscribeResult,
        "read",
        "Stop sending this connection a session's events.",
        _WHO,
        looks=True,
        streams=True,
    ),
    Method(
        "session.events",
        EventsParams,
        EventsResult,
        "read",
        "Committed events of a session, for clients that poll.",
        (e.SESSION_NOT_FOUND, e.EVENTS_GONE),
        looks=True,
    ),
    Method(
        "session.runs",
        RunsParams,
        RunsResult,
        "read",
        "A session's queries, newest first.",
        _WHO,
        looks=True,
    ),
    Method(
        "session.value",
        ValueParams,
        ValueResult,
        "read",
        "A value that was cut out of an event or answer, whole or by page.",
        _WHO,
        "Nothing is lost by being cut: what is in a page is cut again where it is too large, with a reference.",
        looks=True,
    ),
    Method(
        "session.watch",
        WatchParams,
        WatchResult,
        "read",
        "Send this connection each change of the sessions that its caller may see.",
        (e.EVENTS_GONE,),
        "A connection watches once: another call takes the place of the one before.",
        looks=True,
        streams=True,
    ),
    Method(
        "session.unwatch",
        NoParams,
        UnwatchResult,
        "read",
        "Stop sending this connection changes of sessions.",
        (),
        looks=True,
        streams=True,
    ),
    Method(
        "session.changes",
        ChangesParams,
        ChangesResult,
        "read",
        "Changes of the sessions, for clients that poll.",
        (e.EVENTS_GONE,),
        looks=True,
    ),
    Method(
        "debug.setBreakpoint",
        SetBreakpointParams,
        SetBreakpointResult,
        "debug",
        "Set, change, enable or disable a breakpoint or log point.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.removeBreakpoint",
        RemoveBreakpointParams,
        RemoveBreakpointResult,
        "debug",
        "Remove a breakpoint or log point.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.breakpoints",
        SessionParams,
        BreakpointsResult,
        "read",
        "All breakpoints of a session.",
        (e.SESSION_NOT_FOUND,),
        looks=True,
    ),
    Method(
        "debug.step",
        StepParams,
        StepResult,
        "debug",
        "Let a stopped session run one step, or up to a node.",
        (*_DEBUG, e.NODE_NOT_FOUND),
    ),
    Method(
        "debug.continue",
        ContinueParams,
        StatusResult,
        "debug",
        "Let a stopped session run to the next breakpoint.",
        _DEBUG,
    ),
    Method(
        "debug.pause",
        SessionParams,
        StatusResult,
        "debug",
        "Stop a running session at its next superstep.",
        _DEBUG,
        "`debug.stopped` follows when the running nodes have ended.",
    ),
    Method(
        "debug.breakOnError",
        BreakOnErrorParams,
        BreakOnErrorResult,
        "debug",
        "Stop where a node raises: at all errors, none, or those of some types.",
        (e.SESSION_NOT_FOUND, e.NOT_IN_DEBUG_MODE),
    ),
    Method(
        "debug.attach",
        AttachParams,
        DebuggersResult,
        "debug",
        "Debug a session, which is in debug mode from then on; a running one then heeds breakpoints.",
        (e.SESSION_NOT_FOUND,),
    ),
    Method(
        "debug.detach",
        DetachParams,
        DebuggersResult,
        "debug",
        "Leave a session that is debugged; with the last who does, what stands goes on, and stops no more.",
        (e.SESSION_NOT_FOUND,),
        "Breakpoints are kept for the next `debug.attach`. Without `debugger_id` all leave.",
    ),
    Method(
        "debug.inspect",
        InspectParams,
        InspectResult,
        "read",
        "Look into a session: values, tasks, inputs, last updates.",
        (e.SESSION_NOT_FOUND, e.NODE_NOT_FOUND, e.CHECKPOINT_NOT_FOUND, e.GRAPH_TIMEOUT),
        looks=True,
    ),
    Method(
        "debug.history",
        HistoryParams,
        HistoryResult,
        "read",
        "A session's checkpoints, newest first.",
        (e.SESSION_NOT_FOUND, e.GRAPH_TIMEOUT),
        looks=True,
    ),
    Method(
        "debug.diff",
        DiffParams,
        DiffResult,
        "read",
        "What differs between the states of two checkpoints.",
        (e.SESSION_NOT_FOUND, e.CHECKPOINT_NOT_FOUND, e.GRAPH_TIMEOUT),
        looks=True,
    ),
    Method(
        "debug.evaluate",
        EvaluateParams,
        EvaluateResult,
        "read",
        "Evaluate an expression over the state, a task's input, the run's config and context.",
        (e.SESSION_NOT_FOUND, e.NODE_NOT_FOUND, e.CHECKPOINT_NOT_FOUND, e.GRAPH_TIMEOUT),
        looks=True,
    ),
    Method(
        "debug.setState",
        SetStateParams,
        CheckpointResult,
        "debug",
        "Edit the state of a stopped or ended session.",
        (*_DEBUG, e.NODE_NOT_FOUND, e.GRAPH_TIMEOUT, e.QUOTA_EXCEEDED),
    ),
    Method(
        "debug.rewind",
        RewindParams,
        RewindResult,
        "debug",
        "Go back to a checkpoint; stand there, or go on from it.",
        (*_DEBUG, e.CHECKPOINT_NOT_FOUND, e.GRAPH_TIMEOUT, e.QUOTA_EXCEEDED),
    ),
    Method(
        "debug.stepBack",
        StepBackParams,
        RewindResult,
        "debug",
        "Go back to where the step before began, or to the breakpoint before.",
        (*_DEBUG, e.NODE_NOT_FOUND, e.CHECKPOINT_NOT_FOUND, e.GRAPH_TIMEOUT, e.QUOTA_EXCEEDED),
    ),
    Method(
        "debug.restartNode",
        RestartNodeParams,
        RestartNodeResult,
        "debug",
        "Run one node again, without those beside it.",
        (*_DEBUG, e.NODE_NOT_FOUND, e.GRAPH_TIMEOUT, e.QUOTA_EXCEEDED),
    ),
    Method(
        "graph.list",
        NoParams,
        GraphListResult,
        "read",
        "The graphs this server serves.",
        (),
        looks=True,
    ),
    Method(
        "graph.describe",
        DescribeParams,
        DescribeResult,
        "read",
        "A graph's nodes, edges, layout, sources, schemas.",
        (e.GRAPH_NOT_FOUND,),
        looks=True,
    ),
    Method(
        "server.info",
        NoParams,
        ServerInfoResult,
        "read",
        "Name, versions, limits and capabilities.",
        (),
        looks=True,
    ),
    Method(
        "server.nodes",
        NoParams,
        ServerNodesResult,
        "read",
        "The nodes that serve here: what each does, has and runs.",
        (),
        looks=True,
    ),
    Method(
        "rpc.discover",
        NoParams,
        None,
        "read",
        "The OpenRPC document of these methods.",
        (),
        looks=True,
    ),
)

METHODS: dict[str, Method] = {row.name: row for row in _ROWS}
"""The table of methods, by name."""
