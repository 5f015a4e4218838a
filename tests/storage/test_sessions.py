"""Sessions and runs as they are kept, listed and searched."""

import asyncio
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rpc.storage.records import Caller, ResultAt
from rpc.storage.store import Store, Which
from rpc.storage.units import DeleteSession, PutRun, PutSession, Unit
from tests.storage.conftest import Stores
from tests.storage.made import draft, made, one, run, session, with_run


async def test_everything_of_a_session_and_a_run_is_kept(stores: Stores) -> None:
    """Owner, tags, metadata and who asked are what other people are kept out by."""
    store = stores.open()
    record = session(
        "a",
        status="waiting",
        name="näme",
        run_id="r",
        runs=1,
        query="q",
        owner="ada",
        tags=["x", "ÿ"],
        metadata={"n": 2**80, "deep": [{"a": None}]},
        debug_mode=True,
        command={"resume": 1},
    )
    of = run(
        "r",
        "a",
        owner="ada",
        caller=Caller("ada", ["run"]),
        result={"x": [1]},
        started_at=2,
        ended_at=3,
    )
    store.write([Unit("a", [draft("x")], [PutSession(record), PutRun(of)])])
    for again in stores.now_and_again():
        found = again.session("a")
        assert found is not None
        assert found == session_with(record, seq=1, revision=1)
        assert again.run("r") == of
        page = await again.sessions_page(owner=None, limit=10)
        assert page.records == [(found, of)]
        assert await again.in_status(["waiting"]) == [found]


def session_with(record: object, **changes: object) -> object:
    import msgspec

    return msgspec.structs.replace(record, **changes)  # type: ignore[type-var]


async def test_a_session_without_a_run(store: Store) -> None:
    """A thread that was made and not asked anything yet is listed too."""
    store.write([made("idle", name="empty"), with_run("busy", "r")])
    page = await store.sessions_page(owner=None, limit=10)
    assert [(record.id, of and of.id) for record, of in page.records] == [
        ("busy", "r"),
        ("idle", None),
    ]


async def test_a_run_can_be_found_by_its_key_and_a_graph_has_its_durations(store: Store) -> None:
    """A retry finds the run that it started; an estimate is made of runs that were completed."""
    store.write([made("a"), made("b")])
    runs = [
        run("r1", "a", idempotency_key="k", status="completed", started_at=100, ended_at=130),
        run("r2", "a", status="completed", started_at=100, ended_at=150),
        run("r3", "a", status="failed", started_at=100, ended_at=999),
        run("r4", "a", status="completed", started_at=None, ended_at=999),
        run("r5", "b", status="completed", graph="h", started_at=1, ended_at=3),
    ]
    store.write([Unit(one.session_id, [], [PutRun(one)]) for one in runs])
    found = store.run_by_key("local", "k")
    assert found == runs[0]
    assert store.run_by_key("local", "other") is None
    assert store.durations("local", "g", 10) == [50, 30]
    assert store.durations("local", "g", 1) == [50]
    assert store.durations("local", "h", 10) == [2]


async def test_the_checkpoints_that_results_stand_in(stores: Stores) -> None:
    """What is pruned without asking for them is somebody's answer."""
    store = stores.open()
    of = run("r", "a", result_at=ResultAt("c2", ["said"]), results=["c1", "c2"])
    store.write([made("a", PutRun(run("r", "a", results=["c1"])), PutRun(run("q", "a")))])
    store.write([Unit("a", [], [PutRun(of)]), with_run("b", "s")])
    for again in stores.now_and_again():
        assert sorted(again.results_of("a")) == ["c1", "c2"]
        assert again.results_of("b") == []
        assert again.run("r") == of
    store = stores.again()
    one(store, Unit("a", [], [DeleteSession("a")]))
    assert store.results_of("a") == []


async def test_the_last_state_of_a_batch_is_kept(stores: Stores) -> None:
    """A session that changes three times in one transaction is as it was changed last."""
    store = stores.open()
    store.write(
        [
            with_run("a", "r"),
            Unit(
                "a", [], [PutSession(session("a", status="running", run_id="r", owner="o", runs=1))]
            ),
            Unit(
                "a",
                [],
                [
                    PutSession(session("a", status="completed", run_id="r", owner="o", runs=1)),
                    PutRun(run("r", "a", status="completed")),
                ],
            ),
        ]
    )
    for again in stores.now_and_again():
        found, of = again.session("a"), again.run("r")
        assert found is not None
        assert of is not None
        assert (found.status, found.owner, found.revision, of.status) == (
            "completed",
            "o",
            3,
            "completed",
        )
        assert await again.in_status(["queued", "running"]) == []


