"""`stepwire new`: the project it writes is served, asked, debugged and tested as its README says."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.cli.new import FILES
from tests.debugging.drive import connect, debug
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess, clean_environment


@pytest.fixture
def project(tmp_path: Path) -> Path:
    done = stepwire("new", "tea-room", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cd tea-room\n" in done.stdout
    return tmp_path / "tea-room"


@pytest.fixture
def served(project: Path) -> Iterator[ServerProcess]:
    """Its server, by `stepwire serve` in its folder."""
    (project / ".env").write_text((project / ".env.example").read_text(), encoding="utf-8")
    process = ServerProcess([], project / ".stepwire", cwd=project).start()
    yield process
    process.close()


def test_what_it_writes(project: Path) -> None:
    assert sorted(one.name for one in project.iterdir()) == sorted(FILES)
    assert len((project / "README.md").read_text().splitlines()) <= 10
    settings = tomllib.loads((project / "stepwire.toml").read_text())
    assert settings == {"graphs": {"tea-room": "graph.py:graph"}}
    ignored = (project / ".gitignore").read_text().splitlines()
    assert {".env", ".stepwire/"} <= set(ignored)
    for tool in (["check"], ["format", "--check"]):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                *tool,
                "--isolated",
                "--line-length",
                "120",
                str(project),
            ],
            check=True,
        )


def test_its_own_tests_pass(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_it_streams_asks_and_answers(served: ServerProcess) -> None:
    assert "Stepwire serves tea-room" in served.output
    done = stepwire("ask", "tea cups", "--json", "--answer", "yes", "--url", served.url)
    session = json.loads(done.stdout)
    # The tone is the .env file's.
    assert session["result"]["answer"] == "A friendly text about tea, cups."
    watched = stepwire("watch", session["session_id"], "--json", "--url", served.url)
    events = [json.loads(line) for line in watched.stdout.splitlines()]
    types = [one.get("type") or one.get("method") for one in events]
    assert {"progress", "message.delta", "input.requested", "query.result"} <= set(types)


async def test_it_can_be_debugged(served: ServerProcess) -> None:
    async with connect(served.url) as client:
        session = await debug(client, "tea cups")
        assert session.status == "paused"
        await session.on()
        await session.respond("no: mine")
        assert session.result["answer"] == "no: mine"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    for make in (
        lambda path: path.write_text("mine"),
        lambda path: (path.mkdir(), (path / "a").write_text("mine")),
        lambda path: path.symlink_to(tmp_path / "nowhere"),
    ):
        path = tmp_path / "mine"
        make(path)
        done = stepwire("new", "mine", cwd=tmp_path)
        assert done.returncode == 2
        assert "nothing was written" in done.stderr
        assert not (path / "graph.py").exists()
        if path.is_dir():
            (path / "a").unlink()
            path.rmdir()
        else:
            path.unlink()
    (tmp_path / "empty").mkdir()
    assert stepwire("new", "empty", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "name", ["", ".", "a/b", "../up", "1st", "a b", "-x", 'q"', "x" * 65, "tée"]
)
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    done = stepwire("new", "--", name, cwd=tmp_path)
    assert done.returncode == 2
    assert "name" in done.stderr
    assert list(tmp_path.iterdir()) == []
