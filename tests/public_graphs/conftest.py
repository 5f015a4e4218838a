"""One server for all the graphs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.public_graphs.examples import EXAMPLES
from tests.support.server_process import ServerProcess
from tests.support.stored_logs import check_logs


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a real server that serves all examples by name."""
    graphs = [f"{one.name}={one.target}" for one in EXAMPLES]
    process = ServerProcess(graphs, Path(tmp_path_factory.mktemp("data")))
    process.start()
    yield process.url
    # Shown where a test failed.
    print(process.output)
    process.close()
    check_logs(process.data_dir)
