"""The limits that settings make: of graphs in time, of owners in what they may have. Decisions without I/O."""

from msgspec import UnsetType

from rpc.sessions.quotas import NAMED, OwnerLimits
from rpc.sessions.running.time_limits import GraphLimits, TimeLimits
from rpc.settings import Settings
from rpc.storage.records import LOCAL_OWNER


def graph_limits(settings: Settings) -> GraphLimits:
    """How long nodes and runs may take."""
    others = TimeLimits(settings.node_timeout_seconds, settings.run_timeout_seconds)
    graphs = {
        name: TimeLimits(
            others.node
            if isinstance(own.node_timeout_seconds, UnsetType)
            else own.node_timeout_seconds,
            others.run
            if isinstance(own.run_timeout_seconds, UnsetType)
            else own.run_timeout_seconds,
        )
        for name, own in settings.graph_settings.items()
    }
    return GraphLimits(others, graphs)


def owner_limits(settings: Settings, owner: str) -> OwnerLimits:
    """How much an owner may have: where nobody says who they are, only what was set."""
    others = OwnerLimits() if owner == LOCAL_OWNER else NAMED
    return OwnerLimits(
        others.sessions
        if settings.max_sessions_per_owner is None
        else settings.max_sessions_per_owner,
        others.stored_bytes
        if settings.max_stored_bytes_per_owner is None
        else settings.max_stored_bytes_per_owner,
        others.queries
        if settings.max_queries_per_minute is None
        else settings.max_queries_per_minute,
        others.memory_bytes
        if settings.max_memory_bytes_per_owner is None
        else settings.max_memory_bytes_per_owner,
    )
