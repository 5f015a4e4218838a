"""What is long is packed on the disk, and comes back as it was; who reads it does not know."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rpc.storage.packing import LEAST_BYTES, packed, packed_value, unpacked, unpacked_value
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.units import Unit
from rpc.storage.unreadable import Unreadable
from tests.storage.made import checkpoint, draft, made, one, value, writes, written

LONG = b"a word and another word " * 200


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"{" + LONG, random.Random(1).randbytes(5000), b"\x01" + LONG]
)
def test_every_value_comes_back(data: bytes) -> None:
    """Also what begins as packed bytes do, and what packing would not make smaller."""
    assert unpacked_value(*packed_value("msgpack", data)) == ("msgpack", data)
    if data[:1] == b"{":
        assert unpacked(packed(data)) == data


def test_only_what_gets_smaller_is_packed() -> None:
    noise = random.Random(2).randbytes(LEAST_BYTES * 4)
    assert packed_value("bytes", noise) == ("bytes", noise)
    assert packed(b"{}") == b"{}"
    assert len(packed(b"{" + LONG)) < len(LONG) / 10


async def test_what_a_session_keeps_is_packed_and_read_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "stepwire.db"
    store = SQLiteStore(file, "full")
    store.write([made("a")])
    text = LONG.decode()
    rows = [value("a", "c", "1", LONG), checkpoint("a", "1", c="1"), writes("a", "1", "t", LONG)]
    written(one(store, Unit("a", [draft(text)], rows)))
    kept = store.usage("local", 0).bytes
    store.close()
    with closing(sqlite3.connect(file)) as database:
        for table in ("events", "channel_values", "task_writes"):
            (size,) = database.execute(f"SELECT max(length(data)) FROM {table}").fetchone()
            assert size < 1000, table
    store = SQLiteStore(file, "full")
    found = store.checkpoint("a", "")
    assert found is not None
    assert [one[2] for one in found.values] == [LONG]
    assert [one[3] for one in found.writes] == [LONG]
    (row,) = await store.events("a", 0, 1_000_000)
    assert text.encode() in row.data
    # An owner's bytes are those of what was said, however it is kept.
    assert kept > 3 * len(LONG)
    store.close()


async def test_what_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    file = tmp_path / "stepwire.db"
    store = SQLiteStore(file, "full")
    store.write([made("a")])
    rows = [value("a", "c", "1", LONG), checkpoint("a", "1", c="1")]
    written(one(store, Unit("a", [draft(LONG.decode())], rows)))
    store.close()
    with closing(sqlite3.connect(file)) as database, database:
        for table in ("events", "channel_values"):
            database.execute(f"UPDATE {table} SET data = substr(data, 1, length(data) - 9)")
    store = SQLiteStore(file, "full")
    with pytest.raises(Unreadable, match="unpacked"):
        store.checkpoint("a", "")
    with pytest.raises(Unreadable, match="event 1"):
        await store.events("a", 0, 1_000_000)
    store.close()
