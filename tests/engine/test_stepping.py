"""Where a step ends: decisions over places of tasks, as the gate makes them."""

import pytest

from rpc.engine.gate.stepping import is_later, stops_after, unfinished
from rpc.engine.langgraph.place import Place
from rpc.storage.records import Stepping

A, B = Place.of("a:1"), Place.of("b:2")
HOLDER = Place.of("sub:1")
INNER, BESIDE, DEEP = Place.of("sub:1|a:2"), Place.of("sub:1|b:3"), Place.of("sub:1|b:3|c:4")


@pytest.mark.parametrize(
    ("step", "ended_step", "later"), [(1, 1, False), (2, 1, True), (1, 2, False), (None, 1, True)]
)
def test_what_comes_next_in_a_graph_is_of_a_later_superstep(
    step: int | None, ended_step: int, later: bool
) -> None:
    """One of the same superstep is a sibling, which runs beside the task that ended."""
    assert is_later(B, step, A, ended_step, {}, called=False) is later


def test_a_task_above_counts_by_the_superstep_of_what_held_the_one_that_ended() -> None:
    assert stops_after(B, [INNER])
    assert not is_later(B, 3, INNER, 9, {HOLDER: 3}, called=False)
    assert is_later(B, 4, INNER, 9, {HOLDER: 3}, called=False)


def test_a_function_calls_the_next_task_where_the_last_one_was_or_above() -> None:
    """What is deeper is inside of a sibling that it has called beside it."""
    assert is_later(BESIDE, None, INNER, 1, {}, called=True)
    assert is_later(B, None, INNER, 1, {}, called=True)
    assert not is_later(DEEP, None, INNER, 1, {}, called=True)


@pytest.mark.parametrize(
    ("mode", "asks", "left"),
    [
        ("over", INNER, True),
        ("over", BESIDE, False),
        ("into", BESIDE, False),
        # It ends when the graph around the task has.
        ("out", INNER, True),
        ("out", BESIDE, True),
        ("out", DEEP, True),
        ("out", B, False),
        ("continue", INNER, False),
    ],
)
def test_a_step_goes_on_behind_the_question_that_holds_it_up(
    mode: str, asks: Place, left: bool
) -> None:
    stepping = Stepping(mode, [INNER.namespace])  # type: ignore[arg-type]
    found = unfinished(stepping, [asks], stopped=True)
    assert found == (stepping if left else Stepping())
