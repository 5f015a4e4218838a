"""What LangGraph's own SQLite saver stored goes on from where it stood.

A user would lose: the sessions of the version before.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Command

from rpc.engine.checkpoints import importing
from rpc.engine.checkpoints.saver import Saver
from rpc.engine.langgraph.declared_types import serde_for
from rpc.storage.units import PutValue, Unit
from tests.engine.checkpoints.graphs import chat, human, several
from tests.support.storing import open_line

CONFIG: Any = {"configurable": {"thread_id": "t"}}


class Row(NamedTuple):
    """As in the table `checkpoints` of LangGraph's SQLite saver."""

    thread_id: str
    namespace: str
    checkpoint_id: str
    parent_id: str | None
    kind: str
    data: bytes
    metadata: bytes


def rows(memory: InMemorySaver, namespace: str) -> list[Row]:
    """What LangGraph's SQLite saver would have stored; its versions are those of the one in memory."""
    place: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": namespace}}
    found = [
        Row(
            "t",
            namespace,
            one.checkpoint["id"],
            one.parent_config["configurable"]["checkpoint_id"] if one.parent_config else None,
            *JsonPlusSerializer().dumps_typed(one.checkpoint),
            json.dumps(one.metadata).encode(),
        )
        for one in memory.list(place)
    ]
    return found[::-1]


async def imported(memory: InMemorySaver, line: Any) -> list[PutValue]:
    made: list[Any] = []
    saver = Saver(line.store, line)
    for namespace in memory.storage["t"]:
        made += importing.rows(rows(memory, namespace))
    await line.commit(Unit(None, rows=made))
    for (thread_id, namespace, checkpoint_id), writes in memory.writes.items():
        place = {"thread_id": thread_id, "checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}
        for (task_id, _), (_, channel, data, path) in writes.items():
            write = (channel, memory.serde.loads_typed(data))
            await saver.aput_writes({"configurable": place}, [write], task_id, path)
    return [row for row in made if isinstance(row, PutValue)]


async def test_a_thread_goes_on_where_it_asked_and_has_its_history(tmp_path: Path) -> None:
    memory = InMemorySaver()
    kept = several(memory)
    await kept.ainvoke({"messages": [human("go", 0)]}, CONFIG, durability="sync")
    async with open_line(tmp_path) as line:
        await imported(memory, line)
        stored = several(Saver(line.store, line, serde=serde_for(kept)))
        histories = [
            [(one.config, one.values, one.next, one.created_at, one.metadata) for one in history]
            for history in (
                [one async for one in stored.aget_state_history(CONFIG)],
                [one async for one in kept.aget_state_history(CONFIG)],
            )
        ]
        assert histories[0] == histories[1]
        for graph in (stored, kept):
            await graph.ainvoke(Command(resume="yes"), CONFIG, durability="sync")
        assert (await stored.aget_state(CONFIG)).values == (await kept.aget_state(CONFIG)).values
        assert (await stored.aget_state(CONFIG)).next == ()


async def test_a_chat_is_stored_by_its_length_from_the_start(tmp_path: Path) -> None:
    memory = InMemorySaver()
    for turn in range(8):
        state = await chat(memory).ainvoke({"messages": [human("and?", turn)]}, CONFIG)
    async with open_line(tmp_path) as line:
        values = await imported(memory, line)
        graph = chat(Saver(line.store, line))
        assert (await graph.aget_state(CONFIG)).values == state
        more = await graph.ainvoke({"messages": [human("and?", 8)]}, CONFIG)
        assert (await chat(Saver(line.store, line)).aget_state(CONFIG)).values == more
    text = sum(len(message.content) for message in state["messages"])
    assert sum(len(row.data) for row in values if row.channel == "messages") < 2.5 * text


def test_what_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="checkpoint c is encoded as 'pickle'"):
        [*importing.rows([Row("t", "", "c", None, "pickle", b"", b"{}")])]
    with pytest.raises(ValueError, match="checkpoint c is broken"):
        [*importing.rows([Row("t", "", "c", None, "msgpack", b"\x81", b"{}")])]
