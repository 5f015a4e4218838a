"""A server of a project that was made for LangGraph's own server, and clients of its API."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.langgraph_api.sdk import sdk_at
from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_logs

PROJECT = Path(__file__).parent / "project"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """`stepwire serve` in the project's folder, without arguments."""
    process = ServerProcess([], Path(tmp_path_factory.mktemp("data")), cwd=PROJECT)
    process.start()
    yield process
    process.close()
    check_logs(process.data_dir)


@pytest.fixture
async def sdk(served: ServerProcess) -> AsyncIterator[Any]:
    """LangGraph's Python SDK, at the server."""
    async with sdk_at(served) as client:
        yield client


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of the project that nobody else uses."""
    process = ServerProcess([], tmp_path / "data", cwd=PROJECT)
    process.start()
    yield process
    process.close()


@pytest.fixture
async def fresh(fresh_server: ServerProcess) -> AsyncIterator[Any]:
    """The SDK at such a server."""
    async with sdk_at(fresh_server) as client:
        yield client
