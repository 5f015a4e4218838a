"""Who may follow whom in a session's life: the table, each pair of it."""

from itertools import product

import pytest

from protocol.errors import WRONG_STATE, ProtocolError
from protocol.sessions import ACTIVE, ENDED, STATUSES, TRANSITIONS
from rpc.sessions.lifecycle import transition, view
from rpc.storage.records import RunRecord, SessionRecord

# Written out once more, by hand: whoever changes the table must mean it.
ALLOWED = {
    ("queued", "running"),
    ("queued", "cancelled"),
    ("running", "paused"),
    ("running", "waiting"),
    ("running", "completed"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("paused", "running"),
    ("paused", "completed"),
    ("paused", "cancelled"),
    ("waiting", "running"),
    ("waiting", "paused"),
    ("waiting", "cancelled"),
    *product(("completed", "failed", "cancelled"), ("queued", "paused", "running")),
}


def session(status: str) -> SessionRecord:
    return SessionRecord(
        id="s",
        graph="g",
        status=status,  # type: ignore[arg-type]
        name=None,
        created_at=1000,
        updated_at=1000,
        run_id="r",
        runs=1,
        query="q",
    )


@pytest.mark.parametrize(("before", "after"), list(product(STATUSES, STATUSES)))
def test_every_pair(before: str, after: str) -> None:
    """A client's picture of a session breaks when it goes where the table does not lead."""
    record = session(before)
    if (before, after) in ALLOWED:
        changed, event = transition(record, after)  # type: ignore[arg-type]
        assert changed.status == after
        assert changed.updated_at > record.updated_at
        assert (event.status, event.previous) == (after, before)
        return
    with pytest.raises(ProtocolError) as refused:
        transition(record, after)  # type: ignore[arg-type]
    assert refused.value.error is WRONG_STATE
    assert before in refused.value.detail
    assert record.status == before


def test_the_table_covers_every_status() -> None:
    """A status the table forgets is one a session never leaves."""
    assert set(TRANSITIONS) == set(STATUSES)
    assert set().union(*TRANSITIONS.values()) == set(STATUSES)
    assert not ACTIVE & ENDED


def test_a_session_shows_only_what_its_status_has() -> None:
    """A result of an earlier run, or an error that was overcome, must not be shown as the present one."""
    run = RunRecord(
        id="r",
        session_id="s",
        graph="g",
        query="q",
        input={"query": "q"},
        config=None,
        idempotency_key=None,
        created_at=1000,
        after=0,
        estimated_duration_ms=1000,
        started_at=2000,
        ended_at=2500,
        status="completed",
        result={"answer": 1},
    )
    done = view(session("completed"), run)
    assert (done.result, done.duration_ms, done.error) == ({"answer": 1}, 500.0, None)
    assert done.created_at == "1970-01-01T00:00:01.000Z"
    assert view(session("completed"), run, with_result=False).result is None
    for status in ("queued", "running", "paused", "waiting", "failed", "cancelled"):
        shown = view(session(status), run)
        assert shown.result is None
        assert (shown.duration_ms is None) == (status not in ENDED)
