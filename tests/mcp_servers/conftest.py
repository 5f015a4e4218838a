"""Fixtures: the stand-in and its proxy, and those of the example's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.biomed.conftest import _unhurried, graph_of, settings  # noqa: F401
from tests.mcp_servers.stand_in import Proxy, Services


@pytest.fixture(scope="session")
def _services() -> Iterator[Services]:
    with Services() as services:
        yield services


@pytest.fixture
def replay(_services: Services) -> Services:
    """The stand-in, with no faults and no requests seen; what the example asks itself goes there, too."""
    _services.reset()
    return _services


@pytest.fixture
def proxy(replay: Services, tmp_path: Path) -> Iterator[Proxy]:
    """A proxy in front of it."""
    with Proxy(replay.address, tmp_path) as proxy:
        yield proxy
