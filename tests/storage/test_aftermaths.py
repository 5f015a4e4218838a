"""What follows the ends of runs. A user would lose: the news of an end, or a server that tells it for ever."""

from typing import Any

import pytest

from rpc.storage.records import Due, RunOptions
from rpc.storage.store import Store
from rpc.storage.units import DeleteRun, DeleteSession, EndDue, LeaveDue, PutRun, TakeDue, Unit
from tests.storage.conftest import Stores
from tests.storage.made import made, one, run, written

HOOK = RunOptions(webhook="https://example.com/done")


def put(store: Store, id: str, session_id: str = "a", **changes: Any) -> None:
    """Such a run, in the state that `changes` say."""
    written(one(store, Unit(session_id, [], [PutRun(run(id, session_id, **changes))])))


@pytest.mark.parametrize("options", [HOOK, RunOptions(delete_session=True)])
async def test_it_is_due_from_a_runs_beginning(stores: Stores, options: RunOptions) -> None:
    """And is found once the run has ended, also after a restart; of other runs nothing follows."""
    store = stores.open()
    store.write([made("a")])
    put(store, "plain", status="running")
    put(store, "r", options=options, status="queued")
    assert store.due("plain") is None
    due = Due("r", "a", 0, 0, "")
    assert (store.due("r"), await store.dues(9)) == (due, [])
    put(store, "r", options=options, status="running")
    assert await store.dues(9) == []
    put(store, "r", options=options, status="failed")
    for again in stores.now_and_again():
        assert (again.due("r"), await again.dues(9)) == (due, [due])


async def test_one_takes_it_and_says_when_it_is_done(store: Store) -> None:
    """Who took it first does it; who comes when that one has ended takes it from there."""
    store.write([made("a")])
    for id in ("r", "s"):
        put(store, id, options=HOOK, status="running")
        put(store, id, options=HOOK, status="completed")
    store.write([Unit(None, [], [TakeDue("r", 0, 70, "x"), TakeDue("r", 0, 71, "y")])])
    assert store.due("r") == Due("r", "a", 70, 1, "x")
    store.write([Unit(None, [], [EndDue("r", "y")])])
    assert await store.dues(9) == [Due("r", "a", 70, 1, "x"), Due("s", "a", 0, 0, "")]
    assert [one.run_id for one in await store.dues(9, "r")] == ["s"]
    assert [one.run_id for one in await store.dues(1)] == ["r"]
    store.write([Unit(None, [], [LeaveDue("r", "y")])])
    assert store.due("r") == Due("r", "a", 70, 1, "x")
    store.write([Unit(None, [], [LeaveDue("r", "x")])])
    assert store.due("r") == Due("r", "a", 0, 1, "x")
    store.write([Unit(None, [], [TakeDue("r", 0, 70, "x"), TakeDue("r", 70, 90, "y")])])
    assert store.due("r") == Due("r", "a", 90, 3, "y")
    store.write([Unit(None, [], [EndDue("r", "x")])])
    assert store.due("r") is not None
    store.write([Unit(None, [], [EndDue("r", "y")])])
    assert store.due("r") is None


async def test_a_run_that_goes_on_is_followed_by_it_again(store: Store) -> None:
    """Who did what its rest called for does not take away what its end does."""
    store.write([made("a")])
    put(store, "r", options=HOOK, status="running")
    put(store, "r", options=HOOK, status="waiting")
    store.write([Unit(None, [], [TakeDue("r", 0, 70, "x")])])
    put(store, "r", options=HOOK, status="running")
    store.write([Unit(None, [], [EndDue("r", "x")])])
    put(store, "r", options=HOOK, status="completed")
    assert await store.dues(9) == [Due("r", "a", 0, 0, "")]


async def test_it_goes_with_its_run_and_its_session(store: Store) -> None:
    """Also where they were made in the same batch."""
    store.write([made("a"), made("b")])
    for id, session_id in (("r", "a"), ("s", "a"), ("t", "b")):
        put(store, id, session_id, options=HOOK, status="running")
    store.write([Unit("a", [], [DeleteRun("r")])])
    assert (store.due("r"), store.due("s") is None) == (None, False)
    fresh = run("u", "b", options=HOOK, status="running")
    store.write(
        [Unit("a", [], [DeleteSession("a")]), Unit("b", [], [PutRun(fresh), DeleteSession("b")])]
    )
    assert [store.due(id) for id in "stu"] == [None] * 3
