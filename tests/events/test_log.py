"""The event log on a real SQLite file: numbers without gaps, nothing shown before it is kept, cheap readers.

What is the durable line's alone is in `tests/storage/test_line.py`.
"""

import asyncio
import random
import sqlite3
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.events import Progress, QueryResult, SessionDeleted
from rpc.events.cursor import READ_BYTES, Cursor, SessionGone
from rpc.events.encoding import Emitter, event_seq, event_type
from rpc.events.log import Channel, EventLog, RunWriter
from rpc.events.references import Resolve, referring
from rpc.storage.line import RefusedError
from rpc.storage.packing import unpacked
from rpc.storage.records import ResultAt, SessionRecord
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageBroken, StorageError
from rpc.storage.units import DeleteSession, Draft, PutSession, Unit
from tests.support.full_disk import full_disk
from tests.support.held_writes import held_writes
from tests.support.polling import until_true

DEADLINE_SECONDS = 240
"""Of all that one test does."""

LARGE = "t" * 100_000
"""The id of a session for which a full disk has no place."""


async def no_result(session_id: str, at: ResultAt) -> bytes | None:
    """No event of these tests refers to one."""
    raise AssertionError(f"{session_id}: {at}")


@asynccontextmanager
async def log_on(
    folder: Path,
    tail_bytes: int = 64 * 1024,
    pending_bytes: int = 1 << 20,
    resolve: Resolve = no_result,
) -> AsyncIterator[EventLog]:
    store = SQLiteStore(folder / "stepwire.db", "normal")
    log = EventLog(store, resolve, tail_bytes=tail_bytes, pending_bytes=pending_bytes)
    log.start()
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            yield log
    finally:
        await log.close()
        store.close()


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
        self.writer = RunWriter(log, session_id, epoch=0)

    @classmethod
    async def create(cls, log: EventLog, session_id: str) -> "Session":
        await log.commit(Unit(session_id, [], [PutSession(record(session_id))]))
        channel = await log.pin(session_id)
        assert channel is not None
        return cls(log, session_id, channel)

    def draft(self, number: int, size: int = 0) -> Draft:
        return self.emitter.draft(Progress({"n": number, "fill": "x" * size}))

    def emit(self, number: int, size: int = 0) -> None:
        self.writer.emit(self.draft(number, size))

    async def flushed(self) -> None:
        """Wait until all of it is committed."""
        await self.writer.commit(Unit(self.id))

    async def emitted(self, count: int, size: int = 0, first: int = 1) -> None:
        """Emit and wait until all of it is committed."""
        for number in range(first, first + count):
            self.emit(number, size)
        await self.flushed()


def numbers(events: list[bytes]) -> list[tuple[int, int]]:
    """The events' seq, and what was written in them."""
    found = [msgspec.json.decode(event)["params"] for event in events]
    return [(params["seq"], params["data"]["n"]) for params in found]


def expected(first: int, last: int) -> list[tuple[int, int]]:
    return [(number, number) for number in range(first, last + 1)]


def stored(folder: Path, query: str) -> list[Any]:
    """What is in the file, as another process sees it."""
    with closing(sqlite3.connect(folder / "stepwire.db")) as connection:
        return connection.execute(query).fetchall()


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


async def test_other_types_from_an_event_on_in_the_middle_of_a_read(tmp_path: Path) -> None:
    """Who asks for other types has those behind the event that the answer named, and no others before it."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(6)
        async with await opened(log, "s", types=["session.status"]) as cursor:
            cursor.turn(["progress"], 4)
            cursor.turn(["session.status"], 5)
            # All of them come in one read.
            assert numbers(await cursor.ready()) == [(5, 5)]


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
    rows = stored(
        tmp_path, "SELECT session_id, first_seq, last_seq, data FROM events ORDER BY 1, 2"
    )
    ends: dict[str, int] = {}
    for session_id, first, last, data in rows:
        assert first == ends.get(session_id, 0) + 1
        assert unpacked(data).count(b"\n") == last - first
        ends[session_id] = last
    assert ends == {f"s{number}": 300 for number in range(20)}


async def test_nothing_is_shown_before_it_is_kept(tmp_path: Path) -> None:
    """A client that saw an event the crash then took back would wait for what never was."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        with held_writes(log.store) as writes:
            hold = writes.hold()
            cursor = await opened(log, "s")
            session.emit(1)
            waiting = asyncio.ensure_future(cursor.next())
            await hold.stands()
            for _ in range(100):
                await asyncio.sleep(0)
            assert not waiting.done()
            assert await cursor.ready() == []
            assert cursor.last_seq == 0
            hold.release()
            assert numbers(await waiting) == [(1, 1)]
        assert stored(tmp_path, "SELECT last_seq FROM events") == [(1,)]
        cursor.close()


