"""A server that prints to its standard output does not fill the log: one line a minute of a kind, with a count."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from examples.biomed.tool_servers.chatter import SECONDS, OncePerMinute
from examples.biomed.tool_servers.configuration import Configuration, Server
from examples.biomed.tool_servers.survey import survey

CHATTERS = """
import sys
for number in range(2000):
    print(f"chatter {number}")
sys.path.insert(0, sys.argv[1])
from examples.biomed.tools import build_server
from examples.biomed.settings import load
build_server(load()).run("stdio")
"""


ROOT = str(Path(__file__).resolve().parents[3])


async def test_a_server_that_chatters_has_one_line_and_is_used(
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection = {"transport": "stdio", "command": sys.executable, "args": ["-c", CHATTERS, ROOT]}
    entry = Server(name="chatters", connection=connection)
    with caplog.at_level(logging.WARNING):
        served = await survey(Configuration([entry]), 120)
    assert [one.status for one in served.states] == ["used"]
    lines = [one for one in caplog.records if "parse JSONRPC" in one.getMessage()]
    assert len(lines) <= 2  # two, should a minute pass
    assert not any(one.exc_info for one in lines)


def _record(name: str, message: str, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord(name, level, __file__, 1, message, (), None)


def test_the_next_line_after_a_minute_says_how_many_were_left_out() -> None:
    now = [0.0]
    sparing = OncePerMinute(lambda: now[0])
    told = [sparing.filter(_record("mcp.client.stdio", "cannot read: a")) for _ in range(5)]
    assert told == [True, False, False, False, False]
    now[0] = SECONDS
    record = _record("mcp.client.stdio", "cannot read: b")
    assert sparing.filter(record)
    assert record.getMessage() == "cannot read: b (and 4 more of these lines in the 60 s before)"


def test_another_kind_of_line_is_said() -> None:
    sparing = OncePerMinute()
    assert sparing.filter(_record("mcp.client.stdio", "cannot read: a"))
    assert sparing.filter(_record("mcp.client.stdio", "cannot write: a"))


def test_of_the_root_logger_only_what_sessions_log_is_bounded() -> None:
    sparing = OncePerMinute()
    assert all(sparing.filter(_record("root", "the program's own")) for _ in range(3))
    failed = "Failed to validate notification: x. Message was: y"
    assert [sparing.filter(_record("root", failed, logging.WARNING)) for _ in range(2)] == [True, False]  # fmt: skip
