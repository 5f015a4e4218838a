"""Places of tasks: what the debugger compares, shows as paths, and finds again in what was stored."""

import pytest

from rpc.engine.langgraph.place import TOP, Place

RANK = Place.of("literature:1f|rank:8a")
CALLED = Place.of("flow:1|2|leaf:3")
"""A task of the second graph that one function calls."""


@pytest.mark.parametrize("namespace", ["", "a:1", "literature:1f|rank:8a", "flow:1|2|leaf:3"])
def test_what_is_stored_is_read_back(namespace: str) -> None:
    """A session that stands would lose the tasks that stand."""
    assert Place.of(namespace).namespace == namespace
    assert Place.of(namespace) is Place.of(namespace), "it is parsed again each time"


def test_path_and_task() -> None:
    """Clients name a node by its path, and a task by its id; numbers of calls are neither."""
    assert (RANK.path, RANK.node, RANK.task_id, RANK.depth) == ("literature/rank", "rank", "8a", 2)
    assert (CALLED.path, CALLED.node, CALLED.task_id, CALLED.depth) == ("flow/leaf", "leaf", "3", 2)
    assert CALLED.graph.task_id == "1"
    assert (TOP.path, TOP.node, TOP.task_id, TOP.depth) == ("", "", "", 0)


def test_whose_graph_it_is_in() -> None:
    """A step over a task ends at the next of its graph: two calls of one function are one graph to that."""
    assert RANK.graph == RANK.holder == Place.of("literature:1f")
    assert CALLED.graph == Place.of("flow:1|2")
    assert CALLED.holder == Place.of("flow:1")
    assert TOP.task("a", "1").holder == TOP
    assert Place.of("flow:1").task("leaf", "3") == Place.of("flow:1|leaf:3")


def test_inside() -> None:
    """A task is entered again only for what is inside it; one whose name begins alike is not."""
    sub = Place.of("sub:1")
    assert Place.of("sub:1|rank:2").is_inside(sub)
    assert not sub.is_inside(sub)
    assert sub.is_within(sub)
    assert not Place.of("sub:12|rank:2").is_within(sub)
    assert sub.is_inside(TOP)
    assert not TOP.is_inside(sub)


def test_the_way_to_it() -> None:
    """Of two tasks in one graph it is told which superstep holds the other."""
    inner = Place.of("a:1|b:2|c:3")
    assert TOP.towards(inner) == Place.of("a:1")
    assert Place.of("a:1").towards(inner) == Place.of("a:1|b:2")
    assert [one.namespace for one in inner.from_top()] == ["a:1", "a:1|b:2", "a:1|b:2|c:3"]
