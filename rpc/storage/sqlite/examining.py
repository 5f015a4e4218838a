"""A data directory looked through, row by row, without a write: also one that a server uses meanwhile."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

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
from rpc.storage.sqlite import placing
from rpc.storage.sqlite.quick_check import problems_of, read_only
from rpc.storage.sqlite.schema import VERSION
from rpc.storage.unreadable import Unreadable

LITTLE_BYTES = 100_000_000
"""Less room than this on the disk is a problem."""

CheckValue = Callable[[str, bytes], str | None]
"""Why a value of this kind and these bytes cannot be read; None where it can."""


class Finding(Struct, frozen=True):
    """What was looked at. `said`: in a line. `problems`: each in a line; none where it is as it should be."""

    name: str
    status: Literal["ok", "problem"]
    said: str
    problems: list[str] = []


class _Params(Struct):
    session_id: str
    seq: int


class _Event(Struct):
    params: _Params


_event = msgspec.json.Decoder(_Event)


def examine(folder: Path, check_value: CheckValue) -> Iterator[Finding]:
    """Look at everything in a data directory, as far as it can be looked at."""
    if not folder.is_dir():
        yield _finding(
            "directory", f"there is no folder {folder}", [f"there is no folder {folder}"]
        )
        return
    yield _directory(folder)
    yield _room(folder)
    for name in placing.DATABASES:
        if name == placing.DATABASES[0] or (folder / name).exists():
            yield _whole(folder / name)
    try:
        with closing(read_only(folder / placing.DATABASES[0])) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            yield _version(version)
            if version == VERSION:
                for look in (_foreign, _sessions, _runs, _events):
                    yield _looked(look, connection)
                yield _looked(lambda one: _checkpoints(one, check_value), connection)
    except sqlite3.Error as error:
        yield _finding("rows", "cannot be looked at", [f"stepwire.db: {error}"])


def _finding(name: str, said: str, problems: list[str]) -> Finding:
    return Finding(name, "problem" if problems else "ok", said, problems)


def _looked(
    look: Callable[[sqlite3.Connection], Finding], connection: sqlite3.Connection
) -> Finding:
    """A look that a damaged page may end."""
    try:
        return look(connection)
    except sqlite3.Error as error:
        name = (
            getattr(look, "__name__", "_checkpoints").strip("_").replace("<lambda>", "checkpoints")
        )
        return _finding(name, "cannot be read to the end", [str(error)])


def _directory(folder: Path) -> Finding:
    problems: list[str] = []
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        problems.append(f"{folder} cannot be written by this user")
    for name in placing.DATABASES:
        for ending in ("", "-wal", "-shm"):
            file = folder / f"{name}{ending}"
            if file.exists() and not os.access(file, os.R_OK | os.W_OK):
                problems.append(f"{file} cannot be read and written by this user")
    if placing.waits(folder):
        problems.append("a restore was cut off: the next start of a server finishes it")
    return _finding("directory", str(folder.resolve()), problems)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free"
    return _finding("disk", said, [f"only {said}"] if free < LITTLE_BYTES else [])


def _whole(file: Path) -> Finding:
    if not file.exists():
        return _finding(file.name, "not there", [f"there is no {file}"])
    size = f"{file.stat().st_size / 1e6:.1f} MB"
    try:
        with closing(read_only(file)) as connection:
            return _finding(file.name, f"{size}, quick_check", problems_of(connection))
    except sqlite3.Error as error:
        return _finding(file.name, size, [f"it cannot be read: {error}"])


def _version(version: int) -> Finding:
    problems: list[str] = []
    if version < VERSION:
        problems.append(
            f"schema {version}: a server of this version brings it to {VERSION} when it starts"
        )
    elif version > VERSION:
        problems.append(
            f"schema {version} is of a newer version of Stepwire; this one has {VERSION}"
        )
    return _finding("schema", str(version), problems)


_OWNED = ("runs", "events", "event_values", "signals")


def _foreign(connection: sqlite3.Connection) -> Finding:
    """Rows that belong to something must have it."""
    problems = [
        f"{row[0]}: row {row[1]} refers to what is not in {row[2]}"
        for row in connection.execute("PRAGMA foreign_key_check")
    ]
    with _moment(connection):
        for table in _OWNED:
            problems += [
                f"{table}: {row[1]} rows of session {row[0]}, which there is not"
                for row in connection.execute(
                    f"SELECT t.session_id, count(*) FROM {table} t LEFT JOIN sessions s ON s.id = t.session_id"
                    " WHERE s.id IS NULL GROUP BY t.session_id"
                )
            ]
        problems += [
            f"session {row[0]} has no run {row[1]}"
            for row in connection.execute(
                "SELECT s.id, s.run_id FROM sessions s LEFT JOIN runs r ON r.id = s.run_id"
                " WHERE s.run_id IS NOT NULL AND r.id IS NULL"
            )
        ]
        problems += [
            f"{row[0]} values of thread {row[1]} add to a version that there is not"
            for row in connection.execute(
                "SELECT count(*), v.thread_id FROM channel_values v LEFT JOIN channel_values b"
                " ON b.thread_id = v.thread_id AND b.namespace = v.namespace AND b.channel = v.channel"
                " AND b.version = v.base WHERE v.base IS NOT NULL AND b.version IS NULL GROUP BY v.thread_id"
            )
        ]
    return _finding("references", "what belongs to something has it", problems)


def _sessions(connection: sqlite3.Connection) -> Finding:
    problems: list[str] = []
    count = 0
    with _moment(connection):
        rows = connection.execute(
            f"SELECT {SESSION}, s.status, s.graph, s.run_id, r.status FROM sessions s"
            " LEFT JOIN runs r ON r.id = s.run_id ORDER BY s.number"
        )
        for row in rows:
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
        counted = connection.execute(
            "SELECT coalesce(sum(sessions), 0) FROM session_counts"
        ).fetchone()[0]
        if counted != count:
            problems.append(f"there are {count} sessions, and {counted} are counted")
    return _finding("sessions", f"{count}", problems)


def _runs(connection: sqlite3.Connection) -> Finding:
    problems: list[str] = []
    count = 0
    for record, run_id, session_id, status in connection.execute(
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
    return _finding("runs", f"{count}", problems)


def _events(connection: sqlite3.Connection) -> Finding:
    problems: list[str] = []
    count = 0
    ids = [row[0] for row in connection.execute("SELECT id FROM sessions ORDER BY number")]
    for session_id in ids:
        # A session's head and its events are of one moment.
        with _moment(connection):
            head = connection.execute(
                "SELECT first_seq, seq FROM sessions WHERE id = ?", (session_id,)
            ).fetchone()
            if head is None:
                continue
            expected, end = head
            for first_seq, last_seq, data in connection.execute(
                "SELECT first_seq, last_seq, data FROM events WHERE session_id = ? ORDER BY last_seq",
                (session_id,),
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
    return _finding("events", f"{count} of {len(ids)} sessions", problems)


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


def _checkpoints(connection: sqlite3.Connection, check_value: CheckValue) -> Finding:
    problems: list[str] = []
    count = 0
    for thread_id, checkpoint_id, versions, body, metadata in connection.execute(
        "SELECT thread_id, checkpoint_id, versions, body, metadata FROM checkpoints"
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
    for thread_id, channel, version, kind, head, data in connection.execute(
        # What adds to others is read with them.
        "SELECT thread_id, channel, version, kind, head, data FROM channel_values v WHERE base IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM channel_values a WHERE a.thread_id = v.thread_id AND a.namespace = v.namespace"
        "  AND a.channel = v.channel AND a.base = v.version)"
    ):
        if why := _why_unreadable(kind, head, data, check_value):
            problems.append(
                f"version {version} of channel {channel} of thread {thread_id} cannot be read: {why}"
            )
    writes = 0
    for thread_id, checkpoint_id, channel, kind, data in connection.execute(
        "SELECT thread_id, checkpoint_id, channel, kind, data FROM task_writes"
    ):
        writes += 1
        if why := _why_unreadable(kind, b"", data, check_value):
            problems.append(
                f"what a task wrote to {channel} at checkpoint {checkpoint_id} of thread {thread_id} cannot be read: {why}"
            )
    return _finding("checkpoints", f"{count}, and {writes} writes of tasks", problems)


def _why_unreadable(kind: str, head: bytes, stored: bytes, check_value: CheckValue) -> str | None:
    try:
        kind, data = unpacked_value(kind, stored)
    except ValueError as error:
        return str(error)
    return check_value(kind, head + data)


@contextmanager
def _moment(connection: sqlite3.Connection) -> Iterator[None]:
    """What is read is of one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
