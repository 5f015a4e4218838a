"""What pruning leaves: everything that can still be read goes on being read.

A user would lose: the state of a session whose past was deleted, or a disk that fills with what nobody can read.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rpc.engine.checkpoints.saver import Saver
from tests.engine.checkpoints.graphs import chat, human, several
from tests.support.storing import open_line

CONFIG: Any = {"configurable": {"thread_id": "t"}}


def ids(saver: Saver, namespace: str | None = "") -> list[str]:
    place = {"thread_id": "t"} | ({} if namespace is None else {"checkpoint_ns": namespace})
    return [one.checkpoint["id"] for one in saver.list({"configurable": place})]


async def test_subgraph_calls_go_with_the_checkpoint_they_were_made_at(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        await several(saver).ainvoke({"messages": [human("go", 0)]}, CONFIG, durability="sync")
        every = {one.namespace for one in line.store.outlines("t")}
        assert sum(":" in namespace for namespace in every) == 2
        history = [one async for one in several(saver).aget_state_history(CONFIG)]
        called = next(one for one in history if one.next == ("search", "search"))
        at_call = called.config["configurable"]["checkpoint_id"]
        await saver.aprune(["t"], keep_ids=[at_call])
        assert sum(":" in one.namespace for one in line.store.outlines("t")) == 2
        await saver.aprune(["t"])
        assert [one.namespace for one in line.store.outlines("t")] == [""]
        assert (await several(saver).aget_state(CONFIG)).next == ("ask",)


async def test_lists_are_read_whole_after_what_they_add_to_was_pruned(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        for turn in range(5):
            state = await chat(saver).ainvoke({"messages": [human("and?", turn)]}, CONFIG)
        await saver.aprune(["t"])
        assert len(ids(saver)) == 1
        again = Saver(line.store, line)
        assert (await chat(again).aget_state(CONFIG)).values == state
        (left,) = again.list(CONFIG)
        assert left.parent_config is None
        # It goes on: the next tail is added to what is left.
        more = await chat(again).ainvoke({"messages": [human("and?", 5)]}, CONFIG)
        assert (await chat(Saver(line.store, line)).aget_state(CONFIG)).values == more
        assert more["messages"][:25] == state["messages"]


async def test_only_what_is_older_goes(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        await chat(saver).ainvoke({"messages": [human("and?", 0)]}, CONFIG)
        old = ids(saver)
        since = max(one.created_at for one in line.store.outlines("t")) + 1
        while True:
            await chat(saver).ainvoke({"messages": [human("and?", 1)]}, CONFIG)
            new = [one for one in line.store.outlines("t") if one.created_at >= since]
            if len(new) >= 3:
                break
        await saver.aprune_older("t", since, keep_ids=[old[1]])
        assert set(ids(saver)) == {old[1], *(one.checkpoint_id for one in new)}
        await saver.aprune_older("t", since + 10**9)
        assert ids(saver) == [max(one.checkpoint_id for one in new)]


async def test_the_synchronous_ones_do_the_same(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        for run in ("a", "b"):
            config = {**CONFIG, "metadata": {"run_id": run}}
            await chat(saver).ainvoke({"messages": [human("and?", 0)]}, config)
        every = ids(saver)
        await asyncio.to_thread(saver.copy_thread, "t", "copy")
        await asyncio.to_thread(saver.delete_for_runs, ["b"])
        assert ids(saver) == every[len(every) // 2 :]
        await asyncio.to_thread(saver.prune, ["t"])
        assert ids(saver) == [every[len(every) // 2]]
        await asyncio.to_thread(saver.prune_older, "t", 0)
        await asyncio.to_thread(saver.delete_thread, "t")
        assert ids(saver) == []
        copied = {"configurable": {"thread_id": "copy"}}
        left = [one.checkpoint["id"] for one in saver.list(copied)]
        # The copy has all but what its own runs made.
        assert left == every[len(every) // 2 :]
        with pytest.raises(ValueError, match="keep_latest"):
            saver.prune(["copy"], strategy="oldest")
