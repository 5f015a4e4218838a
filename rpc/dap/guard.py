"""Ends what an adapter leaves that is killed: its server, what that started, and the folder of its data.

Run as a program of its own, which the standard library is enough for. It is told on its standard input what there is: lines of
`folder PATH` and `group NUMBER` (of processes; 0 is none any more), and `.` where all has ended. The input's end without that is
the adapter's: it ends by SIGKILL too, and whatever the server does.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress

GRACE_SECONDS = 5.0
"""How long a server may take to end in order: it has seen its own input end."""

GONE_SECONDS = 2.0
"""How long the system may take to end what was killed."""

LOOK_SECONDS = 0.05


def main() -> None:
    """Until the input ends."""
    folder, group = b"", 0
    for line in sys.stdin.buffer:
        word, _, told = line.rstrip(b"\n").partition(b" ")
        if word == b".":
            return
        if word == b"folder":
            folder = told
        else:
            group = int(told)
    if group:
        for number in (signal.SIGTERM, signal.SIGCONT):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(group, number)
        _wait(group, GRACE_SECONDS)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
        _wait(-group, GONE_SECONDS)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(number: int, seconds: float) -> None:
    """Until a process, or a group below 0, is there no more; so long at most."""
    end = time.monotonic() + seconds
    with suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < end:
            os.kill(number, 0)
            time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main()
