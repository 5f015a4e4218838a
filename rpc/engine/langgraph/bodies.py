"""What LangGraph makes of what a node was given: runnables of its own, subgraphs it found, `@task` functions."""

from collections.abc import Callable
from typing import Any

from langgraph._internal._runnable import RunnableCallable, RunnableSeq
from langgraph.func import _TaskFunction
from langgraph.pregel._read import PregelNode
from langgraph.pregel.protocol import PregelProtocol

__all__ = [
    "AnyProtocol",
    "PregelNode",
    "RunnableCallable",
    "RunnableSeq",
    "inner_graph",
    "task_function",
]

AnyProtocol = PregelProtocol[Any, Any, Any, Any]


def inner_graph(node: PregelNode) -> AnyProtocol | None:
    """The graph that a node is, or that its function calls as far as LangGraph can tell."""
    if node.subgraphs:
        return node.subgraphs[0]
    # One compiled with `checkpointer=False`, which LangGraph does not list.
    return node.bound if isinstance(node.bound, PregelProtocol) else None


def task_function(value: object) -> Callable[..., Any] | None:
    """The function that was decorated with `@task`; None for anything else."""
    return value.func if isinstance(value, _TaskFunction) else None
