"""A process of the adapter's own: how it is ended."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from rpc.dap.process import Process
from tests.dap.editor import DEADLINE_SECONDS

WAITS = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print("ready", flush=True)
while True:
    signal.pause()
"""
"""Ends in order, with a code of its own, where it is told to."""


async def test_one_that_is_frozen_ends_in_order(tmp_path: Path) -> None:
    """As one that a person stopped at a terminal: it hears SIGTERM, and is not killed."""
    process = await Process.started([sys.executable, "-c", WAITS], tmp_path, os.environ)
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            assert await process.stdout.readline() == b"ready\n"
            os.kill(process.group, signal.SIGSTOP)
            await process.end(DEADLINE_SECONDS / 2)
            assert await process.wait() == 7
    finally:
        process.end_group()
        process.close()
