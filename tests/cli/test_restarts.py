"""Which ends of a server are followed by a start, and when."""

import pytest

from rpc.cli.restarts import CALM_SECONDS, LONGEST_SECONDS, MOST_UNANSWERED, End, Restarts


def end(
    code: int = -11, *, answered: bool = True, orderly: bool = False, seconds: float = 1.0
) -> End:
    return End(code, answered, orderly, False, seconds)


def test_a_server_that_served_is_started_again_at_once_and_then_ever_later() -> None:
    restarts = Restarts()
    waits = [restarts.after(end()) for _ in range(12)]
    assert waits[:4] == [0.0, 0.2, 0.4, 0.8]
    assert waits[-1] == LONGEST_SECONDS
    assert restarts.after(end(seconds=CALM_SECONDS)) == 0.0
    assert restarts.after(end()) == 0.2


@pytest.mark.parametrize("code", [0, 130, 2])
def test_an_end_that_is_meant_is_the_end(code: int) -> None:
    restarts = Restarts()
    restarts.after(end())
    assert restarts.after(end(code, orderly=True)) is None


def test_a_clear_error_at_the_first_start_is_the_end() -> None:
    assert Restarts().after(end(2, answered=False, orderly=True)) is None


def test_an_exit_that_nobody_meant_is_a_death_whatever_its_code() -> None:
    assert Restarts().after(end(0)) == 0.0


@pytest.mark.parametrize("orderly", [True, False])
def test_after_it_has_answered_it_is_tried_a_few_times(orderly: bool) -> None:
    restarts = Restarts()
    restarts.after(end())
    failed = end(2, answered=False, orderly=orderly)
    waits = [restarts.after(failed) for _ in range(MOST_UNANSWERED)]
    assert None not in waits[:-1]
    assert waits[-1] is None


def test_to_answer_in_between_is_a_new_beginning() -> None:
    restarts = Restarts()
    for _ in range(3 * MOST_UNANSWERED):
        assert restarts.after(end(answered=False)) is not None
        assert restarts.after(end()) is not None
