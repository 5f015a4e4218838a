"""Stored bytes as what they are; what does not decode is named."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rpc.storage.records import RESULT_MARK, RunRecord, SessionRecord
from rpc.storage.unreadable import Unreadable

_session = msgspec.json.Decoder(SessionRecord)
_run = msgspec.json.Decoder(RunRecord)
_versions = msgspec.json.Decoder(dict[str, str])
_any = msgspec.json.Decoder(msgspec.Raw)

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
        return _run.decode(record)
    except msgspec.MsgspecError as error:
        raise Unreadable(session_id, f"run {run_id}", str(error)) from error


def versions_of(text: str, thread_id: str, checkpoint_id: str) -> dict[str, str]:
    """A checkpoint's versions. Raises `Unreadable`."""
    try:
        return _versions.decode(text)
    except msgspec.MsgspecError as error:
        raise Unreadable(thread_id, f"checkpoint {checkpoint_id}", str(error)) from error


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
