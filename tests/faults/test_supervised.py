"""What no process can catch ends the server, and it is started again: nobody sees more than a reconnect."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.support.peer import peer
from tests.support.polling import until_true
from tests.support.server_process import ROOT, ServerProcess, clean_environment

GRAPHS = "tests/support/bad_graphs.py"

MANY = "STEPWIRE_TEST_KILLS" in os.environ
"""All kinds, which `make faults` tries; else one."""

STARTS_SECONDS = 60
"""A connection may wait for the next server."""

STUCK_SECONDS = 6
"""How long nothing of Python may run: longer than a server that is well has no time on a busy machine."""

Supervised = Callable[..., ServerProcess]


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """What ends a server is heeded by one that a test starts, also where the tests run in a background that ignores it."""
    before = {
        number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGHUP, signal.SIGTERM)
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def supervised(server: StartServer, tmp_path: Path) -> Supervised:
    """Start a supervised server of `bad_graphs`; more settings by name."""

    def launch(*, start: bool = True, **settings: object) -> ServerProcess:
        process = server(
            *(f"{name}={GRAPHS}:{name}" for name in ("on_loop", "threaded", "nested")),
            settings={"synchronous": "normal", "shutdown_grace_seconds": 0.3, **settings},
            env={"FAULT_FOLDER": str(tmp_path)},
            start=False,
        )
        process.supervised = True
        return process.start() if start else process

    return launch


def lives(pid: int) -> bool:
    """Whether it runs; what has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_death_is_a_reconnect(supervised: Supervised) -> None:
    process = supervised()
    assert process.process is not None
    supervisor, first = process.process.pid, process.pid
    assert supervisor != first
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        done = await one.run("fine")
        os.kill(first, signal.SIGSEGV)
        await one.until(lambda: one.closed, "the end of the connection")
    # At once: it waits in the socket's queue until the next server takes it.
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        assert (await one.call("session.get", session_id=done.session_id))["status"] == "completed"
        assert (await one.run("fine")).status == "completed"
    assert process.process.pid == supervisor
    assert process.pid != first
    assert process.said("the server died (SIGSEGV); it is started again")
    assert process.said("Current thread"), "where it was is in the log"
    assert process.stop() == 0


async def test_a_killed_supervisor_leaves_nobody(supervised: Supervised) -> None:
    process = supervised()
    child = process.pid
    process.kill9()
    await until_true(lambda: not lives(child))
    # Port and data are free at once.
    process.restart()
    assert process.stop() == 0


@pytest.mark.parametrize(
    ("number", "code", "whom"),
    [
        (signal.SIGTERM, 0, "both"),
        (signal.SIGINT, 130, "both"),
        (signal.SIGHUP, 0, "supervisor"),
        (signal.SIGTERM, 0, "server"),
    ],
)
def test_a_signal_ends_both_cleanly(
    supervised: Supervised, number: signal.Signals, code: int, whom: str
) -> None:
    """A terminal's Ctrl-C goes to both; that is one, and not the second one that ends it at once."""
    process = supervised(shutdown_grace_seconds=5)
    assert process.process is not None
    pids = {"supervisor": process.process.pid, "server": process.pid}
    for name in pids if whom == "both" else [whom]:
        # The supervisor's own may have ended the server by then.
        with suppress(ProcessLookupError):
            os.kill(pids[name], number)
    assert process.process.wait(60) == code
    assert not lives(pids["server"])
    assert "Traceback" not in process.output


async def test_a_second_signal_ends_it_at_once(supervised: Supervised) -> None:
    process = supervised(shutdown_grace_seconds=600)
    assert process.process is not None
    child = process.pid
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        held = await one.call("query.start", query="swallow never")
        await one.event(held["session_id"], "node.started")
        process.process.send_signal(signal.SIGTERM)
        await one.until(lambda: one.closed, "the first one's work")
        process.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.process.wait, 60) == -signal.SIGTERM
    await until_true(lambda: not lives(child))


def test_one_that_dies_before_it_answers_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "dies.py").write_text("import os\n\nos._exit(7)\n")
    done = subprocess.run(
        [sys.executable, "-m", "rpc.cli", "serve", "dies.py:graph", "--port", "0"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 2
    (last,) = done.stderr.splitlines()[-1:]
    assert "the server died 4 times before it could answer (exit code 7)" in last


async def test_a_clear_error_after_a_death_is_tried_again(
    supervised: Supervised, tmp_path: Path
) -> None:
    """What the server needs may come back; where it does not, the error is what is left."""
    (tmp_path / "graph.py").write_text((ROOT / "examples/minimal.py").read_text())
    process = supervised(start=False)
    process.graphs = [f"{tmp_path}/graph.py:graph"]
    process.start()
    (tmp_path / "graph.py").rename(tmp_path / "away.py")
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.wait_for, "the server could not start; it is started again")
    (tmp_path / "away.py").rename(tmp_path / "graph.py")
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        assert (await one.run("a b")).result["answer"] == "b a"


@pytest.mark.parametrize("kind", ["repeat", "power", "regex"] if MANY else ["repeat"])
async def test_code_that_holds_the_interpreter_is_ended(supervised: Supervised, kind: str) -> None:
    process = supervised(stuck_seconds=STUCK_SECONDS)
    child = process.pid
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        held = await one.call("query.start", query=f"{kind} once", graph="threaded")
        await one.until(lambda: one.closed, "the end of the connection")
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        await one.call("session.subscribe", session_id=held["session_id"])
        assert await one.settled(held["session_id"]) == "completed"
    assert not lives(child)
    assert process.said("nothing of Python has run in the server for ")
    assert process.said('bad_graphs.py", line'), "where it was is in the log"
    assert process.said("the server died (it was stuck)")


async def test_what_only_stands_still_or_computes_is_not(
    supervised: Supervised, tmp_path: Path
) -> None:
    process = supervised(stuck_seconds=STUCK_SECONDS)
    assert process.process is not None
    supervisor, child = process.process.pid, process.pid
    async with peer(process.url, open_timeout=STARTS_SECONDS) as one:
        started = await one.call("query.start", query="compute go", graph="threaded")
        computes = started["session_id"]
        await one.event(computes, "node.started")
        # A process that is stopped, alone or with its supervisor, as when a machine sleeps.
        for pids in ([child], [supervisor, child], [supervisor]):
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(STUCK_SECONDS + 0.6)
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
            assert (await one.run("fine")).status == "completed"
        (tmp_path / "go").touch()
        assert await one.settled(computes) == "completed"
    assert process.pid == child
    assert not process.said("nothing of Python")
