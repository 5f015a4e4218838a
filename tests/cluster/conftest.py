"""What the cluster's tests share: a PostgreSQL of their own, and nodes that are processes."""

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.journal import journal_of
from tests.support.needs import needs
from tests.support.postgres import Postgres, available
from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_database

GRAPHS = "tests/support/fault_graphs.py"


class Cluster:
    """Nodes of `fault_graphs` on one database, and the folder that these graphs write to."""

    def __init__(self, postgres: Postgres, database: str, folder: Path) -> None:
        self.postgres = postgres
        self.database = database
        self.folder = folder
        self.nodes: list[ServerProcess] = []

    def node(
        self,
        *names: str,
        role: str = "all",
        database: str | None = None,
        entry: Sequence[str] = ("rpc.cli",),
        env: Mapping[str, str] | None = None,
        supervised: bool = False,
        more: Sequence[str] = (),
        **settings: object,
    ) -> ServerProcess:
        """Start a node that has these graphs of `fault_graphs`, or `name=file:name` of another one."""
        node = ServerProcess(
            [name if "=" in name else f"{name}={GRAPHS}:{name}" for name in names],
            self.folder / f"node-{len(self.nodes)}",
            settings={"database": database or self.database, "role": role, **settings},
            env={"FAULT_FOLDER": str(self.folder), **(env or {})},
        )
        node.entry = list(entry)
        node.supervised = supervised
        node.more = list(more)
        self.nodes.append(node)
        return node.start()

    def journal(self) -> list[str]:
        """What nodes of the graphs did, in every process so far."""
        return journal_of(self.folder)

    def let_go(self, name: str = "go") -> None:
        """Let the nodes go that are held under this name."""
        (self.folder / name).touch()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What is in the database."""
        import psycopg

        with psycopg.connect(self.database) as connection:
            connection.execute("SET search_path TO stepwire_sessions")
            return connection.execute(query.encode()).fetchall()

    def until(self, query: str, wanted: Any, seconds: float = 60.0) -> None:
        """Wait until the query's first value is the wanted one."""
        ends = time.monotonic() + seconds
        while (found := self.rows(query)[0][0]) != wanted:
            assert time.monotonic() < ends, f"{query}: {found}"
            time.sleep(0.02)

    def close(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            if node.process is not None and node.process.poll() is None:
                # One that is stopped hears nothing else.
                node.process.send_signal(signal.SIGCONT)
            node.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server of this module's own, which its tests may stop and kill."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    from tests.support.free_port import kept_port

    # Nobody else's while it is stopped, either.
    with kept_port() as port:
        server = Postgres(port=port)
        server.start()
        yield server
        server.close()


@pytest.fixture
def cluster(postgres: Postgres, tmp_path: Path) -> Iterator[Cluster]:
    """Nodes that end with the test, on a database of the test's own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    made = Cluster(postgres, postgres.database(folder), folder)
    yield made
    made.close()
    if made.nodes:
        check_database(made.database)
    postgres.release(folder)
