"""A server of a project that was made for LangGraph's own server, and clients of its API."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk import get_client

from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_logs

PROJECT = Path(__file__).parent / "project"

NAMES = ("agent", "chat", "nested", "slow", "broken")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of the project's graphs."""
    graphs = [f"{name}={PROJECT}/graphs.py:{name}" for name in NAMES]
    process = ServerProcess(graphs, Path(tmp_path_factory.mktemp("data")))
    process.start()
    yield process
    process.close()
    check_logs(process.data_dir)


@pytest.fixture
async def sdk(served: ServerProcess) -> AsyncIterator[Any]:
    """LangGraph's Python SDK, at the server."""
    client = get_client(url=served.http_url, api_key=None)
    yield client
    await client.aclose()
