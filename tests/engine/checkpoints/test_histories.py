"""Random histories against LangGraph's own saver in memory: the same is read back, whatever was stored how.

A user would lose: a state that differs from what the graph had, after a fork, a rewind or a restart.
"""

import asyncio
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph.checkpoint.base import Checkpoint, CheckpointTuple
from langgraph.checkpoint.base.id import uuid6
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.types import ERROR, INTERRUPT, RESUME

from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.checkpoints.saver import Saver
from rpc.storage.packing import unpacked_value
from rpc.storage.units import Unit
from tests.support.storing import open_line

THREAD = "thread"
NAMESPACES = ("", "sub:1")

texts = st.text(min_size=1, max_size=4).map(lambda text: text * 60)
changes = st.one_of(
    st.tuples(st.just("append"), st.lists(texts, min_size=1, max_size=6)),
    st.tuples(
        st.just("set"), st.one_of(st.none(), st.integers(-(2**63), 2**63), texts, st.lists(texts))
    ),
    st.tuples(st.just("cut"), st.integers(1, 3)),
    st.tuples(st.just("empty"), st.none()),
)
puts = st.tuples(
    st.just("put"),
    st.sampled_from(NAMESPACES),
    # Mostly on top of the newest; sometimes back to an older one.
    st.one_of(st.just(0), st.just(0), st.integers(0, 5)),
    st.dictionaries(st.sampled_from(("messages", "found", "note")), changes, max_size=3),
)
writes = st.tuples(
    st.just("write"),
    st.sampled_from(NAMESPACES),
    st.integers(0, 2),
    st.lists(
        st.tuples(st.sampled_from(("note", "found", ERROR, INTERRUPT, RESUME)), texts), max_size=4
    ),
    st.sampled_from(("1", "2")),
)
reads = st.tuples(st.just("read"), st.sampled_from(NAMESPACES), st.integers(0, 5))
others = st.tuples(st.sampled_from(("restart", "collect")))


class History:
    """Does everything twice."""

    def __init__(self, saver: Saver) -> None:
        self.saver = saver
        self.memory = InMemorySaver()
        self.made: dict[str, list[Checkpoint]] = {namespace: [] for namespace in NAMESPACES}

    def checkpoint(self, namespace: str, back: int) -> Checkpoint | None:
        made = self.made[namespace]
        return made[max(0, len(made) - 1 - back)] if made else None

    async def put(self, namespace: str, back: int, changed: dict[str, tuple[str, Any]]) -> None:
        parent = self.checkpoint(namespace, back)
        values = dict(parent["channel_values"]) if parent else {}
        versions: dict[str, Any] = dict(parent["channel_versions"]) if parent else {}
        version = self.saver.get_next_version(max(versions.values(), default=None), None)
        for channel, (how, what) in changed.items():
            before = values.pop(channel, None)
            kept = before if isinstance(before, list) else []
            if how == "append":
                values[channel] = [*kept, *what]
            elif how == "cut":
                values[channel] = kept[:-what]
            elif how == "set":
                values[channel] = what
            versions[channel] = version
        checkpoint: Checkpoint = {
            "v": 4,
            "id": str(uuid6(clock_seq=-1)),
            "ts": "2026-01-01T00:00:00+00:00",
            "channel_values": values,
            "channel_versions": versions,
            "versions_seen": {"node": dict(versions)},
            "updated_channels": sorted(changed),
        }
        config = at(namespace, parent["id"] if parent else None)
        new = dict.fromkeys(changed, version)
        metadata: Any = {"source": "loop" if changed else "fork", "step": len(self.made[namespace])}
        self.memory.put(config, checkpoint, metadata, new)
        await self.saver.aput(config, checkpoint, metadata, new)
        self.made[namespace].append(checkpoint)

    async def write(
        self, namespace: str, back: int, what: list[tuple[str, Any]], task_id: str
    ) -> None:
        checkpoint = self.checkpoint(namespace, back)
        if checkpoint is not None:
            config = at(namespace, checkpoint["id"])
            self.memory.put_writes(config, what, task_id, "~" + task_id)
            await self.saver.aput_writes(config, what, task_id, "~" + task_id)

    def compare(self, saver: Saver) -> None:
        for namespace, made in self.made.items():
            for config in [at(namespace, None), *(at(namespace, one["id"]) for one in made)]:
                assert plain(saver.get_tuple(config)) == plain(self.memory.get_tuple(config))
            for options in ({}, {"limit": 2}, {"filter": {"source": "fork"}, "limit": 3}):
                for before in (None, *(at(namespace, one["id"]) for one in made[-1:])):
                    config = at(namespace, None)
                    ours = saver.list(config, before=before, **options)  # type: ignore[arg-type]
                    theirs = self.memory.list(config, before=before, **options)  # type: ignore[arg-type]
                    assert [*map(plain, ours)] == [*map(plain, theirs)]


