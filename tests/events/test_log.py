"""The event log on a real SQLite file: numbers without gaps, nothing shown before it is kept, cheap readers."""

import asyncio
import random
import sqlite3
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.events import Progress, SessionDeleted
from rpc.events.cursor import Cursor, SessionGone
from rpc.events.encoding import Emitter, event_type
from rpc.events.log import Channel, EventLog
from rpc.storage.records import SessionRecord
from rpc.storage.sqlite.store import SQLiteStorage, open_storage
from rpc.storage.store import DeleteSession, PutSession, StorageError

DEADLINE_SECONDS = 20


@asynccontextmanager
async def log_on(
    folder: Path, tail_bytes: int = 64 * 1024, pending_bytes: int = 1 << 20
) -> AsyncIterator[EventLog]:
    async with open_storage(folder / "stepwire.db", "normal") as storage:
        log = EventLog(storage, tail_bytes=tail_bytes, pending_bytes=pending_bytes)
        writer = asyncio.create_task(log.run())
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                yield log
        finally:
            await log.close()
            await writer


def record(session_id: str) -> SessionRecord:
    return SessionRecord(
        id=session_id,
        graph="g",
        status="running",
        name=None,
        created_at=0,
        updated_at=0,
        run_id="r",
        runs=1,
        query=None,
    )


class Session:
    """A session with a run that emits."""

    def __init__(self, log: EventLog, session_id: str, channel: Channel) -> None:
        self.log = log
        self.id = session_id
        self.channel = channel
        self.emitter = Emitter(session_id, "r")

    @classmethod
    async def create(cls, log: EventLog, session_id: str) -> "Session":
        channel = log.pin_new(session_id, 0)
        await log.commit(session_id, [], [PutSession(record(session_id))])
        return cls(log, session_id, channel)

    def emit(self, number: int, size: int = 0) -> None:
        body = Progress({"n": number, "fill": "x" * size})
        self.log.emit(self.id, self.channel, self.emitter.emission(body))

    async def emitted(self, count: int, size: int = 0, first: int = 1) -> None:
        """Emit and wait until all of it is committed."""
        for number in range(first, first + count):
            self.emit(number, size)
        await self.log.commit(self.id)


def numbers(events: list[bytes]) -> list[tuple[int, int]]:
    """The events' seq, and what was written in them."""
    found = [msgspec.json.decode(event)["params"] for event in events]
    return [(params["seq"], params["data"]["n"]) for params in found]


def expected(first: int, last: int) -> list[tuple[int, int]]:
    return [(number, number) for number in range(first, last + 1)]