async def test_who_is_told_of_a_commit_finds_it_shown(tmp_path: Path) -> None:
    """An answer that names a `seq` which a subscription then says is past the end would be a lie."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        written = await session.writer.commit(Unit("s", [session.draft(1)]))
        assert written.seq == session.channel.tail.last_seq == 1
        entry = log.put(Unit("s", [session.draft(2)]))
        await log.line.settled(entry)
        assert entry.result().seq == session.channel.tail.last_seq == 2


async def test_a_channel_made_between_a_commit_and_its_showing(tmp_path: Path) -> None:
    """Who comes in that moment has read the new number already: the event comes once, not twice."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(2)
        log.unpin("s")
        with held_writes(log.store) as writes:
            hold = writes.hold(after=True)
            session.emit(3)
            await hold.stands()
            cursor = await opened(log, "s")
            assert cursor.last_seq == 3
            hold.release()
            session.emit(4)
            assert await read_to(cursor, 4) == expected(1, 4)
        assert log.channels == {}


async def test_a_change_and_its_events_are_kept_together(tmp_path: Path) -> None:
    """A status that is stored without its event, or the other way round, is a lie after a crash."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        changed = msgspec.structs.replace(record("s"), status="waiting")
        with held_writes(log.store) as writes:
            await log.commit(Unit("s", [session.draft(1)], [PutSession(changed)]))
            assert len(writes.writes) == 1
        assert stored(tmp_path, "SELECT status FROM sessions") == [("waiting",)]
        assert stored(tmp_path, "SELECT last_seq FROM events") == [(1,)]
        # Refused, it leaves neither.
        late = msgspec.structs.replace(record("s"), status="completed")
        with pytest.raises(RefusedError):
            await log.commit(Unit("s", [session.draft(2)], [PutSession(late)], revision=1))
        assert stored(tmp_path, "SELECT status, seq FROM sessions") == [("waiting", 1)]
        assert session.channel.tail.last_seq == 1


async def test_what_is_written_under_an_epoch_that_is_over_never_shows(tmp_path: Path) -> None:
    """A node of a run that was given up writes on: nobody reads it, and no number is lost by it."""
    async with log_on(tmp_path) as log:
        old = await Session.create(log, "s")
        await old.emitted(2)
        begun = await log.commit(Unit("s", raises=True))
        new = Session(log, "s", old.channel)
        new.writer = RunWriter(log, "s", begun.epoch)
        for number in range(3, 10):
            old.emit(number + 1000)
            new.emit(number)
        with pytest.raises(RefusedError) as refused:
            await old.writer.commit(Unit("s", [old.draft(2000)]))
        assert refused.value.refused.reason == "epoch"
        with pytest.raises(RefusedError):
            await asyncio.to_thread(old.writer.commit_in_thread, Unit("s", [old.draft(2001)]))
        await new.flushed()
        assert await read_to(await opened(log, "s"), 9) == expected(1, 9)
    rows = stored(tmp_path, "SELECT data FROM events")
    texts = [unpacked(data) for (data,) in rows]
    assert not [text for text in texts if b'"n":1' in text and b'"n":10' in text]


async def test_a_full_disk_refuses_who_can_be_told_and_keeps_the_rest(tmp_path: Path) -> None:
    """A request gets its error at once; a run's events wait for the disk, and keep their numbers."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(3)
        cursor = await opened(log, "s", after=3)
        with full_disk(log.store):
            session.emit(4, size=200_000)
            with pytest.raises(StorageError, match="full"):
                await log.commit(Unit(LARGE, [], [PutSession(record(LARGE))]))
            assert log.failure is not None
            assert await cursor.ready() == []
            session.emit(5)
        assert await read_to(cursor, 5) == [(4, 4), (5, 5)]
        await session.flushed()
        assert log.failure is None
        assert log.line.pending_size == 0


