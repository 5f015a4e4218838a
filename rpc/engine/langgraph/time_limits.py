"""A limit of time for each attempt of a node's body, by LangGraph's own `TimeoutPolicy`.

Borrowed: `arun_with_retry` (`langgraph/pregel/_retry.py`) heeds `task.timeout` also where the body is a plain function, whose
thread it then leaves to itself; what the attempt still writes is dropped there. It raises `NodeTimeoutError`, which retry policies and error
handlers see.
"""

from dataclasses import replace

from langchain_core.runnables import RunnableSequence
from langgraph._internal._runnable import RunnableSeq
from langgraph.constants import TAG_HIDDEN
from langgraph.errors import NodeTimeoutError
from langgraph.pregel.protocol import PregelProtocol
from langgraph.types import PregelExecutableTask, TimeoutPolicy


def limited(task: PregelExecutableTask, seconds: float) -> PregelExecutableTask:
    """The task with at most so many seconds for each attempt; with its own limit where that is shorter.

    A graph that was added as a node has none: each of its nodes has.
    """
    if _is_graph(task) or TAG_HIDDEN in (task.config.get("tags") or ()):
        return task
    own = task.timeout
    if own is None:
        return replace(task, timeout=TimeoutPolicy(run_timeout=seconds))
    if own.run_timeout is not None and _seconds(own) <= seconds:
        return task
    return replace(task, timeout=replace(own, run_timeout=seconds))


def ran_over(error: BaseException, seconds: float) -> bool:
    """Whether this limit ended a body."""
    return (
        isinstance(error, NodeTimeoutError) and error.kind == "run" and error.run_timeout == seconds
    )


def _seconds(policy: TimeoutPolicy) -> float:
    limit = TimeoutPolicy.coerce(policy)
    return float(limit.run_timeout) if limit and isinstance(limit.run_timeout, float) else 0.0


def _is_graph(task: PregelExecutableTask) -> bool:
    body = task.proc
    if isinstance(body, RunnableSeq):
        body = body.steps[0]
    elif isinstance(body, RunnableSequence):
        body = body.first
    return isinstance(body, PregelProtocol)
