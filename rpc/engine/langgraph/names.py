"""Names that LangGraph gives to what is its own: nodes, channels, tasks, keys."""

from collections.abc import Sequence
from typing import Any

from langgraph._internal._constants import ERROR, ERROR_SOURCE_NODE
from langgraph._internal._typing import MISSING
from langgraph.channels.binop import _get_overwrite
from langgraph.checkpoint.base import WRITES_IDX_MAP
from langgraph.constants import START

SENT = "__pregel_tasks"
"""The channel in which a checkpoint keeps what `Send` made, as a list."""

NO_TASK = "00000000-0000-0000-0000-000000000000"
"""The writes of this task are applied to a checkpoint's state before its tasks run."""

COPY = "__copy__"
"""As this node an update copies a checkpoint, and changes nothing."""

INTERRUPT = "__interrupt__"
"""What a task asked, in its writes, and in items of the stream."""

ERROR_HANDLER = "__error_handler__"
"""What the name of a node's error handler begins with; the node's follows."""

OVERWRITE = "__overwrite__"
"""The one key of a JSON value that stands for `langgraph.types.Overwrite`."""

NAMESPACE_KEYS = ("checkpoint_ns", "langgraph_checkpoint_ns")
"""What the metadata of a subgraph's checkpoint says of where it is, as a plain LangGraph keeps it: the namespace."""

SERVERS_KEYS = ("__", "langgraph_auth_", "langgraph_request_", "stepwire_")
"""How keys of `configurable` begin that LangGraph or a server sets: its own, and who calls."""


TASK_KEY = "stepwire_task_key"
"""The key of `configurable` in which a task's body finds the task's own key."""


def overwritten(value: Any) -> tuple[bool, Any]:
    """Whether an update replaces its channel's value, past the reducer, and with what; in any form LangGraph knows."""
    return _get_overwrite(value)


def without_half_done(
    writes: Sequence[tuple[str, Any]],
) -> Sequence[tuple[str, Any]]:
    """What is kept of a task's writes: of one that failed the error, and not what it had written before.

    LangGraph keeps both, as where a choice behind a node raises, and takes the task for one that has ended when the
    thread goes on: what the choice leads to never runs. Where an error handler follows, all stay.
    """
    channels = {channel for channel, _ in writes}
    if ERROR not in channels or ERROR_SOURCE_NODE in channels:
        return writes
    return [one for one in writes if one[0] in WRITES_IDX_MAP]


def is_hidden(node: str) -> bool:
    """Whether a node is LangGraph's: the start, an error handler."""
    return node.startswith("__")


def is_start(node: str) -> bool:
    """Whether a node is a graph's start: it takes the input, and chooses where a choice was added to `START`."""
    return node == START


def is_internal(channel: str) -> bool:
    """Whether a channel is LangGraph's: no part of the state, but of how the graph goes on."""
    return channel.startswith(("__", "branch:", "join:"))


def tells_interrupts(values: Any) -> bool:
    """Whether an item of the stream's `values` tells interrupts beside the graph's output."""
    return isinstance(values, dict) and INTERRUPT in values


def no_value() -> Any:
    """What a channel is made from that was given nothing yet."""
    return MISSING
