"""Which nodes a checkpoint's tasks will be of, known when it is saved: LangGraph prepares the tasks only after that.

As `prepare_next_tasks` decides (`langgraph/pregel/_algo.py`): what `Send` made comes first, then the nodes one of
whose trigger channels has a value, and a version that the node has not seen.
"""

from collections.abc import Iterator
from typing import Any

from langgraph._internal._constants import TASKS
from langgraph._internal._typing import MISSING
from langgraph.checkpoint.base import Checkpoint
from langgraph.pregel import Pregel

AnyGraph = Pregel[Any, Any, Any, Any]


def next_nodes(graph: AnyGraph | None, checkpoint: Checkpoint) -> list[str]:
    """Names of the nodes, one for each task. `graph`: whose checkpoint it is, None where that is not known."""
    sent = [send.node for send in checkpoint["channel_values"].get(TASKS, ())]
    triggered = _by_channels(checkpoint) if graph is None else _by_graph(graph, checkpoint)
    return [*sent, *sorted(set(triggered))]


def _by_graph(graph: AnyGraph, checkpoint: Checkpoint) -> Iterator[str]:
    versions: dict[str, Any] = checkpoint["channel_versions"]
    seen = checkpoint["versions_seen"]
    updated = checkpoint.get("updated_channels")
    candidates: Any = graph.nodes
    if updated:
        candidates = {
            name for channel in updated for name in graph.trigger_to_nodes.get(channel, ())
        }
    for name in candidates:
        known = seen.get(name, {})
        for channel in graph.nodes[name].triggers:
            version = versions.get(channel)
            if version is None or (channel in known and version <= known[channel]):
                continue
            if _has_value(graph, channel, checkpoint):
                yield name
                break


def _has_value(graph: AnyGraph, channel: str, checkpoint: Checkpoint) -> bool:
    value = checkpoint["channel_values"].get(channel, MISSING)
    spec: Any = graph.channels[channel]
    return bool(spec.from_checkpoint(value).is_available())


def _by_channels(checkpoint: Checkpoint) -> Iterator[str]:
    """By the names of the channels that a `StateGraph` makes: `branch:to:NODE`, and `join:NODE+NODE:NODE`."""
    versions: dict[str, Any] = checkpoint["channel_versions"]
    seen = checkpoint["versions_seen"]
    for channel, value in checkpoint["channel_values"].items():
        kind, _, rest = channel.partition(":")
        if kind == "branch":
            name = rest.partition(":")[2]
        elif kind == "join":
            sources, _, name = rest.rpartition(":")
            if value != set(sources.split("+")):
                continue
        else:
            continue
        if channel not in seen.get(name, {}) or versions[channel] > seen[name][channel]:
            yield name
