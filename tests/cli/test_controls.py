"""Texts of others never drive the terminal of who reads them, nor the log."""

import asyncio
import re

import pytest

from tests.conftest import StartServer
from tests.support.command import stepwire
from tests.support.peer import Refused, peer
from tests.support.server_process import ServerProcess

EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\x85\x08red \u202egnp.exe\u202c \u2066x\u2069\u2028end"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def evil(server: StartServer) -> tuple[ServerProcess, str]:
    """A server with a session whose texts would do something to a terminal; the session."""
    process = server("minimal=examples/minimal.py:graph", "fails=tests/support/graphs.py:fails")

    async def ask() -> str:
        async with peer(process.url) as one:
            story = await one.run(EVIL, session_name=EVIL, graph="minimal")
            await one.run(EVIL, session_name=EVIL, graph="fails")
            with pytest.raises(Refused):
                await one.call("query.start", query="x", graph=EVIL)
            return story.session_id

    return process, asyncio.run(ask())


def test_no_command_and_no_log_line_has_a_control_character(
    evil: tuple[ServerProcess, str],
) -> None:
    process, session_id = evil
    for command in (
        ["sessions"],
        ["sessions", "list", "--json"],
        ["sessions", "get", session_id],
        ["sessions", "get", session_id, "--json"],
        ["sessions", "get", EVIL],
        ["ask", EVIL],
        ["ask", EVIL, "--graph", EVIL],
        ["ask", EVIL, "--graph", "fails"],
        ["ask", EVIL, "--json"],
        ["watch", session_id],
        ["debug", session_id],
    ):
        done = stepwire(*command, "--url", process.url)
        for text in (done.stdout, done.stderr):
            found = CONTROLS.search(text)
            assert found is None, (command, text[max(0, found.start() - 80) : found.end() + 20])
    assert CONTROLS.search(process.output) is None