async def read_to(cursor: Cursor, last: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    async with cursor:
        while not found or found[-1][0] < last:
            found += numbers(await cursor.next())
    return found


async def opened(log: EventLog, session_id: str, after: int = 0, **options: Any) -> Cursor:
    cursor = await Cursor.open(log, session_id, after, **options)
    assert cursor is not None
    return cursor


class Held:
    """A real storage whose commits wait until they are let go: time stands still inside one."""

    def __init__(self, storage: SQLiteStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commits: list[int] = []
        self.entered = asyncio.Event()
        self.release = asyncio.Event()
        real: Callable[..., Awaitable[None]] = storage.commit

        async def commit(writes: Any, rows: Any) -> None:
            self.commits.append(len(rows))
            self.entered.set()
            await self.release.wait()
            await real(writes, rows)

        monkeypatch.setattr(storage, "commit", commit)


def held(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> Held:
    assert isinstance(log.storage, SQLiteStorage)
    return Held(log.storage, monkeypatch)


async def test_numbers_have_no_gap_and_every_reader_agrees(tmp_path: Path) -> None:
    """`seq` is how a client knows that nothing is missing; what is stored says the same as the tail."""
    async with log_on(tmp_path) as log:
        sessions = [await Session.create(log, f"s{number}") for number in range(20)]
        for number in range(1, 301):
            for session in sessions:
                session.emit(number, size=100)
            if number % 7 == 0:
                await asyncio.sleep(0)
        for session in sessions:
            cursor = await opened(log, session.id)
            assert await read_to(cursor, 300) == expected(1, 300)
    rows = (
        sqlite3.connect(tmp_path / "stepwire.db")
        .execute("SELECT session_id, first_seq, last_seq, data FROM events ORDER BY 1, 2")
        .fetchall()
    )
    ends: dict[str, int] = {}
    for session_id, first, last, data in rows:
        assert first == ends.get(session_id, 0) + 1
        assert data.count(b"\n") == last - first
        ends[session_id] = last
    assert ends == {f"s{number}": 300 for number in range(20)}


async def test_what_comes_during_a_commit_goes_into_the_next_one_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without group commit a hundred busy sessions would be a hundred times as slow as one."""
    async with log_on(tmp_path) as log:
        sessions = [await Session.create(log, f"s{number}") for number in range(100)]
        hold = held(log, monkeypatch)
        sessions[0].emit(1)
        await hold.entered.wait()
        for session in sessions:
            for number in range(2, 5):
                session.emit(number)
        hold.release.set()
        await log.commit("s0")
        assert hold.commits[0] == 1
        assert hold.commits[1] == 100
        assert len(hold.commits) <= 3


async def test_nothing_is_shown_before_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that saw an event the crash then took back would wait for what never was."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        hold = held(log, monkeypatch)
        cursor = await opened(log, "s")
        session.emit(1)
        waiting = asyncio.ensure_future(cursor.next())
        await hold.entered.wait()
        for _ in range(100):
            await asyncio.sleep(0)
        assert not waiting.done()
        assert await cursor.ready() == []
        assert cursor.last_seq == 0
        hold.release.set()
        assert numbers(await waiting) == [(1, 1)]
        stored = sqlite3.connect(tmp_path / "stepwire.db").execute("SELECT last_seq FROM events")
        assert stored.fetchall() == [(1,)]
        cursor.close()


async def test_a_change_and_its_events_are_kept_together(tmp_path: Path) -> None:
    """A status that is stored without its event, or the other way round, is a lie after a crash."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        changed = msgspec.structs.replace(record("s"), status="waiting")
        emission = session.emitter.emission(Progress({"n": 1}))
        await log.commit("s", [emission], [PutSession(changed)])
        other = sqlite3.connect(tmp_path / "stepwire.db")
        assert other.execute("SELECT status FROM sessions").fetchone() == ("waiting",)
        assert other.execute("SELECT last_seq FROM events").fetchone() == (1,)


async def test_a_full_disk_refuses_who_can_be_told_and_keeps_the_rest(tmp_path: Path) -> None:
    """A request gets its error at once; a run's events wait for the disk, and keep their numbers."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(3)
        assert isinstance(log.storage, SQLiteStorage)
        # SQLite's own way to be full: no page more than there are.
        await log.storage.writer.execute("PRAGMA max_page_count = 1")
        session.emit(4, size=200_000)
        refused = log.append("s", [], [PutSession(record("t" * 100_000))], optional=True)
        await refused.done.wait()
        assert isinstance(refused.error, StorageError)
        assert "full" in str(refused.error)
        assert log.failure is not None
        cursor = await opened(log, "s", after=3)
        assert await cursor.ready() == []
        await log.storage.writer.execute("PRAGMA max_page_count = 1000000")
        session.emit(5)
        assert await read_to(cursor, 5) == [(4, 4), (5, 5)]
        assert log.failure is None
        assert log.pending_size == 0


async def test_a_node_waits_while_too_much_is_not_kept_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that writes faster than the disk must not fill the memory."""
    async with log_on(tmp_path, pending_bytes=10_000) as log:
        session = await Session.create(log, "s")
        hold = held(log, monkeypatch)
        assert log.room() is None
        for number in range(1, 12):
            session.emit(number, size=1000)
        wait = log.room()
        assert wait is not None
        waiting = asyncio.ensure_future(wait)
        await hold.entered.wait()
        assert not waiting.done()
        hold.release.set()
        await waiting
        assert log.pending_size <= 10_000


async def test_a_reader_of_any_place_gets_exactly_what_follows(tmp_path: Path) -> None:
    """From the store where the tail has let go, from the tail where it has not, and over the seam."""
    async with log_on(tmp_path, tail_bytes=5_000) as log:
        session = await Session.create(log, "s")
        for number in range(1, 101):
            await session.emitted(1, size=200, first=number)
        kept = session.channel.tail
        assert 0 < kept.size <= 5_000
        assert kept.chunks[0].first_seq > 50
        for after in range(101):
            cursor = await opened(log, "s", after)
            if after == 100:
                assert await cursor.ready() == []
                cursor.close()
            else:
                assert await read_to(cursor, 100) == expected(after + 1, 100)


async def test_only_the_types_that_were_asked_for(tmp_path: Path) -> None:
    """A reader of one type skips the others without losing its place."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(10)
        cursor = await opened(log, "s", types=["session.status"])
        assert await cursor.ready() == []
        assert cursor.after == 10
        cursor.types = None
        session.emit(11)
        assert numbers(await cursor.next()) == [(11, 11)]
        cursor.close()


async def test_a_deleted_session_ends_its_readers(tmp_path: Path) -> None:
    """A reader of a session that is gone would wait for ever."""
    async with log_on(tmp_path) as log:
        await Session.create(log, "s")
        assert await Cursor.open(log, "nobody", 0) is None
        cursor = await opened(log, "s")
        waiting = asyncio.ensure_future(cursor.next())
        await asyncio.sleep(0)
        lagging = await opened(log, "s")
        filtered = await Cursor.open(log, "s", 0, ["progress"])
        log.forget("s", Emitter("s", "r").emission(SessionDeleted("request")))
        assert [event_type(event) for event in await waiting] == [b"session.deleted"]
        for reader in (cursor, lagging, filtered):
            assert reader is not None
            if reader is not cursor:
                assert [event_type(event) for event in await reader.next()] == [b"session.deleted"]
            with pytest.raises(SessionGone):
                await reader.next()
            reader.close()


async def test_a_session_deleted_while_a_reader_is_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds nothing there; if it missed that it was woken meanwhile, it would wait for ever."""
    async with log_on(tmp_path, tail_bytes=0) as log:
        session = await Session.create(log, "s")
        await session.emitted(3)
        cursor = await opened(log, "s")
        reading, deleted = asyncio.Event(), asyncio.Event()
        real = log.storage.events

        async def events(*place: Any) -> Any:
            reading.set()
            await deleted.wait()
            return await real(*place)

        monkeypatch.setattr(log.storage, "events", events)
        waiting = asyncio.ensure_future(cursor.next())
        await reading.wait()
        await log.commit("s", writes=[DeleteSession("s")])
        log.forget("s", session.emitter.emission(SessionDeleted("request")))
        deleted.set()
        assert [event_type(event) for event in await waiting] == [b"session.deleted"]
        cursor.close()


async def test_a_reader_that_lingers_does_not_keep_a_deleted_session(tmp_path: Path) -> None:
    """Another would be told that the session is there, and then get nothing."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        lingering = await opened(log, "s")
        await log.commit("s", writes=[DeleteSession("s")])
        log.forget("s", session.emitter.emission(SessionDeleted("request")))
        assert await Cursor.open(log, "s", 0) is None
        lingering.close()
        log.unpin("s")
        assert log.channels == {}


async def test_a_node_that_waits_for_room_is_told_when_others_were_refused(tmp_path: Path) -> None:
    """What was given up is no longer pending; without a further commit nobody else would say so."""
    async with log_on(tmp_path, pending_bytes=100) as log:
        await Session.create(log, "s")
        assert isinstance(log.storage, SQLiteStorage)
        await log.storage.writer.execute("PRAGMA max_page_count = 1")
        refused = log.append("t", [], [PutSession(record("t" * 100_000))], optional=True)
        wait = log.room()
        assert wait is not None
        async with asyncio.timeout(5):
            await wait
        assert isinstance(refused.error, StorageError)


async def test_memory_is_let_go_when_nobody_runs_or_reads(tmp_path: Path) -> None:
    """A server that has had a million sessions holds those in use."""
    async with log_on(tmp_path) as log:
        for number in range(50):
            session = await Session.create(log, f"s{number}")
            await session.emitted(3)
            log.unpin(session.id)
        assert log.channels == {}
        cursor = await opened(log, "s7")
        assert numbers(await cursor.ready()) == expected(1, 3)
        cursor.close()
        assert log.channels == {}


async def test_an_entry_outlives_the_run_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is cancelled while its last events commit takes neither them nor the writer with it."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        hold = held(log, monkeypatch)
        session.emit(1)
        await hold.entered.wait()
        session.emit(2)
        log.unpin("s")
        hold.release.set()
        await log.commit("s")
        cursor = await opened(log, "s")
        assert numbers(await cursor.ready()) == expected(1, 2)
        cursor.close()
        assert log.channels == {}


async def test_slow_readers_cost_next_to_nothing(tmp_path: Path) -> None:
    """Five hundred readers that do not read, of a session that writes 10 MB: memory stays where it was."""
    async with log_on(tmp_path, tail_bytes=64 * 1024) as log:
        session = await Session.create(log, "s")
        await session.emitted(1)
        async with AsyncExitStack() as stack:
            tracemalloc.start()
            before = tracemalloc.get_traced_memory()[0]
            cursors = [await stack.enter_async_context(await opened(log, "s")) for _ in range(500)]
            each = (tracemalloc.get_traced_memory()[0] - before) / len(cursors)
            assert each < 1024
            first = 2
            for _ in range(100):
                await session.emitted(100, size=1000, first=first)
                first += 100
            grown = tracemalloc.get_traced_memory()[0] - before
            tracemalloc.stop()
            assert grown < 1_500_000, f"{grown} bytes for 10 MB that nobody has read"
            # And every one of them still gets everything.
            for cursor in random.sample(cursors, 3):
                found: list[tuple[int, int]] = []
                while len(found) < first - 1:
                    batch = await cursor.ready()
                    assert sum(map(len, batch)) < 1_000_000
                    found += numbers(batch)
                assert found == expected(1, first - 1)


@pytest.mark.parametrize("seed", range(4))
async def test_readers_that_come_and_go_while_others_write(tmp_path: Path, seed: int) -> None:
    """Whenever a reader comes, wherever it starts, whoever else lets go: each event once, in order."""
    chance = random.Random(seed)
    last = 400
    async with log_on(tmp_path, tail_bytes=chance.choice((0, 500, 5_000, 1 << 20))) as log:
        names = ["a", "b"]
        for name in names:
            await Session.create(log, name)
            log.unpin(name)

        async def write(name: str) -> None:
            number = 1
            while number <= last:
                channel = await log.pin(name)
                assert channel is not None
                session = Session(log, name, channel)
                for _ in range(chance.randint(1, 30)):
                    if number <= last:
                        session.emit(number, size=chance.choice((0, 50)))
                        number += 1
                if chance.random() < 0.5:
                    await log.commit(name)
                # Let go: whoever comes next must find the right number again.
                log.unpin(name)
                for _ in range(chance.randint(0, 5)):
                    await asyncio.sleep(0)

        async def read() -> None:
            for _ in range(chance.randint(0, 200)):
                await asyncio.sleep(0)
            name, after = chance.choice(names), chance.randint(0, last - 1)
            cursor = await opened(log, name, after)
            if chance.random() < 0.3:
                # Reads a little, and comes back where it was.
                batch = await cursor.next() if cursor.last_seq > after else []
                after += len(batch)
                cursor.close()
                await asyncio.sleep(0)
                cursor = await opened(log, name, after)
            if after < last:
                assert await read_to(cursor, last) == expected(after + 1, last)
            else:
                cursor.close()

        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(write(name))
            for _ in range(60):
                group.create_task(read())
        assert log.channels == {}
