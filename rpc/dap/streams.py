"""The adapter's two ways to its client: standard input and output, or a connection to its port."""

import asyncio
import os
import queue
import sys
import threading

CHUNK_BYTES = 64 * 1024


def standard_input(loop: asyncio.AbstractEventLoop) -> asyncio.StreamReader:
    """What is read from standard input, whatever it is: a pipe, a terminal, a file."""
    reader = asyncio.StreamReader(limit=CHUNK_BYTES)
    descriptor = sys.stdin.fileno()

    def read() -> None:
        chunk = b"?"
        while chunk:
            chunk = os.read(descriptor, CHUNK_BYTES)
            try:
                loop.call_soon_threadsafe(
                    *((reader.feed_data, chunk) if chunk else (reader.feed_eof,))
                )
            except RuntimeError:
                # The loop has ended.
                return

    threading.Thread(target=read, name="stepwire.dap.stdin", daemon=True).start()
    return reader


class StandardOutput:
    """Writes to standard output in a thread of its own: a client that does not read holds nothing up.

    Nothing else may write there: the process's own output goes to standard error from then on.
    """

    def __init__(self) -> None:
        self._descriptor = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stepwire.dap.stdout", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Put in line; in order."""
        self._queue.put(data)

    def close(self, seconds: float = 2.0) -> None:
        """Write what is in line, as long as somebody reads."""
        self._queue.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (data := self._queue.get()) is not None:
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except OSError:
                    # The client has gone; its end of standard input says so too.
                    return
