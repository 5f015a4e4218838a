"""Ids of checkpoints, as LangGraph makes them: what is borrowed is there, and nothing that is read spoils them."""

import time
from typing import Any
from uuid import UUID

import pytest
from langgraph.checkpoint.base import create_checkpoint, empty_checkpoint
from langgraph.checkpoint.base import id as ids
from langgraph.checkpoint.base.id import uuid6
from langgraph.pregel import _checkpoint

from rpc.engine.langgraph.checkpoint_ids import LATEST, ids_in_order, later_than

SECOND = 10**7


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last_v6_timestamp", None)


def at(seconds: int) -> str:
    """An id of so many seconds from now."""
    stamp = int(time.time() + seconds) * SECOND + 0x01B21DD213814000
    return str(UUID(int=(stamp >> 12) << 80 | 6 << 76 | (stamp & 0xFFF) << 64 | 0x8 << 60))


@pytest.mark.parametrize("seconds", [3600, 86400 * 365])
def test_what_is_made_is_larger_than_what_was_read(seconds: int) -> None:
    """However far the clock was ahead that made it, and in every place where one is made."""
    with ids_in_order():
        read = at(seconds)
        later_than(read)
        for make in (create_checkpoint, _checkpoint.create_checkpoint):
            made = make(empty_checkpoint(), {}, 1)["id"]
            assert made > read
            read = made
        # One that is older takes nothing back.
        later_than(at(-3600))
        assert _checkpoint.empty_checkpoint()["id"] > read


@pytest.mark.parametrize(
    "strange",
    [
        "",
        "1",
        "checkpoint of somebody",
        "ffffffff-ffff-6fff-bfff-ffffffffffff",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "01a229b3-4b46-7b87-a002-0e572121fc77",
    ],
)
def test_what_is_nobodys_clock_is_left_alone(strange: str) -> None:
    """A thread from elsewhere may have any ids; those of all others would be made after them."""
    before = str(uuid6())
    later_than(strange)
    made = uuid6()
    assert before < str(made) < at(3600)


def test_the_latest_leaves_room_for_more() -> None:
    stamp = LATEST
    later_than(str(UUID(int=(stamp >> 12) << 80 | 6 << 76 | (stamp & 0xFFF) << 64 | 0x8 << 60)))
    made: Any = [str(uuid6()) for _ in range(1000)]
    assert made == sorted(set(made))
