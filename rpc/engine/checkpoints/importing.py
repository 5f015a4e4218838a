"""Checkpoints of LangGraph's SQLite saver, as earlier versions kept them, as rows of the store.

They are taken apart without making the objects in them: at start no graph is loaded, and a type that is not
imported would come back as something else. Each value stays the bytes it is.

That saver stores a checkpoint with the whole state, at every step, and versions that are text. Here each value is
stored once, and versions are integers: they are translated where they stand, by one rule, so that they go on being
equal, and greater, as before.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from rpc.engine.checkpoints.encoding import PLAIN
from rpc.engine.checkpoints.values import Lists
from rpc.engine.checkpoints.versions import as_text, from_plain
from rpc.storage.units import PutCheckpoint, PutValue

_NIL = b"\xc0"
"""None in msgpack; LangGraph's serialiser has a kind for it."""


class OldCheckpoint(Protocol):
    """A row of LangGraph's: `data` is a `Checkpoint`, encoded as `kind` says, `metadata` is JSON."""

    @property
    def thread_id(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def checkpoint_id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def metadata(self) -> bytes: ...


def rows(
    checkpoints: Iterable[OldCheckpoint],
) -> Iterator[PutCheckpoint | PutValue]:
    """Rows of one namespace's checkpoints, oldest first. Raises `ValueError` on what it cannot read."""
    lists = Lists()
    stored = set[tuple[str, str]]()
    for old in checkpoints:
        if old.kind != PLAIN:
            raise ValueError(f"checkpoint {old.checkpoint_id} is encoded as {old.kind!r}")
        try:
            yield from _rows(old, lists, stored)
        except (msgspec.MsgspecError, KeyError, OverflowError, TypeError) as error:
            raise ValueError(f"checkpoint {old.checkpoint_id} is broken: {error!r}") from error


def _rows(
    old: OldCheckpoint, lists: Lists, stored: set[tuple[str, str]]
) -> Iterator[PutCheckpoint | PutValue]:
    place = (old.thread_id, old.namespace)
    body: dict[str, Any] = dict(_parts(old.data))
    values = _parts(body.pop("channel_values"))
    versions = as_text(_integers(body.pop("channel_versions")))
    seen = msgspec.msgpack.decode(body["versions_seen"], type=dict[str, msgspec.Raw])
    body["versions_seen"] = {node: _integers(some) for node, some in seen.items()}
    new = []
    for channel, version in versions.items():
        if channel in values and (channel, version) not in stored:
            stored.add((channel, version))
            data = bytes(values[channel])
            kind, data = ("null", b"") if data == _NIL else (PLAIN, data)
            new.append(lists.row(place, channel, version, kind, data))
    lists.written(place, new)
    yield from new
    metadata = msgspec.json.decode(old.metadata or b"{}", type=dict[str, Any])
    made_at = datetime.fromisoformat(msgspec.msgpack.decode(body["ts"], type=str))
    yield PutCheckpoint(
        *place,
        old.checkpoint_id,
        old.parent_id,
        str(metadata["run_id"]) if "run_id" in metadata else None,
        int(made_at.timestamp() * 1000),
        versions,
        msgspec.msgpack.encode(body),
        msgspec.msgpack.encode(metadata),
    )


def _parts(data: bytes | msgspec.Raw) -> Mapping[str, msgspec.Raw]:
    """A msgpack map with its values as they are."""
    return msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw])


def _integers(data: msgspec.Raw) -> dict[str, int]:
    """Versions by channel."""
    versions = msgspec.msgpack.decode(data, type=dict[str, int | str])
    return {channel: from_plain(version) for channel, version in versions.items()}
