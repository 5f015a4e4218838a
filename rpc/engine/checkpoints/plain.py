"""Threads between the store and the tables of `langgraph-checkpoint-postgres`: rows of the one as rows of the other.

A value stays the bytes that it is: it is not made, so that no type of a graph's has to be there. LangGraph keeps texts and numbers in the
checkpoint's JSON; here they are values like all others, which its saver reads as well, and JSON would change some of them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.types import TASKS

from rpc.engine.checkpoints.encoding import (
    LIST,
    PLAIN,
    decode_body,
    decode_metadata,
    decode_value,
)
from rpc.engine.checkpoints.values import Lists
from rpc.engine.checkpoints.versions import as_text, from_plain, to_plain
from rpc.engine.gate.stops import is_stop
from rpc.engine.langgraph.names import INTERRUPT
from rpc.engine.langgraph.postgres_threads import is_delta_snapshot
from rpc.engine.thread.config import RUN_KEY
from rpc.engine.values.to_json import to_json
from rpc.storage.store import StoredCheckpoint
from rpc.storage.thread_rows import ThreadCheckpoint, ThreadRows, ThreadValue, ThreadWrite
from rpc.storage.units import PutCheckpoint, PutTaskWrites, PutValue
from rpc.storage.unreadable import Unreadable

_READ = ("msgpack", "null", "bytes", "bytearray", "json")
"""Kinds of values that are read here; `pickle` would run whatever is in it."""

_OLD_SENDS = 4
"""Checkpoints of an earlier version have what `Send` made among their parent's writes."""


def to_rows(found: StoredCheckpoint, serde: SerializerProtocol) -> ThreadRows:
    """A stored checkpoint as rows of LangGraph's. Raises `Unreadable`."""
    try:
        return _to_rows(found, serde)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Unreadable(
            found.thread_id, f"checkpoint {found.checkpoint_id}", repr(error)
        ) from error


def _to_rows(found: StoredCheckpoint, serde: SerializerProtocol) -> ThreadRows:
    namespace = found.namespace
    values = [
        ThreadValue(
            namespace,
            channel,
            to_plain(_number(found.versions[channel])),
            PLAIN if kind == LIST else kind,
            data,
        )
        for channel, kind, data in found.values
    ]
    body = decode_body(serde, found)
    body["channel_versions"] = _versions(body["channel_versions"])
    body["versions_seen"] = {node: _versions(seen) for node, seen in body["versions_seen"].items()}
    # The saver's own mark of such a value.
    body["channel_values"] = {
        one.channel: True
        for one in values
        if one.kind == PLAIN and is_delta_snapshot(one.data or b"")
    }
    checkpoint = ThreadCheckpoint(
        namespace,
        found.checkpoint_id,
        found.parent_id,
        msgspec.json.encode(body),
        msgspec.json.encode(_without_nul(to_json(decode_metadata(serde, found.metadata)))),
    )
    writes = [
        ThreadWrite(
            namespace,
            found.checkpoint_id,
            task_id,
            task_path,
            position,
            channel,
            PLAIN if kind == LIST else kind,
            data,
        )
        for task_id, channel, kind, data, task_path, position in found.writes
        if channel != INTERRUPT or not _is_stop(serde, kind, data)
    ]
    return ThreadRows([checkpoint], values, writes)


def _number(version: str) -> int | str:
    return int(version) if version.isdecimal() else version


def _versions(versions: Mapping[str, int | str]) -> dict[str, str]:
    return {channel: to_plain(version) for channel, version in versions.items()}


def _is_stop(serde: SerializerProtocol, kind: str, data: bytes) -> bool:
    """Whether a task was stopped by the debugger, and asks nobody."""
    asked = decode_value(serde, kind, data)
    return bool(asked) and all(is_stop(one.value) for one in asked)


def _without_nul(value: Any) -> Any:
    """PostgreSQL's JSON has no NUL; LangGraph leaves it out too."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(one) for key, one in value.items()}
    return [_without_nul(one) for one in value] if isinstance(value, list) else value


def from_rows(
    thread: ThreadRows, thread_id: str
) -> Iterator[PutCheckpoint | PutValue | PutTaskWrites]:
    """A thread of LangGraph's as rows of the store, under an id. Raises `ValueError`, which says what cannot be read."""
    stored = _Stored(thread, thread_id)
    for one in thread.checkpoints:
        try:
            yield from stored.rows(one)
        except (msgspec.MsgspecError, LookupError, OverflowError, TypeError) as error:
            raise ValueError(f"checkpoint {one.checkpoint_id} is broken: {error!r}") from error
    known = {(one.namespace, one.checkpoint_id) for one in thread.checkpoints}
    for place, writes in stored.writes.items():
        # Of checkpoints that are not there nothing is read.
        if place in known:
            yield from writes.values()


