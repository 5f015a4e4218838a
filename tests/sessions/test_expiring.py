"""Sessions that wait are removed where a server was told for how long: never before whoever reads them was told."""

from datetime import UTC, datetime

import httpx
import pytest

from rpc.cli.progress import line_of
from rpc.client import connect
from rpc.sessions import upkeep
from rpc.settings import Settings
from tests.sessions.test_listing import age
from tests.support import small_graphs
from tests.support.in_process import Serve, Served
from tests.support.peer import peer

DAY = 24 * 3600.0
WEEK = 7 * DAY


class Clock:
    """What time it is for what removes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.later = 0.0
        real = upkeep.now_ms
        monkeypatch.setattr(upkeep, "now_ms", lambda: real() + int(self.later * 1000))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def tidy(server: Served, notice: float = DAY) -> int:
    return await upkeep.remove_waiting(server.core.sessions, WEEK, notice)


def days_from_now(at: str) -> float:
    return (datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds() / DAY


async def test_readers_are_told_a_day_before(serve: Serve, clock: Clock) -> None:
    assert Settings().waiting_notice_seconds == DAY
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        story = await one.run("x")
        waits = story.session_id
        await age(server, waits, 5.9)
        assert await tidy(server) == 0
        assert not one.of(waits, "session.expiring")
        clock.later = 0.2 * DAY
        assert await tidy(server) == 0
        told = await one.event(waits, "session.expiring")
        # A day from now: a week would be over before.
        assert days_from_now(told["removed_at"]) == pytest.approx(1.2, abs=0.01)
        clock.later = 1.15 * DAY
        assert await tidy(server) == 0
        clock.later = 1.25 * DAY
        assert await tidy(server) == 1
        assert (await one.event(waits, "session.deleted"))["reason"] == "age"
        # Once, and what was told is an event as any other.
        kinds = [event["method"] for event in one.of(waits)]
        assert kinds[-2:] == ["session.expiring", "session.deleted"]
        assert kinds.count("session.expiring") == 1


async def test_who_comes_later_reads_it_too(serve: Serve, clock: Clock) -> None:
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        waits = (await one.run("x")).session_id
        await age(server, waits, 6.5)
        assert await tidy(server) == 0
        told = await one.event(waits, "session.expiring")
        async with peer(server.url) as two, httpx.AsyncClient(base_url=server.http_url) as http:
            await two.call("session.subscribe", session_id=waits, after=told["seq"] - 1)
            assert await two.event(waits, "session.expiring") == told
            stream = f"/v1/orchestrator/stream/{waits}?after={told['seq'] - 1}"
            async with http.stream("GET", stream) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("event:"):
                        assert line == "event: session.expiring"
                        break


async def test_who_watches_in_a_terminal_reads_when(serve: Serve, clock: Clock) -> None:
    async with serve(small_graphs.asking) as server, connect(server.url) as client:
        started = await client.start("x")
        events = client.events(started.session_id)
        async for event in events:
            if event.type == "session.status" and event.data["status"] == "waiting":
                break
        await age(server, started.session_id, 6.5)
        assert await tidy(server) == 0
        event = await anext(events)
        line = line_of(event)
        assert line is not None
        assert f"it will be removed at {event.data['removed_at']}" in line.plain


async def test_a_server_that_did_not_run_tells_first(serve: Serve, clock: Clock) -> None:
    """It starts after a month: nobody could have read what it would have told."""
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        waits = (await one.run("x")).session_id
        await age(server, waits, 30)
        assert await tidy(server) == 0
        told = await one.event(waits, "session.expiring")
        assert days_from_now(told["removed_at"]) == pytest.approx(1.0, abs=0.01)
        clock.later = 0.9 * DAY
        assert await tidy(server) == 0
        clock.later = 1.1 * DAY
        assert await tidy(server) == 1


async def test_who_moves_it_keeps_it(serve: Serve, clock: Clock) -> None:
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        stories = [await one.run("x") for _ in range(3)]
        for story in stories:
            await age(server, story.session_id, 6.5)
        assert await tidy(server) == 0
        answered, asked_again, left = stories
        assert await one.respond(answered, "yes") == "completed"
        await one.call("debug.attach", session_id=asked_again.session_id)
        clock.later = 1.1 * DAY
        assert await tidy(server) == 1
        await one.event(left.session_id, "session.deleted")
        assert (await one.call("session.list"))["total"] == 2


async def test_without_notice_it_is_told_all_the_same(serve: Serve) -> None:
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        waits = (await one.run("x")).session_id
        await age(server, waits, 8)
        assert await tidy(server, notice=0) == 1
        await one.event(waits, "session.deleted")
        assert len(one.of(waits, "session.expiring")) == 1


async def test_more_than_one_page_of_them(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that stay are not listed for ever."""
    monkeypatch.setattr(upkeep, "BATCH", 2)
    async with serve(small_graphs.asking) as server, peer(server.url) as one:
        ids = [(await one.run("x")).session_id for _ in range(5)]
        for session_id in ids:
            await age(server, session_id, 6.5)
        assert await tidy(server) == 0
        for session_id in ids:
            await one.event(session_id, "session.expiring")
