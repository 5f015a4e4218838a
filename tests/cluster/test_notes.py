"""What nodes tell each other fits into what PostgreSQL takes, and loses nothing on the way."""

import msgspec
import pytest

from rpc.storage.cluster import Note


def test_a_note_of_many_sessions_is_told_in_parts() -> None:
    """Ten thousand sessions that change at once: every one is told, in payloads of less than 8000 bytes."""
    bell = pytest.importorskip("rpc.storage.postgres.bell")
    events = {f"session-{n:05}": n for n in range(5000)}
    told = [f"told-{n:05}" for n in range(3000)]
    gone = [f"gone-{n:05}" for n in range(2000)]
    parts = list(bell.parts(Note("me", events, told, gone, jobs=True, hello=True)))
    assert all(len(part.encode()) < 8000 for part in parts)
    notes = [msgspec.json.decode(part, type=Note) for part in parts]
    assert {id: seq for note in notes for id, seq in note.events.items()} == events
    assert [id for note in notes for id in note.told] == told
    assert [id for note in notes for id in note.gone] == gone
    assert [note.jobs for note in notes].count(True) == 1
    assert {note.node for note in notes} == {"me"}
