"""Every method's handler, by name: the same names as `protocol.methods.METHODS`."""

from collections.abc import Awaitable, Callable
from typing import Any

from rpc.engine.graphs.registry import Graphs
from rpc.engine.running.looks import Looks
from rpc.events.encoding import ROOM_BYTES
from rpc.methods.call import Call
from rpc.methods.debug import DebugMethods
from rpc.methods.graph import GraphMethods
from rpc.methods.query import QueryMethods
from rpc.methods.server import ServerMethods
from rpc.methods.session import SessionMethods
from rpc.methods.turns import Turns
from rpc.sessions.answering import check_answer
from rpc.sessions.cancelling import Cancelling
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.feed import Feed
from rpc.sessions.nodes import Nodes
from rpc.sessions.service import Sessions
from rpc.sessions.starting import Starter
from rpc.settings import Settings

SEARCHES_AT_ONCE = 2
"""Lists and searches at once, each of another client."""

CHECKS: dict[str, Callable[[Any], None]] = {"query.respond": check_answer}
"""What of params is wrong whatever the session is, by method. They raise `ProtocolError`."""


def handlers(
    settings: Settings,
    sessions: Sessions,
    starter: Starter,
    cancelling: Cancelling,
    graphs: Graphs,
    looks: Looks,
    nodes: Nodes,
) -> dict[str, Callable[[Call, Any], Awaitable[Any]]]:
    """The handlers of one server."""
    query = QueryMethods(sessions, starter, cancelling)
    session = SessionMethods(
        sessions,
        Feed(sessions.store, sessions.events, settings.max_frame_bytes - ROOM_BYTES),
        settings.max_frame_bytes - ROOM_BYTES,
        Turns(SEARCHES_AT_ONCE, settings.max_searches, "max_searches"),
        settings.search_seconds,
    )
    graph = GraphMethods(graphs, show_root=settings.show_source_root)
    debug = DebugMethods(Debugger(sessions, looks))
    server = ServerMethods(settings, sessions, starter.quotas, nodes)
    return {
        "query.start": query.start,
        "query.cancel": query.cancel,
        "query.respond": query.respond,
        "query.resume": query.resume,
        "session.list": session.list,
        "session.get": session.get,
        "session.update": session.update,
        "session.delete": session.delete,
        "session.subscribe": session.subscribe,
        "session.unsubscribe": session.unsubscribe,
        "session.events": session.events,
        "session.runs": session.runs,
        "session.value": session.value,
        "session.watch": session.watch,
        "session.unwatch": session.unwatch,
        "session.changes": session.changes,
        "debug.setBreakpoint": debug.set_breakpoint,
        "debug.removeBreakpoint": debug.remove_breakpoint,
        "debug.breakpoints": debug.breakpoints,
        "debug.step": debug.step,
        "debug.continue": debug.go_on,
        "debug.pause": debug.pause,
        "debug.breakOnError": debug.break_on_error,
        "debug.attach": debug.attach,
        "debug.detach": debug.detach,
        "debug.inspect": debug.inspect,
        "debug.history": debug.history,
        "debug.diff": debug.diff,
        "debug.evaluate": debug.evaluate,
        "debug.setState": debug.set_state,
        "debug.rewind": debug.rewind,
        "debug.stepBack": debug.step_back,
        "debug.restartNode": debug.restart_node,
        "graph.list": graph.list,
        "graph.describe": graph.describe,
        "server.info": server.info,
        "server.nodes": server.nodes,
        "rpc.discover": server.discover,
    }
