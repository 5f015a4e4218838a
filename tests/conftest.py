"""Fixtures that many tests share."""

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import websockets.asyncio.client

import rpc.client
from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_logs


class StartServer(Protocol):
    """The `server` fixture's type."""

    def __call__(
        self,
        *graphs: str,
        data_dir: Path | None = None,
        settings: Mapping[str, object] | None = None,
        env: Mapping[str, str] | None = None,
        start: bool = True,
    ) -> ServerProcess: ...


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StartServer]:
    """Start real servers: `server("examples/minimal.py:graph").url`. They end with the test.

    Without a `data_dir` each gets one of its own. `start=False` leaves `start()` to the test.
    """
    started: list[ServerProcess] = []

    def launch(
        *graphs: str,
        data_dir: Path | None = None,
        settings: Mapping[str, object] | None = None,
        env: Mapping[str, str] | None = None,
        start: bool = True,
    ) -> ServerProcess:
        given: Sequence[str] = graphs or ("examples/minimal.py:graph",)
        folder = data_dir or tmp_path / f"data-{len(started)}"
        process = ServerProcess(given, folder, settings=settings, env=env)
        started.append(process)
        return process.start() if start else process

    yield launch
    for process in started:
        process.close()
    for process in started:
        check_logs(process.data_dir)


TEST_GRAPHS = [
    f"{name}=tests/support/graphs.py:{name}" for name in ("flood", "asks", "fails", "hangs", "both")
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with the graphs of `tests.support.graphs`; `flood` is the default."""
    process = ServerProcess(TEST_GRAPHS, Path(tmp_path_factory.mktemp("data")))
    process.start()
    yield process
    process.close()
    check_logs(process.data_dir)


ANSWER_SECONDS = 60.0
"""How long an answer may take where a test does not say; httpx alone gives up after five, which a busy machine may need."""


if find_spec("hypothesis") is not None:
    # Graphs of others are tried beside packages of theirs, and without it.
    from hypothesis import HealthCheck, settings

    # Of all that is tried on values made at random: an example takes as long as others leave it no time.
    settings.register_profile(
        "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("any machine")


RETURN_SECONDS = 240.0
"""How long a client tries to reach a server that is killed and started again."""


def pytest_configure() -> None:
    """Whoever connects waits as long for that as for an answer, where a test does not say."""
    # All of httpx's clients share one object that says how long they wait.
    waits = inspect.signature(httpx.Client).parameters["timeout"].default
    waits.connect = waits.read = waits.write = waits.pool = ANSWER_SECONDS
    websocket: Any = websockets.asyncio.client.connect.__init__
    websocket.__kwdefaults__ |= {"open_timeout": ANSWER_SECONDS, "ping_timeout": ANSWER_SECONDS}
    ours: Any = inspect.unwrap(rpc.client.connect)
    ours.__kwdefaults__ |= {"open_timeout": ANSWER_SECONDS, "reconnect_seconds": RETURN_SECONDS}


LONGEST = (
    "tests/packaging",
    "tests/clients",
    "tests/transports/test_docs_in_a_browser.py",
    "tests/cli",
    "tests/dap",
    "tests/test_readme.py",
    "tests/debugging/test_compiled_stops.py",
    "tests/storage/test_migrations.py",
    "tests/examples/test_biomed_server.py",
    "tests/examples/biomed/test_tools.py",
    "tests/sessions/test_races.py",
    "tests/client",
    "tests/transports",
    "tests/debugging",
    "tests/auth",
    "tests/telemetry",
    "tests/test_architecture.py",
    "tests/test_mounting.py",
    "tests/sessions",
)
"""Files, and folders of them, that take longest, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: one long file at the end would leave the other cores with nothing to do."""

    def rank(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return next(
            (n for n, one in enumerate(LONGEST) if file == one or file.startswith(f"{one}/")),
            len(LONGEST),
        )

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Modules that tests write are compiled each time: two of one second would be files of one age.

    Those of the tests and of Stepwire have been imported by now, and may be kept (see the Makefile).
    """
    sys.dont_write_bytecode = True


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the seeds of tests that try what is made at random, whatever became of them."""
    found = {
        (report.nodeid, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "seed"
    }
    for test, seed in sorted(found):
        terminalreporter.write_line(f"seed {seed}: {test}")
