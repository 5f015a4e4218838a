"""`stepwire doctor`: what it finds in a data directory, also in one that a server uses."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rpc.engine.checkpoints.encoding import why_unreadable
from rpc.storage.records import RESULT_MARK
from rpc.storage.sqlite.examining import examine
from tests.faults.test_broken_storage import serving
from tests.support.command import stepwire
from tests.support.peer import peer


def looked(folder: Path, code: int) -> dict[str, Any]:
    """All findings, by name."""
    done = stepwire("doctor", "--data-dir", str(folder), "--json")
    assert done.returncode == code, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["problems"] == sum(len(one["problems"]) for one in found["findings"])
    return {one["name"]: one for one in found["findings"]}


async def filled(folder: Path) -> tuple[str, str]:
    """Sessions that are over and that wait; ids of one of each."""
    async with serving(folder) as server, peer(server.url) as one:
        over = await one.run("q", graph="keeping")
        asks = await one.run("q", graph="asking")
        return over.session_id, asks.session_id


async def test_a_directory_in_use(tmp_path: Path) -> None:
    """Nothing is wrong with it, and the server goes on."""
    folder = tmp_path / "data"
    async with serving(folder) as server, peer(server.url) as one:
        await one.run("q", graph="keeping")
        waiting = await one.run("q", graph="asking")
        # A result that is not in its event, but in a checkpoint.
        await one.run("x" * 50_000, graph="repeating")
        with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
            assert connection.execute(
                "SELECT count(*) FROM events WHERE instr(data, CAST(? AS BLOB))", (RESULT_MARK,)
            ).fetchone() == (1,)
        found = looked(folder, 0)
        assert found["sessions"]["said"] == "3"
        assert found["events"]["said"].endswith("of 3 sessions")
        assert {
            "stepwire.db",
            "memory.db",
            "disk",
            "references",
            "runs",
            "checkpoints",
        } <= found.keys()
        assert await one.respond(waiting, "yes") == "completed"
    done = stepwire("doctor", "--data-dir", str(folder))
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"{folder}: no problems"


FAULTS = [
    ("sessions", "UPDATE sessions SET record = x'7b1b5b33316d' WHERE id = :over", ":over"),
    ("sessions", "UPDATE sessions SET record = CAST(replace(CAST(record AS TEXT), 'asking', 'others') AS BLOB) WHERE id = :asks", ":asks"),
    ("sessions", "UPDATE runs SET status = 'failed' WHERE session_id = :over", "failed"),
    ("runs", "UPDATE runs SET record = x'ff' WHERE session_id = :over", ":over"),
    ("references", "DELETE FROM runs WHERE session_id = :over", ":over has no run"),
    ("references", "INSERT INTO signals VALUES ('nobody', 1, 'x', x'')", "nobody"),
    ("events", "UPDATE events SET data = x'7b' WHERE session_id = :over AND first_seq = 1", ":over"),
    ("events", "DELETE FROM events WHERE session_id = :over AND first_seq = 1", "not there"),
    ("events", "UPDATE sessions SET seq = seq + 1 WHERE id = :over", "not there"),
    ("events", "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '\"seq\":1,', '\"seq\":9,') AS BLOB) WHERE session_id = :over AND first_seq = 1", "says that it is 9"),
    ("checkpoints", "UPDATE checkpoints SET versions = '{' WHERE thread_id = :over", ":over"),
    ("checkpoints", "UPDATE checkpoints SET body = x'c1' WHERE thread_id = :over", "body"),
    ("checkpoints", "UPDATE task_writes SET data = x'c1' WHERE thread_id = :asks", ":asks"),
    ("checkpoints", "UPDATE channel_values SET data = x'c1' WHERE thread_id = :asks", ":asks"),
    ("schema", "PRAGMA user_version = 99", "newer"),
]  # fmt: skip


async def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    """Each fault alone: in its place, with whose it is, and the exit code says so."""
    folder = tmp_path / "data"
    over, asks = await filled(folder)
    good = {file.name: file.read_bytes() for file in folder.iterdir()}
    looked(folder, 0)
    for name, statement, text in FAULTS:
        for file in list(folder.iterdir()):
            file.unlink()
        for file_name, data in good.items():
            (folder / file_name).write_bytes(data)
        with closing(sqlite3.connect(folder / "stepwire.db")) as connection, connection:
            connection.execute(statement, {"over": over, "asks": asks})
        found = {one.name: one for one in examine(folder, why_unreadable)}
        assert found[name].status == "problem", statement
        wanted = text.replace(":over", over).replace(":asks", asks)
        assert any(wanted in one for one in found[name].problems), (statement, found[name])


async def test_what_others_wrote_does_not_drive_the_terminal(tmp_path: Path) -> None:
    """Control characters in what is damaged are not printed."""
    folder = tmp_path / "data"
    over, _ = await filled(folder)
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection, connection:
        connection.execute(
            "UPDATE sessions SET graph = 'a' || char(27) || ']52;c;x' || char(7) WHERE id = ?",
            (over,),
        )
        connection.execute("UPDATE runs SET id = char(27) || '[31m' WHERE session_id = ?", (over,))
    done = stepwire("doctor", "--data-dir", str(folder))
    assert done.returncode == 1
    assert over in done.stdout
    assert "\x1b]" not in done.stdout
    assert "\x1b[31m" not in done.stdout
    assert "\x07" not in done.stdout


@pytest.mark.parametrize("kind", ["nowhere", "empty", "none"])
def test_a_directory_that_is_none(tmp_path: Path, kind: str) -> None:
    """It is told, and nothing is made there."""
    folder = tmp_path / kind
    if kind != "nowhere":
        folder.mkdir()
    if kind == "none":
        (folder / "stepwire.db").write_bytes(b"this is not a database" * 100)
    done = stepwire("doctor", "--data-dir", str(folder))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "problem" in done.stdout
    assert folder.exists() == (kind != "nowhere")
    assert [file.name for file in folder.glob("*")] == (["stepwire.db"] if kind == "none" else [])
