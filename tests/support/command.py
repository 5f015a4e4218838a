"""The `stepwire` command as a user runs it: in a pipe, or at a terminal."""

import codecs
import errno
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.support.server_process import ROOT, clean_environment

DEADLINE_SECONDS = 120.0

COMMAND = [sys.executable, "-m", "rpc.cli"]


def stepwire(
    *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run it in a pipe, without standard input."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=clean_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def _interruptible() -> None:
    """Ctrl-C reaches who is started at a terminal, also where the tests run in a shell's background, whose
    processes ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """The command at a pseudo-terminal of 100 columns. Use as a context manager."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self.output = ""
        # A character of several bytes may come in two pieces.
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._main, side = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=ROOT,
            env=clean_environment({"TERM": "xterm-256color", "COLUMNS": "100", **(env or {})}),
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
            preexec_fn=_interruptible,
        )
        os.close(side)

    def expect(self, text: str) -> None:
        """Wait until it has printed `text`."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while text not in self.output:
            assert self._read(deadline), f"{text!r} was not printed:\n{self.output}"

    def send(self, text: str) -> None:
        """Type it."""
        os.write(self._main, text.encode())

    def wait(self) -> int:
        """Its exit code, all output read."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self._read(deadline):
            pass
        return self.process.wait(DEADLINE_SECONDS)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._main], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            chunk = os.read(self._main, 65536)
        except OSError as error:
            # Linux says so when the last process at the terminal has ended.
            if error.errno == errno.EIO:
                return False
            raise
        self.output += self._decoder.decode(chunk)
        return bool(chunk)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with suppress(OSError):
            os.close(self._main)
