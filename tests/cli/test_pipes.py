"""`stepwire … | head -1`: a reader that goes away is no error, whatever the command prints, and to which stream."""

import os
import re
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from rpc.cli.main import COMMANDS
from tests.support.command import COMMAND, DEADLINE_SECONDS, stepwire
from tests.support.server_process import ROOT, ServerProcess, clean_environment

NO_SERVER = [
    ["--help"],
    ["--version"],
    ["config"],
    ["config", "--json"],
    ["demo", "--port", "0"],
    ["new", "mine"],
    ["dap"],
    ["db", "--help"],
    ["db", "export-thread", "--help"],
    ["db", "import-thread", "--help"],
    ["token", "create", "ann"],
    ["token", "list"],
]
SERVE = ["serve", "tests/support/graphs.py:flood", "--port", "0"]
CHECK = "check"
OF_SESSIONS = [
    ["ask", "2", "--graph", "flood"],
    ["ask", "2", "--graph", "flood", "--json"],
    ["debug", "--query", "2", "--graph", "flood"],
    ["debug", "SESSION"],
    ["sessions"],
    ["sessions", "--json"],
    ["sessions", "get", "SESSION"],
    ["sessions", "get", "SESSION", "--json"],
    ["sessions", "cancel", "ASKING"],
    ["sessions", "respond", "ASKING", "yes"],
    ["sessions", "delete", "SESSION"],
    ["watch", "SESSION"],
    ["watch", "SESSION", "--json"],
]


def piped(
    arguments: Sequence[str], cwd: Path = ROOT, *, closed: str = "stdout"
) -> "subprocess.CompletedProcess[str]":
    """Run it where one of its streams is a pipe that nobody reads any more; the other one is kept."""
    reading, writing = os.pipe()
    os.close(reading)
    other = "stderr" if closed == "stdout" else "stdout"
    try:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=cwd,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
            **{closed: writing, other: subprocess.PIPE},  # type: ignore[call-overload]
        )
    finally:
        os.close(writing)


def no_complaint(done: "subprocess.CompletedProcess[str]") -> None:
    """It ended well, and said nothing of a pipe."""
    assert done.returncode == 0, done.stderr
    for word in ("Traceback", "Broken", "Exception"):
        assert word not in done.stderr, done.stderr


@pytest.mark.parametrize("arguments", [*NO_SERVER, SERVE], ids=" ".join)
def test_a_closed_pipe_is_no_error(arguments: list[str], tmp_path: Path) -> None:
    given = [str(ROOT / one) if one.startswith("tests/") else one for one in arguments]
    no_complaint(piped(given, tmp_path))


@pytest.mark.parametrize("arguments", OF_SESSIONS, ids=" ".join)
def test_a_closed_pipe_is_no_error_of_what_asks_a_server(
    arguments: list[str], running: ServerProcess
) -> None:
    sessions = {
        "SESSION": lambda: begin(running, "flood", "5"),
        "ASKING": lambda: begin(running, "asks", "x"),
    }
    given = [sessions[one]() if one in sessions else one for one in arguments]
    no_complaint(piped([*given, "--url", running.url]))


@pytest.mark.parametrize("more", [[], ["--json"]], ids=["", "--json"])
def test_a_closed_pipe_is_no_error_of_what_reads_the_data(
    more: list[str], running: ServerProcess
) -> None:
    for command in (["audit"], ["doctor"], ["token", "list"]):
        no_complaint(piped([*command, "--data-dir", str(running.data_dir), *more]))
    graphs = [f"{name}=tests/support/graphs.py:{name}" for name in ("flood", "asks", "hangs")]
    no_complaint(piped([CHECK, *graphs, "--data-dir", str(running.data_dir), *more]))


def test_a_closed_pipe_is_no_error_of_what_copies_the_data(
    running: ServerProcess, tmp_path: Path
) -> None:
    copy = str(tmp_path / "copy.tar")
    no_complaint(piped(["backup", copy, "--data-dir", str(running.data_dir)]))
    no_complaint(piped(["restore", copy, "--data-dir", str(tmp_path / "restored")]))


def begin(server: ServerProcess, graph: str, query: str) -> str:
    """A session that has come to rest; its id."""
    done = stepwire("ask", query, "--graph", graph, "--json", "--url", server.url)
    found = done.stdout.partition('"session_id":"')[2].partition('"')[0]
    assert found, done.stderr
    return found


def test_every_command_is_tried() -> None:
    tried = {
        CHECK,
        "audit",
        "doctor",
        "backup",
        "restore",
        *(one[0] for one in [*NO_SERVER, SERVE, *OF_SESSIONS]),
    }
    assert set(COMMANDS) <= tried


def test_the_reader_of_messages_may_go_too(running: ServerProcess) -> None:
    """As with `2>&1 | head -1`. What the command found out is still its exit code."""
    assert piped(["ask", "2", "--url", running.url], closed="stderr").returncode == 0
    assert (
        piped(["sessions", "get", "nobody", "--url", running.url], closed="stderr").returncode == 6
    )


def test_the_first_line_is_there(running: ServerProcess) -> None:
    session_id = begin(running, "flood", "2000")
    for command in (f"watch {session_id}", f"watch {session_id} --json", "sessions", "config"):
        url = "" if command == "config" else f"--url {running.url}"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {' '.join(COMMAND)} {command} {url} | head -1"],
            cwd=ROOT,
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        no_complaint(done)
        assert len(done.stdout.splitlines()) == 1, command


def test_a_server_goes_on_when_its_first_line_was_read(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [*COMMAND, *SERVE, "--data-dir", str(tmp_path / "data")],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stderr is not None
        printed = ""
        while not (found := re.search(r"(ws://\S+)\n", printed)):
            more = os.read(server.stdout.fileno(), 65536).decode()
            assert more, printed
            printed += more
        server.stdout.close()
        assert stepwire("ask", "2", "--url", found[1]).returncode == 0
        server.send_signal(signal.SIGTERM)
        assert server.wait(DEADLINE_SECONDS) == 0
        assert "Traceback" not in server.stderr.read()
    finally:
        server.kill()
        server.wait()
        server.stderr.close()
