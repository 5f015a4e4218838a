"""Ids cut short: every command that takes one takes its beginning, where that is of one only."""

import json
import re
from pathlib import Path

from tests.cli.test_debug import debug, session_of
from tests.support.command import stepwire
from tests.support.server_process import ServerProcess


def asked(server: ServerProcess, query: str = "2", graph: str = "flood") -> str:
    """A session that has come to rest; its id."""
    done = stepwire("ask", query, "--graph", graph, "--json", "--url", server.url)
    return str(json.loads(done.stdout)["session_id"])


def common(texts: list[str]) -> str:
    """What all of them begin with."""
    first, last = min(texts), max(texts)
    return first[: next(i for i in range(len(first)) if first[: i + 1] != last[: i + 1])]


def shortest(id: str, others: list[str]) -> str:
    """The fewest characters, four or more, with which none of the others begins."""
    return id[: max(4, *(len(common([id, other])) + 1 for other in others))]


def all_ids(server: ServerProcess) -> list[str]:
    found = stepwire("sessions", "--limit", "1000", "--json", "--url", server.url)
    return [one["session_id"] for one in json.loads(found.stdout)["sessions"]]


def cut(server: ServerProcess, id: str) -> str:
    """What a person would type of it."""
    text = shortest(id, [other for other in all_ids(server) if other != id])
    assert len(text) < len(id)
    return text


def test_every_command_that_takes_an_id_takes_its_beginning(running: ServerProcess) -> None:
    first, waiting = asked(running), asked(running, "x", "asks")
    url = ("--url", running.url)
    short = cut(running, first)
    got = stepwire("sessions", "get", short, "--json", *url)
    assert json.loads(got.stdout)["session_id"] == first
    watched = stepwire("watch", short, "--json", *url)
    assert json.loads(watched.stdout.splitlines()[0])["session_id"] == first
    again = stepwire("ask", "3", "--session", short, "--json", *url)
    assert json.loads(again.stdout)["session_id"] == first
    assert json.loads(again.stdout)["result"]["answer"] == "wrote 3"
    assert debug(running, "bt\n", short).returncode == 0
    question = json.loads(stepwire("sessions", "get", waiting, "--json", *url).stdout)
    interrupt = question["interrupts"][0]["interrupt_id"]
    short = cut(running, waiting)
    wrong = stepwire("sessions", "respond", short, "green", "--interrupt", "nothing", *url)
    assert wrong.returncode == 6
    assert interrupt in wrong.stderr
    done = stepwire("sessions", "respond", short, "green", "--interrupt", interrupt[:8], *url)
    assert done.returncode == 0, done.stderr
    assert "asks: Really?" in stepwire("watch", short, *url).stdout
    assert waiting in stepwire("sessions", "cancel", short, *url).stdout
    assert stepwire("sessions", "delete", short, short, *url).stdout == f"{waiting} is deleted\n"


def test_one_that_begins_several_names_them(running: ServerProcess) -> None:
    ids = [asked(running), asked(running, "1")]
    shared = common(ids)
    done = stepwire("sessions", "get", shared, "--url", running.url)
    assert (done.returncode, done.stdout) == (2, "")
    for id in ids:
        assert id in done.stderr


def test_nothing_is_deleted_where_one_of_them_is_of_none_or_of_several(
    running: ServerProcess,
) -> None:
    one, other = asked(running), asked(running)
    for wrong, code in (("nobody", 6), (one[:4], 2), ("", 2), (one[:3], 2), ("%%%%", 6)):
        done = stepwire("sessions", "delete", one, wrong, other, "--url", running.url)
        assert (done.returncode, done.stdout) == (code, "")
        assert repr(wrong) in done.stderr
        assert "Traceback" not in done.stderr
    assert {one, other} <= set(all_ids(running))


def test_the_debugger_takes_beginnings_of_its_ids(tmp_path: Path) -> None:
    """Of questions, and of checkpoints."""
    graphs = "tests/debugging/graphs.py"
    server = ServerProcess(
        [f"deep={graphs}:served_deep", f"asking={graphs}:served_asking"],
        tmp_path / "data",
        env={"RAN_FILE": str(tmp_path / "ran")},
    )
    try:
        server.start()
        opened = debug(server, "c\nbt\n", "--query", "x", "--graph", "asking")
        lines = [line for line in opened.stdout.splitlines() if " asks (" in line]
        ids = list(dict.fromkeys(line.partition("(")[2].partition(")")[0] for line in lines))
        short = shortest(ids[0], ids[1:])
        done = debug(server, f"r yes @{short}\nr 7\n", session_of(opened))
        assert done.returncode == 0, done.stderr
        stepped = debug(server, "n\nn\nh\n", "--query", "x")
        listed = re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", stepped.stdout)
        assert len(set(listed)) > 2
        target = listed[1]
        short = shortest(target, [one for one in listed if one != target])
        gone = debug(server, f"rw {short}\nbt\n", session_of(stepped))
        assert gone.returncode == 5, gone.stderr
        assert "(rewind)" in gone.stdout
        whole = debug(server, f"rw {target}\nbt\n", session_of(stepped))
        stand = [
            re.findall(r"▶ (\S+)", one.stdout.rpartition("checkpoint")[2]) for one in (gone, whole)
        ]
        assert stand[0] == stand[1] != []
        shared = common(listed)
        vague = debug(server, f"rw {shared}\n", session_of(stepped))
        assert vague.returncode == 2
        assert target in vague.stderr
    finally:
        server.close()


def test_an_unknown_one_is_said_to_be(running: ServerProcess) -> None:
    done = stepwire("watch", "nope", "--url", running.url)
    assert done.returncode == 6
    assert "nope" in done.stderr
