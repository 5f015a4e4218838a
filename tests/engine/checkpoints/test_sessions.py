"""A saver bound to a session: fenced, and one unit with the events that tell of what it writes.

A user would lose: a session advanced twice at once, or a log that tells another story than the checkpoints.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import id as ids

from rpc.engine.checkpoints.collecting import CollectingSaver
from rpc.engine.checkpoints.saver import Saver
from rpc.storage.line import Line, RefusedError
from rpc.storage.records import SessionRecord
from rpc.storage.store import newest_of
from rpc.storage.units import Draft, PutSession, Unit
from tests.engine.checkpoints.graphs import human, several
from tests.support.storing import open_line

CONFIG: Any = {"configurable": {"thread_id": "s"}}
OTHER: Any = {"configurable": {"thread_id": "other"}}
PATH = "~__pregel_pull, ask"


class Told:
    """Notes what it is told; an event for each fact."""

    def __init__(self) -> None:
        self.order: list[tuple[str, str]] = []

    def checkpoint_saved(
        self, namespace: str, checkpoint: Any, metadata: Any, parent_id: str | None
    ) -> list[Draft]:
        self.order.append(("saved", namespace.partition(":")[0]))
        return [Draft(b'{"seq":', b',"id":', b'"%b"}' % checkpoint["id"].encode())]

    def task_wrote(
        self, namespace: str, task_id: str, task_path: str, writes: Sequence[tuple[str, Any]]
    ) -> list[Draft]:
        self.order.append(("wrote", namespace.partition(":")[0]))
        return [Draft(b'{"seq":', b',"task":', b'"%b"}' % task_id.encode())]

    def seen(self, namespace: str, values: Mapping[str, Any]) -> None:
        self.order.append(("seen", namespace.partition(":")[0]))


async def begin(line: Line) -> int:
    """A session 's', or its next epoch."""
    record = SessionRecord("s", "graph", "running", None, 0, 0, None, 0, None)
    return (await line.commit(Unit("s", rows=[PutSession(record)], raises=True))).epoch


async def test_events_are_committed_with_what_they_tell_of(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        told = Told()
        epoch = await begin(line)
        saver = Saver(line.store, line, session_id="s", fence=epoch, facts=told)
        await several(saver).ainvoke({"messages": [human("go", 0)]}, CONFIG, durability="sync")
        rows = await line.store.events("s", 0, 10**9)
        events = b"\n".join(row.data for row in rows).decode()
        outlines = line.store.outlines("s")
        assert outlines
        assert all(one.checkpoint_id in events for one in outlines)
        assert events.count('"id"') == len(outlines)
        assert events.count('"task"') == told.order.count(("wrote", "")) + told.order.count(
            ("wrote", "search")
        )
        # The values of a checkpoint are told before it is saved, so before anything that follows from it.
        for at, (what, namespace) in enumerate(told.order):
            if what == "saved":
                assert told.order[at - 1] == ("seen", namespace)
        before = len(told.order)
        await saver.aget_tuple(CONFIG)
        assert told.order[before:] == [("seen", "")]


async def test_a_thread_of_its_own_has_neither_events_nor_a_fence(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        told = Told()
        await begin(line)
        saver = Saver(line.store, line, session_id="s", fence=0, facts=told)
        await several(saver).ainvoke({"messages": [human("go", 0)]}, OTHER, durability="sync")
        assert line.store.outlines("other")
        assert told.order == []


async def test_a_branch_is_newer_than_all_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a clock was an hour ahead that made the newest, and another process goes back to one that is older."""
    monkeypatch.setattr(ids, "_last_v6_timestamp", None)
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line, session_id="s", fence=await begin(line))
        graph = several(saver)
        await graph.ainvoke({"messages": [human("go", 0)]}, CONFIG, durability="sync")
        (oldest, *_) = sorted(
            one.checkpoint_id for one in line.store.outlines("s") if not one.namespace
        )
        ids._last_v6_timestamp += 3600 * 10**7  # type: ignore[attr-defined]
        await graph.ainvoke({"messages": [human("go", 1)]}, CONFIG, durability="sync")
        newest = newest_of(line.store.outlines("s"))[""]
        ids._last_v6_timestamp = None  # type: ignore[attr-defined]
        assert str(ids.uuid6()) < newest
        saver.get_tuple({"configurable": {"thread_id": "s", "checkpoint_id": oldest}})
        assert str(ids.uuid6()) > newest


