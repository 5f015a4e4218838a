"""What a command imports before it does anything: a person waits for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rpc.cli.main import COMMANDS
from tests.support.command import DEADLINE_SECONDS, stepwire
from tests.support.server_process import ROOT, clean_environment

WITH_MODULES = """
import atexit, json, runpy, sys
told, sys.argv = open(sys.argv[1], "w"), ["stepwire", *sys.argv[2:]]
atexit.register(lambda: json.dump(sorted(sys.modules), told))
runpy.run_module("stepwire", run_name="__main__", alter_sys=True)
"""

GRAPHS = ("langgraph", "langchain_core", "langsmith", "pydantic")
SERVER = ("starlette", "uvicorn", "jsonrpcserver", "rpc.app", "rpc.core", "rpc.sessions")
CLIENT = ("websockets", "rpc.client")
DRAWING = ("rich",)


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that the command has imported when it ends."""
    told = folder / "modules.json"
    subprocess.run(
        [sys.executable, "-c", WITH_MODULES, str(told), *arguments],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    return set(json.loads(told.read_text()))


def among(modules: set[str], packages: tuple[str, ...]) -> set[str]:
    """Those of these packages that were imported."""
    return {one for one in packages if one in modules}


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_needs_no_graph_and_no_server(command: tuple[str, ...], tmp_path: Path) -> None:
    modules = imported(tmp_path, *command, "--help")
    assert not among(modules, (*GRAPHS, *SERVER))


@pytest.mark.parametrize(
    "arguments",
    [
        ("sessions", "--url", "ws://127.0.0.1:9/rpc"),
        ("ask", "What is GLP-1?", "--url", "ws://127.0.0.1:9/rpc"),
        ("watch", "abc", "--url", "ws://127.0.0.1:9/rpc"),
        ("debug", "--query", "What is GLP-1?", "--url", "ws://127.0.0.1:9/rpc"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_who_asks_a_server_loads_none(arguments: tuple[str, ...], tmp_path: Path) -> None:
    modules = imported(tmp_path, *arguments)
    assert "rpc.client" in modules
    assert not among(modules, (*GRAPHS, *SERVER))
    assert "markdown_it" not in modules


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("config", "--json"),
        ("token", "create", "alice"),
        ("token", "list", "--json"),
        ("new", "project"),
        ("audit", "--data-dir", "data"),
        ("backup", "copy", "--data-dir", "data"),
        ("doctor", "--data-dir", "data"),
        ("serve",),
        ("check",),
    ],
    ids=" ".join,
)
def test_who_needs_neither_graph_nor_server_loads_none(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    made = stepwire("token", "create", "bob", "--data-dir", str(tmp_path / "data"), cwd=ROOT)
    assert made.returncode == 0, made.stderr
    modules = imported(tmp_path, *arguments)
    assert "rpc.cli.main" in modules
    assert not among(modules, (*GRAPHS, *SERVER, *CLIENT, *DRAWING))
