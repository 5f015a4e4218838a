"""Checkpoints as bytes: LangGraph's serialiser does the values, this says what is stored of the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, cast

import ormsgpack
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.base import SerializerProtocol

from rpc.engine.checkpoints.refusing import why
from rpc.engine.checkpoints.versions import are_integers
from rpc.engine.langgraph.names import INTERRUPT, NO_TASK
from rpc.engine.langgraph.task_keys import EDITED, digest
from rpc.engine.values.classes import qualname_of
from rpc.engine.values.to_json import to_json
from rpc.storage.store import StoredCheckpoint
from rpc.storage.unreadable import Unreadable

PLAIN = "msgpack"
"""The kind of what needs no name in front; a msgpack map's first byte is no ASCII."""

LIST = "msgpack.list"
"""The kind of a msgpack array whose header is stored apart, so that others can add to it."""


class UnserializableError(TypeError):
    """A value cannot be stored; the text names the channel and the type."""

    def __init__(self, channel: str, text: str) -> None:
        super().__init__(text)
        self.channel = channel


def encode_value(serde: SerializerProtocol, channel: str, value: Any) -> tuple[str, bytes]:
    """The kind and bytes of a channel's value. Raises `UnserializableError`."""
    try:
        kind, data = serde.dumps_typed(value)
    except Exception as error:
        # The engine's border: a graph's own types are asked what they are, and may raise anything.
        refused = error
    else:
        # A bytearray is still the graph's, and may change.
        return kind, data if type(data) is bytes else bytes(data)
    raise UnserializableError(
        channel,
        f"the value of channel {channel!r}, a {qualname_of(type(value))}, cannot be stored: "
        f"{why(serde, value, refused)}; leave it out of the state, or use a type that LangGraph can serialise",
    ) from refused


def encode_write(serde: SerializerProtocol, channel: str, value: Any) -> tuple[str, bytes]:
    """As `encode_value`, of what a task wrote: a question that cannot be stored is stored as it is shown.

    Nobody reads it back: the node that asks runs again, and makes it anew. Raises `UnserializableError`.
    """
    try:
        return encode_value(serde, channel, value)
    except UnserializableError:
        if channel != INTERRUPT:
            raise
        shown = [replace(one, value=to_json(one.value)) for one in value]
        return encode_value(serde, channel, shown)


def decode_value(serde: SerializerProtocol, kind: str, data: bytes) -> Any:
    """The value that `encode_value` encoded."""
    return serde.loads_typed((PLAIN if kind == LIST else kind, data))


def why_unreadable(kind: str, data: bytes) -> str | None:
    """Why bytes of this kind cannot be read, whatever types are in them, none of which is made; None where they can.

    `kind`: empty where the bytes name it themselves, see `_named`.
    """
    if not kind:
        if not data:
            return "it is empty"
        if data[0] < 0x80:
            name, _, data = data.partition(b"\0")
            kind = name.decode("ascii", "replace")
        else:
            kind = PLAIN
    if kind not in (PLAIN, LIST):
        return None
    try:
        ormsgpack.unpackb(
            data, ext_hook=lambda code, inner: None, option=ormsgpack.OPT_NON_STR_KEYS
        )
    except ValueError as error:
        return str(error)
    return None


def encode_body(serde: SerializerProtocol, checkpoint: Checkpoint) -> bytes:
    """A checkpoint without its values, and without its versions where their text is stored anyway."""
    body = cast(dict[str, Any], checkpoint.copy())
    del body["channel_values"]
    if are_integers(checkpoint["channel_versions"]):
        del body["channel_versions"]
    return _named(*serde.dumps_typed(body))


def encode_metadata(serde: SerializerProtocol, metadata: CheckpointMetadata) -> bytes:
    """A checkpoint's metadata. Raises `UnserializableError`."""
    return _named(*encode_value(serde, "checkpoint metadata", metadata))


