"""A user's own `rpc` and `protocol` beside ours: their graphs get theirs, the server its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import DEADLINE_SECONDS, stepwire
from tests.support.server_process import ROOT, ServerProcess, clean_environment

GRAPH = """
from dataclasses import dataclass
from typing import TypedDict
from langgraph.graph import StateGraph
from langgraph.types import interrupt
import protocol, rpc
from rpc.words import Words, shout

class State(TypedDict, total=False):
    query: str
    words: Words
    answer: str

def at_the_top(state):
    return {"answer": shout(state["query"]) + rpc.NAME + protocol.NAME}

def in_a_function(state):
    import rpc
    import rpc.unseen as unseen
    from protocol import NAME
    from rpc import late
    from rpc.words import shout
    return {"answer": shout(state["query"]) + rpc.NAME + NAME + late.NAME + unseen.inner()}

def keeps(state):
    return {"words": Words(state["query"])}

def asks(state):
    interrupt("go on?")
    return {"answer": f"{type(state['words']).__name__} {state['words'].text}"}

top = StateGraph(State).add_node(at_the_top).set_entry_point("at_the_top").compile()
late = StateGraph(State).add_node(in_a_function).set_entry_point("in_a_function").compile()
kept = StateGraph(State).add_sequence([keeps, asks]).set_entry_point("keeps").compile()
"""
OWN = {
    "rpc/__init__.py": "NAME = '-own'\n",
    "rpc/words.py": "from dataclasses import dataclass\n@dataclass\nclass Words:\n    text: str\n\n"
    "def shout(text):\n    return text.upper()\n",
    "rpc/late.py": "NAME = '-late'\n",
    "rpc/unseen.py": "def inner():\n    from . import deeper\n    return deeper.NAME\n",
    "rpc/deeper.py": "NAME = '-deeper'\n",
    "protocol.py": "NAME = '-file'\n",
}
FILES = ("graph.py", "app/__init__.py", "app/graph.py", "graphs/g.py")
TOP, LATE = "HELLO-own-file", "HELLO-own-file-late-deeper"


STATE = """
from __future__ import annotations
import dataclasses, operator
from typing import Annotated, TypedDict
from pydantic import BaseModel

class Note(BaseModel):
    text: str
    more: Other | None = None

class Other(BaseModel):
    number: int

@dataclasses.dataclass
class Box:
    note: Note
    boxes: list[Box] = dataclasses.field(default_factory=list)

class State(TypedDict, total=False):
    query: str
    said: Annotated[list, operator.add]
    note: Note
    box: Box
    answer: str
"""
FACTORIES = """
import importlib
from importlib import import_module
from langchain_core.runnables import RunnableConfig
from langgraph.graph import StateGraph
from langgraph.types import interrupt
from rpc import settings, state
from protocol import values

def of(module):
    def make(config: RunnableConfig):
        def first(given):
            note = module.Note(text=given["query"], more=module.Other(number=3))
            return {"said": ["first"], "note": note, "box": module.Box(note)}

        def second(given):
            interrupt("go on?")
            parts = [type(given["note"]) is module.Note, type(given["box"]) is module.Box]
            return {"said": ["second"], "answer": f"{given['said']} {given['note'].text} {parts}"}

        builder = StateGraph(module.State).add_sequence([first, second])
        return builder.set_entry_point("first").compile()

    return make

in_state, in_settings, in_values = of(state), of(settings), of(values)

def imports(given):
    found = [
        importlib.import_module("rpc.plugins.one"), import_module("rpc.plugins.two"),
        import_module(".three", "rpc.plugins"), __import__("rpc.plugins").plugins,
    ]
    return {"answer": " ".join(one.NAME for one in found)}

by_name = StateGraph(state.State).add_node(imports).set_entry_point("imports").compile()
"""


def project(folder: Path, *, own: str = "") -> Path:
    """A project with packages of our names, in its folder or in its `src`."""
    for name, text in OWN.items():
        write(folder / own / name, text)
    for name in FILES:
        write(folder / name, "" if name.endswith("__init__.py") else GRAPH)
    write(folder / own / "rpc" / "graph.py", GRAPH)
    return folder


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def served(targets: list[str], folder: Path, data: Path, path: str = str(ROOT)) -> ServerProcess:
    """A server started in the project's folder, which Python looks into first."""
    server = ServerProcess(targets, data, env={"PYTHONPATH": path}, cwd=folder)
    server.entry = ["stepwire"]
    return server