async def test_a_run_on_a_full_disk_keeps_the_order_of_its_events(tmp_path: Path) -> None:
    """What waits while a commit fails comes behind what failed, whoever put it: its events are numbered as
    they happened."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        changed = msgspec.structs.replace(record("s"), status="waiting")
        with full_disk(log.store), held_writes(log.store) as writes:
            hold = writes.hold()
            session.emit(1, size=200_000)
            await hold.stands()
            session.emit(2)
            done = asyncio.ensure_future(
                session.writer.commit(Unit("s", [session.draft(3)], [PutSession(changed)]))
            )
            await asyncio.sleep(0)
            session.emit(4)
            hold.release()
            again = writes.hold()
            await again.stands()
            assert not done.done()
            again.release()
        await done
        session.emit(5)
        assert await read_to(await opened(log, "s"), 5) == expected(1, 5)


async def test_a_node_waits_while_too_much_is_not_kept_yet(tmp_path: Path) -> None:
    """A node that writes faster than the disk must not fill the memory, on the loop or in a thread."""
    async with log_on(tmp_path, pending_bytes=10_000) as log:
        session = await Session.create(log, "s")
        with held_writes(log.store) as writes:
            hold = writes.hold()
            await session.writer.room()
            for number in range(1, 12):
                session.emit(number, size=1000)
            on_loop = asyncio.ensure_future(session.writer.room())
            in_thread = asyncio.ensure_future(asyncio.to_thread(session.writer.wait_for_room))
            await hold.stands()
            for _ in range(100):
                await asyncio.sleep(0)
            # On the loop, which must not stand still, it waits for nothing.
            session.writer.wait_for_room()
            assert not on_loop.done()
            assert not in_thread.done()
            hold.release()
            await asyncio.gather(on_loop, in_thread)
        assert log.line.pending_size <= 10_000


async def test_who_writes_little_does_not_wait_for_who_writes_much(tmp_path: Path) -> None:
    """One that floods takes half of the bound at most; and is told where its run is over, though nothing is stored."""
    async with log_on(tmp_path, pending_bytes=20_000) as log:
        much, little = await Session.create(log, "s"), await Session.create(log, "t")
        with held_writes(log.store) as writes:
            hold = writes.hold()
            flood = asyncio.ensure_future(asyncio.to_thread(_flood, much))
            await hold.stands()
            await until_true(lambda: bool(log.line.held))
            assert 9_000 <= much.writer.pending <= 12_000
            for number in range(1, 4):
                await asyncio.to_thread(little.writer.wait_for_room)
                little.emit(number, size=1000)
            assert not flood.done()
            much.writer.close()
            with pytest.raises(RefusedError, match="over"):
                await flood
            hold.release()
        assert await read_to(await opened(log, "t"), 3) == expected(1, 3)


def _flood(session: Session) -> None:
    for number in range(1, 1000):
        session.writer.wait_for_room()
        session.emit(number, size=1000)


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


async def test_what_several_hold_back_is_read_up_to_the_first_of_them(tmp_path: Path) -> None:
    """Of two calls that are answered at once, the answer of each comes before what it set off."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(2)
        cursor = await opened(log, "s")
        first = cursor.hold()
        await session.emitted(2, first=3)
        second = cursor.hold()
        await session.emitted(2, first=5)
        assert numbers(await cursor.ready()) == expected(1, 2)
        assert await cursor.ready() == []
        first()
        assert numbers(await cursor.next()) == expected(3, 4)
        waiting = asyncio.ensure_future(cursor.next())
        second()
        assert numbers(await waiting) == expected(5, 6)
        cursor.close()


