"""What a graph gave out, read off the checkpoint that it ended with."""

from collections.abc import Sequence
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.base import SerializerProtocol

from rpc.engine.checkpoints.encoding import decode_value
from rpc.engine.langgraph.declared_types import serializer
from rpc.engine.thread.config import Graph
from rpc.engine.values.to_json import to_json
from rpc.storage.store import Store
from rpc.storage.unreadable import Unreadable


def output_at(
    store: Store,
    graph: Graph | None,
    session_id: str,
    checkpoint_id: str,
    channels: str | Sequence[str],
) -> Any:
    """A JSON value: that of the channel, or an object of those that have one, in their order.

    `graph`: None where it is not served any more; then only LangGraph's own types are known. It is right for
    channels that store their value as it is, which most do: compare it before you rely on it. Raises `LookupError`
    where there is no such checkpoint, or what it holds cannot be read, and `StorageError`. From any thread.
    """
    try:
        found = store.checkpoint(session_id, "", checkpoint_id)
    except Unreadable as error:
        raise LookupError(str(error)) from error
    if found is None:
        raise LookupError(f"session {session_id} has no checkpoint {checkpoint_id}")
    serde = _serde(graph)
    stored = {channel: (kind, data) for channel, kind, data in found.values}

    def value(channel: str) -> Any:
        return decode_value(serde, *stored[channel])

    try:
        if isinstance(channels, str):
            return to_json(value(channels) if channels in stored else None)
        return to_json({channel: value(channel) for channel in channels if channel in stored})
    except Exception as error:
        # The engine's border: a graph's own types are made here, and may raise anything.
        raise LookupError(
            f"what checkpoint {checkpoint_id} holds cannot be read: {error!r}"
        ) from error


def _serde(graph: Graph | None) -> SerializerProtocol:
    checkpointer = None if graph is None else graph.checkpointer
    return checkpointer.serde if isinstance(checkpointer, BaseCheckpointSaver) else serializer()
