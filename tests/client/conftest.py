"""A server for the client's tests, started once: its sessions are apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server_process import ServerProcess

GRAPHS = [f"{name}=tests/support/graphs.py:{name}" for name in ("flood", "asks", "fails", "hangs")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with the graphs of `tests.support.graphs`; `flood` is the default."""
    process = ServerProcess(GRAPHS, Path(tmp_path_factory.mktemp("data")))
    process.start()
    yield process
    process.close()
