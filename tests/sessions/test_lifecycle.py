"""Who may follow whom in a session's life: the table, each pair of it."""

from itertools import product
from typing import Any

import msgspec
import pytest

from protocol.errors import WRONG_STATE, ProtocolError
from protocol.sessions import ACTIVE, ENDED, STATUSES, TRANSITIONS, Status
from protocol.values import Failure
from rpc.sessions.lifecycle import move, view
from rpc.storage.records import RunRecord, SessionRecord

# Written out once more, by hand: whoever changes the table must mean it.
ALLOWED = {
    ("idle", "queued"),
    ("idle", "running"),
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


def run(status: Status, **changes: Any) -> RunRecord:
    """The session's run: begun at 2000, where it has begun."""
    base = RunRecord(
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
        started_at=None if status == "queued" else 2000,
        status=status,
    )
    return msgspec.structs.replace(base, **changes)


@pytest.mark.parametrize(("before", "after"), list(product(STATUSES, STATUSES)))
def test_every_pair(before: Status, after: Status) -> None:
    """A client's picture of a session breaks when it goes where the table does not lead; the session and
    its run go together, or the one shows a run that ended and the other one that goes on."""
    record, its_run = session(before), run(before)
    if (before, after) in ALLOWED:
        changed, changed_run, event = move(record, its_run, after)
        assert changed.status == changed_run.status == after
        assert changed.updated_at > record.updated_at
        assert (event.status, event.previous) == (after, before)
        assert (changed_run.ended_at is not None) == (after in ENDED)
        return
    with pytest.raises(ProtocolError) as refused:
        move(record, its_run, after)
    assert refused.value.error is WRONG_STATE
    assert before in refused.value.detail
    assert (record.status, its_run.status) == (before, before)


def test_a_run_knows_how_long_it_took() -> None:
    """A duration counts from when the run began, not from when it was asked for or went on last."""
    queued = run("queued")
    begun_session, begun, _ = move(session("queued"), queued, "running")
    assert begun.started_at is not None
    assert begun.started_at == begun_session.updated_at > queued.created_at
    _, again, _ = move(session("waiting"), run("waiting"), "running")
    assert again.started_at == 2000
    _, never, _ = move(session("queued"), queued, "cancelled")
    assert (never.started_at, never.ended_at is None) == (None, False)


def test_what_a_run_came_to_is_not_left_from_before() -> None:
    """A run that goes on has neither the result nor the error nor the end that it had."""
    error = Failure("ValueError", "no")
    _, failed, _ = move(session("running"), run("running"), "failed", error=error)
    assert (failed.error, failed.result) == (error, None)
    _, completed, _ = move(session("running"), run("running"), "completed", result={"answer": 1})
    assert (completed.error, completed.result) == (None, {"answer": 1})
    over = run("completed", result={"answer": 1}, error=error, ended_at=2500)
    for status in ("paused", "running"):
        _, changed, _ = move(session("completed"), over, status)
        assert (changed.result, changed.error, changed.ended_at) == (None, None, None)


def test_a_move_takes_the_session_s_changes_with_it() -> None:
    """What the session becomes beside its status is of the same record, so that it is kept with it."""
    changed, _, _ = move(session("running"), run("running"), "waiting", debug_mode=True, runs=7)
    assert (changed.status, changed.debug_mode, changed.runs) == ("waiting", True, 7)


def test_the_table_covers_every_status() -> None:
    """A status the table forgets is one a session never leaves."""
    assert set(TRANSITIONS) == set(STATUSES)
    assert set().union(*TRANSITIONS.values()) | {"idle"} == set(STATUSES)
    assert not ACTIVE & ENDED


def test_a_session_shows_only_what_its_status_has() -> None:
    """A result of an earlier run, or an error that was overcome, must not be shown as the present one."""
    ended = run("completed", ended_at=2500, result={"answer": 1})
    done = view(session("completed"), ended, ended.result)
    assert (done.result, done.duration_ms, done.error) == ({"answer": 1}, 500.0, None)
    assert done.created_at == "1970-01-01T00:00:01.000Z"
    assert view(session("completed"), ended).result is None
    for status in ("queued", "running", "paused", "waiting", "failed", "cancelled"):
        shown = view(session(status), ended, ended.result)
        assert shown.result is None
        assert (shown.duration_ms is None) == (status not in ENDED)
