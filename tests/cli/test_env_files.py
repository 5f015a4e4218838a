"""`.env` files beside graphs: read, told, and never louder than the environment."""

import json
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.command import stepwire

GRAPH = """
import os
from typing import TypedDict
from langgraph.graph import START, StateGraph

AT_IMPORT = os.environ.get("WHO")

class State(TypedDict, total=False):
    query: str
    answer: str

def say(state):
    return {"answer": f"{AT_IMPORT} {os.environ.get('WHERE')}"}

graph = StateGraph(State).add_node("say", say).add_edge(START, "say").compile()
"""


def made(folder: Path, env: str | bytes, name: str = "speaker") -> str:
    """The target of a graph in a folder with such a `.env`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(GRAPH, encoding="utf-8")
    (folder / ".env").write_bytes(env if isinstance(env, bytes) else env.encode())
    return f"{folder / name}.py:graph"


def answer(url: str, *more: str) -> str:
    done = stepwire("ask", "x", "--json", "--url", url, *more)
    text: str = json.loads(done.stdout)["result"]["answer"]
    return text


def test_a_graph_has_the_variables_of_its_folder(server: StartServer, tmp_path: Path) -> None:
    target = made(tmp_path / "one", 'WHO="from the file"\nexport WHERE=${WHO}-too # said\n')
    process = server(target)
    assert answer(process.url) == "from the file from the file-too"
    assert f"env     {tmp_path}/one/.env (2 variables)" in process.output


def test_the_environment_wins_and_no_value_is_printed(server: StartServer, tmp_path: Path) -> None:
    target = made(tmp_path / "one", "WHO=secret-of-the-file\nWHERE=here\n")
    process = server(target, env={"WHO": "real"}, settings={"log_level": "debug"})
    assert answer(process.url) == "real here"
    assert "(1 variable; the environment has WHO already)" in process.output
    assert "secret-of-the-file" not in process.output


def test_of_two_files_the_first_graphs_counts(server: StartServer, tmp_path: Path) -> None:
    first = made(tmp_path / "one", "WHO=first\n")
    second = made(tmp_path / "two", "WHO=second\nWHERE=there\n", name="other")
    process = server(first, second)
    assert answer(process.url, "--graph", "speaker") == "first there"
    assert answer(process.url, "--graph", "other") == "first there"
    assert "another graph's file has WHO already, differently" in process.output


def test_the_projects_file_serves_graphs_below(tmp_path: Path) -> None:
    """`src/` layouts keep it in the project's folder; its settings count as the environment's do."""
    made(tmp_path / "src" / "agent", "")
    (tmp_path / "src" / "agent" / ".env").unlink()
    (tmp_path / ".env").write_text("STEPWIRE_PORT=8123\n")
    (tmp_path / "stepwire.toml").write_text('[graphs]\na = "src/agent/speaker.py:graph"\n')
    done = stepwire("config", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["port"] == {
        "value": 8123,
        "origin": "STEPWIRE_PORT in .env",
        "description": "Port to listen on; 0 lets the system choose.",
    }
    done = stepwire("config", "--json", cwd=tmp_path, env={"STEPWIRE_PORT": "8124"})
    assert json.loads(done.stdout)["port"]["origin"] == "STEPWIRE_PORT"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("A=1\n\n# said\nfoo bar=sk-secret\n", 4, "expected NAME=value"),
        ('A=1\nB="sk-secret\n', 2, "a quote that is opened must be closed"),
        ("A=1\n\n\nsk-secret\n", 4, "there is no = in it"),
        ("A=1\r\n=sk-secret\r\n", 2, "expected NAME=value"),
        (b"A=1\nB=\xffsk-secret\n", 2, "not UTF-8"),
        ("A=1\nB=sk-\0secret\n", 2, "NUL"),
    ],
)
def test_a_bad_line_is_named_and_not_shown(
    tmp_path: Path, text: str | bytes, line: int, problem: str
) -> None:
    target = made(tmp_path, text)
    done = stepwire("serve", target, "--port", "0", cwd=tmp_path)
    assert done.returncode == 2
    assert f".env:{line}: " in done.stderr
    assert problem in done.stderr
    assert "secret" not in done.stderr + done.stdout


def test_an_empty_value_and_a_byte_order_mark_are_no_faults(
    server: StartServer, tmp_path: Path
) -> None:
    process = server(made(tmp_path / "one", b"\xef\xbb\xbfWHO=\r\nWHERE=x\r\n"))
    assert answer(process.url) == " x"


def test_the_demo_reads_it_too(tmp_path: Path) -> None:
    """Its graph is elsewhere: the current folder's is meant."""
    (tmp_path / ".env").write_text("A=1\nsk-secret\n")
    done = stepwire("demo", "--port", "0", "--exit", cwd=tmp_path)
    assert done.returncode == 2
    assert ".env:2: " in done.stderr
    assert "secret" not in done.stderr
