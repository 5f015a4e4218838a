"""What is cut out of a value that is too large: as little as will do, each part with a reference to it."""

from typing import Any

import msgspec
import pytest

from protocol.events import NodeFailed, NodeFinished
from protocol.values import Failure
from rpc.events.cutting import BEGINNING, at, cut, fit, mark, size_of


def text(size: int) -> str:
    """Of so many bytes as JSON."""
    return "x" * (size - 2)


def test_the_largest_parts_go_first_and_the_others_stay_whole() -> None:
    value = {"small": 1, "middle": text(2000), "large": text(6000), "larger": text(7000)}
    found = cut(value, 9500, "ref")
    assert found == {**value, "larger": mark(value["larger"], 7000, "ref/larger")}
    assert size_of(found) <= 9500
    found = cut(value, 3000, "ref")
    assert found["middle"] == value["middle"]
    assert [found[name]["$cut"]["ref"] for name in ("large", "larger")] == [
        "ref/large",
        "ref/larger",
    ]


def test_what_is_cut_is_found_by_its_reference_at_any_depth() -> None:
    value: Any = {"a/b": [{"~": text(5000)}, text(1500)], "c": text(1500)}
    found = cut(value, 5000, "")
    ref = found["a/b"][0]["~"]["$cut"]["ref"]
    assert ref == "/a~1b/0/~0"
    assert at(value, ref) == value["a/b"][0]["~"]
    assert (found["a/b"][1], found["c"]) == (value["a/b"][1], value["c"])
    assert value["a/b"][0]["~"] == text(5000), "the value itself is not changed"


@pytest.mark.parametrize(
    "value", [text(5000), list(range(5000)), {f"k{n}": n for n in range(1000)}, [text(900)] * 9]
)
def test_what_has_no_large_part_goes_as_a_whole(value: Any) -> None:
    size = size_of(value)
    assert cut(value, size, "ref") == value
    shown = cut(value, 2000, "ref")["$cut"]
    assert (shown["bytes"], shown["length"], shown["ref"]) == (size, len(value), "ref")


def shown(document: Any, kind: type[msgspec.Struct], limit: int, **options: Any) -> Any:
    return fit(
        msgspec.to_builtins(document), kind, limit, lambda pointer: f"id{pointer}", **options
    )


def test_of_an_event_its_free_values_are_cut_within_what_the_rest_leaves() -> None:
    """The rest counts: a value that would fit alone is cut, and the members of it that fit stay."""
    update = {"kept": 1, "large": text(3000)}
    event = NodeFinished("n" * 500, "p" * 500, "t" * 500, update=update)
    found = shown(event, NodeFinished, 3200)
    assert size_of(found) <= 3200
    assert found["update"]["kept"] == 1
    assert found["update"]["large"]["$cut"]["ref"] == "id/update/large"
    assert (found["node"], found["path"]) == ("n" * 500, "p" * 500)


def test_of_several_large_parts_no_more_are_cut_than_have_to_be() -> None:
    """The largest goes first; what fits then is whole."""
    event = NodeFailed("n", "p", "t", Failure("E" * 1500, text(9000)))
    error = shown(event, NodeFailed, 6000)["error"]
    assert error["type"] == "E" * 1500
    assert error["message"] != text(9000)


def test_of_an_events_texts_a_beginning_is_left() -> None:
    failure = Failure("E" * 10, "begins " + text(9000))
    found = shown(NodeFailed("n", "p", "t", failure), NodeFailed, 4000)
    said = found["error"]["message"]
    assert said.startswith("begins xxx")
    assert said.partition(" … ")[0] == failure.message[:BEGINNING]
    assert '"ref":"id/error/message"' in said
    assert found["error"]["type"] == "E" * 10
    assert size_of(found) <= 4000
