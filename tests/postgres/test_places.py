"""Whose jobs stand in line: of each owner as many as nodes have places for, and what runs elsewhere takes none of them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rpc.storage.cluster import DEAD_SECONDS, GAP_SECONDS, NodeRow, Role, SharedLine
from rpc.storage.postgres import nodes
from rpc.storage.postgres.shared import open_shared
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.soundness import Soundness
from rpc.storage.units import DeleteSession, EndJob, PutJob, PutSession, Row, Unit, Written
from tests.storage.made import session

SLOWER = 100


class Line:
    """A database's line of jobs, as the nodes that tell of themselves here use it."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        found: tuple[PostgresStore, SharedLine] = open_shared(
            database, 10, Soundness(folder), "one"
        )
        self.store, self.shared = found
        self.workers: dict[str, int] = {}

    def node(self, id: str, graphs: str, places: int, role: Role = "worker") -> None:
        """A node comes, or has other graphs now."""
        row = NodeRow(id, role, "1", graphs.split(), places, 0, 0, 0)
        self.workers[id] = self.shared.roll.beat(row, self.workers.get(id)).worker
        with psycopg.connect(self.database) as connection:
            # It says nothing more, and has its places all the same however long a test takes.
            connection.execute(
                "UPDATE stepwire_sessions.nodes SET seen_at = seen_at + interval '1 hour' WHERE id = %s",
                (id,),
            )

    def gone(self, id: str) -> None:
        self.shared.roll.leave(id, self.workers.pop(id))

    def ask(self, asker: str, *names: str, own: int | None = None, most: int = 1) -> None:
        """Start sessions: `graph1` is one of the graph `graph`."""
        for name in names:
            graph = name.rstrip("0123456789")
            job = PutJob(name, graph, asker, most, most_of_asker=own)
            self._write(name, PutSession(session(name, graph=graph)), job)

    def end(self, name: str) -> None:
        self._write(name, EndJob(name))

    def delete(self, name: str) -> None:
        self._write(name, DeleteSession(name))

    def _write(self, name: str, *rows: Row) -> None:
        (outcome,) = self.store.write([Unit(name, [], list(rows))])
        assert isinstance(outcome, Written), outcome

    def silent(self, seconds: int) -> None:
        """All nodes were heard that long ago."""
        with psycopg.connect(self.database) as connection:
            connection.execute("SET search_path TO stepwire_sessions")
            for table, column in (
                ("procrastinate_workers", "last_heartbeat"),
                ("nodes", "seen_at"),
            ):
                connection.execute(
                    f"UPDATE {table} SET {column} = clock_timestamp() - make_interval(secs => %s)".encode(),
                    (seconds,),
                )

    def bury(self, heard_seconds_ago: float = 0.0) -> None:
        """A node that was heard that long ago takes for dead who was not."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute(
                "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
            ).fetchone()
        assert row is not None
        self.shared.roll.bury(row[0] - round(heard_seconds_ago * 1000))

    def in_line(self) -> list[str]:
        return self._names("SELECT lock FROM procrastinate_jobs ORDER BY id")

    def held(self) -> list[str]:
        return self._names("SELECT session_id FROM held_jobs ORDER BY number")

    def _names(self, query: str) -> list[str]:
        with psycopg.connect(self.database) as connection:
            connection.execute("SET search_path TO stepwire_sessions")
            return [row[0] for row in connection.execute(query.encode()).fetchall()]


@pytest.fixture
def line(database: str, tmp_path: Path) -> Iterator[Line]:
    made = Line(database, tmp_path)
    yield made
    made.store.close()


def test_one_owner_has_as_many_as_there_are_places(line: Line) -> None:
    """Over all nodes, whatever their graphs' names; the next that waits comes when one ends, whichever way."""
    line.node("w1", "a b", 1)
    line.node("w2", "a b", 2)
    line.node("api", "a b", 50, role="api")
    line.ask("ada", "a1", "b1", "a2", "b2", "a3", "b3", "a4")
    line.ask("bob", "b9")
    assert line.in_line() == ["a1", "b1", "a2", "b9"]
    assert line.held() == ["b2", "a3", "b3", "a4"]
    line.end("b1")
    assert line.in_line() == ["a1", "a2", "b9", "b2"]
    line.delete("a1")
    assert line.in_line() == ["a2", "b9", "b2", "a3"]
    line.end("b3")
    assert line.held() == ["a4"]
    # A node that comes brings places.
    line.node("w3", "a b", 1)
    assert line.shared.jobs.let_in(4, None) == ["a"]
    assert line.in_line() == ["a2", "b9", "b2", "a3", "a4"]


