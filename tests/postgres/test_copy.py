"""`stepwire db copy`: whatever a data directory has is in the database. A user would lose what a new table has and nobody copies."""

import asyncio
import inspect
import os
import sqlite3
from array import array
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from click.testing import CliRunner, Result

from protocol.errors import ProtocolError
from rpc.cli.main import cli
from rpc.engine.graphs.memory import FILES, graph_memory, shared_graph_memory
from rpc.engine.langgraph.memory_store import memory_of
from rpc.engine.langgraph.owned_memory import OwnedMemory
from rpc.events.log import EventLog
from rpc.sessions.feed import Feed
from rpc.storage.postgres import copying_memory
from rpc.storage.postgres.connecting import connect, with_defaults
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.postgres.tokens import TokenTable
from rpc.storage.records import Assistant, AssistantVersion, AuditRecord, RunOptions, Ttl
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.sqlite.tokens import TokenFile
from rpc.storage.store import Store, Which
from rpc.storage.tokens import TokenRecord
from rpc.storage.units import (
    AddSignal,
    CountQuery,
    DeleteSession,
    DeleteTombstones,
    Draft,
    PutAssistant,
    PutAudit,
    PutRun,
    PutTtl,
    Unit,
)
from tests.storage.made import checkpoint, draft, made, value, with_run, writes
from tests.storage.made import run as one_run

TABLES = {
    "sessions": "session",
    "session_tags": "sessions_page",
    "session_trigrams": "sessions_page",
    "session_words": "sessions_page",
    "session_counts": "status_counts",
    "session_bytes": "usage",
    "owner_bytes": "usage",
    "owner_queries": "usage",
    "secrets": "secret",
    "runs": "run",
    "events": "events",
    "event_values": "beside",
    "signals": "signals",
    "session_ttls": "ttl",
    "aftermaths": "due",
    "checkpoints": "checkpoint",
    "channel_values": "checkpoint",
    "task_writes": "checkpoint",
    "assistants": "assistants",
    "audit": "audit_page",
    # The order of changes is another there, and who follows them is told so.
    "session_changes": "",
    "session_tombstones": "",
    "tombstones_removed": "",
}
"""By table of SQLite's, the read of `READS` that shows what it has."""

Read = Callable[[Store], Any]

READS: dict[str, Read] = {
    "session": lambda s: [s.session(id) for id in ("a", "b", "c", "gone")],
    "heads": lambda s: s.heads(["a", "b", "gone"]),
    "run": lambda s: s.run("r"),
    "run_by_key": lambda s: s.run_by_key("ada", "k"),
    "active": lambda s: s.active("ada"),
    "usage": lambda s: s.usage("ada", 0),
    "secret": lambda s: s.secret("cursors"),
    "signals": lambda s: s.signals("a"),
    "durations": lambda s: s.durations("ada", "g", 5),
    "status_counts": lambda s: s.status_counts(),
    "results_of": lambda s: s.results_of("a"),
    "checkpoint": lambda s: [s.checkpoint("a", place) for place in ("", "sub:1")],
    "checkpoints": lambda s: s.checkpoints(None),
    "outlines": lambda s: s.outlines("a"),
    "checkpoints_of_runs": lambda s: sorted(s.checkpoints_of_runs(["r"])),
    "sessions_page": lambda s: _pages(s),
    "in_status": lambda s: s.in_status(["queued", "paused"]),
    "older_than": lambda s: s.older_than(10**15, 9, ["completed"]),
    "old_events": lambda s: s.old_events(10**15, 9),
    "ttl": lambda s: s.ttl("a"),
    "expired": lambda s: s.expired(10**15, 9),
    "due": lambda s: s.due("later"),
    "dues": lambda s: s.dues(9),
    "old_threads": lambda s: s.old_threads(10**15, 9),
    "events": lambda s: s.events("a", 0, 10**6),
    "runs_page": lambda s: s.runs_page("a", limit=9),
    "assistant": lambda s: s.assistant("as"),
    "assistants": lambda s: s.assistants(None),
    "audit_page": lambda s: s.audit_page(limit=9),
    "has_audit_before": lambda s: s.has_audit_before(10**15),
    "beside": lambda s: s.beside("a", "cut"),
}
"""Every read of a store, as it is asked for what `_fill` made."""

OTHERS = {
    "write",
    "close",
    "soundness",
    "unreadable",
    "shared",
    # Any of the others, in a thread.
    "read",
    # Of an advance under way: one process has that in memory.
    "hits",
    "changes",
    "changes_end",
    "tombstones_removed",
    "has_tombstones_before",
}


async def _pages(store: Store) -> Any:
    found = [
        await store.sessions_page(owner=None, limit=9),
        await store.sessions_page(owner="ada", limit=9, search="ÄRZ"),
        await store.sessions_page(owner=None, limit=9, which=Which(tags=("x",))),
    ]
    return [(page.records, page.places, page.total) for page in found]


