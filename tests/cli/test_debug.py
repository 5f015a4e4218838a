"""`stepwire debug`: with a script of commands in a pipe, and at a terminal."""

import asyncio
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from rpc.cli.console import stdout
from rpc.cli.debug_commands import Frontend, usage
from rpc.cli.debug_prompt import CommandCompleter
from rpc.cli.debug_view import View
from rpc.client import connect
from tests.support.command import COMMAND, DEADLINE_SECONDS, Terminal
from tests.support.server_process import ROOT, ServerProcess, clean_environment

GRAPHS = "tests/debugging/graphs.py"
ESCAPE = "\x1b"
NAMED = """
from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict, total=False):
    query: str
    draft: str


inner = StateGraph(State)
inner.add_node("query", lambda state: {})
inner.add_node("sort", lambda state: {})
inner.add_edge(START, "query")
inner.add_edge("query", "sort")
builder = StateGraph(State)
builder.add_node("draft", lambda state: {"draft": "mine"})
builder.add_node("review", inner.compile())
builder.add_edge(START, "draft")
builder.add_edge("draft", "review")
graph = builder.compile()
"""
"""A node that writes what it is called after, and one in a subgraph that is called as a value of the state."""


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of the debugger's graphs; `deep` is the default."""
    folder = Path(tmp_path_factory.mktemp("data"))
    names = [f"deep={GRAPHS}:served_deep", f"asking={GRAPHS}:served_asking"]
    names.append("contexts=tests/dap/contexts.py:graph")
    names.append("flow=tests/dap/flow.py:graph")
    (folder / "named.py").write_text(NAMED, encoding="utf-8")
    names.append(f"named={folder}/named.py:graph")
    process = ServerProcess(names, folder, env={"RAN_FILE": str(folder / "ran")})
    yield process.start()
    process.close()


