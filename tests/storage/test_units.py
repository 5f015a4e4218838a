"""Units: whole or not at all, refused one by one. A user would lose: the order of things, or somebody else's work."""

from pathlib import Path

import pytest

from rpc.storage.store import Store
from rpc.storage.units import (
    AddSignal,
    DeleteSession,
    DeleteThread,
    PutRun,
    PutSession,
    TakeSignals,
    Unit,
)
from tests.storage.conftest import Stores
from tests.storage.made import (
    checkpoint,
    draft,
    event,
    made,
    one,
    reason,
    run,
    session,
    texts,
    value,
    with_run,
    writes,
    written,
)


async def test_a_refused_unit_leaves_nothing_and_the_rest_of_its_batch_commits(
    stores: Stores,
) -> None:
    """One client's mistake or late write must not undo what others were told is kept."""
    store = stores.open()
    store.write([with_run("a", "ra", idempotency_key="k"), made("b")])
    whole = [
        Unit("b", [draft("before")]),
        # The run takes a key that is there: neither its session nor its event nor its checkpoint may stay.
        made(
            "c",
            PutRun(run("rc", "c", idempotency_key="k")),
            checkpoint("c", "1"),
            drafts=[draft("c")],
        ),
        Unit("gone", [draft("x")]),
        Unit("a", [draft("late")], [checkpoint("a", "1")], fence=7),
        Unit("a", [], [PutSession(session("a", name="other"))], revision=9),
        # Text that UTF-8 cannot hold, a number that SQLite cannot.
        Unit("a", [draft("x")], [PutSession(session("a", name="\ud800"))]),
        Unit("a", [draft("x")], [PutSession(session("a", updated_at=2**70))]),
        Unit("a", [draft("x")], [PutSession(session("a", metadata={"x": object()}))]),
        Unit("b", [draft("after")]),
    ]
    outcomes = store.write(whole)
    assert [reason(outcome) for outcome in outcomes] == [
        None,
        "conflict",
        "gone",
        "epoch",
        "revision",
        "invalid",
        "invalid",
        "invalid",
        None,
    ]
    for again in stores.now_and_again():
        assert await texts(again, "b") == [event(1, "before"), event(2, "after")]
        assert await texts(again, "a") == []
        assert again.session("c") is None
        assert again.run("rc") is None
        assert again.checkpoint("c", "") is None
        assert again.checkpoint("a", "") is None
        kept = again.session("a")
        assert kept is not None
        assert (kept.name, kept.revision, kept.seq) == (None, 1, 0)


async def test_the_refusals_say_which_condition(store: Store) -> None:
    """Who is refused is told what happened meanwhile."""
    store.write([made("a")])
    (late,) = store.write([Unit("a", fence=3)])
    assert "epoch 3 is over" in getattr(late, "detail", "")
    (gone,) = store.write([Unit("nobody")])
    assert "'nobody'" in getattr(gone, "detail", "")


async def test_conditions_are_checked_in_order_within_a_batch(store: Store) -> None:
    """Two who change a session at once: the first wins, the second is told, in one transaction as in two."""
    outcomes = store.write(
        [
            made("a", drafts=[draft("made")]),
            Unit("a", [], [PutSession(session("a", name="first"))], revision=1),
            Unit("a", [], [PutSession(session("a", name="second"))], revision=1),
            Unit("a", [draft("mine")], fence=0, raises=True),
            Unit("a", [draft("late")], fence=0),
            Unit("a", [draft("now")], fence=1),
            Unit("a", [], [DeleteSession("a")]),
            Unit("a", [draft("too late")]),
        ]
    )
    assert [reason(outcome) for outcome in outcomes] == [
        None,
        None,
        "revision",
        None,
        "epoch",
        None,
        None,
        "gone",
    ]
    assert written(outcomes[1]).revision == 2
    assert written(outcomes[3]).epoch == 1
    assert written(outcomes[5]).seq == 3
    assert store.session("a") is None
    assert await texts(store, "a") == []


async def test_a_refused_maker_makes_nothing(store: Store) -> None:
    """A session that could not be made is not there for those behind it."""
    outcomes = store.write([made("a", drafts=[draft("x")]), Unit("a", [draft("y")])])
    assert [reason(outcome) for outcome in outcomes] == [None, None]
    refused = Unit("b", [draft("x")], [PutSession(session("b"))], fence=5)
    outcomes = store.write([refused, Unit("b", [draft("y")])])
    assert [reason(outcome) for outcome in outcomes] == ["epoch", "gone"]
    assert store.session("b") is None
    assert await texts(store, "b") == []


