"""The numbers of sessions' changes are those of PostgreSQL's transactions: a crash, or another server, may give them again.

A user would lose: a session that a list which follows the changes never hears of.
"""

import signal
from contextlib import closing
from pathlib import Path

import psycopg

from rpc.storage.postgres.store import PostgresStore
from rpc.storage.units import DeleteSession, PutSession, Unit
from tests.storage.made import made, one, session
from tests.support.needs import needs
from tests.support.postgres import Postgres, available


async def told(store: PostgresStore, after: tuple[int, int]) -> list[str]:
    """The sessions that were changed past a place."""
    return [change.session_id for change in (await store.changes(None, after, 10)).changes]


async def test_no_place_is_past_what_a_crash_leaves(tmp_path: Path) -> None:
    """Transactions that wrote nothing leave no trace on the disk; those after the crash have their numbers."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    server = Postgres().start()
    try:
        address = server.database(tmp_path)
        with closing(PostgresStore(address)) as store:
            store.write([made("a"), made("b")])
            one(store, Unit("b", [], [DeleteSession("b")]))
            with psycopg.connect(address, autocommit=True) as other:
                for _ in range(20):
                    other.execute("SELECT pg_current_xact_id()")
            places = [store.changes_end(), (await store.changes(None, (0, 0), 10)).end]
            server.stop(signal.SIGKILL)
            server.start()
        with closing(PostgresStore(address)) as store:
            one(store, Unit("a", [], [PutSession(session("a", name="x"))]))
            for place in places:
                assert await told(store, place) == ["a"]
    finally:
        server.close()


async def test_a_backup_goes_on_at_another_server(tmp_path: Path) -> None:
    """What is changed there is told, though its transactions have lower numbers; places of before are known to be of before."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    first, second = Postgres().start(), Postgres().start()
    try:
        address = first.database(tmp_path)
        with psycopg.connect(address, autocommit=True) as other:
            other.execute(
                "DO $$ BEGIN FOR i IN 1..20000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
            )
        with closing(PostgresStore(address)) as store:
            store.write([made("a"), made("b"), made("c")])
            one(store, Unit("c", [], [DeleteSession("c")]))
            place, cursors = store.changes_end(), store.secret("cursors")
        first.dump(address, first.folder / "backup")
        restored = second.database(tmp_path)
        second.restore(restored, first.folder / "backup")
        with closing(PostgresStore(restored)) as store:
            assert await told(store, (0, 0)) == ["a", "b"]
            end = store.changes_end()
            assert end < place
            assert store.tombstones_removed(None) > 0
            assert store.secret("cursors") != cursors
            one(store, Unit("b", [], [PutSession(session("b", name="x"))]))
            assert await told(store, end) == ["b"]
        with closing(PostgresStore(restored)) as store:
            # Once is enough.
            assert await told(store, end) == ["b"]
    finally:
        first.close()
        second.close()
