"""Checkpoints as they are kept. A user would lose: a thread that goes on, goes back, forks, and stays small."""

from typing import Any

import msgspec
import pytest

from rpc.storage.store import Store, StoredCheckpoint
from rpc.storage.units import CopyThread, DeleteCheckpoints, DeleteThread, Unit
from tests.storage.conftest import Stores
from tests.storage.made import checkpoint, made, value, writes


def free(*rows: object) -> Unit:
    """Rows of a thread without a session."""
    return Unit(None, [], rows)  # type: ignore[arg-type]


def values(found: StoredCheckpoint | None) -> dict[str, bytes]:
    assert found is not None
    return {channel: data for channel, _, data in found.values}


async def test_values_are_stored_once_a_version(stores: Stores) -> None:
    """A checkpoint has the values that its channels had then, though only what changed was written with it."""
    store = stores.open()
    store.write(
        [
            free(
                value("t", "a", "1", b"a1"),
                value("t", "b", "1", b"b1"),
                checkpoint("t", "1", a="1", b="1"),
            )
        ]
    )
    store.write([free(value("t", "a", "2", b"a2"), checkpoint("t", "2", parent="1", a="2", b="1"))])
    store.write([free(checkpoint("t", "3", parent="2", a="2", b="1", empty="9"))])
    for again in stores.now_and_again():
        assert values(again.checkpoint("t", "", "1")) == {"a": b"a1", "b": b"b1"}
        assert values(again.checkpoint("t", "", "2")) == {"a": b"a2", "b": b"b1"}
        older = again.checkpoint("t", "", "1")
        assert older is not None
        assert older.newest == "3"
        newest = again.checkpoint("t", "")
        assert newest is not None
        assert values(newest) == {"a": b"a2", "b": b"b1"}
        assert newest.checkpoint_id == "3"
        assert newest.parent_id == "2"
        assert newest.versions == {"a": "2", "b": "1", "empty": "9"}
        assert (newest.body, newest.metadata) == (b"body 3", b"meta")
        assert again.checkpoint("t", "", "9") is None
        assert again.checkpoint("t", "inner") is None
        assert again.checkpoint("u", "") is None


async def test_a_value_that_adds_to_another(stores: Stores) -> None:
    """A list that grows is stored as its tails, and read whole at every length, each with its own head."""
    store = stores.open()
    whole = b""
    for number in range(30):
        part = f"<{number}>".encode()
        full = number % 10 == 0
        whole += part
        store.write(
            [
                free(
                    value(
                        "t",
                        "list",
                        str(number),
                        whole if full else part,
                        base=None if full else str(number - 1),
                        head=b"[%d]" % number,
                        whole=b"" if full else b"[%d]" % number + whole,
                    ),
                    checkpoint("t", f"{number:02}", list=str(number)),
                )
            ]
        )
        assert values(store.checkpoint("t", "")) == {"list": b"[%d]" % number + whole}
    for again in stores.now_and_again():
        for number in range(30):
            expected = b"[%d]" % number + b"".join(f"<{n}>".encode() for n in range(number + 1))
            assert values(again.checkpoint("t", "", f"{number:02}")) == {"list": expected}


async def test_writes_of_tasks(stores: Stores) -> None:
    """What a task did is done once; an answer takes the place of the one before."""
    store = stores.open()
    store.write(
        [
            free(
                checkpoint("t", "1"),
                writes("t", "1", "b", b"b0", b"b1"),
                writes("t", "1", "a", b"a0"),
            )
        ]
    )
    store.write([free(writes("t", "1", "a", b"other"))])
    found = store.checkpoint("t", "")
    assert found is not None
    # By path, task and position, as LangGraph applies them.
    assert [(one[0], one[3], one[5]) for one in found.writes] == [
        ("a", b"a0", 0),
        ("b", b"b0", 0),
        ("b", b"b1", 1),
    ]
    store.write([free(writes("t", "1", "a", b"again", again=True))])
    store.write([free(writes("t", "1", "b", b"only", only=True))])
    for again in stores.now_and_again():
        found = again.checkpoint("t", "", "1")
        assert found is not None
        assert [(one[0], one[3]) for one in found.writes] == [("a", b"again"), ("b", b"only")]
    # A question is kept under an index below 0: only a task that begins afresh forgets it.
    store = stores.open()
    question = msgspec.structs.replace(writes("t", "1", "a"), writes=[(-3, "q", "k", b"?")])
    store.write([free(question)])
    store.write([free(writes("t", "1", "a", only=True))])
    assert [one[3] for one in _of_a(store)] == [b"?"]
    store.write([free(writes("t", "1", "a", only=True, afresh=True))])
    for again in stores.now_and_again():
        assert _of_a(again) == []


def _of_a(store: Store) -> list[Any]:
    found = store.checkpoint("t", "")
    assert found is not None
    return [one for one in found.writes if one[0] == "a"]


async def test_writes_before_their_checkpoint(stores: Stores) -> None:
    """LangGraph may save what a task wrote before the checkpoint that it ran at."""
    store = stores.open()
    store.write([free(checkpoint("t", "1"))])
    assert store.checkpoint("t", "") is not None
    store.write([free(writes("t", "2", "a", b"early"))])
    store.write([free(checkpoint("t", "2"))])
    for again in stores.now_and_again():
        found = again.checkpoint("t", "")
        assert found is not None
        assert [one[3] for one in found.writes] == [b"early"]


