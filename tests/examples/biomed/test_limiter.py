"""NCBI blocks clients that start more requests a second than allowed."""

from __future__ import annotations

from functools import partial

import anyio
import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from examples.biomed.services import limiter
from examples.biomed.services.limiter import Limiter, Window
from examples.biomed.services.pubmed import PubMed
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Replay
from tests.support.polling import until_true


@hypothesis(deadline=None)
@given(
    limit=st.integers(1, 10),
    gaps=st.lists(st.floats(0, 2, allow_nan=False), min_size=1, max_size=60),
)
def test_never_more_than_the_limit_within_any_period(limit: int, gaps: list[float]) -> None:
    window, now, starts = Window(limit), 0.0, []
    for gap in gaps:
        now += gap
        start = window.reserve(now)
        assert start is not None
        assert start >= now
        starts.append(start)
    for index, start in enumerate(starts[limit:], start=limit):
        assert start - starts[index - limit] >= 1.0 - 1e-9


def test_a_burst_up_to_the_limit_does_not_wait() -> None:
    window = Window(3)
    assert [window.reserve(5.0) for _ in range(4)] == [5.0, 5.0, 5.0, 6.0]


def test_a_refused_turn_takes_no_place() -> None:
    window = Window(1)
    assert window.reserve(0.0) == 0.0
    assert window.reserve(0.0, latest=0.5) is None
    assert window.reserve(0.0, latest=1.0) == 1.0


async def test_the_limiter_waits_as_long_as_it_must() -> None:
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    waiting = Limiter(2, clock=lambda: 10.0, sleep=nap)
    assert [await waiting.wait() for _ in range(5)] == [True] * 5
    assert naps == [1.0, 1.0, 2.0]
    assert await waiting.wait(latest=10.5) is False


def test_the_limit_is_ncbis_and_shared_by_all_clients_of_a_host() -> None:
    assert Settings().requests_per_second == 3
    assert Settings(ncbi_api_key="k").requests_per_second == 10
    assert limiter.shared("a.example", 3) is limiter.shared("a.example", 3)
    assert limiter.shared("a.example", 3) is not limiter.shared("b.example", 3)


@pytest.mark.parametrize(("key", "limit"), [("", 3), ("secret", 10)])
async def test_requests_arrive_no_faster_than_ncbi_allows(
    settings: Settings, replay: Replay, monkeypatch: pytest.MonkeyPatch, key: str, limit: int
) -> None:
    """One second's requests of all clients are let go at once; the next one is not, until that is over."""
    naps: list[float] = []
    over = anyio.Event()

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        await over.wait()

    monkeypatch.setattr(limiter, "_shared", {})
    standing_still = partial(Limiter, clock=lambda: 10.0, sleep=nap)
    monkeypatch.setattr(limiter, "Limiter", standing_still)
    paced = msgspec.structs.replace(settings, ncbi_requests_per_second=0, ncbi_api_key=key)
    async with PubMed(paced) as one, PubMed(paced) as other, anyio.create_task_group() as tasks:
        for number in range(limit + 1):
            client = (one, other)[number % 2]
            tasks.start_soon(partial(client.get, ["37952131"], timeout_ms=60_000))
        await until_true(lambda: len(replay.requests("efetch")) == limit and naps)
        assert naps == [1.0]
        over.set()
    assert len(replay.requests("efetch")) == limit + 1
