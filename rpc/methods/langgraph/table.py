"""Every method's handler, by name: the same names as `protocol.langgraph.METHODS`."""

from collections.abc import Awaitable, Callable
from typing import Any

from rpc.engine.graphs.remembered import Remembered
from rpc.methods.call import Call
from rpc.methods.langgraph.assistants import AssistantMethods
from rpc.methods.langgraph.runs import RunMethods
from rpc.methods.langgraph.store import StoreMethods
from rpc.methods.langgraph.threads import ThreadMethods
from rpc.outgoing import Policy
from rpc.sessions.assistants import Assistants
from rpc.sessions.threads import Threads


def handlers(
    threads: Threads, assistants: Assistants, remembered: Remembered, webhooks: Policy
) -> dict[str, Callable[[Call, Any], Awaitable[Any]]]:
    """The handlers of one server. `webhooks`: which may be called."""
    made = AssistantMethods(assistants, threads)
    thread = ThreadMethods(threads)
    run = RunMethods(threads, assistants, webhooks)
    store = StoreMethods(remembered)
    return {
        "assistants.create": made.create,
        "assistants.search": made.search,
        "assistants.count": made.count,
        "assistants.get": made.get,
        "assistants.update": made.update,
        "assistants.delete": made.delete,
        "assistants.graph": made.graph,
        "assistants.schemas": made.schemas,
        "assistants.subgraphs": made.subgraphs,
        "assistants.versions": made.versions,
        "assistants.latest": made.latest,
        "threads.create": thread.create,
        "threads.search": thread.search,
        "threads.count": thread.count,
        "threads.prune": thread.prune,
        "threads.get": thread.get,
        "threads.join": thread.join,
        "threads.update": thread.update,
        "threads.delete": thread.delete,
        "threads.copy": thread.copy,
        "threads.state": thread.state,
        "threads.updateState": thread.update_state,
        "threads.history": thread.history,
        "runs.create": run.create,
        "runs.list": run.list,
        "runs.get": run.get,
        "runs.join": run.join,
        "runs.cancel": run.cancel,
        "runs.cancelMany": run.cancel_many,
        "runs.delete": run.delete,
        "store.put": store.put,
        "store.get": store.get,
        "store.delete": store.delete,
        "store.search": store.search,
        "store.namespaces": store.namespaces,
    }
