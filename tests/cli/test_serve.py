"""`stepwire serve`: ready, refused, stopped."""

import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from rpc.cli.targets import name_of
from tests.conftest import StartServer
from tests.support.command import COMMAND, DEADLINE_SECONDS, stepwire
from tests.support.server_process import ROOT, clean_environment

GRAPH = "examples/minimal.py:graph"


def test_ready_means_ready_and_the_addresses_are_told(server: StartServer) -> None:
    process = server(GRAPH)
    assert stepwire("ask", "a b", "--url", process.url).stdout == "b a\n"
    assert f"RPC     {process.url}" in process.output
    assert f"docs    {process.http_url}/orchestrator/docs" in process.output
    assert f"health  {process.http_url}/health" in process.output


WHAT_IS_LOADED = """
import sys
from typing import TypedDict
from langgraph.graph import START, StateGraph

class State(TypedDict, total=False):
    query: str
    loaded: list[str]

builder = StateGraph(State)
builder.add_node("look", lambda state: {"loaded": sorted(sys.modules)})
builder.add_edge(START, "look")
graph = builder.compile()
"""

DRAWS = {"rich.markdown", "markdown_it", "prompt_toolkit", "rpc.client", "yaml", "grandalf"}
"""What other commands use, and what draws graphs."""


def test_a_server_starts_without_what_it_does_not_use(server: StartServer, tmp_path: Path) -> None:
    """Whoever saves a file and starts again waits for it, each time."""
    (tmp_path / "look.py").write_text(WHAT_IS_LOADED)
    process = server(f"{tmp_path}/look.py:graph")
    done = stepwire("ask", "x", "--json", "--url", process.url)
    loaded = set(json.loads(done.stdout)["result"]["loaded"])
    assert "rpc.server" in loaded
    assert loaded & DRAWS == set()


def test_graphs_get_names(server: StartServer) -> None:
    process = server("one=examples/minimal.py:graph", "tests/support/graphs.py:asks")
    assert "Stepwire serves one, asks" in process.output
    assert stepwire("ask", "a b", "--graph", "one", "--url", process.url).stdout == "b a\n"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("news.py:graph", "news"),
        ("pipelines/news/graph.py:graph", "news"),
        ("agents.py:critic", "critic"),
        ("my.agents.writer:graph", "writer"),
        ("my.graph:make_graph", "my"),
        ("graph.py:graph", "graph"),
        ("news.py", "news"),
    ],
)
def test_a_graph_without_a_name_gets_the_most_telling_part(target: str, name: str) -> None:
    assert name_of(target) == name


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_cleanly(server: StartServer, number: int, code: int) -> None:
    process = server(GRAPH)
    assert process.stop(number) == code
    assert "Traceback" not in process.output


@pytest.mark.parametrize("supervise", ["--supervise", "--no-supervise"])
def test_the_end_of_its_input_ends_it_where_that_was_asked_for(
    supervise: str, tmp_path: Path
) -> None:
    """Whoever started it, and was killed, leaves no server behind."""
    process = subprocess.Popen(
        [
            *COMMAND,
            "serve",
            GRAPH,
            "--port=0",
            f"--data-dir={tmp_path}",
            supervise,
            "--until-stdin-ends",
        ],
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        while "RPC" not in (line := process.stdout.readline()):
            assert line, "it ended"
        process.stdin.write("means nothing\n")
        process.stdin.flush()
        assert process.poll() is None
        # All that it prints ends with it: with both of them, where there are two.
        process.stdin.close()
        process.stdout.read()
        assert process.wait(DEADLINE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = stepwire("serve", GRAPH, "--port", str(port), "--data-dir", str(tmp_path / "data"))
    assert done.returncode == 2
    assert f"127.0.0.1:{port}: address already in use" in done.stderr
    # Found before anything is opened or loaded.
    assert not (tmp_path / "data").exists()


def test_two_servers_do_not_share_a_data_directory(server: StartServer) -> None:
    process = server(GRAPH)
    done = stepwire("serve", GRAPH, "--port", "0", "--data-dir", str(process.data_dir))
    assert done.returncode == 2
    assert "in use by another server" in done.stderr
    assert stepwire("ask", "a b", "--url", process.url).stdout == "b a\n"


def test_a_data_directory_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "data"
    done = stepwire("serve", GRAPH, "--port", "0", "--data-dir", str(folder))
    assert done.returncode == 2
    assert str(folder) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_graph_that_does_not_load_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("x = 1\ngraph = 1 / 0\n")
    done = stepwire("serve", f"{file}:graph", "--port", "0", "--data-dir", str(tmp_path / "data"))
    assert done.returncode == 2
    assert "broken.py:2" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no graph to serve"),
        ((GRAPH, GRAPH), "two graphs are named 'minimal'"),
        ((GRAPH, "--set", "nonsense"), "NAME=VALUE"),
        ((GRAPH, "--set", "nonsense=1"), "unknown setting 'nonsense'"),
        ((GRAPH, "--set", "max_running=none"), "max_running"),
        ((GRAPH, "--config", "missing.toml"), "cannot read missing.toml"),
        ((GRAPH, "--default-graph", "nope"), "'nope'"),
        ((GRAPH, "--host", "no.such.host.invalid"), "no such host"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = stepwire("serve", *arguments, "--port", "0", "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_come_from_a_file_and_the_environment(tmp_path: Path, server: StartServer) -> None:
    file = tmp_path / "stepwire.toml"
    file.write_text('[graphs]\nmine = "examples/minimal.py:graph"\n')
    process = server(GRAPH, env={"STEPWIRE_MAX_JSON_DEPTH": "9"})
    assert process.port != 0
    done = stepwire("config", "--json", "--check", str(file), env={"STEPWIRE_PORT": "81"})
    assert '"mine"' in done.stdout
    assert '"STEPWIRE_PORT"' in done.stdout
