"""The line in front of a real store: everything in order, and everybody is told.

Failures are real: the database may not grow any more (`PRAGMA max_page_count`), which is SQLite's own "disk full".
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rpc.storage import line as line_module
from rpc.storage.line import Entry, Line, RefusedError
from rpc.storage.sqlite.store import SQLiteStore
from rpc.storage.store import StorageBroken, StorageError
from rpc.storage.units import Outcome, PutSession, Unit, Written
from tests.storage.made import draft, event, made, noise, session, texts

BIG = noise(200_000)


class Watched(SQLiteStore):
    """A real store whose writer can be held before a batch, and whose disk can be full."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "stepwire.db", "normal")
        self.batches: list[int] = []
        self.entered = threading.Event()
        self.go = threading.Event()
        self.go.set()
        self.broken = False

    def write(self, units: Sequence[Unit]) -> list[Outcome]:
        self.entered.set()
        assert self.go.wait(60)
        self.batches.append(len(units))
        if self.broken:
            raise AssertionError("a fault of the store's own")
        return super().write(units)

    def full(self, full: bool) -> None:
        """No page more than there are; or as many as are wanted."""
        pages = self.writer.execute("PRAGMA page_count").fetchone()[0] if full else 1_000_000
        self.writer.execute(f"PRAGMA max_page_count = {pages}")

    def hold(self) -> None:
        """Have the next batch wait."""
        self.entered.clear()
        self.go.clear()


class RunWriter:
    """As a run's: where its events are put while they are not taken."""

    def __init__(self) -> None:
        self.session_id = "a"
        self.epoch = 0
        self.open: Entry | None = None
        self.pending = 0
        self.closed = False


class World:
    """A line on it, and every entry that it has shown, in order."""

    def __init__(self, store: Watched, pending_bytes: int) -> None:
        self.store = store
        self.shown: list[Entry] = []
        self.line = Line(store, self.shown.extend, pending_bytes=pending_bytes)
        self.line.start()

    async def held(self) -> None:
        """Hold the writer in a batch of one: what is put now waits behind it."""
        self.store.hold()
        self.line.put(Unit("a", [draft("held")]))
        await asyncio.to_thread(self.store.entered.wait, 60)

    async def until(self, found: Callable[[], object]) -> None:
        """Wait for what the writer's thread does, which tells nobody."""
        while not found():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


@asynccontextmanager
async def world(folder: Path, pending_bytes: int = 1 << 20) -> AsyncIterator[World]:
    store = Watched(folder)
    store.write([made("a")])
    store.batches.clear()
    one = World(store, pending_bytes)
    try:
        async with asyncio.timeout(60):
            yield one
    finally:
        store.go.set()
        store.full(False)
        store.broken = False
        await one.line.close()
        store.close()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(line_module, "RETRY_SECONDS", (0.005,))


async def test_what_can_wait_goes_with_what_comes_next(tmp_path: Path) -> None:
    """Two commits one after the other would be twice the time until a run's first node."""
    async with world(tmp_path) as one:
        lazy = one.line.later(Unit("a", [draft("lazy")]))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await one.until(lambda: one.store.batches)
        written = await one.line.commit(Unit("a", [draft("next")]))
        assert one.store.batches == [2]
        assert (lazy.result().seq, written.seq) == (1, 2)


async def test_who_waits_for_what_can_wait_need_not_wait_for_more(tmp_path: Path) -> None:
    """Nor does anybody who waits for room, nor the end of the line; and the line goes on after it."""
    async with world(tmp_path, pending_bytes=1000) as one:
        await one.line.settled(one.line.later(Unit("a", [draft("lazy")])))
        large = one.line.later(Unit("a", [draft("x" * 2000)]))
        await one.line.room()
        assert large.result().seq == 2
        await one.held()
        taken = one.line.pending
        entry = one.line.put(Unit("a", [draft("next")]))
        waiting = asyncio.ensure_future(one.line.settled(entry))
        await asyncio.sleep(0)
        assert entry in taken
        one.store.go.set()
        await waiting
        left = one.line.later(Unit("a", [draft("last")]))
    assert left.result().seq == 5