async def test_pages_go_through_everything_newest_first(store: Store) -> None:
    """A page is where the one before ended, also when sessions are made and deleted meanwhile."""
    store.write([made(f"s{number:03}") for number in range(25)])
    seen: list[str] = []
    before = None
    while True:
        page = await store.sessions_page(owner=None, limit=10, before=before)
        seen += [record.id for record, _ in page.records]
        if not page.records:
            break
        before = page.places[-1]
        store.write([made(f"new{len(seen)}"), Unit("s024", [], [DeleteSession("s024")])])
    assert seen == [f"s{number:03}" for number in reversed(range(25))]
    page = await store.sessions_page(owner=None, limit=3, offset=5)
    assert page.total == 25 - 1 + 3 + 0
    assert not page.more_than
    assert len(page.records) == len(page.places) == 3


async def test_pages_of_a_status(store: Store) -> None:
    """A filter filters the page and the total, and follows what changes."""
    statuses = ["completed", "failed", "waiting"]
    store.write([made(f"s{n}", status=statuses[n % 3]) for n in range(30)])
    page = await store.sessions_page(owner=None, limit=4, status="failed")
    assert [record.id for record, _ in page.records] == ["s28", "s25", "s22", "s19"]
    assert page.total == 10
    rest = await store.sessions_page(owner=None, limit=40, status="failed", before=page.places[-1])
    assert [record.id for record, _ in rest.records] == ["s16", "s13", "s10", "s7", "s4", "s1"]
    store.write([Unit("s28", [], [PutSession(session("s28", status="completed"))])])
    assert (await store.sessions_page(owner=None, limit=1, status="failed")).total == 9
    assert (await store.sessions_page(owner=None, limit=1, status="completed")).total == 11
    assert (await store.sessions_page(owner=None, limit=1, status="paused")).total == 0
    assert (await store.sessions_page(owner=None, limit=1)).total == 30


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("migraine", ["a"]),
        ("MIGRAINE", ["a"]),
        ("grain", ["a"]),
        ("ärzte", ["b"]),
        ("ÄRZTE", ["b"]),
        ("RZT", ["b"]),
        ("привет", ["c"]),
        ("ПРИВЕТ", ["c"]),
        ("薬の効", ["d"]),
        # The id, whole and in part.
        ("1f1e8d70-7e63", ["e"]),
        ("8D70", ["e"]),
        # A phrase, over a space.
        ("for mig", ["a"]),
        ("for  mig", []),
        # Beginnings of words, of one and two characters.
        ("m", ["a", "f"]),
        ("MI", ["a"]),
        ("gr", []),
        ("ä", ["b"]),
        ("薬", ["d"]),
        # What is an operator of a full-text language is only text.
        ('say "x" OR', ["f"]),
        ("a AND b", []),
        ("name:drugs", []),
        ("dru*", []),
        ("^drugs", []),
        ("NOT drugs", []),
        ('"', []),
        ("*", []),
        ("'; DROP", []),
        ("100%", ["f"]),
        ("%%%", []),
        ("___", []),
        ("f_o", ["f"]),
        ("a\0b", []),
        ("\0\0\0", []),
        ("   ", []),
        ("", ["f", "e", "d", "c", "b", "a"]),
    ],
)
async def test_a_search_finds_text(store: Store, search: str, found: list[str]) -> None:
    """Any text is only text; upper case and lower case are one, in all alphabets."""
    store.write(
        [
            made("a", query="compare drugs for migraine"),
            made("b", name="Ärzte"),
            made("c", query="привет, мир"),
            made("d", name="薬の効果"),
            made("1f1e8d70-7e63-6274"),
            made("f", query='may say "x" OR f_o 100%'),
        ]
    )
    page = await store.sessions_page(owner=None, limit=10, search=search)
    ids = [record.id.replace("1f1e8d70-7e63-6274", "e") for record, _ in page.records]
    assert sorted(ids) == sorted(found)
    assert page.total == len(found)
    queued = await store.sessions_page(owner=None, limit=10, search=search, status="queued")
    assert queued.records == page.records
    none = await store.sessions_page(owner=None, limit=10, search=search, status="failed")
    assert none.records == []
    assert none.total == 0


async def test_ids_are_found_by_their_beginning(store: Store) -> None:
    """A beginning is only text: nothing in it stands for anything else, and capitals count."""
    ids = ["ab", "abc", "abé", "abx", "a%", "b", "Ab"]
    store.write([made(id) for id in ids])
    for prefix in (*ids, "a", "abcd", "%", "_b", "\U0010ffff"):
        page = await store.sessions_page(owner=None, limit=10, which=Which(id_prefix=prefix))
        expected = [id for id in reversed(ids) if id.startswith(prefix)]
        assert [record.id for record, _ in page.records] == expected
        assert page.total == len(expected)
    page = await store.sessions_page(
        owner=None, limit=1, which=Which(id_prefix="ab"), status="failed"
    )
    assert page.total == 0


async def test_a_search_follows_what_changes(stores: Stores) -> None:
    """A session is found by what it is called now, and by what it was called no more."""
    store = stores.open()
    store.write([made("a", name="apples"), made("b", name="apples")])
    assert (await store.sessions_page(owner=None, limit=1, search="apples")).total == 2
    store.write([Unit("a", [], [PutSession(session("a", name="pears", query="plums"))])])
    store.write([made("c", name="pears and apples")])
    for again in stores.now_and_again():
        for search, ids in {
            "apples": ["c", "b"],
            "pears": ["c", "a"],
            "plum": ["a"],
            "pl": ["a"],
            "pe": ["c", "a"],
        }.items():
            page = await again.sessions_page(owner=None, limit=10, search=search)
            assert [record.id for record, _ in page.records] == ids
            assert page.total == len(ids)