async def test_one_key_twice_in_one_batch(store: Store) -> None:
    """Two requests with one idempotency key at the same time start one run."""
    outcomes = store.write(
        [
            with_run("a", "ra", idempotency_key="k"),
            with_run("b", "rb", idempotency_key="k"),
            made("c"),
        ]
    )
    assert [reason(outcome) for outcome in outcomes] == [None, "conflict", None]
    found = store.run_by_key("local", "k")
    assert found is not None
    assert found.id == "ra"
    assert store.session("b") is None
    assert store.session("c") is not None


async def test_numbers_have_no_gap(stores: Stores) -> None:
    """`seq` is how a client knows that nothing is missing: over batches, refusals, and a restart."""
    store = stores.open()
    store.write([made("a"), made("b")])
    expected: list[bytes] = []
    for number in range(40):
        if number == 20:
            store = stores.again()
        count = number % 4
        drafts = [draft(f"{number} {index}") for index in range(count)]
        refused, kept, other = store.write(
            [Unit("a", [draft("no")], fence=9), Unit("a", drafts), Unit("b", [draft("x")] * 3)]
        )
        assert reason(refused) == "epoch"
        assert written(kept).seq == len(expected) + count
        assert written(other).seq == 3 * (number + 1)
        expected += [
            event(len(expected) + 1 + index, f"{number} {index}") for index in range(count)
        ]
        chunks = written(kept).chunks
        assert [text for chunk in chunks for text in chunk.events] == expected[
            len(expected) - count :
        ]
    assert await texts(store, "a") == expected
    found = store.session("a")
    assert found is not None
    assert found.seq == len(expected)


async def test_a_raised_epoch_ends_the_holder_before(stores: Stores) -> None:
    """Two servers that both think they advance a session: what the first still writes is refused, all of it."""
    store = stores.open()
    store.write([with_run("a", "r")])
    assert written(one(store, Unit("a", raises=True))).epoch == 1
    assert written(one(store, Unit("a", [draft("mine")], fence=1))).seq == 1
    assert written(one(store, Unit("a", fence=1, raises=True))).epoch == 2
    late = [
        Unit("a", [draft("late")], fence=1),
        Unit("a", [], [PutSession(session("a", status="completed"))], fence=1),
        Unit("a", [], [checkpoint("a", "1", c="1"), value("a", "c", "1", b"x")], fence=1),
        Unit("a", [], [writes("a", "1", "t", b"x")], fence=1),
        Unit("a", [], [PutRun(run("r", "a", status="completed"))], fence=1),
        Unit("a", fence=1, raises=True),
    ]
    assert [reason(outcome) for outcome in store.write(late)] == ["epoch"] * 6
    assert written(one(store, Unit("a", [draft("new")], fence=2))).seq == 2
    for again in stores.now_and_again():
        found = again.session("a")
        assert found is not None
        assert (found.status, found.epoch) == ("queued", 2)
        of = again.run("r")
        assert of is not None
        assert of.status == "queued"
        assert again.checkpoint("a", "") is None
        assert await texts(again, "a") == [event(1, "mine"), event(2, "new")]


async def test_signals_are_numbered_read_and_taken(stores: Stores) -> None:
    """A cancel or an answer reaches whoever runs the session once, also after a restart."""
    store = stores.open()
    store.write([made("a"), made("b")])
    outcomes = store.write(
        [
            Unit("a", [], [AddSignal("cancel", {"why": [1, None, "x"]}), AddSignal("pause")]),
            Unit("a", [], [AddSignal("answer", 2**80)]),
            Unit("b", [], [AddSignal("pause")]),
        ]
    )
    assert [written(outcome).revision for outcome in outcomes] == [3, 4, 2]
    store = stores.again()
    found = store.signals("a")
    assert [(one.number, one.kind, one.body) for one in found] == [
        (2, "cancel", {"why": [1, None, "x"]}),
        (3, "pause", None),
        (4, "answer", 2**80),
    ]
    assert [one.number for one in store.signals("a", 3)] == [4]
    store.write([Unit("a", [], [TakeSignals(3)])])
    assert [one.number for one in store.signals("a")] == [4]
    assert [one.number for one in store.signals("b")] == [2]
    # Numbers are not used again, and who read the session before does not overwrite what came since.
    (late,) = store.write([Unit("a", [], [PutSession(session("a"))], revision=1)])
    assert reason(late) == "revision"
    store.write([Unit("a", [], [TakeSignals(4)])])
    assert written(one(store, Unit("a", [], [AddSignal("pause")]))).revision == 5


