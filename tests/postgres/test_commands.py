"""Commands on a database. A user would lose: what `stepwire doctor` says of a directory, and a clear word where a command is for directories only."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import psycopg
import pytest
from click.testing import CliRunner

from rpc.cli.main import cli
from rpc.engine.checkpoints.encoding import why_unreadable
from rpc.storage.postgres.examining import examine
from tests.support.command import stepwire
from tests.support.in_process import Serve, serve
from tests.support.peer import Refused, peer
from tests.support.server_process import ROOT, clean_environment

__all__ = ["serve"]

GRAPHS = {"both": "tests/support/graphs.py:both", "flood": "tests/support/graphs.py:flood"}


async def filled(serve: Serve, database: str) -> tuple[str, str]:
    """Sessions that are over and that wait; ids of one of each."""
    async with serve(GRAPHS, database=database) as server, peer(server.url) as one:
        over = await one.run("9", graph="flood")
        asks = await one.run("q", graph="both")
        return over.session_id, asks.session_id


def change(database: str, statement: str, **values: str) -> None:
    """Change what is stored."""
    with psycopg.connect(database) as connection:
        connection.execute("SET search_path TO stepwire_sessions")
        assert connection.execute(statement.encode(), values).rowcount


def looked(database: str) -> dict[str, Any]:
    """All findings, by name; of the database itself, the test's own has fsync off."""
    found = {one.name: one for one in examine(database, why_unreadable)}
    assert [one for one in found["database"].problems if "is off" not in one] == []
    return found


FAULTS = [
    ("sessions", "UPDATE sessions SET record = '\\x7b1b5b33316d' WHERE id = %(over)s", ":over"),
    ("sessions", "UPDATE sessions SET graph = 'others' WHERE id = %(asks)s", ":asks"),
    ("sessions", "UPDATE runs SET status = 'failed' WHERE session_id = %(over)s", "failed"),
    ("sessions", "UPDATE owner_usage SET sessions = sessions + 3", "are counted"),
    ("runs", "UPDATE runs SET record = '\\xff' WHERE session_id = %(over)s", ":over"),
    ("references", "DELETE FROM runs WHERE session_id = %(over)s", ":over has no run"),
    ("references", "INSERT INTO signals VALUES ('nobody', 1, 'x', '')", "nobody"),
    ("events", "UPDATE events SET data = '\\x7b' WHERE session_id = %(over)s AND first_seq = 1", ":over"),
    ("events", "DELETE FROM events WHERE session_id = %(over)s AND first_seq = 1", "not there"),
    ("events", "UPDATE sessions SET seq = seq + 1 WHERE id = %(over)s", "not there"),
    ("checkpoints", "UPDATE checkpoints SET body = '\\xc1' WHERE thread_id = %(over)s", "body"),
    ("checkpoints", "UPDATE task_writes SET data = '\\xc1' WHERE thread_id = %(asks)s", ":asks"),
    ("checkpoints", "UPDATE channel_values SET data = '\\xc1' WHERE thread_id = %(asks)s", ":asks"),
    ("searches", "DELETE FROM session_texts", ":over"),
    ("schema", "UPDATE versions SET compatible = 99, schema = 99 WHERE schema = (SELECT max(schema) FROM versions)", "newer"),
]  # fmt: skip


@pytest.fixture
def restored(database: str) -> Iterator[str]:
    """The database, its schema's version as it was in the end."""
    yield database
    with psycopg.connect(database) as connection:
        connection.execute("DROP SCHEMA stepwire_sessions CASCADE")


async def test_what_is_wrong_in_a_database_is_named(serve: Serve, restored: str) -> None:
    """Each fault alone: in its place, with whose it is."""
    database = restored
    over, asks = await filled(serve, database)
    assert not any(one.problems for name, one in looked(database).items() if name != "database")
    for name, statement, text in FAULTS:
        with psycopg.connect(database) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS kept")
            for table in _tables(connection, "stepwire_sessions"):
                connection.execute(f"DROP TABLE IF EXISTS kept.{table}".encode())
                connection.execute(
                    f"CREATE TABLE kept.{table} AS TABLE stepwire_sessions.{table}".encode()
                )
        change(database, statement, over=over, asks=asks)
        found = looked(database)
        assert found[name].status == "problem", statement
        wanted = text.replace(":over", over).replace(":asks", asks)
        assert any(wanted in one for one in found[name].problems), (statement, found[name])
        with psycopg.connect(database) as connection:
            connection.execute("SET session_replication_role = replica")
            for table in _tables(connection, "kept"):
                connection.execute(f"DELETE FROM stepwire_sessions.{table}".encode())
                connection.execute(
                    f"INSERT INTO stepwire_sessions.{table} OVERRIDING SYSTEM VALUE TABLE kept.{table}".encode()
                )
            connection.execute("DROP SCHEMA kept CASCADE")


def _tables(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """Of ours: those of the line of jobs are another's."""
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename NOT LIKE 'procrastinate%%'",
        (schema,),
    ).fetchall()
    return [row[0] for row in rows]