async def test_who_was_overtaken_writes_nothing_more(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        old = Saver(line.store, line, session_id="s", fence=await begin(line))
        graph = several(old)
        await graph.ainvoke({"messages": [human("go", 0)]}, CONFIG, durability="sync")
        before = line.store.outlines("s")
        await begin(line)
        with pytest.raises(RefusedError) as refused:
            await graph.ainvoke({"messages": [human("go", 1)]}, CONFIG, durability="sync")
        assert refused.value.refused.reason == "epoch"
        failures: list[Exception] = []

        def run() -> None:
            try:
                old.put_writes(graph.get_state(CONFIG).config, [("answer", "x")], "task")
            except RefusedError as error:
                failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(60)
        assert failures
        with pytest.raises(RefusedError):
            await old.adelete_thread("s")
        assert line.store.outlines("s") == before


async def test_an_edit_is_committed_with_the_sessions_change_or_not_at_all(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        epoch = await begin(line)
        saver = Saver(line.store, line, session_id="s", fence=epoch)
        await several(saver).ainvoke({"messages": [human("go", 0)]}, CONFIG, durability="sync")
        before = line.store.outlines("s")
        editing = CollectingSaver(line.store, line, session_id="s")
        edited = await several(editing).aupdate_state(CONFIG, {"answer": "edited"}, as_node="ask")
        assert (await several(editing).aget_state(CONFIG)).values["answer"] == "edited"
        assert (await several(editing).aget_state(edited)).next == ("finish",)
        assert line.store.outlines("s") == before
        await line.commit(Unit("s", rows=editing.rows))
        state = await several(saver).aget_state(CONFIG)
        assert state.config == edited
        assert state.values["answer"] == "edited"
        assert (await several(saver).ainvoke(None, CONFIG))["messages"][-1].content == "edited"


async def test_a_tasks_writes_can_be_replaced(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        await several(saver).ainvoke({"messages": [human("go", 0)]}, OTHER, durability="sync")
        state = await several(saver).aget_state(OTHER)
        (task,) = state.tasks
        await saver.aput_writes(state.config, [("answer", "a"), ("found", ["b"])], task.id, PATH)
        editing = CollectingSaver(line.store, line)
        editing.replace_writes(state.config, [("answer", "c")], task.id)
        expected = [(task.id, "answer", "c")]
        read = editing.get_tuple(state.config)
        assert read is not None
        assert [one for one in read.pending_writes or () if one[1] != "__interrupt__"] == expected
        await line.commit(Unit(None, rows=editing.rows))
        stored = saver.get_tuple(state.config)
        assert stored is not None
        assert stored.pending_writes == read.pending_writes
        # Its question is still there, and its place among other tasks.
        assert len(stored.pending_writes or ()) == 2
        row = line.store.checkpoint("other", "", state.config["configurable"]["checkpoint_id"])
        assert row is not None
        assert [one[4] for one in row.writes if one[1] == "answer"] == [PATH]
        with pytest.raises(NotImplementedError):
            await editing.adelete_thread("other")


async def test_what_cannot_be_stored_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        graph = several(saver)
        with pytest.raises(TypeError, match=r"channel 'answer', a lock, cannot be stored.*lock"):
            await graph.aupdate_state(OTHER, {"answer": threading.Lock()}, as_node="ask")
        assert not line.store.outlines("other")
