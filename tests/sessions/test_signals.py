"""What somebody wants of a session that runs, and the calls that it remembers: what becomes of its record."""

import msgspec
import pytest

from protocol.debugging import ContinueParams, StepParams
from protocol.errors import ProtocolError
from protocol.sessions import StatusResult
from rpc.sessions import repeats
from rpc.sessions.debugging.debuggers import attached
from rpc.sessions.running.signals import (
    Answer,
    Attach,
    Cancel,
    Detach,
    Pause,
    RemoveBreakpoint,
    SetBreakpoint,
    Signal,
    answers_of,
    applied,
    let_go,
    read,
    row,
)
from rpc.storage.records import Breakpoint, SessionRecord
from rpc.storage.store import SignalRow


def record() -> SessionRecord:
    return SessionRecord(
        id="s",
        graph="g",
        status="running",
        name=None,
        created_at=0,
        updated_at=0,
        run_id="r",
        runs=1,
        query=None,
    )


def test_of_two_answers_to_one_question_the_first_counts() -> None:
    """Whoever gave it was told that it is taken."""
    signals: list[Signal] = [Answer({"a": 1}), Cancel(), Answer({"a": 2, "b": 3})]
    assert answers_of(signals) == {"a": 1, "b": 3}


def test_a_breakpoint_is_removed_by_its_node_and_when() -> None:
    both = [Breakpoint("n", when="before"), Breakpoint("n", when="after"), Breakpoint("m")]
    found = applied(record(), [SetBreakpoint(one) for one in both])
    assert list(found.debug.breakpoints) == both
    found = applied(found, [RemoveBreakpoint("after:n")])
    assert list(found.debug.breakpoints) == [both[0], both[2]]


def test_a_pause_is_of_all_who_debug_until_the_last_leaves() -> None:
    known = attached(attached(record(), "one"), "two")
    left: list[Signal] = [Pause(), Detach("one")]
    found = applied(known, left)
    assert (found.debug_mode, found.debug.pausing, let_go(found, left)) == (True, True, False)
    left.append(Detach("two"))
    found = applied(known, left)
    assert (found.debug_mode, found.debug.pausing, let_go(found, left)) == (False, False, True)
    # Who comes after that finds it running.
    found = applied(found, [Attach("three")])
    assert (found.debug_mode, found.debug.pausing) == (True, False)


@pytest.mark.parametrize("signal", [Answer({"a": [1]}), Pause(), Attach("x"), Detach(None)])
def test_a_signal_is_read_as_it_was_stored(signal: Answer | Pause | Attach | Detach) -> None:
    stored = row(signal)
    assert read([SignalRow(1, stored.kind, stored.body)]) == [signal]


def test_a_session_remembers_its_last_calls() -> None:
    """The newest: it is those whose answers may still be on their way."""
    result = StatusResult("s", "running")
    known, before = record(), msgspec.to_builtins(result)
    calls = [
        ContinueParams("s", idempotency_key=f"k{number}") for number in range(repeats.KEPT + 2)
    ]
    for one in calls:
        assert repeats.known(known, one) is None
        known = repeats.remembering(known, one, result)
        assert repeats.known(known, one) == before
    assert [repeats.known(known, one) for one in calls[:3]] == [None, None, before]
    with pytest.raises(ProtocolError, match="another call"):
        repeats.known(known, StepParams("s", idempotency_key=calls[-1].idempotency_key))
    with pytest.raises(ProtocolError, match="another call"):
        repeats.known(known, msgspec.structs.replace(calls[-1], task_id="t"))