def run(*words: str) -> Result:
    others = {name: None for name in os.environ if name.startswith("STEPWIRE_")}
    return CliRunner().invoke(cli, ["db", "copy", *words], env=others)


async def everything(store: Store) -> dict[str, Any]:
    found = {}
    for name, read in READS.items():
        result = read(store)
        found[name] = await result if isinstance(result, Awaitable) else result
    return found


def _fill(folder: Path) -> None:
    """Something in every table."""
    with closing(SQLiteStore(folder / "stepwire.db", "normal")) as old:
        old.write([made("gone"), made("gone too", owner="eve"), made("last gone")])
        old.write([Unit("gone", [], [DeleteSession("gone")])])
        old.write([Unit(None, [], [DeleteTombstones(2**50)])])
        old.write([Unit("gone too", [], [DeleteSession("gone too")])])
        old.write(
            [made("a", run_id="r", runs=1, status="paused", name="Ärzte", owner="ada", tags=["x"])]
        )
        ended = {"status": "completed", "started_at": 1, "ended_at": 5, "results": ["1"]}
        cut = Draft(b'{"seq":', b',"text":', b'"..."}', beside=("cut", b'"long"'))
        rows = [
            PutRun(one_run("r", "a", owner="ada", idempotency_key="k", **ended)),
            value("a", "c", "1", b"x"),
            value("a", "c", "2", b"y", base="1", whole=b"xy"),
            value("a", "c", "1", b"x", namespace="sub:1"),
            checkpoint("a", "1", c="1"),
            checkpoint("a", "2", parent="1", c="2"),
            checkpoint("a", "3", "sub:1", c="1"),
            writes("a", "2", "t", b"w"),
            AddSignal("pause", {"n": 1}),
            PutTtl("a", Ttl("keep_latest", 0.5, 9)),
            PutAudit(AuditRecord(5, "debug.rewind", "a")),
            CountQuery("ada", 1_000_000),
        ]
        old.write([Unit("a", [draft("one"), cut], rows), made("b", status="completed")])
        told = RunOptions(webhook="https://example.com/done")
        for status in ("running", "failed"):
            later = one_run("later", "b", options=told, status=status)
            old.write([Unit("b", [], [PutRun(later)])])
        old.write([Unit("a", [draft("two")]), made("c", owner="ada")])
        version = AssistantVersion(1, "g", "n", None, {}, {"k": 1}, {}, 7)
        old.write([Unit(None, [], [PutAssistant(Assistant("as", "ada", 1, [version], 7, 8))])])
        old.write([Unit("last gone", [], [DeleteSession("last gone")])])
    token = TokenRecord("t", "t", "ada", ["run"], b"digest", 1)
    with closing(TokenFile(folder)) as tokens:
        tokens.add(token)
        tokens.add(msgspec.structs.replace(token, id="u", name="u", digest=b"other"))
        tokens.revoke("u", 2)
        tokens.used({"t": 3})
    asyncio.run(_remember(folder))


async def _remember(folder: Path) -> None:
    async with graph_memory(folder, None, ["$"], Soundness(folder)) as memory:
        await memory.aput(("words", "of"), "k", {"text": "ü", "n": [1, None]})
        await memory.aput(("words",), "brief", {"n": 2}, ttl=90.5)
        ada = memory_of(memory, "ada")
        assert ada is not None
        await ada.aput(("words", "of"), "k", {"text": "hers"})


def test_all_that_a_directory_has_is_in_the_database(database: str, tmp_path: Path) -> None:
    _fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / "stepwire.db")) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        tables = {
            name
            for name in names
            if not name.startswith(("sqlite_", "session_trigrams_", "session_words_"))
        }
        assert tables == set(TABLES), "a table that is new: copy it, and compare it here"
        for table in tables:
            rows = f"{table}_data" if f"{table}_data" in names else table
            assert connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0], table
    assert set(TABLES.values()) - {""} <= set(READS)
    reads = {name for name, _ in inspect.getmembers(Store) if not name.startswith("_")}
    assert reads == set(READS) | OTHERS, "a read that is new: compare what it gives here"
    files = {one.name for one in tmp_path.iterdir() if not one.name.endswith(("-wal", "-shm"))}
    assert files == {"stepwire.db", "tokens.db", *FILES}, "a file that is new: copy it too"

    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as old:
        kept = asyncio.run(everything(old))
    for name, found in kept.items():
        assert found, f"nothing is compared: {name}"
    with closing(TokenFile(tmp_path)) as file:
        tokens = file.all()
    done = run("--data-dir", str(tmp_path), "--database", database)
    assert done.exit_code == 0, done.output
    assert "3 memories" in done.output
    with closing(PostgresStore(database)) as new:
        copied = asyncio.run(everything(new))
        for name, found in kept.items():
            assert copied[name] == found, name
        # What is new comes behind what was there.
        new.write([made("new"), Unit(None, [], [PutAudit(AuditRecord(9, "session.delete"))])])
        page = asyncio.run(new.sessions_page(owner=None, limit=9))
        assert [record.id for record, _ in page.records] == ["new", "c", "b", "a"]
        actions = [row.action for row in asyncio.run(new.audit_page(limit=9))]
        assert actions == ["session.delete", "debug.rewind"]
    with closing(TokenTable(database)) as there:
        assert there.all() == tokens
    asyncio.run(_remembered(database))


