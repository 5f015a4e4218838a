"""A server for the tests of REST and SSE, started once: its sessions are apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.in_process import serve
from tests.support.server_process import ServerProcess

__all__ = ["serve"]

GRAPHS = [
    f"{name}=tests/support/small_graphs.py:{name}"
    for name in ("greeter", "writing", "waiting", "asking", "failing")
]


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with the graphs of `tests.support.small_graphs`; `greeter` is the default."""
    settings = {"sse_keepalive_seconds": 0.2, "max_json_depth": 16, "max_message_bytes": 4096}
    process = ServerProcess(GRAPHS, tmp_path_factory.mktemp("data"), settings=settings)
    process.start()
    yield process
    process.close()


@pytest.fixture
def http(running: ServerProcess) -> Iterator[httpx.Client]:
    """A client of that server, without a cookie or a proxy."""
    with httpx.Client(base_url=running.http_url, trust_env=False, timeout=60) as client:
        yield client


def only_waiting_runs(http: httpx.Client) -> None:
    """Wait until what earlier tests left running has ended, but for the graph that never does.

    What is counted, or listed twice, would change meanwhile.
    """
    busy = {"status": "queued,running", "limit": 1000}
    while any(
        one["graph"] != "waiting"
        for one in http.get("/v1/orchestrator/sessions", params=busy).json()["sessions"]
    ):
        pass


def healthy(http: httpx.Client, path: str = "/health") -> dict[str, Any]:
    """What a server that is healthy says. A disk that has much to do for others may make it wait for more than its two seconds."""
    while (answer := http.get(path)).status_code == 503:
        pass
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Where a server of the test's own keeps its data."""
    return tmp_path / "data"