async def test_what_nobody_waits_for_is_held_back_for_company(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node's start, what it says at once, what it wrote and the checkpoint behind it are one commit where they follow at once."""
    monkeypatch.setattr(line_module, "COMPANY_SECONDS", 3600)
    async with world(tmp_path) as one:
        writer = RunWriter()
        one.line.extend(writer, draft("started"), patient=True)
        one.line.extend(writer, draft("sibling started"), patient=True)
        wrote = one.line.soon(Unit("a", [draft("wrote")]))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await one.until(lambda: one.store.batches)
        assert (await one.line.commit(Unit("a", [draft("next")]))).seq == 4
        assert one.store.batches == [3]
        assert wrote.result().seq == 3
        # What is said joins what was held back, and is told at once.
        one.line.extend(writer, draft("started"), patient=True)
        one.line.extend(writer, draft("said"))
        await one.until(lambda: len(one.store.batches) == 2)
        # So is what somebody waits for, and what is left at the end.
        await one.line.settled(one.line.soon(Unit("a", [draft("waited for")])))
        left = one.line.soon(Unit("a", [draft("last")]))
    assert one.store.batches == [3, 1, 1, 1]
    assert left.result().seq == 8


async def test_without_company_it_goes_alone(tmp_path: Path) -> None:
    """A node that starts, and holds its loop for an hour, has been told of."""
    async with world(tmp_path) as one:
        writer = RunWriter()
        for count in range(1, 4):
            one.line.extend(writer, draft("started"), patient=True)
            await one.until(lambda count=count: len(one.store.batches) == count)
            await one.until(lambda count=count: len(one.shown) == count)
        one.line.soon(Unit("a", [draft("wrote")]))
        await one.until(lambda: len(one.shown) == 4)


async def test_what_is_written_on_once_nothing_lasts_is_not_kept(tmp_path: Path) -> None:
    """A run is told so a moment later; till then what its node says must not fill memory, nor count as in line."""
    async with world(tmp_path) as one:
        await one.held()
        writer = RunWriter()
        one.line.extend(writer, draft("in line"))
        entry = writer.open
        assert entry is not None
        one.line.break_off(StorageBroken("replaced", "it is another one"))
        one.store.go.set()
        with pytest.raises(StorageBroken):
            await one.line.close()
        await one.line.settled(entry)
        before = one.line.pending_size
        for _ in range(10):
            one.line.extend(writer, draft("x" * 1000))
        assert len(entry.unit.drafts) == 1
        assert one.line.pending_size == before
        one.line.broken = one.line.failure = None


async def test_who_waits_for_a_batch_under_way_does_not_end_the_line(tmp_path: Path) -> None:
    """It is taken already: the writer would find nothing in line, and take that for the end."""
    async with world(tmp_path) as one:
        one.store.hold()
        entry = one.line.put(Unit("a", [draft("held")]))
        await asyncio.to_thread(one.store.entered.wait, 60)
        waiting = asyncio.ensure_future(one.line.settled(entry))
        await asyncio.sleep(0)
        one.store.go.set()
        await waiting
        assert (await one.line.commit(Unit("a", [draft("after")]))).seq == 2


async def test_what_waits_goes_in_one_transaction(tmp_path: Path) -> None:
    """Group commit: many sessions pay for one commit, and each waits for its own outcome."""
    async with world(tmp_path) as one:
        await one.held()
        entries = [one.line.put(Unit("a", [draft(str(number))])) for number in range(50)]
        refused = one.line.put(Unit("nobody", [draft("x")]))
        one.store.go.set()
        for entry in entries:
            await one.line.settled(entry)
        assert one.store.batches == [1, 51]
        assert [entry.result().seq for entry in entries] == list(range(2, 52))
        await one.line.settled(refused)
        with pytest.raises(RefusedError, match="'nobody'") as raised:
            refused.result()
        assert raised.value.refused.reason == "gone"
        assert one.shown[1:] == [*entries, refused]


async def test_shown_before_those_who_wait_are_told(tmp_path: Path) -> None:
    """An event stands in the tail when the request that made it is answered."""
    async with world(tmp_path) as one:
        for number in range(20):
            written = await one.line.commit(Unit("a", [draft("x")]))
            assert written.seq == number + 1
            outcome = one.shown[-1].outcome
            assert outcome == written


async def test_order_is_kept_over_failed_commits(tmp_path: Path) -> None:
    """What failed stays in front of what waits: else an event that happened later would get the lower number."""
    async with world(tmp_path) as one:
        await one.line.commit(Unit("a", [draft("first")]))
        one.store.full(True)
        one.store.hold()
        early = [one.line.put(Unit("a", [draft(f"early {n} {BIG}")])) for n in range(3)]
        await asyncio.to_thread(one.store.entered.wait, 60)
        # Put while the batch before is in the transaction that fails.
        late = [one.line.put(Unit("a", [draft(f"late {n}")])) for n in range(3)]
        one.store.go.set()
        await one.until(lambda: len(one.store.batches) > 5)
        assert not any(entry.settled for entry in early)
        one.store.full(False)
        for entry in [*early, *late]:
            await one.line.settled(entry)
        assert [entry.result().seq for entry in [*early, *late]] == [2, 3, 4, 5, 6, 7]
        assert one.shown[1:] == [*early, *late]
        assert one.line.failure is None
        assert await texts(one.store, "a") == [
            event(1, "first"),
            *(event(2 + n, f"early {n} {BIG}") for n in range(3)),
            *(event(5 + n, f"late {n}") for n in range(3)),
        ]


async def test_optional_units_are_given_up_and_told(tmp_path: Path) -> None:
    """A request is answered that the disk is full; what has happened already waits for it."""
    async with world(tmp_path) as one:
        await one.held()
        one.store.full(True)
        happened = one.line.put(Unit("a", [draft(f"happened {BIG}")]))
        asked = asyncio.create_task(
            one.line.commit(Unit("b", [], [PutSession(session("b", name=BIG))]), optional=True)
        )
        await asyncio.sleep(0)
        one.store.go.set()
        with pytest.raises(StorageError, match="full"):
            await asked
        assert not happened.settled
        # Said again and again, while the other waits in front.
        with pytest.raises(StorageError, match="full"):
            await one.line.commit(Unit("a", [draft(BIG)]), optional=True)
        one.store.full(False)
        await one.line.settled(happened)
        assert happened.result().seq == 2
        assert one.store.session("b") is None
        assert (await one.line.commit(made("b"), optional=True)).revision == 1


async def test_threads_and_the_loop_both_wait(tmp_path: Path) -> None:
    """A node that is no coroutine saves in its thread, and gets the same answers."""
    async with world(tmp_path) as one:

        def work(name: str) -> list[Written]:
            one.line.commit_in_thread(made(name))
            return [one.line.commit_in_thread(Unit(name, [draft(str(n))])) for n in range(20)]

        def refused() -> None:
            one.line.commit_in_thread(Unit("nobody"))

        threads = [asyncio.to_thread(work, f"t{number}") for number in range(4)]
        mine = [one.line.commit(Unit("a", [draft(str(n))])) for n in range(20)]
        *found, _ = await asyncio.gather(*threads, asyncio.gather(*mine))
        for results in found:
            assert [written.seq for written in results] == list(range(1, 21))  # type: ignore[union-attr]
        with pytest.raises(RefusedError):
            await asyncio.to_thread(refused)
        # On the loop it would wait for itself.
        with pytest.raises(RuntimeError, match="async methods"):
            one.line.commit_in_thread(Unit("a"))


async def test_who_stops_waiting_stops_nothing(tmp_path: Path) -> None:
    """A client that goes away does not take back what it sent, nor hold up others."""
    async with world(tmp_path) as one:
        await one.held()
        left = asyncio.create_task(one.line.commit(Unit("a", [draft("left")])))
        await asyncio.sleep(0)
        left.cancel()
        one.store.go.set()
        assert (await one.line.commit(Unit("a", [draft("next")]))).seq == 3


async def test_closing_flushes(tmp_path: Path) -> None:
    """Everything that was put before is kept."""
    async with world(tmp_path) as one:
        await one.held()
        entries = [one.line.put(Unit("a", [draft(str(n))])) for n in range(10)]
        closing = asyncio.create_task(one.line.close())
        await asyncio.sleep(0)
        one.store.go.set()
        await closing
        assert [entry.result().seq for entry in entries] == list(range(2, 12))
        assert all(entry.settled for entry in entries)
        # Afterwards nobody waits for what never comes.
        with pytest.raises(StorageError, match="closed"):
            await one.line.commit(Unit("a", [draft("x")]))
        with pytest.raises(StorageError, match="closed"):
            await asyncio.to_thread(one.line.commit_in_thread, Unit("a"))


async def test_closing_on_a_full_disk(tmp_path: Path) -> None:
    """It ends, says why, and whoever waits is told too."""
    async with world(tmp_path) as one:
        one.store.full(True)
        waiting = asyncio.create_task(one.line.commit(Unit("a", [draft(BIG)])))
        threaded = asyncio.create_task(
            asyncio.to_thread(one.line.commit_in_thread, Unit("a", [draft(BIG)]))
        )
        await one.until(lambda: one.line.failure is not None and len(one.line.pending) >= 2)
        with pytest.raises(StorageError, match="full"):
            await one.line.close()
        for task in (waiting, threaded):
            with pytest.raises(StorageError, match="full"):
                await task
        one.line.failure = None


async def test_too_much_makes_those_who_produce_wait(tmp_path: Path) -> None:
    """The disk sets the pace: what is pending is bounded, on the loop and in threads."""
    async with world(tmp_path, pending_bytes=1000) as one:
        await one.line.room()
        assert not one.line.full()
        await one.held()
        entry = one.line.put(Unit("a", [draft("x" * 2000)]))
        assert one.line.full()
        waits = asyncio.create_task(one.line.room())
        in_thread = asyncio.create_task(asyncio.to_thread(one.line.room_in_thread))
        await asyncio.sleep(0)
        assert not waits.done()
        assert not in_thread.done()
        one.store.go.set()
        await asyncio.gather(waits, in_thread)
        assert not one.line.full()
        await one.line.settled(entry)
        assert one.line.pending_size == 0


async def test_a_fault_of_the_store_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One error that nobody thought of must not leave every client waiting for ever."""
    async with world(tmp_path) as one:
        one.store.broken = True
        waiting = one.line.put(Unit("a", [draft("x")]))
        with pytest.raises(StorageError, match="a fault of the store's own"):
            await one.line.commit(Unit("a", [draft("y")]), optional=True)
        one.store.broken = False
        await one.line.settled(waiting)
        assert waiting.result().seq == 1
        assert "should not" in caplog.text