def decode_body(serde: SerializerProtocol, found: StoredCheckpoint) -> dict[str, Any]:
    """A stored checkpoint as LangGraph has it, without its values."""
    body: dict[str, Any] = _unnamed(serde, found.body)
    if "channel_versions" not in body:
        body["channel_versions"] = {
            channel: int(version) for channel, version in found.versions.items()
        }
    return body


def decode_metadata(serde: SerializerProtocol, data: bytes) -> CheckpointMetadata:
    """What `encode_metadata` encoded."""
    return cast(CheckpointMetadata, _unnamed(serde, data))


def _named(kind: str, data: bytes) -> bytes:
    return data if kind == PLAIN else b"%b\0%b" % (kind.encode(), data)


def _unnamed(serde: SerializerProtocol, data: bytes) -> Any:
    if data[0] >= 0x80:
        return serde.loads_typed((PLAIN, data))
    kind, _, rest = data.partition(b"\0")
    return serde.loads_typed((kind.decode(), rest))


def decode(
    serde: SerializerProtocol, found: StoredCheckpoint, metadata: CheckpointMetadata | None = None
) -> CheckpointTuple:
    """What LangGraph gets of a stored checkpoint. `metadata`: where it is decoded already. Raises `Unreadable`."""
    try:
        return _decoded(serde, found, metadata)
    except Exception as error:
        # The engine's border: a graph's own types are made here, and may raise anything.
        raise Unreadable(
            found.thread_id, f"checkpoint {found.checkpoint_id}", repr(error)
        ) from error


def _decoded(
    serde: SerializerProtocol, found: StoredCheckpoint, metadata: CheckpointMetadata | None
) -> CheckpointTuple:
    checkpoint = cast(Checkpoint, decode_body(serde, found))
    checkpoint["channel_values"] = {
        channel: _value(serde, found, channel, kind, data) for channel, kind, data in found.values
    }
    if metadata is None:
        metadata = decode_metadata(serde, found.metadata)
    return CheckpointTuple(
        config_of(found.thread_id, found.namespace, found.checkpoint_id),
        checkpoint,
        _with_edits(metadata, found),
        config_of(found.thread_id, found.namespace, found.parent_id) if found.parent_id else None,
        [
            (task_id, channel, decode_value(serde, kind, data))
            for task_id, channel, kind, data, _, _ in found.writes
        ],
    )


_shared: ContextVar[dict[tuple[str, str], tuple[str, Any]] | None] = ContextVar(
    "stepwire_shared_values", default=None
)
"""The values decoded last, by namespace and channel, with their versions; None where each checkpoint gets its own."""


@contextmanager
def sharing_values() -> Iterator[None]:
    """What is decoded meanwhile shares the values of a version: for who reads many checkpoints, and not for their values."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def _value(
    serde: SerializerProtocol, found: StoredCheckpoint, channel: str, kind: str, data: bytes
) -> Any:
    shared = _shared.get()
    version = found.versions.get(channel)
    if shared is None or version is None:
        return decode_value(serde, kind, data)
    known = shared.get((found.namespace, channel))
    if known is None or known[0] != version:
        known = shared[found.namespace, channel] = version, decode_value(serde, kind, data)
    return known[1]


def _with_edits(metadata: CheckpointMetadata, found: StoredCheckpoint) -> CheckpointMetadata:
    """The metadata, with a digest of what was edited in place where anything was."""
    edits = [
        (channel, kind, data)
        for task_id, channel, kind, data, _, _ in found.writes
        if task_id == NO_TASK and channel not in WRITES_IDX_MAP
    ]
    return cast(CheckpointMetadata, {**metadata, EDITED: digest(edits)}) if edits else metadata


def config_of(thread_id: str, namespace: str, checkpoint_id: str) -> Any:
    """The config that names a checkpoint."""
    return {
        "configurable": {
            "thread_id": thread_id,
            "checkpoint_ns": namespace,
            "checkpoint_id": checkpoint_id,
        }
    }


def place_of(config: RunnableConfig) -> tuple[str, str]:
    """The thread and the namespace that a config names."""
    place = config["configurable"]
    return str(place["thread_id"]), place.get("checkpoint_ns", "")
