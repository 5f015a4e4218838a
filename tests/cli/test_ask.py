"""`stepwire ask`: in a pipe, in a script, at a terminal."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.command import Terminal, stepwire
from tests.support.server_process import ServerProcess

ESCAPE = "\x1b"


def test_the_answer_is_all_of_stdout_and_progress_is_on_stderr(running: ServerProcess) -> None:
    done = stepwire("ask", "3", "--url", running.url)
    assert done.returncode == 0
    assert done.stdout == "wrote 3\n"
    assert "flood" in done.stderr
    assert ESCAPE not in done.stdout + done.stderr


def test_json_is_one_object_and_nothing_else(running: ServerProcess) -> None:
    done = stepwire(
        "ask", "3", "--json", "--name", "three", "--tag", "a", "--tag", "b", "--url", running.url
    )
    session = json.loads(done.stdout)
    assert done.stderr == ""
    assert session["status"] == "completed"
    assert session["result"]["answer"] == "wrote 3"
    assert session["session_name"] == "three"
    assert session["tags"] == ["a", "b"]


def test_the_server_may_be_named_by_the_environment(running: ServerProcess) -> None:
    assert stepwire("ask", "1", env={"STEPWIRE_URL": running.url}).stdout == "wrote 1\n"


def test_a_follow_up_continues_its_session(running: ServerProcess) -> None:
    first = json.loads(stepwire("ask", "1", "--json", "--url", running.url).stdout)
    id = first["session_id"]
    done = stepwire("ask", "2", "--json", "--session", id, "--url", running.url)
    second = json.loads(done.stdout)
    assert (second["session_id"], second["runs"]) == (id, 2)


def test_an_input_is_given_as_it_is(running: ServerProcess) -> None:
    done = stepwire("ask", "--input", '{"query": "4"}', "--url", running.url)
    assert done.stdout == "wrote 4\n"


def test_a_failed_run_has_its_own_exit_code(running: ServerProcess) -> None:
    done = stepwire("ask", "luck", "--graph", "fails", "--url", running.url)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.search(r"failed: ValueError: no luck \(tests/support/graphs\.py:\d+\)", done.stderr)
    assert "Traceback" not in done.stderr


def test_answers_may_be_given_beforehand(running: ServerProcess) -> None:
    done = stepwire(
        *("ask", "x", "--graph", "asks", "--url", running.url),
        *("--answer", "blue", "--answer", '{"sure": true}'),
    )
    assert done.returncode == 0
    assert done.stdout == "blue {'sure': True}\n"


def test_questions_asked_at_once_are_answered_one_after_the_other(running: ServerProcess) -> None:
    done = stepwire(
        *("ask", "x", "--graph", "both", "--json", "--url", running.url),
        *("--answer", "l", "--answer", "r"),
    )
    assert done.returncode == 0
    assert sorted(json.loads(done.stdout)["result"]["said"]) == ["l", "r"]


def test_a_question_without_an_answer_ends_with_how_to_give_it(running: ServerProcess) -> None:
    done = stepwire("ask", "x", "--graph", "asks", "--json", "--url", running.url)
    session = json.loads(done.stdout)
    assert done.returncode == 5
    assert session["status"] == "waiting"
    assert session["interrupts"][0]["value"] == {"question": "Which colour?"}
    id = session["session_id"]
    assert f"stepwire sessions respond {id} VALUE" in done.stderr
    assert stepwire("sessions", "respond", id, "red", "--url", running.url).returncode == 0


def test_a_person_at_a_terminal_sees_progress_and_is_asked(running: ServerProcess) -> None:
    with Terminal("ask", "x", "--graph", "asks", "--url", running.url) as terminal:
        terminal.expect("Which colour?")
        terminal.send("green\n")
        terminal.expect("Really?")
        terminal.send("yes\n")
        assert terminal.wait() == 0
    assert "green yes" in terminal.output
    assert ESCAPE in terminal.output


TELLS = """
from typing import TypedDict
from langgraph.config import get_stream_writer
from langgraph.graph import StateGraph

