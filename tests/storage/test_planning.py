"""What a batch makes of its sessions, without a store: decisions only."""

from typing import get_args

from rpc.storage.planning import ROW_BYTES, Head, Signal, Taken, Times, plan, split
from rpc.storage.records import Ttl
from rpc.storage.units import (
    AddSignal,
    CopyThread,
    CountQuery,
    DeleteAssistant,
    DeleteAudit,
    DeleteCheckpoints,
    DeleteEvents,
    DeleteRun,
    DeleteSession,
    DeleteThread,
    DeleteTombstones,
    Draft,
    EndDue,
    EndJob,
    LeaveDue,
    Probe,
    PutAssistant,
    PutAudit,
    PutCheckpoint,
    PutHits,
    PutJob,
    PutRun,
    PutSession,
    PutTaskWrites,
    PutTtl,
    PutValue,
    Row,
    TakeDue,
    TakeSignals,
    Unit,
)
from tests.storage.made import draft, event, made, reason, run, session, written

OF_NO_SESSION = {
    *(PutAssistant, DeleteAssistant, PutCheckpoint, PutValue, PutTaskWrites, DeleteThread),
    *(DeleteCheckpoints, CopyThread, PutAudit, CountQuery, DeleteAudit, DeleteTombstones, Probe),
    # They hold only for who took what is due last.
    *(TakeDue, LeaveDue, EndDue),
}
"""What may stand in a unit of no session: it changes none."""


def test_the_stored_heads_are_not_changed() -> None:
    """A batch that fails on the disk is planned again from what is stored."""
    stored = {"a": Head(1, 2, 3)}
    done = plan([Unit("a", [draft("x")], [AddSignal("k")], raises=True)], stored)
    assert stored == {"a": Head(1, 2, 3)}
    assert done.heads == {"a": Head(2, 3, 4)}
    assert written(done.outcomes[0]) == written(
        plan([Unit("a", [draft("x")], [AddSignal("k")], raises=True)], stored).outcomes[0]
    )


def test_time_does_not_run_backwards() -> None:
    """Two threads of a run may put in line in another order than they looked at the clock; sessions keep apart."""
    times = Times()

    def told(name: str, *seconds: int) -> list[bytes]:
        drafts = [Draft(b'{"seq":', b',"at":"00:00:%02d",' % at, b'"n":1}') for at in seconds]
        (found,) = plan([Unit(name, drafts)], {name: Head()}, times).events
        return [event.split(b'"at":"')[1][:8] for event in found[1].events]

    assert told("a", 3, 2, 4) == [b"00:00:03", b"00:00:03", b"00:00:04"]
    assert told("b", 1) == [b"00:00:01"]
    assert told("a", 1, 5) == [b"00:00:04", b"00:00:05"]


def test_events_are_numbered_over_units() -> None:
    """Two units of one batch go on where the other ended."""
    done = plan([Unit("a", [draft("x"), draft("y")]), Unit("a", [draft("z")])], {"a": Head(seq=7)})
    assert [(name, chunk.first_seq, chunk.events) for name, chunk in done.events] == [
        ("a", 8, [event(8, "x"), event(9, "y")]),
        ("a", 10, [event(10, "z")]),
    ]
    assert done.created == set()


def test_signals_get_the_revision_they_make() -> None:
    """Their number orders them with the changes of the record."""
    rows = [PutSession(session("a")), AddSignal("k", 1), AddSignal("k", 2), TakeSignals(9)]
    done = plan([Unit("a", [], rows)], {"a": Head(revision=4)})
    assert done.rows == [
        rows[0],
        Signal("a", 6, AddSignal("k", 1)),
        Signal("a", 7, AddSignal("k", 2)),
        Taken("a", 9),
    ]
    assert written(done.outcomes[0]).revision == 7


