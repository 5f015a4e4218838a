"""What the server changes around it: only while a core is open, however many are, and put back after."""

import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from langgraph.checkpoint import base
from langgraph.checkpoint.serde import jsonplus
from langgraph.pregel import _checkpoint
from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop

from rpc.core import open_core
from rpc.engine.langgraph.adapted import adapted
from rpc.settings import Settings
from tests.support.small_graphs import greeter

LOGGERS = ("asyncio", "langchain_core.callbacks.manager")

LOOK = f"""
import logging
from langgraph.checkpoint.serde import jsonplus
from langgraph.pregel._loop import AsyncPregelLoop, SyncPregelLoop
print(jsonplus._msgpack_default.__module__)
print([sorted(vars(loop)) for loop in (AsyncPregelLoop, SyncPregelLoop)])
print([logging.getLogger(name).filters for name in {LOGGERS}])
"""


def state() -> Any:
    """What belongs to others, as it is now."""
    loops = [dict(vars(loop)) for loop in (AsyncPregelLoop, SyncPregelLoop)]
    return (
        loops,
        (jsonplus._msgpack_default, vars(base)["uuid6"], vars(_checkpoint)["uuid6"]),
        [list(logging.getLogger(name).filters) for name in LOGGERS],
    )


def core(folder: Path) -> Any:
    return open_core(Settings(data_dir=str(folder), synchronous="off"), {"greeter": greeter})


def test_an_import_changes_nothing() -> None:
    """An app that mounts us, or only imports us, keeps its LangGraph and its logs."""
    everything = "import rpc.app, rpc.core, rpc.server, rpc.engine.gate.gate\n"
    plain, ours = (
        subprocess.run(
            [sys.executable, "-c", code + LOOK], capture_output=True, text=True, timeout=120
        )
        for code in ("", everything)
    )
    assert plain.returncode == ours.returncode == 0, ours.stderr
    assert ours.stdout == plain.stdout


async def test_a_core_that_closes_leaves_all_as_it_was(tmp_path: Path) -> None:
    """An app that goes on without us would run a changed LangGraph, and miss its own warnings."""
    before = state()
    async with core(tmp_path):
        assert state() != before
    assert state() == before


async def test_the_first_of_two_cores_to_close_takes_nothing_from_the_other(tmp_path: Path) -> None:
    """Two servers in one process, closed in the order they were opened."""
    before = state()
    opened, close = [asyncio.Event(), asyncio.Event()], [asyncio.Event(), asyncio.Event()]

    async def serve(number: int) -> None:
        async with core(tmp_path / str(number)):
            opened[number].set()
            await close[number].wait()

    tasks = []
    async with asyncio.timeout(60):
        for number in (0, 1):
            tasks.append(asyncio.create_task(serve(number)))
            await opened[number].wait()
        close[0].set()
        await tasks[0]
        assert all(hasattr(one, "_put_checkpoint_fut") for one in (AsyncPregelLoop, SyncPregelLoop))
        assert [len(logging.getLogger(name).filters) for name in LOGGERS] == [
            len(filters) + 1 for filters in before[2]
        ]
        close[1].set()
        await tasks[1]
    assert state() == before


def test_only_stops_are_left_out_of_the_logs(caplog: Any) -> None:
    """A failing handler of the app's own must still be heard of."""
    log = logging.getLogger("langchain_core.callbacks.manager")
    with adapted("Gate"):
        log.warning("Error in %s.%s callback: %s", "Gate", "on_chain_start", "GraphInterrupt()")
        log.warning("Error in %s.%s callback: %s", "Tracer", "on_chain_start", "KeyError()")
        logging.getLogger("asyncio").error("lost", exc_info=KeyError("x"))
    assert [one.getMessage() for one in caplog.records] == [
        "Error in Tracer.on_chain_start callback: KeyError()",
        "lost",
    ]
