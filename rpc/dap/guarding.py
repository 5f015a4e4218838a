"""The adapter's side of its guard (`guard.py`): what the guard is to end is told to it as it comes to be."""

import asyncio
import os
import sys
from contextlib import suppress

from rpc.dap import guard


class Guard:
    """A process that outlasts this one. Made by `started`; `close` it once all has ended."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: int) -> None:
        self._process = process
        self._pipe = pipe

    @classmethod
    async def started(cls) -> "Guard":
        """Raises `OSError`."""
        ours, to_it = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-S",
                guard.__file__,
                stdin=ours,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            os.close(to_it)
            raise
        finally:
            os.close(ours)
        return cls(process, to_it)

    def folder(self, path: str) -> None:
        """A folder that is removed."""
        self._tell(f"folder {path}")

    def group(self, number: int) -> None:
        """The group of processes that is ended; 0 once it has ended."""
        self._tell(f"group {number}")

    async def close(self) -> None:
        """Nothing is left to it. Again: nothing."""
        if self._pipe < 0:
            return
        self._tell(".")
        pipe, self._pipe = self._pipe, -1
        os.close(pipe)
        await self._process.wait()

    def _tell(self, line: str) -> None:
        # It may have been ended, by whoever ends all that an adapter started.
        with suppress(BrokenPipeError):
            os.write(self._pipe, os.fsencode(f"{line}\n"))