async def test_taken_and_added_in_one_batch(store: Store) -> None:
    """A signal that comes while others are taken stays."""
    store.write([made("a", AddSignal("pause"))])
    store.write(
        [
            Unit("a", [], [AddSignal("answer", 1)]),
            Unit("a", [], [TakeSignals(2)]),
            Unit("a", [], [AddSignal("answer", 2)]),
        ]
    )
    assert [one.body for one in store.signals("a")] == [1, 2]


async def test_a_thread_without_a_session_is_not_fenced_and_changes_none(store: Store) -> None:
    """A graph's own threads are kept too; a session is only changed by who names it."""
    store.write([made("a")])
    outcomes = store.write(
        [
            Unit(None, [], [checkpoint("t", "1", c="1"), value("t", "c", "1", b"x")]),
            Unit(None, [], [PutSession(session("a", name="x"))]),
            Unit(None, [], [DeleteSession("a")]),
        ]
    )
    assert [reason(outcome) for outcome in outcomes] == [None, "invalid", "invalid"]
    assert store.session("a") is not None
    found = store.checkpoint("t", "")
    assert found is not None
    assert found.values == [("c", "k", b"x")]
    store.write([Unit(None, [], [DeleteThread("t")])])
    assert store.checkpoint("t", "") is None


@pytest.mark.parametrize("batch", [True, False])
async def test_a_deleted_session_leaves_nothing_behind(stores: Stores, batch: bool) -> None:
    """What a person deletes is gone from every table, and their neighbour's is not."""
    store = stores.open()
    units = []
    for name in ("a", "b"):
        first = with_run(name, f"{name}1", query="secret words", name="secret")
        units.append(Unit(name, [draft("secret")], [*first.rows, AddSignal("x", "secret")]))
        second = with_run(name, f"{name}2", query="secret words", name="secret")
        thread = [
            checkpoint(name, "1", c="1"),
            checkpoint(name, "2", "inner", d="1"),
            value(name, "c", "1", b"secret"),
            value(name, "d", "1", b"secret", "inner"),
            writes(name, "1", "t", b"secret"),
        ]
        units.append(Unit(name, [], [*second.rows, *thread]))
    gone = Unit("a", [], [DeleteSession("a")])
    if batch:
        store.write([*units, gone])
    else:
        store.write(units)
        for namespace in ("", "inner"):
            assert store.checkpoint("a", namespace) is not None
        store.write([gone])
    for again in stores.now_and_again():
        assert again.session("a") is None
        assert again.run("a1") is None
        assert again.run("a2") is None
        assert again.signals("a") == []
        assert await again.events("a", 0, 1000) == []
        assert again.checkpoints("a") == []
        assert again.checkpoint("a", "") is None
        assert again.outlines("a") == []
        for search in ("secret", "se"):
            page = await again.sessions_page(owner=None, limit=10, search=search)
            assert [record.id for record, _ in page.records] == ["b"]
            assert page.total == 1
        assert again.run("b1") is not None
        assert again.run("b2") is not None
        assert len(again.checkpoints("b")) == 2
        assert await texts(again, "b") == [event(1, "secret")]


async def test_a_session_made_again_begins_anew(store: Store) -> None:
    """Nothing of one that was deleted in the same batch comes back with its id."""
    store.write(
        [
            made("a", AddSignal("x"), checkpoint("a", "1"), drafts=[draft("old"), draft("old")]),
            Unit("a", [], [DeleteSession("a")]),
            made("a", drafts=[draft("new")]),
        ]
    )
    assert await texts(store, "a") == [event(1, "new")]
    assert store.signals("a") == []
    assert store.checkpoint("a", "") is None


def test_what_is_committed_is_there_after_a_restart(stores: Stores, tmp_path: Path) -> None:
    """All of a unit, or nothing, and what was answered is kept."""
    store = stores.open()
    for number in range(30):
        name = f"s{number}"
        store.write([with_run(name, f"r{number}", name=name), made(f"x{number}")])
    store = stores.again()
    for number in range(30):
        found, of = store.session(f"s{number}"), store.run(f"r{number}")
        assert found is not None
        assert of is not None
        assert (found.name, found.run_id, of.session_id) == (f"s{number}", of.id, found.id)