async def test_history(store: Store) -> None:
    """Newest first, by namespace, thread and page."""
    store.write(
        [
            free(checkpoint("t", f"{n}", "inner" if n % 2 else ""), checkpoint("u", f"{n}"))
            for n in range(6)
        ]
    )

    def ids(found: list[StoredCheckpoint]) -> list[str]:
        return [one.checkpoint_id for one in found]

    assert ids(store.checkpoints("t")) == ["5", "4", "3", "2", "1", "0"]
    assert ids(store.checkpoints("t", "")) == ["4", "2", "0"]
    assert ids(store.checkpoints("t", "inner", "5", 1)) == ["3"]
    assert len(store.checkpoints(None)) == 12
    assert store.checkpoints("nobody") == []
    assert sorted(one.checkpoint_id for one in store.outlines("t")) == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]
    assert len(store.checkpoints_of_runs(["r"])) == 12
    assert store.checkpoints_of_runs(["x"]) == []


async def test_deleting_keeps_what_others_need(stores: Stores) -> None:
    """Pruning takes what nobody needs, and every checkpoint that stays has all of its values."""
    store = stores.open()
    rows: list[object] = []
    for n in range(6):
        rows.append(
            value(
                "t",
                "list",
                str(n),
                b"%d" % n,
                base=str(n - 1) if n else None,
                whole=b"".join(b"%d" % i for i in range(n + 1)),
            )
        )
        rows.append(value("t", "fork", str(n), b"f%d" % n))
        rows.append(checkpoint("t", str(n), list=str(n), fork=str(n)))
        rows.append(writes("t", str(n), "task", b"w%d" % n))
    store.write([free(*rows)])
    before = {n: values(store.checkpoint("t", "", str(n))) for n in range(6)}
    store.write([free(DeleteCheckpoints("t", [("", str(n)) for n in (0, 1, 2, 4)]))])
    for again in stores.now_and_again():
        assert [one.checkpoint_id for one in again.checkpoints("t")] == ["5", "3"]
        for n in (5, 3):
            assert values(again.checkpoint("t", "", str(n))) == before[n]
        assert again.checkpoint("t", "", "4") is None
    # The last that needs it takes it along: what is put again starts from nothing.
    store = stores.opened[-1]
    store.write([free(DeleteCheckpoints("t", [("", "5"), ("", "3")]))])
    store.write([free(checkpoint("t", "7", list="5", fork="0"))])
    for again in stores.now_and_again():
        assert values(again.checkpoint("t", "")) == {}
        found = again.checkpoint("t", "")
        assert found is not None
        assert found.writes == []


async def test_a_copy_stands_by_itself(stores: Stores) -> None:
    """A fork keeps everything when the thread it came from is deleted."""
    store = stores.open()
    store.write(
        [
            free(
                value("t", "a", "1", b"x"),
                value("t", "a", "2", b"y", base="1", whole=b"xy"),
                checkpoint("t", "1", a="1"),
                checkpoint("t", "2", "inner"),
                writes("t", "1", "task", b"w"),
            ),
            free(value("t", "a", "2", b"y", base="1", whole=b"xy"), checkpoint("t", "3", a="2")),
            free(CopyThread("t", "copy")),
            free(DeleteThread("t")),
        ]
    )
    for again in stores.now_and_again():
        assert again.checkpoints("t") == []
        assert again.checkpoint("t", "") is None
        assert values(again.checkpoint("copy", "")) == {"a": b"xy"}
        assert [one.checkpoint_id for one in again.checkpoints("copy")] == ["3", "2", "1"]
        first = again.checkpoint("copy", "", "1")
        assert first is not None
        assert [one[3] for one in first.writes] == [b"w"]


@pytest.mark.parametrize("known", [True, False])
async def test_an_older_checkpoint_is_not_the_newest(stores: Stores, known: bool) -> None:
    """An id decides what is newest, not who wrote last: also right after a restart."""
    store = stores.open()
    store.write([free(value("t", "a", "5", b"new"), checkpoint("t", "5", a="5"))])
    store = stores.again()
    if known:
        assert store.checkpoint("t", "") is not None
    store.write([free(value("t", "a", "3", b"old"), checkpoint("t", "3", a="3"))])
    for again in stores.now_and_again():
        assert values(again.checkpoint("t", "")) == {"a": b"new"}
        assert values(again.checkpoint("t", "", "3")) == {"a": b"old"}


async def test_threads_that_are_old_enough_to_be_pruned(store: Store) -> None:
    """Retention looks at threads of sessions that rest and have more than their newest checkpoints."""
    for name, status in (("a", "completed"), ("b", "running"), ("c", "waiting")):
        store.write([made(name, checkpoint(name, "1"), checkpoint(name, "2"), status=status)])
    store.write([made("d", checkpoint("d", "1"), checkpoint("d", "2", "inner"), status="failed")])
    # `created_at` of a checkpoint is its number here.
    assert sorted(await store.old_threads(2, 10)) == ["a", "c"]
    assert await store.old_threads(2, 10, "a") == ["c"]
    assert len(await store.old_threads(2, 1)) == 1
    assert await store.old_threads(1, 10) == []
    store.write([Unit("a", [], [DeleteCheckpoints("a", [("", "1")])])])
    assert await store.old_threads(2, 10) == ["c"]
