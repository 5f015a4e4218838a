"""Checkpoints of LangGraph's SQLite saver, as earlier versions kept them, as rows of the store.

They are taken apart without making the objects in them: at start no graph is loaded, and a type that is not
imported would come back as something else. What the serialiser wrapped (https://msgpack.org, extension types) stays
the bytes it is.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import ormsgpack

from rpc.engine.checkpoints.encoding import PLAIN
from rpc.engine.checkpoints.values import Lists
from rpc.engine.checkpoints.versions import as_text
from rpc.storage.sqlite.schema_1 import OldCheckpoint
from rpc.storage.units import PutCheckpoint, PutValue


def rows(checkpoints: Iterable[OldCheckpoint]) -> Iterator[PutCheckpoint | PutValue]:
    """The rows of one namespace's checkpoints, given oldest first. Raises `ValueError` on what cannot be read."""
    lists = Lists()
    stored = set[tuple[str, str]]()
    for old in checkpoints:
        if old.kind != PLAIN:
            raise ValueError(f"checkpoint {old.checkpoint_id} is encoded as {old.kind!r}")
        place = (old.thread_id, old.namespace)
        body = _unpack(old.data)
        versions = as_text(body["channel_versions"])
        given = body.pop("channel_values")
        values: list[PutValue] = []
        for channel, value in given.items():
            # A value without a version is none that LangGraph would ask for.
            version = versions.get(channel)
            if version is not None and (channel, version) not in stored:
                stored.add((channel, version))
                values.append(lists.row(place, channel, version, PLAIN, _pack(value)))
        yield from values
        lists.written(place, values)
        metadata = json.loads(old.metadata)
        yield PutCheckpoint(
            *place,
            old.checkpoint_id,
            old.parent_id,
            metadata.get("run_id"),
            int(datetime.fromisoformat(body["ts"]).timestamp() * 1000),
            versions,
            _pack(body),
            _pack(metadata),
            frozenset(channel for channel in versions if channel not in given),
        )


def _unpack(data: bytes) -> Any:
    return ormsgpack.unpackb(data, ext_hook=ormsgpack.Ext, option=ormsgpack.OPT_NON_STR_KEYS)


def _pack(value: Any) -> bytes:
    return ormsgpack.packb(value, option=ormsgpack.OPT_NON_STR_KEYS)
