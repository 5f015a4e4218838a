"""What nodes write to their stream, as LangGraph's clients read it: events are looked at, not decoded, and come out the same."""

import itertools
from typing import Any

import msgspec
import pytest

from protocol.events import EventBody, NodeCancelled, Progress
from rpc.events.encoding import Emitter
from rpc.transports.langgraph.frames import frame
from rpc.transports.langgraph.parts import Parts
from rpc.transports.langgraph.written_parts import MANY, WrittenParts

VALUES: list[Any] = [
    {"number": 1},
    "text",
    None,
    [],
    # What stands around a value, within one.
    {"node": "other", "path": "other", "task_id": "t"},
    {"data": 1, "node": None},
    '"data":1,"node":"b","path":"b","task_id":"2"}}',
    'a\\"},"node":"b","path":"b","task_id":"2"}}',
    ["é", "\u2028", 1.5, {"at": "2026"}],
]


class Never:
    """Of what no part here is made."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def parts(modes: list[str], *, subgraphs: bool = False) -> Parts:
    nobody: Any = Never()
    return Parts(modes, nobody, nobody, {}, subgraphs=subgraphs, came_from=None, thread_id="s")


class Events:
    """One after the other, of a run."""

    def __init__(self, run_id: str = "r", max_bytes: int = 100_000) -> None:
        self.emitter = Emitter("s", run_id, max_bytes)
        self.numbers = itertools.count(1)

    def __call__(self, body: EventBody) -> bytes:
        return self.emitter.draft(body).text(next(self.numbers))


def read(made: WrittenParts, event: bytes) -> bytes:
    known = made.known(event)
    return b"".join(made.frame(event) if known is None else known)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_as_it_was_written(value: Any) -> None:
    """The first of its task, which is decoded, and those behind it, which are not."""
    events = Events()
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    for number in range(1, 4):
        event = events(Progress(value, "node", "a/node", "1"))
        assert read(made, event) == frame("custom", value, f"{number}-1")
    assert made.known(events(Progress(value, "node", "a/node", "1"))) is not None


def test_tasks_that_write_in_turn_are_each_known() -> None:
    events = Events()
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    places = [("a", "a", "1"), ("b", "sub/b", "2"), (None, "sub", None)]
    for place in places:
        made.frame(events(Progress(0, *place)))
    for number, place in enumerate(places * 2, 4):
        found = made.known(events(Progress(number, *place)))
        assert found == [frame("custom", number, f"{number}-1")]


def test_another_run_of_the_session_is_not_read() -> None:
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    own, other = Events(), Events("another")
    assert read(made, own(Progress(1, "a", "a", "1")))
    for _ in range(2):
        assert read(made, other(Progress(1, "a", "a", "1"))) == b""


def test_what_was_read_before_is_not_sent_again() -> None:
    events = Events()
    made = WrittenParts(parts(["custom"]), "r", (3, 0))
    found = [read(made, events(Progress(number, "a", "a", "1"))) for number in range(1, 6)]
    assert found == [b"", b"", *(frame("custom", one, f"{one}-1") for one in (3, 4, 5))]
    made = WrittenParts(parts(["custom"]), "r", (3, 1))
    events = Events()
    found = [read(made, events(Progress(number, "a", "a", "1"))) for number in range(1, 5)]
    assert found == [b"", b"", b"", frame("custom", 4, "4-1")]


def test_a_value_too_large_for_a_frame_is_cut_as_elsewhere() -> None:
    events = Events(max_bytes=5_000)
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    made.frame(events(Progress("small", "a", "a", "1")))
    event = events(Progress("x" * 10_000, "a", "a", "1"))
    whole = msgspec.json.decode(event)["params"]
    assert "$cut" in whole["data"]
    assert read(made, event) == frame("custom", whole["data"], "2-1")


async def test_a_node_in_a_subgraph_is_named_once_its_task_is_told_of() -> None:
    """A name is not kept over what tells where the task is."""
    events = Events()
    of_run = parts(["custom"], subgraphs=True)
    made = WrittenParts(of_run, "r", (-1, -1))
    assert read(made, events(Progress(1, "b", "a/b", "2"))).startswith(b"event: custom\r\n")
    await of_run.of(
        "node.started",
        {"node": "a", "path": "a", "task_id": "1", "seq": 2, "at": "", "run_id": "r", "step": 1,
         "parent_task_id": None, "input": None, "triggers": []},
    )  # fmt: skip
    await of_run.of(
        "node.started",
        {"node": "b", "path": "a/b", "task_id": "2", "seq": 3, "at": "", "run_id": "r", "step": 1,
         "parent_task_id": "1", "input": None, "triggers": []},
    )  # fmt: skip
    made.forget()
    assert read(made, events(Progress(1, "b", "a/b", "2"))).startswith(b"event: custom|a:1\r\n")


def test_a_name_with_an_end_of_line_ends_no_event() -> None:
    events = Events()
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    made.frame(events(Progress(1, "a\nb", "a\nb", "1")))
    assert made.known(events(Progress(2, "a\nb", "a\nb", "1"))) == [frame("custom", 2, "2-1")]


def test_an_event_of_another_kind_is_not_taken_for_one() -> None:
    events = Events()
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    made.frame(events(Progress(1, "a", "a", "1")))
    assert made.known(events(NodeCancelled("a", "a", "1"))) is None


def test_of_many_tasks_that_write_few_are_kept() -> None:
    """A fan-out starts all its tasks, and then they write: what is kept of them is bounded, and they are read all the same."""
    events = Events()
    made = WrittenParts(parts(["custom"]), "r", (-1, -1))
    for number in range(1, 2 * MANY):
        assert read(made, events(Progress(number, "a", "a", f"task-{number}"))) == frame(
            "custom", number, f"{number}-1"
        )
        assert len(made.names) <= MANY
