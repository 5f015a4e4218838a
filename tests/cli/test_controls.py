"""Texts of others never drive the terminal of who reads them, nor the log."""

import ast
import asyncio
import json
import re
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.command import Terminal, stepwire
from tests.support.peer import Refused, peer
from tests.support.server_process import ROOT, ServerProcess

EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\x85\x08red \u202egnp.exe\u202c \u2066x\u2069\u2028end"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


SOURCE = f"""
import threading
from typing import TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

EVIL = {EVIL!r}

class State(TypedDict, total=False):
    query: str

def boom():
    raise ValueError(EVIL)

def ask(state):
    thread = threading.Thread(target=boom)
    thread.start()
    thread.join()
    get_stream_writer()({{EVIL: EVIL, "message": EVIL}})
    interrupt({{EVIL: EVIL}})
    raise type(EVIL, (Exception,), {{}})(EVIL)

builder = StateGraph(State)
builder.add_node(EVIL, ask)
builder.add_edge(START, EVIL)
graph = builder.compile()
"""
"""A graph whose node, question, writing and error are all called so."""


@pytest.fixture
def evil(
    server: StartServer, tmp_path: Path, request: pytest.FixtureRequest
) -> tuple[ServerProcess, str]:
    """A server with sessions whose texts would do something to a terminal; the first of them. `param`: how its log looks."""
    (tmp_path / "odd.py").write_text(SOURCE, encoding="utf-8")
    process = server(
        "minimal=examples/minimal.py:graph",
        "fails=tests/support/graphs.py:fails",
        f"odd={tmp_path}/odd.py:graph",
        settings={"log_format": getattr(request, "param", "text")},
    )

    async def ask() -> str:
        async with peer(process.url) as one:
            story = await one.run(
                EVIL, session_name=EVIL, graph="minimal", tags=[EVIL[:40]], metadata={EVIL: EVIL}
            )
            await one.run(EVIL, session_name=EVIL, graph="fails")
            odd = await one.run(EVIL, graph="odd")
            assert await one.respond(odd, EVIL) == "failed"
            await one.run(EVIL, graph="odd")
            await one.call("session.delete", session_id=odd.session_id)
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
        ["ask", EVIL, "--graph", "odd"],
        ["ask", EVIL, "--graph", "odd", "--answer", EVIL],
        ["ask", EVIL, "--graph", "odd", "--answer", EVIL, "--json"],
        ["watch", session_id],
        ["debug", session_id],
    ):
        done = stepwire(*command, "--url", process.url)
        for text in (done.stdout, done.stderr):
            found = CONTROLS.search(text)
            assert found is None, (command, text[max(0, found.start() - 80) : found.end() + 20])
    assert process.said("an error that nobody caught")
    assert CONTROLS.search(process.output) is None


@pytest.mark.parametrize("evil", ["json"], indirect=True)
def test_no_command_that_reads_what_is_kept_prints_one(
    evil: tuple[ServerProcess, str], tmp_path: Path
) -> None:
    process, _ = evil
    folder = ("--data-dir", str(process.data_dir))
    backup, changed = tmp_path / "backup.tar", tmp_path / "changed.tar"
    assert stepwire("backup", str(backup), *folder).returncode == 0
    # What a backup says of itself is whoever's who gave it.
    with tarfile.open(backup) as old, tarfile.open(changed, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == "backup.json":
                data = json.dumps({**json.loads(data), "taken_at": EVIL}).encode()
                member.size = len(data)
            new.addfile(member, BytesIO(data))
    again = ("--data-dir", str(tmp_path / "again"))
    for command, code in (
        (["check", "minimal=examples/minimal.py:graph", *folder], 0),
        (["check", f"odd={tmp_path}/odd.py:graph", *folder], 0),
        (["check", f"odd={ROOT}/examples/minimal.py:graph", *folder], 1),
        (["check", f"{EVIL}={ROOT}/examples/minimal.py:graph", *folder], 2),
        (["serve", f"{EVIL}={ROOT}/examples/minimal.py:graph", *folder], 2),
        (["audit", *folder], 0),
        (["audit", "--json", *folder], 0),
        (["doctor", *folder], 0),
        (["token", "create", EVIL, *folder], 2),
        (["token", "revoke", EVIL, *folder], 6),
        (["restore", str(changed), *again], 0),
    ):
        done = stepwire(*command)
        assert done.returncode == code, (command, done.stdout, done.stderr)
        for text in (done.stdout, done.stderr):
            found = CONTROLS.search(text)
            assert found is None, (command, text[max(0, found.start() - 80) : found.end() + 20])
    assert CONTROLS.search(process.output) is None


def test_a_question_at_a_terminal_does_not_drive_it(evil: tuple[ServerProcess, str]) -> None:
    """There what draws has controls of its own: those of others' texts are named."""
    process, _ = evil
    with Terminal("ask", EVIL, "--graph", "odd", "--url", process.url) as terminal:
        terminal.expect(" asks: ")
        terminal.send("yes\n")
        assert terminal.wait() == 1
    for part in ("\x1b]52", "\x9b", "\x85", "\u202e", "\u2066", "\u2028"):
        assert part not in terminal.output


def test_all_that_commands_print_goes_through_one_place() -> None:
    """A command that prints by itself would print what others say as it is."""
    found = []
    for path in sorted((ROOT / "rpc" / "cli").rglob("*.py")):
        if path.name == "console.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if re.fullmatch(
                r"print|input|click\.(s?echo|echo_via_pager|prompt|confirm)|sys\.std(out|err)\.write"
                r"|Console|rich\.print|logging\.basicConfig",
                called,
            ):
                found.append(f"{path.name}:{node.lineno} {called}")  # type: ignore[attr-defined]
    # Its lines are formatted as the server's are.
    assert [one for one in found if not one.startswith("dap.py:")] == []
