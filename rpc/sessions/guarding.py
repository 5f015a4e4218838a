"""Guards the data directory while the server runs: its files are looked at, and what runs stops once they cannot be trusted."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

import anyio

from rpc.events.log import EventLog
from rpc.sessions.running.executor import Executor
from rpc.storage.soundness import Soundness
from rpc.storage.sqlite.probing import probe
from rpc.storage.sqlite.quick_check import QuickCheck
from rpc.storage.store import StorageBroken

log = logging.getLogger("stepwire.sessions")

WATCH_SECONDS = 2.0
"""How often it is looked whether the files are where they were."""


def stop_when_broken(soundness: Soundness, events: EventLog, executor: Executor) -> None:
    """Once what is written would not last: take no work, stop what runs where it is, and say so once."""
    loop = asyncio.get_running_loop()

    def stop(fault: StorageBroken) -> None:
        events.break_off(fault)
        count = executor.halt()
        log.critical(
            "%s. No work is taken until then%s",
            fault,
            f"; {count} runs stopped where they were, and go on from their last checkpoint after it"
            if count
            else "",
        )

    def found(fault: StorageBroken) -> None:
        events.line.break_off(fault)
        with suppress(RuntimeError):
            # Found when the server has ended: it is told there.
            loop.call_soon_threadsafe(stop, fault)

    soundness.listeners.append(found)


async def checked(whole: QuickCheck) -> None:
    """Check the databases in a thread, until they are or the server stops."""
    try:
        await anyio.to_thread.run_sync(whole.run, abandon_on_cancel=True)
    finally:
        whole.stop()


async def watch(soundness: Soundness) -> None:
    """Look at the files now and then: runs may go on for long without a commit."""
    while soundness.fault is None:
        with suppress(StorageBroken):
            # A look at a file system that hangs keeps no server from stopping.
            await anyio.to_thread.run_sync(soundness.verify, abandon_on_cancel=True)
        await anyio.sleep(WATCH_SECONDS)


async def probe_memory(file: Path, soundness: Soundness) -> None:
    """Try the graphs' memory. Raises `StorageError`."""
    await anyio.to_thread.run_sync(
        probe, file, soundness, f"the graphs' memory {file}", abandon_on_cancel=True
    )
