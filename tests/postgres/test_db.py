"""`stepwire db`: a user would lose what they had before there were many nodes."""

import asyncio
import json
import os
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from rpc.cli.main import cli
from rpc.storage.postgres.store import PostgresStore
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.units import Unit
from tests.storage.made import draft, event, made, texts


def run(*words: str) -> Result:
    # What the tests themselves are told by is no setting of the command's.
    others = {name: None for name in os.environ if name.startswith("STEPWIRE_")}
    return CliRunner().invoke(cli, ["db", *words], env=others)


def test_a_directory_is_copied_once(database: str, tmp_path: Path) -> None:
    """Into a database that has something already nothing is copied."""
    with closing(SQLiteStore(tmp_path / "stepwire.db", "normal")) as old:
        old.write([made("a"), made("b")])
    done = run("copy", "--data-dir", str(tmp_path), "--database", database)
    assert done.exit_code == 0, done.output
    assert "2 sessions" in done.output
    with closing(PostgresStore(database)) as new:
        new.write([Unit("a", [draft("one")])])
        assert asyncio.run(texts(new, "a")) == [event(1, "one")]
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
