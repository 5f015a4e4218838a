"""Fixtures: the replay server, settings that point at it, and the shared real data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from examples.biomed.graph import Graph, build_graph
from examples.biomed.options import QueryOptions
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Replay
from tests.support.free_port import kept_port

SHARED_DATA = Path(__file__).parents[3].parent / "shared" / "data"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def _server() -> Iterator[Replay]:
    with Replay() as server:
        yield server


@pytest.fixture
def replay(_server: Replay) -> Replay:
    """The replay server, with no faults and no requests seen."""
    _server.reset()
    return _server


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A question that does not say how long it may take has a minute: five seconds are soon over on a busy machine.

    Not as if it had said so, which is another thing where there is a model.
    """
    with monkeypatch.context() as patch:
        patch.setattr(QueryOptions.model_fields["time_budget_ms"], "default", 60_000)
        QueryOptions.model_rebuild(force=True)
        yield
    QueryOptions.model_rebuild(force=True)


@pytest.fixture
def settings(replay: Replay, tmp_path: Path, _unhurried: None) -> Settings:
    """Settings with the replay server in place of the live hosts."""
    return Settings(
        pubmed_url=replay.environment["BIOMED_PUBMED_URL"],
        trials_url=replay.environment["BIOMED_TRIALS_URL"],
        ncbi_requests_per_second=1000,
        http_backoff_ms=1,
        http_timeout_ms=60_000,
        time_budget_ms=60_000,
        cache_dir=str(tmp_path / "cache"),
    )


@pytest.fixture
def offline(tmp_path: Path, _unhurried: None) -> Iterator[Settings]:
    """Settings whose live hosts refuse every connection."""
    with kept_port() as port:
        yield Settings(
            pubmed_url=f"http://127.0.0.1:{port}/entrez/eutils",
            trials_url=f"http://127.0.0.1:{port}/api/v2",
            ncbi_requests_per_second=1000,
            http_backoff_ms=1,
            http_timeout_ms=60_000,
            time_budget_ms=60_000,
            cache_dir=str(tmp_path / "cache"),
        )


@pytest.fixture
def graph_of() -> Callable[[Settings], Graph]:
    """Make an orchestrator with given settings, on a fixed day."""
    return lambda settings: build_graph(lambda: settings, today=lambda: TODAY)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real captures and abstracts; the test is skipped where it is missing."""
    if not (SHARED_DATA / "captures").is_dir():
        pytest.skip("needs the real data folder, ../shared/data beside the checkout")
    return SHARED_DATA