def test_what_runs_nowhere_takes_no_place(line: Line) -> None:
    """It waits for who has it, a little of it in line, so that it is seen; and comes in its order once there is somebody."""
    line.node("w1", "a", 1)
    line.node("api", "a lost", 50, role="api")
    line.ask("ada", "lost1", "lost2", "lost3", "a1", "a2")
    assert line.in_line() == ["lost1", "a1"]
    line.end("a1")
    assert line.in_line() == ["lost1", "a2"]
    line.end("lost1")
    assert line.in_line() == ["a2", "lost2"]
    assert line.shared.jobs.let_in(1, None) == []
    line.node("w2", "lost", 2)
    assert line.shared.jobs.let_in(3, None) == ["lost"]
    assert line.in_line() == ["a2", "lost2", "lost3"]


def test_what_runs_elsewhere_takes_no_place(line: Line) -> None:
    """Also where a third graph runs on both nodes."""
    line.node("w1", "a b", 1)
    line.node("w2", "b c", 1)
    line.ask("ada", "a1", "a2", "c1", "c2", "b1")
    # `b` has two places, and both are asked for.
    assert line.in_line() == ["a1", "c1"]
    line.end("c1")
    assert line.in_line() == ["a1", "c2"]
    line.end("a1")
    assert line.in_line() == ["c2", "a2"]
    line.end("a2")
    assert line.in_line() == ["c2", "b1"]


def test_a_graph_that_few_nodes_have_waits_for_those(line: Line) -> None:
    line.node("w1", "a", 1)
    line.node("w2", "a b", 1)
    line.ask("ada", "b1", "b2", "a1", "a2")
    assert line.in_line() == ["b1", "a1"]
    line.end("a1")
    assert line.in_line() == ["b1", "a2"]
    line.end("b1")
    assert line.in_line() == ["a2", "b2"]


def test_an_owners_own_limit_is_over_all_that_run(line: Line) -> None:
    """On every node together, without what runs nowhere."""
    line.node("w1", "a", 4)
    line.node("w2", "c", 4)
    line.ask("ada", "lost1", "a1", "a2", "c1", "c2", "a3", own=3)
    assert line.in_line() == ["lost1", "a1", "a2", "c1"]
    line.end("lost1")
    assert line.held() == ["c2", "a3"]
    line.end("c1")
    assert line.in_line() == ["a1", "a2", "c2"]
    assert line.shared.jobs.let_in(8, 3) == []
    assert line.shared.jobs.let_in(8, 4) == ["a"]
    assert line.held() == []


def test_many_that_are_held_come_in_their_order(line: Line) -> None:
    """No more than there are places for, of whichever graphs; the oldest first."""
    line.node("w1", "a b", 1)
    names = [f"{'ab'[n % 2]}{n}" for n in range(10)]
    line.ask("ada", *names)
    line.ask("bob", "b90", "a91", "a92")
    line.node("w2", "a b", 5)
    assert sorted(line.shared.jobs.let_in(6, None)) == ["a", "a", "a", "a", "b", "b", "b"]
    assert line.held() == names[6:]
    # What stands in line stays there when a node goes; nothing more comes.
    line.gone("w1")
    assert line.shared.jobs.let_in(5, None) == []
    line.end("a0")
    assert line.held() == ["b7", "a8", "b9"]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is silent is so for minutes, where it is seconds elsewhere: those that a test takes itself make nobody dead."""
    monkeypatch.setattr(nodes, "DEAD_SECONDS", SLOWER * DEAD_SECONDS)
    monkeypatch.setattr(nodes, "GAP_SECONDS", SLOWER * GAP_SECONDS)


@pytest.mark.usefixtures("slow")
def test_who_was_taken_for_dead_learns_it_though_its_jobs_are_not_given_to_others_yet(
    line: Line,
) -> None:
    """It wakes up in the middle of that; until it is dead, nothing that it has is anybody's."""
    line.node("w1", "a", 2)
    line.ask("ada", "a1")
    first = line.workers["w1"]
    assert line.shared.jobs.take(["a"], first) is not None
    line.silent(SLOWER * 7)
    line.bury()
    assert line.shared.jobs.left() == []
    line.node("w1", "a", 2)
    assert line.workers["w1"] == first
    line.silent(SLOWER * 9)
    assert line.shared.jobs.left() == []
    line.bury()
    line.shared.roll.prune()
    line.node("w1", "a", 2)
    assert line.workers["w1"] != first
    assert [(one.session_id, one.worker) for one in line.shared.jobs.left()] == [("a1", first)]


@pytest.mark.usefixtures("slow")
def test_the_silence_of_the_database_is_nobodys_death(line: Line) -> None:
    """What was said before it froze, and is heard when it wakes up, kills nobody; nor is anybody forgotten."""
    line.node("w1", "a", 2)
    line.ask("ada", "a1")
    first = line.workers["w1"]
    assert line.shared.jobs.take(["a"], first) is not None
    line.silent(SLOWER * 20)
    line.bury(SLOWER * (GAP_SECONDS + 1))
    line.shared.roll.prune()
    assert line.shared.jobs.left() == []
    line.end("a1")
    line.shared.roll.prune()
    line.node("w1", "a", 2)
    assert line.workers["w1"] == first
