"""What a store has, looked through row by row: whether it can be read, and fits together. Each store brings its own rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct

from rpc.storage.decoding import (
    SESSION,
    as_json,
    events_of,
    hole,
    run_of,
    session_of,
    versions_of,
)
from rpc.storage.packing import unpacked_value
from rpc.storage.unreadable import Unreadable

CheckValue = Callable[[str, bytes], str | None]
"""Why a value of this kind and these bytes cannot be read; None where it can."""


class Finding(Struct, frozen=True):
    """What was looked at. `said`: in a line. `problems`: each in a line; none where it is as it should be."""

    name: str
    status: Literal["ok", "problem"]
    said: str
    problems: list[str] = []


def finding(name: str, said: str, problems: list[str]) -> Finding:
    """What was looked at, as it was found."""
    return Finding(name, "problem" if problems else "ok", said, problems)


class Rows(Protocol):
    """A store's rows. A parameter stands for `?`; there is one at most."""

    def rows(self, statement: str, *parameters: str) -> Iterator[Sequence[Any]]:
        """Those of a statement, one after the other."""

    def moment(self) -> AbstractContextManager[None]:
        """What is read within is of one moment."""

    @property
    def counted(self) -> str:
        """The statement that gives how many sessions are counted."""


class _Params(Struct):
    session_id: str
    seq: int


class _Event(Struct):
    params: _Params


_event = msgspec.json.Decoder(_Event)

_OWNED = ("runs", "events", "event_values", "signals", "session_ttls", "aftermaths")


def looks(check_value: CheckValue) -> dict[str, Callable[[Rows], Finding]]:
    """Every look, by what it finds."""
    return {
        "references": references,
        "sessions": sessions,
        "runs": runs,
        "events": events,
        "checkpoints": lambda store: checkpoints(store, check_value),
    }


def references(store: Rows) -> Finding:
    """Rows that belong to something must have it."""
    problems: list[str] = []
    with store.moment():
        for table in _OWNED:
            problems += [
                f"{table}: {row[1]} rows of session {row[0]}, which there is not"
                for row in store.rows(
                    f"SELECT t.session_id, count(*) FROM {table} t LEFT JOIN sessions s ON s.id = t.session_id"
                    " WHERE s.id IS NULL GROUP BY t.session_id"
                )
            ]
        problems += [
            f"session {row[0]} has no run {row[1]}"
            for row in store.rows(
                "SELECT s.id, s.run_id FROM sessions s LEFT JOIN runs r ON r.id = s.run_id"
                " WHERE s.run_id IS NOT NULL AND r.id IS NULL"
            )
        ]
        problems += [
            f"{row[0]} values of thread {row[1]} add to a version that there is not"
            for row in store.rows(
                "SELECT count(*), v.thread_id FROM channel_values v LEFT JOIN channel_values b"
                " ON b.thread_id = v.thread_id AND b.namespace = v.namespace AND b.channel = v.channel"
                " AND b.version = v.base WHERE v.base IS NOT NULL AND b.version IS NULL GROUP BY v.thread_id"
            )
        ]
    return finding("references", "what belongs to something has it", problems)


def sessions(store: Rows) -> Finding:
    """Records must be readable, and say what their rows say."""
    problems: list[str] = []
    count = 0
    with store.moment():
        for row in store.rows(
            f"SELECT {SESSION}, s.status, s.graph, s.run_id, r.status FROM sessions s"
            " LEFT JOIN runs r ON r.id = s.run_id ORDER BY s.number"
        ):
            count += 1
            try:
                record = session_of(row)
            except Unreadable as error:
                problems.append(str(error))
                continue
            status, graph, run_id, run_status = row[6:10]
            told = (record.id, record.status, record.graph, record.run_id)
            if told != (row[5], status, graph, run_id):
                problems.append(
                    f"the record of session {row[5]} says something else than its row: {told}"
                )
            if run_status is not None and run_status != status:
                problems.append(f"session {row[5]} is {status}, and its run {run_status}")
        ((counted,),) = store.rows(store.counted)
        if counted != count:
            problems.append(f"there are {count} sessions, and {counted} are counted")
    return finding("sessions", f"{count}", problems)