def test_a_refused_unit_plans_nothing() -> None:
    """Nothing of it is written, and it changes no number."""
    units = [
        Unit("a", [draft("x")], [AddSignal("k")], fence=1, raises=True),
        Unit("a", [draft("x")], [AddSignal("k")], revision=1),
        Unit("b", [draft("x")], [AddSignal("k")]),
        Unit("c", [draft("x")], [PutSession(session("other"))]),
        Unit("d", [], [PutSession(session("d"))], fence=1),
    ]
    done = plan(units, {"a": Head()})
    assert [reason(outcome) for outcome in done.outcomes] == [
        "epoch",
        "revision",
        "gone",
        "gone",
        "epoch",
    ]
    assert (done.rows, done.events, done.heads, done.created) == ([], [], {}, set())


def test_what_changes_a_session_is_refused_where_none_is_named() -> None:
    """Its fence and revision would not be looked at: who was thought dead could write it. A new kind of row is no exception."""
    rows: list[Row] = [
        PutSession(session("a")),
        PutTtl("a", Ttl("delete", 1.0, 0)),
        PutRun(run("r", "a")),
        DeleteRun("r"),
        DeleteSession("a"),
        DeleteEvents("a", 1),
        AddSignal("k"),
        TakeSignals(1),
        PutJob("a", "g"),
        EndJob("a"),
        PutHits("a", 1, {}),
    ]
    assert {type(row) for row in rows} == set(get_args(Row)) - OF_NO_SESSION
    for row in rows:
        done = plan([Unit(None, [], [row])], {"a": Head()})
        assert ([reason(outcome) for outcome in done.outcomes], done.rows) == (["invalid"], []), row


def test_what_was_not_there_before_is_told() -> None:
    """A store need not look for what cannot be there."""
    assert plan([made("a"), made("b"), made("a")], {"b": Head()}).created == {"a"}


def test_what_was_made_and_deleted_in_one_batch() -> None:
    """It is gone, with its events, and what comes after it is refused."""
    units = [
        made("a", drafts=[draft("x")]),
        Unit("a", [draft("never")], [DeleteSession("a"), AddSignal("k")]),
        Unit("a", [draft("late")]),
    ]
    done = plan(units, {})
    assert [reason(outcome) for outcome in done.outcomes] == [None, None, "gone"]
    assert done.events == []
    assert done.heads == {"a": None}
    assert done.created == set()


def test_the_newest_event_is_never_deleted() -> None:
    """Who reads on finds where the numbers are."""
    row = DeleteEvents("a", 99)
    done = plan([Unit("a", [], [row]), Unit("a", [], [row])], {"a": Head(seq=5, first_seq=2)})
    assert done.rows == [DeleteEvents("a", 4)]
    assert done.heads == {"a": Head(seq=5, first_seq=5)}
    assert plan([Unit("a", [], [DeleteEvents("a", 3)])], {"a": Head(seq=5, first_seq=4)}).rows == []


def test_rows_of_events_are_of_about_one_size() -> None:
    """A reader that lags reads row by row: one event more than fits, and no empty row."""
    assert split(1, []) == []
    (small,) = split(5, [draft("x")] * 3)
    assert (small.first_seq, small.last_seq, len(small.events)) == (5, 7, 3)
    chunks = split(1, [draft("x" * 1000)] * 500)
    assert [chunk.first_seq for chunk in chunks[1:]] == [
        chunk.last_seq + 1 for chunk in chunks[:-1]
    ]
    assert chunks[-1].last_seq == 500
    for chunk in chunks:
        assert chunk.size == sum(len(text) + 1 for text in chunk.events)
    assert all(ROW_BYTES <= chunk.size < ROW_BYTES + 1100 for chunk in chunks[:-1])


def test_what_is_stored_of_an_event_may_be_less_than_it_is() -> None:
    """Readers who are there get it whole, the row is small; other rows are as they are."""
    large = Draft(b"<", b">", b"x" * ROW_BYTES, b"ref")
    first, second = split(1, [draft("a"), large, draft("b")])
    assert first.events == [event(1, "a"), b"<2>" + b"x" * ROW_BYTES]
    assert first.stored == [event(1, "a"), b"<2>ref"]
    assert (second.first_seq, second.stored) == (3, None)
