"""How long sessions are kept, where nodes share a database. A user would lose: the room that what is gone still takes."""

from contextlib import closing

from rpc.storage.postgres.connecting import connect
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.records import Ttl
from rpc.storage.units import PutTtl
from tests.storage.made import made


def test_a_node_of_the_version_before_deletes_it_too(database: str) -> None:
    """It knows nothing of these rows: it deletes those of the tables that it knows."""
    with closing(PostgresStore(database)) as store:
        store.write([made(name, PutTtl(name, Ttl("delete", 1, 10))) for name in ("a", "b")])
        with connect(database) as before, before.transaction():
            before.execute("DELETE FROM session_texts USING sessions s WHERE s.id = 'a'")
            before.execute("DELETE FROM sessions WHERE id = 'a'")
        assert store.ttl("a") is None
        assert store.ttl("b") == Ttl("delete", 1, 10)