def runs(store: Rows) -> Finding:
    """As `sessions`."""
    problems: list[str] = []
    count = 0
    with store.moment():
        for record, run_id, session_id, status in store.rows(
            "SELECT record, id, session_id, status FROM runs"
        ):
            count += 1
            try:
                run = run_of(record, run_id, session_id)
            except Unreadable as error:
                problems.append(str(error))
                continue
            if (run.id, run.session_id, run.status) != (run_id, session_id, status):
                problems.append(
                    f"the record of run {run_id} of session {session_id} says something else than its row"
                )
    return finding("runs", f"{count}", problems)


def events(store: Rows) -> Finding:
    """All must be there, once, in their order."""
    problems: list[str] = []
    count = 0
    with store.moment():
        ids = [row[0] for row in store.rows("SELECT id FROM sessions ORDER BY number")]
    for session_id in ids:
        # A session's head and its events are of one moment.
        with store.moment():
            heads = list(store.rows("SELECT first_seq, seq FROM sessions WHERE id = ?", session_id))
            if not heads:
                continue
            expected, end = heads[0]
            for first_seq, last_seq, data in store.rows(
                "SELECT first_seq, last_seq, data FROM events WHERE session_id = ? ORDER BY last_seq",
                session_id,
            ):
                if first_seq > expected:
                    problems.append(str(hole(session_id, expected, first_seq - 1, "not there")))
                elif first_seq < expected:
                    problems.append(
                        f"event {first_seq} of session {session_id} is there twice, or too early"
                    )
                problems += _row(session_id, first_seq, last_seq, data)
                expected = last_seq + 1
                count += last_seq - first_seq + 1
            if expected <= end:
                problems.append(str(hole(session_id, expected, end, "not there")))
            elif expected > end + 1:
                problems.append(f"session {session_id} has events past its last number, {end}")
    return finding("events", f"{count} of {len(ids)} sessions", problems)


def _row(session_id: str, first_seq: int, last_seq: int, data: bytes) -> Iterator[str]:
    try:
        data = events_of(session_id, first_seq, last_seq, data)
    except Unreadable as error:
        yield str(error)
        return
    for seq, event in enumerate(data.split(b"\n"), first_seq):
        try:
            params = _event.decode(as_json(event)).params
        except msgspec.MsgspecError as error:
            yield str(hole(session_id, seq, seq, str(error)))
            continue
        if (params.session_id, params.seq) != (session_id, seq):
            yield f"event {seq} of session {session_id} says that it is {params.seq} of {params.session_id}"


def checkpoints(store: Rows, check_value: CheckValue) -> Finding:
    """Every value must be readable, whatever types are in it."""
    problems: list[str] = []
    count = writes = 0
    with store.moment():
        for thread_id, checkpoint_id, versions, body, metadata in store.rows(
            "SELECT thread_id, checkpoint_id, CAST(versions AS TEXT), body, metadata FROM checkpoints"
        ):
            count += 1
            try:
                versions_of(versions, thread_id, checkpoint_id)
            except Unreadable as error:
                problems.append(str(error))
            for part, data in (("body", body), ("metadata", metadata)):
                if why := check_value("", data):
                    problems.append(
                        f"the {part} of checkpoint {checkpoint_id} of thread {thread_id} cannot be read: {why}"
                    )
        for thread_id, channel, version, kind, head, data in store.rows(
            # What adds to others is read with them.
            "SELECT thread_id, channel, version, kind, head, data FROM channel_values v WHERE base IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM channel_values a WHERE a.thread_id = v.thread_id AND a.namespace = v.namespace"
            "  AND a.channel = v.channel AND a.base = v.version)"
        ):
            if why := _why_unreadable(kind, head, data, check_value):
                problems.append(
                    f"version {version} of channel {channel} of thread {thread_id} cannot be read: {why}"
                )
        for thread_id, checkpoint_id, channel, kind, data in store.rows(
            "SELECT thread_id, checkpoint_id, channel, kind, data FROM task_writes"
        ):
            writes += 1
            if why := _why_unreadable(kind, b"", data, check_value):
                problems.append(
                    f"what a task wrote to {channel} at checkpoint {checkpoint_id} of thread {thread_id} cannot be read: {why}"
                )
    return finding("checkpoints", f"{count}, and {writes} writes of tasks", problems)


def _why_unreadable(kind: str, head: bytes, stored: bytes, check_value: CheckValue) -> str | None:
    try:
        kind, data = unpacked_value(kind, stored)
    except ValueError as error:
        return str(error)
    return check_value(kind, head + data)
