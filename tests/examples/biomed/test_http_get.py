"""What a source survives: refusals, broken connections, slow and oversized answers."""

from __future__ import annotations

import time

import msgspec
import pytest

from examples.biomed.errors import SourceError
from examples.biomed.services.http_get import Http
from examples.biomed.services.limiter import Limiter
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Fault, Replay


def _deadline(seconds: float = 60) -> float:
    return time.monotonic() + seconds


class Naps:
    """Takes the place of sleeping, and remembers how long it would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


async def _get(
    settings: Settings, naps: Naps | None = None, deadline: float | None = None
) -> bytes:
    async with Http("PubMed", settings, sleep=naps or Naps()) as http:
        url = f"{settings.pubmed_url}/esearch.fcgi"
        params = {"term": "semaglutide", "retmax": "3"}
        return await http.get(url, params, deadline or _deadline())


@pytest.mark.parametrize(
    "fault", [Fault(status=429), Fault(status=500), Fault(status=503), Fault(cut=True)]
)
async def test_a_passing_fault_is_retried(settings: Settings, replay: Replay, fault: Fault) -> None:
    replay.fail("esearch", fault, times=2)
    assert b"esearchresult" in await _get(settings)
    assert len(replay.seen) == 3


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(status=429), "rate_limited"),
        (Fault(status=500), "http_error"),
        (Fault(cut=True), "unreachable"),
    ],
)
async def test_a_lasting_fault_ends_after_the_set_number_of_tries(
    settings: Settings, replay: Replay, fault: Fault, kind: str
) -> None:
    replay.fail("esearch", fault, times=9)
    with pytest.raises(SourceError) as caught:
        await _get(settings)
    assert caught.value.kind == kind
    assert len(replay.seen) == settings.http_attempts


@pytest.mark.parametrize(("status", "kind"), [(400, "invalid_request"), (404, "not_found")])
async def test_our_own_mistakes_are_not_retried(
    settings: Settings, replay: Replay, status: int, kind: str
) -> None:
    replay.fail("esearch", Fault(status=status), times=9)
    with pytest.raises(SourceError) as caught:
        await _get(settings)
    assert caught.value.kind == kind
    assert len(replay.seen) == 1


async def test_the_servers_wish_to_wait_is_kept(settings: Settings, replay: Replay) -> None:
    replay.fail("esearch", Fault(status=429, headers={"Retry-After": "2"}))
    naps = Naps()
    await _get(settings, naps)
    assert naps.taken == [2.0]


async def test_a_wish_to_wait_past_the_deadline_ends_at_once(
    settings: Settings, replay: Replay
) -> None:
    replay.fail("esearch", Fault(status=429, headers={"Retry-After": "600"}), times=3)
    naps = Naps()
    with pytest.raises(SourceError) as caught:
        await _get(settings, naps)
    assert caught.value.kind == "rate_limited"
    assert naps.taken == []
    assert len(replay.seen) == 1


async def test_the_pauses_grow(settings: Settings, replay: Replay) -> None:
    slow = msgspec.structs.replace(settings, http_attempts=4, http_backoff_ms=100)
    replay.fail("esearch", Fault(status=500), times=3)
    naps = Naps()
    await _get(slow, naps, _deadline(60))
    assert all(pause <= bound for pause, bound in zip(naps.taken, (0.1, 0.2, 0.4), strict=True))


async def test_a_silent_server_ends_at_the_deadline(settings: Settings, replay: Replay) -> None:
    replay.fail("esearch", Fault(hang=True), times=3)
    with pytest.raises(SourceError) as caught:
        await _get(settings, deadline=_deadline(0.2))
    assert caught.value.kind == "timeout"


async def test_no_connection_is_unreachable(offline: Settings) -> None:
    with pytest.raises(SourceError) as caught:
        await _get(offline)
    assert caught.value.kind == "unreachable"


async def test_an_unknown_host_is_unreachable_without_an_error_number(offline: Settings) -> None:
    nowhere = msgspec.structs.replace(offline, pubmed_url="http://host.invalid")
    with pytest.raises(SourceError) as caught:
        await _get(nowhere)
    assert caught.value.kind == "unreachable"
    assert "Errno" not in caught.value.message


async def test_an_endless_answer_is_cut_off(settings: Settings, replay: Replay) -> None:
    replay.fail("esearch", Fault(body=b"0" * (17 * 1024 * 1024)))
    with pytest.raises(SourceError) as caught:
        await _get(settings)
    assert caught.value.kind == "bad_data"


async def test_no_turn_within_the_budget_is_said_at_once(settings: Settings) -> None:
    naps = Naps()
    limiter = Limiter(1, 3600, sleep=naps)
    async with Http("PubMed", settings, limiter, sleep=naps) as http:
        url, params = f"{settings.pubmed_url}/esearch.fcgi", {"term": "x", "retmax": "1"}
        await http.get(url, params, _deadline())
        with pytest.raises(SourceError) as caught:
            await http.get(url, params, _deadline())
    assert caught.value.kind == "rate_limited"