def debug(
    server: ServerProcess, script: str, *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """Run it with a script of commands, one a line."""
    return subprocess.run(
        [*COMMAND, "debug", "--url", server.url, *arguments],
        cwd=ROOT,
        env=clean_environment(),
        input=script,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def session_of(done: "subprocess.CompletedProcess[str]") -> str:
    """The session that was left."""
    return done.stderr.strip().rpartition("stepwire debug ")[2]


def test_a_script_stops_steps_edits_goes_back_and_ends(graphs: ServerProcess) -> None:
    script = """
        # two branches stand
        bt
        n side
        b join if len(state['said']) > 2
        b
        i right/q
        p right/q /said/0
        set said=["edited"] as left/deeper/
        c
        l
        p /said
        h
        rw 2
        b join off
        b left/deeper/y off
        b q off
        b side off
        c
    """
    done = debug(graphs, script, "--query", "hello", "-b", "left/deeper/y", "-b", "q", "-b", "side")
    assert done.returncode == 0, done.stderr
    out = done.stdout
    assert ESCAPE not in out + done.stderr
    stops = [line for line in out.splitlines() if line.startswith("‖")]
    assert stops == [
        "‖ stopped (breakpoint)",
        "‖ stopped (step)",
        "‖ stopped (breakpoint)",
        "‖ stopped (rewind)",
    ]
    assert "● before join  if len(state['said']) > 2" in out
    assert '"right/p"' in out
    assert "edited" in out.partition("‖ stopped (rewind)")[0]
    assert " ●     ✓ y" in out, "the graph, with what ran and where breakpoints are"
    answer = out.rpartition("completed")[2]
    assert '"join"' in answer, "the result is printed at the end"
    assert "edited" not in answer


def test_a_part_of_a_value_is_printed_and_how_it_goes_on(graphs: ServerProcess) -> None:
    script = "p /query 1 3\np /query 1\np 0 1\np nothing 1 0\n"
    done = debug(graphs, script, "--query", "hello", "-b", "join")
    assert done.returncode == 2, done.stderr
    assert "START COUNT: 0 of it?" in done.stderr
    shown = done.stdout.partition("‖ stopped (breakpoint)")[2]
    assert '\n"ell"\n  1 to 4 of 5; p /query 4 goes on\n"ello"\n{' in shown
    assert "  0 to 1 of 2; p 1 goes on\n" in shown


def test_the_context_of_the_run_is_printed(graphs: ServerProcess) -> None:
    script = "ctx\nctx /site/beds/1\nctx /site/beds 0 1\nev context['model'] + config['model']\nc\n"
    config = ("--config", "model=large", "--config", 'site={"city": "Rom", "beds": [7, 8]}')
    done = debug(graphs, script, "--graph", "contexts", "--query", "x", "-b", "inside/ask", *config)
    assert done.returncode == 0, done.stderr
    context, beds = done.stdout.partition("‖ stopped (breakpoint)")[2].split("8\n", 1)
    assert '"city": "Rom"' in context
    assert "\n  0 to 1 of 2; ctx /site/beds 1 goes on\n" in beds
    assert '"largelarge"' in beds
    assert "large in Rom" in beds


def test_a_stop_shows_what_each_task_that_stands_is_given(graphs: ServerProcess) -> None:
    done = debug(graphs, "", "--query", "hello")
    (standing,) = [line for line in done.stdout.splitlines() if "▶" in line]
    number, mark, path, reason, _, *given = standing.split()
    assert (number, mark, path, reason) == ("1", "▶", "top", "entry")
    assert given == ["query", "hello", "said"]


def test_a_session_is_left_and_taken_up_again(graphs: ServerProcess) -> None:
    left = debug(graphs, "n\nq\n", "--query", "x")
    assert left.returncode == 5
    session = session_of(left)
    again = debug(graphs, "s left\nbt\no 2\nc\n", session)
    assert again.returncode == 0, again.stderr
    assert "left/w" in again.stdout
    assert again.stdout.count("‖ stopped") == 2


def test_questions_are_shown_and_answered(graphs: ServerProcess) -> None:
    opened = debug(graphs, "c\nbt\n", "--query", "x", "--graph", "asking")
    assert opened.returncode == 5
    assert "? ask0 asks (" in opened.stdout
    assert "1 ? ask0  interrupt" in opened.stdout
    ids = [
        line.partition("(")[2].partition(")")[0]
        for line in opened.stdout.splitlines()
        if line.startswith("? ask")
    ]
    session = session_of(opened)
    refused = debug(graphs, "r yes\n", session)
    assert refused.returncode == 6
    assert "name one of" in refused.stderr
    done = debug(graphs, f"r yes please @{ids[0]}\nr 7\n", session)
    assert done.returncode == 0
    assert "yes please" in done.stdout
    assert "=7" in done.stdout


@pytest.mark.parametrize("move", ["c", "next", "step"])
def test_who_moves_what_asks_is_told_how_to_answer(graphs: ServerProcess, move: str) -> None:
    done = debug(graphs, f"c\n{move}\n", "--query", "x", "--graph", "asking")
    assert done.returncode == 6
    assert "\nit asks: r VALUE answers\n" in done.stderr


@pytest.mark.parametrize(
    ("script", "code", "says"),
    [
        ("nonsense\n", 2, "no command 'nonsense'"),
        ("n nowhere\n", 2, "no task 'nowhere' stands; there are: 1 top"),
        ("b\nb nowhere\n", 6, "has no node 'nowhere'"),
        ("b top if state[\n", 6, "is not an expression"),
        ("set nothing=1\n", 6, "the state has no 'nothing'"),
        ("rw 99\n", 2, "checkpoints"),
        ("u\n", 2, "up to which node?"),
        ("b top hits many\n", 2, "hits N"),
        ("r x\n", 6, "nobody asks"),
        ("w\n", 2, "of which channel"),
        ("w nothing\n", 6, "has no 'nothing'"),
        ("e\n", 2, "at which errors"),
        ("ev\n", 2, "over `state`"),
        ("ctx /nothing\n", 6, "no value at '/nothing' in the run's context"),
        ("ev state['nothing']\n", 6, "nothing"),
        ("back\n", 6, "the first step"),
        ("back nowhere\n", 2, "no task 'nowhere' stands"),
    ],
)
def test_what_is_refused_ends_a_script_with_its_code(
    graphs: ServerProcess, script: str, code: int, says: str
) -> None:
    done = debug(graphs, script + "c\n", "--query", "x")
    assert done.returncode == code
    assert says in done.stderr
    assert "completed" not in done.stdout
    assert "Traceback" not in done.stderr


def test_wrong_usage_unknown_sessions_and_no_server(graphs: ServerProcess) -> None:
    assert debug(graphs, "").returncode == 2
    assert debug(graphs, "", "one", "--query", "two").returncode == 2
    assert debug(graphs, "", "--query", "x", "-b", "n when").returncode == 2
    unknown = debug(graphs, "", "nobody")
    assert unknown.returncode == 6
    nowhere = debug(graphs, "", "--query", "x", "--url", "ws://127.0.0.1:9/rpc")
    assert nowhere.returncode == 3


def test_at_a_terminal_names_are_completed_and_enter_repeats_a_step(graphs: ServerProcess) -> None:
    arguments = ("debug", "--query", "hello", "--url", graphs.url)
    with Terminal(*arguments) as terminal:
        terminal.expect("(paused)")
        terminal.send("b left/d\t")
        terminal.expect("left/deeper/x")
        terminal.send("/y\r")
        terminal.expect("set: before left/deeper/y")
        terminal.send("n\r")
        terminal.expect("(step)")
        terminal.send("\r")
        terminal.expect("  breakpoint")
        terminal.send("bogus\r")
        terminal.expect("no command 'bogus'")
        terminal.send("c\r")
        terminal.expect('"join"')
        terminal.expect("(completed)")
        terminal.send("q\r")
        assert terminal.wait() == 0


def test_ctrl_c_pauses_what_runs(graphs: ServerProcess, tmp_path: Path) -> None:
    env = {"RAN_FILE": str(tmp_path / "ran"), "FLAG_FILE": str(tmp_path / "flag")}
    server = ServerProcess([f"waits={GRAPHS}:served_waiting"], tmp_path / "data", env=env)
    try:
        arguments = ("debug", "--query", "x", "--url", server.start().url)
        with Terminal(*arguments) as terminal:
            terminal.expect("(paused)")
            terminal.send("c\r")
            terminal.expect("✓")
            terminal.process.send_signal(signal.SIGINT)
            terminal.expect("at the next superstep")
            (tmp_path / "flag").touch()
            terminal.expect("(pause)")
            terminal.send("c\r")
            terminal.expect("(completed)")
            terminal.send("\x04")
            assert terminal.wait() == 0
    finally:
        server.close()


def test_commands_are_written_out_too_and_a_value_is_printed_by_its_name(
    graphs: ServerProcess,
) -> None:
    done = debug(graphs, "print query\nnext\ncontinue\n", "--query", "hello")
    assert done.returncode == 0, done.stderr
    assert '"hello"' in done.stdout.splitlines()
    assert "(step)" in done.stdout


def test_a_name_of_a_value_and_of_a_node_is_the_values(graphs: ServerProcess) -> None:
    """Its node's state is what `p` shows anyway, or is had by the node's path."""
    script = "n\np draft\ns\np query\np review/query\n"
    done = debug(graphs, script, "--query", "hello", "--graph", "named")
    assert done.returncode in (0, 5), done.stderr
    values = [line for line in done.stdout.splitlines() if not line.startswith(("‖", "   1"))]
    whole = ["{", '  "query": "hello",', '  "draft": "mine"', "}"]
    assert values[:7] == ['"mine"', '"hello"', "  in review", *whole]


def test_names_are_completed_where_a_command_takes_them(graphs: ServerProcess) -> None:
    def offered(frontend: Frontend, text: str) -> set[str]:
        document = Document(text)
        found = CommandCompleter(frontend).get_completions(document, CompleteEvent())
        return {one.text for one in found}

    async def look() -> None:
        async with (
            connect(graphs.url) as client,
            client.debug("hello", graph="named") as session,
        ):
            described = await client.call("graph.describe", graph="named")
            frontend = Frontend(session, described, View(stdout()), set())
            expected = {
                "conti": {"continue"},
                "b s": {"sort"},
                "b review/": {"review/query", "review/sort"},
                "b draft a": {"after"},
                "u r": {"review", "review/query", "review/sort"},
                "p d": {"draft"},
                "print q": {"query"},
                "w ": {"query", "draft"},
                "w draft h": {"hits"},
                "set d": {"draft="},
                "set draft=x as rev": {
                    "review",
                    "review/",
                    "review/query",
                    "review/query/",
                    "review/sort",
                    "review/sort/",
                },
                "next ": {"draft"},
                "rs rev": {"review", "review/query", "review/sort"},
                "back ": {"draft"},
                "e a": {"all"},
                "e all r": {"raised"},
                "r ": set(),
            }
            assert {text: offered(frontend, text) for text in expected} == expected
            await session.detach()

    asyncio.run(look())


def test_it_stops_where_the_state_changes_and_at_errors_and_evaluates(
    graphs: ServerProcess,
) -> None:
    script = """
        w said hits 2
        w left/said off
        e ValueError,KeyError raised
        b
        ev len(state['said'])
        c
        ev state['said'][0] + '!'
        e none
        w said off
        c
    """
    done = debug(graphs, script, "--query", "hello")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "  set: changes of said" in lines
    assert "  off: changes of left/said" in lines
    assert (
        "  stops at errors: ValueError,KeyError, also where they are retried, handled or caught"
        in lines
    )
    assert "‖ stopped (change): said changed, by left, right, side" in lines
    assert "0" in lines, "nothing was said at the first stop"
    assert '"top!"' in lines
    assert "  stops at errors: none" in lines


def test_it_evaluates_at_the_task_that_is_named(graphs: ServerProcess) -> None:
    script = """
        n
        s literature
        n literature/search
        ev @literature/rank len(state['said'])
        ev @other len(state['said'])
        ev @other
    """
    done = debug(graphs, script, "--graph", "flow", "--query", "hello")
    values = [line for line in done.stdout.splitlines() if line.isdigit()]
    assert values == ["2", "1"], done.stdout
    assert "ev [@TASK] EXPRESSION" in done.stderr


def test_one_step_back_and_one_node_again(graphs: ServerProcess) -> None:
    script = """
        n
        back side
        n
        rs side
        rs top go
        rs nowhere
    """
    done = debug(graphs, script, "--query", "hello", "-b", "top")
    assert done.returncode == 6
    assert "has no node 'nowhere'" in done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith(("‖", "  again"))] == [
        "‖ stopped (breakpoint)",
        "‖ stopped (step)",
        "‖ stopped (rewind)",
        "‖ stopped (step)",
        "‖ stopped (restart)",
        "  again: side",
        "‖ stopped (step)",
        "  again: top",
    ]


def test_back_to_the_breakpoint_before_and_to_the_first_step(graphs: ServerProcess) -> None:
    script = """
        c
        rc
        rc
        c
        start
        rc
    """
    done = debug(graphs, script, "--query", "hello", "-b", "left/w", "-b", "join")
    assert done.returncode == 6, done.stderr
    assert "the first step of the run" in done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("‖")] == [
        "‖ stopped (breakpoint)",
        "‖ stopped (breakpoint)",
        "‖ stopped (breakpoint): left/w ran in it",
        "‖ stopped (entry)",
        "‖ stopped (breakpoint)",
        "‖ stopped (entry)",
    ]


