"""Which events the parts of LangGraph's streams are made of. Decisions without I/O."""

from collections.abc import Collection

OVER = frozenset({"completed", "failed", "cancelled", "waiting", "paused"})
"""Statuses with which a run's stream ends."""

STEPS = frozenset({
    "session.status", "query.failed", "node.started", "node.finished", "node.failed", "state.checkpoint", "input.requested",
})  # fmt: skip
"""The events that all modes are made of."""

OF_MODES = {
    "custom": "progress",
    "events": "callback",
    "messages": "message.delta",
    "messages-tuple": "message.delta",
}
"""The events that only these modes are made of."""


def events_of(modes: Collection[str]) -> frozenset[str]:
    """The events that the parts of these modes are made of."""
    return STEPS | {OF_MODES[one] for one in modes if one in OF_MODES}
