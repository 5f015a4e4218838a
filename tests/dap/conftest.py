"""A server of the flow, for editors that attach."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.conftest import npm_package
from tests.support.server_process import ServerProcess

__all__ = ["npm_package"]

FLOW = str(Path(__file__).parent / "flow.py")


@pytest.fixture(scope="package")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of `flow.py`."""
    process = ServerProcess([f"{FLOW}:graph"], tmp_path_factory.mktemp("data"))
    process.start()
    yield process
    process.close()


def line_of(text: str) -> int:
    """The line of the flow that begins with a text."""
    lines = Path(FLOW).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(text))
