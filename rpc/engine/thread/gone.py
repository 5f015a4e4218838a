"""Nodes that come next and that the graph, as it is, does not have: LangGraph leaves them out, as if nothing came."""

import msgspec
from langgraph.checkpoint.base import CheckpointTuple

from rpc.engine.langgraph.next_nodes import next_nodes
from rpc.engine.thread.config import Graph
from rpc.engine.thread.state import ThreadState


def with_gone(own: Graph, saved: CheckpointTuple, found: ThreadState) -> ThreadState:
    """The state with such nodes in its `next`, and in its `error`. `saved`: the checkpoint it is of, `own`: the graph of that."""
    gone = sorted({name for name in next_nodes(None, saved.checkpoint) if name not in own.nodes})
    if not gone:
        return found
    prefix = f"{found.place.path}/" if found.place.parts else ""
    lost = ", ".join(repr(prefix + name) for name in gone)
    return msgspec.structs.replace(
        found,
        next=(*found.next, *gone),
        error=found.error or f"graph_changed: the graph, as this server has it, has no node {lost}",
    )