def asked(server: ServerProcess, graph: str, *more: str) -> object:
    done = stepwire("ask", "hello", "--graph", graph, "--json", *more, "--url", server.url)
    assert done.returncode == 0, done.stderr + server.output
    return json.loads(done.stdout)["result"]["answer"]


@pytest.mark.parametrize("own", ["", "src"])
def test_a_graph_gets_its_own_wherever_it_is_and_whenever_it_imports_them(
    tmp_path: Path, own: str
) -> None:
    folder = project(tmp_path / "project", own=own)
    files = {"file": "graph.py", "member": "app/graph.py", "below": "graphs/g.py"}
    files |= {"dotted": "app.graph", "within": "rpc.graph"}
    targets = [
        f"{name}-{graph}={left}:{graph}"
        for name, left in files.items()
        for graph in ("top", "late")
    ]
    server = served(targets, folder, tmp_path / "data", path=f".:{ROOT}")
    try:
        server.start()
        for name in files:
            assert asked(server, f"{name}-top") == TOP
            assert asked(server, f"{name}-late") == LATE
        assert not server.said("WARNING")
    finally:
        server.close()


def test_a_class_of_theirs_in_the_state_is_read_back(tmp_path: Path) -> None:
    """From its checkpoint, also in a process that starts anew."""
    folder = project(tmp_path / "project")
    server = served(["kept=graph.py:kept"], folder, tmp_path / "data")
    try:
        server.start()
        waits = stepwire("ask", "hello", "--json", "--url", server.url)
        id = json.loads(waits.stdout)["session_id"]
        server.kill9()
        server.restart()
        assert stepwire("sessions", "respond", id, "yes", "--url", server.url).returncode == 0
        stepwire("watch", id, "--url", server.url)
        found = stepwire("sessions", "get", id, "--json", "--url", server.url)
        assert json.loads(found.stdout)["result"]["answer"] == "Words hello"
    finally:
        server.close()


def test_their_classes_annotations_and_their_plugins_are_their_own(tmp_path: Path) -> None:
    """Texts as annotations were read in the server's module of that name, or in none; so were modules imported by name, and the
    types of a checkpoint."""
    folder = tmp_path / "project"
    for name in ("rpc", "protocol", "rpc/plugins"):
        write(folder / name / "__init__.py", f"NAME = {name!r}\n")
    for name in ("one", "two", "three"):
        write(folder / "rpc" / "plugins" / f"{name}.py", f"NAME = {name!r}\n")
    # The server has modules of these names too, but for `rpc.state`.
    for name in ("rpc/state", "rpc/settings", "protocol/values"):
        write(folder / f"{name}.py", STATE)
    write(folder / "graph.py", FACTORIES)
    graphs = ("in_state", "in_settings", "in_values", "by_name")
    server = served([f"{one}=graph.py:{one}" for one in graphs], folder, tmp_path / "data")
    try:
        server.start()
        assert asked(server, "by_name") == "one two three rpc/plugins"
        for graph in graphs[:3]:
            found = asked(server, graph, "--answer", "yes")
            assert found == "['first'] hello [True, True]"
    finally:
        server.close()


def test_one_that_does_not_import_is_told_of_with_what_would(tmp_path: Path) -> None:
    """A folder without an `__init__.py` is none that Python prefers to ours; a name that is not there is named."""
    write(tmp_path / "rpc" / "words.py", "")
    write(tmp_path / "graph.py", "import rpc.words\n")
    done = subprocess.run(
        [sys.executable, "-m", "stepwire", "serve", "graph.py:graph", "--port", "0"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert done.returncode == 2
    assert "graph.py:1: ModuleNotFoundError: No module named 'rpc.words'" in done.stderr
    assert "'rpc' is one of Stepwire's own packages; yours is found" in done.stderr
    assert "__init__.py" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", [str(ROOT), f".:{ROOT}"])
def test_every_command_starts_beside_them(tmp_path: Path, path: str) -> None:
    folder = project(tmp_path)
    for command in ("--help", "serve", "ask", "debug", "sessions", "watch", "config", "demo"):
        arguments = [command] if command in ("--help", "config") else [command, "--help"]
        done = subprocess.run(
            [sys.executable, "-m", "stepwire", *arguments],
            cwd=folder,
            env=clean_environment({"PYTHONPATH": path}),
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
