"""Real graphs on a real store: what LangGraph reads back is what it saved.

A user would lose: a run that goes on as it stood, with its subgraphs, its questions and its messages.
"""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from rpc.engine.checkpoints.saver import Saver
from rpc.engine.langgraph.declared_types import serde_for
from rpc.storage.line import Line
from tests.engine.checkpoints.graphs import chat, human, logging, several
from tests.support.storing import open_line

CONFIG: Any = {"configurable": {"thread_id": "t"}}


def saver_for(line: Line, build: Any) -> Saver:
    return Saver(line.store, line, serde=serde_for(build(None)))


def steps(history: Any) -> Any:
    """A history without what differs each time: ids and times."""
    return [
        (one.values, one.next, one.metadata.get("source"), one.metadata["step"], len(one.tasks))
        for one in history
    ]


async def test_a_graph_with_subgraphs_sends_and_a_question_is_as_in_memory(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        kept = several(InMemorySaver())
        given = {"messages": [human("go", 0)]}
        for message in (given, Command(resume="yes")):
            # Each time by another saver: nothing it needs is only in memory.
            stored = several(saver_for(line, several))
            reached, expected = [
                await graph.ainvoke(message, CONFIG, durability="sync") for graph in (stored, kept)
            ]
            for state in (reached, expected):
                # Its id differs by run.
                state["__interrupt__"] = [one.value for one in state.get("__interrupt__", [])]
            assert reached == expected
        stored = several(saver_for(line, several))
        ours = [one async for one in stored.aget_state_history(CONFIG)]
        theirs = [one async for one in kept.aget_state_history(CONFIG)]
        assert steps(ours) == steps(theirs)
        assert ours[0].values["answer"] == "yes"
        # And from the middle on another branch, which leaves the first as it was.
        branches = []
        for graph, history in ((stored, ours), (kept, theirs)):
            asked = next(one for one in history if one.next == ("ask",))
            edited = await graph.aupdate_state(asked.config, {"found": ["more"]}, as_node="search")
            await graph.ainvoke(None, edited, durability="sync")
            await graph.ainvoke(Command(resume="no"), CONFIG, durability="sync")
            branches.append(steps([one async for one in graph.aget_state_history(CONFIG)]))
            assert (await graph.aget_state(history[0].config)).values == history[0].values
        assert branches[0] == branches[1]
        assert branches[0][0][0]["answer"] == "no"


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
async def test_a_run_in_a_thread_needs_no_event_loop(tmp_path: Path, durability: str) -> None:
    results: list[Any] = []
    async with open_line(tmp_path) as line:
        graph = several(saver_for(line, several))

        def run() -> None:
            given = {"messages": [human("go", 0)]}
            graph.invoke(given, CONFIG, durability=durability)
            results.append(graph.invoke(Command(resume="yes"), CONFIG, durability=durability))
            results.append(graph.get_state(CONFIG).values)

        thread = threading.Thread(target=run)
        thread.start()
        # The loop stands still meanwhile.
        thread.join(60)
        assert not thread.is_alive()
    assert results[0] == results[1]
    assert results[0]["answer"] == "yes"


async def test_the_loop_is_never_kept_waiting_by_a_synchronous_method(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        graph = several(saver_for(line, several))
        with pytest.raises(RuntimeError, match="async methods"):
            graph.update_state(CONFIG, {"answer": "x"}, as_node="plan")


@pytest.mark.parametrize("durability", ["sync", "exit"])
async def test_a_delta_channel_is_as_in_memory_and_survives_pruning(
    tmp_path: Path, durability: Any
) -> None:
    async with open_line(tmp_path) as line:
        kept = logging(InMemorySaver())
        for _ in range(7):
            stored = logging(Saver(line.store, line))
            for graph in (stored, kept):
                await graph.ainvoke({"note": ""}, CONFIG, durability=durability)
        theirs = [one async for one in kept.aget_state_history(CONFIG)]
        ours = [one async for one in stored.aget_state_history(CONFIG)]
        assert steps(ours) == steps(theirs)
        saver = Saver(line.store, line)
        fork = ours[len(ours) // 2].config
        await saver.aprune(["t"], keep_ids=[fork["configurable"]["checkpoint_id"]])
        pruned = logging(saver)
        left = [one async for one in pruned.aget_state_history(CONFIG)]
        if durability == "sync":
            assert 2 < len(left) < len(ours)
        assert (await pruned.aget_state(CONFIG)).values == ours[0].values
        assert (await pruned.aget_state(fork)).values == ours[len(ours) // 2].values
        # And the run after it, which reads the chain and adds to it.
        assert await pruned.ainvoke({"note": ""}, CONFIG) == await kept.ainvoke(
            {"note": ""}, CONFIG
        )


async def test_a_long_chat_grows_with_its_length(tmp_path: Path) -> None:
    sizes: dict[int, int] = {}
    async with open_line(tmp_path) as line:
        for turn in range(200):
            # A saver for each advance, as a session has.
            graph = chat(saver_for(line, chat))
            state = await graph.ainvoke({"messages": [human("and?", turn)]}, CONFIG)
            sizes[len(state["messages"])] = database_bytes(tmp_path)
        read = (await chat(saver_for(line, chat)).aget_state(CONFIG)).values
        assert read["messages"] == state["messages"]
    text = sum(len(message.content) for message in state["messages"])
    assert sizes[1000] <= 2.5 * sizes[500]
    # Twice each message, as its task wrote it and in the state; what LangGraph puts around it; one more whole copy.
    assert sizes[1000] <= 5 * text


def database_bytes(folder: Path) -> int:
    """How large the database is, what is still in its log included."""
    with closing(sqlite3.connect(folder / "stepwire.db")) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        (page_bytes,) = database.execute("PRAGMA page_size").fetchone()
    return int(pages * page_bytes)