async def _remembered(database: str) -> None:
    async with shared_graph_memory(database, None, ["$"]) as memory:
        item = await memory.aget(("words", "of"), "k")
        assert item is not None
        assert item.value == {"text": "ü", "n": [1, None]}
        assert {one.key for one in await memory.asearch(("words",))} == {"k", "brief"}
        ada = memory_of(memory, "ada")
        assert ada is not None
        assert [one.value for one in await ada.asearch(())] == [{"text": "hers"}]
        # What is kept of an owner is counted as it was.
        assert isinstance(ada, OwnedMemory)
        assert memory.others is not None
        assert await memory.others.kept_bytes(ada.root) > 0
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT ttl_minutes, expires_at - created_at > interval '80 minutes' FROM stepwire_memory.store"
            " WHERE key = 'brief'"
        ).fetchone()
        assert row == (90.5, True)


async def test_who_followed_the_changes_is_told_to_read_anew(database: str, tmp_path: Path) -> None:
    """The database counts them otherwise: a place from before would leave out what changed."""

    async def none(_: str, __: Any) -> bytes | None:
        return None

    def feed(store: Store) -> Feed:
        return Feed(store, EventLog(store, none, tail_bytes=1, pending_bytes=1), 10**6)

    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as old:
        old.write([with_run("a", "r", owner="ada")])
        before = feed(old)
        cursor = before.cursor(await before.place(None, "ada"), "ada")
    done = await asyncio.to_thread(run, "--data-dir", str(tmp_path), "--database", database)
    assert done.exit_code == 0, done.output
    with closing(PostgresStore(database)) as new:
        after = feed(new)
        with pytest.raises(ProtocolError, match="anew"):
            await after.place(cursor, "ada")
        again = after.cursor(await after.place(None, "ada"), "ada")
        assert await after.place(again, "ada") == await after.place(None, "ada")


def test_vectors_go_along_where_the_database_takes_them(database: str, tmp_path: Path) -> None:
    """Here with a type of that name in the place of the extension's."""
    with closing(sqlite3.connect(tmp_path / "memory.db")) as old:
        old.execute(
            "CREATE TABLE store (prefix, key, value, created_at, updated_at, expires_at, ttl_minutes)"
        )
        old.execute(
            "CREATE TABLE store_vectors (prefix, key, field_name, embedding, created_at, updated_at)"
        )
        at = "2026-01-01 00:00:00"
        old.execute("INSERT INTO store VALUES ('a', 'k', '{}', ?, ?, NULL, NULL)", (at, at))
        vector = array("f", [0.5, 1.0]).tobytes()
        old.execute("INSERT INTO store_vectors VALUES ('a', 'k', '$', ?, ?, ?)", (vector, at, at))
        old.commit()
    with connect(with_defaults(database)) as new:
        new.execute("CREATE SCHEMA vectors")
        new.execute("CREATE DOMAIN vectors.vector AS text")
        new.execute(
            "CREATE TABLE vectors.store (prefix text, key text, value jsonb, created_at timestamptz,"
            " updated_at timestamptz, expires_at timestamptz, ttl_minutes int)"
        )
        new.execute(
            "CREATE TABLE vectors.store_vectors (prefix text, key text, field_name text, embedding vectors.vector,"
            " created_at timestamptz, updated_at timestamptz)"
        )
        counted = copying_memory.copied(tmp_path, new, {"memory.db": "vectors"})
        assert counted == {"memories": 1, "vectors of memories": 1}
        row = new.execute(
            "SELECT embedding, created_at::date::text FROM vectors.store_vectors"
        ).fetchone()
        assert row == ("[0.5, 1.0]", "2026-01-01")
        new.execute("DROP SCHEMA vectors CASCADE")


def test_a_memory_that_the_database_cannot_keep_is_named(database: str, tmp_path: Path) -> None:
    """And nothing is copied, so that it can be tried again."""
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as old:
        old.write([made("a")])

    async def remember() -> None:
        async with graph_memory(tmp_path, None, ["$"], Soundness(tmp_path)) as memory:
            await memory.aput(("words",), "bad", {"text": "nul \0"})

    asyncio.run(remember())
    done = run("--data-dir", str(tmp_path), "--database", database)
    assert done.exit_code != 0
    assert "'words'" in done.output
    assert "'bad'" in done.output
    with closing(PostgresStore(database)) as new:
        assert new.session("a") is None