async def test_who_leaves_is_told_apart_and_the_last_lets_it_go(graphs: ServerProcess) -> None:
    """Who quits debugs it still, and counts once when it comes back."""
    session = session_of(await asyncio.to_thread(debug, graphs, "q\n", "--query", "hello"))
    async with connect(graphs.url) as client:

        async def terminal(script: str) -> "subprocess.CompletedProcess[str]":
            return await asyncio.to_thread(debug, graphs, script, session)

        async def told(method: str, debugger_id: str) -> list[str]:
            answer = await client.call(method, session_id=session, debugger_id=debugger_id)
            return list(answer["debuggers"])

        await terminal("q\n")
        (mine,) = await told("debug.detach", "nobody")
        assert mine.startswith("stepwire debug ")
        assert await told("debug.attach", "two") == [mine, "two"]
        # The line behind it is for nobody.
        left = await terminal("detach\nn\n")
        assert left.returncode == 5, left.stderr
        assert "  left to two, as it is\n" in left.stdout
        assert await told("debug.detach", "nobody") == ["two"]
        await terminal("q\n")
        assert await told("debug.detach", "two") == [mine]
        last = await terminal("detach\n")
        assert "  nobody debugs it any more: it is let go\n" in last.stdout

        async with asyncio.timeout(DEADLINE_SECONDS):
            async for event in client.events(session):
                if event.type == "session.status" and event.data["status"] == "completed":
                    break


def test_a_breakpoint_is_set_by_file_and_line(graphs: ServerProcess) -> None:
    text = (ROOT / GRAPHS).read_text(encoding="utf-8").splitlines()
    place = f"{GRAPHS}:{1 + next(n for n, line in enumerate(text) if '**update}' in line)}"
    script = f"b {place} after off if state['x'] == 'a:1 '\nb\nq\n"
    done = debug(graphs, script, "--query", "hello", "--break", f"{place} hits 2")
    # All of its nodes are made by one function: the first stop is not the first node.
    assert "▶ top" not in done.stdout
    assert "off: after left/deeper/y" in done.stdout
    # Where it has been by now is told too, if it has.
    assert re.search(rf"before side  from hit 2(, reached 1 times)?  {GRAPHS}:", done.stdout)
    assert debug(graphs, f"b {GRAPHS}:1\n", "--query", "hello").returncode == 6


def test_the_help_fits_72_columns() -> None:
    assert max(len(line) for line in usage().splitlines()) <= 72
