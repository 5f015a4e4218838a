"""Log lines of a fault that lasts."""

import logging

import pytest

from rpc.sparing import Sparing


def test_a_fault_that_lasts_has_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """A line of a kind a minute, with how many were left out; other kinds are not silenced by it."""
    now = 0.0
    sparing = Sparing(logging.getLogger("stepwire.test"), clock=lambda: now)
    for number in range(130):
        now = float(number)
        sparing.error("session %s waits: %s", f"s{number}", "full")
        if number == 5:
            sparing.warning("something else")
    assert caplog.messages == [
        "session s0 waits: full",
        "something else",
        "session s60 waits: full (and 59 more of these lines in the 60 s before)",
        "session s120 waits: full (and 59 more of these lines in the 60 s before)",
    ]


def test_a_fault_that_comes_again_is_said_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """What is over has told how many lines it left out."""
    sparing = Sparing(logging.getLogger("stepwire.test"), clock=lambda: 0.0)
    for _ in range(3):
        sparing.error("it fails")
    assert sparing.over("it fails") == 2
    sparing.error("it fails")
    assert caplog.messages == ["it fails", "it fails"]
