"""An event as bytes: within its bound whatever is in it, and read back as it was put."""

import json
from typing import Any

import pytest

from protocol.events import Progress
from rpc.events.encoding import Emitter, event_at, event_params, event_seq, event_type

MAX_BYTES = 2000
AROUND_BYTES = 300
"""More than what stands around the data of such an event, and less than twice that."""


def progress(data: Any) -> Progress:
    return Progress(data, "node", "node", "task")


@pytest.mark.parametrize("members", [1, 2, 5, 9])
@pytest.mark.parametrize("size", [*range(1500, 2500, 9), 100_000])
def test_an_event_is_never_larger_than_its_bound(size: int, members: int) -> None:
    """A reader's library closes the connection at the first frame over its own bound, and stays stuck there."""
    data = {f"member {n}": "x" * (size // members) for n in range(members)}
    draft = Emitter("s", "r", MAX_BYTES).draft(progress(data))
    sent = draft.text(10**9)
    assert len(sent) <= MAX_BYTES
    # What fits is whole, and what does not is kept beside it.
    shown = json.loads(sent)["params"]["data"]
    assert (draft.beside is None) == (shown == data)
    assert draft.beside is None or len(json.dumps(data)) > MAX_BYTES - AROUND_BYTES


@pytest.mark.parametrize("size", range(2100, 3000, 50))
def test_no_more_is_cut_than_has_to_be(size: int) -> None:
    """Of many large members, those that fit are there to be read."""
    data = {f"member {n}": "x" * size for n in range(9)}
    sent = Emitter("s", "r", 10 * MAX_BYTES).draft(progress(data)).text(10**9)
    assert 5 * MAX_BYTES < len(sent) <= 10 * MAX_BYTES


def test_an_event_is_read_back_off_its_bytes() -> None:
    sent = Emitter("s", "r").draft(progress("x")).text(7)
    document = json.loads(sent)
    assert event_type(sent) == b"progress"
    assert event_seq(sent) == document["params"]["seq"] == 7
    assert event_at(sent).decode() == document["params"]["at"]
    assert json.loads(event_params(sent, b"progress")) == document["params"]
