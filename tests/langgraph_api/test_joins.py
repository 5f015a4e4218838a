"""Who waits for a run gets its end, however much happens in it, and whenever they come."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rpc.client import connect
from tests.langgraph_api.sdk import sdk_at
from tests.support.server_process import ServerProcess

GRAPHS = (
    "gated=tests/langgraph_api/graphs.py:gated",
    "counts=tests/langgraph_api/graphs.py:counts",
)


@pytest.mark.timeout(240)
async def test_who_comes_at_any_moment_of_a_run_gets_its_end(tmp_path: Path) -> None:
    """Also between what is committed and what its readers were shown of that."""
    process = ServerProcess(GRAPHS, tmp_path / "data").start()
    try:
        async with sdk_at(process) as sdk:

            async def joined(number: int) -> Any:
                thread = (await sdk.threads.create())["thread_id"]
                run = await sdk.runs.create(thread, "counts", input={"to": 20})
                # Another time each, in steps of what a commit takes.
                await asyncio.sleep(number % 10 * 0.002)
                joins = [sdk.runs.join(thread, run["run_id"]) for _ in range(2)]
                return await asyncio.gather(*joins)

            for _ in range(5):
                for found in await asyncio.gather(*(joined(number) for number in range(10))):
                    assert [one["count"] for one in found] == [20] * 2
    finally:
        process.close()


@pytest.mark.timeout(240)
async def test_who_joins_a_run_that_goes_on_waits_for_its_end(tmp_path: Path) -> None:
    """That it stood before is no end of it."""
    file = tmp_path / "go"
    process = ServerProcess(GRAPHS, tmp_path / "data").start()
    try:
        async with sdk_at(process) as sdk, connect(process.url) as client:
            thread = (await sdk.threads.create())["thread_id"]
            run = await sdk.runs.create(
                thread, "gated", input={"file": str(file)}, interrupt_before=["wait"]
            )
            # It stands: whoever waited for it is told so.
            stood = await asyncio.wait_for(sdk.runs.join(thread, run["run_id"]), 60)
            assert "done" not in stood
            await client.call("debug.continue", session_id=thread)
            join = asyncio.create_task(sdk.runs.join(thread, run["run_id"]))
            other = (await sdk.threads.create())["thread_id"]
            await sdk.runs.wait(other, "counts", input={"to": 20})
            assert not join.done()
            file.touch()
            assert (await asyncio.wait_for(join, 60))["done"] is True
    finally:
        process.close()
