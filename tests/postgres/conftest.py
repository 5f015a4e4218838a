"""A database of the shared server for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import shared


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of an empty one."""
    server = shared()
    yield server.database(tmp_path)
    server.release(tmp_path)
