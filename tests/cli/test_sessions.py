"""`stepwire sessions` and `stepwire watch`."""

import json
import re
import subprocess

import pytest

from tests.support.command import COMMAND, DEADLINE_SECONDS, Terminal, stepwire
from tests.support.server_process import ROOT, ServerProcess, clean_environment


@pytest.fixture
def session_id(running: ServerProcess) -> str:
    """A completed session named `probe`."""
    done = stepwire("ask", "2", "--json", "--name", "probe", "--url", running.url)
    return str(json.loads(done.stdout)["session_id"])


def test_the_list_shows_sessions_to_people_and_to_programs(
    running: ServerProcess, session_id: str
) -> None:
    table = stepwire("sessions", "--url", running.url)
    assert table.returncode == 0
    line = next(line for line in table.stdout.splitlines() if session_id in line)
    assert "completed" in line
    assert "probe" in line
    found = stepwire("sessions", "--json", "--search", session_id, "--url", running.url)
    assert [each["session_id"] for each in json.loads(found.stdout)["sessions"]] == [session_id]
    none = stepwire("sessions", "--json", "--status", "failed", "--url", running.url)
    assert session_id not in none.stdout


def test_a_session_is_known_by_its_query_until_somebody_names_it(running: ServerProcess) -> None:
    """The name that the server makes of the id says nothing that is not beside it."""
    asked = json.loads(stepwire("ask", "4", "--json", "--url", running.url).stdout)
    table = stepwire("sessions", "--url", running.url).stdout
    (row,) = [line for line in table.splitlines() if asked["session_id"] in line]
    assert row.split()[-1] == "4"
    assert "Session" not in row


def test_get_shows_one_with_its_result(running: ServerProcess, session_id: str) -> None:
    done = stepwire("sessions", "get", session_id, "--url", running.url)
    assert "completed" in done.stdout
    assert "wrote 2" in done.stdout
    assert re.search(r"^estimated_duration_ms +\d+$", done.stdout, re.MULTILINE)
    # The server may be named before the subcommand as well.
    done = stepwire("sessions", "--url", running.url, "get", session_id, "--json")
    assert json.loads(done.stdout)["result"]["answer"] == "wrote 2"


def test_cancel_and_delete_work_on_one(running: ServerProcess) -> None:
    watching = subprocess.Popen(
        [*COMMAND, "ask", "x", "--graph", "hangs", "--url", running.url],
        cwd=ROOT,
        env=clean_environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stderr is not None
    while "hanging" not in watching.stderr.readline():
        assert watching.poll() is None
    found = stepwire("sessions", "--status", "running", "--json", "--url", running.url)
    id = json.loads(found.stdout)["sessions"][0]["session_id"]
    assert stepwire("sessions", "cancel", id, "--url", running.url).returncode == 0
    watching.communicate(timeout=DEADLINE_SECONDS)
    assert watching.returncode == 4
    assert stepwire("sessions", "delete", id, "--url", running.url).returncode == 0
    gone = stepwire("sessions", "get", id, "--url", running.url)
    assert gone.returncode == 6
    assert id in gone.stderr


def test_watch_gives_every_event_a_line(running: ServerProcess, session_id: str) -> None:
    done = stepwire("watch", session_id, "--json", "--url", running.url)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["data"]["status"] == "completed"
    last = events[-1]["seq"]
    rest = stepwire("watch", session_id, "--json", "--after", str(last - 2), "--url", running.url)
    assert [json.loads(line)["seq"] for line in rest.stdout.splitlines()] == [last - 1, last]
    none = stepwire("watch", session_id, "--json", "--after", str(last), "--url", running.url)
    assert (none.returncode, none.stdout) == (0, "")


def test_watch_can_choose_types(running: ServerProcess, session_id: str) -> None:
    done = stepwire("watch", session_id, "--json", "--type", "progress", "--url", running.url)
    assert {json.loads(line)["type"] for line in done.stdout.splitlines()} == {"progress"}


def test_watch_is_readable(running: ServerProcess, session_id: str) -> None:
    done = stepwire("watch", session_id, "--url", running.url)
    assert "✓ flood" in done.stdout
    assert done.stdout.rstrip().endswith("completed")


def test_a_pipe_that_closes_early_is_no_error(running: ServerProcess) -> None:
    id = json.loads(stepwire("ask", "5000", "--json", "--url", running.url).stdout)["session_id"]
    command = f"{' '.join(COMMAND)} watch {id} --json --url {running.url} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert json.loads(done.stdout)["seq"] == 1
    assert done.stderr == ""


def test_in_80_columns_ids_and_statuses_are_whole(running: ServerProcess) -> None:
    asked = json.loads(
        stepwire("ask", "1", "--json", "--name", "n" * 90, "--url", running.url).stdout
    )
    with Terminal("sessions", "--url", running.http_url, env={"COLUMNS": "80"}) as terminal:
        assert terminal.wait() == 0
    (row,) = [line for line in terminal.output.splitlines() if asked["session_id"] in line]
    assert "completed" in row
    assert "n…" in row


def test_a_failed_run_is_resumed(running: ServerProcess) -> None:
    """What failed runs again: here to fail once more."""
    asked = stepwire("ask", "x", "--graph", "fails", "--json", "--url", running.url)
    id = json.loads(asked.stdout)["session_id"]
    done = stepwire("sessions", "resume", id[:24], "--url", running.url)
    assert (done.returncode, done.stdout) == (0, f"{id} is running\n")
    stepwire("watch", id, "--url", running.url)
    watched = stepwire("watch", id, "--json", "--type", "query.failed", "--url", running.url)
    assert len(watched.stdout.splitlines()) == 2
    over = json.loads(stepwire("ask", "1", "--json", "--url", running.url).stdout)["session_id"]
    refused = stepwire("sessions", "resume", over, "--url", running.url)
    assert refused.returncode == 6
    assert "is completed and cannot be resumed; that needs failed" in refused.stderr
