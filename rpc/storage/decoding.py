"""Stored bytes as what they are; what does not decode is named."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from rpc.storage.packing import unpacked, unpacked_value
from rpc.storage.records import RESULT_MARK, AuditRecord, RunRecord, SessionRecord
from rpc.storage.unreadable import Unreadable

_session = msgspec.json.Decoder(SessionRecord)
_run = msgspec.json.Decoder(RunRecord)
_audit = msgspec.json.Decoder(AuditRecord)
_versions = msgspec.json.Decoder(dict[str, str])
_any = msgspec.json.Decoder(msgspec.Raw)

TaskWrite = tuple[str, str, str, bytes, str, int]
"""Task id, channel, kind, data, task path and position."""

SESSION = "s.record, s.seq, s.epoch, s.revision, s.first_seq, s.id"
"""The columns that `session_of` takes."""


def session_of(row: Sequence[Any]) -> SessionRecord:
    """A session from the columns `SESSION`. Raises `Unreadable`."""
    try:
        record = _session.decode(row[0])
    except msgspec.MsgspecError as error:
        raise Unreadable(row[5], "the record", str(error)) from error
    return msgspec.structs.replace(
        record, seq=row[1], epoch=row[2], revision=row[3], first_seq=row[4]
    )


def run_of(record: bytes, run_id: str, session_id: str) -> RunRecord:
    """A run from its column `record`. Raises `Unreadable`."""
    try:
        return _run.decode(unpacked(record))
    except ValueError as error:
        raise Unreadable(session_id, f"run {run_id}", str(error)) from error


def versions_of(text: str, thread_id: str, checkpoint_id: str) -> dict[str, str]:
    """A checkpoint's versions. Raises `Unreadable`."""
    try:
        return _versions.decode(text)
    except msgspec.MsgspecError as error:
        raise Unreadable(thread_id, f"checkpoint {checkpoint_id}", str(error)) from error


def in_order(writes: Iterable[TaskWrite]) -> list[TaskWrite]:
    """Task writes in the order in which LangGraph applies them: by path, task and position."""
    return sorted(writes, key=lambda one: (one[4], one[0], one[5]))


def joined(rows: Iterable[Sequence[Any]]) -> list[tuple[str, str, bytes]]:
    """Channels' values, each of its parts: (channel, kind, head, data) each, by channel, the oldest part first."""
    parts: dict[str, tuple[str, bytes, list[bytes]]] = {}
    for channel, kind, head, data in rows:
        parts.setdefault(channel, (kind, head, []))[2].append(data)
    return [(channel, kind, head + b"".join(all_)) for channel, (kind, head, all_) in parts.items()]


def check_events(session_id: str, first_seq: int, last_seq: int, data: bytes) -> None:
    """A row of events must hold as many as it says, JSON each. Raises `Unreadable`."""
    why = None
    events = data.split(b"\n")
    if len(events) != last_seq - first_seq + 1:
        why = f"{len(events)} are stored as {last_seq - first_seq + 1}"
    else:
        try:
            for event in events:
                _any.decode(as_json(event))
        except msgspec.MsgspecError as error:
            why = str(error)
    if why is not None:
        raise hole(session_id, first_seq, last_seq, why)


def events_of(session_id: str, first_seq: int, last_seq: int, stored: bytes) -> bytes:
    """A row of events, one on a line, from its column `data`. Raises `Unreadable`."""
    try:
        data = unpacked(stored)
    except ValueError as error:
        raise hole(session_id, first_seq, last_seq, str(error)) from error
    check_events(session_id, first_seq, last_seq, data)
    return data


def value_of(thread_id: str, what: str, kind: str, stored: bytes) -> tuple[str, bytes]:
    """A value's kind and bytes from its columns `kind` and `data`. `what`: of the thread's it is. Raises `Unreadable`."""
    try:
        return unpacked_value(kind, stored)
    except ValueError as error:
        raise Unreadable(thread_id, what, str(error)) from error


def as_json(event: bytes) -> bytes:
    """The event as JSON, also where its result is kept elsewhere: the reference in its place."""
    head, mark, rest = event.partition(RESULT_MARK)
    if not mark:
        return event
    reference, _, tail = rest.rpartition(b"@")
    return head + RESULT_MARK[:-1] + reference + tail


def hole(session_id: str, first_seq: int, last_seq: int, why: str) -> Unreadable:
    """These events cannot be read."""
    what = f"event {first_seq}" if first_seq >= last_seq else f"events {first_seq} to {last_seq}"
    return Unreadable(session_id, what, why, first_seq, max(first_seq, last_seq))


def check_gap(
    session_id: str, after: int, next_seq: int | None, first_kept: int, last: int
) -> None:
    """Between `after` and `next_seq`, or the session's end, there may be only events that were removed for age.

    `first_kept`, `last`: the numbers of the session's oldest event that is kept, and of its last. Raises `Unreadable`.
    """
    begins = max(after + 1, first_kept)
    ends = last if next_seq is None else next_seq - 1
    if begins <= ends:
        raise hole(session_id, begins, ends, "not there")


def audit_of(number: int, record: bytes) -> AuditRecord:
    """A row of the audit. Raises `Unreadable`."""
    try:
        audit = _audit.decode(record)
    except msgspec.MsgspecError as error:
        raise Unreadable("-", f"row {number} of the audit", str(error)) from error
    return msgspec.structs.replace(audit, number=number)
