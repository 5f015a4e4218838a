"""What follows the ends of runs, where nodes share a database. A user would lose: room for what nobody can do any more."""

from contextlib import closing

from rpc.storage.postgres.connecting import connect
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.records import Due, RunOptions
from rpc.storage.units import PutRun
from tests.storage.made import made, run


def test_a_node_of_the_version_before_deletes_it_too(database: str) -> None:
    """It knows nothing of these rows: it deletes those of the tables that it knows."""
    told = RunOptions(webhook="https://example.com/done")
    with closing(PostgresStore(database)) as store:
        store.write(
            [made(name, PutRun(run(f"of {name}", name, options=told))) for name in ("a", "b")]
        )
        with connect(database) as before, before.transaction():
            before.execute("DELETE FROM runs WHERE session_id = 'a'")
        assert store.due("of a") is None
        assert store.due("of b") == Due("of b", "b", 0, 0, "")
