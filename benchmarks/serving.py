"""A real server in a process of its own, for the time of a measurement."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GRAPHS = ("stream", "six")

_URL = re.compile(r"ws://\S+/rpc")


@contextmanager
def served() -> Iterator[str]:
    """The WebSocket URL of a server with the measured graphs and default settings, on a free port.

    Raises `RuntimeError` with what it printed if it does not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "rpc.cli", "serve", "--port", "0", "--data-dir", folder]
        command += [f"{name}=benchmarks.graphs:{name}" for name in GRAPHS]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            yield _url(process)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if found := _URL.search(line):
            return found[0]
    raise RuntimeError("the server did not start:\n" + "".join(lines))