async def test_a_reader_that_is_held_back_does_not_rest(tmp_path: Path) -> None:
    """Whoever lets it go on would find nobody who reads."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(1)
        cursor = await opened(log, "s")
        await cursor.ready()
        await until_true(lambda: session.channel.rests)
        free = cursor.hold()
        assert not cursor.rest(lambda _: None)
        free()
        woken_by(cursor)
        cursor.close()


async def test_what_was_kept_is_read_before_the_fault_is_told(tmp_path: Path) -> None:
    """A reader that lags when the store breaks comes to the end of what is there, and then gets the fault."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(3)
        cursor = await opened(log, "s", after=1)
        # The line itself still ends as it should.
        log.broken = StorageBroken("missing", "the folder is gone")
        assert numbers(await cursor.next()) == expected(2, 3)
        with pytest.raises(StorageBroken):
            await cursor.next()
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
        log.forget("s", Emitter("s", "r").draft(SessionDeleted("request")))
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
        real = log.store.events

        async def events(*place: Any) -> Any:
            reading.set()
            await deleted.wait()
            return await real(*place)

        monkeypatch.setattr(log.store, "events", events)
        waiting = asyncio.ensure_future(cursor.next())
        await reading.wait()
        await log.commit(Unit("s", [], [DeleteSession("s")]))
        log.forget("s", session.emitter.draft(SessionDeleted("request")))
        deleted.set()
        assert [event_type(event) for event in await waiting] == [b"session.deleted"]
        cursor.close()


async def test_results_that_events_refer_to_are_read_a_few_at_a_time(tmp_path: Path) -> None:
    """Each as it was sent, whatever its size; all of them at once would not fit into memory."""
    size = READ_BYTES * 2 // 3
    read: list[str] = []

    async def resolve(session_id: str, at: ResultAt) -> bytes | None:
        read.append(at.checkpoint_id)
        return b'"%b"' % (at.checkpoint_id * size).encode()

    async with log_on(tmp_path, tail_bytes=0, resolve=resolve) as log:
        session = await Session.create(log, "s")
        sent: list[bytes] = []
        for number in range(8):
            body = QueryResult(str(number) * size, 1.5)
            at = ResultAt(str(number), ["said"])
            draft = session.emitter.draft(body, referring(body, at))
            sent.append(draft.text(number + 1))
            session.writer.emit(draft)
        await session.flushed()
        assert sum(len(data) for (data,) in stored(tmp_path, "SELECT data FROM events")) < 4000
        found: list[bytes] = []
        async with await opened(log, "s") as cursor:
            while more := await cursor.ready():
                assert len(more) <= 2
                found += more
        assert found == sent
        async with await opened(log, "s", types=["progress"]) as cursor:
            assert await cursor.ready() == []
            assert cursor.after == len(sent)
        # Nothing is read for who does not want it.
        assert read == [str(number) for number in range(8)]


async def test_a_session_deleted_while_a_result_is_read(tmp_path: Path) -> None:
    """No event is made up: its reader is told that the session is gone."""

    async def resolve(session_id: str, at: ResultAt) -> bytes | None:
        await log.commit(Unit("s", [], [DeleteSession("s")]))
        log.forget("s", session.emitter.draft(SessionDeleted("request")))
        return None

    async with log_on(tmp_path, tail_bytes=0, resolve=resolve) as log:
        session = await Session.create(log, "s")
        body = QueryResult("x", 1.5)
        session.writer.emit(session.emitter.draft(body, referring(body, ResultAt("c", "said"))))
        await session.flushed()
        async with await opened(log, "s") as cursor:
            assert [event_type(event) for event in await cursor.next()] == [b"session.deleted"]


def woken_by(cursor: Cursor) -> asyncio.Event:
    """The cursor rests; what is returned is set when it may read on."""
    woken = asyncio.Event()
    assert cursor.rest(lambda _: woken.set())
    return woken


async def test_a_reader_at_rest_holds_a_number_and_misses_nothing(tmp_path: Path) -> None:
    """A client may stay subscribed to thousands of sessions that ended; each goes on one day."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(3)
        log.unpin("s")
        cursors = [await opened(log, "s") for _ in range(3)]
        assert not cursors[0].rest(lambda _: None), "it has not read all"
        for cursor in cursors:
            await cursor.ready()
        woken = [woken_by(cursor) for cursor in cursors]
        assert log.channels == {}
        cursors.pop().close()
        await session.emitted(2, first=4)
        for cursor in cursors:
            assert numbers(await cursor.ready()) == expected(4, 5)
            cursor.close()
        assert [one.is_set() for one in woken] == [True, True, False]
        assert log.channels == {}
        assert log.resting == {}


async def test_a_reader_does_not_rest_while_something_runs(tmp_path: Path) -> None:
    """Its next event is there in a moment: it would only be taken up again."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(1)
        cursor = await opened(log, "s")
        await cursor.ready()
        await log.advancing("s")
        assert not cursor.rest(lambda _: None)
        log.rested("s")
        await until_true(lambda: session.channel.rests)
        woken_by(cursor)
        cursor.close()


