"""A process of the adapter's own, which leads a group of processes, and its streams.

Its pipes are not asyncio's, whose `wait` lasts until all of them are closed: what the process started may hold them open.
"""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class Process:
    """`started` makes one; `close` it once it has ended. Its standard input ends with this process, or with `close`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        stdin: int,
        outputs: Sequence[tuple[asyncio.StreamReader, asyncio.BaseTransport]],
    ) -> None:
        self._process = process
        self._stdin = stdin
        self._transports = [transport for _, transport in outputs]
        self.stdout, self.stderr = (reader for reader, _ in outputs)

    @classmethod
    async def started(cls, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> "Process":
        """Raises `OSError`."""
        pipes = [os.pipe() for _ in range(3)]
        (stdin, to_stdin), (from_stdout, stdout), (from_stderr, stderr) = pipes
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=cwd,
                env=env,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        except BaseException:
            for end in (to_stdin, from_stdout, from_stderr):
                os.close(end)
            raise
        finally:
            for end in (stdin, stdout, stderr):
                os.close(end)
        return cls(process, to_stdin, [await _reader(from_stdout), await _reader(from_stderr)])

    @property
    def group(self) -> int:
        """The number of the group of processes that it leads."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has ended."""
        return self._process.returncode is not None

    async def wait(self) -> int:
        """Wait for its end; its exit code, or the number of the signal that ended it, below 0."""
        return await self._process.wait()

    async def end(self, seconds: float) -> None:
        """End it: by SIGTERM, and by SIGKILL after `seconds`. What it started and left behind ends with it."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                self._process.terminate()
            # One that is frozen takes no signal but this.
            self.wake()
            try:
                async with asyncio.timeout(seconds):
                    await self.wait()
            except TimeoutError:
                with suppress(ProcessLookupError):
                    self._process.kill()
                await self.wait()
        self.end_group()

    def wake(self) -> None:
        """Let it go on, and what it started, where somebody froze it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGCONT)

    def end_group(self) -> None:
        """End what it started and left behind, once it has ended itself."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Close its streams. Again: nothing."""
        for transport in self._transports:
            transport.close()
        stdin, self._stdin = self._stdin, -1
        if stdin >= 0:
            os.close(stdin)


async def _reader(descriptor: int) -> tuple[asyncio.StreamReader, asyncio.BaseTransport]:
    """What comes out of a pipe."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    return reader, transport