class State(TypedDict):
    query: str

def tells(state):
    get_stream_writer()({"stage": 1, "message": "so it goes, " * 20})

def counts(state):
    get_stream_writer()({"numbers": list(range(100)), "message": 7})

graph = StateGraph(State).add_sequence([tells, counts]).set_entry_point("tells").compile()
"""


def test_a_node_says_in_its_own_words_what_it_does_and_a_line_fits_the_terminal(
    server: StartServer, tmp_path: Path
) -> None:
    (tmp_path / "tells.py").write_text(TELLS)
    url = server(f"{tmp_path}/tells.py:graph").url
    with Terminal("ask", "x", "--url", url, env={"COLUMNS": "70"}) as terminal:
        assert terminal.wait() == 0
    plain = re.sub(ESCAPE + r"\[[0-9;?]*[A-Za-z]", "", terminal.output).replace("\r", "\n")
    rows = [line for line in plain.splitlines() if "so it goes" in line or "numbers" in line]
    done = [row for row in rows if row.startswith("✓")]
    assert [row.split()[1] for row in done] == ["tells", "counts"]
    for row in rows:
        assert row.endswith("…")
        assert len(row) <= 70
    # In a file there is no width.
    piped = stepwire("ask", "x", "--url", url).stderr
    assert "so it goes, " * 8 in piped
    assert "stage" not in piped
    assert "message 7" in piped


def test_no_colour_where_none_is_wanted(running: ServerProcess) -> None:
    with Terminal("ask", "3", "--url", running.url, env={"NO_COLOR": "1"}) as terminal:
        assert terminal.wait() == 0
    assert f"{ESCAPE}[3" not in terminal.output


@pytest.fixture(params=["foreground", "background"])
def shell_job(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tests as a shell starts them; in its background SIGINT is ignored, by their children too."""
    before = signal.getsignal(signal.SIGINT)
    if request.param == "background":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("shell_job")
def test_ctrl_c_leaves_the_run_and_says_how_to_come_back(running: ServerProcess) -> None:
    with Terminal("ask", "x", "--graph", "hangs", "--url", running.url) as terminal:
        terminal.expect("hanging")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait() == 130
    assert "the run goes on: stepwire watch" in terminal.output
    assert "it waits" not in terminal.output
    assert "Traceback" not in terminal.output
    found = stepwire("sessions", "--status", "running", "--json", "--url", running.url)
    for session in json.loads(found.stdout)["sessions"]:
        stepwire("sessions", "cancel", session["session_id"], "--url", running.url)


def test_ctrl_c_at_a_question_says_that_it_waits_and_how_to_answer(running: ServerProcess) -> None:
    """It does not go on by itself."""
    with Terminal("ask", "x", "--graph", "asks", "--url", running.url) as terminal:
        terminal.expect("Which colour?")
        terminal.expect("> ")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait() == 130
    assert "goes on" not in terminal.output
    said = terminal.output.rpartition("it waits for an answer: stepwire ")[2].split()
    assert said[:2] == ["sessions", "respond"]
    for answer in ("green", "yes"):
        assert stepwire(*said[:3], answer, "--url", running.url).returncode == 0
        seen = stepwire("watch", said[2], "--url", running.url)
    assert seen.returncode == 0
    assert "completed" in seen.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "give a QUERY"),
        (("x", "--input", "{}"), 2, "give a QUERY"),
        (("--input", "{"), 2, "not JSON"),
        (("x", "--config", "nothing"), 2, "neither key=value nor a JSON object"),
        (("x", "--graph", "nope"), 6, "there is no graph 'nope'"),
        (("x", "--session", "nope"), 6, "nope"),
        (("x", "--url", "ws://127.0.0.1:1/rpc"), 3, "is a server running there?"),
        (("x", "--url", "nonsense"), 3, "not a WebSocket URL"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(
    running: ServerProcess, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = stepwire("ask", *arguments, env={"STEPWIRE_URL": running.url})
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