@pytest.mark.parametrize("count", [20, 2_400], ids=["few", "many"])
@pytest.mark.parametrize(
    "among", [{}, {"status": "failed"}, {"which": Which(graph="g")}], ids=["all", "status", "graph"]
)
async def test_a_search_pages_too(store: Store, count: int, among: dict[str, Any]) -> None:
    """The second page of a search goes on where the first ended, however many there are, newest first."""
    store.write(
        [
            made(f"s{n:04}", name="odd one" if n % 2 else "even", status="failed")
            for n in range(count)
        ]
    )
    expected = [f"s{n:04}" for n in reversed(range(1, count, 2))]
    for search in ("odd", "od"):
        first = await store.sessions_page(owner=None, limit=4, search=search, **among)
        second = await store.sessions_page(
            owner=None, limit=4, search=search, before=first.places[-1], **among
        )
        third = await store.sessions_page(owner=None, limit=4, search=search, offset=8, **among)
        ids = [record.id for page in (first, second, third) for record, _ in page.records]
        assert ids == expected[:12]
        assert first.total == second.total == third.total == count // 2


async def test_the_total_is_exact_up_to_ten_thousand(store: Store) -> None:
    """And is said to be more from there on, with a status and a search or without."""
    store.write(
        [
            made(f"s{n}", query="common", status="failed" if n % 40 == 0 else "completed")
            for n in range(10_000)
        ]
    )
    for asked in ({}, {"search": "common"}, {"search": "co"}):
        page = await store.sessions_page(owner=None, limit=1, **asked)  # type: ignore[arg-type]
        assert (page.total, page.more_than) == (10_000, False)
    store.write([made(f"t{n}", query="common", status="completed") for n in range(2_000)])
    for asked in ({}, {"search": "common"}, {"search": "co"}):
        page = await store.sessions_page(owner=None, limit=1, **asked)  # type: ignore[arg-type]
        assert (page.total, page.more_than) == (10_000, True)
        page = await store.sessions_page(owner=None, limit=1, status="failed", **asked)  # type: ignore[arg-type]
        assert (page.total, page.more_than) == (250, False)
        page = await store.sessions_page(owner=None, limit=1, status="completed", **asked)  # type: ignore[arg-type]
        assert (page.total, page.more_than) == (10_000, True)
    # Deleting brings it back to exact, whatever was counted before.
    store.write([Unit(f"s{n}", [], [DeleteSession(f"s{n}")]) for n in range(2_500)])
    for asked in ({}, {"search": "common"}, {"search": "co"}):
        page = await store.sessions_page(owner=None, limit=1, **asked)  # type: ignore[arg-type]
        assert (page.total, page.more_than) == (9_500, False)


LETTERS = "abAB äÄ-_\"*:^%'.,日0"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(st.text(LETTERS, max_size=12), min_size=1, max_size=12),
    searches=st.lists(st.text(LETTERS, min_size=3, max_size=6), min_size=1, max_size=8),
)
def test_a_search_is_a_substring(stores: Stores, names: list[str], searches: list[str]) -> None:
    """Whatever the text is: found are exactly the sessions that hold it."""
    store = stores.opened[-1] if stores.opened else stores.open()

    async def check() -> None:
        old = await store.sessions_page(owner=None, limit=100)
        store.write([Unit(one.id, [], [DeleteSession(one.id)]) for one, _ in old.records])
        mark = random.getrandbits(60)
        store.write([made(f"{mark}{number}", name=name) for number, name in enumerate(names)])
        for search in [*searches, *(name[1:] for name in names if len(name) > 3)]:
            page = await store.sessions_page(owner=None, limit=100, search=search)
            expected = [
                f"{mark}{number}"
                for number, name in enumerate(names)
                if search.lower() in name.lower() or search in f"{mark}{number}"
            ]
            assert [record.id for record, _ in page.records] == expected[::-1], search
            assert page.total == len(expected)

    asyncio.run(check())


async def test_what_has_to_be_looked_after(store: Store) -> None:
    """Recovery finds what was running; retention finds what rests, and leaves what runs."""
    store.write(
        [
            made("old", status="completed", updated_at=10),
            made("new", status="completed", updated_at=90),
            made("runs", status="running", updated_at=5),
            made("waits", status="queued", updated_at=5),
            made("asks", status="waiting", updated_at=20),
        ]
    )
    found = await store.in_status(["queued", "running"])
    assert [record.id for record in found] == ["runs", "waits"]
    rests = ["completed", "waiting", "running", "queued"]
    assert sorted(await store.older_than(50, 10, rests)) == ["asks", "old"]
    assert await store.older_than(50, 10, ["completed"]) == ["old"]
    assert len(await store.older_than(50, 1, rests)) == 1
