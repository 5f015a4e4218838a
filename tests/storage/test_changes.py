"""The order of the sessions' changes: who reads on from where they stopped misses none, and sees none of others'."""

import sqlite3
from contextlib import closing

from rpc.storage.store import ChangesPage, Place, Store, Which
from rpc.storage.units import DeleteSession, DeleteTombstones, PutRun, PutSession, Unit
from tests.storage.conftest import Stores
from tests.storage.made import draft, made, one, run, session

START: Place = (0, 0)


def told(page: ChangesPage) -> list[tuple[str, str]]:
    """Each change's session and status; what is deleted has none."""
    return [
        (change.session_id, "deleted" if change.record is None else change.record.status)
        for change in page.changes
    ]


def put(store: Store, id: str, **changes: object) -> None:
    one(store, Unit(id, [], [PutSession(session(id, **changes))]))


async def test_each_session_with_its_last_change(stores: Stores) -> None:
    """In the order of the changes, over a restart too; events alone change nothing."""
    store = stores.open()
    store.write([made("a"), made("b")])
    put(store, "a", status="running")
    one(store, Unit("b", [draft("an event")]))
    for again in stores.now_and_again():
        page = await again.changes(None, START, 10)
        assert told(page) == [("b", "queued"), ("a", "running")]
        assert not page.more
        assert (await again.changes(None, again.changes_end(), 10)).changes == []
        assert (await again.changes(None, page.end, 10)).changes == []
    later = stores.again()
    put(later, "b", status="completed")
    assert told(await later.changes(None, page.end, 10)) == [("b", "completed")]


async def test_pages_have_all(stores: Stores) -> None:
    """Also where many sessions are changed in one transaction."""
    store = stores.open()
    store.write([made(f"s{number}") for number in range(25)])
    put(store, "s3", status="failed")
    one(store, Unit("s4", [], [DeleteSession("s4")]))
    seen: list[tuple[str, str]] = []
    place = START
    while True:
        page = await store.changes(None, place, 4)
        assert len(page.changes) <= 4
        assert page.end > place or not page.more
        seen += told(page)
        place = page.end
        if not page.more:
            break
    names = [f"s{number}" for number in range(25) if number not in (3, 4)]
    assert seen == [*((name, "queued") for name in names), ("s3", "failed"), ("s4", "deleted")]


async def test_what_is_new_can_be_told(stores: Stores) -> None:
    """What was made behind a place, and what was there before it."""
    store = stores.open()
    store.write([made("a")])
    place = store.changes_end()
    store.write([made("b", PutRun(run("r", "b")), run_id="r", runs=1)])
    put(store, "a", status="running")
    found = {change.session_id: change for change in (await store.changes(None, place, 10)).changes}
    assert found["b"].made > place[0] >= found["a"].made
    assert found["b"].run == run("r", "b")
    assert found["a"].run is None


async def test_owners_see_their_own(stores: Stores) -> None:
    store = stores.open()
    store.write([made("a", owner="ada"), made("b", owner="bob"), made("c", owner="ada")])
    one(store, Unit("b", [], [DeleteSession("b")]))
    one(store, Unit("c", [], [DeleteSession("c")]))
    assert told(await store.changes("ada", START, 10)) == [("a", "queued"), ("c", "deleted")]
    assert told(await store.changes("bob", START, 10)) == [("b", "deleted")]
    assert len((await store.changes(None, START, 10)).changes) == 3


async def test_deletions_are_forgotten_and_that_is_known(stores: Stores) -> None:
    store = stores.open()
    store.write([made("a", owner="ada"), made("b", owner="bob")])
    before = store.changes_end()
    one(store, Unit("a", [], [DeleteSession("a")]))
    assert not await store.has_tombstones_before(0)
    later = 2**60
    assert await store.has_tombstones_before(later)
    one(store, Unit(None, [], [DeleteTombstones(later)]))
    for again in stores.now_and_again():
        assert not await again.has_tombstones_before(later)
        assert again.tombstones_removed("ada") > before[0]
        assert again.tombstones_removed("bob") == 0
        assert again.tombstones_removed(None) == again.tombstones_removed("ada")
        assert told(await again.changes("ada", before, 10)) == []


async def test_sessions_are_found_by_their_tags(stores: Stores) -> None:
    """By all of them together; those of others are not found."""
    store = stores.open()
    store.write(
        [
            made("a", owner="ada", tags=["red", "round"]),
            made("b", owner="ada", tags=["red"]),
            made("c", owner="bob", tags=["red"]),
            made("d", owner="ada"),
        ]
    )

    async def found(owner: str | None, *tags: str) -> list[str]:
        page = await store.sessions_page(owner=owner, limit=10, which=Which(tags=tags))
        assert page.total == len(page.records)
        return [record.id for record, _ in page.records]

    assert await found("ada", "red") == ["b", "a"]
    assert await found("ada", "red", "round") == ["a"]
    assert await found(None, "red") == ["c", "b", "a"]
    put(store, "a", owner="ada", tags=["blue"])
    one(store, Unit("b", [], [DeleteSession("b")]))
    store = stores.again()
    assert await found("ada", "red") == []
    assert await found("ada", "blue") == ["a"]


async def test_an_older_database_counts_from_here_on(stores: Stores) -> None:
    """Nothing that was there before is new; its tags are found."""
    store = stores.open()
    if not (stores.folder / "stepwire.db").exists():
        return
    store.write([made("a", tags=["red"]), made("b")])
    stores.close()
    with closing(sqlite3.connect(stores.folder / "stepwire.db", isolation_level=None)) as old:
        for trigger in ("tags_made", "tags_changed", "tags_deleted"):
            old.execute(f"DROP TRIGGER {trigger}")
        for index in ("sessions_change", "sessions_change_owner"):
            old.execute(f"DROP INDEX {index}")
        for table in (
            "session_changes",
            "session_tombstones",
            "tombstones_removed",
            "session_tags",
        ):
            old.execute(f"DROP TABLE {table}")
        for column in ("change", "made"):
            old.execute(f"ALTER TABLE sessions DROP COLUMN {column}")
        old.execute("PRAGMA user_version = 8")
    store = stores.open()
    place = store.changes_end()
    assert (await store.changes(None, place, 10)).changes == []
    put(store, "b", status="running")
    page = await store.changes(None, place, 10)
    assert told(page) == [("b", "running")]
    assert page.changes[0].made <= place[0]
    tagged = await store.sessions_page(owner=None, limit=10, which=Which(tags=("red",)))
    assert [record.id for record, _ in tagged.records] == ["a"]
