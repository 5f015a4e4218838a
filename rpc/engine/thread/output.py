"""What a graph gave out, read off the checkpoint that it ended with."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from langgraph.channels.base import BaseChannel
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.errors import EmptyChannelError

from protocol.errors import ProtocolError
from rpc.engine.checkpoints.encoding import decode_value
from rpc.engine.langgraph.declared_types import serializer
from rpc.engine.langgraph.names import NO_TASK, is_internal, no_value
from rpc.engine.langgraph.place import Place
from rpc.engine.thread.config import Graph
from rpc.engine.thread.subgraphs import subgraph
from rpc.engine.values.to_json import to_json
from rpc.storage.store import Store
from rpc.storage.unreadable import Unreadable


def output_at(
    store: Store,
    graph: Graph | None,
    session_id: str,
    checkpoint_id: str,
    channels: str | Sequence[str] | None,
    namespace: str = "",
    empty: Graph | None = None,
    *,
    told: bool = False,
    update: Sequence[tuple[str, Any]] = (),
) -> Any:
    """A JSON value: that of the channel, or an object of those that have one, in their order.

    `channels`: all that are not LangGraph's own where None. `namespace`: of a subgraph's checkpoint. `empty`: the graph that it is of, whose channels without a value are as they begin.
    `told`: with what a command, and no task, has written there since. `update`: what it is to write, by channel, which may not be stored yet.

    `graph`: None where it is not served any more; then only LangGraph's own types are known. It is right for
    channels that store their value as it is, which most do: compare it before you rely on it. Raises `LookupError`
    where there is no such checkpoint, or what it holds cannot be read, and `StorageError`. From any thread.
    """
    try:
        found = store.checkpoint(session_id, namespace, checkpoint_id)
    except Unreadable as error:
        raise LookupError(str(error)) from error
    if found is None:
        raise LookupError(f"session {session_id} has no checkpoint {checkpoint_id}")
    serde = _serde(graph)
    stored = {channel: (kind, data) for channel, kind, data in found.values}

    def value(channel: str) -> Any:
        return decode_value(serde, *stored[channel])

    def values(names: Sequence[str]) -> dict[str, Any]:
        read = {name: value(name) for name in names if name in stored}
        if empty is None or not told:
            return read
        written: dict[str, list[Any]] = {}
        for task, channel, kind, data, *_ in found.writes:
            if task == NO_TASK and channel in names:
                written.setdefault(channel, []).append(decode_value(serde, kind, data))
        stored_too = set(written)
        for channel, given in update:
            if channel in names and channel not in stored_too:
                written.setdefault(channel, []).append(given)
        return {**read, **_written(empty, read, written)}

    if channels is None:
        channels = [name for name in stored if not is_internal(name)]
    try:
        if isinstance(channels, str):
            return to_json(values([channels]).get(channels))
        read = values(channels)
        return to_json(read if empty is None else {**_beginnings(empty, channels), **read})
    except Exception as error:
        # The engine's border: a graph's own types are made here, and may raise anything.
        raise LookupError(
            f"what checkpoint {checkpoint_id} holds cannot be read: {error!r}"
        ) from error


def _written(
    graph: Graph, read: Mapping[str, Any], written: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """What channels hold once they were given that. Raises what a reducer raises."""
    made: dict[str, Any] = {}
    for name, given in written.items():
        channel = graph.channels.get(name)
        if isinstance(channel, BaseChannel):
            own = channel.from_checkpoint(read.get(name, no_value()))
            own.update(given)
            made[name] = own.get()
    return made


def _beginnings(graph: Graph, channels: Sequence[str]) -> dict[str, Any]:
    """What channels hold that were given nothing: an empty list, where lists are added."""
    found: dict[str, Any] = {}
    for name in channels:
        channel = graph.channels.get(name)
        if isinstance(channel, BaseChannel):
            with suppress(EmptyChannelError):
                found[name] = channel.from_checkpoint(no_value()).get()
    return found


def channels_of(
    graph: Graph | None, namespace: str, *, output: bool
) -> tuple[Graph | None, str | Sequence[str] | None]:
    """A (sub)graph, and the channels that are its state, or its output; None where only a function knows it."""
    place = Place.of(namespace)
    if graph is None:
        return None, None
    try:
        own = subgraph(graph, place.names)
    except ProtocolError:
        return None, None
    return own, own.output_channels if output else own.stream_channels_asis


def _serde(graph: Graph | None) -> SerializerProtocol:
    checkpointer = None if graph is None else graph.checkpointer
    return checkpointer.serde if isinstance(checkpointer, BaseCheckpointSaver) else serializer()
