"""What a configured server writes to its standard error is kept to its last lines, and named to who runs it where it fails."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import pytest

from examples.biomed.tool_servers.configuration import Configuration, Server
from examples.biomed.tool_servers.stdio import CHARS, LINES, LastLines
from examples.biomed.tool_servers.survey import survey, table

ROOT = str(Path(__file__).resolve().parents[3])
FAILS = """
import sys
for number in range(20000):
    print(f"line {number}", file=sys.stderr)
sys.exit("no licence found")
"""
WRITES = """
import sys
for number in range(20000):
    print(f"line {number}", file=sys.stderr)
sys.path.insert(0, sys.argv[1])
from examples.biomed.tools import build_server
from examples.biomed.settings import load
build_server(load()).run("stdio")
"""


def _server(name: str, code: str) -> Server:
    connection = {"transport": "stdio", "command": sys.executable, "args": ["-c", code, ROOT]}
    return Server(name=name, connection=connection)


async def test_a_server_that_fails_is_named_with_its_last_lines(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.WARNING):
        served = await survey(Configuration([_server("unlicensed", FAILS)]), 120)
    (state,) = served.states
    assert state.status == "failed"
    # What is told to who asks has nothing of it.
    assert "licence" not in state.reason
    assert served.said["unlicensed"][-1] == "no licence found"
    assert len(served.said["unlicensed"]) == LINES
    assert "    no licence found\n" in table(served)
    (line,) = [one.getMessage() for one in caplog.records if "unlicensed" in one.getMessage()]
    assert line.endswith(" | line 19999 | no licence found")
    assert "line 1\n" not in capfd.readouterr().err


async def test_a_server_that_writes_much_is_used(capfd: pytest.CaptureFixture[str]) -> None:
    served = await survey(Configuration([_server("writer", WRITES)]), 120)
    assert [one.status for one in served.states] == ["used"]
    assert served.said == {}
    assert "line 1\n" not in capfd.readouterr().err


async def test_a_command_that_there_is_not_has_no_last_lines() -> None:
    entry = Server(
        name="missing", connection={"transport": "stdio", "command": "/no/such", "args": []}
    )
    served = await survey(Configuration([entry]), 120)
    assert [one.status for one in served.states] == ["failed"]
    assert served.said == {"missing": []}


async def test_lines_are_bounded_however_they_come() -> None:
    lines = LastLines()
    for _ in range(100):
        lines.data_received(b"x" * 10_000)
    assert lines.so_far() == []
    lines.data_received(b"\n\n  two \xff\tparts \r\nthr")
    lines.data_received(b"ee")
    assert lines.so_far() == ["x" * CHARS, "two \ufffd parts"]
    lines.connection_lost(None)
    assert (await lines.ended())[-1] == "three"


async def test_a_pipe_that_is_held_open_is_not_waited_for_for_ever() -> None:
    lines = LastLines()
    lines.data_received(b"one\n")
    assert await asyncio.wait_for(lines.ended(), 60) == ["one"]
