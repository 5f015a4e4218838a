"""Who takes a job that nodes refused, since their graph cannot go on with its session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.clock import now_ms
from rpc.storage.cluster import TakenJob
from rpc.storage.units import EndJob, PutJob, PutSession, Row, Unit, Written
from tests.postgres.test_places import Line
from tests.storage.made import session

HOUR = 3_600_000


@pytest.fixture
def line(database: str, tmp_path: Path) -> Iterator[Line]:
    made = Line(database, tmp_path)
    for node in ("w1", "w2"):
        made.node(node, "a", 1)
    made.node("api", "a", 1, role="api")
    yield made
    made.store.close()


def put(line: Line, *refused: str, until: int | None = None) -> None:
    """The session's job stands in line, as these refused it; in the place of what there is of it."""
    until = now_ms() + HOUR if until is None else until
    job = PutJob("a1", "a", "ada", start_at=until if refused else None, refused=refused)
    rows: list[Row] = [PutSession(session("a1", graph="a")), EndJob("a1"), job]
    (outcome,) = line.store.write([Unit("a1", [], rows)])
    assert isinstance(outcome, Written), outcome


def takes(line: Line, node: str, graph: str = "a") -> TakenJob | None:
    return line.shared.jobs.take_refused([graph], line.workers[node], node)


def test_another_node_takes_it(line: Line) -> None:
    """Once, and not by the way out of line that those who refused look at too."""
    until = now_ms() + HOUR
    put(line, "w1", until=until)
    assert line.shared.jobs.take(["a"], line.workers["w2"]) is None
    assert takes(line, "w1") is None
    assert takes(line, "w2", "b") is None
    taken = takes(line, "w2")
    assert taken is not None
    assert (taken.session_id, taken.graph, taken.asker) == ("a1", "a", "ada")
    assert (list(taken.refused), taken.until) == (["w1"], until)
    assert takes(line, "w2") is None
    assert line.shared.jobs.others("a", ["w1"])
    # What answers clients runs nothing.
    assert not line.shared.jobs.others("a", ["w1", "w2"])
    assert not line.shared.jobs.others("b", [])


def test_all_that_live_refused(line: Line) -> None:
    """Whoever has the graph tries for the last time, and fails it then."""
    put(line, "w1", "w2")
    taken = takes(line, "w1")
    assert taken is not None
    assert list(taken.refused) == ["w1", "w2"]


def test_who_could_goes_or_dies(line: Line) -> None:
    put(line, "w1")
    assert takes(line, "w1") is None
    line.gone("w2")
    assert takes(line, "w1") is not None
    line.node("w2", "a", 1)
    put(line, "w1")
    assert takes(line, "w1") is None
    line.silent(600)
    line.node("w1", "a", 1)
    assert takes(line, "w1") is not None


def test_it_has_waited_for_long_enough(line: Line) -> None:
    """Anybody takes it as any job: nobody has, who did not try."""
    put(line, "w1", until=now_ms() - 1)
    taken = line.shared.jobs.take(["a"], line.workers["w1"])
    assert taken is not None
    assert list(taken.refused) == ["w1"]


def test_a_session_that_is_told_something_anew_is_refused_by_nobody(line: Line) -> None:
    put(line, "w1")
    put(line)
    assert takes(line, "w2") is None
    taken = line.shared.jobs.take(["a"], line.workers["w1"])
    assert taken is not None
    assert (list(taken.refused), taken.until) == ([], None)
