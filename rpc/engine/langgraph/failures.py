"""What becomes of an error in a node's task: whether LangGraph tries again, hands it on, or ends the run by it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from langgraph.errors import GraphBubbleUp
from langgraph.types import RetryPolicy

from rpc.engine.langgraph.exits import raised
from rpc.engine.langgraph.nesting import AnyGraph, graph_at, node_at
from rpc.engine.langgraph.place import Place
from rpc.engine.values.classes import full_name_of, name_of


def ends_run(
    graph: AnyGraph, task: Place, error: BaseException, failed: Mapping[Place, int]
) -> bool:
    """Whether nothing between this task and the top retries, handles or may catch its error.

    `failed`: how often each task has raised in this advance, this time included.
    """
    if isinstance(error, GraphBubbleUp) or not isinstance(error, Exception):
        return False
    for own in task.from_top():
        node, holder = node_at(graph, own), graph_at(graph, own.graph)
        if node is None or holder is None:
            # A function called this graph: it may catch what that raises.
            return False
        if own.node in (getattr(holder, "node_error_handler_map", None) or ()):
            return False
        # Around the task, this error has not been counted yet.
        times = failed.get(own, 0) + (0 if own == task else 1)
        if _tries_again(_policies(node.retry_policy or holder.retry_policy), error, times):
            return False
    return True


def is_one_of(error: BaseException, names: Collection[str]) -> bool:
    """Whether an error is of one of these types, or of one derived from it: by the class's name, or with its module's."""
    return any(
        name_of(kind) in names or full_name_of(kind) in names
        for kind in type(raised(error)).__mro__
    )


def _policies(given: RetryPolicy | Sequence[RetryPolicy] | None) -> Sequence[RetryPolicy]:
    if given is None:
        return ()
    return (given,) if isinstance(given, RetryPolicy) else given


def _tries_again(policies: Sequence[RetryPolicy], error: Exception, times: int) -> bool:
    """As LangGraph decides: by the first policy that is for this error."""
    for policy in policies:
        if _is_for(policy.retry_on, error):
            return times < policy.max_attempts
    return False


def _is_for(retry_on: Any, error: Exception) -> bool:
    if isinstance(retry_on, Sequence):
        return isinstance(error, tuple(retry_on))
    if isinstance(retry_on, type):
        return isinstance(error, retry_on)
    return bool(retry_on(error))
