"""A factory that makes another graph for each run: a thread's states are shown as the graph of their own run has them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.langgraph_api.sdk import sdk_at
from tests.support.server_process import ServerProcess


@pytest.fixture(scope="module")
def making(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of such a factory."""
    graphs = ["toned=tests/langgraph_api/graphs.py:toned"]
    process = ServerProcess(graphs, Path(tmp_path_factory.mktemp("data")))
    process.start()
    yield process
    process.close()


@pytest.fixture
async def sdk(making: ServerProcess) -> AsyncIterator[Any]:
    async with sdk_at(making) as client:
        yield client


async def after_two_runs(sdk: Any) -> tuple[str, list[dict[str, Any]]]:
    """A thread with a run whose graph is another one than the newest's; the checkpoints of both subgraphs, as they were told."""
    thread = (await sdk.threads.create())["thread_id"]
    inside = []
    for tone in ("warm", "cold"):
        stream = sdk.runs.stream(
            thread,
            "toned",
            input={"said": "x"},
            config={"configurable": {"tone": tone}},
            stream_mode="checkpoints",
            stream_subgraphs=True,
        )
        parts = [part.data async for part in stream if "|" in part.event]
        inside += [one for one in parts if one["metadata"]["source"] != "input"]
    return thread, inside


async def test_states_of_an_earlier_run_are_of_its_own_graph(sdk: Any) -> None:
    thread, _ = await after_two_runs(sdk)
    history = await sdk.threads.get_history(thread, limit=20)
    assert [one["next"] for one in reversed(history)] == [
        ["__start__"],
        ["warm_sub"],
        ["warm_last"],
        [],
        ["__start__"],
        ["cold_sub"],
        ["cold_last"],
        [],
    ]
    for one in history:
        assert [task["name"] for task in one["tasks"]] == one["next"]
        assert await sdk.threads.get_state(thread, checkpoint=one["checkpoint"]) == one
    newest = await sdk.threads.get_state(thread)
    assert (newest["next"], newest["values"]) == ([], {"said": "cold end"})


async def test_so_are_those_of_its_subgraph(sdk: Any) -> None:
    """The newest run's graph has none of its name."""
    thread, inside = await after_two_runs(sdk)
    shown = []
    for one in inside:
        place = one["config"]["configurable"]
        at = {name: place[name] for name in ("checkpoint_ns", "checkpoint_id")}
        found = await sdk.threads.get_state(thread, checkpoint={"thread_id": thread, **at})
        assert (found["values"], found["next"]) == (one["values"], one["next"])
        shown.append((at["checkpoint_ns"].partition(":")[0], found["next"]))
    assert [one for one in shown if one[1] not in ([], ["__start__"])] == [
        ("warm_sub", ["warm_inner"]),
        ("cold_sub", ["cold_inner"]),
    ]
