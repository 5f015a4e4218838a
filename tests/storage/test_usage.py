"""What owners use, as it is counted: without a look at each session, and the same after a restart."""

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store
from rpc.storage.units import (
    CountQuery,
    DeleteCheckpoints,
    DeleteEvents,
    DeleteSession,
    DeleteThread,
    Draft,
    PutRun,
    Unit,
)
from tests.storage.conftest import Stores
from tests.storage.made import checkpoint, draft, made, one, run, session, value, writes, written

DATA = Path(__file__).parent / "data"


def used(store: Store, owner: str) -> tuple[int, int, int]:
    """How many sessions an owner has and how many run, and the bytes of them."""
    found = store.usage(owner, 0)
    return found.sessions, found.running, found.bytes


def test_sessions_are_counted_by_owner(stores: Stores) -> None:
    """Those of others are not among them, and those that are deleted are no longer."""
    store = stores.open()
    store.write([made("a", owner="ada"), made("b", owner="ada", status="running")])
    store.write([made("c", owner="bob")])
    for again in stores.now_and_again():
        assert used(again, "ada")[:2] == (2, 1)
        assert used(again, "bob")[:2] == (1, 0)
        assert used(again, "carol") == (0, 0, 0)
    again.write([Unit("b", [], [DeleteSession("b")])])
    assert used(again, "ada")[:2] == (1, 0)


def test_all_that_is_kept_of_a_session_is_counted(stores: Stores) -> None:
    """Events, what they cut out, checkpoints, values, writes, runs: each by what it adds."""
    store = stores.open()
    store.write([made("a", owner="ada"), made("b", owner="bob")])
    others = used(store, "bob")[2]
    large = b"x" * 10_000
    parts = [
        Unit("a", [draft("x" * 10_000)]),
        Unit("a", [Draft(b"1", b"", b"", None, ("cut", large))]),
        Unit("a", [], [value("a", "c", "1", large)]),
        Unit("a", [], [checkpoint("a", "1", c="1"), writes("a", "1", "t", large)]),
        Unit("a", [], [PutRun(run("r", "a", input="x" * 10_000))]),
    ]
    for part in parts:
        before = used(store, "ada")[2]
        written(one(store, part))
        assert 10_000 <= used(store, "ada")[2] - before < 11_000, part
    assert used(store, "bob")[2] == others
    at_the_end = used(store, "ada")
    assert used(stores.again(), "ada") == at_the_end


def test_what_is_removed_is_not_counted(stores: Stores) -> None:
    """By age, with its session, or since its thread goes: whatever stays is."""
    store = stores.open()
    large = b"x" * 10_000
    store.write([made("a", owner="ada")])
    empty = used(store, "ada")[2]
    for text in ("x" * 10_000, "y"):
        written(one(store, Unit("a", [draft(text)])))
    written(one(store, Unit("a", [], [DeleteEvents("a", 1)])))
    assert used(store, "ada")[2] - empty < 1000
    rows = [value("a", "c", "1", large), checkpoint("a", "1", c="1"), checkpoint("a", "2")]
    written(one(store, Unit("a", [], rows)))
    assert used(store, "ada")[2] - empty > 10_000
    written(one(store, Unit("a", [], [DeleteCheckpoints("a", [("", "1")])])))
    assert used(store, "ada")[2] - empty < 1000
    written(one(store, Unit("a", [], [value("a", "c", "1", large)])))
    written(one(store, Unit("a", [], [DeleteThread("a")])))
    assert used(store, "ada")[2] - empty < 1000
    written(one(store, Unit("a", [draft("x" * 10_000)])))
    # What is written and deleted in one batch was never there.
    gone = [
        made("b", value("b", "c", "1", large), owner="ada"),
        Unit("b", [], [DeleteSession("b")]),
    ]
    store.write([*gone, Unit("a", [], [DeleteSession("a")])])
    assert used(store, "ada") == (0, 0, 0)
    assert used(stores.again(), "ada") == (0, 0, 0)


def test_a_unit_that_is_refused_counts_for_nothing(store: Store) -> None:
    """It is not kept."""
    store.write([made("a", owner="ada")])
    before = used(store, "ada")
    store.write([Unit("a", [draft("x" * 5000)], [CountQuery("ada", 100)], fence=7)])
    assert used(store, "ada") == before
    assert list(store.usage("ada", 0).queries) == []


def test_a_thread_without_a_session_is_nobodys(store: Store) -> None:
    """A saver that is used by itself."""
    written(one(store, Unit(None, [], [value("t", "c", "1", b"x")])))
    assert used(store, "local") == (0, 0, 0)


def test_queries_are_counted_by_the_second(stores: Stores) -> None:
    """Those of more than two minutes ago are forgotten when others come."""
    store = stores.open()
    at = 1_000_000
    started = [("a", at), ("b", at), ("c", at + 1), ("d", at + 60)]
    for id, second in started:
        written(one(store, made(id, CountQuery("ada", second), owner="ada")))
    for again in stores.now_and_again():
        assert list(again.usage("ada", at).queries) == [(at, 2), (at + 1, 1), (at + 60, 1)]
        assert list(again.usage("ada", at + 1).queries) == [(at + 1, 1), (at + 60, 1)]
        assert list(again.usage("bob", at).queries) == []
    written(one(again, Unit("a", [], [DeleteSession("a")])))
    assert list(again.usage("ada", at).queries) == [(at, 2), (at + 1, 1), (at + 60, 1)]
    written(one(again, made("e", CountQuery("ada", at + 170), owner="ada")))
    assert list(again.usage("ada", at).queries) == [(at + 60, 1), (at + 170, 1)]


def test_sessions_of_schema_6_are_counted(tmp_path: Path) -> None:
    """It counted nothing."""
    file = tmp_path / "stepwire.db"
    with closing(SQLiteStore(file, "normal")) as store:
        rows = [PutRun(run("r", "a")), value("a", "c", "1", b"x" * 500)]
        store.write([made("a", *rows, drafts=[draft("x" * 500)], owner="ada")])
        before = used(store, "ada")
        assert before[2] > 1000
    with closing(sqlite3.connect(file)) as connection:
        for table in ("session_bytes", "owner_bytes", "owner_queries"):
            connection.execute(f"DROP TABLE {table}")
        names = connection.execute("SELECT name FROM sqlite_master WHERE name GLOB 'bytes_*'")
        for (trigger,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("PRAGMA user_version = 6")
        connection.commit()
    with closing(SQLiteStore(file, "normal")) as store:
        assert used(store, "ada") == before
        written(one(store, Unit("a", [draft("x" * 500)])))
        assert used(store, "ada")[2] > before[2] + 500


def test_so_are_those_of_schema_4(tmp_path: Path) -> None:
    """Steps before this one write the tables that are counted."""
    file = tmp_path / "stepwire.db"
    file.write_bytes(lzma.decompress((DATA / "schema-4.db.xz").read_bytes()))
    with closing(SQLiteStore(file, "normal")) as store:
        sessions, _, kept = used(store, "local")
        assert sessions == 2
        assert kept > 500
        assert session("a").owner == "local"
