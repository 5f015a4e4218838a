"""Events as they are kept and read. A user would lose: a stream that goes on where it was left."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from rpc.storage.planning import ROW_BYTES
from rpc.storage.store import Store
from rpc.storage.units import DeleteEvents, DeleteSession, Draft, Unit
from tests.storage.conftest import Stores
from tests.storage.made import draft, event, made, one, reason, texts, written


async def test_events_are_the_same_bytes(stores: Stores) -> None:
    """What a client is sent is what was encoded once, also after a restart."""
    store = stores.open()
    said = ["plain", "ünï", "x" * 200_000, ""]
    outcome = one(store, made("a", drafts=[draft(text) for text in said]))
    expected = [event(seq, text) for seq, text in enumerate(said, 1)]
    assert [text for chunk in written(outcome).chunks for text in chunk.events] == expected
    for again in stores.now_and_again():
        for after in range(6):
            assert await texts(again, "a", after) == expected[after:]


async def test_events_are_paged_by_bytes(store: Store) -> None:
    """A reader that lags takes a page at a time: its size bounds what it costs."""
    count = 200
    store.write([made("a")])
    for _ in range(0, count, 10):
        store.write([Unit("a", [draft("x" * 1000)] * 10)])
    size = len((await store.events("a", 0, 1))[0].data)
    for limit in (1, size, size + 1, 4 * size):
        at, pages = 0, 0
        while rows := await store.events("a", at, limit):
            pages += 1
            assert sum(len(row.data) for row in rows[:-1]) < limit
            assert rows[0].first_seq <= at + 1 <= rows[0].last_seq
            for before, after in pairwise(rows):
                assert after.first_seq == before.last_seq + 1
            at = rows[-1].last_seq
        assert at == count
        assert pages >= 2
    # From the middle of a row, the row; past the end, and of nobody, nothing.
    (row,) = await store.events("a", 3, 1)
    assert row.first_seq <= 4 <= row.last_seq
    assert await store.events("a", count, 1000) == []
    assert await store.events("b", 0, 1000) == []


async def test_a_long_flush_is_several_rows(store: Store) -> None:
    """One flush of many megabytes must not become one read of many megabytes."""
    store.write([made("a", drafts=[draft("x" * 10_000)] * 100)])
    (row,) = await store.events("a", 0, 1)
    assert len(row.data) < ROW_BYTES + 20_000
    assert len(await texts(store, "a")) == 100


async def test_old_events_are_deleted_and_the_newest_stay(stores: Stores) -> None:
    """What is gone is known to be gone: a reader from the beginning is not shown a stream with a hole."""
    store = stores.open()
    store.write([made("a"), made("b", drafts=[draft("other")])])
    for number in range(5):
        store.write([Unit("a", [draft(f"{number} 1"), draft(f"{number} 2")])])
    assert reason(one(store, Unit("a", [], [DeleteEvents("a", 4)]))) is None
    for again in stores.now_and_again():
        assert await texts(again, "a", 4) == [
            event(seq, f"{(seq - 1) // 2} {2 - seq % 2}") for seq in range(5, 11)
        ]
        (row,) = await again.events("a", 0, 1)
        assert row.first_seq == 5
        found = again.session("a")
        assert found is not None
        assert (found.first_seq, found.seq) == (5, 10)
        assert await texts(again, "b") == [event(1, "other")]
    store = stores.opened[-1]
    # All of it, and more: the newest row stays, and the numbers go on.
    store.write([Unit("a", [], [DeleteEvents("a", 99)])])
    assert len(await store.events("a", 0, 10_000)) == 1
    assert written(one(store, Unit("a", [draft("next")]))).seq == 11
    # What is gone stays gone.
    store.write([Unit("a", [], [DeleteEvents("a", 2)])])
    found = stores.again().session("a")
    assert found is not None
    assert found.first_seq == 10


async def test_rows_that_are_old_enough_to_go(store: Store) -> None:
    """Retention takes whole rows of sessions that rest, never the newest, and nobody's who runs."""
    for name, status in (("a", "completed"), ("b", "running"), ("c", "waiting"), ("d", "failed")):
        store.write([made(name, drafts=[draft("1")], status=status)])
        store.write([Unit(name, [draft("2"), draft("3")])])
    store.write([Unit("a", [draft("4")])])
    future = 2**50
    due = await store.old_events(future, 10)
    assert sorted((row.session_id, row.through) for row in due) == [("a", 3), ("c", 1), ("d", 1)]
    assert len(await store.old_events(future, 2)) == 2
    assert await store.old_events(1, 10) == []
    store.write([Unit(row.session_id, [], [row]) for row in due])
    assert await store.old_events(future, 10) == []
    assert await texts(store, "a", 3) == [event(4, "4")]


async def test_reads_from_other_threads_see_whole_units(store: Store) -> None:
    """Many read while one writes: each sees what was committed, never half of it."""
    store.write([made("a"), made("b")])
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    rounds = 150

    def write() -> None:
        for number in range(rounds):
            store.write([Unit("a", [draft(str(number))]), Unit("b", [draft(str(number))] * 2)])

    def read() -> int:
        last = 0
        for _ in range(rounds):
            found = store.session("a")
            assert found is not None
            assert found.seq >= last
            last = found.seq
        return last

    async def follow() -> None:
        at = 0
        while at < rounds:
            for row in await store.events("a", at, 1 << 20):
                assert row.first_seq <= at + 1
                assert len(row.data.split(b"\n")) == row.last_seq - row.first_seq + 1
                at = row.last_seq
            if not done.is_set():
                await asyncio.sleep(0)

    with ThreadPoolExecutor(4) as threads:
        readers = [loop.run_in_executor(threads, read) for _ in range(3)]
        follower = asyncio.create_task(follow())
        await loop.run_in_executor(threads, write)
        done.set()
        await asyncio.gather(follower, *readers)
    found = store.session("a")
    assert found is not None
    assert found.seq == rounds


async def test_what_an_event_has_cut_out_is_kept_until_its_session_goes(stores: Stores) -> None:
    """Whatever becomes of the event, and after a restart."""
    store = stores.open()
    large = Draft(b'{"seq":', b"", b"}", None, ("cut", b"whole"))
    store.write([made("a", drafts=[draft("x"), large]), made("b", drafts=[draft("y")])])
    store.write([Unit("a", [draft("z")])])
    store.write([Unit("a", [], [DeleteEvents("a", 2)])])
    for again in stores.now_and_again():
        assert await again.beside("a", "cut") == b"whole"
        assert await again.beside("b", "cut") is None
        assert await again.beside("a", "other") is None
        last = again
    last.write([Unit("a", [], [DeleteSession("a")])])
    assert await last.beside("a", "cut") is None
