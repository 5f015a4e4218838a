"""Lists longer than a page: complete, in order, nothing twice.

A user would lose: checkpoints that a history passes over.
"""

from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import Checkpoint

from rpc.engine.checkpoints.listing import PAGE
from rpc.engine.checkpoints.saver import Saver
from tests.support.storing import open_line

NUMBER = 2 * PAGE + 3


def checkpoint(number: int) -> Checkpoint:
    return {
        "v": 4,
        "id": f"{number:04}",
        "ts": "",
        "channel_values": {},
        "channel_versions": {},
        "versions_seen": {},
        "updated_channels": None,
    }


@pytest.mark.parametrize("namespaces", [1, PAGE + 2])
async def test_ids_that_several_namespaces_share_are_all_listed(
    tmp_path: Path, namespaces: int
) -> None:
    async with open_line(tmp_path) as line:
        saver = Saver(line.store, line)
        for number in range(NUMBER if namespaces == 1 else 3):
            for namespace in range(namespaces):
                place: Any = {"thread_id": "t", "checkpoint_ns": str(namespace)}
                metadata: Any = {"source": "loop" if number % 2 else "input"}
                await saver.aput({"configurable": place}, checkpoint(number), metadata, {})
        await saver.acopy_thread("t", "copy")
        thread: Any = {"configurable": {"thread_id": "t"}}
        every = [*saver.list(None)]
        places = {tuple(one.config["configurable"].values()) for one in every}
        assert len(places) == len(every) == 2 * len([*saver.list(thread)])
        numbers = [one.checkpoint["id"] for one in saver.list(thread)]
        assert numbers == sorted(numbers, reverse=True)
        assert len(set(numbers)) == (NUMBER if namespaces == 1 else 3)
        assert len(numbers) == len(set(numbers)) * namespaces
        assert [one.checkpoint["id"] async for one in saver.alist(thread)] == numbers
        loops = [*saver.list(thread, filter={"source": "loop"})]
        assert len(loops) == len([one for one in numbers if int(one) % 2])
        assert [*saver.list(thread, filter={"source": "loop"}, limit=2)] == loops[:2]
        assert len([*saver.list(thread, limit=PAGE)]) == PAGE
        assert [*saver.list(thread, limit=0)] == []
        (only,) = saver.list(every[-1].config)
        assert only == every[-1]