class _Stored:
    """The rows of one thread, by what they are looked for by."""

    def __init__(self, thread: ThreadRows, thread_id: str) -> None:
        self.thread_id = thread_id
        self.lists = Lists()
        self.done = set[tuple[str, str, int]]()
        self.values = {(one.namespace, one.channel, one.version): one for one in thread.values}
        self.sends: dict[tuple[str, str], list[bytes]] = {}
        self.writes: dict[tuple[str, str], dict[tuple[str, str], PutTaskWrites]] = {}
        for write in thread.writes:
            if write.kind not in _READ:
                raise ValueError(_refused(write.checkpoint_id, write.channel, write.kind))
            place = (write.namespace, write.checkpoint_id)
            if write.channel == TASKS and write.kind == PLAIN:
                self.sends.setdefault(place, []).append(write.data)
            of_task = self.writes.setdefault(place, {})
            key = (write.task_id, write.task_path)
            row = of_task.get(key)
            earlier = [] if row is None else list(row.writes)
            of_task[key] = PutTaskWrites(
                thread_id,
                *place,
                *key,
                [*earlier, (write.position, write.channel, write.kind, write.data)],
                again=True,
            )

    def rows(self, one: ThreadCheckpoint) -> Iterator[PutCheckpoint | PutValue]:
        place = (self.thread_id, one.namespace)
        body = msgspec.json.decode(one.checkpoint, type=dict[str, Any])
        metadata = msgspec.json.decode(one.metadata, type=dict[str, Any])
        given = body.pop("channel_versions")
        inline = {
            channel: _encoded(value)
            for channel, value in (body.pop("channel_values", None) or {}).items()
        }
        sends = self.sends.get((one.namespace, one.parent_id or ""))
        if sends and body["v"] < _OLD_SENDS:
            given[TASKS] = max(given.values(), default=to_plain(1))
            inline[TASKS] = (PLAIN, msgspec.msgpack.encode([msgspec.Raw(send) for send in sends]))
        versions = {channel: from_plain(version) for channel, version in given.items()}
        body["versions_seen"] = {
            node: {channel: from_plain(version) for channel, version in seen.items()}
            for node, seen in body["versions_seen"].items()
        }
        new = []
        for channel, version in versions.items():
            found = self._value(one, channel, str(given[channel]), inline)
            if found is None or (one.namespace, channel, version) in self.done:
                continue
            self.done.add((one.namespace, channel, version))
            new.append(self.lists.row(place, channel, str(version), *found))
        self.lists.written(place, new)
        yield from new
        run_id = metadata.get(RUN_KEY) or metadata.get("run_id")
        yield PutCheckpoint(
            *place,
            one.checkpoint_id,
            one.parent_id,
            None if run_id is None else str(run_id),
            int(datetime.fromisoformat(body["ts"]).timestamp() * 1000),
            as_text(versions),
            msgspec.msgpack.encode(body),
            msgspec.msgpack.encode(metadata),
        )

    def _value(
        self,
        at: ThreadCheckpoint,
        channel: str,
        version: str,
        inline: Mapping[str, tuple[str, bytes]],
    ) -> tuple[str, bytes] | None:
        """A channel's value in a version: its kind and bytes; None where it has none."""
        found = self.values.get((at.namespace, channel, version))
        if found is None or found.kind == "empty":
            return inline.get(channel)
        if found.kind not in _READ:
            raise ValueError(_refused(at.checkpoint_id, channel, found.kind))
        return found.kind, found.data or b""


def _encoded(value: Any) -> tuple[str, bytes]:
    """A value of a checkpoint's JSON, as LangGraph's serialiser has it."""
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        # PostgreSQL writes large floats without a point; the serialiser takes no such integer.
        value = float(value)
    return ("null", b"") if value is None else (PLAIN, msgspec.msgpack.encode(value))


def _refused(checkpoint_id: str, channel: str, kind: str) -> str:
    return (
        f"checkpoint {checkpoint_id} has a value of channel {channel!r} that is encoded as {kind!r}; what can be read here is "
        f"{', '.join(_READ)}"
    )
