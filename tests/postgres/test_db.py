"""`stepwire db`: a user would lose what they had before there were many nodes."""

import asyncio
import json
import os
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from rpc.cli.main import cli
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.postgres.tokens import TokenTable
from rpc.storage.records import AuditRecord
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.sqlite.tokens import TokenFile
from rpc.storage.tokens import TokenRecord
from rpc.storage.units import AddSignal, PutAudit, Unit
from tests.storage.made import checkpoint, draft, event, made, texts, value, with_run, writes


def run(*words: str) -> Result:
    # What the tests themselves are told by is no setting of the command's.
    others = {name: None for name in os.environ if name.startswith("STEPWIRE_")}
    return CliRunner().invoke(cli, ["db", *words], env=others)


def test_a_directory_is_copied_whole(database: str, tmp_path: Path) -> None:
    """Sessions in their order, found by their texts, with events, checkpoints, runs, tokens and the audit; and once only."""
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as old:
        old.write([with_run("a", "r", name="Ärzte", owner="ada", idempotency_key="k", tags=["x"])])
        rows = [
            value("a", "c", "1", b"x"),
            value("a", "c", "2", b"y", base="1", whole=b"xy"),
            checkpoint("a", "1", c="2"),
            writes("a", "1", "t", b"w"),
            AddSignal("pause"),
            PutAudit(AuditRecord(5, "debug.rewind", "a")),
        ]
        old.write([Unit("a", [draft("one"), draft("two")], rows), made("b", status="completed")])
        kept = old.session("a"), old.run("r"), old.checkpoint("a", ""), old.usage("ada", 0).bytes
    token = TokenRecord("t", "t", "ada", ["run"], b"digest", 1)
    with closing(TokenFile(tmp_path)) as tokens:
        tokens.add(token)
    done = run("copy", "--data-dir", str(tmp_path), "--database", database)
    assert done.exit_code == 0, done.output
    assert "2 sessions" in done.output
    with closing(PostgresStore(database)) as new:
        assert kept == (
            new.session("a"),
            new.run("r"),
            new.checkpoint("a", ""),
            new.usage("ada", 0).bytes,
        )
        assert asyncio.run(texts(new, "a")) == [event(1, "one"), event(2, "two")]
        assert [one.kind for one in new.signals("a")] == ["pause"]
        page = asyncio.run(new.sessions_page(owner=None, limit=5))
        assert [record.id for record, _ in page.records] == ["b", "a"]
        page = asyncio.run(new.sessions_page(owner="ada", limit=5, search="ÄRZ"))
        assert [record.id for record, _ in page.records] == ["a"]
        assert [row.action for row in asyncio.run(new.audit_page(limit=5))] == ["debug.rewind"]
        new.write([Unit("a", [draft("three")])])
        assert asyncio.run(texts(new, "a", 2)) == [event(3, "three")]
    with closing(TokenTable(database)) as there:
        assert there.all() == [token]
    again = run("copy", "--data-dir", str(tmp_path), "--database", database)
    assert again.exit_code != 0
    assert "already" in again.output


def test_the_schema_is_made_looked_at_and_pruned(database: str) -> None:
    """What is old goes, what is in use stays."""
    assert run("upgrade", "--database", database).exit_code == 0
    assert "as it was" in run("upgrade", "--database", database).output
    with closing(PostgresStore(database)) as store:
        now = 2**45
        store.write([made("old", status="completed"), made("runs", status="running")])
        store.write([made("new", status="completed", updated_at=now)])
        found = json.loads(run("status", "--json", "--database", database).output)
        assert found["schema"] == found["known"] > 0
        assert found["sessions"] == {"completed": 2, "running": 1}
        pruned = run("prune", "--older-than", "1d", "--database", database)
        assert pruned.output == "1 sessions deleted\n"
        assert store.session("old") is None
        assert store.session("runs") is not None
        assert store.session("new") is not None
        assert [row.session_id for row in asyncio.run(store.audit_page(limit=5))] == ["old"]
