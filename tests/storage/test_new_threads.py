"""A new session's thread is known without a look at the file, and what was in a thread before is not forgotten."""

from contextlib import closing
from pathlib import Path

from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.units import DeleteThread, Unit
from tests.storage.made import checkpoint, made, one, value, written


def test_what_a_new_session_saves_is_found_in_every_namespace(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as store:
        store.write([made("a")])
        assert store.recent.checkpoint("a", "sub:1") is not None
        assert store.checkpoint("a", "") is None
        written(
            one(store, Unit("a", [], [value("a", "c", "1", b"{}"), checkpoint("a", "1", c="1")]))
        )
        found = store.checkpoint("a", "")
        assert found is not None
        assert found.checkpoint_id == "1"
        written(one(store, Unit("a", [], [DeleteThread("a")])))
        # Nothing is guessed any more.
        assert store.recent.checkpoint("a", "sub:1") is None
        assert store.checkpoint("a", "") is None


def test_a_thread_that_was_there_before_its_session_is_read(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as store:
        written(
            one(store, Unit(None, [], [value("a", "c", "1", b"{}"), checkpoint("a", "1", c="1")]))
        )
        store.write([made("a")])
        assert store.recent.checkpoint("a", "") is None
        found = store.checkpoint("a", "")
        assert found is not None
        assert found.checkpoint_id == "1"
