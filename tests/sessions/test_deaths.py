"""Who is suspected of the server's deaths, in which order, and who is convicted."""

from collections.abc import Sequence

import msgspec
import pytest

from rpc.sessions.running.deaths import Found, Way, after_end, patience, plan
from rpc.storage.records import Deaths, RunRecord, SessionRecord


def found(
    name: str, deaths: Deaths | None = None, *, status: str = "running", seq: int = 9
) -> Found:
    session = SessionRecord(name, "g", status, None, 0, 0, name, 1, None, seq=seq)  # type: ignore[arg-type]
    run = RunRecord(name, name, "g", None, None, None, None, 0, 0, 0, deaths=deaths)
    return Found(session, run)


def way(died_at: int, events: Sequence[tuple[int, str, str]]) -> Way:
    """Of (number, type, members) each."""
    made = Way(died_at)
    for seq, kind, members in events:
        made.take(seq, kind.encode(), b'{"params":{%b}}' % members.encode())
    return made


def checkpoint(seq: int, step: int, path: str = "") -> tuple[int, str, str]:
    return seq, "state.checkpoint", f'"path":"{path}","step":{step}'


def finished(seq: int, task: str, path: str = "node") -> tuple[int, str, str]:
    return seq, "node.finished", f'"path":"{path}","task_id":"{task}"'


BEFORE = [checkpoint(1, -1), checkpoint(2, 0), checkpoint(3, -1, "node"), finished(4, "a")]


@pytest.mark.parametrize(
    ("since", "further"),
    [
        ([], False),
        ([checkpoint(6, 1)], True),
        ([checkpoint(6, 0, "node")], True),
        # A graph that a node calls begins anew with it, its tasks under other names.
        ([checkpoint(6, -1, "node"), finished(7, "x", "node/inner")], False),
        # A sibling that ended need not run again.
        ([finished(6, "b")], True),
    ],
)
def test_what_counts_as_further(since: list[tuple[int, str, str]], further: bool) -> None:
    assert way(5, BEFORE + since).further is further


def test_when_a_node_began_before_the_first_death_is_kept() -> None:
    started = (3, "node.started", '"at":"2026-03-01T09:00:00.250Z"')
    first = after_end(found("a"), way(9, [started]), died=True).run.deaths
    assert first is not None
    assert first.tried == 1772355600250
    later = (11, "node.started", '"at":"2026-03-01T10:00:00.250Z"')
    second = after_end(found("a", first), way(9, [started, later]), died=True).run.deaths
    assert second is not None
    assert second.tried == first.tried


def test_who_ended_the_server_before_its_start_was_committed_is_not_put_last() -> None:
    """What is known of it is later than what is known of those that ran before."""
    at = 1772355600250
    read = '"at":"2026-03-01T09:00:00.250Z","path":"","step":0'
    due = (3, "state.checkpoint", f'{read},"next":["node"]')
    first = after_end(found("a"), way(9, [due]), died=True).run.deaths
    assert first is not None
    assert first.tried == at
    # Nothing was to run any more by then.
    over = (3, "state.checkpoint", f'{read},"next":[]')
    for events in ([], [over]):
        begun = msgspec.structs.replace(found("a").run, started_at=at)
        made = after_end(Found(found("a").session, begun), way(9, events), died=True)
        assert made.run.deaths is not None
        assert made.run.deaths.tried == at


def test_deaths_count_from_where_the_run_came_further_last() -> None:
    first = after_end(found("a"), way(9, BEFORE), died=True)
    assert (first.count, first.run.deaths and first.run.deaths.seq) == (1, 9)
    again = after_end(found("a", Deaths(1, 9), seq=12), way(9, BEFORE), died=True)
    assert again.count == 2
    came = after_end(
        found("a", Deaths(2, 9), seq=12), way(9, [*BEFORE, checkpoint(10, 1)]), died=True
    )
    assert came.count == 1


@pytest.mark.parametrize(
    "one",
    [found("a", Deaths(1, 9, held=True)), found("a", Deaths(1, 9), status="queued")],
)
def test_who_waited_has_not_died_of_it(one: Found) -> None:
    assert after_end(one, way(9, []), died=True).count == 1


def test_an_end_that_was_meant_counts_nothing() -> None:
    assert after_end(found("a"), way(9, BEFORE), died=False).count == 0
    assert after_end(found("a", Deaths(2, 9)), way(9, BEFORE), died=False).count == 2


def test_only_who_was_alone_is_convicted() -> None:
    there = [found("a", Deaths(3, 9)), found("b", Deaths(3, 9)), found("c", Deaths(1, 9))]
    several = plan(there, 3, alone=None)
    assert several.convicted == []
    assert {one.session.id for one in several.suspects} == {"a", "b"}
    made = plan(there, 3, alone="a")
    assert [one.session.id for one in made.convicted] == ["a"]
    assert [one.session.id for one in made.suspects] == ["b"]
    assert [one.session.id for one in made.others] == ["c"]
    assert plan(there, 0, alone="a").convicted == []
    assert plan(there, 4, alone="a").convicted == []


def test_with_a_limit_of_one_the_first_death_convicts_whoever_was_alone() -> None:
    assert len(plan([found("a", Deaths(1, 9))], 1, alone="a").convicted) == 1
    assert (
        len(plan([found("a", Deaths(1, 9)), found("b", Deaths(1, 9))], 1, alone=None).suspects) == 2
    )


def test_who_began_last_goes_first() -> None:
    times = {"a": 1, "b": 3, "c": 2, "d": 5}
    made = plan([found(name, Deaths(2, 9, tried=at)) for name, at in times.items()], 3, alone=None)
    assert [one.session.id for one in made.suspects] == ["d", "b", "c", "a"]


def test_patience_grows_with_doubt() -> None:
    assert [patience(count) for count in (2, 3, 4)] == [10.0, 20.0, 40.0]
