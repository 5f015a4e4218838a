"""A data directory of the version before: it opens, nothing is lost, and its sessions go on.

The directory was left by a killed server of schema 1 with a session in every status (`data/README.md`).
"""

import asyncio
import json
import lzma
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import ormsgpack
import pytest

from rpc.engine.checkpoints import importing
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.checkpoints.versions import BITS
from rpc.storage.records import Due, RunOptions, Ttl
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError
from rpc.storage.units import (
    DeleteSession,
    Draft,
    PutRun,
    PutSession,
    PutTtl,
    Refused,
    Unit,
    Written,
)
from tests.conftest import StartServer
from tests.storage.made import draft, event, made, run, texts
from tests.support.peer import peer
from tests.support.server_process import ROOT, clean_environment
from tests.support.storing import open_line

DATA = Path(__file__).parent / "data" / "schema-1.tar.xz"
GRAPHS = ROOT / "tests/support/stored_graphs.py"
COPIES = ["checkpoints.db.schema-1", "stepwire.db.schema-1"]


class Old:
    """The directory, unpacked, and what its server told."""

    def __init__(self, folder: Path) -> None:
        with tarfile.open(DATA) as packed:
            packed.extractall(folder, filter="data")
        self.folder = folder / "data"
        self.file = self.folder / "stepwire.db"
        self.told: dict[str, Any] = json.loads((folder / "told.json").read_text())

    def open(self) -> SQLiteStore:
        return SQLiteStore(self.file, "normal", importing.rows)

    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir())

    def rows(self, name: str, query: str) -> list[Any]:
        """Of one of the old databases, or of its copy."""
        with closing(sqlite3.connect(self.folder / name)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def old(tmp_path: Path) -> Old:
    return Old(tmp_path)


async def test_it_lists_the_same(old: Old) -> None:
    """All sessions are there, in their order, with their runs, and found by their words."""
    with closing(old.open()) as store:
        page = await store.sessions_page(owner=None, limit=50)
        told = old.told["list"]["sessions"]
        assert [record.id for record, _ in page.records] == [one["session_id"] for one in told]
        for (record, run), one in zip(page.records, told, strict=True):
            assert run is not None
            assert (record.status, record.name) == (one["status"], one["session_name"])
            assert record.run_id == run.id
            assert store.run(run.id) == run
            found = store.session(record.id)
            assert found == record
            assert (record.epoch, record.revision, record.first_seq) == (0, 0, 1)
        assert page.total == len(told)
        for search in ("ärzte", "är", "ASPIRIN", old.told["sessions"]["chat"]):
            assert (await store.sessions_page(owner=None, limit=5, search=search)).total == 1, (
                search
            )
        assert (await store.sessions_page(owner=None, limit=5, status="paused")).total == 2
        key = store.run_by_key("local", "key-1")
        assert key is not None
        assert key.session_id == old.told["sessions"]["completed"]
        assert len(store.durations("local", "chat", 50)) == 20


async def test_events_are_the_same_bytes(old: Old) -> None:
    """A client that comes back goes on behind the number that it saw last."""
    before: dict[str, list[bytes]] = {}
    for session_id, data in old.rows(
        "stepwire.db", "SELECT session_id, data FROM events ORDER BY session_id, last_seq"
    ):
        before.setdefault(session_id, []).extend(data.split(b"\n"))
    with closing(old.open()) as store:
        for session_id in old.told["sessions"].values():
            events = await texts(store, session_id)
            assert events == before[session_id]
            found = store.session(session_id)
            assert found is not None
            assert found.seq == len(events)


async def test_checkpoints_have_the_same_values(old: Old) -> None:
    """Of every checkpoint, at every depth: values, versions, metadata, parents and what tasks wrote."""
    checkpoints = old.rows(
        "checkpoints.db",
        "SELECT thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata"
        " FROM checkpoints",
    )
    writes = old.rows(
        "checkpoints.db",
        "SELECT thread_id, checkpoint_ns, checkpoint_id, task_id, channel, type, value, idx FROM writes",
    )
    assert len(checkpoints) > 60
    assert writes
    old.open().close()
    # Text versions are integers now: one to one, and their counters are the same.
    texts_of: dict[int, str] = {}

    def translated(versions: Mapping[str, Any]) -> dict[str, str]:
        return {channel: texts_of[int(version)] for channel, version in versions.items()}

    async with open_line(old.folder) as line:
        saver = Saver(line.store, line)
        for thread, namespace, id, parent, blob, metadata in checkpoints:
            found = line.store.checkpoint(thread, namespace, id)
            assert found is not None
            assert found.parent_id == parent
            # Whatever the serialiser wrapped is compared as the bytes it wrapped it in.
            was = ormsgpack.unpackb(blob, ext_hook=ormsgpack.Ext, option=ormsgpack.OPT_NON_STR_KEYS)
            packed = {
                channel: ormsgpack.packb(value, option=ormsgpack.OPT_NON_STR_KEYS)
                for channel, value in was["channel_values"].items()
            }
            nil = {"null": b"\xc0"}
            assert {c: nil.get(kind, data) for c, kind, data in found.values} == packed
            for channel, text in was["channel_versions"].items():
                version = int(found.versions[channel])
                assert texts_of.setdefault(version, text) == text
                assert version >> BITS == int(text.partition(".")[0])
            assert translated(found.versions) == was["channel_versions"]
            place = {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": id}
            given = saver.get_tuple({"configurable": place})
            assert given is not None
            seen = given.checkpoint["versions_seen"]
            assert {node: translated(some) for node, some in seen.items()} == was["versions_seen"]
            assert translated(given.checkpoint["channel_versions"]) == was["channel_versions"]
            assert given.metadata == json.loads(metadata)
            mine = [row[3:] for row in writes if row[:3] == (thread, namespace, id)]
            assert sorted(
                (task, channel, kind, data, index)
                for task, channel, kind, data, _, index in found.writes
            ) == sorted(
                (task, channel, kind, data or b"", n) for task, channel, kind, data, n in mine
            )


async def test_a_chat_gets_smaller(old: Old) -> None:
    """Its list of messages was stored whole at each step; now it is its tails."""
    (before,) = old.rows("checkpoints.db", "SELECT sum(length(checkpoint)) FROM checkpoints")[0]
    old.open().close()
    (after,) = old.rows("stepwire.db", "SELECT sum(length(data)) FROM channel_values")[0]
    assert after < before / 4


def test_copies_are_kept_and_the_old_file_goes(old: Old) -> None:
    """Who has to go back finds everything as it was, what stood in the write-ahead log included."""
    counts = "SELECT count(*), total(length(data)) FROM events"
    events = old.rows("stepwire.db", counts)
    checkpoints = old.rows("checkpoints.db", "SELECT count(*) FROM checkpoints")
    old.open().close()
    assert old.files() == sorted(["stepwire.db", *COPIES])
    assert old.rows("stepwire.db.schema-1", "PRAGMA user_version") == [(1,)]
    assert old.rows("stepwire.db.schema-1", counts) == events
    assert old.rows("checkpoints.db.schema-1", "SELECT count(*) FROM checkpoints") == checkpoints
    # Once is enough.
    changed = (old.folder / COPIES[1]).stat().st_mtime_ns
    old.open().close()
    assert (old.folder / COPIES[1]).stat().st_mtime_ns == changed


def test_the_schema_is_that_of_a_new_database(old: Old, tmp_path: Path) -> None:
    """Nothing stays of the old tables, and no index is missing."""
    old.open().close()
    SQLiteStore(tmp_path / "new.db", "normal").close()
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    with closing(sqlite3.connect(tmp_path / "new.db")) as new:
        assert old.rows("stepwire.db", schema) == new.execute(schema).fetchall()
    assert old.rows("stepwire.db", "PRAGMA integrity_check") == [("ok",)]


def test_a_newer_schema_is_refused(old: Old) -> None:
    """A program must not write into what it does not understand; it says what would help."""
    old.open().close()
    with closing(sqlite3.connect(old.file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match=r"newer version.*schema 99.*another data directory"):
        old.open()


def test_checkpoints_that_cannot_be_read(old: Old) -> None:
    """Nothing is changed; the message names the session, and the old version still opens it."""
    with closing(sqlite3.connect(old.folder / "checkpoints.db")) as connection, connection:
        connection.execute("UPDATE checkpoints SET type = 'json' WHERE rowid = 7")
    before = old.rows("stepwire.db", "SELECT id FROM sessions ORDER BY id")
    with pytest.raises(
        StorageError, match=r"checkpoints of session .* 'json'.*nothing was changed"
    ):
        old.open()
    assert old.rows("stepwire.db", "PRAGMA user_version") == [(1,)]
    assert old.rows("stepwire.db", "SELECT id FROM sessions ORDER BY id") == before
    assert (old.folder / "checkpoints.db").exists()


OPENING = """
import os, signal, sqlite3, sys
from pathlib import Path
from rpc.engine.checkpoints import importing
from rpc.storage.sqlite.store import SQLiteStore

left = int(sys.argv[2])

def count(event, arguments):
    global left
    if event in ("sqlite3.connect", "os.rename", "os.remove", "open"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

real = importing.rows

def rows(checkpoints):
    global left
    for row in real(checkpoints):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        yield row

sys.addaudithook(count)
SQLiteStore(Path(sys.argv[1]), "full", rows).close()
"""


@pytest.mark.parametrize("moment", [0, 1, 2, 4, 6, 9, 60, 200, 300])
async def test_a_crash_in_the_middle_is_harmless(old: Old, moment: int) -> None:
    """Killed at any moment: the next start finds the old files or the new one, whole."""
    sessions = len(old.told["sessions"])
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", OPENING, str(old.file), str(moment)],
        cwd=ROOT,
        env=clean_environment(),
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL)
    (version,) = old.rows("stepwire.db", "PRAGMA user_version")[0]
    if version == 1:
        assert old.rows("stepwire.db", "SELECT count(*) FROM sessions") == [(sessions,)]
        assert (old.folder / "checkpoints.db").exists()
    with closing(old.open()) as store:
        assert (await store.sessions_page(owner=None, limit=1)).total == sessions
        assert len(store.checkpoints(None)) > 60
    assert old.files() == sorted(["stepwire.db", *COPIES])


FULL = """
import resource, signal, sys
from pathlib import Path
from rpc.engine.checkpoints import importing
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    SQLiteStore(Path(sys.argv[1]), "full", importing.rows)
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("size", [100_000, 1_400_000, 1_800_000])
async def test_a_disk_that_is_too_small(old: Old, size: int) -> None:
    """There has to be room for a copy and the new rows; where there is not, all stays as it was."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", FULL, str(old.file), str(size)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "the database failed" in done.stdout
    assert old.rows("stepwire.db", "PRAGMA user_version") == [(1,)]
    assert not [name for name in old.files() if "unfinished" in name]
    with closing(old.open()) as store:
        assert (await store.sessions_page(owner=None, limit=1)).total == len(old.told["sessions"])


async def test_a_new_directory_needs_no_importer(tmp_path: Path) -> None:
    """And makes no copy."""
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as store:
        store.write([made("a")])
    assert os.listdir(tmp_path) == ["stepwire.db"]


async def test_schema_2_opens(tmp_path: Path) -> None:
    """It had no place for what events cut out; what it held stays, and a copy of it."""
    file = tmp_path / "stepwire.db"
    with closing(SQLiteStore(file, "normal")) as store:
        store.write([made("a", drafts=[draft("x")])])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE event_values")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
    with closing(SQLiteStore(file, "normal")) as store:
        assert await texts(store, "a") == [event(1, "x")]
        store.write([Unit("a", [Draft(b"1", b"", b"", None, ("cut", b"whole"))])])
        assert await store.beside("a", "cut") == b"whole"
    assert "stepwire.db.schema-2" in os.listdir(tmp_path)


async def test_schema_10_opens(tmp_path: Path) -> None:
    """It knew of no session how long it is kept; what it held is kept for good, until somebody says otherwise."""
    file = tmp_path / "stepwire.db"
    with closing(SQLiteStore(file, "normal")) as store:
        store.write([made("a", drafts=[draft("x")], status="completed")])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE session_ttls")
        connection.execute("PRAGMA user_version = 10")
        connection.commit()
    with closing(SQLiteStore(file, "normal")) as store:
        assert await texts(store, "a") == [event(1, "x")]
        assert await store.expired(10**15, 5) == []
        store.write([Unit("a", [], [PutTtl("a", Ttl("delete", 2, 7))])])
        assert await store.expired(7, 5) == ["a"]
    assert "stepwire.db.schema-10" in os.listdir(tmp_path)


async def test_schema_11_opens(tmp_path: Path) -> None:
    """Nothing was due of the runs that it held; of those that begin now it is."""
    file = tmp_path / "stepwire.db"
    told = RunOptions(webhook="https://example.com/done")
    with closing(SQLiteStore(file, "normal")) as store:
        store.write([made("a", drafts=[draft("x")], status="completed")])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE aftermaths")
        connection.execute("PRAGMA user_version = 11")
        connection.commit()
    with closing(SQLiteStore(file, "normal")) as store:
        assert await texts(store, "a") == [event(1, "x")]
        assert await store.dues(5) == []
        store.write([Unit("a", [], [PutRun(run("r", "a", options=told, status="running"))])])
        assert store.due("r") == Due("r", "a", 0, 0, "")
    assert "stepwire.db.schema-11" in os.listdir(tmp_path)


async def test_schema_3_finds_all_queries(tmp_path: Path) -> None:
    """It searched the newest query's text only; what was asked before, and inputs, are found now."""
    file = tmp_path / "stepwire.db"
    with closing(SQLiteStore(file, "normal")) as store:
        runs = [
            run("1", "a", query=None, input={"q": ["semaglutide"]}, created_at=1),
            run("2", "a", query="tirzepatide", created_at=2),
        ]
        store.write([made("a", *map(PutRun, runs)), made("b", PutRun(run("3", "b")))])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE sessions SET query = 'tirzepatide' WHERE id = 'a'")
        connection.execute("PRAGMA user_version = 3")
        connection.commit()
    with closing(SQLiteStore(file, "normal")) as store:
        for search in ("semaglutide", "tirzepatide", "se"):
            page = await store.sessions_page(owner=None, limit=5, search=search)
            assert [record.id for record, _ in page.records] == ["a"], search
        # What is changed from here on keeps what was found.
        found = store.session("a")
        assert found is not None
        store.write([Unit("a", [], [PutSession(msgspec.structs.replace(found, name="n"))])])
        assert (await store.sessions_page(owner=None, limit=5, search="semaglutide")).total == 1
        store.write([Unit("a", [], [DeleteSession("a")])])
        assert (await store.sessions_page(owner=None, limit=5, search="semaglutide")).total == 0


async def test_its_sessions_go_on(old: Old, server: StartServer) -> None:
    """A server of this version opens it: what ran is resumed, what asks is answered, what stands steps on."""
    (old.folder.parent / "go").touch()
    made = old.told["sessions"]
    process = server(
        *(f"{name}={GRAPHS}:{name}" for name in ("steps", "failing", "holding", "asking", "chat")),
        data_dir=old.folder,
        env={"STORED_FOLDER": str(old.folder.parent)},
    )
    async with peer(process.url) as one:
        listed = await one.call("session.list")
        assert listed["total"] == len(made)
        for name in ("completed", "failed", "cancelled", "chat"):
            got = await one.call("session.get", session_id=made[name])
            # The version before removed no events, and so did not say which is the first.
            told = {**old.told["get"][made[name]], "first_seq": 1}
            # Who gave it no name sees one now.
            told["session_name"] = told["session_name"] or f"Session {made[name][:8]}"
            if told["error"] is not None:
                # Nobody knew then where it was raised.
                told["error"] |= {"file": None, "line": None}
            assert {field: got[field] for field in told} == told
        for session_id in made.values():
            await one.call("session.subscribe", session_id=session_id)
        running = made["running"]
        await one.until(
            lambda: one.of(running, "query.result"), "the end of the run that was killed"
        )
        assert one.of(running, "session.recovered")
        assert one.of(running, "query.result")[0]["params"]["result"]["said"] == [
            "first",
            "held",
            "third",
        ]
        await one.call("query.respond", session_id=made["waiting"], value="this")
        await one.until(lambda: one.of(made["waiting"], "query.result"), "the answer")
        said = one.of(made["waiting"], "query.result")[0]["params"]["result"]["said"]
        assert said[-3:] == ["answer this", "second about which?", "third"]
        state = await one.call("debug.inspect", session_id=made["paused"])
        assert state["values"]["said"] == ["first"]
        await one.call("debug.step", session_id=made["paused"])
        await one.event(made["paused"], "debug.stopped", 2)
        await one.call("debug.continue", session_id=made["paused"])
        await one.until(
            lambda: (
                one.of(made["paused"], "query.result")
                or len(one.of(made["paused"], "debug.stopped")) > 2
            ),
            "its end",
        )
        inside = made["paused inside"]
        await one.call("debug.continue", session_id=inside)
        await one.event(inside, "input.requested")
        message = {"role": "user", "content": "and now?", "id": "u20"}
        chat = await one.run(input={"messages": [message]}, session_id=made["chat"])
        assert len(chat.result["messages"]) == 42
        numbers = [event["params"]["seq"] for event in one.events[made["chat"]]]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_schema_4_becomes_the_local_owners(tmp_path: Path) -> None:
    """It had no owners: all that is there is of the local one, and found as before."""
    file = tmp_path / "stepwire.db"
    file.write_bytes(lzma.decompress((DATA.parent / "schema-4.db.xz").read_bytes()))
    with closing(SQLiteStore(file, "normal")) as store:
        for owner in ("local", None):
            page = await store.sessions_page(owner=owner, limit=5)
            assert [record.id for record, _ in page.records] == ["b", "a"]
            assert page.total == 2
            assert (await store.sessions_page(owner=owner, limit=5, status="waiting")).total == 1
            assert (await store.sessions_page(owner=owner, limit=5, search="sema")).total == 1
        assert (await store.sessions_page(owner="alice", limit=5)).total == 0
        found = store.session("b", "local")
        assert found is not None
        assert (found.owner, found.query, found.name) == ("local", 'owner":null', "two")
        assert store.session("b", "alice") is None
        first = store.run_by_key("local", "k")
        assert first is not None
        assert (first.id, first.owner, first.caller) == ("r1", "local", None)
        assert store.durations("local", "g", 5) == [20]
        assert await texts(store, "a") == [event(1, "x")]
        # From here on another owner's key is another.
        alices = made(
            "c", PutRun(run("r3", "c", idempotency_key="k", owner="alice")), owner="alice"
        )
        again = made("d", PutRun(run("r4", "d", idempotency_key="k", owner="alice")), owner="alice")
        (first_one, second_one) = store.write([alices, again])
        assert isinstance(first_one, Written)
        assert isinstance(second_one, Refused)
        assert second_one.reason == "conflict"
        assert (await store.sessions_page(owner="local", limit=5)).total == 2
        assert (await store.sessions_page(owner="alice", limit=5)).total == 1
        secret = store.secret("cursors")
        assert len(secret) == 32
    with closing(SQLiteStore(file, "normal")) as store:
        assert store.secret("cursors") == secret
    assert "stepwire.db.schema-4" in os.listdir(tmp_path)