async def test_a_database_is_looked_through_by_the_command(serve: Serve, database: str) -> None:
    """Beside a node that uses it. What cannot be read is named, is left out of lists, and can be deleted."""
    async with serve(GRAPHS, database=database) as server, peer(server.url) as one:
        over = (await one.run("9", graph="flood")).session_id
        bad = (await one.run("9", graph="flood")).session_id
        change(database, "UPDATE sessions SET record = '\\xff' WHERE id = %(bad)s", bad=bad)
        done = stepwire("doctor", "--database", database, "--json")
        assert done.returncode == 1
        (found,) = [one for one in json.loads(done.stdout)["findings"] if one["name"] == "sessions"]
        assert bad in found["problems"][0]
        listed = (await one.call("session.list"))["sessions"]
        assert [each["session_id"] for each in listed] == [over]
        with pytest.raises(Refused, match="doctor"):
            await one.call("session.get", session_id=bad)
        await one.call("session.delete", session_id=bad)
    plain = stepwire("doctor", env={"STEPWIRE_DATABASE": database})
    # The tests' server is not safe against a crash of its machine, and doctor says so.
    assert plain.stdout.splitlines()[-1].endswith(": 2 problems")
    assert bad not in plain.stdout


async def test_check_compares_the_sessions_of_a_database(serve: Serve, database: str) -> None:
    _, asks = await filled(serve, database)
    fits = stepwire("check", "both=tests/support/graphs.py:both", "--database", database)
    assert (fits.returncode, fits.stdout) == (0, "1 unfinished session, all could go on\n")
    other = stepwire("check", "both=tests/support/graphs.py:asks", "--database", database)
    assert other.returncode == 1
    assert asks in other.stdout


@pytest.mark.parametrize("words", [["backup", "b.zip"], ["restore", "b.zip"]], ids=" ".join)
@pytest.mark.parametrize("how", ["flag", "setting", "directory named"])
def test_what_is_for_directories_names_what_is_for_databases(
    database: str,
    tmp_path: Path,
    words: list[str],
    how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not a word of a data directory that is not there; where one is named, it is meant."""
    (tmp_path / "b.zip").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    flags = {
        "flag": ["--database", database],
        "setting": [],
        "directory named": ["--data-dir", "d"],
    }
    env: dict[str, str | None] = {n: None for n in os.environ if n.startswith("STEPWIRE_")}
    if how != "flag":
        env["STEPWIRE_DATABASE"] = database
    done = CliRunner().invoke(cli, [*words, *flags[how]], env=env)
    assert done.exit_code != 0
    assert ("pg_dump" in done.output) == (how != "directory named")
    assert isinstance(done.exception, SystemExit), done.exception


def test_every_command_on_a_directory_knows_of_databases() -> None:
    """A command that takes --data-dir takes --database: it works there, or says what does."""
    context = click.Context(cli)
    without = [
        " ".join(path)
        for path, command in _commands(cli, context)
        if "data_dir" in (names := {one.name for one in command.params}) and "database" not in names
    ]
    assert without == []


def _commands(
    group: click.Group, context: click.Context, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, context, (*path, name))
        yield (*path, name), command


NOWHERE = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"

ON_A_DATABASE = [
    ["doctor"],
    ["check", "tests/support/graphs.py:flood"],
    ["audit"],
    ["token", "list"],
    ["token", "create", "ann"],
    ["token", "revoke", "ann"],
    ["db", "upgrade"],
    ["db", "status"],
    ["db", "prune", "--older-than", "1d"],
    ["db", "copy"],
    ["db", "export-thread", "s", "--to", NOWHERE],
    ["db", "import-thread", "s", "--from", NOWHERE, "--graph", "tests/support/graphs.py:flood"],
    ["serve", "tests/support/graphs.py:flood", "--port", "0", "--no-supervise"],
]


def said_by(*words: str) -> tuple[int, str]:
    """The command's exit code, and what it prints; in this process, where a `serve` ends before it serves."""
    others = {name: None for name in os.environ if name.startswith("STEPWIRE_")}
    done = CliRunner().invoke(cli, list(words), env=others, standalone_mode=False)
    error = done.exception
    if error is None:
        return done.return_value, done.output
    assert isinstance(error, click.ClickException), error
    return error.exit_code, done.output + error.format_message()


@pytest.mark.parametrize(
    "words", [one for one in ON_A_DATABASE if one != ["db", "copy"]], ids=" ".join
)
def test_a_database_that_is_not_there_is_said(words: list[str]) -> None:
    """In a sentence that says which, and not a word of a data directory."""
    code, said = said_by(*words, "--database", NOWHERE)
    assert code not in (0, 130)
    assert "Traceback" not in said
    assert "127.0.0.1:1" in said
    assert "data directory" not in said


@pytest.mark.parametrize("words", ON_A_DATABASE, ids=" ".join)
def test_without_the_extra_it_is_said_what_to_install(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(sys.modules):
        if name.startswith(("rpc.storage.postgres", "rpc.plain_threads", "psycopg")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, said = said_by(*words, "--database", NOWHERE)
    assert code not in (0, 130)
    assert "Traceback" not in said
    assert "needs what psycopg brings: pip install 'stepwire[postgres]'" in said


def test_an_app_without_the_extra_says_so_too(tmp_path: Path) -> None:
    """Whose server is another's: by the error of its start."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from rpc import create_app\n"
        "from rpc.settings import Settings\n"
        "from rpc.startup import StartupError\n"
        "try:\n"
        f"    create_app('tests/support/graphs.py:flood', Settings(database={NOWHERE!r}))\n"
        "except StartupError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=clean_environment({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (
        done.stdout == "`database` needs what psycopg brings: pip install 'stepwire[postgres]'\n"
    ), done.stderr
