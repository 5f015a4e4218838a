"""What only SQLite's files show: how large they are, and that nothing is left in them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rpc.storage.records import RunOptions, Ttl
from rpc.storage.searching import holds
from rpc.storage.sqlite.searching import match
from rpc.storage.sqlite.store import LOG_BYTES, SQLiteStore
from rpc.storage.store import StorageError
from rpc.storage.units import AddSignal, DeleteSession, Draft, PutRun, PutTtl, Unit
from tests.storage.made import checkpoint, draft, made, noise, reason, run, texts, value, writes


def test_a_small_session_leaves_a_small_directory(tmp_path: Path) -> None:
    """After a clean stop there is one file, without a log beside it."""
    store = SQLiteStore(tmp_path / "stepwire.db", "full")
    store.write([made("a", drafts=[draft("x")])])
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["stepwire.db"]
    assert (tmp_path / "stepwire.db").stat().st_size < 256 * 1024


def test_the_log_shrinks_after_a_long_reader(tmp_path: Path) -> None:
    """Somebody who reads for long makes the log grow; the space is given back, not kept for ever."""
    file, log = tmp_path / "stepwire.db", tmp_path / "stepwire.db-wal"
    with closing(SQLiteStore(file, "normal")) as store:
        store.write([made("a")])
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM sessions").fetchall()
            for _ in range(20):
                store.write([Unit("a", [draft(noise(1_000_000))])])
            assert log.stat().st_size > 2 * LOG_BYTES
            reader.execute("COMMIT")
        for _ in range(5):
            store.write([Unit("a", [draft(noise(1_000_000))])])
        assert log.stat().st_size <= 2 * LOG_BYTES


def test_no_table_keeps_a_deleted_session(tmp_path: Path) -> None:
    """What a person deletes is in no table, whichever is added next; but that it was deleted, the audit keeps."""
    file = tmp_path / "stepwire.db"

    def rows() -> dict[str, int]:
        with closing(sqlite3.connect(file)) as connection:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'session_trigrams%'"
                " AND name NOT LIKE 'session_words%' AND name NOT IN ('session_counts', 'owner_bytes', 'owner_queries', 'secrets', 'audit', 'assistants',"
                " 'session_changes', 'session_tombstones', 'tombstones_removed')"
            ).fetchall()
            return {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for (name,) in names
            }

    with closing(SQLiteStore(file, "normal")) as store:
        thread = [
            checkpoint("a", "1", c="1"),
            value("a", "c", "1", b"x"),
            writes("a", "1", "t", b"x"),
        ]
        cut = Draft(b"", b"", b"x", None, ("id", b"whole"))
        store.write(
            [
                made(
                    "a",
                    PutRun(run("r", "a", options=RunOptions(webhook="http://x"))),
                    AddSignal("k"),
                    PutTtl("a", Ttl("delete", 1.0, 1)),
                    *thread,
                    drafts=[cut],
                    tags=["t"],
                )
            ]
        )
        assert min(rows().values()) > 0, rows()
        store.write([Unit("a", [], [DeleteSession("a")])])
        assert max(rows().values()) == 0, rows()


@pytest.mark.parametrize(
    ("search", "text", "held"),
    [
        ("ÄRZ", "die ärzte", True),
        ("ärz", "DIE ÄRZTE", True),
        ("zte d", "ärzte die", True),
        ("zted", "ärzte die", False),
        ("är", "die ärzte", True),
        ("rz", "die ärzte", False),
        ("D", "ärzte-die", True),
        ("%", "100%", False),
        ("abc", None, False),
        ("a", None, False),
    ],
)
def test_a_search_without_the_index_finds_the_same(
    tmp_path: Path, search: str, text: str | None, held: bool
) -> None:
    """Where few sessions are in a status they are looked into one by one; it must make no difference."""
    assert holds(search)(text) is held
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as store:
        store.write([made("-", name=text)])
        found = match(search)
        assert found is not None
        rows = store.writer.execute(
            f"SELECT rowid FROM {found.table} WHERE {found.table} MATCH ?", (found.expression,)
        )
        assert bool(rows.fetchall()) is held


async def test_a_full_disk_is_told_and_keeps_nothing_of_the_batch(tmp_path: Path) -> None:
    """All or nothing of a transaction; when there is room again, it goes on."""
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as store:
        store.write([made("a")])
        pages = store.writer.execute("PRAGMA page_count").fetchone()[0]
        store.writer.execute(f"PRAGMA max_page_count = {pages + 2}")
        batch = [Unit("a", [draft("small")]), made("b"), Unit("a", [draft(noise(100_000))])]
        with pytest.raises(StorageError, match="full"):
            store.write(batch)
        # The same in a batch with a mistake in it, which is written one by one.
        with pytest.raises(StorageError, match="full"):
            store.write([made("c", name="\ud800"), *batch])
        found = store.session("a")
        assert found is not None
        assert found.seq == 0
        assert store.session("b") is None
        assert await texts(store, "a") == []
        store.writer.execute("PRAGMA max_page_count = 1000000")
        assert [reason(outcome) for outcome in store.write(batch)] == [None] * 3
        assert len(await texts(store, "a")) == 2