def at(namespace: str, checkpoint_id: str | None) -> Any:
    place = {"thread_id": THREAD, "checkpoint_ns": namespace}
    return {"configurable": place | ({"checkpoint_id": checkpoint_id} if checkpoint_id else {})}


def plain(found: CheckpointTuple | None) -> Any:
    return found and found._asdict()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(puts, puts, puts, writes, reads, others), min_size=3, max_size=25))
def test_any_history_is_read_back_as_from_memory(steps: list[tuple[Any, ...]]) -> None:
    async def main(folder: Path) -> None:
        async with open_line(folder) as line:
            history = History(Saver(line.store, line))
            for what, *how in steps:
                if what == "put":
                    await history.put(*how)
                elif what == "write":
                    await history.write(*how)
                elif what == "read":
                    checkpoint = history.checkpoint(*how)
                    history.saver.get_tuple(at(how[0], checkpoint and checkpoint["id"]))
                elif what == "restart" or not isinstance(history.saver, CollectingSaver):
                    await commit(history.saver, line)
                    kind = CollectingSaver if what == "collect" else Saver
                    history.saver = kind(line.store, line)
            history.compare(history.saver)
            await commit(history.saver, line)
            history.compare(Saver(line.store, line))
            await Saver(line.store, line).acopy_thread(THREAD, "copy")
            copied = [*Saver(line.store, line).list({"configurable": {"thread_id": "copy"}})]
            original = [*Saver(line.store, line).list({"configurable": {"thread_id": THREAD}})]
            assert [one.checkpoint for one in copied] == [one.checkpoint for one in original]

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder)))


async def commit(saver: Saver, line: Any) -> None:
    if isinstance(saver, CollectingSaver):
        await line.commit(Unit(None, [], saver.rows))


async def test_lists_that_grow_on_two_branches_are_stored_as_tails(tmp_path: Path) -> None:
    """The history above means little unless tails are really made."""
    async with open_line(tmp_path) as line:
        history = History(Saver(line.store, line))
        await history.put("", 0, {"messages": ("append", ["a" * 200] * 40)})
        await history.put("", 0, {"messages": ("append", ["b" * 20])})
        await history.put("", 1, {"messages": ("append", ["c" * 20])})
        await history.put("", 0, {"messages": ("append", ["d" * 20])})
        history.compare(history.saver)
        history.compare(Saver(line.store, line))
    with sqlite3.connect(tmp_path / "stepwire.db") as stored:
        rows = stored.execute("SELECT kind, data FROM channel_values ORDER BY rowid").fetchall()
    sizes = [len(unpacked_value(kind, data)[1]) for kind, data in rows]
    assert [size < 100 for size in sizes] == [False, True, False, True]


async def test_a_list_that_was_too_short_to_add_to_is_not_added_to(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        history = History(Saver(line.store, line))
        await history.put("", 0, {"messages": ("append", ["a" * 200] * 2)})
        history.saver = Saver(line.store, line)
        history.saver.get_tuple(at("", None))
        await history.put("", 0, {"messages": ("append", ["b" * 200])})
    async with open_line(tmp_path) as line:
        history.compare(Saver(line.store, line))