async def test_a_reader_at_rest_is_told_that_its_session_is_deleted(tmp_path: Path) -> None:
    """With the number after the last, as one that was awake."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        await session.emitted(3)
        log.unpin("s")
        cursor = await opened(log, "s")
        await cursor.ready()
        woken = woken_by(cursor)
        await log.commit(Unit("s", [], [DeleteSession("s")]))
        log.forget("s", session.emitter.draft(SessionDeleted("request")))
        assert woken.is_set()
        (farewell,) = await cursor.ready()
        assert event_type(farewell) == b"session.deleted"
        assert event_seq(farewell) == 4
        cursor.close()
        assert log.channels == {}


async def test_a_reader_that_lingers_does_not_keep_a_deleted_session(tmp_path: Path) -> None:
    """Another would be told that the session is there, and then get nothing."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        lingering = await opened(log, "s")
        await log.commit(Unit("s", [], [DeleteSession("s")]))
        log.forget("s", session.emitter.draft(SessionDeleted("request")))
        assert await Cursor.open(log, "s", 0) is None
        lingering.close()
        log.unpin("s")
        assert log.channels == {}


async def test_a_node_that_waits_for_room_is_told_when_others_were_refused(tmp_path: Path) -> None:
    """What was given up is no longer pending; without a further commit nobody else would say so."""
    async with log_on(tmp_path, pending_bytes=100) as log:
        session = await Session.create(log, "s")
        with full_disk(log.store), held_writes(log.store) as writes:
            hold = writes.hold()
            refused = asyncio.ensure_future(
                log.commit(Unit(LARGE, [], [PutSession(record(LARGE))]))
            )
            await hold.stands()
            waiting = asyncio.ensure_future(session.writer.room())
            await asyncio.sleep(0)
            assert not waiting.done()
            hold.release()
            async with asyncio.timeout(DEADLINE_SECONDS):
                await waiting
            with pytest.raises(StorageError):
                await refused


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


async def test_an_entry_outlives_the_run_that_made_it(tmp_path: Path) -> None:
    """A run that is cancelled while its last events commit takes neither them nor the writer with it."""
    async with log_on(tmp_path) as log:
        session = await Session.create(log, "s")
        with held_writes(log.store) as writes:
            hold = writes.hold()
            session.emit(1)
            await hold.stands()
            waits = asyncio.ensure_future(session.writer.commit(Unit("s", [session.draft(2)])))
            await asyncio.sleep(0)
            waits.cancel()
            log.unpin("s")
            hold.release()
        await log.commit(Unit("s"))
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
                    await session.flushed()
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


async def test_events_of_another_process_wake_who_reads_here(tmp_path: Path) -> None:
    """A reader need not be where the run is: it is told how far the session is, and reads the store."""
    async with log_on(tmp_path) as here:
        session = await Session.create(here, "s")
        other = SQLiteStore(tmp_path / "stepwire.db", "normal")
        resumed: list[Cursor] = []
        try:
            cursor, rests = await opened(here, "s"), await opened(here, "s")
            here.unpin("s")
            assert rests.rest(resumed.append)
            waiting = asyncio.ensure_future(cursor.next())
            await asyncio.sleep(0)
            other.write([Unit("s", [session.draft(1), session.draft(2)])])
            here.moved("s", 2)
            assert numbers(await waiting) == [(1, 1), (2, 2)]
            assert resumed == [rests]
            assert numbers(await rests.next()) == [(1, 1), (2, 2)]
            # Both write now: neither skips the other's.
            other.write([Unit("s", [session.draft(3)])])
            await session.writer.commit(Unit("s", [session.draft(4)]))
            assert await read_to(cursor, 4) == [(3, 3), (4, 4)]
            rests.close()
        finally:
            other.close()


async def test_what_is_committed_here_is_told_to_others(tmp_path: Path) -> None:
    """Once for all that one batch brought."""
    async with log_on(tmp_path) as log:
        told: list[tuple[str, int]] = []
        log.tells = lambda session_id, seq: told.append((session_id, seq))
        session = await Session.create(log, "s")
        await session.writer.commit(Unit("s", [session.draft(1), session.draft(2)]))
        assert told == [("s", 2)]
