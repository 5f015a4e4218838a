"""Finding sessions again: pages, status, search; deleting; and what the server removes by itself."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.sessions import SessionListParams
from rpc.clock import now_ms
from rpc.sessions import upkeep
from rpc.sessions.listing import which
from rpc.settings import Settings
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import Store
from rpc.storage.units import PutSession, Unit
from tests.support import small_graphs
from tests.support.in_process import Serve, Served
from tests.support.peer import Peer, Refused, peer
from tests.support.server_process import ON_DATABASE


async def pages(one: Peer, **params: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    cursor = None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = await one.call("session.list", **params, **more)
        found += [session["session_id"] for session in page["sessions"]]
        assert len(page["sessions"]) <= params.get("limit", 50)
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_pages_by_cursor_while_sessions_are_added(serve: Serve) -> None:
    """Who pages through a busy server sees every session that was there once, and none twice."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        there = [(await one.run(f"q{n}", subscribe=True)).session_id for n in range(25)]
        found: list[str] = []
        cursor = None
        for _ in range(100):
            more = {} if cursor is None else {"cursor": cursor}
            page = await one.call("session.list", limit=4, **more)
            found += [session["session_id"] for session in page["sessions"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
            await one.run("meanwhile")
        assert len(found) == len(set(found))
        assert [session_id for session_id in found if session_id in there] == there[::-1]


async def test_every_page_size_gives_the_same(serve: Serve) -> None:
    """A page that is exactly full has no empty one behind it; many sessions of one millisecond keep apart."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        started = await asyncio.gather(*(one.call("query.start", query=f"q{n}") for n in range(12)))
        for answer in started:
            await one.settled(answer["session_id"])
        whole = await pages(one)
        assert set(whole) == {answer["session_id"] for answer in started}
        for limit in (1, 3, 4, 6, 11, 12, 13):
            assert await pages(one, limit=limit) == whole
        by_offset: list[str] = []
        for offset in range(0, 15, 5):
            page = await one.call("session.list", limit=5, offset=offset)
            assert (page["total"], page["limit"], page["offset"]) == (12, 5, offset)
            by_offset += [session["session_id"] for session in page["sessions"]]
        assert by_offset == whole


async def test_by_status_and_by_text(serve: Serve) -> None:
    """Status and search narrow the list, also together; `total` counts what matches."""
    graphs = {
        "greeter": small_graphs.greeter,
        "asking": small_graphs.asking,
        "failing": small_graphs.failing,
    }
    async with serve(graphs) as server, peer(server.url) as one:
        await one.run("Semaglutide trials")
        await one.run("100%_sure", session_name="Weekly 'report'")
        waiting = await one.run("tirzepatide", graph="asking")
        failed = await one.run("semaglutide again", graph="failing")

        async def ids(**params: Any) -> list[str]:
            page = await one.call("session.list", **params)
            assert page["total"] == len(page["sessions"])
            return [session["session_id"] for session in page["sessions"]]

        assert await ids(status="waiting") == [waiting.session_id]
        assert await ids(status="failed") == [failed.session_id]
        assert await ids(status="queued") == []
        assert len(await ids(search="SEMAGLUTIDE")) == 2
        assert await ids(search="semaglutide", status="failed") == [failed.session_id]
        assert len(await ids(search="weekly 'rep")) == 1
        # From three characters on it is found anywhere, and no sign stands for others.
        assert len(await ids(search="0%_")) == 1
        assert (
            await ids(search="1%e") == await ids(search="1____s") == await ids(search="%%%") == []
        )
        # Below, at the beginnings of words.
        assert len(await ids(search="SU")) == 1
        assert await ids(search="zz") == await ids(search="ma") == await ids(search="%") == []
        assert len(await ids(search="")) == 4
        assert await ids(search=waiting.session_id) == [waiting.session_id]
        page = await one.call("session.list")
        assert all(session["result"] is None for session in page["sessions"])
        cursor = (await one.call("session.list", limit=1))["next_cursor"]
        with pytest.raises(Refused) as refused:
            await one.call("session.list", cursor=cursor, offset=1)
        assert refused.value.path == "$.offset"


OWNED = {
    "sessions": "id",
    "runs": "session_id",
    "events": "session_id",
    "signals": "session_id",
    "checkpoints": "thread_id",
    "channel_values": "thread_id",
    "task_writes": "thread_id",
}
"""What a session owns: tables, and their columns that say whose a row is."""


in_a_directory = pytest.mark.skipif(
    ON_DATABASE,
    reason="it looks into the data directory's own database; tests/storage asks the same of each store",
)


def rows(folder: Path, session_id: str) -> dict[str, int]:
    """What the database holds of a session, by table."""
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        return {
            table: connection.execute(
                f"SELECT count(*) FROM {table} WHERE {column} = ?", (session_id,)
            ).fetchone()[0]
            for table, column in OWNED.items()
        }


NOTHING = dict.fromkeys(OWNED, 0)


@in_a_directory
async def test_delete_removes_all_it_owns(serve: Serve, tmp_path: Path) -> None:
    """A deleted session leaves no question, no answer and no state of it on the disk."""
    graphs = {"greeter": small_graphs.greeter, "asking": small_graphs.asking}
    async with serve(graphs) as server, peer(server.url) as one:
        kept = await one.run("keep me")
        for graph in graphs:
            story = await one.run("delete me", graph=graph, idempotency_key=graph)
            before = rows(tmp_path / "data", story.session_id)
            assert all(before[table] for table in OWNED if table not in ("signals", "task_writes"))
            answer = await one.call("session.delete", session_id=story.session_id)
            assert answer["deleted"] is True
            assert rows(tmp_path / "data", story.session_id) == NOTHING
            with pytest.raises(Refused) as refused:
                await one.call("session.get", session_id=story.session_id)
            assert refused.value.code == -32000
            # Its key is free again.
            assert (await one.run("x", graph=graph, idempotency_key=graph)).session_id != (
                story.session_id
            )
        assert rows(tmp_path / "data", kept.session_id)["events"] > 0


@in_a_directory
async def test_a_running_session_is_cancelled_and_deleted(serve: Serve, tmp_path: Path) -> None:
    """What is deleted under a run would come back as rows that belong to nobody."""
    async with serve(small_graphs.waiting) as server, peer(server.url) as one:
        started = await one.call("query.start", query="x")
        session_id = started["session_id"]
        await one.event(session_id, "progress")
        await one.call("session.delete", session_id=session_id)
        assert (await one.event(session_id, "session.deleted"))["reason"] == "request"
        assert rows(tmp_path / "data", session_id) == NOTHING


# Retention.


def aged(store: Store, session_id: str, days: float) -> Unit:
    """What makes a session as old as if its last change were `days` ago."""
    record = store.session(session_id)
    assert record is not None
    changed = now_ms() - int(days * 86_400_000)
    return Unit(session_id, [], [PutSession(msgspec.structs.replace(record, updated_at=changed))])


async def age(server: Served, session_id: str, days: float) -> None:
    """Make a session of a running server old."""
    sessions = server.core.sessions
    await sessions.events.commit(aged(sessions.store, session_id, days))


def age_stored(folder: Path, session_id: str, days: float) -> None:
    """Make a session old that no server has open."""
    store = SQLiteStore(folder / "stepwire.db", "normal")
    store.write([aged(store, session_id, days)])
    store.close()


async def tidy(server: Served) -> int:
    settings = server.core.settings
    return await upkeep.remove_old(server.core.sessions, settings.session_max_age_seconds)


def test_the_default_is_a_week() -> None:
    """Nobody who sets nothing loses a session sooner."""
    assert Settings().session_max_age_seconds == 7 * 24 * 3600


@in_a_directory
async def test_old_sessions_are_removed_with_all_they_own(serve: Serve, tmp_path: Path) -> None:
    """After a week untouched a session goes, whole; a day before that it stays."""
    graphs = {"greeter": small_graphs.greeter, "asking": small_graphs.asking}
    folder = tmp_path / "data"
    async with serve(graphs) as server, peer(server.url) as one:
        old = [await one.run("x", graph=graph) for graph in graphs]
        young = await one.run("y")
        for story in old:
            await age(server, story.session_id, 7.1)
        await age(server, young.session_id, 6.9)
        assert await tidy(server) == 1
        assert rows(folder, old[0].session_id) == NOTHING
        assert (await one.call("session.list"))["total"] == 2
        assert await tidy(server) == 0
        # Who waits for a person is kept, unless the server was told for how long.
        assert Settings().waiting_max_age_seconds == 0
        waits = old[1].session_id
        assert (await one.call("session.get", session_id=waits))["status"] == "waiting"
        assert await upkeep.remove_waiting(server.core.sessions, 7.2 * 24 * 3600) == 0
        assert await upkeep.remove_waiting(server.core.sessions, 7 * 24 * 3600) == 1
        assert rows(folder, waits) == NOTHING
        assert (await one.call("session.list"))["total"] == 1


async def test_a_running_session_is_never_removed(serve: Serve) -> None:
    """A run that takes longer than a week is not pulled from under its feet; nor one just asked again."""
    graphs = {"waiting": small_graphs.waiting, "greeter": small_graphs.greeter}
    async with serve(graphs, max_running=1) as server, peer(server.url) as one:
        running = (await one.call("query.start", query="x"))["session_id"]
        await one.event(running, "progress")
        queued = (await one.call("query.start", query="x"))["session_id"]
        await one.event(queued, "session.status")
        for session_id in (running, queued):
            await age(server, session_id, 30)
        assert await tidy(server) == 0
        assert (await one.call("session.list"))["total"] == 2
        await one.call("query.cancel", session_id=running)
        assert await tidy(server) == 0


async def test_a_session_used_while_it_is_being_removed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was listed as old, and then somebody asked it something: it stays."""
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x")
        await age(server, story.session_id, 30)
        store = server.core.sessions.store
        real = store.older_than

        async def listed(
            updated_at: int, limit: int, statuses: Sequence[str], after: str = ""
        ) -> list[str]:
            found = await real(updated_at, limit, statuses, after)
            if found:
                await one.run("again", session_id=story.session_id)
            return found

        monkeypatch.setattr(store, "older_than", listed)
        assert await tidy(server) == 0
        assert (await one.call("session.get", session_id=story.session_id))["runs"] == 2


@in_a_directory
async def test_the_server_tidies_by_itself(serve: Serve, tmp_path: Path) -> None:
    """Nobody has to ask: it looks on start, and then now and then."""
    folder = tmp_path / "data"
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("x")
    age_stored(folder, story.session_id, 8)
    async with (
        serve(small_graphs.greeter, cleanup_interval_seconds=0.01) as server,
        peer(server.url) as one,
    ):
        async with asyncio.timeout(60):
            while (await one.call("session.list"))["total"]:
                pass
        other = await one.run("y")
        await age(server, other.session_id, 8)
        async with asyncio.timeout(60):
            while (await one.call("session.list"))["total"]:
                pass
    async with (
        serve(small_graphs.greeter, session_max_age_seconds=0) as server,
        peer(server.url) as one,
    ):
        kept = await one.run("z")
        await age(server, kept.session_id, 4000)
    async with (
        serve(small_graphs.greeter, session_max_age_seconds=0) as server,
        peer(server.url) as one,
    ):
        assert (await one.call("session.list"))["total"] == 1


@in_a_directory
async def test_a_total_that_is_only_a_lower_bound_says_so(serve: Serve, tmp_path: Path) -> None:
    """Who shows how many there are must not show 10,000 where there are more."""
    folder = tmp_path / "data"
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        story = await one.run("needle")
        page = await one.call("session.list")
        assert (page["total"], page["total_relation"]) == (1, "eq")
        record = await server.core.sessions.record(story.session_id)
    store = SQLiteStore(folder / "stepwire.db", "normal")
    store.write(
        [
            Unit(one.id, [], [PutSession(one)])
            for number in range(10_000)
            for one in [msgspec.structs.replace(record, id=f"n{number}", texts="straw")]
        ]
    )
    store.close()
    async with serve(small_graphs.greeter) as server, peer(server.url) as one:
        page = await one.call("session.list", limit=1)
        assert (page["total"], page["total_relation"]) == (10_000, "gte")
        page = await one.call("session.list", limit=1, search="straw")
        assert (page["total"], page["total_relation"]) == (10_000, "eq")


async def test_a_session_deleted_while_its_events_are_read(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reads is told that the session is not there, rather than of a fault of the server."""
    async with serve(small_graphs.greeter, tail_bytes=0) as server, peer(server.url) as one:
        run = await one.run("x")
        store = server.core.sessions.store
        reading, deleted = asyncio.Event(), asyncio.Event()
        real = store.events

        async def events(*place: Any) -> Any:
            reading.set()
            await deleted.wait()
            return await real(*place)

        monkeypatch.setattr(store, "events", events)
        polled = asyncio.ensure_future(one.call("session.events", session_id=run.session_id))
        await reading.wait()
        await one.call("session.delete", session_id=run.session_id)
        deleted.set()
        with pytest.raises(Refused) as refused:
            await polled
        assert refused.value.type == "session_not_found"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_a_time_without_a_zone_is_of_utc_wherever_the_server_is(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        found = which(SessionListParams(created_after="2026-01-01T00:00:00"))
        other = which(SessionListParams(created_after="2026-01-01T02:00:00+02:00"))
    time.tzset()
    assert found is not None
    assert (found.created_after, other) == (1_767_225_600_000, found)
